// Times since the epoch as ISO 8601 has them, in UTC and without saying so: who needs a zone appends "Z".
#pragma once

#include <chrono>
#include <string>

namespace shoal {

std::string utc_seconds(std::chrono::milliseconds time);       // "2026-11-23T10:15:00"
std::string utc_milliseconds(std::chrono::milliseconds time);  // "2026-11-23T10:15:00.042"

}  // namespace shoal

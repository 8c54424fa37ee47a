#include "storage/utc_text.h"

#include <cstdio>
#include <ctime>

namespace shoal {

std::string utc_seconds(std::chrono::milliseconds time) {
  const auto seconds = static_cast<std::time_t>(time.count() / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return {text, length};
}

std::string utc_milliseconds(std::chrono::milliseconds time) {
  char text[8];
  std::snprintf(text, sizeof text, ".%03d", static_cast<int>(time.count() % 1000));
  return utc_seconds(time) + text;
}

}  // namespace shoal

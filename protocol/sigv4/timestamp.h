// The two ways in which a request may write its date, and the one in which it is signed: ISO 8601's basic format.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::sigv4 {

std::optional<std::chrono::sys_seconds> parse_basic_time(std::string_view text);  // "20130609T100015Z"
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);   // "Sun, 09 Jun 2013 10:00:15 GMT"
std::string basic_time(std::chrono::sys_seconds time);

}  // namespace shoal::sigv4

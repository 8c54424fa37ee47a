#include "protocol/sigv4/timestamp.h"

namespace shoal::sigv4 {
namespace {

using namespace std::chrono;

// The number that `count` digits at `at` write; -1 when one of them is no digit.
int number(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<sys_seconds> point(int y, int m, int d, int hour, int minute, int second) {
  const auto in_range = y >= 0 && m >= 1 && d >= 1 && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
                        second >= 0 && second <= 60;  // 60: a leap second
  if (!in_range) return std::nullopt;
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

int month_number(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto at = kMonths.find(name);
  return at == std::string_view::npos || at % 3 != 0 ? -1 : static_cast<int>(at / 3) + 1;
}

void append_digits(std::string& out, unsigned value, unsigned power) {
  for (; power > 0; power /= 10) out += static_cast<char>('0' + value / power % 10);
}

}  // namespace

std::optional<sys_seconds> parse_basic_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  return point(number(text, 0, 4), number(text, 4, 2), number(text, 6, 2), number(text, 9, 2), number(text, 11, 2),
               number(text, 13, 2));
}

std::optional<sys_seconds> parse_http_date(std::string_view text) {
  if (text.size() < 29) return std::nullopt;
  const auto shape = text.substr(3, 2) == ", " && text[7] == ' ' && text[11] == ' ' && text[16] == ' ' &&
                     text[19] == ':' && text[22] == ':' && text[25] == ' ';
  const auto zone = text.substr(26);
  // "-0000" is what Python's email.utils.formatdate, and so botocore, writes.
  if (!shape || (zone != "GMT" && zone != "UTC" && zone != "-0000" && zone != "+0000")) return std::nullopt;
  return point(number(text, 12, 4), month_number(text.substr(8, 3)), number(text, 5, 2), number(text, 17, 2),
               number(text, 20, 2), number(text, 23, 2));
}

std::string basic_time(sys_seconds time) {
  const auto date = floor<days>(time);
  const year_month_day ymd{date};
  const hh_mm_ss clock{time - date};
  std::string out;
  append_digits(out, static_cast<unsigned>(int{ymd.year()}), 1000);
  append_digits(out, unsigned{ymd.month()}, 10);
  append_digits(out, unsigned{ymd.day()}, 10);
  out += 'T';
  append_digits(out, static_cast<unsigned>(clock.hours().count()), 10);
  append_digits(out, static_cast<unsigned>(clock.minutes().count()), 10);
  append_digits(out, static_cast<unsigned>(clock.seconds().count()), 10);
  out += 'Z';
  return out;
}

}  // namespace shoal::sigv4

#include "storage/key/key_part.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace shoal {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xff';
constexpr char kEnd = '\x01';

constexpr char kNegative = '\x10', kZero = '\x20', kPositive = '\x30';
constexpr int kMagnitudeBias = 130;

// A zero byte becomes 0x00 0xFF, which is above the end (0x00 0x01): "a" sorts before "a\0".
void append_escaped(std::string& out, std::string_view text) {
  for (;;) {
    const auto zero = text.find(kEscape);
    if (zero == std::string_view::npos) break;
    out.append(text.substr(0, zero + 1));
    out.push_back(kEscapedZero);
    text.remove_prefix(zero + 1);
  }
  out.append(text);
}

// Works on the canonical text (plain decimal, no superfluous zeros: value/number.h) rather than on a Number: it is what
// an item holds, and its digits are already in the order in which the key wants them.
void append_number(std::string& out, std::string_view canonical) {
  const bool negative = canonical.front() == '-';
  if (negative) canonical.remove_prefix(1);
  if (canonical == "0") {
    out.push_back(kZero);
    return;
  }
  const auto point = std::min(canonical.find('.'), canonical.size());
  const auto first = canonical.find_first_not_of("0.");
  const auto last = canonical.find_last_not_of("0.");
  // d.ddd * 10^magnitude: the first digit's distance from the point.
  const int magnitude = first < point ? static_cast<int>(point - first) - 1 : -static_cast<int>(first - point);
  const std::uint8_t flip = negative ? 0xff : 0x00;
  const auto append = [&](int byte) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte) ^ flip)); };

  out.push_back(negative ? kNegative : kPositive);
  append(magnitude + kMagnitudeBias);
  int tens = -1;  // The first digit of a pair that waits for its second.
  for (auto at = first; at <= last; ++at) {
    if (canonical[at] == '.') continue;
    const int digit = canonical[at] - '0';
    if (tens < 0) {
      tens = digit;
    } else {
      append(tens * 10 + digit + 1);
      tens = -1;
    }
  }
  if (tens >= 0) append(tens * 10 + 1);
  append(0);
}

}  // namespace

void append_key_part(std::string& out, ValueView scalar) {
  if (scalar.type() == Type::number) return append_number(out, scalar.text());
  assert(scalar.type() == Type::string || scalar.type() == Type::binary);
  append_escaped(out, scalar.text());
  out.push_back(kEscape);
  out.push_back(kEnd);
}

void append_key_prefix(std::string& out, std::string_view prefix) { append_escaped(out, prefix); }

std::string after_prefix(std::string_view prefix) {
  const auto last = prefix.find_last_not_of('\xff');
  if (last == std::string_view::npos) return {};
  std::string after(prefix.substr(0, last + 1));
  after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
  return after;
}

}  // namespace shoal

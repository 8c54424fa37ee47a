#include "protocol/value/number.h"

#include <array>
#include <utility>

namespace shoal {
namespace {

using Digits = Number::Digits;

constexpr auto kPowers = [] {
  std::array<Digits, 39> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

int count_digits(Digits digits) {
  int low = 0, high = 39;  // 10^low <= digits < 10^high, but for 0
  if (digits == 0) return 0;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (digits >= kPowers[static_cast<std::size_t>(middle)] ? low : high) = middle;
  }
  return low + 1;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The exponent after 'e': nothing when it is no integer of 64 bits.
struct Exponent {
  bool valid = true;
  std::int64_t value = 0;
};

Exponent read_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return {false};
  Exponent exponent;
  for (const char c : text) {
    if (!is_digit(c)) return {false};
    if (__builtin_mul_overflow(exponent.value, std::int64_t{10}, &exponent.value) ||
        __builtin_add_overflow(exponent.value, std::int64_t{c - '0'}, &exponent.value)) {
      return {false};
    }
  }
  if (negative) exponent.value = -exponent.value;
  return exponent;
}

// The older layer's decimals count the places before the point in 32 bits, and so take 1e2147483647 for a tiny number.
std::int64_t wrapped(std::int64_t exponent) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(exponent) + 1) - std::int64_t{1};
}

}  // namespace

std::string_view number_fault_message(NumberFault fault) {
  switch (fault) {
    case NumberFault::not_numeric:
      return "The parameter cannot be converted to a numeric value";
    case NumberFault::too_many_digits:
      return "Attempting to store more than 38 significant digits in a Number";
    case NumberFault::overflow:
      return "Number overflow. Attempting to store a number with magnitude larger than supported range";
    case NumberFault::underflow:
      return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  }
  return {};
}

std::variant<Number, NumberFault> Number::make(bool negative, Digits digits, int exponent) {
  Number number;
  if (digits == 0) return number;
  while (digits % 10 == 0) {
    digits /= 10;
    ++exponent;
  }
  if (digits >= kPowers[kDigitsMax]) return NumberFault::too_many_digits;
  number.negative_ = negative;
  number.digits_ = digits;
  number.exponent_ = exponent;
  if (number.magnitude() > kExponentMax) return NumberFault::overflow;
  if (number.magnitude() < kExponentMin) return NumberFault::underflow;
  return number;
}

std::variant<Number, NumberFault> Number::parse(std::string_view text, Wording wording) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }

  // `digits` holds the digits from the first to the last that is not 0; `last` is the last one's place in the text.
  Digits digits = 0;
  int significant = 0;
  std::int64_t places = 0, whole_places = -1, last = 0;
  bool too_many = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && whole_places < 0) {
      whole_places = places;
      continue;
    }
    if (!is_digit(c)) break;
    if (c != '0') {
      const std::int64_t grown = significant == 0 ? 1 : significant + (places - last);
      if (grown > kDigitsMax) {
        too_many = true;
      } else {
        if (significant > 0) digits *= kPowers[static_cast<std::size_t>(places - last)];
        digits += static_cast<Digits>(c - '0');
        significant = static_cast<int>(grown);
      }
      last = places;
    }
    ++places;
  }
  if (places == 0) return NumberFault::not_numeric;
  if (whole_places < 0) whole_places = places;

  Exponent exponent;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return NumberFault::not_numeric;
    exponent = read_exponent(text.substr(i + 1));
    if (!exponent.valid) return NumberFault::not_numeric;
  }
  if (wording == Wording::older) {
    if (exponent.value != static_cast<std::int32_t>(exponent.value)) return NumberFault::not_numeric;
    exponent.value = digits == 0 ? 0 : wrapped(exponent.value);
  }
  if (too_many) return NumberFault::too_many_digits;
  // Beyond these bounds no text of 16 MB could bring the number back into range; below them nothing overflows.
  constexpr std::int64_t kFar = 1 << 28;
  if (digits == 0) {
    if (exponent.value > kExponentMax) return NumberFault::overflow;
    if (exponent.value < kExponentMin) return NumberFault::underflow;
    return Number();
  }
  if (exponent.value > kFar) return NumberFault::overflow;
  if (exponent.value < -kFar) return NumberFault::underflow;
  return make(negative, digits, static_cast<int>(exponent.value + whole_places - 1 - last));
}

Number Number::of_canonical(std::string_view text) {
  const auto number = parse(text);
  const auto* value = std::get_if<Number>(&number);
  return value ? *value : Number();
}

Number Number::of(std::int64_t value) {
  const bool negative = value < 0;
  const auto magnitude = negative ? Digits{0} - static_cast<Digits>(value) : static_cast<Digits>(value);
  return std::get<Number>(make(negative, magnitude, 0));
}

int Number::digit_count() const { return count_digits(digits_); }

Number Number::negated() const {
  Number number = *this;
  if (!zero()) number.negative_ = !negative_;
  return number;
}

std::string Number::text() const {
  if (zero()) return "0";
  char buffer[40];
  char* const end = buffer + sizeof buffer;
  char* start = end;
  for (Digits left = digits_; left > 0; left /= 10) *--start = static_cast<char>('0' + static_cast<int>(left % 10));
  const std::string_view all(start, static_cast<std::size_t>(end - start));

  std::string text;
  if (negative_) text += '-';
  const int whole = static_cast<int>(all.size()) + exponent_;  // digits before the point
  if (exponent_ >= 0) {
    text += all;
    text.append(static_cast<std::size_t>(exponent_), '0');
  } else if (whole > 0) {
    text += all.substr(0, static_cast<std::size_t>(whole));
    text += '.';
    text += all.substr(static_cast<std::size_t>(whole));
  } else {
    text += "0.";
    text.append(static_cast<std::size_t>(-whole), '0');
    text += all;
  }
  return text;
}

namespace {

int compare_magnitudes(const Number& a, const Number& b) {
  if (a.magnitude() != b.magnitude()) return a.magnitude() < b.magnitude() ? -1 : 1;
  // Both have their first digit at one place, so the exponents differ by less than 38.
  const int difference = a.exponent() - b.exponent();
  const auto x = difference > 0 ? a.digits() * kPowers[static_cast<std::size_t>(difference)] : a.digits();
  const auto y = difference < 0 ? b.digits() * kPowers[static_cast<std::size_t>(-difference)] : b.digits();
  return x < y ? -1 : x > y ? 1 : 0;
}

}  // namespace

int compare(const Number& a, const Number& b) {
  if (a.zero() || b.zero() || a.negative() != b.negative()) {
    const auto sign = [](const Number& n) { return n.zero() ? 0 : n.negative() ? -1 : 1; };
    return sign(a) - sign(b);
  }
  const int order = compare_magnitudes(a, b);
  return a.negative() ? -order : order;
}

std::variant<Number, NumberFault> add(const Number& a, const Number& b) {
  if (a.zero()) return b;
  if (b.zero()) return a;
  if (a.exponent() < b.exponent()) return add(b, a);

  // a's digits are moved to b's exponent. If they outgrow 2 * 10^38 on the way, the sum has more than 38 digits
  // whatever b is: b's last digit is not 0, is the sum's last, and b's 38 digits cannot bring the first one down far
  // enough.
  const int shift = a.exponent() - b.exponent();
  constexpr Digits kBound = 2 * kPowers[38];
  if (shift > 38 || (shift > 0 && a.digits() > kBound / kPowers[static_cast<std::size_t>(shift)])) {
    return NumberFault::too_many_digits;
  }
  const Digits x = a.digits() * kPowers[static_cast<std::size_t>(shift)];
  const Digits y = b.digits();
  if (a.negative() == b.negative()) return Number::make(a.negative(), x + y, b.exponent());
  if (x >= y) return Number::make(a.negative(), x - y, b.exponent());
  return Number::make(b.negative(), y - x, b.exponent());
}

}  // namespace shoal

// DynamoDB's numbers: decimals of up to 38 significant digits, magnitude 1E-130 to 9.99...E+125, zero; exact.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
//
//   Number::parse(" 1").error();            // NumberFault::not_numeric
//   Number::parse("0042.1200")->text();     // "42.12"
//   (*add(*Number::parse("5"), Number::parse("0.1")->negated())).text();   // "4.9"
//
// 10^38 < 2^128, so the digits are one unsigned 128-bit integer and the arithmetic is the machine's
// (docs/adr/0002-numbers.md says why no decimal library).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/wording.h"

namespace shoal {

enum class NumberFault { not_numeric, too_many_digits, overflow, underflow };

// Production's message, newer or older layer alike but for the empty text (see `numeric_message`).
std::string_view number_fault_message(NumberFault fault);

class Number {
 public:
  using Digits = unsigned __int128;
  static constexpr int kDigitsMax = 38;
  static constexpr int kExponentMax = 125;   // of the first digit
  static constexpr int kExponentMin = -130;  // of the first digit

  Number() = default;  // zero

  // Reads the syntax DynamoDB takes: sign, digits with an optional point, exponent. The layers differ in what they make
  // of exponents far out of range: the older one keeps 32 bits of them, and looks at none of zero.
  static std::variant<Number, NumberFault> parse(std::string_view text, Wording wording = Wording::newer);
  // Reads what `text()` wrote: cannot fail. For numbers that are already in an item.
  static Number of_canonical(std::string_view text);
  static Number of(std::int64_t value);

  // Plain decimal, no exponent, no superfluous zeros: as DynamoDB returns it.
  std::string text() const;

  bool negative() const { return negative_; }
  bool zero() const { return digits_ == 0; }
  Digits digits() const { return digits_; }   // No trailing zero digit but for zero itself.
  int exponent() const { return exponent_; }  // value = digits * 10^exponent
  int digit_count() const;                    // 0 for zero
  // Decimal exponent of the first digit: value = d.ddd * 10^magnitude.
  int magnitude() const { return exponent_ + digit_count() - 1; }
  Number negated() const;

  friend int compare(const Number& a, const Number& b);  // negative, zero, positive
  // Fails with too_many_digits, overflow or underflow when the exact result is no DynamoDB number.
  friend std::variant<Number, NumberFault> add(const Number& a, const Number& b);

 private:
  static std::variant<Number, NumberFault> make(bool negative, Digits digits, int exponent);
  bool negative_ = false;
  Digits digits_ = 0;
  int exponent_ = 0;
};

int compare(const Number& a, const Number& b);
std::variant<Number, NumberFault> add(const Number& a, const Number& b);

}  // namespace shoal

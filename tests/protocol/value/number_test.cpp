#include "protocol/value/number.h"

#include <catch2/catch.hpp>
#include <random>

using namespace shoal;

namespace {

std::string text_of(std::string_view text) {
  const auto number = Number::parse(text);
  if (const auto* value = std::get_if<Number>(&number)) return value->text();
  return std::string(number_fault_message(std::get<NumberFault>(number)));
}

NumberFault fault_of(std::string_view text) {
  const auto number = Number::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<NumberFault>(number));
  return std::get<NumberFault>(number);
}

std::string sum(std::string_view a, std::string_view b) {
  const auto result = add(Number::of_canonical(a), Number::of_canonical(b));
  if (const auto* value = std::get_if<Number>(&result)) return value->text();
  return std::string(number_fault_message(std::get<NumberFault>(result)));
}

const std::string kNines38(38, '9');

}  // namespace

TEST_CASE("A number comes back plain, without exponent or superfluous zeros") {
  CHECK(text_of("0042.1200") == "42.12");
  CHECK(text_of("1.0") == "1");
  CHECK(text_of("-0") == "0");
  CHECK(text_of("-0.0e5") == "0");
  CHECK(text_of("+7") == "7");
  CHECK(text_of(".5") == "0.5");
  CHECK(text_of("5.") == "5");
  CHECK(text_of("1e2") == "100");
  CHECK(text_of("1.5E-3") == "0.0015");
  CHECK(text_of("-12.50") == "-12.5");
  CHECK(text_of("1E125") == "1" + std::string(125, '0'));
  CHECK(text_of("1E-130") == "0." + std::string(129, '0') + "1");
  CHECK(text_of("1" + std::string(60, '0')) == "1" + std::string(60, '0'));
  CHECK(text_of(kNines38 + "e88") == kNines38 + std::string(88, '0'));
}

TEST_CASE("What is no number is refused") {
  for (const auto* text : {"", " ", " 1", "1 ", "abc", "0x10", "NaN", "Infinity", "1e", "1e+", "1_0", "1,000", "--1",
                           "1.2.3", ".", "-", "+", "e5", "1e99999999999999999999"}) {
    CHECK(fault_of(text) == NumberFault::not_numeric);
  }
}

TEST_CASE("Numbers have up to 38 significant digits and a magnitude from 1E-130 to 9.9E+125") {
  CHECK(text_of(kNines38) == kNines38);
  CHECK(fault_of(kNines38 + "1") == NumberFault::too_many_digits);
  CHECK(fault_of("1" + std::string(37, '0') + ".1") == NumberFault::too_many_digits);
  CHECK(fault_of("1E126") == NumberFault::overflow);
  CHECK(fault_of("-1E126") == NumberFault::overflow);
  CHECK(fault_of("1e2147483647") == NumberFault::overflow);
  CHECK(fault_of("9E-131") == NumberFault::underflow);
  CHECK(fault_of("1e-2147483648") == NumberFault::underflow);
  CHECK(text_of("0e125") == "0");
  CHECK(fault_of("0e126") == NumberFault::overflow);
  CHECK(fault_of("0e-131") == NumberFault::underflow);
}

TEST_CASE("The older layer keeps 32 bits of an exponent, and looks at none of zero") {
  const auto older = [](std::string_view text) -> std::string {
    const auto number = Number::parse(text, Wording::older);
    if (const auto* value = std::get_if<Number>(&number)) return value->text();
    return std::string(number_fault_message(std::get<NumberFault>(number)));
  };
  for (const auto* zero : {"0e126", "0e200", "-0.0e-131", "0e-2147483648"}) CHECK(older(zero) == "0");
  CHECK(older("1e125") == text_of("1e125"));
  CHECK(older("1e126") == number_fault_message(NumberFault::overflow));
  CHECK(older("1e-131") == number_fault_message(NumberFault::underflow));
  CHECK(older("1e2147483646") == number_fault_message(NumberFault::overflow));
  CHECK(older("1e2147483647") == number_fault_message(NumberFault::underflow));
  CHECK(older("1e-2147483648") == number_fault_message(NumberFault::underflow));
  for (const auto* far : {"1e2147483648", "0e2147483648", "1e-2147483649", "1e4294967296"}) {
    CHECK(older(far) == number_fault_message(NumberFault::not_numeric));
  }
}

TEST_CASE("Sums are exact or refused") {
  CHECK(sum("5", "-0.1") == "4.9");
  CHECK(sum("0.1", "0.2") == "0.3");
  CHECK(sum("-1", "1") == "0");
  CHECK(sum("-3", "1") == "-2");
  CHECK(sum("1", "-3") == "-2");
  CHECK(sum(kNines38, "1") == "1" + std::string(38, '0'));
  CHECK(sum("1" + std::string(38, '0'), "-1") == kNines38);
  CHECK(sum("2" + std::string(38, '0'), "-1") == number_fault_message(NumberFault::too_many_digits));
  CHECK(sum(kNines38, "0.1") == number_fault_message(NumberFault::too_many_digits));
  CHECK(sum("1" + std::string(125, '0'), "1") == number_fault_message(NumberFault::too_many_digits));
  CHECK(sum("9" + std::string(125, '0'), "1" + std::string(125, '0')) == number_fault_message(NumberFault::overflow));
}

// Independent of the 128-bit arithmetic: schoolbook addition of digit strings.
TEST_CASE("Sums of whole numbers agree with schoolbook addition") {
  std::mt19937_64 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  const auto digits = [&](std::size_t length) {
    std::string text(1, static_cast<char>('1' + random() % 9));
    while (text.size() < length) text += static_cast<char>('0' + random() % 10);
    return text;
  };
  for (int round = 0; round < 2'000; ++round) {
    const auto a = digits(1 + random() % 37), b = digits(1 + random() % 37);
    std::string expected;
    int carry = 0;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry; ++i) {
      const int x = i < a.size() ? a[a.size() - 1 - i] - '0' : 0, y = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
      expected.insert(expected.begin(), static_cast<char>('0' + (x + y + carry) % 10));
      carry = (x + y + carry) / 10;
    }
    REQUIRE(sum(a, b) == expected);
    REQUIRE(sum(expected, "-" + b) == a);
    REQUIRE(compare(Number::of_canonical(expected), Number::of_canonical(a)) > 0);
  }
}

TEST_CASE("Numbers compare by value") {
  const std::vector<std::string> ascending = {
      "-1" + std::string(125, '0'),       "-10", "-9.5", "-9",   "-0.001", "0",
      "0." + std::string(129, '0') + "1", "0.5", "1",    "9.99", "10",     kNines38};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const int order = compare(Number::of_canonical(ascending[i]), Number::of_canonical(ascending[j]));
      CHECK((order < 0) == (i < j));
      CHECK((order == 0) == (i == j));
    }
  }
}

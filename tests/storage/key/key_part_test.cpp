#include "storage/key/key_part.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "protocol/value/number.h"

namespace shoal {
namespace {

std::string part(const Value& value) {
  std::string out;
  append_key_part(out, value.view());
  return out;
}
std::string number_part(std::string_view canonical) { return part(Value::number(canonical)); }
std::string string_part(std::string_view text) { return part(Value::string(text)); }

bool begins(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
int sign(int value) { return (value > 0) - (value < 0); }

class Random {
 public:
  Random() : seed_(Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}()), random_(seed_) {}
  std::uint64_t seed() const { return seed_; }
  std::size_t below(std::size_t bound) { return random_() % bound; }

  // Few digits and near magnitudes, so that numbers are often alike but for one thing.
  Number number() {
    static constexpr int kDigitCounts[] = {1, 1, 2, 2, 3, 4, 19, 20, 37, 38};
    static constexpr int kMagnitudes[] = {-130, -129, -3, -2, -1, 0, 1, 2, 3, 37, 38, 124, 125};
    std::string text = below(2) ? "-" : "";
    for (int digits = kDigitCounts[below(std::size(kDigitCounts))]; digits > 0; --digits) {
      text.push_back(static_cast<char>("0159"[below(4)]));
      if (text.size() == 1 || (text.size() == 2 && text[0] == '-')) text.push_back('.');
    }
    if (text.back() == '.') text.push_back('0');
    text += "e" + std::to_string(kMagnitudes[below(std::size(kMagnitudes))]);
    const auto parsed = Number::parse(text);
    return std::holds_alternative<Number>(parsed) ? std::get<Number>(parsed) : Number();
  }

  std::string bytes() {
    std::string text;
    for (auto count = below(6); count > 0; --count) text.push_back("\x00\x01\x02 a\xfe\xff"[below(7)]);
    return text;
  }

 private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("Parts are the bytes that are drawn") {
  CHECK(string_part("ab") == std::string("ab\x00\x01", 4));
  CHECK(string_part("") == std::string("\x00\x01", 2));
  CHECK(string_part(std::string("a\0b", 3)) == std::string("a\x00\xff"
                                                           "b\x00\x01",
                                                           6));
  CHECK(part(Value::binary(std::string("\0\0\xff", 3))) == std::string("\x00\xff\x00\xff\xff\x00\x01", 7));
  CHECK(number_part("0") == "\x20");
  CHECK(number_part("1") == std::string("\x30\x82\x0b\x00", 4));
  CHECK(number_part("1000") == std::string("\x30\x85\x0b\x00", 4));
  CHECK(number_part("12.3") == std::string("\x30\x83\x0d\x1f\x00", 5));
  CHECK(number_part("0.00123") == std::string("\x30\x7f\x0d\x1f\x00", 5));
  CHECK(number_part("-12.3") == std::string("\x10\x7c\xf2\xe0\xff", 5));
}

TEST_CASE("Parts follow what stands before them") {
  std::string key = "x";
  append_key_part(key, Value::string("p").view());
  append_key_part(key, Value::number("7").view());
  CHECK(key == std::string("xp\x00\x01\x30\x82\x47\x00", 8));
}

TEST_CASE("Numbers sort by value") {
  const std::vector<std::string> ascending{
      "-9" + std::string(37, '9') + std::string(88, '0'),
      "-1" + std::string(125, '0'),
      "-1000",
      "-999.5",
      "-100",
      "-99",
      "-12.3",
      "-12",
      "-1.01",
      "-1",
      "-0.5",
      "-0." + std::string(129, '0') + "1",
      "0",
      "0." + std::string(129, '0') + "1",
      "0." + std::string(129, '0') + "9",
      "0." + std::string(128, '0') + "1",
      "0.05",
      "0.5",
      "0.99",
      "1",
      "1.0000000000000000000000000000000000001",
      "1.01",
      "1.1",
      "9",
      "10",
      "10.5",
      "11",
      "12345678901234567890123456789012345678",
      "12345678901234567890123456789012345679",
      "9" + std::string(37, '9') + std::string(88, '0'),
  };
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i) {
    INFO(ascending[i] << " < " << ascending[i + 1]);
    CHECK(number_part(ascending[i]) < number_part(ascending[i + 1]));
    CHECK(compare(Number::of_canonical(ascending[i]), Number::of_canonical(ascending[i + 1])) < 0);
  }
}

TEST_CASE("The order of parts of random numbers is that of their values, and none is the beginning of another") {
  Random random;
  INFO("seed " << random.seed() << " (--rng-seed)");
  for (int i = 0; i < 50'000; ++i) {
    const auto a = random.number(), b = random.number();
    const auto part_a = number_part(a.text()), part_b = number_part(b.text());
    INFO(a.text() << " and " << b.text());
    REQUIRE(sign(part_a.compare(part_b)) == sign(compare(a, b)));
    if (part_a != part_b) REQUIRE_FALSE((begins(part_a, part_b) || begins(part_b, part_a)));
  }
}

TEST_CASE("The order of parts of random strings is that of their bytes, and none is the beginning of another") {
  Random random;
  INFO("seed " << random.seed() << " (--rng-seed)");
  for (int i = 0; i < 50'000; ++i) {
    const auto a = random.bytes(), b = random.bytes();
    const auto part_a = string_part(a), part_b = string_part(b);
    REQUIRE(sign(part_a.compare(part_b)) == sign(a.compare(b)));
    REQUIRE(part_a == part(Value::binary(a)));
    if (a != b) REQUIRE_FALSE((begins(part_a, part_b) || begins(part_b, part_a)));
  }
}

TEST_CASE("A part begins with the bytes of a prefix exactly when its text begins with the prefix") {
  Random random;
  INFO("seed " << random.seed() << " (--rng-seed)");
  int matches = 0;
  for (int i = 0; i < 50'000; ++i) {
    const auto text = random.bytes();
    const auto prefix = random.below(2) ? text.substr(0, random.below(text.size() + 1)) : random.bytes();
    std::string encoded;
    append_key_prefix(encoded, prefix);
    const bool expected = begins(text, prefix);
    matches += expected;
    REQUIRE(begins(string_part(text), encoded) == expected);
  }
  CHECK(matches > 10'000);
}

TEST_CASE("What is after a prefix is greater than all that starts with it, and nothing less is") {
  CHECK(after_prefix("a") == "b");
  CHECK(after_prefix(std::string("\0", 1)) == "\x01");
  CHECK(after_prefix("a\xff\xff") == "b");
  CHECK(after_prefix("\x7f") == "\x80");
  CHECK(after_prefix("").empty());
  CHECK(after_prefix("\xff\xff").empty());
  Random random;
  INFO("seed " << random.seed() << " (--rng-seed)");
  for (int i = 0; i < 50'000; ++i) {
    const auto prefix = random.bytes(), key = random.bytes();
    const auto after = after_prefix(prefix);
    const bool within = key >= prefix && (after.empty() || key < after);
    REQUIRE(within == begins(key, prefix));
  }
}

}  // namespace shoal

#include "protocol/value/well_formed.h"

#include <catch2/catch.hpp>

#include "protocol/value/attribute_value.h"

using namespace shoal;

namespace {

Value everything() {
  const auto inner = Value::list({Value::null().view(), Value::boolean(true).view(), Value::binary("\x00\xff").view()});
  const auto strings = Value::set(Type::string_set, {"b", "a", ""});
  const auto numbers = Value::set(Type::number_set, {"10", "-3", "9.5"});
  const auto empty = Value::map({});
  return Value::map(
      {{"list", inner.view()}, {"strings", strings.view()}, {"numbers", numbers.view()}, {"", empty.view()}});
}

}  // namespace

TEST_CASE("What is written is well-formed, with nothing after it and nothing missing") {
  const auto bytes = everything().bytes();
  CHECK(is_well_formed_item(bytes));
  CHECK_FALSE(is_well_formed(bytes + '\0'));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO("the first " << size << " of " << bytes.size() << " bytes");
    CHECK_FALSE(is_well_formed(std::string_view(bytes).substr(0, size)));
  }
  CHECK(is_well_formed(Value::string("").bytes()));
  CHECK_FALSE(is_well_formed_item(Value::string("").bytes()));
}

TEST_CASE("What is in another order, twice, or not canonical is not well-formed") {
  const auto swapped = [](std::string bytes, std::string_view from, std::string_view to) {
    bytes.replace(bytes.find(from), from.size(), to);
    return bytes;
  };
  const auto strings = Value::set(Type::string_set, {"aa", "bb"}).bytes();
  CHECK(is_well_formed(strings));
  CHECK_FALSE(is_well_formed(swapped(strings, "aa", "cc")));
  CHECK_FALSE(is_well_formed(swapped(strings, "aa", "bb")));
  const auto numbers = Value::set(Type::number_set, {"9", "10"}).bytes();
  CHECK(is_well_formed(numbers));
  CHECK_FALSE(is_well_formed(swapped(numbers, "10", "01")));
  CHECK_FALSE(is_well_formed(swapped(numbers, "10", "xx")));
  CHECK_FALSE(is_well_formed(swapped(Value::number("15").bytes(), "15", "05")));
  const auto fields = Value::map({{"a", Value::null().view()}, {"b", Value::null().view()}}).bytes();
  CHECK_FALSE(is_well_formed(swapped(fields, "a", "b")));
}

TEST_CASE("No byte that changes makes a walk read what is not there") {
  const auto whole = everything().bytes();
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      refused += !is_well_formed(bytes);  // Under AddressSanitizer: within its bytes.
    }
  }
  CHECK(refused > 0);
}

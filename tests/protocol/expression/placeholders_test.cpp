#include "protocol/expression/placeholders.h"

#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

std::string error(std::string_view names, std::string_view values, Wording wording = Wording::newer) {
  return error_of([&] { placeholders(names, values, wording); });
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

TEST_CASE("Placeholders are found with their sigil, and case counts") {
  auto both = placeholders(R"({"#a": "x", "#A": "y"})", R"({":v": {"S": "1"}})");
  REQUIRE(both.name("#a"));
  CHECK(*both.name("#a") == "x");
  CHECK(*both.name("#A") == "y");
  REQUIRE(both.value(":v"));
  CHECK(*both.value(":v") == Value::string("1"));
  CHECK_FALSE(both.name("#b"));
  CHECK_FALSE(both.name("a"));
  CHECK_FALSE(both.value(":V"));
  CHECK_FALSE(Placeholders().name("#a"));
}

TEST_CASE("Of members with one name the last counts") {
  auto both = placeholders(R"({"#a": "x", "#b": "z", "#a": "y"})", R"({":v": {"S": "1"}, ":v": {"S": "2"}})");
  CHECK(*both.name("#a") == "y");
  CHECK(*both.name("#b") == "z");
  CHECK(*both.value(":v") == Value::string("2"));
}

TEST_CASE("Empty maps are refused, names first") {
  CHECK(error("{}", "{}") == "ExpressionAttributeNames must not be empty");
  CHECK(error("", "{}") == "ExpressionAttributeValues must not be empty");
  CHECK(error("", "") == "");
}

TEST_CASE("A key is a sigil and one or more letters, digits or underscores") {
  for (const auto key : {"a", "#", ":a", "#a-b", "#a.b", "##a", "#a b", "", "#\xc3\xa9"}) {
    CHECK(error("{" + quoted(key) + R"(: "x"})", "") ==
          "ExpressionAttributeNames contains invalid key: Syntax error; key: " + quoted(key));
  }
  for (const auto key : {"a", ":", "#a", ":a-b", "::a", ""}) {
    CHECK(error("", "{" + quoted(key) + R"(: {"S": "x"}})") ==
          "ExpressionAttributeValues contains invalid key: Syntax error; key: " + quoted(key));
  }
  CHECK(error(R"({"#0_aZ": "x", "#_": "y"})", R"({":0": {"S": ""}})") == "");
}

TEST_CASE("A key has at most 255 characters after its sigil") {
  CHECK(error("{" + quoted("#" + std::string(255, 'a')) + R"(: "x"})", "") == "");
  CHECK(error("{" + quoted("#" + std::string(256, 'a')) + R"(: "x"})", "") ==
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; "
        "size of key: 257");
  CHECK(error("", "{" + quoted(":" + std::string(256, 'a')) + R"(: {"S": "x"}})") ==
        "ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that is too "
        "long;");
}

TEST_CASE("A name is not empty") {
  CHECK(error(R"({"#a": ""})", "") ==
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
}

TEST_CASE("An invalid value is told plainly by the newer layers, and with its key by the older") {
  CHECK(error("", R"({":v": {"N": "abc"}})") == "The parameter cannot be converted to a numeric value: abc");
  CHECK(error("", R"({":v": {"N": "abc"}})", Wording::wrapped) ==
        "The parameter cannot be converted to a numeric value: abc");
  CHECK(error("", R"({":v": {"N": "abc"}})", Wording::older) ==
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: abc "
        "for key :v");
  CHECK(error("", R"({":a": {"S": "x"}, ":v": {}})", Wording::older) ==
        "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one "
        "of the supported datatypes for key :v");
}

TEST_CASE("What no expression used is refused, names before values") {
  auto both = placeholders(R"({"#b": "x", "#a": "y", "#c": "z"})", R"({":b": {"S": "1"}, ":c": {"S": "2"}})");
  both.name("#c");
  CHECK(error_of([&] { both.check_all_used(); }) ==
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}");
  both.name("#a");
  both.name("#b");
  CHECK(error_of([&] { both.check_all_used(); }) ==
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b, :c}");
  both.value(":b");
  CHECK(error_of([&] { both.check_all_used(); }) ==
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:c}");
  both.value(":c");
  CHECK_NOTHROW(both.check_all_used());
}

TEST_CASE("Expressions use the placeholders that they name, in every kind") {
  auto both = placeholders(R"({"#a": "a", "#b": "b", "#c": "c"})", R"({":v": {"N": "1"}, ":w": {"N": "1"}})");
  Update::parse("SET x.#a = :v", both);
  Condition::parse("#b[0] < :w", "ConditionExpression", both);
  Projection::parse("#c", both);
  CHECK_NOTHROW(both.check_all_used());
}

TEST_CASE("A thousand placeholders are all found") {
  std::string names = "{";
  for (int i = 0; i < 1'000; ++i)
    names += (i ? ", " : "") + quoted("#n" + std::to_string(i)) + ": " + quoted(std::to_string(i));
  auto many = placeholders(names + "}", "");
  for (int i = 0; i < 1'000; ++i) CHECK(*many.name("#n" + std::to_string(i)) == std::to_string(i));
}

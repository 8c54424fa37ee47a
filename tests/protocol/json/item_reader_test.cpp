#include "protocol/json/item_reader.h"

#include <catch2/catch.hpp>

#include "protocol/error.h"
#include "protocol/json/writer.h"

using namespace shoal;

namespace {

std::string round_trip(std::string_view text) {
  json::Parser parser;
  const auto parsed = parser.parse(text);
  REQUIRE(parsed);
  std::string out;
  json::append_item(out, json::read_item(*parsed, Wording::newer).view());
  return out;
}

std::string refusal(std::string_view value, Wording wording = Wording::newer) {
  json::Parser parser;
  const auto parsed = parser.parse("{\"a\":" + std::string(value) + "}");
  REQUIRE(parsed);
  try {
    json::read_item(*parsed, wording);
  } catch (const Error& error) {
    CHECK(error.from_request_layer());
    return error.message();
  }
  return "accepted";
}

std::string nested(int levels) {  // levels - 1 containers around a scalar
  std::string text = R"({"N":"1"})";
  for (int i = 1; i < levels; ++i) text = i % 2 ? "{\"L\":[" + text + "]}" : "{\"M\":{\"k\":" + text + "}}";
  return text;
}

}  // namespace

TEST_CASE("Values of every type come back as they went in") {
  const std::string item =
      R"({"b":{"B":"AAH/"},"bs":{"BS":["","AA=="]},"f":{"BOOL":false},"l":{"L":[{"S":"x"},{"L":[]}]},)"
      R"("m":{"M":{"k":{"NULL":true}}},"n":{"N":"-1.5"},"ns":{"NS":["1","2"]},"s":{"S":""},"ss":{"SS":["","é"]}})";
  CHECK(round_trip(item) == item);
}

TEST_CASE("Numbers are normalised and sets sorted on the way in") {
  CHECK(round_trip(R"({"n":{"N":"1.0"}})") == R"({"n":{"N":"1"}})");
  CHECK(round_trip(R"({"n":{"NS":["10","9.50"]}})") == R"({"n":{"NS":["9.5","10"]}})");
  CHECK(round_trip(R"({"s":{"SS":["b","a"]}})") == R"({"s":{"SS":["a","b"]}})");
}

TEST_CASE("Strings are escaped as JSON wants it, and only there") {
  CHECK(round_trip(R"({"s":{"S":"\"\\\/\b\f\n\r\t\u0001\u00e9\ud83d\ude00 plain text of more than eight bytes"}})") ==
        "{\"s\":{\"S\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001é😀 plain text of more than eight bytes\"}}");
}

TEST_CASE("Each attribute value has exactly one datatype") {
  CHECK(refusal("{}") == "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  CHECK(refusal(R"({"S":"a","N":"1"})") ==
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  CHECK(refusal(R"({"L":[{}]})") ==
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  CHECK(refusal(R"({"NULL":false})") ==
        "One or more parameter values were invalid: Null attribute value types must have the value of true");
}

TEST_CASE("Empty sets are refused, empty strings, binaries, lists and maps are not") {
  CHECK(refusal(R"({"SS":[]})") == "One or more parameter values were invalid: An string set  may not be empty");
  CHECK(refusal(R"({"NS":[]})") == "One or more parameter values were invalid: An number set  may not be empty");
  CHECK(refusal(R"({"BS":[]})") == "One or more parameter values were invalid: Binary sets should not be empty");
  for (const auto* value :
       {R"({"S":""})", R"({"B":""})", R"({"L":[]})", R"({"M":{}})", R"({"SS":[""]})", R"({"BS":[""]})"}) {
    CHECK(refusal(value) == "accepted");
  }
}

TEST_CASE("Duplicates in sets are listed as each layer lists them") {
  CHECK(refusal(R"({"SS":["b","a","b"]})") ==
        R"(One or more parameter values were invalid: Input collection ["a", "b", "b"] contains duplicates.)");
  CHECK(refusal(R"({"SS":["b","a","b"]})", Wording::older) ==
        "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.");
  CHECK(
      refusal(R"({"BS":["/w==","AA==","AA=="]})") ==
      R"(One or more parameter values were invalid: Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.)");
  CHECK(
      refusal(R"({"BS":["/w==","AA==","AA=="]})", Wording::older) ==
      "One or more parameter values were invalid: Input collection [/w==, AA==, AA==]of type BS contains duplicates.");
  CHECK(refusal(R"({"NS":["1","1.0"]})") ==
        "One or more parameter values were invalid: Input collection contains duplicates.");
  CHECK(refusal(R"({"NS":["1","1.0"]})", Wording::older) == "Input collection contains duplicates");
}

TEST_CASE("Bad numbers are refused with what was wrong") {
  CHECK(refusal(R"({"N":"abc"})") == "The parameter cannot be converted to a numeric value: abc");
  CHECK(refusal(R"({"NS":["1","x"]})") == "The parameter cannot be converted to a numeric value: x");
  CHECK(refusal(R"({"N":""})") == "The parameter cannot be converted to a numeric value: ");
  CHECK(refusal(R"({"N":""})", Wording::older) == "The parameter cannot be converted to a numeric value");
  CHECK(refusal(R"({"N":"123456789012345678901234567890123456789"})") ==
        "Attempting to store more than 38 significant digits in a Number");
  CHECK(refusal(R"({"N":"1E126"})") ==
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  CHECK(refusal(R"({"N":"1E-131"})") ==
        "Number underflow. Attempting to store a number with magnitude smaller than supported range");
}

TEST_CASE("Values nest to 32 levels") {
  CHECK(refusal(nested(32)) == "accepted");
  CHECK(refusal(nested(33)) ==
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
        "limit");
}

TEST_CASE("Attribute names are 1 to 65,535 bytes long") {
  CHECK(refusal(R"({"M":{"":{"S":"x"}}})") == "Empty attribute name");
  CHECK(refusal("{\"M\":{\"" + std::string(65'535, 'n') + "\":{\"S\":\"x\"}}}") == "accepted");
  CHECK(refusal("{\"M\":{\"" + std::string(65'536, 'n') + "\":{\"S\":\"x\"}}}") ==
        "Attribute name is too large, must be less than 65536 bytes");
}

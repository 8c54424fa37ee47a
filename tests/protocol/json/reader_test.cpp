#include "protocol/json/reader.h"

#include <catch2/catch.hpp>
#include <limits>

#include "protocol/json/base64.h"
#include "protocol/json/writer.h"

using namespace shoal;
using json::Kind;

TEST_CASE("Members are found by name, the last of equal ones, nulls as absent") {
  json::Parser parser;
  const auto body = parser.parse(R"({"a":1,"b":null,"c":[true,"x",{"d":2.5}],"a":3})");
  REQUIRE(body);
  CHECK(body->find("a").integer() == 3);
  CHECK_FALSE(body->find("b"));
  CHECK_FALSE(body->find("z"));
  CHECK(body->size() == 4);
  const auto list = body->find("c");
  REQUIRE(list.kind() == Kind::list);
  std::vector<Kind> kinds;
  for (const auto [_, element] : list) kinds.push_back(element.kind());
  CHECK(kinds == std::vector<Kind>{Kind::boolean, Kind::string, Kind::object});
  CHECK_FALSE(list.find("d"));
}

TEST_CASE("Integers are read whole, truncated and clamped") {
  json::Parser parser;
  const auto body = parser.parse(R"({"i":-5,"d":2.9,"big":1e300,"small":-1e300,"u":18446744073709551615})");
  REQUIRE(body);
  CHECK(body->find("i").integer() == -5);
  CHECK(body->find("d").integer() == 2);
  CHECK(body->find("d").kind() == Kind::decimal);
  CHECK(body->find("big").integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(body->find("small").integer() == std::numeric_limits<std::int64_t>::min());
  CHECK(body->find("u").integer() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("What is no JSON gives nothing, and the parser lives on") {
  json::Parser parser;
  for (const std::string text :
       {"", "{", "{\"a\":}", "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "{'a':1}", "nul", "{} {}"}) {
    INFO(text);
    CHECK_FALSE(parser.parse(text));
  }
  CHECK_FALSE(parser.parse(std::string(5000, '[')));
  CHECK(parser.parse("{}"));
}

TEST_CASE("Base64 is standard, padded, and refused when malformed") {
  for (std::size_t length = 0; length < 70; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(i * 37 + length);
    std::string text;
    json::append_base64(text, bytes);
    CHECK(text.size() % 4 == 0);
    CHECK(json::decode_base64(text) == bytes);
  }
  std::string text;
  json::append_base64(text, "Man");
  CHECK(text == "TWFu");
  for (const auto* bad : {"A", "AA", "AAA", "A===", "AA=A", "AA A", "====", "AA_-"}) {
    INFO(bad);
    CHECK_FALSE(json::decode_base64(bad));
  }
}

TEST_CASE("Decimals are printed shortest, with a point") {
  const auto printed = [](double value) {
    std::string out;
    json::append_decimal(out, value);
    return out;
  };
  CHECK(printed(0.5) == "0.5");
  CHECK(printed(1) == "1.0");
  CHECK(printed(1795394879.947) == "1795394879.947");
}

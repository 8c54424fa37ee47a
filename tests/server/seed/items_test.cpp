#include "server/seed/items.h"

#include <catch2/catch.hpp>
#include <sstream>

namespace shoal::seed {
namespace {

using Catch::Contains;

std::vector<Json> csv(const std::string& text, const KeyTypes& types = {}) {
  std::istringstream in(text);
  std::vector<Json> items;
  read_csv(in, types, [&](Json item) { items.push_back(std::move(item)); });
  return items;
}

TEST_CASE("plain objects become DynamoDB JSON, which stays what it is") {
  CHECK(item_of(read_json(R"({"s": "x", "n": 1.50, "b": true, "z": null, "l": [1, "a"], "m": {"k": 2}, "e": {}})")) ==
        Json::parse(R"({"s": {"S": "x"}, "n": {"N": "1.50"}, "b": {"BOOL": true}, "z": {"NULL": true},
                        "l": {"L": [{"N": "1"}, {"S": "a"}]}, "m": {"M": {"k": {"N": "2"}}}, "e": {"M": {}}})"));
  const auto item = Json::parse(R"({"p": {"S": "x"}, "v": {"NS": ["1", "2"]}})");
  CHECK(item_of(item) == item);
  // One member of another form, and it is plain: {"S": ...} is a map then.
  CHECK(item_of(Json::parse(R"({"p": "x", "sizes": {"S": "small"}})")) ==
        Json::parse(R"({"p": {"S": "x"}, "sizes": {"M": {"S": {"S": "small"}}}})"));
  CHECK_THROWS_WITH(item_of("x"), "an item is an object");
}

TEST_CASE("cells are strings, unless a key or a title says otherwise") {
  const auto found =
      csv("artist,year,sales:N,sold:BOOL,tags:JSON,cover:B\nAcme,1993,1.5,true,\"[\"\"a\"\", 1]\",AQI=\n",
          {{"artist", "S"}, {"year", "N"}});
  REQUIRE(found.size() == 1);
  CHECK(found[0] == Json::parse(R"({"artist": {"S": "Acme"}, "year": {"N": "1993"}, "sales": {"N": "1.5"},
    "sold": {"BOOL": true}, "tags": {"L": [{"S": "a"}, {"N": "1"}]}, "cover": {"B": "AQI="}})"));
}

TEST_CASE("cells in quotes, without anything, and with lines in them") {
  const auto found = csv("\xef\xbb\xbfp,a,b\r\n1,,\"\"\r\n\"2\",\" x, \"\"y\"\"\nz \", w \r\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0] == Json::parse(R"({"p": {"S": "1"}, "b": {"S": ""}})"));
  CHECK(found[1] == Json::parse(R"({"p": {"S": "2"}, "a": {"S": " x, \"y\"\nz "}, "b": {"S": " w "}})"));
}

TEST_CASE("a title's colon that is of no type belongs to the name") {
  CHECK(csv("a:b,c:N\nx,1\n")[0] == Json::parse(R"({"a:b": {"S": "x"}, "c": {"N": "1"}})"));
}

TEST_CASE("a large file comes in pieces") {
  std::string text = "p,v\n";
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + ",\"" + std::string(40, 'x') + "\"\n";
  const auto found = csv(text);
  REQUIRE(found.size() == 5000);
  CHECK(found[4999]["p"]["S"] == "4999");
  CHECK(found[4999]["v"]["S"] == std::string(40, 'x'));
}

TEST_CASE("what is wrong with a row is said with its number") {
  CHECK_THROWS_WITH(csv("a,b\n1,2\n3\n"), "row 3: 1 cells, where the first row has 2");
  CHECK_THROWS_WITH(csv("a:BOOL\nyes\n"), "row 2: a: neither true nor false: yes");
  CHECK_THROWS_WITH(csv("a:JSON\n{\n"), Contains("row 2: a: no JSON"));
  CHECK_THROWS_WITH(csv("a,,b\n"), "row 1: an attribute without a name");
  CHECK_THROWS_WITH(csv("a\n\"x\n"), Contains("row 2: "));
}

}  // namespace
}  // namespace shoal::seed

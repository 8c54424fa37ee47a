#include "server/seed/document.h"

#include <catch2/catch.hpp>

namespace shoal::seed {
namespace {

using Catch::Contains;

TEST_CASE("numbers keep all their digits") {
  const auto read = read_json("[1, -7, 0.1, 1.0, 12345678901234567890123456789012345678, 1E-5, \"2\", true]");
  const char* const texts[] = {"1", "-7", "0.1", "1.0", "12345678901234567890123456789012345678", "1E-5"};
  for (std::size_t i = 0; i < 6; ++i) CHECK(number_text(read[i]) == texts[i]);
  CHECK(!number_text(read[6]));
  CHECK(!number_text(read[7]));
}

TEST_CASE("JSON is read as it nests, and refused where it is none") {
  CHECK(read_json(R"({"a": [{}, {"b": null}], "c": "x"})") == Json::parse(R"({"a": [{}, {"b": null}], "c": "x"})"));
  CHECK_THROWS_WITH(read_json("{\"a\": }"), Contains("no JSON") && Contains("line 1, column 7"));
  CHECK_THROWS_WITH(read_json(""), Contains("no JSON"));
  CHECK_THROWS_WITH(read_json(std::string(1000, '[')), Contains("200 levels"));
}

TEST_CASE("YAML says the same") {
  const auto read = read_yaml(R"(
# Of a template.
AWSTemplateFormatVersion: 2010-09-09
Account: 012345678901
Count: 3
Price: 0.10000000000000000001
On: true
Off: "true"
Nothing:
List: [a, 'b', {c: d}]
Text: |
  two
  lines
)");
  CHECK(read["AWSTemplateFormatVersion"] == "2010-09-09");
  CHECK(read["Account"] == "012345678901");
  CHECK(read["Count"] == 3);
  CHECK(number_text(read["Price"]) == "0.10000000000000000001");
  CHECK(read["On"] == true);
  CHECK(read["Off"] == "true");
  CHECK(read["Nothing"].is_null());
  CHECK(read["List"] == Json::parse(R"(["a", "b", {"c": "d"}])"));
  CHECK(read["Text"] == "two\nlines\n");
}

TEST_CASE("CloudFormation's short forms are its long ones") {
  CHECK(
      read_yaml("a: !Ref Name\nb: !Sub '${Name}-x'\nc: !GetAtt T.Arn\nd: !If [Prod, !Ref A, b]\ne: !Condition Prod") ==
      Json::parse(R"({"a": {"Ref": "Name"}, "b": {"Fn::Sub": "${Name}-x"}, "c": {"Fn::GetAtt": "T.Arn"},
                        "d": {"Fn::If": ["Prod", {"Ref": "A"}, "b"]}, "e": {"Condition": "Prod"}})"));
}

TEST_CASE("anchors, aliases and merges") {
  CHECK(read_yaml("a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3") ==
        Json::parse(R"({"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}, "c": {"k": 1, "l": 3}})"));
}

TEST_CASE("aliases do not multiply without end") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const auto before = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    text += name + ": &" + name + " [";
    for (int n = 0; n < 10; ++n) text += before + ", ";
    text += "x]\n";
  }
  CHECK_THROWS_WITH(read_yaml(text), Contains("too much by way of aliases"));
}

TEST_CASE("what is no YAML is refused, with its place") {
  CHECK_THROWS_WITH(read_yaml("a: [1\nb: 2"), Contains("no YAML: line 2"));
  CHECK_THROWS_WITH(read_yaml("a: *nowhere"), Contains("alias"));
  CHECK_THROWS_WITH(read_yaml("? [a]\n: b"), Contains("a key that is no text"));
  CHECK_THROWS_WITH(read_yaml(std::string(1000, '[')), Contains("levels"));
  CHECK(read_yaml("").is_null());
}

}  // namespace
}  // namespace shoal::seed

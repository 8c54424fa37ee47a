// The parameters of before there were expressions mean what the expressions in their place would mean.
#include "server/operations/legacy_parameters.h"

#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

const Json kStored = R"({"P": {"S": "a"}, "S": {"S": "abc"}, "N": {"N": "5"}, "B": {"B": "AQID"}, "T": {"BOOL": true},
                         "SS": {"SS": ["a", "b"]}, "NS": {"NS": ["1", "2"]}, "L": {"L": [{"S": "a"}, {"N": "1"}]},
                         "M": {"M": {"x": {"S": "x"}}}, "Z": {"NULL": true}, "M.x": {"S": "dotted"}})"_json;

struct Scenario {
  TestShoal shoal;
  Scenario() {
    shoal.create_table("Things", "P:S");
    shoal.call("PutItem", {{"TableName", "Things"}, {"Item", kStored}});
  }

  bool holds(Json condition) {
    condition["TableName"] = "Things";
    condition["Item"] = kStored;
    const auto refusal = shoal.refusal("PutItem", condition);
    if (refusal.empty()) return true;
    CHECK(refusal == "ConditionalCheckFailedException: The conditional request failed");
    return false;
  }
};

Json expected(const std::string& attribute, const std::string& comparison, const std::vector<Json>& values) {
  Json condition{{"ComparisonOperator", comparison}};
  if (!values.empty()) condition["AttributeValueList"] = values;
  return {{"Expected", {{attribute, condition}}}};
}

Json expression(const std::string& attribute, std::string text, const std::vector<Json>& values) {
  Json input{{"ConditionExpression", text}, {"ExpressionAttributeNames", {{"#a", attribute}}}};
  for (std::size_t i = 0; i < values.size(); ++i)
    input["ExpressionAttributeValues"][":" + std::to_string(i)] = values[i];
  return input;
}

}  // namespace

TEST_CASE("Each comparison holds exactly when its expression does") {
  struct Pair {
    const char* comparison;
    const char* expression;
    int values;
    const char* types;
  };
  const Pair pairs[] = {
      {"EQ", "#a = :0", 1, "SNBTsnLMZ"},
      {"NE", "#a <> :0", 1, "SNBTsnLMZ"},
      {"LT", "#a < :0", 1, "SNB"},
      {"LE", "#a <= :0", 1, "SNB"},
      {"GT", "#a > :0", 1, "SNB"},
      {"GE", "#a >= :0", 1, "SNB"},
      {"NOT_NULL", "attribute_exists(#a)", 0, ""},
      {"NULL", "attribute_not_exists(#a)", 0, ""},
      {"CONTAINS", "contains(#a, :0)", 1, "SNBTZ"},
      {"NOT_CONTAINS", "attribute_exists(#a) AND NOT contains(#a, :0)", 1, "SNBTZ"},
      {"BEGINS_WITH", "begins_with(#a, :0)", 1, "SB"},
      {"IN", "#a IN (:0)", 1, "SNB"},
      {"IN", "#a IN (:0, :1)", 2, "SNB"},
      {"BETWEEN", "#a BETWEEN :0 AND :1", 2, "SNB"},
  };
  // Ascending within each type, for BETWEEN.
  const std::map<char, std::vector<Json>> values{
      {'S', {{{"S", "a"}}, {{"S", "abc"}}, {{"S", "b"}}}},
      {'N', {{{"N", "1"}}, {{"N", "5.0"}}, {{"N", "10"}}}},
      {'B', {{{"B", "AQ=="}}, {{"B", "AQID"}}, {{"B", "Ag=="}}}},
      {'T', {{{"BOOL", true}}, {{"BOOL", false}}}},
      {'s', {{{"SS", {"b", "a"}}}, {{"SS", {"a"}}}}},
      {'n', {{{"NS", {"2", "1.0"}}}}},
      {'L', {kStored["L"], {{"L", Json::array()}}}},
      {'M', {kStored["M"], {{"M", Json::object()}}}},
      {'Z', {{{"NULL", true}}}},
  };
  Scenario scenario;
  int held = 0, compared = 0;
  const auto compare = [&](const Pair& pair, const std::string& attribute, const std::vector<Json>& arguments) {
    INFO(pair.comparison << " of " << attribute << " and " << Json(arguments).dump());
    const bool holds = scenario.holds(expected(attribute, pair.comparison, arguments));
    CHECK(holds == scenario.holds(expression(attribute, pair.expression, arguments)));
    held += holds;
    ++compared;
  };
  for (const auto& pair : pairs) {
    for (const auto* attribute : {"S", "N", "B", "T", "SS", "NS", "L", "M", "Z", "nosuch", "M.x"}) {
      if (pair.values == 0) compare(pair, attribute, {});
      for (const char type : std::string(pair.types)) {
        const auto& of_type = values.at(type);
        for (std::size_t i = 0; i < of_type.size() && pair.values > 0; ++i) {
          if (pair.values == 1) compare(pair, attribute, {of_type[i]});
          for (std::size_t j = i + 1; j < of_type.size() && pair.values == 2; ++j) {
            compare(pair, attribute, {of_type[i], of_type[j]});
          }
        }
      }
    }
  }
  CHECK(compared > 400);
  CHECK(held > 100);
}

TEST_CASE("AttributeUpdates do what update expressions do") {
  struct Pair {
    Json update;
    const char* expression;
  };
  const Json number{{"N", "3"}}, text{{"S", "new"}}, set{{"SS", {"b", "c"}}}, list{{"L", {{{"S", "z"}}}}};
  for (const auto* attribute : {"N", "SS", "L", "S", "nosuch", "M.x"}) {
    for (const auto& [update, expression] : std::initializer_list<Pair>{
             {{{"Action", "PUT"}, {"Value", text}}, "SET #a = :v"},
             {{{"Value", list}}, "SET #a = :v"},
             {{{"Action", "DELETE"}}, "REMOVE #a"},
             {{{"Action", "ADD"}, {"Value", number}}, "ADD #a :v"},
             {{{"Action", "ADD"}, {"Value", set}}, "ADD #a :v"},
             {{{"Action", "DELETE"}, {"Value", set}}, "DELETE #a :v"},
         }) {
      INFO(update.dump() << " of " << attribute);
      Scenario one, two;
      const Json common{{"TableName", "Things"}, {"Key", {{"P", {{"S", "a"}}}}}, {"ReturnValues", "UPDATED_NEW"}};
      auto legacy = common, modern = common;
      legacy["AttributeUpdates"] = {{attribute, update}};
      modern["UpdateExpression"] = expression;
      modern["ExpressionAttributeNames"] = {{"#a", attribute}};
      if (update.contains("Value")) modern["ExpressionAttributeValues"] = {{":v", update["Value"]}};
      const auto refusal = one.shoal.refusal("UpdateItem", legacy);
      if (refusal.empty()) {
        CHECK(two.shoal.refusal("UpdateItem", modern).empty());
      } else {
        CHECK(refusal == "ValidationException: Type mismatch for attribute to update");
        CHECK(two.shoal.refusal("UpdateItem", modern) ==
              "ValidationException: An operand in the update expression has an incorrect data type");
      }
      const auto scan = [](TestShoal& shoal) { return shoal.call("Scan", {{"TableName", "Things"}})["Items"]; };
      CHECK(scan(one.shoal) == scan(two.shoal));
    }
  }
}

TEST_CASE("ADD appends to a list, which no expression does") {
  Scenario scenario;
  scenario.shoal.call("UpdateItem", R"({"TableName": "Things", "Key": {"P": {"S": "a"}}, "AttributeUpdates":
      {"L": {"Action": "ADD", "Value": {"L": [{"S": "b"}, {"S": "c"}]}}}})"_json);
  CHECK(scenario.shoal.call("Scan", {{"TableName", "Things"}})["Items"][0]["L"] ==
        R"({"L": [{"S": "a"}, {"N": "1"}, {"S": "b"}, {"S": "c"}]})"_json);
}

TEST_CASE("Conditions are joined by AND unless told otherwise") {
  Scenario scenario;
  const auto both = R"({"Expected": {"S": {"Exists": false}, "N": {"Value": {"N": "5"}}}})"_json;
  CHECK(!scenario.holds(both));
  for (const auto& [join, result] : {std::pair{"AND", false}, std::pair{"OR", true}}) {
    auto joined = both;
    joined["ConditionalOperator"] = join;
    CHECK(scenario.holds(joined) == result);
  }
}

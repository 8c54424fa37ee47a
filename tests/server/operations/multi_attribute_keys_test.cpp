// Global indexes with keys of several attributes.
#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

// "Country:HASH" -> an element of a key schema
Json element(const std::string& text) {
  const auto colon = text.find(':');
  return {{"AttributeName", text.substr(0, colon)}, {"KeyType", text.substr(colon + 1)}};
}

Json key_schema(const std::vector<std::string>& elements) {
  auto schema = Json::array();
  for (const auto& text : elements) schema.push_back(element(text));
  return schema;
}

// Players of a tournament; the index's key is the caller's.
Json players(const std::vector<std::string>& elements, const Json& projection = {{"ProjectionType", "ALL"}}) {
  Json table = R"({"TableName": "Players", "BillingMode": "PAY_PER_REQUEST",
                   "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
                   "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}]})"_json;
  for (const auto& text : elements) {
    const auto name = text.substr(0, text.find(':'));
    const auto type = name == "Round" || name == "Score" ? "N" : "S";
    bool known = false;
    for (const auto& each : table["AttributeDefinitions"]) known = known || each["AttributeName"] == name;
    if (!known) table["AttributeDefinitions"].push_back({{"AttributeName", name}, {"AttributeType", type}});
  }
  table["GlobalSecondaryIndexes"] = {
      {{"IndexName", "Rounds"}, {"KeySchema", key_schema(elements)}, {"Projection", projection}}};
  return table;
}

const std::vector<std::string> kRounds = {"Tournament:HASH", "Region:HASH", "Round:RANGE", "Bracket:RANGE",
                                          "Score:RANGE"};

void put(TestShoal& shoal, const std::string& id, const std::string& region, int round, const std::string& bracket,
         int score) {
  shoal.call("PutItem", {{"TableName", "Players"},
                         {"Item",
                          {{"Id", {{"S", id}}},
                           {"Tournament", {{"S", "winter"}}},
                           {"Region", {{"S", region}}},
                           {"Round", {{"N", std::to_string(round)}}},
                           {"Bracket", {{"S", bracket}}},
                           {"Score", {{"N", std::to_string(score)}}}}}});
}

Json query(const std::string& condition) {
  return {{"TableName", "Players"},
          {"IndexName", "Rounds"},
          {"KeyConditionExpression", condition},
          {"ExpressionAttributeNames", {{"#r", "Region"}}},
          {"ExpressionAttributeValues", {{":t", {{"S", "winter"}}}, {":e", {{"S", "east"}}}}}};
}

Json query(const std::string& condition, const Json& values) {
  auto input = query("Tournament = :t AND #r = :e" + (condition.empty() ? "" : " AND " + condition));
  input["ExpressionAttributeValues"].update(values);
  return input;
}

std::string ids(const Json& answer) {
  std::string text;
  for (const auto& item : answer["Items"]) text += item["Id"]["S"].get<std::string>();
  return text;
}

// In order of the index: a, b, c, d, e in the east; z in the west.
void fill(TestShoal& shoal) {
  shoal.call("CreateTable", players(kRounds));
  put(shoal, "d", "east", 2, "lower", 10);
  put(shoal, "b", "east", 1, "upper", -3);
  put(shoal, "z", "west", 1, "upper", 0);
  put(shoal, "e", "east", 10, "lower", 1);
  put(shoal, "a", "east", 1, "lower", 7);
  put(shoal, "c", "east", 1, "upper", 20);
}

}  // namespace

TEST_CASE("A global index orders by all its sort attributes, from left to right") {
  TestShoal shoal;
  fill(shoal);
  const auto found = [&](const std::string& condition, const Json& values = Json::object()) {
    return ids(shoal.call("Query", query(condition, values)));
  };
  CHECK(found("") == "abcde");
  CHECK(found("Round = :n", {{":n", {{"N", "1"}}}}) == "abc");
  CHECK(found("Round > :n", {{":n", {{"N", "1"}}}}) == "de");
  CHECK(found("Round BETWEEN :n AND :m", {{":n", {{"N", "1"}}}, {":m", {{"N", "2"}}}}) == "abcd");
  CHECK(found("Round = :n AND Bracket = :b", {{":n", {{"N", "1"}}}, {":b", {{"S", "upper"}}}}) == "bc");
  CHECK(found("Bracket = :b AND Round = :n", {{":n", {{"N", "1"}}}, {":b", {{"S", "upper"}}}}) == "bc");
  CHECK(found("Round = :n AND begins_with(Bracket, :b)", {{":n", {{"N", "1"}}}, {":b", {{"S", "lo"}}}}) == "a");
  CHECK(found("Round = :n AND Bracket = :b AND Score >= :s",
              {{":n", {{"N", "1"}}}, {":b", {{"S", "upper"}}}, {":s", {{"N", "0"}}}}) == "c");
  auto backward = query("", Json::object());
  backward["ScanIndexForward"] = false;
  CHECK(ids(shoal.call("Query", backward)) == "edcba");
}

TEST_CASE("Every partition attribute needs equality, and sort attributes go from left to right") {
  TestShoal shoal;
  fill(shoal);
  const auto refusal = [&](const Json& input) { return shoal.refusal("Query", input); };
  auto only_tournament = query("Tournament = :t");
  only_tournament.erase("ExpressionAttributeNames");
  only_tournament["ExpressionAttributeValues"].erase(":e");
  CHECK(refusal(only_tournament) == "ValidationException: Query condition missed key schema element: Region");
  CHECK(refusal(query("Tournament = :t AND #r > :e")) == "ValidationException: Query key condition not supported");
  CHECK(refusal(query("Bracket = :b", {{":b", {{"S", "upper"}}}})) ==
        "ValidationException: Query condition missed key schema element: Round");
  CHECK(
      refusal(query("Round > :n AND Bracket = :b", {{":n", {{"N", "1"}}}, {":b", {{"S", "upper"}}}})) ==
      "ValidationException: RANGE key attributes Round must have equality conditions specified in the query because a "
      "condition is present on key attribute Bracket");
  CHECK(refusal(query("Round = :b", {{":b", {{"S", "1"}}}})) ==
        kInvalid + "Condition parameter type does not match schema type");
}

TEST_CASE("Pages of such an index go on where the last one ended") {
  TestShoal shoal;
  fill(shoal);
  std::string all;
  auto input = query("", Json::object());
  input["Limit"] = 2;
  for (int page = 0; page < 10; ++page) {
    const auto answer = shoal.call("Query", input);
    all += ids(answer);
    if (!answer.contains("LastEvaluatedKey")) break;
    CHECK(answer["LastEvaluatedKey"].size() == 6);  // The index's five attributes and the table's one.
    input["ExclusiveStartKey"] = answer["LastEvaluatedKey"];
  }
  CHECK(all == "abcde");
  input["ExclusiveStartKey"].erase("Score");
  CHECK(shoal.refusal("Query", input) == "ValidationException: The provided starting key is invalid");
}

TEST_CASE("An item without one of the attributes is not in the index, and one of another type is refused") {
  TestShoal shoal;
  fill(shoal);
  shoal.call("UpdateItem",
             {{"TableName", "Players"}, {"Key", {{"Id", {{"S", "c"}}}}}, {"UpdateExpression", "REMOVE Score"}});
  CHECK(ids(shoal.call("Query", query("", Json::object()))) == "abde");
  CHECK(shoal.refusal("PutItem",
                      {{"TableName", "Players"}, {"Item", {{"Id", {{"S", "x"}}}, {"Round", {{"S", "first"}}}}}}) ==
        kInvalid + "Type mismatch for Index Key Round Expected: N Actual: S IndexName: Rounds");
  CHECK(shoal.refusal(
            "UpdateItem",
            {{"TableName", "Players"}, {"Key", {{"Id", {{"S", "a"}}}}}, {"UpdateExpression", "SET Round = Bracket"}}) ==
        "ValidationException: The update expression attempted to update the secondary index key to unsupported type");
}

TEST_CASE("The attributes of each part of the key fit its limit together") {
  TestShoal shoal;
  fill(shoal);
  const auto item = [](std::size_t bracket) {
    return Json{{"TableName", "Players"},
                {"Item",
                 {{"Id", {{"S", "x"}}},
                  {"Tournament", {{"S", "winter"}}},
                  {"Region", {{"S", "east"}}},
                  {"Round", {{"N", "1"}}},
                  {"Bracket", {{"S", std::string(bracket, 'b')}}},
                  {"Score", {{"N", "1"}}}}}};
  };
  CHECK(shoal.refusal("PutItem", item(1024 - 2 * 2)).empty());  // Each number takes two bytes.
  CHECK(shoal.refusal("PutItem", item(1024 - 2 * 2 + 1))
            .find("Aggregated size of all range keys has exceeded the size "
                  "limit of 1024 bytes") != std::string::npos);
}

TEST_CASE("Keys have up to four attributes of each kind, HASH first, each once") {
  const auto refusal = [](const std::vector<std::string>& elements) {
    TestShoal shoal;
    return shoal.refusal("CreateTable", players(elements));
  };
  CHECK(refusal({"A:HASH", "B:HASH", "C:HASH", "D:HASH", "E:RANGE", "F:RANGE", "G:RANGE", "H:RANGE"}).empty());
  CHECK(refusal({"A:HASH", "B:HASH"}).empty());
  CHECK(refusal({"A:HASH", "B:HASH", "C:HASH", "D:HASH", "E:HASH"}) ==
        kInvalid + "Number of HASH key attributes exceeds the limit of 4 for index: Rounds");
  CHECK(refusal({"A:HASH", "B:RANGE", "C:RANGE", "D:RANGE", "E:RANGE", "F:RANGE"}) ==
        kInvalid + "Number of RANGE key attributes exceeds the limit of 4 for index: Rounds");
  CHECK(refusal({"A:HASH", "B:RANGE", "C:HASH"}) ==
        "ValidationException: Invalid KeySchema: All HASH key elements must come before the RANGE key elements");
  CHECK(refusal({"A:RANGE", "B:RANGE"}) ==
        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  CHECK(refusal({"A:HASH", "B:RANGE", "A:RANGE"}) ==
        "ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the same name");
}

TEST_CASE("Such an index can be added later, and be sparse and narrow") {
  TestShoal shoal;
  auto table = players(kRounds);
  const auto definitions = table["AttributeDefinitions"];
  table.erase("GlobalSecondaryIndexes");
  table["AttributeDefinitions"] = {definitions[0]};
  shoal.call("CreateTable", table);
  put(shoal, "b", "east", 1, "upper", 2);
  put(shoal, "a", "east", 1, "upper", 1);
  shoal.call("UpdateTable", {{"TableName", "Players"},
                             {"AttributeDefinitions", definitions},
                             {"GlobalSecondaryIndexUpdates",
                              {{{"Create",
                                 {{"IndexName", "Rounds"},
                                  {"KeySchema", key_schema(kRounds)},
                                  {"Projection", {{"ProjectionType", "KEYS_ONLY"}}}}}}}}});
  const auto answer = shoal.call("Query", query("", Json::object()));
  CHECK(ids(answer) == "ab");
  CHECK(answer["Items"][0].size() == 6);
  CHECK(shoal.describe("Players")["GlobalSecondaryIndexes"][0]["KeySchema"] == key_schema(kRounds));
}

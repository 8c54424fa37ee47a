// What every change of an item takes along: index entries (which the fixture checks), costs, sizes, conditions.
#include <catch2/catch.hpp>
#include <random>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

void create_indexed_table(TestShoal& shoal) {
  shoal.call("CreateTable", R"({
    "TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "P", "AttributeType": "S"}, {"AttributeName": "S", "AttributeType": "S"},
                             {"AttributeName": "G", "AttributeType": "S"}, {"AttributeName": "L", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "S", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "ByL", "Projection": {"ProjectionType": "KEYS_ONLY"},
      "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "L", "KeyType": "RANGE"}]}],
    "GlobalSecondaryIndexes": [{"IndexName": "ByG", "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["V"]},
      "KeySchema": [{"AttributeName": "G", "KeyType": "HASH"}]}]})"_json);
}

Json key(const std::string& p, const std::string& s = "s") { return {{"P", {{"S", p}}}, {"S", {{"S", s}}}}; }

Json item(const std::string& p, const Json& more) {
  auto item = key(p);
  item.update(more);
  return item;
}

Json put(const Json& item) { return {{"TableName", "Things"}, {"Item", item}, {"ReturnConsumedCapacity", "INDEXES"}}; }

// "table+ByL+ByG" write units of an answer
std::string units(const Json& answer) {
  const auto& consumed = answer["ConsumedCapacity"];
  const auto arm = [&](const char* kind, const char* name) {
    return consumed.contains(kind) ? consumed[kind][name]["CapacityUnits"].get<double>() : 0;
  };
  const auto table = consumed["Table"]["CapacityUnits"].get<double>();
  CHECK(consumed["CapacityUnits"] ==
        table + arm("LocalSecondaryIndexes", "ByL") + arm("GlobalSecondaryIndexes", "ByG"));
  const auto text = [](double units) { return std::to_string(static_cast<int>(units)); };
  return text(table) + "+" + text(arm("LocalSecondaryIndexes", "ByL")) + "+" +
         text(arm("GlobalSecondaryIndexes", "ByG"));
}

}  // namespace

TEST_CASE("Indexes cost by what changes in them") {
  TestShoal shoal;
  create_indexed_table(shoal);
  const auto cost = [&](const Json& more) { return units(shoal.call("PutItem", put(item("p", more)))); };
  const auto g = [](const char* value) { return Json{{"S", value}}; };
  CHECK(cost({{"A", g("1")}}) == "1+0+0");
  CHECK(cost({{"A", g("1")}, {"G", g("g")}}) == "1+0+1");                 // appears
  CHECK(cost({{"A", g("1")}, {"G", g("g")}}) == "1+0+0");                 // identical
  CHECK(cost({{"A", g("2")}, {"G", g("g")}}) == "1+0+0");                 // nothing that it keeps
  CHECK(cost({{"A", g("2")}, {"G", g("g")}, {"V", g("v")}}) == "1+0+1");  // something that it keeps
  CHECK(cost({{"A", g("2")}, {"G", g("h")}, {"V", g("v")}}) == "1+0+2");  // moves
  CHECK(cost({{"L", {{"N", "1"}}}, {"G", g("h")}, {"V", g("v")}}) == "1+1+0");
  CHECK(cost({{"L", {{"N", "2"}}}}) == "1+2+1");  // one moves, one disappears
  CHECK(cost({{"G", g("g")}, {"V", g(std::string(3000, 'v').c_str())}}) == "3+1+3");
}

TEST_CASE("A write costs by the larger of the item before and after") {
  TestShoal shoal;
  shoal.create_table("Plain", "P:S");
  const auto cost = [&](const std::string& operation, Json input) {
    input["TableName"] = "Plain";
    input["ReturnConsumedCapacity"] = "TOTAL";
    return shoal.call(operation, input)["ConsumedCapacity"]["CapacityUnits"].get<double>();
  };
  const Json id = {{"P", {{"S", "p"}}}};
  auto large = id;
  large["V"] = {{"S", std::string(2047 - 1 - 1 - 1 + 1, 'v')}};  // P and p, V: 2,048 bytes with them and the value
  CHECK(cost("PutItem", {{"Item", large}}) == 2);
  large["V"]["S"] = large["V"]["S"].get<std::string>() + "vv";
  CHECK(cost("PutItem", {{"Item", large}}) == 3);
  CHECK(cost("PutItem", {{"Item", id}}) == 3);
  CHECK(cost("DeleteItem", {{"Key", id}}) == 1);
  CHECK(cost("DeleteItem", {{"Key", id}}) == 1);
  CHECK(cost("UpdateItem",
             {{"Key", id}, {"UpdateExpression", "SET V = :v"}, {"ExpressionAttributeValues", {{":v", large["V"]}}}}) ==
        3);
  CHECK(cost("UpdateItem", {{"Key", id}, {"UpdateExpression", "REMOVE V"}}) == 3);
}

TEST_CASE("An item of 409,600 bytes is accepted, one more byte refused") {
  TestShoal shoal;
  shoal.create_table("Plain", "P:S");
  const auto of_size = [](std::size_t bytes) {
    return Json{{"TableName", "Plain"}, {"Item", {{"P", {{"S", "p"}}}, {"V", {{"S", std::string(bytes - 3, 'v')}}}}}};
  };
  CHECK(shoal.refusal("PutItem", of_size(409'600)).empty());
  CHECK(shoal.refusal("PutItem", of_size(409'601)) ==
        "ValidationException: 1 validation error detected: Item size has exceeded the maximum allowed size");
  CHECK(shoal.refusal("UpdateItem", {{"TableName", "Plain"},
                                     {"Key", {{"P", {{"S", "p"}}}}},
                                     {"UpdateExpression", "SET W = :w"},
                                     {"ExpressionAttributeValues", {{":w", {{"S", ""}}}}}}) ==
        "ValidationException: Item size to update has exceeded the maximum allowed size");
  CHECK(shoal.describe("Plain")["TableSizeBytes"] == 409'600);
}

TEST_CASE("An item and its entries in local indexes fit 400 KB together") {
  TestShoal shoal;
  create_indexed_table(shoal);
  auto large = item("p", {{"V", {{"S", std::string(409'600 - 2 - 2 - 1 - 3 - 8, 'v')}}}, {"L", {{"N", "1"}}}});
  CHECK(shoal.refusal("PutItem", put(large)).empty());  // The entry: P, S, L and their values, 7 bytes.
  large["V"]["S"] = large["V"]["S"].get<std::string>() + "vvv";
  CHECK(shoal.refusal("PutItem", put(large)) == "ValidationException: Item size has exceeded the maximum allowed size");
  large.erase("L");
  CHECK(shoal.refusal("PutItem", put(large)).empty());
}

TEST_CASE("A condition that fails changes nothing and shows the item when asked") {
  TestShoal shoal;
  create_indexed_table(shoal);
  const auto old = item("p", {{"G", {{"S", "old"}}}});
  shoal.call("PutItem", put(old));
  auto input = put(item("p", {{"G", {{"S", "new"}}}}));
  input["ConditionExpression"] = "attribute_not_exists(P)";
  try {
    input["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
    shoal.call("PutItem", input);
    FAIL("the condition does not hold");
  } catch (const Error& error) {
    CHECK(error.type().name == "ConditionalCheckFailedException");
    CHECK(Json::parse("{" + error.members().substr(1) + "}")["Item"] == old);
  }
  CHECK(shoal.call("GetItem", {{"TableName", "Things"}, {"Key", key("p")}})["Item"] == old);
}

TEST_CASE("Updates that only remove create nothing, others do") {
  TestShoal shoal;
  create_indexed_table(shoal);
  const auto update = [&](const std::string& p, const Json& expression) {
    Json input = {{"TableName", "Things"}, {"Key", key(p)}, {"ReturnValues", "ALL_NEW"}};
    input.update(expression);
    return shoal.call("UpdateItem", input);
  };
  CHECK(update("a", {{"UpdateExpression", "REMOVE V"}}) == Json::object());
  CHECK(update("b", Json::object())["Attributes"] == key("b"));
  CHECK(update("c", {{"UpdateExpression", "SET V = :v"},
                     {"ExpressionAttributeValues", {{":v", {{"N", "1"}}}}}})["Attributes"] ==
        item("c", {{"V", {{"N", "1"}}}}));
  CHECK(shoal.describe("Things")["ItemCount"] == 2);
}

TEST_CASE("Counts and sizes stay true through random writes") {
  TestShoal shoal;  // Its way out compares every index and count with the table.
  create_indexed_table(shoal);
  std::mt19937 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  const auto text = [&](std::size_t most) { return Json{{"S", std::string(1 + random() % most, 'a' + random() % 3)}}; };
  for (int i = 0; i < 600; ++i) {
    const auto id = key("p" + std::to_string(random() % 5), "s" + std::to_string(random() % 5));
    auto whole = id;
    if (random() % 2) whole["G"] = text(2);
    if (random() % 2) whole["L"] = {{"N", std::to_string(random() % 3)}};
    if (random() % 2) whole["V"] = text(2000);
    switch (random() % 4) {
      case 0:
        shoal.call("DeleteItem", {{"TableName", "Things"}, {"Key", id}});
        break;
      case 1:
        shoal.call("UpdateItem", {{"TableName", "Things"},
                                  {"Key", id},
                                  {"UpdateExpression", random() % 2 ? "SET G = :v REMOVE L" : "SET V = :v"},
                                  {"ExpressionAttributeValues", {{":v", text(3)}}}});
        break;
      case 2:
        shoal.call("BatchWriteItem", {{"RequestItems", {{"Things", {{{"PutRequest", {{"Item", whole}}}}}}}}});
        break;
      default:
        shoal.call("PutItem", {{"TableName", "Things"}, {"Item", whole}});
    }
  }
}

TEST_CASE("Keys of items are held against the schema in PutItem's and BatchWriteItem's own words") {
  TestShoal shoal;
  create_indexed_table(shoal);
  const auto refusals = [&](const Json& whole) {
    return std::pair(
        shoal.refusal("PutItem", put(whole)),
        shoal.refusal("BatchWriteItem", {{"RequestItems", {{"Things", {{{"PutRequest", {{"Item", whole}}}}}}}}}));
  };
  const std::string schema = "ValidationException: The provided key element does not match the schema";
  CHECK(refusals({{"P", {{"S", "p"}}}}) == std::pair(kInvalid + "Missing the key S in the item", schema));
  CHECK(refusals({{"P", {{"S", "p"}}}, {"S", {{"N", "1"}}}}) ==
        std::pair(kInvalid + "Type mismatch for key S expected: S actual: N", schema));
  const std::string empty =
      "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty string value. Key: S";
  CHECK(refusals({{"P", {{"S", "p"}}}, {"S", {{"S", ""}}}}) == std::pair(empty, empty));
  const std::string type = kInvalid + "Type mismatch for Index Key G Expected: S Actual: NULL IndexName: ByG";
  CHECK(refusals(item("p", {{"G", {{"NULL", true}}}})) == std::pair(type, type));
  const std::string hash = kInvalid + "Size of hashkey has exceeded the maximum size limit of2048 bytes";
  CHECK(refusals(item(std::string(2049, 'p'), Json::object())) == std::pair(hash, hash));
  CHECK(shoal.refusal("PutItem", put(item(std::string(2048, 'p'), Json::object()))).empty());
}

TEST_CASE("A write prepared for a table that has changed meanwhile starts again") {
  TestShoal shoal;
  create_indexed_table(shoal);
  auto table = *shoal.catalog().find("000000000000", "us-east-1", "Things");
  shoal.engine().write([&](kv::Transaction& transaction) {  // Another process's change: the cache does not know.
    table.deletion_protection = true;
    shoal.catalog().put(transaction, table);
  });
  CHECK(shoal.refusal("PutItem", put(item("p", Json::object()))).empty());
  CHECK(shoal.catalog().find("000000000000", "us-east-1", "Things")->deletion_protection);
}

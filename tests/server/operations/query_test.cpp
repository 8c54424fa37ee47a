// Query and Scan against the plainest model: a sorted map of what was put.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

// Items by partition key, then by sort key; the value is the whole item.
using Model = std::map<std::string, std::map<int, Json>>;

// Table Points (P:S, N:N), with a local index by W and a global one by G and N.
struct Fixture {
  TestShoal shoal;
  Model model;

  Fixture() {
    shoal.call("CreateTable", R"({
      "TableName": "Points", "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [{"AttributeName": "P", "AttributeType": "S"}, {"AttributeName": "N", "AttributeType": "N"},
                               {"AttributeName": "W", "AttributeType": "N"}, {"AttributeName": "G", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "N", "KeyType": "RANGE"}],
      "LocalSecondaryIndexes": [{"IndexName": "ByW", "Projection": {"ProjectionType": "KEYS_ONLY"},
        "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "W", "KeyType": "RANGE"}]}],
      "GlobalSecondaryIndexes": [{"IndexName": "ByG", "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["V"]},
        "KeySchema": [{"AttributeName": "G", "KeyType": "HASH"}, {"AttributeName": "N", "KeyType": "RANGE"}]}]})"_json);
  }

  void put(const std::string& p, int n, const Json& more = Json::object()) {
    Json item = {{"P", {{"S", p}}}, {"N", {{"N", std::to_string(n)}}}};
    item.update(more);
    shoal.call("PutItem", {{"TableName", "Points"}, {"Item", item}});
    model[p][n] = item;
  }

  // Every page of the request, in order.
  std::vector<Json> all(const std::string& operation, Json input) {
    std::vector<Json> items;
    for (int pages = 0; pages < 10'000; ++pages) {
      const auto answer = shoal.call(operation, input);
      for (const auto& item : answer["Items"]) items.push_back(item);
      if (!answer.contains("LastEvaluatedKey")) return items;
      input["ExclusiveStartKey"] = answer["LastEvaluatedKey"];
    }
    FAIL("pages without end");
    return items;
  }
};

Json query(const std::string& condition, const Json& values) {
  return {{"TableName", "Points"}, {"KeyConditionExpression", condition}, {"ExpressionAttributeValues", values}};
}

Json number(int n) { return {{"N", std::to_string(n)}}; }

}  // namespace

TEST_CASE("Queries give what a sorted map gives, in both directions and pages of any size") {
  Fixture fixture;
  std::mt19937 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  for (int i = 0; i < 200; ++i) fixture.put("p" + std::to_string(random() % 3), static_cast<int>(random() % 101) - 50);

  for (int round = 0; round < 200; ++round) {
    const auto p = "p" + std::to_string(random() % 3);
    int low = static_cast<int>(random() % 121) - 60, high = static_cast<int>(random() % 121) - 60;
    if (low > high) std::swap(low, high);
    struct Case {
      const char* condition;
      bool (*holds)(int n, int low, int high);
      bool upper;
    };
    constexpr Case kCases[] = {
        {"P = :p AND N BETWEEN :l AND :h", [](int n, int l, int h) { return n >= l && n <= h; }, true},
        {"P = :p AND N < :l", [](int n, int l, int) { return n < l; }, false},
        {"P = :p AND N <= :l", [](int n, int l, int) { return n <= l; }, false},
        {"N > :l AND P = :p", [](int n, int l, int) { return n > l; }, false},
        {"P = :p AND :l <= N", [](int n, int l, int) { return n >= l; }, false},
        {"P = :p AND N = :l", [](int n, int l, int) { return n == l; }, false},
    };
    const auto& chosen = kCases[random() % std::size(kCases)];
    Json values = {{":p", {{"S", p}}}, {":l", number(low)}};
    if (chosen.upper) values[":h"] = number(high);
    auto input = query(chosen.condition, values);
    const bool backward = random() % 2;
    input["ScanIndexForward"] = !backward;
    if (random() % 3) input["Limit"] = 1 + random() % 7;

    std::vector<Json> expected;
    for (const auto& [n, item] : fixture.model[p]) {
      if (chosen.holds(n, low, high)) expected.push_back(item);
    }
    if (backward) std::reverse(expected.begin(), expected.end());
    INFO(input.dump());
    REQUIRE(fixture.all("Query", input) == expected);
  }
}

TEST_CASE("The segments of a scan hold every item once, whatever their number") {
  Fixture fixture;
  for (int i = 0; i < 150; ++i) fixture.put("p" + std::to_string(i), i);
  for (const int total : {1, 2, 3, 7, 64, 1'000}) {
    std::set<std::string> seen;
    std::size_t count = 0;
    for (int segment = 0; segment < total; ++segment) {
      const auto items =
          fixture.all("Scan", {{"TableName", "Points"}, {"Segment", segment}, {"TotalSegments", total}, {"Limit", 10}});
      count += items.size();
      for (const auto& item : items) seen.insert(item["P"]["S"].get<std::string>());
    }
    CHECK(count == 150);
    CHECK(seen.size() == 150);
  }
}

TEST_CASE("A start key of another segment is refused") {
  Fixture fixture;
  for (int i = 0; i < 50; ++i) fixture.put("p" + std::to_string(i), i);
  const auto page =
      fixture.shoal.call("Scan", {{"TableName", "Points"}, {"Segment", 0}, {"TotalSegments", 2}, {"Limit", 1}});
  CHECK(fixture.shoal.refusal("Scan", {{"TableName", "Points"},
                                       {"Segment", 1},
                                       {"TotalSegments", 2},
                                       {"ExclusiveStartKey", page["LastEvaluatedKey"]}}) ==
        "ValidationException: The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 1");
}

TEST_CASE("A page ends with the item that reaches 1 MB") {
  Fixture fixture;
  const std::string filler(200'000, 'x');
  for (int n = 0; n < 10; ++n) fixture.put("p", n, {{"V", {{"S", filler}}}});
  auto input = query("P = :p", {{":p", {{"S", "p"}}}});
  const auto page = fixture.shoal.call("Query", input);
  CHECK(page["Count"] == 6);  // Five of 200,008 bytes and a bit stay below 1,048,576.
  CHECK(page["LastEvaluatedKey"]["N"] == number(5));
  // The filter does not make room: what it drops has been read.
  input["FilterExpression"] = "attribute_not_exists(V)";
  const auto filtered = fixture.shoal.call("Query", input);
  CHECK(filtered["Count"] == 0);
  CHECK(filtered["ScannedCount"] == 6);
  CHECK(filtered.contains("LastEvaluatedKey"));
}

TEST_CASE("A start key needs no item, and must lie in the range") {
  Fixture fixture;
  for (int n = 0; n < 10; n += 2) fixture.put("p", n);
  auto input = query("P = :p AND N < :n", {{":p", {{"S", "p"}}}, {":n", number(7)}});
  const auto refusal = [&](const std::string& p, int n) {
    input["ExclusiveStartKey"] = {{"P", {{"S", p}}}, {"N", number(n)}};
    return fixture.shoal.refusal("Query", input);
  };
  CHECK(refusal("p", 3).empty());
  CHECK(fixture.all("Query", input).size() == 2);
  CHECK(refusal("p", 7) == "ValidationException: The provided starting key does not match the range key predicate");
  CHECK(refusal("q", 3) ==
        "ValidationException: The provided starting key is outside query boundaries based on provided conditions");
}

TEST_CASE("A local index reads from the table what it does not keep, and charges for it") {
  Fixture fixture;
  for (int n = 0; n < 5; ++n) fixture.put("p", n, {{"W", number(10 - n)}, {"V", {{"S", "v"}}}});
  auto input = query("P = :p", {{":p", {{"S", "p"}}}});
  input["IndexName"] = "ByW";
  input["ReturnConsumedCapacity"] = "INDEXES";

  auto answer = fixture.shoal.call("Query", input);
  CHECK(answer["Items"][0] == Json({{"P", {{"S", "p"}}}, {"N", number(4)}, {"W", number(6)}}));
  CHECK(answer["ConsumedCapacity"]["CapacityUnits"] == 0.5);
  CHECK_FALSE(answer["ConsumedCapacity"].contains("Table"));

  input["Select"] = "ALL_ATTRIBUTES";
  answer = fixture.shoal.call("Query", input);
  CHECK(answer["Items"][0]["V"] == Json({{"S", "v"}}));
  CHECK(answer["ConsumedCapacity"]["Table"]["CapacityUnits"] == 2.5);
  CHECK(answer["ConsumedCapacity"]["LocalSecondaryIndexes"]["ByW"]["CapacityUnits"] == 0.5);

  input.erase("Select");
  input["FilterExpression"] = "V = :p";
  answer = fixture.shoal.call("Query", input);
  CHECK(answer["Count"] == 0);
  CHECK(answer["ConsumedCapacity"]["CapacityUnits"] == 3.0);
}

TEST_CASE("A global index gives only what it keeps") {
  Fixture fixture;
  fixture.put("p", 1, {{"G", {{"S", "g"}}}, {"V", {{"S", "v"}}}, {"X", {{"S", "x"}}}});
  auto input = query("G = :g", {{":g", {{"S", "g"}}}});
  input["IndexName"] = "ByG";
  CHECK(fixture.shoal.call("Query", input)["Items"] ==
        Json::array({{{"P", {{"S", "p"}}}, {"N", number(1)}, {"G", {{"S", "g"}}}, {"V", {{"S", "v"}}}}}));
  const std::string invalid = "ValidationException: One or more parameter values were invalid: ";
  input["ProjectionExpression"] = "V, X";
  CHECK(fixture.shoal.refusal("Query", input) == invalid + "Global secondary index ByG does not project [X]");
  input.erase("ProjectionExpression");
  input["FilterExpression"] = "X = :g";
  CHECK(fixture.shoal.refusal("Query", input) ==
        invalid + "Secondary index ByG does not project one or more filter attributes: [X]");
  input.erase("FilterExpression");
  input["Select"] = "ALL_ATTRIBUTES";
  CHECK(fixture.shoal.refusal("Query", input) ==
        invalid +
            "Select type ALL_ATTRIBUTES is not supported for global secondary index ByG because its projection type is "
            "not ALL");
  input.erase("Select");
  input["ConsistentRead"] = true;
  CHECK(fixture.shoal.refusal("Query", input) ==
        "ValidationException: Consistent reads are not supported on global secondary indexes");
}

// Transactions with a clock to move and indexes that the fixture checks.
#include <catch2/catch.hpp>
#include <random>

#include "support/test_shoal.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

void create_indexed_table(TestShoal& shoal) {
  shoal.call("CreateTable", R"({
    "TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "P", "AttributeType": "S"}, {"AttributeName": "S", "AttributeType": "S"},
                             {"AttributeName": "G", "AttributeType": "S"}, {"AttributeName": "L", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "S", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "ByL", "Projection": {"ProjectionType": "KEYS_ONLY"},
      "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "L", "KeyType": "RANGE"}]}],
    "GlobalSecondaryIndexes": [{"IndexName": "ByG", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "G", "KeyType": "HASH"}]}]})"_json);
}

Json key(const std::string& p) { return {{"P", {{"S", p}}}, {"S", {{"S", "s"}}}}; }

Json count_up(const std::string& p, const std::string& by = "1") {
  return {{"Update",
           {{"TableName", "Things"},
            {"Key", key(p)},
            {"UpdateExpression", "ADD N :by"},
            {"ExpressionAttributeValues", {{":by", {{"N", by}}}}}}}};
}

Json transaction(std::vector<Json> actions, const std::string& token = {}) {
  Json input{{"TransactItems", std::move(actions)}};
  if (!token.empty()) input["ClientRequestToken"] = token;
  return input;
}

std::string count_of(TestShoal& shoal, const std::string& p) {
  const auto found = shoal.call("GetItem", {{"TableName", "Things"}, {"Key", key(p)}});
  return found.contains("Item") ? found["Item"]["N"]["N"].get<std::string>() : "";
}

}  // namespace

TEST_CASE("A token stands for its transaction for ten minutes of the clock, also after a restart") {
  TestShoal shoal;
  create_indexed_table(shoal);
  const auto once = transaction({count_up("a")}, "token");
  shoal.call("TransactWriteItems", once);
  shoal.call("TransactWriteItems", once);
  shoal.restart();
  shoal.clock.advance(10min - 1s);
  shoal.call("TransactWriteItems", once);
  CHECK(count_of(shoal, "a") == "1");
  CHECK(shoal.refusal("TransactWriteItems", transaction({count_up("a", "2")}, "token")) ==
        "IdempotentParameterMismatchException: The request was rejected because the parameters of the request do not "
        "match those of the earlier request with the same client token");
  shoal.clock.advance(2s);
  shoal.call("TransactWriteItems", transaction({count_up("a", "2")}, "token"));
  CHECK(count_of(shoal, "a") == "3");
}

TEST_CASE("A cancelled transaction changes nothing, and its token is free") {
  TestShoal shoal;
  create_indexed_table(shoal);
  auto guarded = count_up("b");
  guarded["Update"]["ConditionExpression"] = "attribute_exists(P)";
  CHECK(shoal.refusal("TransactWriteItems", transaction({count_up("a"), guarded}, "token")) ==
        "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ConditionalCheckFailed]");
  CHECK(count_of(shoal, "a").empty());
  shoal.call("TransactWriteItems", transaction({count_up("a")}, "token"));
  CHECK(count_of(shoal, "a") == "1");
}

TEST_CASE("A token that another account used is fresh") {
  TestShoal shoal;
  create_indexed_table(shoal);
  shoal.call("TransactWriteItems", transaction({count_up("a")}, "token"));
  shoal.account = "111111111111";
  create_indexed_table(shoal);
  shoal.call("TransactWriteItems", transaction({count_up("a")}, "token"));
  CHECK(count_of(shoal, "a") == "1");
}

// What all of them do is what each would do alone, and the fixture compares the indexes at the end.
TEST_CASE("Random transactions leave what a map would hold") {
  const auto seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<int>(random() % n); };
  TestShoal shoal;
  create_indexed_table(shoal);
  std::map<std::string, Json> model;
  int cancelled = 0;
  for (int round = 0; round < 150; ++round) {
    auto after = model;
    bool holds = true;
    std::vector<Json> actions;
    std::vector<std::string> names;
    for (int i = 0; i < 20; ++i) names.push_back("p" + std::to_string(i));
    std::shuffle(names.begin(), names.end(), random);
    names.resize(1 + random() % 8);
    for (const auto& name : names) {
      const int kind = below(12);
      if (kind == 0) {
        holds = holds && model.contains(name);
        actions.push_back(
            {{"ConditionCheck",
              {{"TableName", "Things"}, {"Key", key(name)}, {"ConditionExpression", "attribute_exists(P)"}}}});
      } else if (kind <= 3) {
        actions.push_back({{"Delete", {{"TableName", "Things"}, {"Key", key(name)}}}});
        after.erase(name);
      } else {
        auto item = key(name);
        if (below(2)) item["G"] = {{"S", "g" + std::to_string(below(3))}};
        if (below(2)) item["L"] = {{"N", std::to_string(below(9))}};
        actions.push_back({{"Put", {{"TableName", "Things"}, {"Item", item}}}});
        after[name] = item;
      }
    }
    const auto refusal = shoal.refusal("TransactWriteItems", transaction(actions));
    CHECK(refusal.empty() == holds);
    if (holds)
      model = std::move(after);
    else
      ++cancelled;
  }
  CHECK(cancelled > 0);
  std::map<std::string, Json> found;
  const auto scanned = shoal.call("Scan", {{"TableName", "Things"}});
  for (const auto& item : scanned["Items"]) found[item["P"]["S"]] = item;
  CHECK(found == model);
}

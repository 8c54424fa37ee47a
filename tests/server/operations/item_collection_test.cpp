// Of tables with a local index: the items of one partition key and their index entries are a collection of at most 10
// GB.
#include <catch2/catch.hpp>
#include <map>

#include "storage/key/key_part.h"
#include "storage/key/layout.h"
#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t kGigabyte = std::int64_t{1} << 30;
const std::string kFull = "ItemCollectionSizeLimitExceededException: Collection size exceeded.";

Json item(const std::string& p, int c, const Json& more = Json::object()) {
  Json item{{"P", {{"S", p}}}, {"C", {{"N", std::to_string(c)}}}};
  item.update(more);
  return item;
}

// A table whose collections can be made as large as one likes, as far as their counters know.
struct Collections {
  TestShoal shoal;
  std::map<std::string, std::int64_t> grown;
  Collections() {
    shoal.call("CreateTable", R"({
      "TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [{"AttributeName": "P", "AttributeType": "S"}, {"AttributeName": "C", "AttributeType": "N"},
                               {"AttributeName": "L", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "C", "KeyType": "RANGE"}],
      "LocalSecondaryIndexes": [{"IndexName": "ByL", "Projection": {"ProjectionType": "ALL"},
        "KeySchema": [{"AttributeName": "P", "KeyType": "HASH"}, {"AttributeName": "L", "KeyType": "RANGE"}]}]})"_json);
  }

  // So that the counters are true in the end.
  ~Collections() {
    for (const auto& [p, bytes] : std::map(grown)) grow(p, -bytes);
  }

  void grow(const std::string& p, std::int64_t bytes) {
    const auto table = shoal.catalog().find(shoal.account, shoal.region, "Things");
    grown[p] += bytes;
    std::string partition;
    append_key_part(partition, Value::string(p).view());
    shoal.engine().write(
        [&](kv::Transaction& transaction) { transaction.add(collection_key(table->id, partition), bytes); });
  }

  Json put(const Json& item) { return {{"TableName", "Things"}, {"Item", item}}; }
  Json of(const Json& item) { return {{"TableName", "Things"}, {"Key", item}}; }
};

}  // namespace

TEST_CASE("A write that would make a collection larger than 10 GB is refused, also by its index entry") {
  Collections things;
  auto& shoal = things.shoal;
  things.grow("p", 10 * kGigabyte - 20);
  // P, p, C and its number: 5 bytes; with L and l 7, and as many in the index.
  CHECK(shoal.refusal("PutItem", things.put(item("p", 1, {{"V", {{"S", std::string(15, 'v')}}}}))) == kFull);
  CHECK(shoal.refusal("PutItem", things.put(item("p", 1, {{"V", {{"S", std::string(14, 'v')}}}}))).empty());
  CHECK(shoal.refusal("PutItem", things.put(item("p", 2))) == kFull);
  CHECK(shoal.refusal("UpdateItem", R"({"TableName": "Things", "Key": {"P": {"S": "p"}, "C": {"N": "1"}},
      "UpdateExpression": "SET L = :l", "ExpressionAttributeValues": {":l": {"S": "l"}}})"_json) == kFull);
  CHECK(shoal.refusal("PutItem", things.put(item("q", 2))).empty());
}

TEST_CASE("A full collection can be read, shrunk and deleted from") {
  Collections things;
  auto& shoal = things.shoal;
  shoal.call("PutItem", things.put(item("p", 1, {{"V", {{"S", "long"}}}})));
  shoal.call("PutItem", things.put(item("p", 2)));
  things.grow("p", 10 * kGigabyte);
  CHECK(shoal.refusal("PutItem", things.put(item("p", 1, {{"V", {{"S", "same"}}}}))).empty());
  CHECK(shoal.refusal("PutItem", things.put(item("p", 1, {{"V", {{"S", "longer"}}}}))) == kFull);
  CHECK(shoal.refusal("PutItem", things.put(item("p", 1))).empty());
  CHECK(shoal.refusal("DeleteItem", things.of(item("p", 2))).empty());
  CHECK(shoal.call("GetItem", things.of(item("p", 1)))["Item"] == item("p", 1));
}

TEST_CASE("A full collection cancels a transaction") {
  Collections things;
  auto& shoal = things.shoal;
  things.grow("p", 10 * kGigabyte);
  const Json input{{"TransactItems", {{{"Put", things.put(item("q", 1))}}, {{"Put", things.put(item("p", 1))}}}}};
  CHECK(shoal.refusal("TransactWriteItems", input) ==
        "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ItemCollectionSizeLimitExceeded]");
  CHECK(shoal.call("Scan", {{"TableName", "Things"}})["Count"] == 0);
}

TEST_CASE("What the actions of a transaction add to a collection counts together") {
  Collections things;
  auto& shoal = things.shoal;
  const auto puts = [&](const std::string& p, int count) {
    Json input{{"TransactItems", Json::array()}};
    for (int c = 1; c <= count; ++c) input["TransactItems"].push_back({{"Put", things.put(item(p, c))}});
    return input;
  };
  things.grow("p", 10 * kGigabyte - 12);  // An item takes 5.
  CHECK(shoal.refusal("TransactWriteItems", puts("p", 3)) ==
        "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, None, ItemCollectionSizeLimitExceeded]");
  // What one action takes away makes room for the next one.
  CHECK(shoal.refusal("TransactWriteItems", puts("p", 2)).empty());
  const Json swap{{"TransactItems", {{{"Delete", things.of(item("p", 1))}}, {{"Put", things.put(item("p", 3))}}}}};
  CHECK(shoal.refusal("TransactWriteItems", swap).empty());
  // Collections of other keys are others.
  auto others = puts("q", 3);
  others["TransactItems"].push_back({{"Delete", things.of(item("p", 2))}});
  CHECK(shoal.refusal("TransactWriteItems", others).empty());
}

TEST_CASE("The size of the collection is told in gigabytes") {
  Collections things;
  things.grow("p", 3 * kGigabyte + 5);
  auto input = things.put(item("p", 1));
  input["ReturnItemCollectionMetrics"] = "SIZE";
  const auto range = [&] {
    return things.shoal.call("PutItem", input)["ItemCollectionMetrics"]["SizeEstimateRangeGB"].dump();
  };
  CHECK(range() == "[3.0,4.0]");
  things.grow("p", -kGigabyte);
  CHECK(range() == "[2.0,3.0]");
}

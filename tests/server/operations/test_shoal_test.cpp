// The fixture's own check must be able to fail.
#include "support/test_shoal.h"

#include <catch2/catch.hpp>

#include "storage/items.h"
#include "storage/range.h"

using namespace shoal;

TEST_CASE("the fixture notices an index entry that is missing", "[!shouldfail]") {
  TestShoal shoal;
  shoal.call("CreateTable", R"({
    "TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                             {"AttributeName": "Year", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [{"IndexName": "ByYear", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "Year", "KeyType": "HASH"}]}]})"_json);
  shoal.call("PutItem", R"({"TableName": "Music", "Item": {"Artist": {"S": "a"}, "Year": {"N": "1"}}})"_json);
  const auto table = shoal.catalog().find(shoal.account, shoal.region, "Music");
  shoal.engine().write([&](kv::Transaction& transaction) {
    const auto cursor = transaction.cursor();
    REQUIRE(cursor->seek(space_prefix(table->indexes[0].id)));
    transaction.erase(std::string(cursor->key()));
  });
}

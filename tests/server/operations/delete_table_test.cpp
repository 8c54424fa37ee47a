#include <catch2/catch.hpp>

#include "storage/range.h"
#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

// Everything in the store but the catalog's sequence.
std::size_t records_left(TestShoal& shoal) {
  std::size_t count = 0;
  const auto snapshot = shoal.engine().snapshot();
  const auto cursor = snapshot->cursor();
  for (bool more = cursor->seek(std::string_view("\0", 1)); more; more = cursor->next()) {
    if (cursor->key() != sequence_key("space")) ++count;
  }
  return count;
}

void put(TestShoal& shoal, int i) {
  shoal.call("PutItem", {{"TableName", "Music"},
                         {"Item",
                          {{"Artist", {{"S", "a" + std::to_string(i % 3)}}},
                           {"Song", {{"N", std::to_string(i)}}},
                           {"Year", {{"N", std::to_string(i)}}}}}});
}

Json indexed_table() {
  return R"({
    "TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                             {"AttributeName": "Song", "AttributeType": "N"},
                             {"AttributeName": "Year", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Song", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "Local", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [
      {"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Year", "KeyType": "RANGE"}]}],
    "GlobalSecondaryIndexes": [{"IndexName": "Global", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "Year", "KeyType": "HASH"}]}]})"_json;
}

}  // namespace

TEST_CASE("DeleteTable answers DELETING, and the table is gone at once") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  const auto deleted = shoal.call("DeleteTable", {{"TableName", "Music"}})["TableDescription"];
  CHECK(deleted["TableStatus"] == "DELETING");
  CHECK(deleted["TableName"] == "Music");
  CHECK(deleted["ItemCount"] == 0);
  for (const auto* operation : {"DescribeTable", "DeleteTable", "UpdateTable"}) {
    CHECK(shoal.refusal(operation, {{"TableName", "Music"}, {"BillingMode", "PAY_PER_REQUEST"}}) ==
          "ResourceNotFoundException: Requested resource not found: Table: Music not found");
  }
  CHECK(shoal.refusal("Scan", {{"TableName", "Music"}}) == "ResourceNotFoundException: Requested resource not found");
}

TEST_CASE("nothing of a deleted table stays in the store") {
  TestShoal shoal;
  shoal.call("CreateTable", indexed_table());
  // More than one step of emptying.
  for (int i = 0; i < 1100; ++i) put(shoal, i);
  shoal.call("DeleteTable", {{"TableName", "Music"}});
  CHECK(records_left(shoal) == 0);
}

TEST_CASE("a restart goes on with emptying, and a new table of the name sees nothing of the old one") {
  TestShoal shoal;
  shoal.call("CreateTable", indexed_table());
  for (int i = 0; i < 20; ++i) put(shoal, i);
  shoal.runs_jobs = false;
  shoal.call("DeleteTable", {{"TableName", "Music"}});
  shoal.call("CreateTable", indexed_table());
  CHECK(shoal.call("Scan", {{"TableName", "Music"}})["Count"] == 0);
  CHECK(shoal.describe("Music")["ItemCount"] == 0);
  shoal.restart();
  shoal.run_jobs();
  put(shoal, 1);
  CHECK(shoal.describe("Music")["ItemCount"] == 1);
  shoal.runs_jobs = true;
  shoal.call("DeleteTable", {{"TableName", "Music"}});
  CHECK(records_left(shoal) == 0);
}

TEST_CASE("a protected table is not deleted until its protection is taken off") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  shoal.call("UpdateTable", {{"TableName", "Music"}, {"DeletionProtectionEnabled", true}});
  CHECK(shoal.refusal("DeleteTable", {{"TableName", "Music"}}) ==
        "ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion protection first.");
  shoal.call("UpdateTable", {{"TableName", "Music"}, {"DeletionProtectionEnabled", false}});
  CHECK(shoal.refusal("DeleteTable", {{"TableName", "Music"}}).empty());
}

TEST_CASE("with a delay a table is DELETING until it is over, and deleting it again is no error") {
  Config config;
  config.table_delay_ms = 3'000;
  TestShoal shoal(config);
  shoal.create_table("Music", "Artist:S");
  shoal.clock.advance(std::chrono::seconds(3));
  shoal.run_jobs();
  shoal.call("DeleteTable", {{"TableName", "Music"}});
  CHECK(shoal.describe("Music")["TableStatus"] == "DELETING");
  CHECK(shoal.call("DeleteTable", {{"TableName", "Music"}})["TableDescription"]["TableStatus"] == "DELETING");
  CHECK(shoal.refusal("UpdateTable", {{"TableName", "Music"}, {"DeletionProtectionEnabled", true}}) ==
        "ResourceInUseException: Attempt to change a resource which is still in use: Table is being deleted: Music");
  shoal.restart();
  shoal.clock.advance(std::chrono::seconds(3));
  shoal.run_jobs();
  CHECK(shoal.refusal("DescribeTable", {{"TableName", "Music"}}).starts_with("ResourceNotFoundException"));
  CHECK(records_left(shoal) == 0);
}

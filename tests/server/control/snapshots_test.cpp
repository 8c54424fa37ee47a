#include <catch2/catch.hpp>

#include "server/control/endpoint.h"
#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

struct World {
  TestShoal shoal;

  World() {
    shoal.call("CreateTable", R"({
      "TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}, {"AttributeName": "Year", "AttributeType": "N"}],
      "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
      "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
      "GlobalSecondaryIndexes": [{"IndexName": "ByYear", "Projection": {"ProjectionType": "ALL"},
        "KeySchema": [{"AttributeName": "Year", "KeyType": "HASH"}]}]})"_json);
    put("1", 1959);
  }

  void put(const std::string& id, int year) {
    shoal.call("PutItem",
               {{"TableName", "Music"}, {"Item", {{"Id", {{"S", id}}}, {"Year", {{"N", std::to_string(year)}}}}}});
  }
  Json post(nlohmann::json (*run)(const Services&, const nlohmann::json&), const Json& body) {
    auto answer = run(shoal.services(), body);
    shoal.run_jobs();
    return answer;
  }
  Json count() { return shoal.call("Scan", {{"TableName", "Music"}, {"Select", "COUNT"}})["Count"]; }
  Json streams() { return shoal.call("ListStreams")["Streams"].size(); }
};

}  // namespace

TEST_CASE("A restore brings back items, tables, indexes and streams as they were at the snapshot") {
  World world;
  const auto described = world.shoal.describe("Music");
  CHECK(world.post(take_snapshot, {{"name", "seeded"}}) == Json{{"snapshots", {"seeded"}}});
  for (int round = 0; round < 3; ++round) {
    world.put("1", 1960);
    world.put("2", 1961);
    world.shoal.create_table("Other", "P:S");
    CHECK(world.post(restore_snapshot, {{"name", "seeded"}}) == Json{{"snapshots", {"seeded"}}});
    CHECK(world.shoal.describe("Music") == described);
    CHECK(world.shoal.call("ListTables")["TableNames"] == Json{"Music"});
    CHECK(world.shoal.call("GetItem",
                           R"({"TableName": "Music", "Key": {"Id": {"S": "1"}}})"_json)["Item"]["Year"]["N"] == "1959");
    CHECK(world.count() == 1);
  }
  world.shoal.call("DeleteTable", {{"TableName", "Music"}});
  world.post(restore_snapshot, {{"name", "seeded"}});
  CHECK(world.count() == 1);
  world.put("3", 1962);
  CHECK(world.count() == 2);
  CHECK(world.post(drop_snapshots, nullptr) == Json{{"snapshots", Json::array()}});
}

TEST_CASE("A reset leaves nothing, of one account or of all") {
  World world;
  world.shoal.call("TransactWriteItems", R"({"ClientRequestToken": "t", "TransactItems": [
    {"Put": {"TableName": "Music", "Item": {"Id": {"S": "9"}}}}]})"_json);
  world.shoal.account = "000000000042";
  world.shoal.create_table("Theirs", "P:S");
  CHECK(world.post(reset_data, {{"account", "000000000042"}}) == Json{{"tables", 1}});
  CHECK(world.shoal.call("ListTables")["TableNames"].empty());
  world.shoal.account = "000000000000";
  CHECK(world.count() == 2);
  CHECK(world.streams() == 1);
  CHECK(world.post(reset_data, Json::object()) == Json{{"tables", 1}});
  CHECK(world.shoal.call("ListTables")["TableNames"].empty());
  CHECK(world.streams() == 0);
  const auto snapshot = world.shoal.engine().snapshot();
  const auto cursor = snapshot->cursor();
  for (bool there = cursor->seek(std::string(1, '\0')); there; there = cursor->next()) {
    const auto kind = cursor->key()[0];
    CHECK((kind == 0x04 || kind == 0x09));  // The sequence of spaces, and ends of tokens, which go with the next token.
  }
}

TEST_CASE("What is asked wrongly is refused in words") {
  World world;
  CHECK_THROWS_WITH(world.post(restore_snapshot, {{"name", "nope"}}),
                    "there is no snapshot 'nope': GET /_shoal/snapshots lists them");
  CHECK_THROWS_WITH(world.post(take_snapshot, {{"name", ""}}), "a snapshot's name has 1 to 255 bytes");
  CHECK_THROWS_WITH(world.post(take_snapshot, Json::object()), R"(the body must be {"name": NAME})");
  CHECK_THROWS_WITH(world.post(reset_data, {{"account", "me"}}), "an account is twelve digits, not 'me'");
  CHECK_THROWS_WITH(world.post(reset_data, {{"all", true}}), R"(the body must be {} or {"account": ID})");
}

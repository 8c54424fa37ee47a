#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

Json units(std::int64_t read, std::int64_t write) {
  return {{"ReadCapacityUnits", read}, {"WriteCapacityUnits", write}};
}

void create_provisioned(TestShoal& shoal, std::int64_t read = 5, std::int64_t write = 5) {
  auto input = R"({
    "TableName": "Music",
    "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                             {"AttributeName": "Year", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [{"IndexName": "ByYear", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "Year", "KeyType": "HASH"}]}]})"_json;
  input["ProvisionedThroughput"] = units(read, write);
  input["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] = units(read, write);
  shoal.call("CreateTable", input);
}

Json update(Json members) {
  members["TableName"] = "Music";
  return members;
}

Json change(TestShoal& shoal, Json members) {
  return shoal.call("UpdateTable", update(std::move(members)))["TableDescription"];
}
std::string refusal(TestShoal& shoal, Json members) { return shoal.refusal("UpdateTable", update(std::move(members))); }

Json creation(const std::string& name, const std::string& attribute, const std::string& type = "N") {
  return {{"AttributeDefinitions", {{{"AttributeName", attribute}, {"AttributeType", type}}}},
          {"GlobalSecondaryIndexUpdates",
           {{{"Create",
              {{"IndexName", name},
               {"KeySchema", {{{"AttributeName", attribute}, {"KeyType", "HASH"}}}},
               {"Projection", {{"ProjectionType", "ALL"}}}}}}}}};
}

Json removal(const std::string& name) {
  return {{"GlobalSecondaryIndexUpdates", {{{"Delete", {{"IndexName", name}}}}}}};
}

Json throughput_update(const std::string& name, Json throughput) {
  return {{"GlobalSecondaryIndexUpdates",
           {{{"Update", {{"IndexName", name}, {"ProvisionedThroughput", std::move(throughput)}}}}}}};
}

void put_songs(TestShoal& shoal, int from, int to) {
  for (int i = from; i < to; ++i) {
    shoal.call(
        "PutItem",
        {{"TableName", "Music"},
         {"Item", {{"Artist", {{"S", "artist" + std::to_string(i)}}}, {"Plays", {{"N", std::to_string(i % 10)}}}}}});
  }
}

Json by_plays(TestShoal& shoal, int plays) {
  return shoal.call("Query", {{"TableName", "Music"},
                              {"IndexName", "ByPlays"},
                              {"KeyConditionExpression", "Plays = :p"},
                              {"ExpressionAttributeValues", {{":p", {{"N", std::to_string(plays)}}}}}});
}

const std::string kOnlyOne =
    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
    "per table";

}  // namespace

TEST_CASE("an update asks for something") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  const std::string nothing =
      "ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
      "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required";
  CHECK(refusal(shoal, Json::object()) == nothing);
  CHECK(refusal(shoal, {{"GlobalSecondaryIndexUpdates", Json::array()}}) == nothing);
  CHECK(shoal.refusal("UpdateTable", {{"TableName", "Nope"}, {"BillingMode", "PAY_PER_REQUEST"}}) ==
        "ResourceNotFoundException: Requested resource not found: Table: Nope not found");
}

TEST_CASE("new throughput is answered as an update of the old and described at once") {
  TestShoal shoal;
  create_provisioned(shoal);
  const auto answered = change(shoal, {{"ProvisionedThroughput", units(10, 4)}});
  CHECK(answered["TableStatus"] == "UPDATING");
  CHECK(answered["ProvisionedThroughput"]["ReadCapacityUnits"] == 5);
  const auto table = shoal.describe("Music");
  CHECK(table["TableStatus"] == "ACTIVE");
  const auto now = table["ProvisionedThroughput"];
  CHECK(now["ReadCapacityUnits"] == 10);
  CHECK(now["WriteCapacityUnits"] == 4);
  CHECK(now["NumberOfDecreasesToday"] == 1);
  CHECK(now["LastIncreaseDateTime"] == now["LastDecreaseDateTime"]);
  CHECK(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] == [] {
    auto unchanged = units(5, 5);
    unchanged["NumberOfDecreasesToday"] = 0;
    return unchanged;
  }());
}

TEST_CASE("throughput of an index is updated like a table's") {
  TestShoal shoal;
  create_provisioned(shoal);
  const auto answered = change(shoal, throughput_update("ByYear", units(6, 5)))["GlobalSecondaryIndexes"][0];
  CHECK(answered["IndexStatus"] == "UPDATING");
  CHECK(answered["ProvisionedThroughput"]["ReadCapacityUnits"] == 5);
  const auto index = shoal.describe("Music")["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "ACTIVE");
  CHECK(index["ProvisionedThroughput"]["ReadCapacityUnits"] == 6);
  CHECK_FALSE(index["ProvisionedThroughput"].contains("LastDecreaseDateTime"));
}

TEST_CASE("throughput that would not change is refused") {
  TestShoal shoal;
  create_provisioned(shoal);
  CHECK(
      refusal(shoal, {{"ProvisionedThroughput", units(5, 5)}}) ==
      "ValidationException: The provisioned throughput for the table will not change. The requested value equals the "
      "current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current "
      "WriteCapacityUnits provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB "
      "Developer Guide for current limits and how to request higher limits.");
  CHECK(refusal(shoal, throughput_update("ByYear", units(5, 5)))
            .starts_with("ValidationException: The provisioned throughput for the index ByYear will not change."));
}

TEST_CASE("billing and throughput of an update go together") {
  TestShoal shoal;
  create_provisioned(shoal);
  CHECK(refusal(shoal, {{"BillingMode", "PROVISIONED"}}) ==
        kInvalid + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  const auto neither = kInvalid +
                       "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                       "PAY_PER_REQUEST";
  CHECK(refusal(shoal, {{"BillingMode", "PAY_PER_REQUEST"}, {"ProvisionedThroughput", units(1, 1)}}) == neither);
  CHECK(refusal(shoal, {{"ProvisionedThroughput", units(1000000000001, 1)}}) ==
        "ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds");
  CHECK(refusal(shoal, throughput_update("ByYear", units(1000000000001, 1))) ==
        "ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds for index ByYear");
  change(shoal, {{"BillingMode", "PAY_PER_REQUEST"}});
  CHECK(refusal(shoal, {{"ProvisionedThroughput", units(1, 1)}}) == neither);
  CHECK(refusal(shoal, throughput_update("ByYear", units(1, 1))) ==
        kInvalid +
            "ProvisionedThroughput should not be specified for index: ByYear when BillingMode is "
            "PAY_PER_REQUEST");
}

TEST_CASE("a table can be billed on demand and back again, its indexes with it") {
  TestShoal shoal;
  create_provisioned(shoal);
  change(shoal, {{"BillingMode", "PAY_PER_REQUEST"}});
  auto table = shoal.describe("Music");
  CHECK(table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST");
  const auto since = table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"];
  CHECK(since.is_number());
  CHECK(table["ProvisionedThroughput"]["ReadCapacityUnits"] == 0);
  CHECK(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 0);

  CHECK(refusal(shoal, {{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", units(3, 3)}}) ==
        kInvalid + "ProvisionedThroughput must be specified for index: ByYear");
  auto back = throughput_update("ByYear", units(2, 2));
  back["BillingMode"] = "PROVISIONED";
  back["ProvisionedThroughput"] = units(3, 3);
  change(shoal, back);
  table = shoal.describe("Music");
  CHECK(table["BillingModeSummary"]["BillingMode"] == "PROVISIONED");
  CHECK(table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == since);
  CHECK(table["ProvisionedThroughput"]["ReadCapacityUnits"] == 3);
  CHECK(table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"] == 2);
}

TEST_CASE("after four decreases of a day, the next one waits for an hour without any") {
  TestShoal shoal;
  create_provisioned(shoal, 100, 100);
  // To the first minute of a day.
  const auto day = std::chrono::hours(24);
  shoal.clock.advance(day - shoal.clock.now() % day + std::chrono::minutes(1));
  for (int i = 1; i <= 4; ++i) change(shoal, {{"ProvisionedThroughput", units(100 - i, 100)}});
  CHECK(shoal.describe("Music")["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4);
  const auto refused = refusal(shoal, {{"ProvisionedThroughput", units(100, 95)}});
  CHECK(refused.starts_with(
      "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited within a given "
      "UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most "
      "once "
      "every 3600 seconds. Number of decreases today: 4. Last decrease at "));
  CHECK(refused.find(" 12:01:0") != std::string::npos);
  CHECK(refused.find(" AM UTC. Next decrease can be made at ") != std::string::npos);
  CHECK(refused.find(" 1:01:0") != std::string::npos);
  // Increases and the index's own decreases are free.
  CHECK(refusal(shoal, {{"ProvisionedThroughput", units(100, 101)}}).empty());
  CHECK(refusal(shoal, throughput_update("ByYear", units(99, 100))).empty());
  shoal.clock.advance(std::chrono::hours(1));
  CHECK(refusal(shoal, {{"ProvisionedThroughput", units(95, 95)}}).empty());
  CHECK(shoal.describe("Music")["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 5);
  CHECK(refusal(shoal, {{"ProvisionedThroughput", units(94, 94)}}).starts_with("LimitExceededException"));
  shoal.clock.advance(day);
  CHECK(shoal.describe("Music")["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0);
  CHECK(refusal(shoal, {{"ProvisionedThroughput", units(93, 93)}}).empty());
}

TEST_CASE("class, protection, encryption and the limits of throughput are updated") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK_FALSE(shoal.describe("Music").contains("TableClassSummary"));
  change(shoal, {{"TableClass", "STANDARD_INFREQUENT_ACCESS"},
                 {"DeletionProtectionEnabled", true},
                 {"SSESpecification", {{"Enabled", true}}},
                 {"OnDemandThroughput", {{"MaxWriteRequestUnits", 7}}},
                 {"WarmThroughput", {{"WriteUnitsPerSecond", 5000}}}});
  auto table = shoal.describe("Music");
  CHECK(table["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS");
  CHECK(table["TableClassSummary"]["LastUpdateDateTime"].is_number());
  CHECK(table["DeletionProtectionEnabled"] == true);
  CHECK(table["SSEDescription"]["Status"] == "ENABLED");
  CHECK(table["OnDemandThroughput"]["MaxWriteRequestUnits"] == 7);
  CHECK(table["WarmThroughput"]["WriteUnitsPerSecond"] == 5000);
  CHECK(refusal(shoal, {{"WarmThroughput", {{"WriteUnitsPerSecond", 4999}}}}) ==
        kInvalid +
            "Requested WriteUnitsPerSecond for WarmThroughput is lower than current WarmThroughput. Current: "
            "5000, Requested: 4999");

  change(shoal, {{"SSESpecification", {{"Enabled", false}}}, {"OnDemandThroughput", {{"MaxWriteRequestUnits", -1}}}});
  table = shoal.describe("Music");
  CHECK_FALSE(table.contains("SSEDescription"));
  CHECK_FALSE(table.contains("OnDemandThroughput"));
}

TEST_CASE("a stream is enabled once and disabled once") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  const nlohmann::json on{{"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}}}};
  const nlohmann::json off{{"StreamSpecification", {{"StreamEnabled", false}}}};
  CHECK(refusal(shoal, off) == "ValidationException: Table has no stream to disable");
  CHECK(refusal(shoal, on).empty());
  CHECK(refusal(shoal, on) == "ValidationException: Table already has an enabled stream");
  CHECK(refusal(shoal, off).empty());
}

TEST_CASE("what UpdateTable cannot do yet is refused by name") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(refusal(shoal, {{"ReplicaUpdates", {{{"Create", {{"RegionName", "eu-west-1"}}}}}}}) ==
        "ValidationException: Shoal does not support the parameter ReplicaUpdates of UpdateTable yet");
  CHECK(refusal(shoal, {{"MultiRegionConsistency", "STRONG"}}) ==
        "ValidationException: Shoal does not support the parameter MultiRegionConsistency of UpdateTable yet");
}

TEST_CASE("a new index of a small table is answered CREATING and ACTIVE at once, with the items of before") {
  TestShoal shoal;
  shoal.runs_jobs = false;
  shoal.create_table("Music", "Artist:S");
  put_songs(shoal, 0, 30);
  const auto answered = change(shoal, creation("ByPlays", "Plays"));
  CHECK(answered["TableStatus"] == "UPDATING");
  CHECK(answered["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING");
  CHECK(answered["GlobalSecondaryIndexes"][0]["Backfilling"] == false);
  const auto index = shoal.describe("Music")["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "ACTIVE");
  CHECK_FALSE(index.contains("Backfilling"));
  CHECK(index["ItemCount"] == 30);
  CHECK(by_plays(shoal, 3)["Count"] == 3);
  CHECK(shoal.describe("Music")["AttributeDefinitions"].size() == 2);
}

TEST_CASE("a backfill passes over items that do not suit the index") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  const auto put = [&](const char* artist, Json plays) {
    shoal.call("PutItem", {{"TableName", "Music"}, {"Item", {{"Artist", {{"S", artist}}}, {"Plays", plays}}}});
  };
  put("right", {{"N", "1"}});
  put("wrong type", {{"S", "1"}});
  put("list", {{"L", Json::array()}});
  shoal.call("PutItem", R"({"TableName": "Music", "Item": {"Artist": {"S": "without"}}})"_json);
  change(shoal, creation("ByPlays", "Plays"));
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["ItemCount"] == 1);

  put("long", {{"N", "2"}});
  shoal.call("PutItem", {{"TableName", "Music"},
                         {"Item", {{"Artist", {{"S", "longer"}}}, {"Label", {{"S", std::string(2049, 'x')}}}}}});
  change(shoal, creation("ByLabel", "Label", "S"));
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["ItemCount"] == 0);
}

TEST_CASE("a large table is filled in steps, between which it can be written and the index not read") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  put_songs(shoal, 0, 2500);
  shoal.runs_jobs = false;
  change(shoal, creation("ByPlays", "Plays"));
  auto index = shoal.describe("Music")["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "CREATING");
  CHECK(index["Backfilling"] == true);
  CHECK(shoal.describe("Music")["TableStatus"] == "ACTIVE");
  CHECK(shoal
            .refusal("Query", {{"TableName", "Music"},
                               {"IndexName", "ByPlays"},
                               {"KeyConditionExpression", "Plays = :p"},
                               {"ExpressionAttributeValues", {{":p", {{"N", "1"}}}}}})
            .starts_with("ValidationException"));

  // Items change, come and go on both sides of where the backfill is.
  for (int i = 0; i < 2500; i += 7) {
    const auto artist = "artist" + std::to_string(i);
    shoal.call("UpdateItem", {{"TableName", "Music"},
                              {"Key", {{"Artist", {{"S", artist}}}}},
                              {"UpdateExpression", "SET Plays = :p"},
                              {"ExpressionAttributeValues", {{":p", {{"N", "77"}}}}}});
  }
  for (int i = 0; i < 2500; i += 11) {
    shoal.call("DeleteItem", {{"TableName", "Music"}, {"Key", {{"Artist", {{"S", "artist" + std::to_string(i)}}}}}});
  }
  put_songs(shoal, 2500, 2600);

  // No other index, and no end of the table, until it is done.
  CHECK(refusal(shoal, creation("ByLabel", "Label", "S")) == kOnlyOne);
  CHECK(shoal.refusal("DeleteTable", {{"TableName", "Music"}}) ==
        "ResourceInUseException: Attempt to change a resource which is still in use: Index is being updated.  Table: "
        "Music Index: ByPlays");
  CHECK(shoal.jobs().run_round());
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING");
  put_songs(shoal, 0, 20);
  shoal.restart();
  shoal.run_jobs();
  index = shoal.describe("Music")["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "ACTIVE");
  CHECK_FALSE(index.contains("Backfilling"));
  // The fixture compares every entry with the table on its way out.
  CHECK(index["ItemCount"] == shoal.describe("Music")["ItemCount"]);
}

TEST_CASE("an index can be deleted while it is being filled") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  put_songs(shoal, 0, 1500);
  shoal.runs_jobs = false;
  change(shoal, creation("ByPlays", "Plays"));
  CHECK(change(shoal, removal("ByPlays"))["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING");
  CHECK_FALSE(shoal.describe("Music").contains("GlobalSecondaryIndexes"));
  shoal.run_jobs();
  change(shoal, creation("ByPlays", "Plays"));
  shoal.run_jobs();
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["ItemCount"] == 1500);
}

TEST_CASE("a deleted index is answered DELETING and gone at once, with what only it defined") {
  TestShoal shoal;
  create_provisioned(shoal);
  const auto answered = change(shoal, removal("ByYear"));
  CHECK(answered["TableStatus"] == "UPDATING");
  CHECK(answered["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING");
  const auto table = shoal.describe("Music");
  CHECK_FALSE(table.contains("GlobalSecondaryIndexes"));
  CHECK(table["AttributeDefinitions"].size() == 1);
  CHECK(refusal(shoal, removal("ByYear")) == "ResourceNotFoundException: Requested resource not found");
}

TEST_CASE("updates of indexes say what they do, once for each index, and make or delete only one") {
  TestShoal shoal;
  create_provisioned(shoal);
  CHECK(refusal(shoal, {{"GlobalSecondaryIndexUpdates", {Json::object()}}}) ==
        kInvalid +
            "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
            "GlobalSecondaryIndexUpdate.Delete must not be null");
  auto twice = throughput_update("ByYear", units(6, 6));
  twice["GlobalSecondaryIndexUpdates"].push_back(removal("ByYear")["GlobalSecondaryIndexUpdates"][0]);
  CHECK(refusal(shoal, twice) ==
        kInvalid + "Only one global secondary index update per index is allowed simultaneously. Index: ByYear");
  auto two = creation("ByPlays", "Plays");
  two["GlobalSecondaryIndexUpdates"].push_back(removal("ByYear")["GlobalSecondaryIndexUpdates"][0]);
  CHECK(refusal(shoal, two) == kOnlyOne);
  CHECK(refusal(shoal, throughput_update("Nope", units(6, 6))) ==
        "ResourceNotFoundException: Requested resource not found");
}

TEST_CASE("a new index keeps to the rules of CreateTable and to what is there") {
  TestShoal shoal;
  create_provisioned(shoal);
  const auto with_units = [](Json input) {
    input["GlobalSecondaryIndexUpdates"][0]["Create"]["ProvisionedThroughput"] = units(1, 1);
    return input;
  };
  CHECK(refusal(shoal, with_units(creation("ByYear", "Plays"))) ==
        "ValidationException: Attempting to create an index which already exists");
  CHECK(refusal(shoal, creation("ByPlays", "Plays")) ==
        kInvalid + "ProvisionedThroughput must be specified for index: ByPlays");
  CHECK(refusal(shoal, with_units(creation("AlsoByYear", "Year", "S"))) ==
        kInvalid + "Attribute Year is a key attribute of type N, which cannot be changed to S");
  auto undefined = with_units(creation("ByPlays", "Plays"));
  undefined.erase("AttributeDefinitions");
  CHECK(refusal(shoal, undefined) ==
        kInvalid +
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [Plays], "
            "AttributeDefinitions: [Artist, Year]");
  auto wide = with_units(creation("ByPlays", "Plays"));
  for (int i = 0; i < 2; ++i) {
    wide["GlobalSecondaryIndexUpdates"][0]["Create"]["KeySchema"].push_back(
        {{"AttributeName", "Year"}, {"KeyType", "RANGE"}});
  }
  CHECK(refusal(shoal, wide) ==
        "ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the same name");
  // What is known needs no definition again, and definitions of indexes yet to come are let pass.
  auto known = with_units(creation("AlsoByYear", "Year"));
  known["AttributeDefinitions"] = {{{"AttributeName", "Later"}, {"AttributeType", "S"}}};
  CHECK(refusal(shoal, known).empty());
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"].size() == 2);
}

TEST_CASE("the twenty-first global index is refused") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  for (int i = 0; i < 20; ++i) change(shoal, creation("index" + std::to_string(i), "a" + std::to_string(i)));
  CHECK(refusal(shoal, creation("index20", "Plays")) ==
        kInvalid + "GlobalSecondaryIndex count exceeds the per-table limit of 20");
}

TEST_CASE("a local index cannot be deleted") {
  TestShoal shoal;
  shoal.call("CreateTable", R"({
    "TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                             {"AttributeName": "Song", "AttributeType": "S"},
                             {"AttributeName": "Year", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Song", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "ByYear", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [
      {"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Year", "KeyType": "RANGE"}]}]})"_json);
  CHECK(refusal(shoal, removal("ByYear")) ==
        "ValidationException: Cannot delete an index that is not a GlobalSecondaryIndex");
}

TEST_CASE("with a delay an update goes through its states, in which the table is read and written") {
  Config config;
  config.table_delay_ms = 2'000;
  TestShoal shoal(config);
  const auto wait = [&] {
    shoal.clock.advance(std::chrono::seconds(2));
    shoal.run_jobs();
  };
  create_provisioned(shoal);
  wait();
  put_songs(shoal, 0, 5);

  change(shoal, throughput_update("ByYear", units(9, 9)));
  CHECK(shoal.describe("Music")["TableStatus"] == "UPDATING");
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["IndexStatus"] == "UPDATING");
  put_songs(shoal, 5, 6);
  CHECK(refusal(shoal, {{"DeletionProtectionEnabled", true}}) ==
        "ResourceInUseException: Attempt to change a resource which is still in use: Table is being updated: Music");
  CHECK(shoal.refusal("DeleteTable", {{"TableName", "Music"}}) ==
        "ResourceInUseException: Attempt to change a resource which is still in use: Table is being updated: Music");
  wait();
  CHECK(shoal.describe("Music")["TableStatus"] == "ACTIVE");
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE");

  auto create = creation("ByPlays", "Plays");
  create["GlobalSecondaryIndexUpdates"][0]["Create"]["ProvisionedThroughput"] = units(1, 1);
  change(shoal, create);
  auto index = shoal.describe("Music")["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexName"] == "ByPlays");
  CHECK(index["IndexStatus"] == "CREATING");
  CHECK(index["Backfilling"] == false);
  CHECK(shoal.describe("Music")["TableStatus"] == "UPDATING");
  put_songs(shoal, 4, 8);
  shoal.restart();
  wait();
  index = shoal.describe("Music")["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "ACTIVE");
  CHECK(index["ItemCount"] == 8);

  change(shoal, removal("ByPlays"));
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING");
  put_songs(shoal, 0, 2);
  wait();
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"].size() == 1);
  CHECK(shoal.describe("Music")["TableStatus"] == "ACTIVE");
}

TEST_CASE("nulls among updates and keys of tags are refused") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK_FALSE(refusal(shoal, {{"GlobalSecondaryIndexUpdates", {nullptr}}}).empty());
  CHECK_FALSE(
      shoal.refusal("UntagResource", {{"ResourceArn", shoal.describe("Music")["TableArn"]}, {"TagKeys", {nullptr}}})
          .empty());
}

// Reading streams as time passes; what needs no clock to be moved is tested from outside.
#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

struct Music : TestShoal {
  explicit Music(Config config = {}) : TestShoal(std::move(config)) {
    create_table("Music", "Id:S");
    call("UpdateTable", R"({"TableName": "Music",
      "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})"_json);
    arn = describe("Music")["LatestStreamArn"];
    shard = shards()[0]["ShardId"];
  }
  Json shards() { return call("DescribeStream", {{"StreamArn", arn}})["StreamDescription"]["Shards"]; }
  void put(const std::string& id) { call("PutItem", {{"TableName", "Music"}, {"Item", {{"Id", {{"S", id}}}}}}); }
  Json iterator(Json more) {
    more["StreamArn"] = arn;
    more["ShardId"] = shard;
    return call("GetShardIterator", more)["ShardIterator"];
  }
  // The keys of the records from there on: "ab".
  std::string read(const Json& more) {
    std::string ids;
    const auto page = call("GetRecords", {{"ShardIterator", iterator(more)}});
    for (const auto& record : page["Records"]) {
      ids += record["dynamodb"]["Keys"]["Id"]["S"].get<std::string>();
    }
    return ids;
  }
  double seconds() const { return static_cast<double>(clock.now().count()) / 1000; }
  Json arn, shard;
};

const Json kOldest{{"ShardIteratorType", "TRIM_HORIZON"}};

Json at(double seconds) { return {{"ShardIteratorType", "AT_TIMESTAMP"}, {"Timestamp", seconds}}; }

}  // namespace

TEST_CASE("a reader may begin at a moment") {
  Music shoal;
  shoal.put("a");
  shoal.clock.advance(1h);
  const auto between = shoal.seconds();
  shoal.clock.advance(1h);
  shoal.put("b");
  CHECK(shoal.read(at(between)) == "b");
  CHECK(shoal.read(at(between - 7200)) == "ab");
  CHECK(shoal.read(at(0)) == "ab");
  CHECK(shoal
            .refusal("GetShardIterator", {{"StreamArn", shoal.arn},
                                          {"ShardId", shoal.shard},
                                          {"ShardIteratorType", "AT_TIMESTAMP"},
                                          {"Timestamp", shoal.seconds() + 60}})
            .starts_with("ValidationException: One or more parameter values were invalid: "));
}

TEST_CASE("records are shown for 24 hours, trimmed or not") {
  Music shoal;
  shoal.runs_jobs = false;
  shoal.put("a");
  shoal.clock.advance(1h);
  shoal.put("b");
  shoal.clock.advance(23h);
  shoal.clock.advance(-1s);
  CHECK(shoal.read(kOldest) == "ab");
  shoal.clock.advance(2s);
  CHECK(shoal.read(kOldest) == "b");
  shoal.run_jobs();
  CHECK(shoal.read(kOldest) == "b");
}

TEST_CASE("an iterator whose records were trimmed is refused, one of the trim horizon goes on") {
  Music shoal;
  shoal.runs_jobs = false;
  shoal.put("a");
  shoal.clock.advance(24h - 10min);
  const auto moment = shoal.iterator(at(shoal.seconds() - 24 * 3600 + 1200));
  const auto first = shoal.call("GetRecords", {{"ShardIterator", shoal.iterator(kOldest)}})["Records"][0];
  const auto number = first["dynamodb"]["SequenceNumber"];
  const auto exact = shoal.iterator({{"ShardIteratorType", "AT_SEQUENCE_NUMBER"}, {"SequenceNumber", number}});
  const auto oldest = shoal.iterator(kOldest);
  shoal.clock.advance(11min);
  CHECK(shoal.refusal("GetRecords", {{"ShardIterator", exact}}) ==
        "TrimmedDataAccessException: The data you are trying to access has been trimmed.");
  CHECK(shoal.call("GetRecords", {{"ShardIterator", oldest}})["Records"].empty());
  CHECK(shoal.call("GetRecords", {{"ShardIterator", moment}})["Records"].empty());
}

TEST_CASE("a closed shard that was read to its end gives no further iterator") {
  Music shoal;
  shoal.put("a");
  const auto open = shoal.call("GetRecords", {{"ShardIterator", shoal.iterator(kOldest)}});
  CHECK(open.contains("NextShardIterator"));
  shoal.clock.advance(4h);
  shoal.run_jobs();
  shoal.put("b");
  REQUIRE(shoal.shards().size() == 2);
  const auto closed = shoal.call("GetRecords", {{"ShardIterator", shoal.iterator(kOldest)}});
  CHECK(closed["Records"].size() == 1);
  CHECK_FALSE(closed.contains("NextShardIterator"));
}

TEST_CASE("the stream of a table that takes its time to go is closed when it is gone") {
  Config config;
  config.table_delay_ms = 1000;
  TestShoal shoal(config);
  shoal.call("CreateTable", R"({"TableName": "Slow", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})"_json);
  shoal.clock.advance(2s);
  shoal.run_jobs();
  const auto arn = shoal.describe("Slow")["LatestStreamArn"];
  shoal.call("DeleteTable", {{"TableName", "Slow"}});
  const auto status = [&] {
    return shoal.call("DescribeStream", {{"StreamArn", arn}})["StreamDescription"]["StreamStatus"];
  };
  CHECK(status() == "ENABLED");
  shoal.clock.advance(2s);
  shoal.run_jobs();
  CHECK(status() == "DISABLED");
  shoal.clock.advance(24h + 1s);
  shoal.run_jobs();
  CHECK(shoal.call("ListStreams") == R"({"Streams": []})"_json);
}

TEST_CASE("with --stream-readers-max a shard bears so many readers in a second, and no more") {
  Config config;
  config.stream_readers_max = 2;
  Music shoal(config);
  shoal.put("a");
  auto first = shoal.iterator(kOldest), second = shoal.iterator(kOldest);
  const auto third = shoal.iterator(kOldest);
  const auto read = [&](Json& iterator) {
    iterator = shoal.call("GetRecords", {{"ShardIterator", iterator}})["NextShardIterator"];
  };
  const auto refused = [&] { return shoal.refusal("GetRecords", {{"ShardIterator", third}}); };
  read(first);
  read(second);
  CHECK(refused() == "LimitExceededException: Rate exceeded for shard " + shoal.shard.get<std::string>() +
                         " in stream " + shoal.arn.get<std::string>() + " under account 000000000000.");
  // The same readers go on, as often as they like.
  for (int i = 0; i < 10; ++i) {
    read(first);
    read(second);
  }
  shoal.clock.advance(500ms);
  read(first);
  CHECK_FALSE(refused().empty());
  // The second one has been away for a second.
  shoal.clock.advance(600ms);
  CHECK(refused().empty());
  CHECK_FALSE(shoal.refusal("GetRecords", {{"ShardIterator", second}}).empty());
}

TEST_CASE("the readers of one shard do not count for another, nor without the setting") {
  Music shoal;
  for (int i = 0; i < 5; ++i) CHECK_NOTHROW(shoal.read(kOldest));
  Config config;
  config.stream_readers_max = 1;
  Music limited(config);
  limited.read(kOldest);
  limited.call("UpdateTable", R"({"TableName": "Music", "StreamSpecification": {"StreamEnabled": false}})"_json);
  limited.clock.advance(1ms);
  limited.call("UpdateTable", R"({"TableName": "Music",
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})"_json);
  limited.arn = limited.describe("Music")["LatestStreamArn"];
  limited.shard = limited.shards()[0]["ShardId"];
  CHECK_NOTHROW(limited.read(kOldest));
}

TEST_CASE("with --table-delay-ms a stream is ENABLING and DISABLING for that long") {
  Config config;
  config.table_delay_ms = 5'000;
  TestShoal shoal(config);
  shoal.create_table("Music", "Id:S");
  shoal.clock.advance(5s);
  shoal.run_jobs();
  shoal.call("UpdateTable", R"({"TableName": "Music",
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})"_json);
  const auto status = [&, arn = shoal.describe("Music")["LatestStreamArn"]]() -> std::string {
    return shoal.call("DescribeStream", {{"StreamArn", arn}})["StreamDescription"]["StreamStatus"];
  };
  CHECK(status() == "ENABLING");
  shoal.clock.advance(5s);
  shoal.run_jobs();
  CHECK(status() == "ENABLED");
  shoal.call("UpdateTable", R"({"TableName": "Music", "StreamSpecification": {"StreamEnabled": false}})"_json);
  CHECK(status() == "DISABLING");
  shoal.clock.advance(5s);
  CHECK(status() == "DISABLED");
}

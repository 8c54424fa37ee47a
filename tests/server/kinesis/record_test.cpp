#include "server/kinesis/record.h"

#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

// A table whose changes are kept, and their records.
struct Music : TestShoal {
  Music() {
    create_table("Music", "Artist:S", "Song\"s \\ name:N");
    call("EnableKinesisStreamingDestination",
         {{"TableName", "Music"}, {"StreamArn", "arn:aws:kinesis:us-east-1:000000000000:stream/first"}});
  }
  static Json key(const std::string& artist) {
    return {{"Artist", {{"S", artist}}}, {"Song\"s \\ name", {{"N", "1"}}}};
  }
  void put(const std::string& artist, const std::string& genre) {
    auto item = key(artist);
    item["Genre"] = {{"S", genre}};
    call("PutItem", {{"TableName", "Music"}, {"Item", item}});
  }
  std::vector<KinesisRecord> records(bool microseconds = false) {
    const auto snapshot = engine().snapshot();
    const auto table = catalog().find(account, region, "Music");
    std::vector<KinesisRecord> found;
    for (const auto& shard : shards_of(*snapshot, table->id, "")) {
      for (ChangeReader reader(*snapshot, shard, 0); reader.next();) {
        found.push_back(kinesis_record(kinesis_view(*table), shard, reader.record(), microseconds));
      }
    }
    return found;
  }
};

bool is_uuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::string_view("0123456789abcdef").find(text[i]) == std::string_view::npos)
      return false;
  }
  return text[14] == '4';
}

}  // namespace

TEST_CASE("an insert, a change and a removal are told with both images") {
  Music shoal;
  const auto before = shoal.clock.now().count();
  shoal.put("a", "old");
  shoal.put("a", "newer");
  shoal.call("DeleteItem", {{"TableName", "Music"}, {"Key", Music::key("a")}});
  const auto records = shoal.records();
  REQUIRE(records.size() == 3);
  const auto old_image = [] {
    auto item = Music::key("a");
    item["Genre"] = {{"S", "old"}};
    return item;
  }();
  auto new_image = old_image;
  new_image["Genre"] = {{"S", "newer"}};

  const auto insert = Json::parse(records[0].data);
  const auto at = insert["dynamodb"]["ApproximateCreationDateTime"].get<std::int64_t>();
  CHECK(at >= before);
  CHECK(at <= shoal.clock.now().count());
  CHECK(is_uuid(insert["eventID"]));
  // Key attributes: Artist 6 + 1, Song"s \ name 13 + 2; Genre 5 + 3.
  CHECK(insert == Json{{"awsRegion", "us-east-1"},
                       {"eventID", insert["eventID"]},
                       {"eventName", "INSERT"},
                       {"userIdentity", nullptr},
                       {"recordFormat", "application/json"},
                       {"tableName", "Music"},
                       {"dynamodb",
                        {{"ApproximateCreationDateTime", at},
                         {"Keys", Music::key("a")},
                         {"NewImage", old_image},
                         {"SizeBytes", 22 + 22 + 8}}},
                       {"eventSource", "aws:dynamodb"}});
  const auto modify = Json::parse(records[1].data);
  CHECK(modify["eventName"] == "MODIFY");
  CHECK(modify["dynamodb"]["OldImage"] == old_image);
  CHECK(modify["dynamodb"]["NewImage"] == new_image);
  CHECK(modify["dynamodb"]["SizeBytes"] == 22 + (22 + 8) + (22 + 10));
  const auto remove = Json::parse(records[2].data);
  CHECK(remove["eventName"] == "REMOVE");
  CHECK(remove["dynamodb"]["OldImage"] == new_image);
  CHECK_FALSE(remove["dynamodb"].contains("NewImage"));
}

TEST_CASE("members come in the order in which production writes them") {
  Music shoal;
  shoal.put("a", "x");
  const auto data = shoal.records()[0].data;
  std::size_t at = 0;
  for (const auto member :
       {"awsRegion", "eventID", "eventName", "userIdentity", "recordFormat", "tableName", "dynamodb",
        "ApproximateCreationDateTime", "Keys", "NewImage", "SizeBytes", "eventSource"}) {
    const auto found = data.find("\"" + std::string(member) + "\":");
    INFO(member);
    REQUIRE(found != std::string::npos);
    CHECK(found >= at);
    at = found;
  }
}

TEST_CASE("the records of an item have one partition key, those of another item another") {
  Music shoal;
  shoal.put("a", "x");
  shoal.put("b", "x");
  shoal.put("a", "y");
  const auto records = shoal.records();
  CHECK(records[0].partition_key == records[2].partition_key);
  CHECK(records[0].partition_key != records[1].partition_key);
  CHECK(records[0].partition_key.size() == 32);
}

TEST_CASE("a record reads the same each time, and its id is its own") {
  Music shoal;
  shoal.put("a", "x");
  shoal.put("a", "y");
  const auto records = shoal.records();
  CHECK(shoal.records()[0].data == records[0].data);
  CHECK(Json::parse(records[0].data)["eventID"] != Json::parse(records[1].data)["eventID"]);
}

TEST_CASE("microseconds tell the changes of one millisecond apart, in their order") {
  Music shoal;
  for (int i = 0; i < 200; ++i) shoal.put("a", std::to_string(i));
  std::int64_t last = 0;
  for (const auto& record : shoal.records(true)) {
    const auto change = Json::parse(record.data)["dynamodb"];
    CHECK(change["ApproximateCreationDateTimePrecision"] == "MICROSECOND");
    const auto at = change["ApproximateCreationDateTime"].get<std::int64_t>();
    CHECK(at > last);
    last = at;
  }
  CHECK(std::abs(last / 1'000 - shoal.clock.now().count()) < 60'000);
}

TEST_CASE("what time to live deleted is told as the service's doing") {
  Music shoal;
  shoal.call("UpdateTimeToLive",
             {{"TableName", "Music"}, {"TimeToLiveSpecification", {{"Enabled", true}, {"AttributeName", "Ends"}}}});
  auto item = Music::key("a");
  item["Ends"] = {{"N", std::to_string(shoal.clock.now().count() / 1000 + 10)}};
  shoal.call("PutItem", {{"TableName", "Music"}, {"Item", item}});
  shoal.clock.advance(20s);
  shoal.run_jobs();
  const auto records = shoal.records();
  REQUIRE(records.size() == 2);
  CHECK(Json::parse(records[1].data)["userIdentity"] ==
        Json{{"type", "Service"}, {"principalId", "dynamodb.amazonaws.com"}});
}

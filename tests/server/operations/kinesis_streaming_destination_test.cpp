// Destinations with the clock in hand; the deliveries themselves are in tests/server/kinesis.
#include <catch2/catch.hpp>

#include "storage/log_positions.h"
#include "support/test_shoal.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

const std::string kWrongState =
    "ValidationException: Table is not in a valid state to enable Kinesis Streaming Destination: ";

std::string arn(const std::string& stream) { return "arn:aws:kinesis:us-east-1:123456789012:stream/" + stream; }

struct Music : TestShoal {
  explicit Music(Config config = {}) : TestShoal(std::move(config)) {
    create_table("Music", "Artist:S");
    // Calls of a table that is not ACTIVE are refused.
    clock.advance(1h);
    run_jobs();
  }
  static Json request(const std::string& stream = "first") {
    return {{"TableName", "Music"}, {"StreamArn", arn(stream)}};
  }
  static Json update(const std::string& precision) {
    auto input = request();
    input["UpdateKinesisStreamingConfiguration"]["ApproximateCreationDateTimePrecision"] = precision;
    return input;
  }
  Json enable(const std::string& stream = "first") {
    return call("EnableKinesisStreamingDestination", request(stream));
  }
  Json disable(const std::string& stream = "first") {
    return call("DisableKinesisStreamingDestination", request(stream));
  }
  Json destinations() {
    return call("DescribeKinesisStreamingDestination", {{"TableName", "Music"}}).at("KinesisDataStreamDestinations");
  }
  std::string status(std::size_t index = 0) { return destinations().at(index).at("DestinationStatus"); }
  bool has_log() { return catalog().find(account, region, "Music")->log.has_value(); }
};

Config with_endpoint(std::uint32_t table_delay_ms = 0) {
  Config config;
  config.kinesis_endpoint = "http://localhost:1";
  config.table_delay_ms = table_delay_ms;
  return config;
}

}  // namespace

TEST_CASE("a destination is enabled, described, and disabled") {
  Music shoal(with_endpoint());
  CHECK(shoal.destinations() == Json::array());
  CHECK(shoal.enable() == Json{{"TableName", "Music"}, {"StreamArn", arn("first")}, {"DestinationStatus", "ENABLING"}});
  CHECK(shoal.destinations() == Json{{{"StreamArn", arn("first")},
                                      {"DestinationStatus", "ACTIVE"},
                                      {"ApproximateCreationDateTimePrecision", "MILLISECOND"}}});
  CHECK(shoal.has_log());
  CHECK_FALSE(shoal.describe("Music").contains("LatestStreamArn"));
  CHECK(shoal.disable() ==
        Json{{"TableName", "Music"}, {"StreamArn", arn("first")}, {"DestinationStatus", "DISABLING"}});
  CHECK(shoal.status() == "DISABLED");
  CHECK_FALSE(shoal.has_log());
}

TEST_CASE("a configuration is echoed, and decides the precision") {
  Music shoal(with_endpoint());
  auto input = Music::request();
  const Json micro{{"ApproximateCreationDateTimePrecision", "MICROSECOND"}};
  input["EnableKinesisStreamingConfiguration"] = micro;
  CHECK(shoal.call("EnableKinesisStreamingDestination", input).at("EnableKinesisStreamingConfiguration") == micro);
  CHECK(shoal.destinations()[0]["ApproximateCreationDateTimePrecision"] == "MICROSECOND");
  const auto updated = shoal.call("UpdateKinesisStreamingDestination", Music::update("MILLISECOND"));
  CHECK(updated ==
        Json{{"TableName", "Music"},
             {"StreamArn", arn("first")},
             {"DestinationStatus", "UPDATING"},
             {"UpdateKinesisStreamingConfiguration", {{"ApproximateCreationDateTimePrecision", "MILLISECOND"}}}});
  CHECK(shoal.destinations()[0]["ApproximateCreationDateTimePrecision"] == "MILLISECOND");
  CHECK(shoal.status() == "ACTIVE");
}

TEST_CASE("a table that is not there has no destinations") {
  TestShoal shoal;
  const auto missing = "ResourceNotFoundException: Requested resource not found: Table: Music not found";
  CHECK(shoal.refusal("EnableKinesisStreamingDestination", Music::request()) == missing);
  CHECK(shoal.refusal("DisableKinesisStreamingDestination", Music::request()) == missing);
  CHECK(shoal.refusal("UpdateKinesisStreamingDestination", Music::update("MICROSECOND")) == missing);
  CHECK(shoal.refusal("DescribeKinesisStreamingDestination", {{"TableName", "Music"}}) == missing);
}

TEST_CASE("what is not enabled cannot be disabled or updated, nor what is be enabled") {
  Music shoal(with_endpoint());
  const auto unknown = kWrongState + "No streaming destination with streamArn: " + arn("first") +
                       " found for table with tableName: Music";
  CHECK(shoal.refusal("DisableKinesisStreamingDestination", Music::request()) == unknown);
  CHECK(shoal.refusal("UpdateKinesisStreamingDestination", Music::update("MICROSECOND")) == unknown);
  shoal.enable();
  CHECK(shoal.refusal("EnableKinesisStreamingDestination", Music::request()) ==
        kWrongState +
            "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.");
  shoal.disable();
  CHECK(shoal.refusal("DisableKinesisStreamingDestination", Music::request()) ==
        kWrongState + "DisableKinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
  CHECK(shoal.refusal("UpdateKinesisStreamingDestination", Music::update("MICROSECOND")) ==
        kWrongState + "UpdateKinesisStreamingDestination must be ACTIVE to perform UPDATE operation.");
}

TEST_CASE("an update says something new") {
  Music shoal(with_endpoint());
  shoal.enable();
  const auto nothing =
      "ValidationException: Streaming destination cannot be updated with given parameters: "
      "UpdateKinesisStreamingConfiguration cannot be null or contain only null values";
  CHECK(shoal.refusal("UpdateKinesisStreamingDestination", Music::request()) == nothing);
  auto empty = Music::request();
  empty["UpdateKinesisStreamingConfiguration"] = Json::object();
  CHECK(shoal.refusal("UpdateKinesisStreamingDestination", empty) == nothing);
  const std::string id = shoal.describe("Music").at("TableId");
  CHECK(shoal.refusal("UpdateKinesisStreamingDestination", Music::update("MILLISECOND")) ==
        "ValidationException: Invalid Request: Precision is already set to the desired value of MILLISECOND for "
        "tableId: " +
            id + ", kdsArn: " + arn("first"));
  CHECK(
      shoal.refusal("UpdateKinesisStreamingDestination", Music::update("SECOND")) ==
      "ValidationException: 1 validation error detected: Value 'SECOND' at "
      "'updateKinesisStreamingConfiguration.approximateCreationDateTimePrecision' failed to satisfy constraint: Member "
      "must satisfy enum value set: [MILLISECOND, MICROSECOND]");
}

TEST_CASE("a StreamArn is that of a Kinesis data stream of the region") {
  Music shoal(with_endpoint());
  const auto refusal = [&](const std::string& text) {
    return shoal.refusal("EnableKinesisStreamingDestination", {{"TableName", "Music"}, {"StreamArn", text}});
  };
  CHECK(refusal("arn:aws:dynamodb:us-east-1:000000000000:stream/x") == "ValidationException: Invalid StreamArn");
  CHECK(refusal("arn:aws:kinesis:us-east-1:000000000000:table/xx") == "ValidationException: Invalid StreamArn");
  CHECK(refusal("arn:aws:kinesis:us-east-1:000000000000:stream/") == "ValidationException: Invalid StreamArn");
  CHECK(refusal("this is not an ARN, but long enough for one") == "ValidationException: Invalid StreamArn");
  const auto elsewhere = "arn:aws:kinesis:eu-west-1:000000000000:stream/first";
  CHECK(refusal(elsewhere) ==
        "ValidationException: One or more parameter values were invalid: the Kinesis data stream must be in the region "
        "of the table, us-east-1. StreamArn: " +
            std::string(elsewhere));
  CHECK(refusal("short") ==
        "ValidationException: 1 validation error detected: Value 'short' at 'streamArn' failed to satisfy constraint: "
        "Member must have length greater than or equal to 37");
}

TEST_CASE("a table has two destinations at once at the most, and remembers the last ten") {
  Music shoal(with_endpoint());
  shoal.enable("a");
  shoal.enable("b");
  CHECK(shoal.refusal("EnableKinesisStreamingDestination", Music::request("c")) ==
        "LimitExceededException: Subscriber limit exceeded: There is a limit of 2 Kinesis streaming destinations per "
        "table");
  shoal.disable("a");
  for (int i = 0; i < 12; ++i) {
    shoal.enable(std::to_string(i));
    shoal.disable(std::to_string(i));
  }
  CHECK(shoal.destinations().size() == 10);
  CHECK(shoal.destinations()[0]["StreamArn"] == arn("b"));
  shoal.enable("11");
  CHECK(shoal.destinations().size() == 10);
  CHECK(shoal.destinations()[9] == Json{{"StreamArn", arn("11")},
                                        {"DestinationStatus", "ACTIVE"},
                                        {"ApproximateCreationDateTimePrecision", "MILLISECOND"}});
}

TEST_CASE("with --table-delay-ms a destination takes its time") {
  Music shoal(with_endpoint(5'000));
  shoal.enable();
  CHECK(shoal.status() == "ENABLING");
  CHECK(shoal.refusal("DisableKinesisStreamingDestination", Music::request()) ==
        kWrongState + "DisableKinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
  shoal.clock.advance(5s);
  shoal.run_jobs();
  CHECK(shoal.status() == "ACTIVE");
  shoal.call("UpdateKinesisStreamingDestination", Music::update("MICROSECOND"));
  CHECK(shoal.status() == "UPDATING");
  shoal.clock.advance(5s);
  shoal.run_jobs();
  CHECK(shoal.status() == "ACTIVE");
  shoal.disable();
  CHECK(shoal.status() == "DISABLING");
  shoal.restart();
  shoal.clock.advance(5s);
  shoal.run_jobs();
  CHECK(shoal.status() == "DISABLED");
}

TEST_CASE("what is not delivered ten seconds after a destination was disabled, never is") {
  Music shoal(with_endpoint());
  shoal.enable();
  shoal.call("PutItem", {{"TableName", "Music"}, {"Item", {{"Artist", {{"S", "a"}}}}}});
  shoal.disable();
  CHECK(shoal.status() == "DISABLING");
  CHECK_FALSE(shoal.has_log());
  shoal.clock.advance(9s);
  shoal.run_jobs();
  CHECK(shoal.status() == "DISABLING");
  shoal.clock.advance(1s);
  shoal.run_jobs();
  CHECK(shoal.status() == "DISABLED");
  CHECK(
      positions_of(*shoal.engine().snapshot(), shoal.catalog().find(shoal.account, shoal.region, "Music")->id).empty());
}

TEST_CASE("without --kinesis-endpoint a destination says that its changes wait") {
  Music shoal;
  shoal.enable();
  CHECK(shoal.destinations()[0].at("DestinationStatusDescription") ==
        "Changes wait for Shoal to be started with --kinesis-endpoint, for a day at most");
  shoal.call("PutItem", {{"TableName", "Music"}, {"Item", {{"Artist", {{"S", "a"}}}}}});
  shoal.disable();
  CHECK(shoal.status() == "DISABLED");
  CHECK_FALSE(shoal.destinations()[0].contains("DestinationStatusDescription"));
}

TEST_CASE("a table goes with its destinations") {
  Music shoal(with_endpoint());
  shoal.enable();
  shoal.call("PutItem", {{"TableName", "Music"}, {"Item", {{"Artist", {{"S", "a"}}}}}});
  const auto id = shoal.catalog().find(shoal.account, shoal.region, "Music")->id;
  shoal.call("DeleteTable", {{"TableName", "Music"}});
  CHECK(positions_of(*shoal.engine().snapshot(), id).empty());
  shoal.create_table("Music", "Artist:S");
  CHECK(shoal.destinations().empty());
}

#include "server/operations/account_quotas.h"

#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;
using std::chrono::hours;

namespace {

Json units(std::int64_t read, std::int64_t write) {
  return {{"ReadCapacityUnits", read}, {"WriteCapacityUnits", write}};
}

Json provisioned(const std::string& name, Json throughput) {
  return {{"TableName", name},
          {"AttributeDefinitions", {{{"AttributeName", "p"}, {"AttributeType", "S"}}}},
          {"KeySchema", {{{"AttributeName", "p"}, {"KeyType", "HASH"}}}},
          {"ProvisionedThroughput", std::move(throughput)}};
}

Json indexed(const std::string& name, Json throughput, Json of_index) {
  auto table = provisioned(name, std::move(throughput));
  table["GlobalSecondaryIndexes"] = {{{"IndexName", "again"},
                                      {"KeySchema", {{{"AttributeName", "p"}, {"KeyType", "HASH"}}}},
                                      {"Projection", {{"ProjectionType", "ALL"}}},
                                      {"ProvisionedThroughput", std::move(of_index)}}};
  return table;
}

std::string update(TestShoal& shoal, Json members, const std::string& name = "Music") {
  members["TableName"] = name;
  return shoal.refusal("UpdateTable", members);
}

const std::string kExceeded = "LimitExceededException: Subscriber limit exceeded: ";
const Json kOnDemand = {{"BillingMode", "PAY_PER_REQUEST"}};
const Json kProvisioned = {{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", units(1, 1)}};

}  // namespace

TEST_CASE("a table and its global indexes are provisioned with 40,000 units of each kind at most") {
  TestShoal shoal;
  CHECK(shoal.refusal("CreateTable", provisioned("one", units(40'001, 1))) ==
        kExceeded +
            "ReadCapacityUnits of table one and its global secondary indexes come to 40001, where 40000 are allowed "
            "for one table");
  CHECK(shoal.refusal("CreateTable", indexed("one", units(1, 40'000), units(1, 1))) ==
        kExceeded +
            "WriteCapacityUnits of table one and its global secondary indexes come to 40001, where 40000 are allowed "
            "for one table");
  CHECK(shoal.refusal("CreateTable", indexed("one", units(20'000, 39'999), units(20'000, 1))).empty());
  CHECK(update(shoal, {{"ProvisionedThroughput", units(20'001, 39'999)}}, "one").starts_with(kExceeded));
  const Json less_here_more_there = {
      {"ProvisionedThroughput", units(10'000, 39'999)},
      {"GlobalSecondaryIndexUpdates",
       {{{"Update", {{"IndexName", "again"}, {"ProvisionedThroughput", units(30'000, 1)}}}}}}};
  CHECK(update(shoal, less_here_more_there, "one").empty());
}

TEST_CASE("all tables of an account in a region are provisioned with 80,000 units of each kind at most") {
  TestShoal shoal;
  CHECK(shoal.refusal("CreateTable", provisioned("one", units(40'000, 1))).empty());
  CHECK(shoal.refusal("CreateTable", provisioned("two", units(39'000, 1))).empty());
  CHECK(shoal.refusal("CreateTable", provisioned("three", units(1'001, 1))) ==
        kExceeded +
            "ReadCapacityUnits of all tables come to 80001, where 80000 are allowed for an account in one Region");
  CHECK(shoal.refusal("CreateTable", provisioned("three", units(1'000, 1))).empty());
  CHECK(update(shoal, {{"ProvisionedThroughput", units(1'001, 1)}}, "three").starts_with(kExceeded));
  // What grows is asked for, not what stays.
  CHECK(update(shoal, {{"ProvisionedThroughput", units(1'000, 2)}}, "three").empty());
  shoal.call("DeleteTable", {{"TableName", "two"}});
  CHECK(update(shoal, {{"ProvisionedThroughput", units(1'001, 2)}}, "three").empty());
}

TEST_CASE("the quota of units can be another, or none, and what exceeds a new one stays") {
  Config config;
  config.table_units_max = 0;
  TestShoal any(config);
  CHECK(any.refusal("CreateTable", provisioned("large", units(1'000'000'000'000, 1'000'000'000'000))).empty());
  CHECK(any.call("DescribeLimits", Json::object())["TableMaxReadCapacityUnits"] == 40'000);
  config.table_units_max = 10;
  TestShoal small(config);
  CHECK(small.refusal("CreateTable", provisioned("small", units(11, 1))).starts_with(kExceeded));
  const auto limits = small.call("DescribeLimits", Json::object());
  CHECK(limits["TableMaxWriteCapacityUnits"] == 10);
  CHECK(limits["AccountMaxWriteCapacityUnits"] == 20);
}

TEST_CASE("a table is switched to on demand four times in 24 hours, and to provisioned at any time") {
  TestShoal shoal;
  shoal.call("CreateTable", provisioned("Music", units(1, 1)));
  shoal.clock.advance(hours(24) -
                      shoal.clock.now() % hours(24));  // To midnight; from there the clock goes on by itself.
  for (int i = 0; i < 4; ++i) {
    CHECK(update(shoal, kOnDemand).empty());
    CHECK(update(shoal, kProvisioned).empty());
    shoal.clock.advance(hours(1));
  }
  const auto refused = update(shoal, kOnDemand);
  CHECK(refused.starts_with(kExceeded +
                            "Update to PayPerRequest mode are limited to 4 times in 1 day(s). Last update at "));
  CHECK(refused.find(" 3:00:") != std::string::npos);
  CHECK(refused.find(" AM UTC. Next update can be made at ") != std::string::npos);
  CHECK(refused.find(" 12:00:") != std::string::npos);
  shoal.restart();
  CHECK(update(shoal, kOnDemand) == refused);
  shoal.clock.advance(hours(20));  // The first was 24 hours ago, the second 23.
  CHECK(update(shoal, kOnDemand).empty());
  CHECK(update(shoal, kProvisioned).empty());
  CHECK(update(shoal, kOnDemand).starts_with(kExceeded));
}

TEST_CASE("keys of encryption are switched four times in 24 hours, once more after six hours, and off at any time") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  const auto key = [&](const std::string& id) {
    return update(shoal, {{"SSESpecification", {{"Enabled", true}, {"SSEType", "KMS"}, {"KMSMasterKeyId", id}}}});
  };
  for (const auto* id : {"a", "b", "c", "d"}) CHECK(key(id).empty());
  CHECK(key("e").starts_with(kExceeded + "Update to the encryption key are limited to 4 times in 1 day(s). "));
  CHECK(key("d").empty());  // It has this one.
  CHECK(update(shoal, {{"SSESpecification", {{"Enabled", false}}}}).empty());
  CHECK(key("d").starts_with(kExceeded));
  shoal.clock.advance(hours(6));
  CHECK(key("d").empty());
  CHECK(key("e").starts_with(kExceeded));
  shoal.clock.advance(hours(18));
  CHECK(key("e").empty());
}

TEST_CASE("a table's class changes twice in 30 days") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  const auto change = [&](const char* name) { return update(shoal, {{"TableClass", name}}); };
  CHECK(change("STANDARD_INFREQUENT_ACCESS").empty());
  CHECK(change("STANDARD_INFREQUENT_ACCESS").empty());  // No change.
  CHECK(change("STANDARD").empty());
  CHECK(change("STANDARD_INFREQUENT_ACCESS")
            .starts_with(kExceeded + "Update to the table class are limited to 2 times in 30 day(s). "));
  shoal.clock.advance(hours(30 * 24));
  CHECK(change("STANDARD_INFREQUENT_ACCESS").empty());
}

TEST_CASE("a change that is refused for something else does not count") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(update(shoal, {{"TableClass", "STANDARD_INFREQUENT_ACCESS"}}).empty());
  const Json with_wrong_index = {{"TableClass", "STANDARD"},
                                 {"GlobalSecondaryIndexUpdates", {{{"Delete", {{"IndexName", "nosuch"}}}}}}};
  for (int i = 0; i < 3; ++i) CHECK(update(shoal, with_wrong_index).starts_with("ResourceNotFoundException"));
  CHECK(update(shoal, {{"TableClass", "STANDARD"}}).empty());
}

TEST_CASE("where tables take their time 500 of them are in transition at most") {
  Config config;
  config.table_delay_ms = 3'600'000;
  TestShoal shoal(config);
  for (int i = 0; i < 500; ++i) shoal.create_table("table" + std::to_string(i), "p:S");
  const std::string refused = "LimitExceededException: Too many operations for a given subscriber.";
  CHECK(shoal.refusal("CreateTable", provisioned("one", units(1, 1))) == refused);
  shoal.clock.advance(std::chrono::hours(1));
  shoal.run_jobs();
  CHECK(shoal.refusal("CreateTable", provisioned("one", units(1, 1))).empty());
}

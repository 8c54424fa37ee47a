// Time to live with the clock in hand.
#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

struct Sessions : TestShoal {
  explicit Sessions(Config config = {}) : TestShoal(std::move(config)) {
    create_table("Sessions", "Id:S");
    enable(true);
  }
  nlohmann::json request(bool enabled) const {
    return {{"TableName", "Sessions"}, {"TimeToLiveSpecification", {{"Enabled", enabled}, {"AttributeName", "Ends"}}}};
  }
  void enable(bool enabled) { call("UpdateTimeToLive", request(enabled)); }
  void put(const std::string& id, std::int64_t ends) {
    call("PutItem",
         {{"TableName", "Sessions"}, {"Item", {{"Id", {{"S", id}}}, {"Ends", {{"N", std::to_string(ends)}}}}}});
  }
  std::int64_t now() const { return clock.now().count() / 1000; }
  std::int64_t items() { return describe("Sessions")["ItemCount"]; }
};

}  // namespace

TEST_CASE("an item is there until its second comes") {
  Sessions shoal;
  shoal.put("a", shoal.now() + 3600);
  shoal.clock.advance(3590s);
  shoal.run_jobs();
  CHECK(shoal.items() == 1);
  shoal.clock.advance(11s);
  shoal.run_jobs();
  CHECK(shoal.items() == 0);
}

TEST_CASE("--ttl-delay-ms leaves expired items for a while, as production does") {
  Config config;
  config.ttl_delay_ms = 60'000;
  Sessions shoal(config);
  shoal.put("a", shoal.now() - 30);
  shoal.run_jobs();
  CHECK(shoal.items() == 1);
  shoal.clock.advance(31s);
  shoal.run_jobs();
  CHECK(shoal.items() == 0);
}

TEST_CASE("an item whose time was moved on is not deleted at the old one") {
  Sessions shoal;
  shoal.put("a", shoal.now() + 100);
  shoal.put("a", shoal.now() + 10'000);
  shoal.clock.advance(1000s);
  shoal.run_jobs();
  CHECK(shoal.items() == 1);
}

TEST_CASE("what expired more than five years ago stays") {
  Sessions shoal;
  shoal.put("a", shoal.now() - std::int64_t{5} * 365 * 86'400 - 10);
  shoal.put("b", shoal.now() - std::int64_t{5} * 365 * 86'400 + 1000);
  shoal.run_jobs();
  CHECK(shoal.items() == 1);
}

TEST_CASE("time to live changes once an hour") {
  Sessions shoal;
  const std::string often =
      "ValidationException: Time to live has been modified multiple times within a fixed interval";
  CHECK(shoal.refusal("UpdateTimeToLive", shoal.request(false)) == often);
  shoal.clock.advance(3599s);
  CHECK(shoal.refusal("UpdateTimeToLive", shoal.request(false)) == often);
  shoal.clock.advance(2s);
  CHECK(shoal.refusal("UpdateTimeToLive", shoal.request(false)).empty());
}

TEST_CASE("items of before are put in order in the background, in steps") {
  Config config;
  config.ttl_change_interval_seconds = 0;
  Sessions shoal(config);
  shoal.enable(false);
  for (int i = 0; i < 2500; ++i) shoal.put(std::to_string(i), shoal.now() - 5);
  shoal.run_jobs();
  CHECK(shoal.items() == 2500);
  shoal.enable(true);
  CHECK(shoal.items() == 0);
}

TEST_CASE("with --table-delay-ms a time to live is ENABLING and DISABLING for that long") {
  Config config;
  config.table_delay_ms = 5'000;
  config.ttl_change_interval_seconds = 0;
  TestShoal shoal(config);
  shoal.create_table("Sessions", "Id:S");
  shoal.clock.advance(5s);
  shoal.run_jobs();
  const auto change = [&](bool enabled) {
    shoal.call("UpdateTimeToLive", {{"TableName", "Sessions"},
                                    {"TimeToLiveSpecification", {{"Enabled", enabled}, {"AttributeName", "Ends"}}}});
  };
  const auto described = [&] {
    return shoal.call("DescribeTimeToLive", {{"TableName", "Sessions"}})["TimeToLiveDescription"];
  };
  CHECK(described() == nlohmann::json{{"TimeToLiveStatus", "DISABLED"}});
  change(true);
  CHECK(described() == nlohmann::json{{"TimeToLiveStatus", "ENABLING"}, {"AttributeName", "Ends"}});
  shoal.clock.advance(5s);
  CHECK(described() == nlohmann::json{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", "Ends"}});
  change(false);
  CHECK(described() == nlohmann::json{{"TimeToLiveStatus", "DISABLING"}, {"AttributeName", "Ends"}});
  shoal.restart();
  CHECK(described() == nlohmann::json{{"TimeToLiveStatus", "DISABLING"}, {"AttributeName", "Ends"}});
  shoal.clock.advance(5s);
  CHECK(described() == nlohmann::json{{"TimeToLiveStatus", "DISABLED"}});
}

#include "server/jobs/jobs.h"

#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;

namespace {

// For what another thread does: until it holds, for ten seconds at most.
template <class Condition>
bool comes_true(Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < give_up) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

void put_songs(TestShoal& shoal, int count) {
  for (int i = 0; i < count; ++i) {
    shoal.call("PutItem", {{"TableName", "Music"},
                           {"Item", {{"Artist", {{"S", std::to_string(i)}}}, {"Plays", {{"N", std::to_string(i)}}}}}});
  }
}

void add_index(TestShoal& shoal) {
  shoal.call("UpdateTable", R"({
    "TableName": "Music", "AttributeDefinitions": [{"AttributeName": "Plays", "AttributeType": "N"}],
    "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByPlays", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "Plays", "KeyType": "HASH"}]}}]})"_json);
}

bool is_index_active(TestShoal& shoal) {
  const auto table = shoal.catalog().find(shoal.account, shoal.region, "Music");
  return table->index("ByPlays")->status == Status::active;
}

}  // namespace

TEST_CASE("the jobs' thread fills an index when it is woken") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  put_songs(shoal, 1500);
  shoal.runs_jobs = false;
  shoal.jobs().start();
  add_index(shoal);
  shoal.jobs().wake();
  CHECK(comes_true([&] { return is_index_active(shoal); }));
  shoal.jobs().stop();
}

TEST_CASE("the jobs' thread begins with what an earlier run left") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  put_songs(shoal, 1500);
  shoal.runs_jobs = false;
  add_index(shoal);
  CHECK_FALSE(is_index_active(shoal));
  shoal.restart();
  shoal.jobs().start();
  CHECK(comes_true([&] { return is_index_active(shoal); }));
  shoal.jobs().stop();
}

TEST_CASE("a transition comes by itself when its time has come") {
  Config config;
  config.table_delay_ms = 50;
  TestShoal shoal(config);
  shoal.runs_jobs = false;
  shoal.jobs().start();
  shoal.create_table("Music", "Artist:S");
  shoal.jobs().wake();  // It has not looked at this table yet.
  CHECK(comes_true([&] { return shoal.describe("Music")["TableStatus"] == "ACTIVE"; }));
  shoal.jobs().stop();
}

TEST_CASE("a clock that is moved brings transitions forward") {
  Config config;
  config.table_delay_ms = 3'600'000;
  TestShoal shoal(config);
  shoal.runs_jobs = false;
  shoal.jobs().start();
  shoal.create_table("Music", "Artist:S");
  shoal.jobs().wake();
  CHECK(shoal.describe("Music")["TableStatus"] == "CREATING");
  shoal.clock.advance(std::chrono::hours(1));
  shoal.jobs().wake();
  CHECK(comes_true([&] { return shoal.describe("Music")["TableStatus"] == "ACTIVE"; }));
  shoal.jobs().stop();
}

TEST_CASE("jobs stop at once when there is nothing to do, and again without harm") {
  TestShoal shoal;
  shoal.jobs().start();
  const auto begin = std::chrono::steady_clock::now();
  shoal.jobs().stop();
  shoal.jobs().stop();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

TEST_CASE("work that was stopped halfway goes on after a restart, wherever it was stopped") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  put_songs(shoal, 4500);
  shoal.runs_jobs = false;
  add_index(shoal);
  for (int restarts = 0; restarts < 3 && !is_index_active(shoal); ++restarts) {
    shoal.jobs().run_round();
    shoal.restart();
  }
  shoal.run_jobs();
  CHECK(is_index_active(shoal));
}

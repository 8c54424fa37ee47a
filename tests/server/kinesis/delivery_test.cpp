#include "server/kinesis/delivery.h"

#include <catch2/catch.hpp>
#include <deque>
#include <future>
#include <random>

#include "server/jobs/jobs.h"
#include "support/things.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

// What a stream got: the key and the version of each record.
using Received = std::vector<std::string>;

// A Kinesis that takes what the test lets it.
struct FakeKinesis final : KinesisEndpoint {
  std::mutex mutex;
  std::map<std::string, Received> streams;
  std::vector<std::size_t> calls;  // How many records each had.
  std::function<bool(const KinesisStream&, const std::string&)> takes = [](auto&, auto&) { return true; };
  std::function<void()> on_call = [] {};  // May throw KinesisError.
  bool keeps_limits = true;               // Of calls: not checked here, since Catch knows one thread.
  bool cancelled = false;

  PutResult put_records(const KinesisStream& stream, std::span<const KinesisRecord* const> records) override {
    on_call();
    const std::lock_guard lock(mutex);
    PutResult result;
    std::size_t bytes = 0;
    for (const auto* record : records) {
      bytes += record->bytes();
      const auto change = Json::parse(record->data)["dynamodb"];
      auto name = change["Keys"]["Id"]["S"].get<std::string>();
      name += ":" + (change.contains("NewImage") ? change["NewImage"]["V"]["N"].get<std::string>() : "gone");
      const bool taken = takes(stream, name);
      result.taken.push_back(taken);
      if (taken)
        streams[stream.name].push_back(name);
      else
        result.failure = "Throttled: " + name;
    }
    keeps_limits &= !records.empty() && records.size() <= kPutRecordsMax && bytes <= kPutBytesMax;
    calls.push_back(records.size());
    return result;
  }
  void cancel() override { cancelled = true; }
};

constexpr DeliveryTimes kTimes{.look_after = 2ms, .retry_first = 0ms, .retry_last = 0ms, .stop_within = 1s};

Config with_endpoint() {
  Config config;
  config.kinesis_endpoint = "http://localhost:1";
  return config;
}

struct World : Things {
  World() : Things(with_endpoint()) { restart_delivery(); }
  ~World() { CHECK(kinesis->keeps_limits); }
  // As a process that begins.
  void restart_delivery(DeliveryTimes times = kTimes) {
    auto endpoint = std::make_unique<FakeKinesis>();
    if (kinesis) {
      endpoint->streams = kinesis->streams;
      endpoint->takes = kinesis->takes;
    }
    kinesis = endpoint.get();
    delivery.reset();
    delivery = std::make_unique<KinesisDelivery>(engine(), catalog(), clock, std::move(endpoint), times);
  }
  static std::string arn(const std::string& stream) {
    return "arn:aws:kinesis:us-east-1:000000000000:stream/" + stream;
  }
  void enable(const std::string& stream = "first", const std::string& table = "Things") {
    call("EnableKinesisStreamingDestination", {{"TableName", table}, {"StreamArn", arn(stream)}});
  }
  void disable(const std::string& stream = "first") {
    call("DisableKinesisStreamingDestination", {{"TableName", "Things"}, {"StreamArn", arn(stream)}});
  }
  std::string status(std::size_t index = 0) {
    return call("DescribeKinesisStreamingDestination",
                {{"TableName", "Things"}})["KinesisDataStreamDestinations"][index]["DestinationStatus"];
  }
  // Until there is nothing to do at once, and a bit further.
  void deliver() {
    for (int idle = 0; idle < 5;) idle = delivery->run_round() ? 0 : idle + 1;
  }
  const Received& received(const std::string& stream = "first") { return kinesis->streams[stream]; }
  std::size_t record_count() {
    const auto snapshot = engine().snapshot();
    const auto table = catalog().find(account, region, "Things");
    std::size_t count = 0;
    for (const auto& shard : shards_of(*snapshot, table->id, "")) {
      for (ChangeReader reader(*snapshot, shard, 0); reader.next();) ++count;
    }
    return count;
  }

  FakeKinesis* kinesis = nullptr;
  std::unique_ptr<KinesisDelivery> delivery;
};

}  // namespace

TEST_CASE("changes arrive once each, in their order, from the moment a destination is enabled") {
  World shoal;
  shoal.put("a", 0);
  shoal.enable();
  shoal.put("a", 1);
  shoal.put("b", 1);
  shoal.put("a", 2);
  shoal.remove("b");
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:1", "b:1", "a:2", "b:gone"});
  shoal.deliver();
  CHECK(shoal.received().size() == 4);
  shoal.run_jobs();
  CHECK(shoal.record_count() == 0);
}

TEST_CASE("a restart neither loses nor repeats") {
  World shoal;
  shoal.enable();
  shoal.put("a", 1);
  shoal.deliver();
  shoal.restart();
  shoal.restart_delivery();
  shoal.put("a", 2);
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:1", "a:2"});
}

TEST_CASE("what was put in while Kinesis was away is delivered when it is back") {
  World shoal;
  shoal.enable();
  shoal.kinesis->on_call = [] { throw KinesisError("http://localhost:1: Connection refused"); };
  for (int i = 0; i < 20; ++i) shoal.put("a", i);
  shoal.deliver();
  shoal.restart_delivery();
  shoal.deliver();
  REQUIRE(shoal.received().size() == 20);
  CHECK(shoal.received().back() == "a:19");
}

TEST_CASE("records that Kinesis does not take are tried again, and an item's changes stay in order") {
  World shoal;
  shoal.enable();
  const auto seed = Catch::rngSeed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  shoal.kinesis->takes = [&](auto&, auto&) { return random() % 3 != 0; };
  for (int i = 0; i < 300; ++i) shoal.put(std::string(1, static_cast<char>('a' + random() % 5)), i);
  for (int i = 0; i < 3'000 && shoal.received().size() < 300; ++i) shoal.deliver();
  std::map<char, int> last;
  for (const auto& record : shoal.received()) {
    const int version = std::stoi(record.substr(2));
    const auto [known, fresh] = last.emplace(record[0], version);
    CHECK((fresh || known->second < version));
    known->second = version;
  }
  CHECK(shoal.received().size() == 300);
}

TEST_CASE("a call has one change of an item at the most, and any number of items") {
  World shoal;
  shoal.enable();
  for (int i = 0; i < 10; ++i) shoal.put("item" + std::to_string(i), 1);
  for (int i = 2; i < 4; ++i) shoal.put("item0", i);
  shoal.deliver();
  CHECK(shoal.kinesis->calls == std::vector<std::size_t>{10, 1, 1});
}

TEST_CASE("a call has at most 500 records") {
  World shoal;
  shoal.enable();
  shoal.runs_jobs = false;
  for (int i = 0; i < 1'100; ++i) shoal.put("item" + std::to_string(i), 1);
  shoal.deliver();
  CHECK(shoal.kinesis->calls == std::vector<std::size_t>{500, 500, 100});
}

TEST_CASE("a call has at most five megabytes, and a record that is larger than one is left out") {
  World shoal;
  shoal.enable();
  const auto put_large = [&](const std::string& id, std::size_t bytes, int version) {
    shoal.call("PutItem", {{"TableName", "Things"},
                           {"Item",
                            {{"Id", {{"S", id}}},
                             {"V", {{"N", std::to_string(version)}}},
                             {"Blob", {{"S", std::string(bytes, static_cast<char>('a' + version))}}}}}});
  };
  for (int i = 0; i < 20; ++i) put_large("item" + std::to_string(i), 390'000, 1);
  // Each character of the images takes six: 2.3 MB in each image.
  shoal.call(
      "PutItem",
      {{"TableName", "Things"},
       {"Item", {{"Id", {{"S", "large"}}}, {"V", {{"N", "1"}}}, {"Blob", {{"S", std::string(390'000, '\x01')}}}}}});
  put_large("after", 10, 1);
  shoal.deliver();
  REQUIRE(shoal.received().size() == 21);
  CHECK(shoal.received().back() == "after:1");
  CHECK(shoal.kinesis->calls.front() == 13);
}

TEST_CASE("splits, roll-overs, and streams that come and go change nothing for a destination") {
  World shoal;
  shoal.enable();
  const auto seed = Catch::rngSeed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::map<std::string, Received> written, seen;
  bool stream = false;
  for (int i = 0; i < 400; ++i) {
    const auto id = std::string(1, static_cast<char>('a' + random() % 26));
    shoal.put(id, i);
    written[id].push_back(id + ":" + std::to_string(i));
    switch (random() % 20) {
      case 0:
        shoal.split(random() % 4);
        break;
      case 1:
        shoal.roll_over();
        break;
      case 2:
        stream = !stream;
        shoal.call("UpdateTable",
                   {{"TableName", "Things"},
                    {"StreamSpecification", stream ? Json{{"StreamEnabled", true}, {"StreamViewType", "KEYS_ONLY"}}
                                                   : Json{{"StreamEnabled", false}}}});
        break;
      case 3:
        shoal.restart_delivery();
        break;
      case 4:
        shoal.delivery->run_round();
        break;
      default:
        break;
    }
  }
  shoal.deliver();
  for (const auto& record : shoal.received()) seen[record.substr(0, 1)].push_back(record);
  CHECK(seen == written);
}

TEST_CASE("two destinations have every change, and one that fails holds up itself alone") {
  World shoal;
  shoal.enable("first");
  shoal.put("a", 1);
  shoal.enable("second");
  bool first_is_away = true;
  shoal.kinesis->takes = [&](const KinesisStream& stream, auto&) { return !first_is_away || stream.name != "first"; };
  shoal.put("a", 2);
  shoal.deliver();
  CHECK(shoal.received("first").empty());
  CHECK(shoal.received("second") == Received{"a:2"});
  first_is_away = false;
  shoal.deliver();
  CHECK(shoal.received("first") == Received{"a:1", "a:2"});
  CHECK(shoal.received("second") == Received{"a:2"});
}

TEST_CASE("a destination that is disabled has what was changed before, then is DISABLED") {
  World shoal;
  shoal.enable();
  shoal.put("a", 1);
  shoal.disable();
  CHECK(shoal.status() == "DISABLING");
  shoal.put("a", 2);
  shoal.deliver();
  CHECK(shoal.status() == "DISABLED");
  CHECK(shoal.received() == Received{"a:1"});
  shoal.enable();
  shoal.put("a", 3);
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:1", "a:3"});
}

TEST_CASE("a destination that cannot be reached is DISABLED ten seconds after it was told to") {
  World shoal;
  shoal.enable();
  shoal.kinesis->on_call = [] { throw KinesisError("away"); };
  shoal.put("a", 1);
  shoal.deliver();
  shoal.disable();
  shoal.clock.advance(10s);
  shoal.run_jobs();
  CHECK(shoal.status() == "DISABLED");
  shoal.kinesis->on_call = [] {};
  shoal.deliver();
  shoal.enable();
  shoal.put("a", 2);
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:2"});
}

TEST_CASE("what could not be delivered for a day is gone, and what came later is not") {
  World shoal;
  shoal.enable();
  shoal.kinesis->on_call = [] { throw KinesisError("away"); };
  shoal.put("a", 1);
  shoal.deliver();
  shoal.clock.advance(24h + 1min);
  shoal.put("a", 2);
  shoal.run_jobs();
  CHECK(shoal.record_count() == 1);
  shoal.restart_delivery();
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:2"});
}

TEST_CASE("a table that is deleted and made again has nothing of its old changes delivered") {
  World shoal;
  shoal.enable();
  shoal.put("a", 1);
  shoal.call("DeleteTable", {{"TableName", "Things"}});
  shoal.create_table("Things", "Id:S");
  shoal.enable();
  shoal.put("a", 2);
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:2"});
}

TEST_CASE("a failure is not tried again at once, and a success ends the waiting") {
  World shoal;
  shoal.restart_delivery({.retry_first = 30ms, .retry_last = 40ms});
  shoal.enable();
  int calls = 0;
  shoal.kinesis->on_call = [&] {
    if (++calls <= 3) throw KinesisError("away");
  };
  shoal.put("a", 1);
  const auto began = std::chrono::steady_clock::now();
  while (shoal.received().empty()) shoal.delivery->run_round();
  CHECK(calls == 4);
  CHECK(std::chrono::steady_clock::now() - began >= 30ms + 40ms + 40ms);
  shoal.put("a", 2);
  shoal.delivery->run_round();
  CHECK(shoal.received().size() == 2);
}

TEST_CASE("the thread delivers by itself, and stops with what it was doing done") {
  World shoal;
  std::promise<void> arrived;
  shoal.kinesis->on_call = [&, first = true]() mutable {
    if (first) arrived.set_value();
    first = false;
    std::this_thread::sleep_for(50ms);
  };
  shoal.delivery->start();
  shoal.enable();
  shoal.delivery->wake();
  shoal.put("a", 1);
  REQUIRE(arrived.get_future().wait_for(10s) == std::future_status::ready);
  shoal.delivery->stop();
  CHECK_FALSE(shoal.kinesis->calls.empty());
  shoal.restart_delivery();
  shoal.deliver();
  CHECK(shoal.received() == Received{"a:1"});
}

TEST_CASE("a call that does not return is cancelled when the thread is to stop") {
  struct Stuck final : KinesisEndpoint {
    std::promise<void> called, cancelled;
    PutResult put_records(const KinesisStream&, std::span<const KinesisRecord* const>) override {
      called.set_value();
      cancelled.get_future().wait();
      throw KinesisError("cancelled");
    }
    void cancel() override { cancelled.set_value(); }
  };
  TestShoal shoal(with_endpoint());
  shoal.create_table("Things", "Id:S");
  auto endpoint = std::make_unique<Stuck>();
  auto called = endpoint->called.get_future();
  KinesisDelivery delivery(shoal.engine(), shoal.catalog(), shoal.clock, std::move(endpoint),
                           {.look_after = 1ms, .stop_within = 20ms});
  delivery.start();
  shoal.call("EnableKinesisStreamingDestination", {{"TableName", "Things"}, {"StreamArn", World::arn("first")}});
  delivery.wake();
  shoal.call("PutItem", {{"TableName", "Things"}, {"Item", {{"Id", {{"S", "a"}}}}}});
  REQUIRE(called.wait_for(10s) == std::future_status::ready);
  const auto began = std::chrono::steady_clock::now();
  delivery.stop();
  CHECK(std::chrono::steady_clock::now() - began < 5s);
}

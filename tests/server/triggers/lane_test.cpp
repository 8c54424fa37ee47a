#include "server/triggers/lane.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "server/operations/sequence_number.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;
using Numbers = std::vector<int>;

namespace {

constexpr Milliseconds kStart{1'800'000'000'000};  // 2027-01-15T08:00:00Z, where minutes begin

// A lane, its mapping, and a time that moves when told to. Changes are numbers from 1.
struct World {
  World() { mapping.function = "f"; }

  Mapping mapping;
  LaneTimes times{.retry_first = 100ms, .retry_last = 400ms, .window_grace = 0ms};
  Milliseconds now = kStart;
  std::chrono::steady_clock::time_point steady{1h};
  bool is_last = false;
  Lane lane;
  Json event;  // Of the last call.

  LaneContext context() const { return {mapping, "shardId-1", times, now, steady, is_last}; }
  MappingSettings& settings() { return mapping.settings; }

  void pass(Milliseconds time) {
    now += time;
    steady += time;
  }
  void add(Sequence first, Sequence last, std::size_t bytes = 0) {
    for (auto i = first; i <= last; ++i) {
      auto text = R"({"n":)" + std::to_string(i) + R"(,"filling":")";
      text.append(bytes, 'x');
      lane.add({i, now, now, text + "\"}"});
    }
  }
  // The numbers in the next call; nothing when there is none.
  std::optional<Numbers> call() {
    auto step = lane.next(context());
    if (!step) return std::nullopt;
    REQUIRE_FALSE(step->report);
    event = Json::parse(step->payload);
    Numbers numbers;
    for (const auto& record : event["Records"]) numbers.push_back(record["n"]);
    return numbers;
  }
  void succeed(std::string payload = "null") {
    InvocationResult result;
    result.payload = std::move(payload);
    result.status = 200;
    lane.note(context(), std::move(result));
  }
  void fail(InvocationResult::Kind kind = InvocationResult::Kind::failure) {
    InvocationResult result;
    result.kind = kind;
    result.status = 200;
    result.function_error = "Unhandled";
    result.request_id = "request";
    lane.note(context(), std::move(result));
  }
  // The next call fails, and the wait after it passes.
  void fail_call(const Numbers& expected) {
    REQUIRE(call() == expected);
    fail();
    pass(10s);
  }
  void report_failures(const Numbers& numbers) {
    Json list = Json::array();
    for (const auto number : numbers) {
      list.push_back({{"itemIdentifier", sequence_text(static_cast<Sequence>(number))}});
    }
    succeed(Json{{"batchItemFailures", list}}.dump());
  }
};

}  // namespace

TEST_CASE("changes go in batches, the next one after the last was taken") {
  World world;
  world.settings().batch_size = 2;
  CHECK_FALSE(world.call());
  world.add(1, 3);
  CHECK(world.call() == Numbers{1, 2});
  CHECK_FALSE(world.call());
  CHECK(world.lane.is_busy());
  CHECK(world.lane.first_unfinished() == 1);
  world.succeed();
  CHECK(world.lane.first_unfinished() == 3);
  CHECK(world.call() == Numbers{3});
  world.succeed();
  CHECK_FALSE(world.lane.first_unfinished());
  CHECK(world.lane.is_idle());
  CHECK(world.lane.last_result() == "OK");
}

TEST_CASE("a batching window waits for the batch to fill, from the first change on") {
  World world;
  world.settings().batch_size = 3;
  world.settings().batching_window_seconds = 10;
  world.add(1, 1);
  CHECK_FALSE(world.call());
  world.pass(9'999ms);
  world.add(2, 2);
  CHECK_FALSE(world.call());
  world.now += 1ms;  // The clock may be moved: real time does not matter.
  CHECK(world.call() == Numbers{1, 2});
  world.succeed();
  world.add(3, 5);
  CHECK(world.call() == Numbers{3, 4, 5});
  world.succeed();
  world.add(6, 6);
  CHECK_FALSE(world.call());
  world.is_last = true;
  CHECK(world.call() == Numbers{6});
}

TEST_CASE("a call carries 6 MB at the most") {
  World world;
  world.settings().batching_window_seconds = 300;
  world.add(1, 1, 4 << 20);
  CHECK_FALSE(world.call());
  world.add(2, 2, 3 << 20);
  CHECK(world.call() == Numbers{1});
  world.succeed();
  CHECK_FALSE(world.call());
  world.is_last = true;
  CHECK(world.call() == Numbers{2});
}

TEST_CASE("a batch that fails is tried again after a while, and that grows") {
  World world;
  world.add(1, 2);
  CHECK(world.call() == Numbers{1, 2});
  world.fail();
  CHECK(world.lane.last_result() == "PROBLEM: Function call failed");
  for (const auto wait : {100ms, 200ms, 400ms, 400ms}) {
    world.pass(wait - 1ms);
    CHECK_FALSE(world.call());
    world.pass(1ms);
    CHECK(world.call() == Numbers{1, 2});
    world.fail();
  }
  world.pass(10s);
  CHECK(world.call() == Numbers{1, 2});
  world.succeed();
  CHECK(world.lane.is_idle());
  world.add(3, 3);
  CHECK(world.call() == Numbers{3});
}

TEST_CASE("after the retries a batch is given up, and the next one goes") {
  World world;
  world.settings().retries = 2;
  world.add(1, 2);
  world.fail_call({1, 2});
  world.add(3, 3);
  world.fail_call({1, 2});
  world.fail_call({1, 2});
  CHECK(world.lane.first_unfinished() == 3);
  CHECK(world.call() == Numbers{3});
}

TEST_CASE("without retries a batch is tried once") {
  World world;
  world.settings().retries = 0;
  world.add(1, 1);
  CHECK(world.call() == Numbers{1});
  world.fail();
  CHECK(world.lane.is_idle());
}

TEST_CASE("a runtime that is away does not use the retries up") {
  World world;
  world.settings().retries = 0;
  world.settings().bisect = true;
  world.add(1, 2);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(world.call() == Numbers{1, 2});
    world.fail(InvocationResult::Kind::unavailable);
    world.pass(10s);
  }
  CHECK(world.lane.last_result() == "PROBLEM: Function could not be called");
  CHECK(world.call() == Numbers{1, 2});
}

TEST_CASE("a call that was cut off is as if it had not been") {
  World world;
  world.settings().retries = 0;
  world.add(1, 1);
  CHECK(world.call() == Numbers{1});
  world.fail(InvocationResult::Kind::cancelled);
  CHECK(world.lane.first_unfinished() == 1);
  CHECK(world.call() == Numbers{1});
}

TEST_CASE("what was given up is told of before anything else goes on") {
  World world;
  world.settings().retries = 1;
  world.settings().on_failure = "http://localhost:9/failed";
  world.mapping.account = "123456789012";
  world.mapping.region = "eu-west-1";
  world.mapping.stream_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/T/stream/2026";
  world.add(7, 9);
  world.fail_call({7, 8, 9});
  REQUIRE(world.call() == Numbers{7, 8, 9});
  world.fail();
  const auto step = world.lane.next(world.context());
  REQUIRE(step);
  REQUIRE(step->report);
  CHECK(world.lane.first_unfinished() == 7);
  CHECK_FALSE(world.lane.next(world.context()));
  CHECK(step->report->destination == "http://localhost:9/failed");
  auto report = Json::parse(step->report->text);
  CHECK(Json::parse(report["payload"].get<std::string>())["Records"].size() == 3);
  report.erase("payload");
  CHECK(report == R"({
    "version": "1.0", "timestamp": "2027-01-15T08:00:10.000Z",
    "requestContext": {"requestId": "request", "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 2,
                       "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f"},
    "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    "DDBStreamBatchInfo": {"shardId": "shardId-1", "startSequenceNumber": "100000000000000000007",
                           "endSequenceNumber": "100000000000000000009", "batchSize": 3,
                           "approximateArrivalOfFirstRecord": "2027-01-15T08:00:00Z",
                           "approximateArrivalOfLastRecord": "2027-01-15T08:00:00Z",
                           "streamArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/T/stream/2026"}})"_json);
  world.lane.note_reported(world.context(), "");
  CHECK(world.lane.is_idle());
}

TEST_CASE("a report that cannot be delivered is tried a few times, then the changes are let go") {
  World world;
  world.settings().retries = 0;
  world.settings().on_failure = "http://localhost:9/failed";
  world.add(1, 1);
  CHECK(world.call() == Numbers{1});
  world.fail();
  for (std::size_t i = 1; i <= world.times.report_tries; ++i) {
    CHECK(world.lane.first_unfinished() == 1);
    REQUIRE(world.lane.next(world.context()));
    world.lane.note_reported(world.context(), "Connection refused");
    CHECK_FALSE(world.lane.next(world.context()));
    world.pass(10s);
  }
  CHECK(world.lane.is_idle());
}

TEST_CASE("bisecting finds the change that fails, and gives up no other") {
  World world;
  world.settings().bisect = true;
  world.settings().retries = 1;
  world.add(1, 8);
  std::vector<Numbers> calls;
  while (const auto numbers = world.call()) {
    calls.push_back(*numbers);
    const bool fails = std::find(numbers->begin(), numbers->end(), 6) != numbers->end();
    if (fails) {
      world.fail();
    } else {
      world.succeed();
    }
    world.pass(10s);
  }
  CHECK(calls ==
        std::vector<Numbers>{{1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4}, {5, 6, 7, 8}, {5, 6}, {5}, {6}, {6}, {7, 8}});
  CHECK(world.lane.is_idle());
}

TEST_CASE("a batch that was cut is tried again at once; what fails as it is has to wait") {
  World world;
  world.settings().bisect = true;
  world.add(1, 2);
  CHECK(world.call() == Numbers{1, 2});
  world.fail();
  CHECK(world.call() == Numbers{1});
  world.fail();
  CHECK_FALSE(world.call());
  world.pass(world.times.retry_first);
  CHECK(world.call() == Numbers{1});
}

TEST_CASE("changes that have grown too old are given up, also while they wait for another try") {
  World world;
  world.settings().record_age_seconds = 60;
  world.add(1, 1);
  world.pass(30s);
  world.add(2, 2);
  REQUIRE(world.call() == Numbers{1, 2});
  world.fail();
  world.pass(30'001ms);
  CHECK(world.call() == Numbers{2});
  world.fail();
  world.now += 60s;  // Still waiting for the next try, in real time.
  CHECK_FALSE(world.call());
  CHECK(world.lane.is_idle());
}

TEST_CASE("a change that is too old before it was ever sent is told of without a response") {
  World world;
  world.settings().record_age_seconds = 60;
  world.settings().on_failure = "http://localhost:9/failed";
  world.add(1, 1);
  world.now += 61s;
  const auto step = world.lane.next(world.context());
  REQUIRE(step);
  REQUIRE(step->report);
  const auto report = Json::parse(step->report->text);
  CHECK(report["requestContext"]["condition"] == "RecordAgeExceeded");
  CHECK(report["requestContext"]["approximateInvokeCount"] == 0);
  CHECK_FALSE(report.contains("responseContext"));
}

TEST_CASE("without a limit, changes are given up when they leave the stream") {
  World world;
  world.add(1, 1);
  world.fail_call({1});
  world.now += 24h;
  CHECK_FALSE(world.call());
  CHECK(world.lane.is_idle());
}

TEST_CASE("a function that reports failures gets what failed and all after it again, and nothing before") {
  World world;
  world.settings().reports_item_failures = true;
  world.add(1, 5);
  CHECK(world.call() == Numbers{1, 2, 3, 4, 5});
  world.report_failures({4, 3});
  CHECK(world.lane.first_unfinished() == 3);
  CHECK(world.lane.last_result() == "PROBLEM: Function call failed");
  world.pass(10s);
  CHECK(world.call() == Numbers{3, 4, 5});
  world.report_failures({});
  CHECK(world.lane.is_idle());
  CHECK(world.lane.last_result() == "OK");
}

TEST_CASE("the change that a function reports is given up after its retries, with those after it") {
  World world;
  world.settings().reports_item_failures = true;
  world.settings().bisect = true;
  world.settings().retries = 2;
  world.add(1, 4);
  CHECK(world.call() == Numbers{1, 2, 3, 4});
  world.report_failures({3});
  for (int i = 0; i < 2; ++i) {
    world.pass(10s);
    CHECK(world.call() == Numbers{3, 4});
    world.report_failures({3});
  }
  CHECK_FALSE(world.call());
  CHECK(world.lane.is_idle());
}

TEST_CASE("what a function may answer when it reports failures") {
  std::vector<ChangeEvent> events;
  for (Sequence i = 1; i <= 3; ++i) events.push_back({i, kStart, kStart, "{}"});
  for (const auto* all : {"", "null", "{}", R"({"batchItemFailures": []})", R"({"batchItemFailures": null})"}) {
    INFO(all);
    CHECK(first_failure(all, events) == 3);
  }
  for (const auto* none :
       {"x", "1", "[]", "\"ok\"", R"({"batchItemFailures": {}})", R"({"batchItemFailures": [{"itemIdentifier": ""}]})",
        R"({"batchItemFailures": [{"itemIdentifier": null}]})", R"({"batchItemFailures": [{"item": "1"}]})",
        R"({"batchItemFailures": [{"itemIdentifier": 1}]})", R"({"batchItemFailures": ["1"]})",
        R"({"batchItemFailures": [{"itemIdentifier": "100000000000000000009"}]})"}) {
    INFO(none);
    CHECK_FALSE(first_failure(none, events));
  }
  CHECK(first_failure(R"({"batchItemFailures": [{"itemIdentifier": "100000000000000000002"}]})", events) == 1);
}

TEST_CASE("what cannot be understood fails the whole batch") {
  World world;
  world.settings().reports_item_failures = true;
  world.settings().retries = 0;
  world.add(1, 2);
  CHECK(world.call() == Numbers{1, 2});
  world.succeed("\"fine\"");
  CHECK(world.lane.is_idle());
  CHECK(world.lane.last_result() == "PROBLEM: Function call failed");
}

TEST_CASE("the answer of a function that reports nothing is not looked at") {
  World world;
  world.add(1, 1);
  CHECK(world.call() == Numbers{1});
  world.report_failures({1});
  CHECK(world.lane.is_idle());
}

TEST_CASE("a tumbling window carries its state from call to call and ends with one of its own") {
  World world;
  world.settings().tumbling_seconds = 60;
  world.settings().batch_size = 2;
  world.mapping.stream_arn = "arn";
  world.pass(5s);
  world.add(1, 3);
  CHECK(world.call() == Numbers{1, 2});
  world.event.erase("Records");
  CHECK(world.event == R"({"window": {"start": "2027-01-15T08:00:00Z", "end": "2027-01-15T08:01:00Z"}, "state": {},
                           "shardId": "shardId-1", "eventSourceARN": "arn", "isFinalInvokeForWindow": false,
                           "isWindowTerminatedEarly": false})"_json);
  world.succeed(R"({"state": {"sum": 3}})");
  CHECK(world.call() == Numbers{3});
  CHECK(world.event["state"] == R"({"sum": 3})"_json);
  world.succeed(R"({"state": {"sum": 6}})");
  CHECK_FALSE(world.lane.is_idle());
  CHECK_FALSE(world.call());
  world.now = kStart + 60s;
  CHECK(world.call() == Numbers{});
  CHECK(world.event["state"] == R"({"sum": 6})"_json);
  CHECK(world.event["isFinalInvokeForWindow"] == true);
  world.succeed();
  CHECK(world.lane.is_idle());
  CHECK_FALSE(world.call());
}

TEST_CASE("a batch does not reach from one tumbling window into the next") {
  World world;
  world.settings().tumbling_seconds = 60;
  world.settings().batching_window_seconds = 300;
  world.pass(50s);
  world.add(1, 2);
  CHECK_FALSE(world.call());
  world.pass(20s);
  world.add(3, 3);
  CHECK(world.call() == Numbers{1, 2});
  world.succeed(R"({"state": {"n": 2}})");
  CHECK(world.call() == Numbers{});
  CHECK(world.event["window"]["end"] == "2027-01-15T08:01:00Z");
  world.succeed();
  world.is_last = true;
  CHECK(world.call() == Numbers{3});
  CHECK(world.event["window"]["start"] == "2027-01-15T08:01:00Z");
  CHECK(world.event["state"] == Json::object());
  world.succeed();
  CHECK(world.call() == Numbers{});
  CHECK(world.event["isFinalInvokeForWindow"] == true);
  world.succeed();
  CHECK(world.lane.is_idle());
}

TEST_CASE("a change that is late for its window goes into the next: a window ends once") {
  World world;
  world.settings().tumbling_seconds = 60;
  world.add(1, 1);
  CHECK(world.call() == Numbers{1});
  world.succeed();
  world.now = kStart + 60s;
  CHECK(world.call() == Numbers{});
  world.succeed();
  world.lane.add({2, kStart + 59s, world.now, R"({"n": 2})"});
  CHECK(world.call() == Numbers{2});
  CHECK(world.event["window"]["start"] == "2027-01-15T08:01:00Z");
}

TEST_CASE("a state that is too large ends its window early") {
  World world;
  world.settings().tumbling_seconds = 60;
  world.settings().batch_size = 1;
  world.add(1, 2);
  CHECK(world.call() == Numbers{1});
  world.succeed(R"({"state": {"x": ")" + std::string(kWindowStateBytesMax, 'x') + "\"}}");
  CHECK(world.call() == Numbers{});
  CHECK(world.event["isWindowTerminatedEarly"] == true);
  CHECK(world.event["isFinalInvokeForWindow"] == true);
  CHECK(world.event["state"] == Json::object());
  world.succeed();
  CHECK(world.call() == Numbers{2});
  CHECK(world.event["window"]["start"] == "2027-01-15T08:00:00Z");
  CHECK(world.event["isWindowTerminatedEarly"] == false);
}

TEST_CASE("a call that fails leaves a window's state as it was, and its last call is tried again too") {
  World world;
  world.settings().tumbling_seconds = 60;
  world.settings().retries = 1;
  world.add(1, 1);
  world.fail_call({1});
  CHECK(world.call() == Numbers{1});
  CHECK(world.event["state"] == Json::object());
  world.succeed(R"({"state": {"n": 1}})");
  world.now = kStart + 60s;
  world.fail_call({});
  CHECK(world.call() == Numbers{});
  CHECK(world.event["state"]["n"] == 1);
  world.fail();
  CHECK(world.lane.is_idle());  // Given up.
}

TEST_CASE("the end of a window is not told for ever to a function that is gone") {
  World world;
  world.settings().tumbling_seconds = 60;
  world.add(1, 1);
  CHECK(world.call() == Numbers{1});
  world.succeed();
  world.pass(60s);
  CHECK(world.call() == Numbers{});
  world.fail(InvocationResult::Kind::unavailable);
  world.pass(24h);
  CHECK(world.call() == Numbers{});
  CHECK_FALSE(world.lane.is_idle());
  world.pass(1s);
  world.fail(InvocationResult::Kind::unavailable);
  CHECK(world.lane.is_idle());
}

TEST_CASE("a window goes on after a restart, and ends early when windows become others") {
  World before;
  before.settings().tumbling_seconds = 60;
  before.add(1, 1);
  CHECK(before.call() == Numbers{1});
  before.succeed(R"({"state": {"n": 1}})");

  World after;
  after.settings().tumbling_seconds = 60;
  after.lane.restore_windows(before.lane.window(), before.lane.windows_closed_to());
  after.add(2, 2);
  CHECK(after.call() == Numbers{2});
  CHECK(after.event["state"]["n"] == 1);
  after.succeed(R"({"state": {"n": 2}})");
  after.settings().tumbling_seconds = 0;
  CHECK(after.call() == Numbers{});
  CHECK(after.event["isWindowTerminatedEarly"] == true);
  CHECK(after.event["state"]["n"] == 2);
  after.succeed();
  CHECK(after.lane.is_idle());
}

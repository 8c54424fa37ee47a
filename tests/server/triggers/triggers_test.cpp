#include "server/triggers/triggers.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "protocol/sigv4/query.h"
#include "server/triggers/lambda_api.h"
#include "server/triggers/mapping_store.h"
#include "support/things.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;
using Names = std::vector<std::string>;

namespace {

// Functions that do what the test says, when it says so.
struct FakeRuntime final : TriggerRuntime {
  struct Call {
    Invocation invocation;
    std::function<void(InvocationResult)> done;
    Json event;
  };
  std::function<InvocationResult(const Json& event)> function = [](const Json&) { return succeeded(); };
  bool holds = false;  // Calls wait in `held` until they are let go.
  std::deque<Call> held;
  std::vector<Json> events;
  std::vector<std::string> functions;
  std::vector<Json> reports;

  static InvocationResult succeeded(std::string payload = "null") {
    InvocationResult result;
    result.status = 200;
    result.payload = std::move(payload);
    return result;
  }
  static InvocationResult failed() {
    InvocationResult result;
    result.kind = InvocationResult::Kind::failure;
    result.reason = "it throws";
    return result;
  }

  void invoke(Invocation invocation, std::function<void(InvocationResult)> done) override {
    auto event = Json::parse(invocation.payload);
    events.push_back(event);
    functions.push_back(invocation.function);
    if (holds) {
      held.push_back({std::move(invocation), std::move(done), std::move(event)});
    } else {
      done(function(event));
    }
  }
  void report(FailureReport report, std::function<void(std::string)> done) override {
    reports.push_back(Json::parse(report.text));
    done("");
  }
  void cancel() override {
    for (auto& call : held) {
      InvocationResult result;
      result.kind = InvocationResult::Kind::cancelled;
      call.done(std::move(result));
    }
    held.clear();
  }
  void let_go() {
    const auto call = std::move(held.front());
    held.pop_front();
    call.done(function(call.event));
  }
};

constexpr TriggerTimes kTimes{
    .lane = {.retry_first = 0ms, .retry_last = 0ms, .window_grace = 0ms}, .look_after = 2ms, .refresh_after = 0ms};

std::string name_of(const Json& record) {
  const auto& change = record["dynamodb"];
  const auto id = change["Keys"]["Id"]["S"].get<std::string>();
  return id + ":" + (change.contains("NewImage") ? change["NewImage"]["V"]["N"].get<std::string>() : "gone");
}

Names names_of(const Json& event) {
  Names names;
  for (const auto& record : event["Records"]) names.push_back(name_of(record));
  return names;
}

struct World : Things {
  World() {
    enable_stream();
    restart_triggers();
  }
  // As a process that begins.
  void restart_triggers(std::vector<DeclaredTrigger> declared = {}) {
    auto next = std::make_unique<FakeRuntime>();
    if (runtime) {
      next->function = runtime->function;
      next->events = runtime->events;
    }
    runtime = next.get();
    triggers.reset();
    triggers = std::make_unique<Triggers>(engine(), clock, std::move(next), std::move(declared), kTimes);
  }
  void enable_stream(bool on = true) {
    Json specification{{"StreamEnabled", on}};
    if (on) specification["StreamViewType"] = "NEW_AND_OLD_IMAGES";
    call("UpdateTable", {{"TableName", "Things"}, {"StreamSpecification", specification}});
  }
  std::string arn() { return describe("Things")["LatestStreamArn"]; }

  // "202" and the answer, or the status and "<type>: <message>".
  std::pair<int, Json> lambda(std::string_view method, const std::string& target, const Json& body = nullptr) {
    const auto text = body.is_null() ? std::string() : body.dump();
    try {
      const auto given = answer_lambda(services(), {method, target, text, account, region});
      if (const auto* answer = std::get_if<Answer>(&given.outcome)) return {given.status, Json::parse(*answer)};
      const auto& write = std::get<Write>(given.outcome);
      Answer answer;
      engine().write([&](kv::Transaction& transaction) { answer = write.body(transaction); });
      triggers->wake();
      return {given.status, answer.empty() ? Json() : Json::parse(answer)};
    } catch (const Error& error) {
      return {lambda_status(error), std::string(error.type().name) + ": " + error.message()};
    }
  }
  std::string map(Json request = Json::object()) {
    request.emplace("EventSourceArn", arn());
    request.emplace("FunctionName", "f");
    request.emplace("StartingPosition", "TRIM_HORIZON");
    const auto [status, answer] = lambda("POST", "/2015-03-31/event-source-mappings", request);
    INFO(answer);
    REQUIRE(status == 202);
    return answer["UUID"];
  }
  Mapping mapped() {
    map();
    return all_mappings(*engine().snapshot()).at(0);
  }
  static std::string path(const std::string& uuid) { return "/2015-03-31/event-source-mappings/" + uuid; }
  Json mapping(const std::string& uuid) { return lambda("GET", path(uuid)).second; }
  std::string refusal(Json request) {
    request.emplace("EventSourceArn", arn());
    request.emplace("FunctionName", "f");
    request.emplace("StartingPosition", "TRIM_HORIZON");
    const auto [status, answer] = lambda("POST", "/2015-03-31/event-source-mappings", request);
    CHECK(status == 400);
    return answer;
  }

  // Until there is nothing to do at once, and a bit further.
  void run() {
    for (int idle = 0; idle < 5;) idle = triggers->run_round() ? 0 : idle + 1;
  }
  // Of all calls so far.
  Names received() const {
    Names names;
    for (const auto& event : runtime->events) {
      for (auto& name : names_of(event)) names.push_back(std::move(name));
    }
    return names;
  }

  FakeRuntime* runtime = nullptr;
  std::unique_ptr<Triggers> triggers;
};

}  // namespace

TEST_CASE("a function gets the changes of a stream as Lambda tells them") {
  World shoal;
  shoal.put("a", 1);
  shoal.map();
  shoal.run();
  REQUIRE(shoal.runtime->events.size() == 1);
  auto record = shoal.runtime->events[0]["Records"][0];
  CHECK(record["eventID"].get<std::string>().size() == 32);
  CHECK(record["dynamodb"]["ApproximateCreationDateTime"].is_number_integer());
  CHECK(record["dynamodb"]["SequenceNumber"].get<std::string>().size() == 21);
  record.erase("eventID");
  record["dynamodb"].erase("ApproximateCreationDateTime");
  record["dynamodb"].erase("SequenceNumber");
  auto expected =
      R"({"eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
    "dynamodb": {"Keys": {"Id": {"S": "a"}}, "NewImage": {"Id": {"S": "a"}, "V": {"N": "1"}}, "SizeBytes": 9,
                 "StreamViewType": "NEW_AND_OLD_IMAGES"}})"_json;
  expected["eventSourceARN"] = shoal.arn();
  CHECK(record == expected);
  CHECK(shoal.runtime->functions[0] == "f");
  shoal.put("a", 2);
  shoal.remove("a");
  shoal.run();
  CHECK(shoal.received() == Names{"a:1", "a:2", "a:gone"});
}

TEST_CASE("whoever starts at the end gets what is changed from then on, whoever starts at the horizon everything") {
  World shoal;
  shoal.put("a", 1);
  shoal.roll_over();
  shoal.put("a", 2);
  shoal.map({{"FunctionName", "late"}, {"StartingPosition", "LATEST"}});
  shoal.put("a", 3);
  shoal.roll_over();
  shoal.put("a", 4);
  shoal.run();
  CHECK(shoal.received() == Names{"a:3", "a:4"});
  shoal.map({{"FunctionName", "all"}});
  shoal.run();
  CHECK(shoal.received() == Names{"a:3", "a:4", "a:1", "a:2", "a:3", "a:4"});
}

TEST_CASE("a restart neither loses nor repeats") {
  World shoal;
  shoal.map({{"BatchSize", 3}});
  for (int i = 0; i < 10; ++i) {
    shoal.put("a", i);
    if (i % 4 == 3) shoal.roll_over();
    for (int round = 0; round < i; ++round) shoal.triggers->run_round();
    shoal.triggers->start();
    shoal.triggers->stop();
    shoal.restart_triggers();
  }
  shoal.run();
  Names expected;
  for (int i = 0; i < 10; ++i) expected.push_back("a:" + std::to_string(i));
  CHECK(shoal.received() == expected);
}

TEST_CASE("a call that was cut off by the end of the process is repeated, and nothing else") {
  World shoal;
  shoal.map({{"BatchSize", 2}});
  for (int i = 0; i < 4; ++i) shoal.put("a", i);
  shoal.runtime->holds = true;
  shoal.run();
  shoal.runtime->let_go();
  shoal.run();
  CHECK(shoal.received() == Names{"a:0", "a:1", "a:2", "a:3"});
  shoal.runtime->cancel();
  shoal.restart_triggers();
  shoal.run();
  CHECK(shoal.received() == Names{"a:0", "a:1", "a:2", "a:3", "a:2", "a:3"});
}

TEST_CASE("the children of a shard begin when it is done") {
  World shoal;
  shoal.map({{"BatchSize", 1}});
  for (int i = 0; i < 3; ++i) shoal.put("a", i);
  shoal.split(0);
  shoal.split(1);
  for (int i = 3; i < 6; ++i) shoal.put("a", i);
  shoal.runtime->holds = true;
  shoal.run();
  for (int i = 0; i < 6; ++i) {
    REQUIRE(shoal.runtime->held.size() == 1);
    CHECK(names_of(shoal.runtime->held.front().event) == Names{"a:" + std::to_string(i)});
    shoal.runtime->let_go();
    shoal.run();
  }
}

TEST_CASE("with parallelization there are several calls at once, and an item's changes stay in order") {
  World shoal;
  const auto uuid = shoal.map({{"BatchSize", 8}, {"ParallelizationFactor", 4}});
  constexpr int kItems = 40, kVersions = 5;
  for (int version = 0; version < kVersions; ++version) {
    for (int item = 0; item < kItems; ++item) shoal.put("item" + std::to_string(item), version);
  }
  shoal.runtime->holds = true;
  std::size_t most = 0;
  std::mt19937 random(7);
  std::map<std::string, Names> seen;
  std::size_t changes_of_lanes = 0;
  for (int round = 0; round < 400; ++round) {
    shoal.triggers->run_round();
    auto& held = shoal.runtime->held;
    most = std::max(most, held.size());
    if (held.empty()) continue;
    std::rotate(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(random() % held.size()), held.end());
    for (const auto& name : names_of(held.front().event)) seen[name.substr(0, name.find(':'))].push_back(name);
    shoal.runtime->let_go();
    // Now and then their number changes, and the process begins anew.
    if (round % 20 == 19) {
      shoal.lambda("PUT", World::path(uuid), {{"ParallelizationFactor", 1 + ++changes_of_lanes % 5}});
    }
    if (round % 33 == 32) {
      shoal.triggers->run_round();
      for (const auto& call : held) {
        for (const auto& name : names_of(call.event)) seen["repeated"].push_back(name);
      }
      shoal.runtime->cancel();
      shoal.restart_triggers();
      shoal.runtime->holds = true;
    }
  }
  CHECK(most == 4);
  seen.erase("repeated");
  REQUIRE(seen.size() == kItems);
  for (const auto& [item, names] : seen) {
    INFO(item);
    Names expected;
    for (int version = 0; version < kVersions; ++version) expected.push_back(item + ":" + std::to_string(version));
    CHECK(names == expected);
  }
}

TEST_CASE("a shard that may not hold anything holds one change all the same") {
  World shoal;
  for (int i = 1; i <= 3; ++i) shoal.put("a", i);
  const auto mapping = shoal.mapped();
  const auto snapshot = shoal.engine().snapshot();
  const auto now = shoal.clock.now();
  const auto stream = find_stream(*snapshot, mapping.account, mapping.region, "Things", mapping.label(), now).value();
  auto filter = mapping.filter();
  ShardFeed feed(shards_of(*snapshot, stream.space, stream.label).at(0), {});
  for (const std::size_t expected : {1, 1}) {
    CHECK_FALSE(feed.read(*snapshot, stream, filter, mapping, now, 0));
    CHECK(feed.lanes().front().waiting_count() == expected);
  }
  const auto bytes = feed.held_bytes();
  feed.read(*snapshot, stream, filter, mapping, now, bytes + 1);
  CHECK(feed.lanes().front().waiting_count() == 2);
  feed.read(*snapshot, stream, filter, mapping, now, 1 << 20);
  CHECK(feed.lanes().front().waiting_count() == 3);
}

TEST_CASE("what the filter leaves out is not sent, and not waited for") {
  World shoal;
  const std::string pattern = R"({"dynamodb": {"NewImage": {"V": {"N": ["1", "3"]}}}})";
  const auto uuid = shoal.map({{"BatchSize", 2}, {"FilterCriteria", {{"Filters", {{{"Pattern", pattern}}}}}}});
  for (int i = 0; i < 5; ++i) shoal.put("a", i);
  shoal.remove("a");
  shoal.run();
  CHECK(shoal.received() == Names{"a:1", "a:3"});
  CHECK(shoal.mapping(uuid)["FilterCriteria"]["Filters"][0]["Pattern"] == pattern);
  shoal.lambda("PUT", World::path(uuid), {{"FilterCriteria", Json::object()}});
  CHECK_FALSE(shoal.mapping(uuid).contains("FilterCriteria"));
  shoal.put("a", 9);
  shoal.run();
  CHECK(shoal.received() == Names{"a:1", "a:3", "a:9"});
}

TEST_CASE("a function that fails holds up its shard, and is said to") {
  World shoal;
  const auto uuid = shoal.map();
  CHECK(shoal.mapping(uuid)["LastProcessingResult"] == "No records processed");
  bool fails = true;
  shoal.runtime->function = [&](const Json&) { return fails ? FakeRuntime::failed() : FakeRuntime::succeeded(); };
  shoal.put("a", 1);
  for (int i = 0; i < 6; ++i) shoal.triggers->run_round();
  CHECK(shoal.mapping(uuid)["LastProcessingResult"] == "PROBLEM: Function call failed");
  fails = false;
  shoal.run();
  CHECK(shoal.mapping(uuid)["LastProcessingResult"] == "OK");
  shoal.restart_triggers();
  CHECK(shoal.mapping(uuid)["LastProcessingResult"] == "OK");
}

TEST_CASE("what is given up is told of, and does not come again") {
  World shoal;
  shoal.map({{"BatchSize", 2},
             {"MaximumRetryAttempts", 0},
             {"DestinationConfig", {{"OnFailure", {{"Destination", "http://localhost:9/x"}}}}}});
  shoal.runtime->function = [](const Json& event) {
    return names_of(event).front() == "a:0" ? FakeRuntime::failed() : FakeRuntime::succeeded();
  };
  for (int i = 0; i < 4; ++i) shoal.put("a", i);
  shoal.run();
  REQUIRE(shoal.runtime->reports.size() == 1);
  CHECK(shoal.runtime->reports[0]["DDBStreamBatchInfo"]["batchSize"] == 2);
  CHECK(shoal.runtime->reports[0]["DDBStreamBatchInfo"]["shardId"].get<std::string>().starts_with("shardId-0"));
  shoal.restart_triggers();
  shoal.run();
  CHECK(shoal.received() == Names{"a:0", "a:1", "a:2", "a:3"});
}

TEST_CASE("a mapping that is disabled stops, and goes on from there when it is enabled again") {
  World shoal;
  const auto uuid = shoal.map();
  shoal.put("a", 1);
  shoal.run();
  CHECK(shoal.lambda("PUT", World::path(uuid), {{"Enabled", false}}).second["State"] == "Disabling");
  CHECK(shoal.mapping(uuid)["State"] == "Disabled");
  shoal.put("a", 2);
  shoal.run();
  CHECK(shoal.received() == Names{"a:1"});
  CHECK(shoal.lambda("PUT", World::path(uuid), {{"Enabled", true}}).second["State"] == "Enabling");
  shoal.run();
  CHECK(shoal.received() == Names{"a:1", "a:2"});
}

TEST_CASE("what is under way when a mapping is disabled counts") {
  World shoal;
  const auto uuid = shoal.map({{"BatchSize", 1}});
  shoal.put("a", 1);
  shoal.put("a", 2);
  shoal.runtime->holds = true;
  shoal.run();
  shoal.lambda("PUT", World::path(uuid), {{"Enabled", false}});
  shoal.run();
  shoal.runtime->let_go();
  shoal.run();
  CHECK(shoal.runtime->held.empty());
  shoal.runtime->holds = false;
  shoal.lambda("PUT", World::path(uuid), {{"Enabled", true}});
  shoal.run();
  CHECK(shoal.received() == Names{"a:1", "a:2"});
}

TEST_CASE("a mapping that is deleted is gone, with what was under way") {
  World shoal;
  const auto uuid = shoal.map();
  shoal.put("a", 1);
  shoal.runtime->holds = true;
  shoal.run();
  const auto [status, answer] = shoal.lambda("DELETE", World::path(uuid));
  CHECK(status == 202);
  CHECK(answer["State"] == "Deleting");
  shoal.runtime->let_go();
  shoal.run();
  CHECK(shoal.lambda("GET", World::path(uuid)) ==
        std::pair(404, Json("ResourceNotFoundException: The resource you requested does not exist.")));
  CHECK(progress_of(*shoal.engine().snapshot(), uuid).empty());
  shoal.put("a", 2);
  shoal.run();
  CHECK(shoal.received() == Names{"a:1"});
}

TEST_CASE("changed settings hold for the batch that is being tried, too") {
  World shoal;
  const auto uuid = shoal.map();
  shoal.runtime->function = [](const Json&) { return FakeRuntime::failed(); };
  shoal.put("a", 1);
  for (int i = 0; i < 10; ++i) shoal.triggers->run_round();
  shoal.lambda("PUT", World::path(uuid), {{"MaximumRetryAttempts", 0}});
  shoal.run();
  const auto count = shoal.runtime->events.size();
  shoal.runtime->function = [](const Json&) { return FakeRuntime::succeeded(); };
  shoal.put("a", 2);
  shoal.run();
  CHECK(shoal.runtime->events.size() == count + 1);
  CHECK(shoal.received().back() == "a:2");
}

TEST_CASE("a stream that is disabled is read to its end, and the next one is another") {
  World shoal;
  shoal.map();
  shoal.put("a", 1);
  shoal.enable_stream(false);
  shoal.put("a", 2);
  shoal.clock.advance(1s);
  shoal.enable_stream();
  shoal.put("a", 3);
  shoal.run();
  CHECK(shoal.received() == Names{"a:1"});
}

TEST_CASE("a mapping of a stream that is gone says so") {
  World shoal;
  const auto uuid = shoal.map();
  shoal.enable_stream(false);
  shoal.clock.advance(25h);
  shoal.run();
  CHECK(shoal.mapping(uuid)["LastProcessingResult"] == "PROBLEM: Stream not found");
}

TEST_CASE("changes of more than a day ago are not sent") {
  World shoal;
  shoal.put("a", 1);
  shoal.map({{"Enabled", false}});
  shoal.clock.advance(25h);
  shoal.put("a", 2);
  shoal.map({{"FunctionName", "g"}});
  shoal.run();
  CHECK(shoal.received() == Names{"a:2"});
}

TEST_CASE("a tumbling window ends when the clock is moved, also after a restart") {
  World shoal;
  shoal.map({{"TumblingWindowInSeconds", 900}});
  shoal.runtime->function = [](const Json& event) {
    const auto sum = event["state"].value("count", 0) + static_cast<int>(event["Records"].size());
    return FakeRuntime::succeeded(Json{{"state", {{"count", sum}}}}.dump());
  };
  shoal.put("a", 1);
  shoal.run();
  shoal.restart_triggers();
  shoal.put("a", 2);
  shoal.run();
  shoal.restart_triggers();
  shoal.clock.advance(1h);
  shoal.run();
  // Two calls and the last one, unless a window of a quarter of an hour ended just between the two changes.
  const auto& last = shoal.runtime->events.back();
  CHECK(last["isFinalInvokeForWindow"] == true);
  CHECK(last["Records"].empty());
  const auto count = last["state"]["count"].get<int>();
  CHECK((count == 2 || (count == 1 && shoal.runtime->events.size() == 4)));
}

TEST_CASE("on a thread of its own, everything happens by itself, and stopping does not take long") {
  World shoal;
  shoal.triggers->start();
  const auto uuid = shoal.map();
  shoal.put("a", 1);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (shoal.mapping(uuid)["LastProcessingResult"] != "OK" && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(5ms);
  }
  const auto before = std::chrono::steady_clock::now();
  shoal.triggers->stop();
  CHECK(std::chrono::steady_clock::now() - before < 1s);
  CHECK(shoal.received() == Names{"a:1"});
}

// --- the API ---

TEST_CASE("CreateEventSourceMapping answers what Lambda answers") {
  World shoal;
  const auto [status, answer] =
      shoal.lambda("POST", "/2015-03-31/event-source-mappings/",
                   {{"EventSourceArn", shoal.arn()}, {"FunctionName", "f"}, {"StartingPosition", "LATEST"}});
  CHECK(status == 202);
  const auto uuid = answer["UUID"].get<std::string>();
  CHECK(uuid.size() == 36);
  auto expected = R"({"StartingPosition": "LATEST", "BatchSize": 100, "MaximumBatchingWindowInSeconds": 0,
    "ParallelizationFactor": 1, "MaximumRecordAgeInSeconds": -1, "MaximumRetryAttempts": -1,
    "BisectBatchOnFunctionError": false, "TumblingWindowInSeconds": 0, "FunctionResponseTypes": [],
    "DestinationConfig": {"OnFailure": {}}, "LastProcessingResult": "No records processed", "State": "Creating",
    "StateTransitionReason": "User action", "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f"})"_json;
  expected["UUID"] = uuid;
  expected["EventSourceArn"] = shoal.arn();
  expected["EventSourceMappingArn"] = "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:" + uuid;
  expected["LastModified"] = answer["LastModified"];
  CHECK(answer == expected);
  expected["State"] = "Enabled";
  CHECK(shoal.mapping(uuid) == expected);
}

TEST_CASE("a function may be named in every form") {
  World shoal;
  for (const auto* name :
       {"f", "function:f", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f"}) {
    INFO(name);
    CHECK(function_of(name, "000000000000", "us-east-1") == "f");
    CHECK(function_of(std::string(name) + ":live", "000000000000", "us-east-1") == "f:live");
  }
  CHECK(function_of("f:$LATEST", "000000000000", "us-east-1") == "f:$LATEST");
  for (const auto* name : {"", "a b", "f:", "f:a:b", "a/b", "$x"}) {
    INFO(name);
    CHECK_THROWS_AS(function_of(name, "000000000000", "us-east-1"), Error);
  }
  CHECK_THROWS_WITH(function_of("arn:aws:lambda:eu-west-1:000000000000:function:f", "000000000000", "us-east-1"),
                    "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:f");
}

TEST_CASE("one mapping for a stream and a function") {
  World shoal;
  const auto uuid = shoal.map();
  const auto [status, answer] =
      shoal.lambda("POST", "/2015-03-31/event-source-mappings",
                   {{"EventSourceArn", shoal.arn()}, {"FunctionName", "f"}, {"StartingPosition", "LATEST"}});
  CHECK(status == 409);
  CHECK(answer == "ResourceConflictException: The event source arn (\" " + shoal.arn() +
                      " \") and function (\" f \") provided mapping already exists. Please update or delete the "
                      "existing mapping with UUID " +
                      uuid);
  const auto other = shoal.map({{"FunctionName", "f:live"}});
  CHECK(shoal.lambda("PUT", World::path(other), {{"FunctionName", "f"}}).first == 409);
  CHECK(shoal.lambda("PUT", World::path(other), {{"FunctionName", "g"}}).first == 202);
  CHECK(shoal.mapping(other)["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:g");
}

TEST_CASE("what a mapping may not be is refused") {
  World shoal;
  const auto range = [](const std::string& value, const std::string& member, const std::string& constraint) {
    return "ValidationException: 1 validation error detected: Value '" + value + "' at '" + member +
           "' failed to satisfy constraint: Member must have value " + constraint;
  };
  CHECK(shoal.refusal({{"BatchSize", 0}}) == range("0", "batchSize", "greater than or equal to 1"));
  CHECK(shoal.refusal({{"BatchSize", 10'001}}) == range("10001", "batchSize", "less than or equal to 10000"));
  CHECK(shoal.refusal({{"MaximumBatchingWindowInSeconds", 301}}) ==
        range("301", "maximumBatchingWindowInSeconds", "less than or equal to 300"));
  CHECK(shoal.refusal({{"ParallelizationFactor", 11}}) ==
        range("11", "parallelizationFactor", "less than or equal to 10"));
  CHECK(shoal.refusal({{"MaximumRetryAttempts", -2}}) ==
        range("-2", "maximumRetryAttempts", "greater than or equal to -1"));
  CHECK(shoal.refusal({{"MaximumRecordAgeInSeconds", 604'801}}) ==
        range("604801", "maximumRecordAgeInSeconds", "less than or equal to 604800"));
  CHECK(shoal.refusal({{"TumblingWindowInSeconds", 901}}) ==
        range("901", "tumblingWindowInSeconds", "less than or equal to 900"));
  CHECK(shoal.refusal({{"BatchSize", 0}, {"ParallelizationFactor", 0}})
            .starts_with("ValidationException: 2 validation errors detected: "));
  CHECK(shoal.refusal({{"MaximumRecordAgeInSeconds", 59}}) ==
        "InvalidParameterValueException: MaximumRecordAgeInSeconds must be -1, or between 60 and 604800.");
  CHECK(shoal.refusal({{"StartingPosition", "AT_TIMESTAMP"}}) ==
        "InvalidParameterValueException: AT_TIMESTAMP is not a valid starting position for DynamoDB streams.");
  CHECK(shoal.refusal({{"StartingPosition", nullptr}}) ==
        "InvalidParameterValueException: 1 validation error detected: Value null at 'startingPosition' failed to "
        "satisfy constraint: Member must not be null.");
  CHECK(shoal.refusal({{"StartingPosition", "FIRST"}})
            .starts_with("ValidationException: 1 validation error detected: Value 'FIRST' at 'startingPosition'"));
  CHECK(shoal.refusal({{"FunctionName", nullptr}}) ==
        "ValidationException: 1 validation error detected: Value null at 'functionName' failed to satisfy constraint: "
        "Member must not be null");
  CHECK(shoal.refusal({{"EventSourceArn", nullptr}}) ==
        "InvalidParameterValueException: EventSourceArn must be given.");
  CHECK(shoal.refusal({{"EventSourceArn", "arn:aws:sqs:us-east-1:000000000000:queue"}}) ==
        "InvalidParameterValueException: Unrecognized event source, must be a DynamoDB stream.");
  for (const auto* arn : {"arn:aws:dynamodb:us-east-1:000000000000:table/Things/stream/2020-01-01T00:00:00.000",
                          "arn:aws:dynamodb:eu-west-1:000000000000:table/Things/stream/2020-01-01T00:00:00.000",
                          "arn:aws:dynamodb:us-east-1:111111111111:table/Things/stream/2020-01-01T00:00:00.000"}) {
    CHECK(shoal.refusal({{"EventSourceArn", arn}}) ==
          "InvalidParameterValueException: Stream not found: " + std::string(arn));
  }
  CHECK(shoal.refusal({{"BatchSize", "5"}}) == "SerializationException: BatchSize can not be converted to an Integer");
  CHECK(shoal.refusal({{"Enabled", 1}}) == "SerializationException: Enabled can not be converted to a Boolean");
  CHECK(shoal.refusal({{"FunctionResponseTypes", {"Other"}}})
            .starts_with("ValidationException: 1 validation error detected: Value '[\"Other\"]'"));
  CHECK(shoal.refusal({{"FilterCriteria", {{"Filters", {{{"Pattern", "{\"a\": 1}"}}}}}}}) ==
        "InvalidParameterValueException: Invalid filter pattern definition.");
  CHECK(shoal.refusal({{"FilterCriteria", {{"Filters", Json::array_t(11, Json{{"Pattern", R"({"a": ["b"]})"}})}}}}) ==
        "InvalidParameterValueException: Maximum number of filters exceeded: 10 are allowed.");
  CHECK(shoal.refusal({{"FilterCriteria", {{"Filters", {{{"Pattern", std::string(4097, 'x')}}}}}}})
            .ends_with("Member must have length less than or equal to 4096"));
  CHECK(shoal.refusal({{"ScalingConfig", {{"MaximumConcurrency", 2}}}}) ==
        "InvalidParameterValueException: Shoal does not support ScalingConfig for mappings of DynamoDB streams.");
}

TEST_CASE("destinations are URLs, and files in one folder") {
  World shoal;
  const auto to = [](const std::string& url) {
    return Json{{"DestinationConfig", {{"OnFailure", {{"Destination", url}}}}}};
  };
  CHECK(shoal.refusal(to("arn:aws:sqs:us-east-1:000000000000:queue")) ==
        "InvalidParameterValueException: Shoal has no destination arn:aws:sqs:us-east-1:000000000000:queue: OnFailure "
        "takes an http://, https:// or file:// URL.");
  CHECK(shoal.refusal({{"DestinationConfig", {{"OnSuccess", {{"Destination", "http://localhost:1"}}}}}}) ==
        "InvalidParameterValueException: OnSuccess destinations are not supported for streams.");
  CHECK(shoal.refusal(to("http://" + std::string(350, 'x'))).ends_with("length less than or equal to 350"));
  Mapping mapping;
  const MappingRules nowhere, folder{"/var/shoal", false};
  CHECK_THROWS_WITH(change_mapping(mapping, to("file:///var/shoal/x"), nowhere),
                    "file:// destinations need a folder that they may lie in: start Shoal with --failure-dir.");
  for (const auto* url : {"file:///var/shoal", "file:///var/shoal/", "file:///var/shoal/../x", "file:///var/other/x",
                          "file://var/shoal/x", "file:///var/shoalx/x", "file://"}) {
    INFO(url);
    CHECK_THROWS_WITH(change_mapping(mapping, to(url), folder),
                      "The file of a file:// destination must lie in /var/shoal (--failure-dir).");
  }
  for (const auto* url : {"file:///var/shoal/x", "file:///var/shoal/a/b.jsonl", "https://example.com/hook?x=1"}) {
    change_mapping(mapping, to(url), folder);
    CHECK(mapping.settings.on_failure == url);
  }
  change_mapping(mapping, {{"DestinationConfig", {{"OnFailure", Json::object()}}}}, folder);
  CHECK(mapping.settings.on_failure.empty());
}

TEST_CASE("an update changes what it names, and leaves the rest") {
  World shoal;
  const auto uuid = shoal.map({{"BatchSize", 7}, {"BisectBatchOnFunctionError", true}});
  const auto [status, answer] = shoal.lambda("PUT", World::path(uuid), {{"MaximumRetryAttempts", 3}});
  CHECK(status == 202);
  CHECK(answer["State"] == "Updating");
  CHECK(answer["BatchSize"] == 7);
  CHECK(answer["BisectBatchOnFunctionError"] == true);
  CHECK(answer["MaximumRetryAttempts"] == 3);
  CHECK(shoal.lambda("PUT", World::path(uuid), {{"BatchSize", 0}}).first == 400);
  CHECK(shoal.mapping(uuid)["BatchSize"] == 7);
  CHECK(shoal.lambda("PUT", World::path(new_uuid()), {{"BatchSize", 5}}).first == 404);
}

TEST_CASE("mappings are listed by stream and function, in pages, for their own account and region") {
  World shoal;
  for (int i = 0; i < 7; ++i) shoal.map({{"FunctionName", "f" + std::to_string(i)}});
  const auto list = [&shoal](const std::string& query) {
    return shoal.lambda("GET", "/2015-03-31/event-source-mappings/" + query).second;
  };
  CHECK(list("")["EventSourceMappings"].size() == 7);
  CHECK(list("?FunctionName=f3")["EventSourceMappings"].size() == 1);
  CHECK(list("?FunctionName=f9")["EventSourceMappings"].empty());
  std::string encoded;
  sigv4::append_uri_encoded(encoded, shoal.arn());
  CHECK(list("?EventSourceArn=" + encoded)["EventSourceMappings"].size() == 7);
  CHECK(list("?EventSourceArn=x")["EventSourceMappings"].empty());
  std::set<std::string> seen;
  std::string marker;
  do {
    const auto page = list("?MaxItems=3" + (marker.empty() ? "" : "&Marker=" + marker));
    CHECK(page["EventSourceMappings"].size() <= 3);
    for (const auto& mapping : page["EventSourceMappings"]) CHECK(seen.insert(mapping["UUID"]).second);
    marker = page.value("NextMarker", "");
  } while (!marker.empty());
  CHECK(seen.size() == 7);
  CHECK(shoal.lambda("GET", "/2015-03-31/event-source-mappings?MaxItems=0").first == 400);
  shoal.region = "eu-west-1";
  CHECK(list("")["EventSourceMappings"].empty());
  CHECK(shoal.lambda("GET", World::path(*seen.begin())).first == 404);
}

TEST_CASE("mappings have tags") {
  World shoal;
  const auto uuid = shoal.map({{"Tags", {{"team", "a"}, {"b", "c"}}}});
  const std::string path =
      "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Aevent-source-mapping%3A" + uuid;
  CHECK(shoal.lambda("GET", path) == std::pair(200, R"({"Tags": {"team": "a", "b": "c"}})"_json));
  CHECK(shoal.lambda("POST", path, {{"Tags", {{"team", "z"}, {"new", ""}}}}).first == 204);
  CHECK(shoal.lambda("DELETE", path + "?tagKeys=b&tagKeys=nope").first == 204);
  CHECK(shoal.lambda("GET", path).second["Tags"] == R"({"team": "z", "new": ""})"_json);
  CHECK(shoal.lambda("GET", "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af").first ==
        404);
}

TEST_CASE("the rest of Lambda's API is not there") {
  World shoal;
  CHECK(is_lambda_target("/2015-03-31/functions"));
  CHECK_FALSE(is_lambda_target("/"));
  CHECK_FALSE(is_lambda_target("/?x=/2015-03-31/"));
  CHECK(shoal.lambda("GET", "/2015-03-31/functions/f").first == 404);
  CHECK(shoal.lambda("POST", "/2015-03-31/event-source-mappings/x").first == 404);
  CHECK(shoal.lambda("GET", "/2015-03-31/event-source-mappingsx").first == 404);
  CHECK(lambda_error_body(Error(errors::validation, "a \"b\"")) == R"({"Type":"User","message":"a \"b\""})");
}

TEST_CASE("mappings that are in transition are in use") {
  Config config;
  config.table_delay_ms = 60'000;
  TestShoal shoal(config);
  Mapping mapping;
  mapping.uuid = new_uuid();
  mapping.transition = "Creating";
  mapping.transition_until = 2;
  CHECK(state_of(mapping, 1'999ms) == "Creating");
  CHECK(state_of(mapping, 2s) == "Enabled");
  mapping.transition = "Deleting";
  CHECK_FALSE(is_deleted(mapping, 1s));
  CHECK(is_deleted(mapping, 2s));
}

// --- declared triggers ---

namespace {

class File {
 public:
  explicit File(const std::string& text) : path_(std::filesystem::temp_directory_path() / ("triggers-" + new_uuid())) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::vector<DeclaredTrigger> declared(const std::string& triggers) {
  return read_declared_triggers(File(R"({"triggers": )" + triggers + "}").path(), {});
}

std::string refused(const std::string& text) {
  const File file(text);
  try {
    read_declared_triggers(file.path(), {});
    return {};
  } catch (const std::runtime_error& error) {
    std::string message = error.what();
    const auto at = message.find(file.path());
    return at == std::string::npos ? message : message.replace(at, file.path().size(), "FILE");
  }
}

}  // namespace

TEST_CASE("a declared trigger is made when its table has a stream, and again for the next stream") {
  World shoal;
  shoal.enable_stream(false);
  shoal.restart_triggers(declared(
      R"([{"TableName": "Things", "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "BatchSize": 2}])"));
  shoal.run();
  const auto list = [&shoal] {
    return shoal.lambda("GET", "/2015-03-31/event-source-mappings").second["EventSourceMappings"];
  };
  CHECK(list().empty());
  shoal.clock.advance(1s);
  shoal.enable_stream();
  shoal.put("a", 1);
  shoal.run();
  REQUIRE(list().size() == 1);
  CHECK(list()[0]["BatchSize"] == 2);
  CHECK(shoal.received() == Names{"a:1"});
  shoal.enable_stream(false);
  shoal.clock.advance(1s);
  shoal.enable_stream();
  shoal.put("a", 2);
  shoal.run();
  CHECK(list().size() == 2);
  CHECK(shoal.received() == Names{"a:1", "a:2"});
}

TEST_CASE("a declared trigger follows its file from start to start, and others are left alone") {
  World shoal;
  const auto by_api = shoal.map({{"FunctionName", "api"}});
  shoal.restart_triggers(declared(
      R"([{"TableName": "Things", "FunctionName": "f", "StartingPosition": "LATEST", "BatchSize": 2},
          {"TableName": "Things", "FunctionName": "api", "StartingPosition": "LATEST", "BatchSize": 3}])"));
  shoal.run();
  const auto batch_size = [&shoal](const std::string& function) {
    const auto found = shoal.lambda("GET", "/2015-03-31/event-source-mappings?FunctionName=" + function).second;
    return found["EventSourceMappings"].empty() ? 0 : found["EventSourceMappings"][0]["BatchSize"].get<int>();
  };
  CHECK(batch_size("f") == 2);
  CHECK(batch_size("api") == 100);
  shoal.restart_triggers(
      declared(R"([{"TableName": "Things", "FunctionName": "f", "StartingPosition": "LATEST", "BatchSize": 5}])"));
  shoal.run();
  CHECK(batch_size("f") == 5);
  shoal.restart_triggers();
  shoal.run();
  CHECK(batch_size("f") == 0);
  CHECK(shoal.mapping(by_api)["BatchSize"] == 100);
}

TEST_CASE("a declared trigger that is being changed is changed when that is over") {
  World shoal;
  const auto declare = [&shoal](int size) {
    shoal.restart_triggers(declared(R"([{"TableName": "Things", "FunctionName": "f", "StartingPosition": "LATEST",
                                         "BatchSize": )" +
                                    std::to_string(size) + "}]"));
    shoal.run();
  };
  const auto mapping = [&shoal] { return all_mappings(*shoal.engine().snapshot()).at(0); };
  declare(2);
  auto busy = mapping();
  busy.transition = "Updating";
  busy.transition_until = std::chrono::duration<double>(shoal.clock.now() + 60s).count();
  shoal.engine().write([&](kv::Transaction& transaction) { put_mapping(transaction, busy); });
  declare(5);
  CHECK(mapping().settings.batch_size == 2);
  shoal.clock.advance(61s);
  shoal.run();
  CHECK(mapping().settings.batch_size == 5);
}

TEST_CASE("a file of triggers that cannot be right is refused, with what is wrong") {
  const std::string rest = R"("FunctionName": "f", "StartingPosition": "LATEST")";
  CHECK(refused("[]") == R"(--triggers: FILE must be {"triggers": [...]})");
  CHECK(refused("{") == R"(--triggers: FILE must be {"triggers": [...]})");
  CHECK(refused(R"({"triggers": [1]})") == "--triggers: FILE: trigger 1: must be an object");
  CHECK(refused(R"({"triggers": [{)" + rest + "}]}") ==
        "--triggers: FILE: trigger 1: must have either TableName or EventSourceArn");
  CHECK(refused(R"({"triggers": [{"TableName": "Things", "BatchSise": 1, )" + rest + "}]}") ==
        "--triggers: FILE: trigger 1: has no member BatchSise");
  CHECK(refused(R"({"triggers": [{"TableName": "Things", )" + rest + R"(}, {"TableName": "Things", "BatchSize": 0, )" +
                rest + "}]}") ==
        "--triggers: FILE: trigger 2: 1 validation error detected: Value '0' at 'batchSize' failed to satisfy "
        "constraint: Member must have value greater than or equal to 1");
  CHECK_THROWS_WITH(read_declared_triggers("/nowhere/x.json", {}), "--triggers: cannot read /nowhere/x.json");
}

#include "server/control/control.h"

#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

class FakeAuthenticator : public Authenticator {
 public:
  Caller authenticate(const sigv4::Request&, std::chrono::system_clock::time_point) override {
    ++asked;
    if (refuses) throw Error(errors::missing_authentication_token, "Request is missing Authentication Token");
    return {"key", "000000000000", "us-east-1"};
  }
  int asked = 0;
  bool refuses = false;
};

Config with_control(std::string control) {
  Config config;
  config.control = std::move(control);
  return config;
}

struct Control {
  explicit Control(std::string control = "open") : shoal(with_control(std::move(control))) {}

  std::optional<ControlAnswer> send(std::string_view method, std::string_view target, std::string_view body = {},
                                    std::string_view type = "application/json", std::string_view origin = {}) {
    return answer_control(shoal.services(), authenticator, {{method, target, {}, body}, type, origin});
  }

  Json ok(std::string_view method, std::string_view target, const std::string& body = {}) {
    const auto answer = send(method, target, body);
    INFO(answer->body);
    CHECK(answer->status == 200);
    return Json::parse(answer->body);
  }

  // "400 what is wrong"
  std::string refusal(std::string_view method, std::string_view target, const std::string& body = {}) {
    const auto answer = send(method, target, body);
    return std::to_string(answer->status) + " " + Json::parse(answer->body).value("message", "");
  }

  TestShoal shoal;
  FakeAuthenticator authenticator;
};

constexpr const char* kAll =
    "there are: GET /_shoal/health, GET /metrics, GET /_shoal/metrics, GET /_shoal/clock, POST /_shoal/clock, GET "
    "/_shoal/faults, POST /_shoal/faults, "
    "DELETE /_shoal/faults, POST /_shoal/split, POST /_shoal/reset, POST /_shoal/snapshot, POST /_shoal/restore, "
    "GET /_shoal/snapshots, DELETE /_shoal/snapshots, GET /_shoal/journal, POST /_shoal/journal, DELETE "
    "/_shoal/journal";

}  // namespace

TEST_CASE("the control interface is what lies under /_shoal") {
  CHECK(is_control_target("/_shoal"));
  CHECK(is_control_target("/_shoal/"));
  CHECK(is_control_target("/_shoal/clock?x=1"));
  CHECK(is_control_target("/_shoal?x"));
  CHECK_FALSE(is_control_target("/"));
  CHECK_FALSE(is_control_target("/_shoals/clock"));
  CHECK_FALSE(is_control_target("/?/_shoal/clock"));
  CHECK_FALSE(is_control_target("/x/_shoal/clock"));
}

TEST_CASE("health says which version serves, to HEAD too") {
  Control control;
  CHECK(control.ok("GET", "/_shoal/health") == Json{{"status", "ok"}, {"version", version()}});
  CHECK(control.ok("HEAD", "/_shoal/health?probe") == Json{{"status", "ok"}, {"version", version()}});
}

TEST_CASE("what does not exist is answered with what does") {
  Control control;
  CHECK(control.refusal("GET", "/_shoal") == std::string("404 there is no /_shoal; ") + kAll);
  CHECK(control.refusal("POST", "/_shoal/clocks") == std::string("404 there is no /_shoal/clocks; ") + kAll);
  CHECK(control.refusal("PUT", "/_shoal/clock") == std::string("405 there is no PUT /_shoal/clock; ") + kAll);
  CHECK(control.refusal("OPTIONS", "/_shoal/clock").starts_with("405 "));
  CHECK(control.refusal("GET", "/_shoal/\xff\"").starts_with("404 "));
}

TEST_CASE("a body must be said to be JSON, and be it") {
  Control control;
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/x-amz-json-1.0",
                           "application/jsonp", "text/plain; application/json"}) {
    CAPTURE(type);
    const auto answer = control.send("POST", "/_shoal/clock", R"({"advance_seconds": 1})", type);
    CHECK(answer->status == 415);
    CHECK(answer->body == R"({"message":"the Content-Type must be application/json"})");
  }
  CHECK(
      control.send("POST", "/_shoal/clock", R"({"advance_seconds": 1})", "Application/JSON ; charset=utf-8")->status ==
      200);
  CHECK(control.refusal("POST", "/_shoal/clock", "{").starts_with("400 the body is no JSON: "));
  CHECK(control.refusal("POST", "/_shoal/clock", "").starts_with("400 the body is no JSON: "));
  CHECK(control.refusal("POST", "/_shoal/clock", R"({"advance_seconds": 1e999})").starts_with("400 "));
}

TEST_CASE("a web page is refused, whatever it asks for, its preflight too") {
  Control control;
  for (const char* method : {"GET", "POST", "DELETE", "OPTIONS"}) {
    CAPTURE(method);
    CHECK(control.send(method, "/_shoal/faults", {}, "application/json", "http://localhost:8000")->status == 403);
  }
}

TEST_CASE("the clock goes forward by seconds, fractions too, and says what time it is then") {
  Control control;
  const auto before = static_cast<double>(control.shoal.clock.now().count()) / 1000;
  const auto now = control.ok("POST", "/_shoal/clock", R"({"advance_seconds": 90.5})")["now"].get<double>();
  CHECK(now >= before + 90.5);
  CHECK(now < before + 100);
  CHECK(control.ok("GET", "/_shoal/clock")["now"] >= now);
  CHECK(control.ok("POST", "/_shoal/clock", R"({"advance_seconds": 0})")["now"] >= now);
}

TEST_CASE("the clock refuses what it cannot do") {
  Control control;
  const auto before = control.shoal.clock.now();
  const auto refusal = [&](const char* body) { return control.refusal("POST", "/_shoal/clock", body); };
  const std::string form = R"(400 the body must be {"advance_seconds": N})";
  CHECK(refusal("{}") == form);
  CHECK(refusal("[]") == form);
  CHECK(refusal("5") == form);
  CHECK(refusal(R"({"advance_seconds": 1, "x": 1})") == form);
  const std::string number = "400 advance_seconds must be a number that is not negative: the clock goes forward only";
  CHECK(refusal(R"({"advance_seconds": -0.001})") == number);
  CHECK(refusal(R"({"advance_seconds": "1"})") == number);
  CHECK(refusal(R"({"advance_seconds": null})") == number);
  CHECK(refusal(R"({"advance_seconds": 1e300})") == "400 advance_seconds goes beyond the year 9999");
  CHECK(refusal(R"({"advance_seconds": 252000000000})") == "400 advance_seconds goes beyond the year 9999");
  CHECK(control.shoal.clock.now() - before < std::chrono::seconds(10));
}

TEST_CASE("a moved clock ends what waits for it") {
  Config config;
  config.table_delay_ms = 60'000;
  TestShoal shoal(config);
  FakeAuthenticator authenticator;
  shoal.create_table("Music", "Artist:S");
  CHECK(shoal.describe("Music")["TableStatus"] == "CREATING");
  answer_control(shoal.services(), authenticator,
                 {{"POST", "/_shoal/clock", {}, R"({"advance_seconds": 61})"}, "application/json", {}});
  shoal.run_jobs();
  CHECK(shoal.describe("Music")["TableStatus"] == "ACTIVE");
}

TEST_CASE("stale reads grow older with the clock") {
  Control control;
  control.shoal.create_table("Music", "Artist:S");
  control.ok("POST", "/_shoal/faults", R"({"fault": "stale_reads", "age_ms": 60000})");
  const Json item{{"Artist", {{"S", "Nina"}}}};
  control.shoal.call("PutItem", {{"TableName", "Music"}, {"Item", item}});
  const auto read = [&] { return control.shoal.call("GetItem", {{"TableName", "Music"}, {"Key", item}}); };
  CHECK(read() == Json::object());
  control.ok("POST", "/_shoal/clock", R"({"advance_seconds": 59})");
  CHECK(read() == Json::object());
  control.ok("POST", "/_shoal/clock", R"({"advance_seconds": 2})");
  CHECK(read() == Json{{"Item", item}});
}

TEST_CASE("signed, every request but health is authenticated") {
  Control control("signed");
  control.ok("GET", "/_shoal/health");
  CHECK(control.authenticator.asked == 0);
  control.ok("GET", "/_shoal/clock");
  CHECK(control.authenticator.asked == 1);
  control.authenticator.refuses = true;
  CHECK_THROWS_AS(control.send("GET", "/_shoal/clock"), Error);
  CHECK_THROWS_AS(control.send("DELETE", "/_shoal/faults"), Error);
  CHECK_THROWS_AS(control.send("GET", "/_shoal/nothing"), Error);
  control.ok("GET", "/_shoal/health");
}

TEST_CASE("open, nobody is authenticated; off, there is nothing at all") {
  Control open;
  open.ok("GET", "/_shoal/clock");
  CHECK(open.authenticator.asked == 0);
  Control off("off");
  for (const char* path : {"/_shoal", "/_shoal/health", "/_shoal/clock"}) CHECK_FALSE(off.send("GET", path));
}

TEST_CASE("rules are added, shown, replaced and cleared") {
  Control control;
  CHECK(control.ok("GET", "/_shoal/faults") == R"({"rules": []})"_json);
  CHECK(control.ok("POST", "/_shoal/faults", R"({"fault": "throttle", "table": "Music", "next": 2})") ==
        R"({"rules": [{"fault": "throttle", "table": "Music", "next": 2, "struck": 0}]})"_json);
  control.ok("POST", "/_shoal/faults", R"([{"fault": "throttle", "table": "Music", "next": 5},
      {"fault": "latency", "operation": "GetItem", "latency_ms": 20, "probability": 0.5, "seed": 7},
      {"fault": "unprocessed", "fraction": 0.25},
      {"fault": "unprocessed", "operation": "BatchGetItem", "count": 3},
      {"fault": "stale_reads", "age_ms": 100},
      {"fault": "index_lag", "lag_ms": 100},
      {"fault": "transaction_conflict"}, {"fault": "transaction_in_progress"}, {"fault": "internal_error"}])");
  CHECK(control.ok("GET", "/_shoal/faults") == R"({"rules": [
      {"fault": "throttle", "table": "Music", "next": 5, "struck": 0},
      {"fault": "latency", "operation": "GetItem", "latency_ms": 20, "probability": 0.5, "seed": 7, "struck": 0},
      {"fault": "unprocessed", "fraction": 0.25, "struck": 0},
      {"fault": "unprocessed", "operation": "BatchGetItem", "count": 3, "struck": 0},
      {"fault": "stale_reads", "age_ms": 100, "struck": 0},
      {"fault": "index_lag", "lag_ms": 100, "struck": 0},
      {"fault": "transaction_conflict", "struck": 0}, {"fault": "transaction_in_progress", "struck": 0},
      {"fault": "internal_error", "struck": 0}]})"_json);
  CHECK(control.refusal("DELETE", "/_shoal/faults", R"({"table": "Music"})") ==
        "400 DELETE clears everything and takes no body");
  CHECK(control.shoal.faults().any());
  CHECK(control.ok("DELETE", "/_shoal/faults") == R"({"rules": []})"_json);
  CHECK_FALSE(control.shoal.faults().any());
}

TEST_CASE("a seed that was not given is chosen and shown") {
  Control control;
  const auto rules = control.ok("POST", "/_shoal/faults", R"({"fault": "throttle", "probability": 0.5})");
  CHECK(rules["rules"][0]["seed"].is_number_unsigned());
}

TEST_CASE("one wrong rule of a list leaves all out") {
  Control control;
  CHECK(control.refusal("POST", "/_shoal/faults", R"([{"fault": "throttle"}, {"fault": "fire"}])").starts_with("400 "));
  CHECK_FALSE(control.shoal.faults().any());
}

TEST_CASE("a rule says what is wrong with it") {
  Control control;
  const auto refusal = [&](const std::string& body) { return control.refusal("POST", "/_shoal/faults", body); };
  const std::string all =
      "one of throttle, internal_error, latency, transaction_conflict, transaction_in_progress, unprocessed, "
      "stale_reads, index_lag";
  CHECK(refusal("5") == R"(400 the body must be a rule or a list of rules: {"fault": ...})");
  CHECK(refusal("{}") == R"(400 a rule needs a "fault": )" + all);
  CHECK(refusal(R"({"fault": 1})") == R"(400 a rule needs a "fault": )" + all);
  CHECK(refusal(R"({"fault": "fire"})") == R"(400 there is no fault "fire": )" + all);
  CHECK(refusal(R"({"fault": "throttle", "latency_ms": 5})") ==
        R"(400 throttle has no parameter "latency_ms": it has fault, table, operation, probability, seed, next)");
  CHECK(refusal(R"({"fault": "throttle", "operation": "GetItems"})") == R"(400 there is no operation "GetItems")");
  CHECK(refusal(R"({"fault": "unprocessed", "operation": "PutItem"})") ==
        "400 unprocessed cannot strike PutItem, only BatchGetItem, BatchWriteItem");
  CHECK(refusal(R"({"fault": "throttle", "table": "a!"})") == "400 table must be the name of a table");
  CHECK(refusal(R"({"fault": "throttle", "table": ""})") == "400 table must be a name, or absent for any");
  CHECK(refusal(R"({"fault": "throttle", "operation": 5})") == "400 operation must be a name, or absent for any");
  CHECK(refusal(R"({"fault": "latency"})") == "400 latency needs latency_ms");
  CHECK(refusal(R"({"fault": "stale_reads"})") == "400 stale_reads needs age_ms");
  CHECK(refusal(R"({"fault": "index_lag"})") == "400 index_lag needs lag_ms");
  for (const char* value : {"0", "-1", "1.5", "\"5\"", "3600001"}) {
    CHECK(refusal(std::string(R"({"fault": "latency", "latency_ms": )") + value + "}") ==
          "400 latency_ms must be a whole number from 1 to 3600000");
  }
  CHECK(refusal(R"({"fault": "unprocessed"})") == "400 unprocessed needs either fraction or count");
  CHECK(refusal(R"({"fault": "unprocessed", "fraction": 1, "count": 1})") ==
        "400 unprocessed needs either fraction or count");
  CHECK(refusal(R"({"fault": "unprocessed", "fraction": 1.1})") == "400 fraction must be a number from 0 to 1");
  CHECK(refusal(R"({"fault": "throttle", "probability": -0.1})") == "400 probability must be a number from 0 to 1");
  CHECK(refusal(R"({"fault": "throttle", "probability": 0.1, "next": 1})") ==
        "400 a rule has either probability or next");
  CHECK(refusal(R"({"fault": "throttle", "seed": 1})") == "400 a seed is for a rule with probability");
  CHECK(refusal(R"({"fault": "throttle", "next": 0})").starts_with("400 next must be a whole number from 1 to "));
  std::string many = "[";
  for (int i = 0; i < 101; ++i) many += R"({"fault": "throttle", "table": "Table)" + std::to_string(i) + "\"},";
  many.back() = ']';
  CHECK(refusal(many) == "400 there may be 100 rules at most");
}

TEST_CASE("a split closes the partition's shard and opens two children") {
  Control control;
  control.shoal.create_table("Music", "Artist:S");
  control.shoal.call("UpdateTable", R"({"TableName": "Music",
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})"_json);
  CHECK(control.ok("POST", "/_shoal/split", R"({"table": "Music"})") == R"({"partitions": 2})"_json);
  CHECK(control.ok("POST", "/_shoal/split", R"({"table": "Music", "partition": 1})") == R"({"partitions": 3})"_json);
  const auto arn = control.shoal.describe("Music")["LatestStreamArn"];
  const auto shards = control.shoal.call("DescribeStream", {{"StreamArn", arn}})["StreamDescription"]["Shards"];
  REQUIRE(shards.size() == 5);
  CHECK_FALSE(shards[0].contains("ParentShardId"));
  CHECK(shards[1]["ParentShardId"] == shards[0]["ShardId"]);
  CHECK(shards[2]["ParentShardId"] == shards[0]["ShardId"]);
  CHECK(shards[3]["ParentShardId"] == shards[2]["ShardId"]);
  CHECK(shards[4]["ParentShardId"] == shards[2]["ShardId"]);
  CHECK(shards[2]["SequenceNumberRange"].contains("EndingSequenceNumber"));
  CHECK_FALSE(shards[1]["SequenceNumberRange"].contains("EndingSequenceNumber"));
}

TEST_CASE("what cannot be split is said") {
  Control control;
  control.shoal.create_table("Music", "Artist:S");
  CHECK(control.refusal("POST", "/_shoal/split", R"({"table": "Nope"})") ==
        "400 there is no table Nope in region us-east-1");
  CHECK(control.refusal("POST", "/_shoal/split", R"({"table": "Music", "partition": 7})") ==
        "400 there is no partition 7 that could be split");
  CHECK(control.refusal("POST", "/_shoal/split", R"({"region": 5})").starts_with("400 the body must be {\"table\""));
}

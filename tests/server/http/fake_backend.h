// A Shoal without operations of its own: the real engine in memory, a few fake operations under real names (the model
// checks their input), and an authenticator that believes everybody.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "protocol/error.h"
#include "server/auth/credentials.h"
#include "server/faults/faults.h"
#include "server/http/routes.h"
#include "server/operations/operation.h"
#include "storage/kv/lmdb/engine.h"

namespace shoal::http {

inline std::atomic<int> changes_left = 0;  // How often ListBackups' table still changes under it.
inline std::atomic<int> commits = 0;       // Of DescribeLimits.

class FakeAuthenticator : public Authenticator {
 public:
  Caller authenticate(const sigv4::Request& request, std::chrono::system_clock::time_point) override {
    for (const auto& [name, value] : request.headers) {
      if (value == "nobody") {
        throw Error(errors::missing_authentication_token, "Request is missing Authentication Token");
      }
    }
    return {"key", "000000000000", "eu-west-1"};
  }
};

inline Outcome where(const Call& call) {
  const auto limit = call.input.find("Limit");
  return Answer("{\"region\":\"" + call.region + "\",\"limit\":" + std::to_string(limit ? limit.integer() : 0) + "}");
}

inline Outcome nothing(const Call&) { return Answer(); }

inline Outcome refuses(const Call&) { throw request_error("Value is \"bad\""); }

inline Outcome hints(const Call&) {
  throw Error(errors::resource_not_found, "Requested resource not found").with_hint("look in\r\nX-Evil: eu-west-1");
}

inline Outcome has_a_bug(const Call&) { throw std::runtime_error("a bug"); }

inline Outcome disk_fails(const Call&) {
  return Write{[](kv::Transaction&) -> Answer { throw kv::EngineError("no space left on device"); }, nullptr};
}

inline Outcome counts(const Call&) {
  return Write{[](kv::Transaction& transaction) -> Answer {
                 const auto before = transaction.get("count");
                 const int count = before ? std::stoi(std::string(*before)) + 1 : 1;
                 transaction.put("count", std::to_string(count));
                 return "{\"count\":" + std::to_string(count) + "}";
               },
               [] { ++commits; }};
}

inline Outcome write_refuses(const Call&) {
  return Write{[](kv::Transaction&) -> Answer {
                 throw Error(errors::conditional_check_failed, "The conditional request failed", R"(,"Item":{})");
               },
               nullptr};
}

inline Outcome table_changes(const Call&) {
  return Write{[](kv::Transaction&) -> Answer {
                 Table table;
                 table.account = "000000000000";
                 table.region = "eu-west-1";
                 table.name = "Music";
                 if (changes_left-- > 0) throw TableChanged(table);
                 return "{}";
               },
               nullptr};
}

inline Outcome slow(const Call&) {
  return Write{[](kv::Transaction&) -> Answer {
                 std::this_thread::sleep_for(std::chrono::milliseconds(300));
                 return R"({"slow":true})";
               },
               nullptr};
}

inline Outcome large(const Call&) { return Answer("\"" + std::string(8'000'000, 'x') + "\""); }

inline const Operation* find_fake(std::string_view target, std::string_view name) {
  static constexpr std::string_view kTarget = "DynamoDB_20120810";
  static constexpr Operation kOperations[] = {
      {kTarget, "ListTables", where},
      {kTarget, "DescribeEndpoints", nothing},
      {kTarget, "ListImports", refuses, Wording::wrapped},
      {kTarget, "ListExports", refuses, Wording::newer},
      {kTarget, "ListContributorInsights", hints},
      {kTarget, "ListGlobalTables", has_a_bug},
      {kTarget, "ListBackups", table_changes},
      {kTarget, "DescribeLimits", counts},
      {"DynamoDBStreams_20120810", "ListStreams", slow},
      {kTarget, "DescribeTable", large},
      {kTarget, "DeleteTable", write_refuses},
      {kTarget, "DescribeTimeToLive", disk_fails},
  };
  for (const auto& operation : kOperations) {
    if (operation.target == target && operation.name == name) return &operation;
  }
  return nullptr;
}

struct FakeBackend {
  explicit FakeBackend(Config settings = {}) : config(std::move(settings)) {}

  Config config;
  std::unique_ptr<RewindableEngine> engine = std::make_unique<RewindableEngine>(kv::open_lmdb_in_memory());
  Catalog catalog{*engine};
  Clock clock;
  Faults faults{*engine, clock};
  FakeAuthenticator authenticator;
  Services services{config, *engine, catalog, clock, [] {}, faults};
};

}  // namespace shoal::http

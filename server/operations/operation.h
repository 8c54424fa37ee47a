// What an API operation is: a plain function from a validated call to its outcome. It returns its Answer, or a Write
// for the engine's writer to run; it never waits, and throws Error for what the client shall see.
//
//   Outcome delete_table(const Call& call);
//
// The registry (registry.h) has a line for each; the session (server/http) finds, authenticates, validates, runs.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"
#include "protocol/json/reader.h"
#include "protocol/wording.h"
#include "server/metrics/journal.h"
#include "server/metrics/request_log.h"
#include "server/metrics/request_metrics.h"
#include "server/operations/shard_readers.h"
#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"
#include "storage/rewind.h"

namespace shoal {

class Faults;
struct FaultRule;

// What every operation may use. Lives as long as the server.
struct Services {
  const Config& config;
  RewindableEngine& engine;
  Catalog& catalog;
  Clock& clock;
  std::function<void()> wake_jobs;  // After a commit that left work for the background (never null).
  Faults& faults;                   // fault_injection.h
  std::shared_ptr<ShardReaders> shard_readers = std::make_shared<ShardReaders>();
  std::shared_ptr<RequestMetrics> requests = std::make_shared<RequestMetrics>();
  std::shared_ptr<Journal> journal = std::make_shared<Journal>();
  std::shared_ptr<RequestLog> request_log = nullptr;  // Null: there is none.
  std::shared_ptr<std::atomic<std::uint32_t>> connections = std::make_shared<std::atomic<std::uint32_t>>(0);
};

struct Operation;

struct Call {
  const Services& services;
  const Operation& operation;
  json::Json input;     // Valid against the model; lives until the outcome has been run.
  std::string account;  // Twelve digits.
  std::string region;
  // What strikes it, once that was drawn; null mostly. Only fault_injection.cpp looks.
  mutable std::shared_ptr<const std::vector<FaultRule>> struck_by;
  mutable Spent spent;  // For the journal; only consumed_capacity.cpp adds to it.
};

// The body of a 200: JSON, or nothing (TagResource).
using Answer = std::string;

// `body` runs in a transaction, maybe more than once, maybe on another thread, while the call is alive. What it throws
// is the request's answer, and then nothing is written. `committed`, if any, runs once after the commit.
struct Write {
  std::function<Answer(kv::Transaction&)> body;
  std::function<void()> committed;
};

using Outcome = std::variant<Answer, Write>;

struct Operation {
  std::string_view target;  // "DynamoDB_20120810"
  std::string_view name;    // "GetItem"
  Outcome (*run)(const Call& call);
  Wording wording = Wording::older;
};

}  // namespace shoal

// Faults on demand: rules by which requests fail, wait or see old data, so that a program's handling of it can be
// tested.
//
//   Faults faults(engine, clock);
//   faults.set({.fault = Fault::throttle, .table = "Music", .next = 2});
//   faults.draw({"PutItem", {"Music"}});   // that rule; then once more; then nothing
//
// Which error a fault becomes is the operations' affair (server/operations/fault_injection.h). Here is decided whom a
// rule strikes: each request that it could strike is drawn once, in the order in which they come. A rule with `next`
// strikes exactly so many requests, however many threads ask; one with `probability` takes the same decisions in the
// same order for the same seed.
//
// For concurrent use. Without rules a request pays one relaxed load: any().
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "server/faults/older_snapshots.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

enum class Fault {
  throttle,
  internal_error,
  latency,
  transaction_conflict,
  transaction_in_progress,
  unprocessed,
  stale_reads,
  index_lag,
};

struct FaultKind {
  Fault fault;
  std::string_view name;                         // "stale_reads"
  std::string_view time;                         // The parameter of FaultRule::time: "age_ms"; empty: has none.
  std::span<const std::string_view> operations;  // That it can strike; empty: all.
};
std::span<const FaultKind> fault_kinds();
const FaultKind& kind_of(Fault fault);
bool can_strike(Fault fault, std::string_view operation);

struct FaultRule {
  Fault fault;
  std::string table;                   // Empty: any.
  std::string operation;               // Empty: any that the fault can strike.
  std::chrono::milliseconds time{0};   // Of latency, stale_reads and index_lag.
  double fraction = 0;                 // Of a batch's items, of unprocessed.
  std::optional<std::uint64_t> count;  // The same in items.
  std::optional<double> probability;   // Absent: always.
  std::uint64_t seed = 0;              // Of probability.
  std::optional<std::uint64_t> next;   // Requests still to strike; absent: no end.
  std::uint64_t struck = 0;            // Requests struck so far.

  bool strikes_table(std::string_view name) const { return table.empty() || table == name; }
};

// A request as the rules see it.
struct FaultTarget {
  std::string_view operation;
  std::vector<std::string_view> tables;  // All that it names.
  bool has_token = false;                // ClientRequestToken
  bool only_reads = false;               // Statements outside a transaction, with which nothing conflicts.
};

// More rules than there may be.
class TooManyFaults : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Faults {
 public:
  static constexpr std::size_t kRulesMax = 100;

  Faults(kv::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  bool any() const { return any_.load(std::memory_order_relaxed); }

  // Adds these; each replaces the one there is for the same table, operation and fault. All or none: TooManyFaults.
  void set(const std::vector<FaultRule>& rules);
  void set(FaultRule rule) { set(std::vector<FaultRule>{std::move(rule)}); }
  void clear();
  std::vector<FaultRule> list() const;  // In the order in which they were added, used up ones included.

  // The rules that strike a request, but for those that strike reads. After one that ends the request, none that would.
  std::vector<FaultRule> draw(const FaultTarget& target);

  // What a read of one table sees instead of the present, if stale_reads (when it is eventually consistent) or
  // index_lag (when it is of a global index) strikes it; else null. To be dropped on the thread that asked, before it
  // asks again.
  std::unique_ptr<kv::Snapshot> draw_older_snapshot(std::string_view operation, std::string_view table, bool consistent,
                                                    bool of_global_index);

  // Before the clock is moved, so that what was there then can be as old as the move is wide.
  void take_snapshots();

 private:
  struct Armed {
    FaultRule rule;
    std::mt19937_64 random;
    std::shared_ptr<OlderSnapshots> snapshots;  // Of stale_reads and index_lag that are not used up.
  };

  Armed arm(FaultRule rule) const;
  static bool strikes(Armed& armed, const FaultTarget& target);
  void update_any();

  kv::Engine& engine_;
  const Clock& clock_;
  std::atomic<bool> any_ = false;  // Some rule is not used up.
  mutable std::mutex mutex_;
  std::vector<Armed> rules_;
};

}  // namespace shoal

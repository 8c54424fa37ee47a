#include "server/faults/faults.h"

#include <algorithm>
#include <array>
#include <utility>

namespace shoal {
namespace {

constexpr std::string_view kTransactional[] = {"PutItem",
                                               "UpdateItem",
                                               "DeleteItem",
                                               "TransactWriteItems",
                                               "TransactGetItems",
                                               "ExecuteStatement",
                                               "BatchExecuteStatement",
                                               "ExecuteTransaction"};
constexpr std::string_view kTransactWrite[] = {"TransactWriteItems", "ExecuteTransaction"};
constexpr std::string_view kBatches[] = {"BatchGetItem", "BatchWriteItem"};
constexpr std::string_view kStaleable[] = {"GetItem", "BatchGetItem",     "Query",
                                           "Scan",    "ExecuteStatement", "BatchExecuteStatement"};
constexpr std::string_view kIndexReads[] = {"Query", "Scan", "ExecuteStatement"};

// In the order of the enumeration.
constexpr std::array<FaultKind, 8> kKinds{{
    {Fault::throttle, "throttle", "", {}},
    {Fault::internal_error, "internal_error", "", {}},
    {Fault::latency, "latency", "latency_ms", {}},
    {Fault::transaction_conflict, "transaction_conflict", "", kTransactional},
    {Fault::transaction_in_progress, "transaction_in_progress", "", kTransactWrite},
    {Fault::unprocessed, "unprocessed", "", kBatches},
    {Fault::stale_reads, "stale_reads", "age_ms", kStaleable},
    {Fault::index_lag, "index_lag", "lag_ms", kIndexReads},
}};

bool of_reads(Fault fault) { return fault == Fault::stale_reads || fault == Fault::index_lag; }

bool used_up(const FaultRule& rule) { return rule.next && *rule.next == 0; }

bool alike(const FaultRule& a, const FaultRule& b) {
  return a.fault == b.fault && a.table == b.table && a.operation == b.operation;
}

// Uniform in [0, 1), the same everywhere: std::uniform_real_distribution may differ from library to library.
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

// Whether nothing is left of a request that this strikes. Parts of batches and transactions fail each for itself.
bool ends(Fault fault, std::string_view operation) {
  switch (fault) {
    case Fault::internal_error:
    case Fault::transaction_in_progress:
      return true;
    case Fault::throttle:
    case Fault::transaction_conflict:
      return !operation.starts_with("Batch") && !operation.starts_with("Transact") && operation != "ExecuteTransaction";
    default:
      return false;
  }
}

}  // namespace

std::span<const FaultKind> fault_kinds() { return kKinds; }

const FaultKind& kind_of(Fault fault) { return kKinds[static_cast<std::size_t>(fault)]; }

bool can_strike(Fault fault, std::string_view operation) {
  const auto operations = kind_of(fault).operations;
  return operations.empty() || std::find(operations.begin(), operations.end(), operation) != operations.end();
}

Faults::Armed Faults::arm(FaultRule rule) const {
  Armed armed{std::move(rule), {}, nullptr};
  armed.random.seed(armed.rule.seed);
  if (of_reads(armed.rule.fault) && !used_up(armed.rule)) {
    armed.snapshots = std::make_shared<OlderSnapshots>(engine_, clock_, armed.rule.time);
  }
  return armed;
}

void Faults::set(const std::vector<FaultRule>& rules) {
  std::vector<Armed> replaced;  // Ends their threads, which nobody shall wait for under the lock.
  std::vector<Armed> added;
  for (const auto& rule : rules) added.push_back(arm(rule));
  const std::lock_guard lock(mutex_);
  auto wanted = rules_;
  for (auto& armed : added) {
    const auto known =
        std::find_if(wanted.begin(), wanted.end(), [&](const Armed& other) { return alike(other.rule, armed.rule); });
    if (known == wanted.end())
      wanted.push_back(std::move(armed));
    else
      *known = std::move(armed);
  }
  if (wanted.size() > kRulesMax) {
    throw TooManyFaults("there may be " + std::to_string(kRulesMax) + " rules at most");
  }
  replaced = std::exchange(rules_, std::move(wanted));
  update_any();
}

void Faults::clear() {
  std::vector<Armed> cleared;
  const std::lock_guard lock(mutex_);
  cleared.swap(rules_);
  update_any();
}

std::vector<FaultRule> Faults::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<FaultRule> rules;
  for (const auto& armed : rules_) rules.push_back(armed.rule);
  return rules;
}

void Faults::update_any() {
  any_ = std::any_of(rules_.begin(), rules_.end(), [](const Armed& armed) { return !used_up(armed.rule); });
}

bool Faults::strikes(Armed& armed, const FaultTarget& target) {
  auto& rule = armed.rule;
  if (used_up(rule) || !can_strike(rule.fault, target.operation)) return false;
  if (!rule.operation.empty() && rule.operation != target.operation) return false;
  if (!rule.table.empty() && std::find(target.tables.begin(), target.tables.end(), rule.table) == target.tables.end()) {
    return false;
  }
  if (rule.fault == Fault::transaction_in_progress && !target.has_token) return false;
  if (rule.fault == Fault::transaction_conflict && target.only_reads) return false;
  if (rule.probability && uniform(armed.random) >= *rule.probability) return false;
  if (rule.next) --*rule.next;
  ++rule.struck;
  return true;
}

std::vector<FaultRule> Faults::draw(const FaultTarget& target) {
  std::vector<FaultRule> struck;
  const std::lock_guard lock(mutex_);
  bool ended = false;
  for (auto& armed : rules_) {
    const auto fault = armed.rule.fault;
    if (of_reads(fault) || (ended && fault != Fault::latency) || !strikes(armed, target)) continue;
    struck.push_back(armed.rule);
    ended = ended || ends(fault, target.operation);
  }
  if (!struck.empty()) update_any();
  return struck;
}

std::unique_ptr<kv::Snapshot> Faults::draw_older_snapshot(std::string_view operation, std::string_view table,
                                                          bool consistent, bool of_global_index) {
  std::shared_ptr<OlderSnapshots> oldest;
  std::vector<std::shared_ptr<OlderSnapshots>> done;  // Ends their threads when the lock is released.
  {
    const std::lock_guard lock(mutex_);
    const FaultTarget target{operation, {table}};
    for (auto& armed : rules_) {
      const bool open = (armed.rule.fault == Fault::stale_reads && !consistent) ||
                        (armed.rule.fault == Fault::index_lag && of_global_index);
      if (!open || !strikes(armed, target)) continue;
      if (!oldest || armed.snapshots->age() > oldest->age()) oldest = armed.snapshots;
      if (used_up(armed.rule)) done.push_back(std::move(armed.snapshots));
    }
    if (!done.empty()) update_any();
  }
  return oldest ? oldest->read() : nullptr;
}

void Faults::take_snapshots() {
  const std::lock_guard lock(mutex_);
  for (const auto& armed : rules_) {
    if (armed.snapshots) armed.snapshots->take();
  }
}

}  // namespace shoal

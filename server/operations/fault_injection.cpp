#include "server/operations/fault_injection.h"

#include <algorithm>
#include <cmath>

#include "protocol/error.h"
#include "server/faults/faults.h"
#include "server/operations/cancellation.h"
#include "server/operations/statement.h"
#include "server/operations/table_name.h"
#include "server/operations/throttling.h"

namespace shoal {
namespace {

bool is_batch(const Call& call) { return call.operation.name.starts_with("Batch"); }
bool is_transaction(const Call& call) {
  return call.operation.name.starts_with("Transact") || call.operation.name == "ExecuteTransaction";
}
bool is_statement(const Call& call) { return call.operation.name == "ExecuteStatement"; }
bool has_statements(const Call& call) {
  return is_statement(call) || call.operation.name == "BatchExecuteStatement" ||
         call.operation.name == "ExecuteTransaction";
}

bool is_on_items(const Call& call) {
  constexpr std::string_view kSingle[] = {"GetItem", "PutItem", "UpdateItem",      "DeleteItem",
                                          "Query",   "Scan",    "ExecuteStatement"};
  return is_batch(call) || is_transaction(call) ||
         std::find(std::begin(kSingle), std::end(kSingle), call.operation.name) != std::end(kSingle);
}

Access access_of(const Call& call) {
  if (has_statements(call)) return reads_by_statements(call) ? Access::read : Access::write;
  constexpr std::string_view kReads[] = {"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"};
  const bool reads = std::find(std::begin(kReads), std::end(kReads), call.operation.name) != std::end(kReads);
  return reads ? Access::read : Access::write;
}

// The table of each action of a transaction or statement of a batch, in order.
std::vector<std::string> tables_of_parts(const Call& call) {
  std::vector<std::string> tables;
  for (const auto [_, item] : call.input.find("TransactItems")) {
    for (const auto [kind, action] : item) {
      if (const auto name = action.find("TableName")) tables.emplace_back(table_name_of(call, name.string()));
    }
  }
  if (has_statements(call)) {
    for (auto& target : statement_targets(call)) tables.push_back(std::move(target.table));
  }
  return tables;
}

std::vector<std::string> tables_of(const Call& call) {
  auto tables = tables_of_parts(call);
  if (const auto name = call.input.find("TableName")) tables.emplace_back(table_name_of(call, name.string()));
  for (const auto [name, _] : call.input.find("RequestItems")) tables.emplace_back(table_name_of(call, name));
  return tables;
}

// The rules that strike this call.
const std::vector<FaultRule>& struck_by(const Call& call) {
  if (!call.struck_by) {
    const auto tables = tables_of(call);
    call.struck_by = std::make_shared<const std::vector<FaultRule>>(
        call.services.faults.draw({call.operation.name,
                                   {tables.begin(), tables.end()},
                                   call.input.find("ClientRequestToken").present(),
                                   has_statements(call) && !is_transaction(call) && reads_by_statements(call)}));
  }
  return *call.struck_by;
}

// What a request of one table names: of an ExecuteStatement, its statement does.
StatementTarget target_of(const Call& call) {
  if (is_statement(call)) return statement_targets(call).at(0);
  const auto index = call.input.find("IndexName");
  return {std::string(call.input.find("TableName").string()), index ? std::string(index.string()) : ""};
}

Error throttled_call(const Call& call) {
  if (!is_on_items(call)) return control_plane_throttled();
  const auto target = target_of(call);
  const auto table = find_table(call, target.table);
  const auto* index = target.index.empty() ? nullptr : table->index(target.index);
  return throttled(*table, index && index->global ? index : nullptr, access_of(call));
}

Error conflict() { return Error(errors::transaction_conflict, "Transaction is ongoing for the item"); }

// What keeps one action of a transaction from happening.
std::optional<Error> refusal_of_action(const Call& call, const FaultRule& rule, std::string_view table) {
  if (!rule.strikes_table(table)) return std::nullopt;
  if (rule.fault == Fault::throttle) return throttled_in_transaction(*find_table(call, table));
  if (rule.fault == Fault::transaction_conflict) {
    return Error(errors::transaction_conflict, "Transaction is ongoing for the item.");
  }
  return std::nullopt;
}

void strike_transaction(const Call& call, const std::vector<FaultRule>& rules) {
  const auto tables = tables_of_parts(call);
  CancellationReasons reasons(tables.size());
  for (const auto& rule : rules) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (!reasons[i]) reasons[i] = refusal_of_action(call, rule, tables[i]);
    }
  }
  throw_if_cancelled(reasons);
}

void strike(const Call& call, const FaultRule& rule) {
  switch (rule.fault) {
    case Fault::internal_error:
      throw Error(errors::internal_server_error, "Internal server error");
    case Fault::transaction_in_progress:
      throw Error(errors::transaction_in_progress,
                  "The transaction with the given request token is already in progress.");
    case Fault::throttle:
      if (!is_batch(call) && !is_transaction(call)) throw throttled_call(call);
      break;
    case Fault::transaction_conflict:
      if (!is_batch(call) && !is_transaction(call)) throw conflict();
      break;
    default:
      break;
  }
}

void strike(const Call& call) {
  const auto& rules = struck_by(call);
  for (const auto& rule : rules) strike(call, rule);
  if (is_transaction(call)) strike_transaction(call, rules);
}

// How many of so many items a rule leaves over. Rounded down: who sends the rest again gets to the end.
std::size_t left_of(const FaultRule& rule, std::size_t items) {
  if (rule.fault == Fault::throttle) return items;
  if (rule.count) return std::min<std::uint64_t>(*rule.count, items);
  return static_cast<std::size_t>(std::floor(rule.fraction * static_cast<double>(items)));
}

// Adds one rule's share to `left`: the last items of the tables that it strikes.
void leave_over(const FaultRule& rule, const std::vector<BatchPart>& parts, std::vector<std::size_t>& left) {
  std::size_t items = 0;
  for (const auto& part : parts) items += rule.strikes_table(part.table->name) ? part.items : 0;
  auto wanted = left_of(rule, items);
  for (std::size_t i = parts.size(); i-- > 0 && wanted > 0;) {
    if (!rule.strikes_table(parts[i].table->name)) continue;
    const auto taken = std::min(wanted, parts[i].items);
    left[i] = std::max(left[i], taken);
    wanted -= taken;
  }
}

}  // namespace

Outcome run_operation(const Call& call) {
  auto outcome = call.operation.run(call);
  if (call.services.faults.any() || call.struck_by) strike(call);
  return outcome;
}

std::chrono::milliseconds added_latency(const Call& call) {
  std::chrono::milliseconds latency{0};
  if (!call.struck_by) return latency;
  for (const auto& rule : *call.struck_by) {
    if (rule.fault == Fault::latency) latency += rule.time;
  }
  return latency;
}

std::vector<std::size_t> left_over(const Call& call, const std::vector<BatchPart>& parts) {
  std::vector<std::size_t> left(parts.size());
  if (!call.services.faults.any() && !call.struck_by) return left;
  for (const auto& rule : struck_by(call)) {
    if (rule.fault == Fault::throttle || rule.fault == Fault::unprocessed) leave_over(rule, parts, left);
  }
  const bool all = std::equal(parts.begin(), parts.end(), left.begin(), left.end(),
                              [](const BatchPart& part, std::size_t count) { return part.items == count; });
  if (all) throw throttled(*parts.front().table, nullptr, access_of(call));
  return left;
}

std::optional<Error> refusal_of_statement(const Call& call, const Table& table) {
  if (!call.services.faults.any() && !call.struck_by) return std::nullopt;
  for (const auto& rule : struck_by(call)) {
    if (!rule.strikes_table(table.name)) continue;
    if (rule.fault == Fault::throttle) return throttled_in_transaction(table);
    if (rule.fault == Fault::transaction_conflict) return conflict();
  }
  return std::nullopt;
}

std::unique_ptr<kv::Snapshot> read_snapshot(const Call& call, const Table& table, const Index* index, bool consistent) {
  auto& faults = call.services.faults;
  if (faults.any()) {
    const bool of_global_index = index && index->global;
    if (auto older = faults.draw_older_snapshot(call.operation.name, table.name, consistent, of_global_index)) {
      return older;
    }
  }
  return call.services.engine.snapshot();
}

}  // namespace shoal

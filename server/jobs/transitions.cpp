#include "server/jobs/transitions.h"

#include <algorithm>

#include "storage/changelog.h"
#include "storage/destinations.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

bool is_due(double transition_at, double now) { return transition_at != 0 && transition_at <= now; }

Milliseconds in_milliseconds(double seconds) { return Milliseconds(static_cast<std::int64_t>(seconds * 1'000)); }

// Indexes of CreateTable and UpdateTable's changed ones become ACTIVE; new ones of UpdateTable begin their backfill.
void end_transition(Index& index) {
  index.transition_at = 0;
  if (!index.backfilling) index.status = Status::active;
}

bool remove_due_indexes(kv::Transaction& transaction, Table& table, double now) {
  return std::erase_if(table.indexes, [&](const Index& index) {
    if (index.status != Status::deleting || !is_due(index.transition_at, now)) return false;
    leave_emptying(transaction, index.id);
    return true;
  });
}

bool end_due_destinations(kv::Transaction& transaction, Table& table, double now) {
  bool changed = false;
  for (auto& destination : table.kinesis) {
    if (!is_due(destination.transition_at, now)) continue;
    end_transition(transaction, table, destination, in_milliseconds(now));
    changed = true;
  }
  return changed;
}

bool end_due_transitions(Table& table, double now) {
  bool changed = false;
  for (auto& index : table.indexes) {
    if (index.status == Status::deleting || !is_due(index.transition_at, now)) continue;
    end_transition(index);
    changed = true;
  }
  if (!is_due(table.transition_at, now)) return changed;
  if (table.status == Status::creating) {
    for (auto& index : table.indexes) end_transition(index);
  }
  table.status = Status::active;
  table.transition_at = 0;
  return true;
}

}  // namespace

std::optional<double> next_transition(const Table& table) {
  std::optional<double> next;
  const auto consider = [&next](double at) {
    if (at != 0 && (!next || at < *next)) next = at;
  };
  consider(table.transition_at);
  for (const auto& index : table.indexes) consider(index.transition_at);
  for (const auto& destination : table.kinesis) consider(destination.transition_at);
  return next;
}

void make_transitions(const Catalog& catalog, kv::Transaction& transaction, const Table& table, double now) {
  auto current = catalog.read(transaction, table.account, table.region, table.name);
  if (!current || current->id != table.id) return;
  if (current->status == Status::deleting && is_due(current->transition_at, now)) {
    close_log(transaction, *current, in_milliseconds(now));
    catalog.erase(transaction, *current);
    return;
  }
  const bool removed = remove_due_indexes(transaction, *current, now);
  const bool ended = end_due_destinations(transaction, *current, now);
  if (end_due_transitions(*current, now) || removed || ended) catalog.put(transaction, *current);
}

}  // namespace shoal

#include "server/jobs/shard_care.h"

#include <spdlog/spdlog.h>

#include "storage/changelog.h"
#include "storage/partitions.h"

namespace shoal {
namespace {

// Changes the definition of a table, as it stands in the transaction, when `change` says that there is something to it.
template <class Change>
bool change_definition(kv::Engine& engine, Catalog& catalog, const Table& table, Change change) {
  bool changed = false;
  engine.write([&](kv::Transaction& transaction) {
    changed = false;
    auto current = catalog.read(transaction, table.account, table.region, table.name);
    if (!current || current->id != table.id || !change(transaction, *current)) return;
    catalog.put(transaction, *current);
    changed = true;
  });
  if (changed) catalog.reload(table.account, table.region, table.name);
  return changed;
}

}  // namespace

bool trim_logs(kv::Engine& engine, const Clock& clock) {
  const auto horizon = clock.now() - kStreamRetention;
  if (!has_trimmable(*engine.snapshot(), horizon)) return false;
  engine.write([horizon](kv::Transaction& transaction) { trim_some(transaction, horizon); });
  return true;
}

bool roll_over_logs(kv::Engine& engine, Catalog& catalog, const Clock& clock, std::chrono::milliseconds age) {
  bool any = false;
  for (const auto& table : catalog.all()) {
    const auto now = clock.now();
    const auto next = table->log ? next_roll_over(*engine.snapshot(), *table, age) : std::nullopt;
    if (!next || *next > now) continue;
    any |= change_definition(engine, catalog, *table, [&](kv::Transaction& transaction, Table& current) {
      return roll_over_shards(transaction, current, age, now);
    });
  }
  return any;
}

bool split_full_partitions(kv::Engine& engine, Catalog& catalog, const Clock& clock) {
  bool any = false;
  for (const auto& table : catalog.all()) {
    const auto bytes = count_of(*engine.snapshot(), table->id).bytes;
    const auto partition = partition_to_split(table->partitions, bytes);
    if (!partition) continue;
    const bool split = change_definition(engine, catalog, *table, [&](kv::Transaction& transaction, Table& current) {
      return current.partitions.size() == table->partitions.size() &&
             split_partition(transaction, current, *partition, clock.now());
    });
    if (split) spdlog::info("table {} has {} partitions now", table->name, table->partitions.size() + 1);
    any |= split;
  }
  return any;
}

}  // namespace shoal

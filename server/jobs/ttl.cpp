#include "server/jobs/ttl.h"

#include <algorithm>

#include "storage/expiries.h"
#include "storage/items.h"

namespace shoal {
namespace {

constexpr std::size_t kSweptAtOnce = 100;

bool has_ttl(const Table& table) { return !table.ttl_attribute.empty() && table.status != Status::creating; }

// Deletes the item if what it says now is that it has expired; otherwise leaves it as it is.
ItemWrite expiry_write(TablePtr table, ItemView item, std::string stored_at, std::chrono::milliseconds now) {
  ItemWrite write{table, Item(item), std::move(stored_at), std::nullopt, {}};
  write.change = [attribute = table->ttl_attribute, now](const std::optional<ItemView>& before) -> std::optional<Item> {
    if (!before) return std::nullopt;
    const auto expiry = expiry_of(attribute, *before);
    if (expiry && is_expired(*expiry, now)) return std::nullopt;
    return Item(*before);
  };
  write.cause = Cause::expiry;
  return write;
}

void sweep(kv::Transaction& transaction, const TablePtr& table, const std::vector<Expiry>& due,
           std::chrono::milliseconds now) {
  Catalog::check_current(transaction, *table);
  for (const auto& expiry : due) {
    if (const auto stored = get_item(transaction, expiry.item_key)) {
      apply(expiry_write(table, stored->item, expiry.item_key, now), transaction);
    }
    // Also of an item that is not to be deleted: the entry was not its, or is too old to count.
    transaction.erase(expiry.entry);
  }
}

}  // namespace

bool sweep_expired(kv::Engine& engine, Catalog& catalog, const Clock& clock, std::chrono::milliseconds delay) {
  bool more = false;
  for (const auto& table : catalog.all()) {
    if (!has_ttl(*table)) continue;
    const auto now = clock.now() - delay;
    const auto due = due_items(*engine.snapshot(), *table, now, kSweptAtOnce);
    if (due.empty()) continue;
    try {
      engine.write([&](kv::Transaction& transaction) { sweep(transaction, table, due, now); });
    } catch (const TableChanged& changed) {
      catalog.reload(changed.account, changed.region, changed.name);
    }
    more = true;
  }
  return more;
}

bool any_table_has_ttl(const Catalog& catalog) {
  const auto tables = catalog.all();
  return std::any_of(tables.begin(), tables.end(), [](const TablePtr& table) { return has_ttl(*table); });
}

}  // namespace shoal

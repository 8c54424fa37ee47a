#include "storage/items.h"

#include <algorithm>

#include "protocol/error.h"
#include "protocol/json/writer.h"
#include "protocol/value/item_size.h"
#include "storage/changelog.h"
#include "storage/expiries.h"
#include "storage/key/key_part.h"

namespace shoal {
namespace {

constexpr std::int64_t kCollectionBytesMax = std::int64_t{10} << 30;

std::string record_of(ItemView item, std::uint32_t size) {
  std::string record;
  record.reserve(sizeof size + item.bytes().size());
  record.append(reinterpret_cast<const char*>(&size), sizeof size);
  record += item.bytes();
  return record;
}

void append_parts(std::string& out, const std::vector<KeyAttribute>& part, ItemView attributes) {
  for (const auto& attribute : part) append_key_part(out, *attributes.find(attribute.name));
}

std::string key_in_space(SpaceId space, const KeySchema& schema, ItemView attributes) {
  std::string partition;
  append_parts(partition, schema.partition, attributes);
  auto key = partition_prefix(space, partition);
  append_parts(key, schema.sort, attributes);
  return key;
}

bool has_keys(const std::vector<KeyAttribute>& part, ItemView item) {
  return std::all_of(part.begin(), part.end(), [item](const KeyAttribute& attribute) {
    const auto value = item.find(attribute.name);
    return value && value->type() == attribute.type && !value->text().empty();
  });
}

bool is_maintained(const Index& index) { return index.status != Status::deleting; }

std::optional<IndexEntry> entry_for(const Table& table, const Index& index, const std::optional<Item>& item) {
  if (!item || !in_index(index, item->view())) return std::nullopt;
  auto content = entry_of(table, index, item->view());
  const auto size = static_cast<std::uint32_t>(item_size(content.view()));
  return IndexEntry{entry_key(table, index, item->view()), std::move(content), size};
}

void count(kv::Transaction& transaction, SpaceId space, std::int64_t items, std::int64_t bytes) {
  if (items != 0) transaction.add(counter_key(space, Counter::items), items);
  if (bytes != 0) transaction.add(counter_key(space, Counter::bytes), bytes);
}

bool nothing_changes(const IndexChange& change) {
  if (!change.before || !change.after) return !change.before && !change.after;
  return change.before->key == change.after->key && change.before->content == change.after->content;
}

bool stays_in_place(const IndexChange& change) {
  return change.before && change.after && change.before->key == change.after->key;
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html ("Write capacity units"): nothing for an
// unchanged entry, 1 write for a new, gone or changed one, 2 for a moved one.
std::uint32_t units_of(const IndexChange& change) {
  if (nothing_changes(change)) return 0;
  if (stays_in_place(change)) return write_units(std::max(change.before->size, change.after->size));
  return (change.before ? write_units(change.before->size) : 0) + (change.after ? write_units(change.after->size) : 0);
}

std::int64_t size_of(const std::optional<IndexEntry>& entry) { return entry ? entry->size : 0; }

void write_entry(kv::Transaction& transaction, const IndexChange& change) {
  if (nothing_changes(change)) return;
  const auto space = change.index->id;
  // While an index is being filled, entries of old items may not be there yet.
  const bool old_entry = change.before && (!change.index->backfilling || transaction.get(change.before->key));
  if (old_entry && !stays_in_place(change)) transaction.erase(change.before->key);
  if (change.after) transaction.put(change.after->key, record_of(change.after->content.view(), change.after->size));
  count(transaction, space, (change.after ? 1 : 0) - (old_entry ? 1 : 0),
        size_of(change.after) - (old_entry ? size_of(change.before) : 0));
}

// The bytes of the item collection after the change: the items of one partition key and their entries in LSIs.
std::int64_t growth_of_collection(const Applied& applied, const std::vector<IndexChange>& indexes) {
  std::int64_t growth = std::int64_t{applied.size_after} - std::int64_t{applied.size_before};
  for (const auto& change : indexes) {
    if (!change.index->global) growth += size_of(change.after) - size_of(change.before);
  }
  return growth;
}

// What only some tables have: a log of their changes, an order in which their items expire.
void follow(const ItemWrite& write, const Applied& applied, kv::Transaction& transaction) {
  const auto& table = *write.table;
  const auto now = table.clock ? table.clock->now() : Clock().now();
  if (table.log) append_change(transaction, table, write.stored_at, write.cause, now, applied);
  if (!table.ttl_attribute.empty())
    move_expiry(transaction, table, write.stored_at, now, applied.before, applied.after);
}

}  // namespace

StoredItem read_record(std::string_view record) {
  return {ItemView(record.substr(sizeof(std::uint32_t))), encoding::read_u32(record.data())};
}

std::string item_key(const Table& table, ItemView attributes) { return key_in_space(table.id, table.key, attributes); }

std::optional<StoredItem> get_item(const kv::Snapshot& snapshot, std::string_view key) {
  const auto record = snapshot.get(key);
  if (!record) return std::nullopt;
  return read_record(*record);
}

std::size_t key_bytes(const std::vector<KeyAttribute>& part, ItemView attributes) {
  std::size_t bytes = 0;
  for (const auto& attribute : part) bytes += value_size(*attributes.find(attribute.name));
  return bytes;
}

bool in_index(const Index& index, ItemView item) {
  return has_keys(index.key.partition, item) && has_keys(index.key.sort, item) &&
         key_bytes(index.key.partition, item) <= kPartitionKeyBytesMax &&
         key_bytes(index.key.sort, item) <= kSortKeyBytesMax;
}

std::string entry_key(const Table& table, const Index& index, ItemView attributes) {
  auto key = key_in_space(index.id, index.key, attributes);
  append_parts(key, table.key.partition, attributes);
  append_parts(key, table.key.sort, attributes);
  return key;
}

Item entry_of(const Table& table, const Index& index, ItemView item) {
  if (index.projection == ProjectionType::all) return Item(item);
  std::string bytes;
  encoding::MapWriter map(bytes);
  for (const auto [name, value] : item.fields()) {
    if (!index.projects(name, table.key)) continue;
    map.name(name);
    bytes += value.bytes();
  }
  map.close();
  return Item(std::move(bytes));
}

std::size_t size_with_local_entries(const Table& table, ItemView item) {
  auto size = item_size(item);
  for (const auto& index : table.indexes) {
    if (!index.global && in_index(index, item)) size += item_size(entry_of(table, index, item).view());
  }
  return size;
}

std::string collection_counter(const Table& table, ItemView attributes) {
  std::string partition;
  append_parts(partition, table.key.partition, attributes);
  return collection_key(table.id, partition);
}

Error condition_failed(const std::optional<ItemView>& item) {
  std::string members;
  if (item) {
    members = ",\"Item\":";
    json::append_item(members, *item);
  }
  return Error(errors::conditional_check_failed, "The conditional request failed", std::move(members));
}

ItemChange evaluate(const ItemWrite& write, kv::Transaction& transaction, const CollectionGrowth& pending) {
  const auto& table = *write.table;
  Catalog::check_current(transaction, table);

  ItemChange change;
  auto& applied = change.applied;
  if (const auto stored = get_item(transaction, write.stored_at)) {
    applied.before.emplace(stored->item);
    applied.size_before = stored->size;
  }
  const auto before = applied.before ? std::optional(applied.before->view()) : std::nullopt;
  if (write.condition && !write.condition->holds(before)) {
    throw condition_failed(write.return_item_on_failure ? before : std::nullopt);
  }
  applied.after = write.change(before);
  if (applied.after) applied.size_after = static_cast<std::uint32_t>(item_size(applied.after->view()));

  change.indexes.reserve(table.indexes.size());
  applied.index_units.resize(table.indexes.size());
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const auto& index = table.indexes[i];
    if (!is_maintained(index)) continue;
    change.indexes.push_back({&index, entry_for(table, index, applied.before), entry_for(table, index, applied.after)});
    applied.index_units[i] = units_of(change.indexes.back());
  }

  if (table.has_local_index()) {
    change.collection = collection_counter(table, write.key.view());
    change.collection_growth = growth_of_collection(applied, change.indexes);
    const auto found = pending.find(change.collection);
    applied.collection_bytes = counter_at(transaction, change.collection) +
                               (found == pending.end() ? 0 : found->second) + change.collection_growth;
    if (change.collection_growth > 0 && applied.collection_bytes > kCollectionBytesMax) {
      throw Error(errors::item_collection_size_limit_exceeded, "Collection size exceeded.");
    }
  }
  return change;
}

void carry_out(const ItemWrite& write, const ItemChange& change, kv::Transaction& transaction) {
  const auto& applied = change.applied;
  if (applied.before == applied.after) return;
  if (applied.after)
    transaction.put(write.stored_at, record_of(applied.after->view(), applied.size_after));
  else
    transaction.erase(write.stored_at);
  count(transaction, write.table->id, (applied.after ? 1 : 0) - (applied.before ? 1 : 0),
        std::int64_t{applied.size_after} - std::int64_t{applied.size_before});
  for (const auto& index : change.indexes) write_entry(transaction, index);
  if (change.collection_growth != 0) transaction.add(change.collection, change.collection_growth);
  if (write.table->is_followed()) follow(write, applied, transaction);
}

Applied apply(const ItemWrite& write, kv::Transaction& transaction) {
  auto change = evaluate(write, transaction);
  carry_out(write, change, transaction);
  return std::move(change.applied);
}

void put_index_entry(kv::Transaction& transaction, const Table& table, const Index& index, ItemView item) {
  if (!in_index(index, item)) return;
  const auto key = entry_key(table, index, item);
  if (transaction.get(key)) return;
  const auto entry = entry_of(table, index, item);
  const auto size = static_cast<std::uint32_t>(item_size(entry.view()));
  transaction.put(key, record_of(entry.view(), size));
  count(transaction, index.id, 1, size);
}

}  // namespace shoal

// Reads and writes one item with everything that follows from it: index entries, counts, collection sizes, the record
// in the change log, the expiry, all in the transaction of the change.
//
//   ItemWrite write{table, key, item_key(*table, key.view()), condition, [](const auto& before) { return Item(...); }};
//   Applied applied = apply(write, transaction);   // throws ConditionalCheckFailedException, having written nothing
//
// A record in the store is the item's DynamoDB size (u32, little-endian), then its bytes (protocol/value). An index
// entry is the same with the attributes that the index projects.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/expression/condition.h"
#include "protocol/value/attribute_value.h"
#include "storage/catalog.h"
#include "storage/kv/kv.h"

namespace shoal {

// A record, read in place: valid as long as what it was read from.
struct StoredItem {
  ItemView item;
  std::uint32_t size;  // in bytes, as DynamoDB counts
};
StoredItem read_record(std::string_view record);

// The store's key of the table's item with these key attributes; `attributes` may hold others besides.
std::string item_key(const Table& table, ItemView attributes);

std::optional<StoredItem> get_item(const kv::Snapshot& snapshot, std::string_view key);

// Whether the index has an entry for the item: all its key attributes are there, of the right type and size.
bool in_index(const Index& index, ItemView item);
// The store's key of the item's entry; all key attributes of table and index must be there.
std::string entry_key(const Table& table, const Index& index, ItemView attributes);
// What the index keeps of the item.
Item entry_of(const Table& table, const Index& index, ItemView item);

// Of the attributes of one part of a key, as DynamoDB limits them.
inline constexpr std::size_t kPartitionKeyBytesMax = 2048;
inline constexpr std::size_t kSortKeyBytesMax = 1024;
std::size_t key_bytes(const std::vector<KeyAttribute>& part, ItemView attributes);

// The item and its entries in the local indexes, which have to fit 400 KB together.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
std::size_t size_with_local_entries(const Table& table, ItemView item);

// Who changed an item: a caller, or the item's time to live.
enum class Cause : char { caller = 0, expiry = 1 };

// One change of one item: of a put, an update, a delete, alone or in a batch or transaction.
struct ItemWrite {
  TablePtr table;
  Item key;               // The key attributes, and maybe others.
  std::string stored_at;  // item_key() of it
  std::optional<Condition> condition;
  // From the item before (nothing: there is none) to the item after (nothing: removed). Pure: may run again. May throw
  // Error. What it returns has the key's own key attributes, fits the limits, and suits the indexes.
  std::function<std::optional<Item>(const std::optional<ItemView>& before)> change;
  bool return_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure is ALL_OLD.
  Cause cause = Cause::caller;
};

// What a change did, and what it costs before doubling for transactions.
struct Applied {
  std::optional<Item> before, after;
  std::uint32_t size_before = 0, size_after = 0;
  std::vector<std::uint32_t> index_units;  // write units, in the order of table->indexes
  std::int64_t collection_bytes = 0;       // The item collection's size after it; of tables with an LSI only.
};

// An index's entry of one state of an item.
struct IndexEntry {
  std::string key;
  Item content;
  std::uint32_t size;
};

// How one index changes with its item.
struct IndexChange {
  const Index* index;
  std::optional<IndexEntry> before, after;
};

// A change that nothing refuses any more, not yet written.
struct ItemChange {
  Applied applied;
  std::vector<IndexChange> indexes;
  std::string collection;  // The collection's counter; empty without an LSI.
  std::int64_t collection_growth = 0;
};

using CollectionGrowth = std::map<std::string, std::int64_t>;  // bytes, by the collections' counters

// Checks that the table's definition is current, checks the condition, and works out the change. Throws TableChanged,
// ConditionalCheckFailedException (with the item, when asked for), what `change` throws, or
// ItemCollectionSizeLimitExceededException. `pending` is by how much collections grow through changes that have been
// evaluated, but not carried out yet.
ItemChange evaluate(const ItemWrite& write, kv::Transaction& transaction, const CollectionGrowth& pending = {});
// Writes item, index entries, counts, the change record (changelog.h) and the expiry (expiries.h). Refuses nothing.
// Several changes may be evaluated before the first is carried out, as long as they are of different items.
void carry_out(const ItemWrite& write, const ItemChange& change, kv::Transaction& transaction);
// Both.
Applied apply(const ItemWrite& write, kv::Transaction& transaction);

// The counter of the bytes of the item collection that an item with these key attributes is in.
std::string collection_counter(const Table& table, ItemView attributes);

// The error of a condition that does not hold, with `item` when it is asked for and exists.
Error condition_failed(const std::optional<ItemView>& item);

// Adds the entry of an item that the table holds, unless it is there already or the item is not in the index: the step
// of a backfill.
void put_index_entry(kv::Transaction& transaction, const Table& table, const Index& index, ItemView item);

// Units of 1 KB (writes) or 4 KB (reads) that `bytes` come to; at least 1.
inline std::uint32_t write_units(std::uint64_t bytes) { return bytes <= 1024 ? 1 : (bytes + 1023) / 1024; }
inline std::uint32_t read_units(std::uint64_t bytes) { return bytes <= 4096 ? 1 : (bytes + 4095) / 4096; }

}  // namespace shoal

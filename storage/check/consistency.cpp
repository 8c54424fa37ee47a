#include "storage/check/consistency.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "protocol/json/writer.h"
#include "protocol/value/item_size.h"
#include "protocol/value/well_formed.h"
#include "storage/changelog.h"
#include "storage/expiries.h"
#include "storage/items.h"
#include "storage/key/key_part.h"
#include "storage/range.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

constexpr std::uint64_t kProgressEach = 1 << 18;

struct Sum {
  std::int64_t items = 0, bytes = 0;
  void add(std::uint32_t size) {
    ++items;
    bytes += size;
  }
};

std::string name_of(const Table& table) { return table.name + " (" + table.region + ", " + table.account + ")"; }

std::string key_text(const Table& table, ItemView item) {
  std::string text;
  for (const auto* part : {&table.key.partition, &table.key.sort}) {
    for (const auto& attribute : *part) {
      text += text.empty() ? "" : ", ";
      text += attribute.name + " ";
      if (const auto value = item.find(attribute.name)) json::append_value(text, *value);
    }
  }
  return text;
}

bool has_key(const Table& table, ItemView item) {
  const auto fits = [item](const KeyAttribute& attribute) {
    const auto value = item.find(attribute.name);
    return value && value->type() == attribute.type;
  };
  return std::all_of(table.key.partition.begin(), table.key.partition.end(), fits) &&
         std::all_of(table.key.sort.begin(), table.key.sort.end(), fits);
}

class Check {
 public:
  Check(const kv::Snapshot& snapshot, Milliseconds now, const std::function<void(const std::string&)>& problem,
        const std::function<void(const Consistency&)>& progress)
      : snapshot_(snapshot), now_(now), problem_(problem), progress_(progress) {
    for (const auto& job : space_jobs(snapshot)) jobs_[job.space] = job.work;
  }

  Consistency run(const std::vector<TablePtr>& tables) {
    for (const auto& table : tables) check_table(*table);
    check_spaces(tables);
    return seen_;
  }

 private:
  void tell(const std::string& problem) {
    ++seen_.problems;
    problem_(problem);
  }

  void count(std::uint64_t& seen) {
    if (++seen % kProgressEach == 0) progress_(seen_);
  }

  bool has_job(SpaceId space, SpaceWork work) const {
    const auto found = jobs_.find(space);
    return found != jobs_.end() && found->second == work;
  }

  void check_table(const Table& table) {
    ++seen_.tables;
    check_items(table);
    for (const auto& index : table.indexes) {
      if (index.status != Status::deleting) check_entries(table, index);
    }
    check_log(table);
  }

  static bool is_readable(std::string_view record) {
    return record.size() > sizeof(std::uint32_t) && is_well_formed_item(record.substr(sizeof(std::uint32_t)));
  }

  static bool is_entry_of(const Table& table, const Index& index, ItemView item, const kv::Cursor& entry) {
    return in_index(index, item) && entry_key(table, index, item) == entry.key() &&
           entry_of(table, index, item).view() == read_record(entry.value()).item;
  }

  // Nothing when it cannot be read, which has been told.
  std::optional<StoredItem> read(std::string_view bytes, const std::string& where) {
    if (is_readable(bytes)) {
      const auto record = read_record(bytes);
      const auto size = item_size(record.item);
      if (record.size == size) return record;
      tell(where + ": a record says that it has " + std::to_string(record.size) + " bytes where it has " +
           std::to_string(size));
    } else {
      tell(where + ": a record of " + std::to_string(bytes.size()) + " bytes cannot be read");
    }
    return std::nullopt;
  }

  void check_items(const Table& table) {
    const auto range = range_of(space_prefix(table.id));
    const auto cursor = snapshot_.cursor();
    Sum sum;
    std::string collection;
    std::int64_t collection_bytes = 0;
    std::uint64_t collections = 0;
    for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
      count(seen_.items);
      const auto record = read(cursor->value(), name_of(table));
      if (!record) continue;
      sum.add(record->size);
      if (!has_key(table, record->item) || item_key(table, record->item) != cursor->key()) {
        tell(name_of(table) + ": the item " + key_text(table, record->item) + " is not where its key says");
        continue;
      }
      for (const auto& index : table.indexes) check_entry_of(table, index, record->item);
      check_expiry(table, record->item, cursor->key());
      if (!table.has_local_index()) continue;
      auto its = collection_counter(table, record->item);
      if (its != collection) {
        collections += check_collection(table, collection, collection_bytes);
        collection = std::move(its);
        collection_bytes = 0;
      }
      collection_bytes += static_cast<std::int64_t>(size_with_local_entries(table, record->item));
    }
    collections += check_collection(table, collection, collection_bytes);
    check_count(name_of(table), table.id, sum);
    const auto counted = count_keys(collection_key(table.id, {}));
    if (counted != collections) {
      tell(name_of(table) + ": the sizes of " + std::to_string(counted) + " item collections are kept, of " +
           std::to_string(collections));
    }
  }

  // 1 for a collection, 0 when it is none.
  std::uint64_t check_collection(const Table& table, const std::string& counter, std::int64_t bytes) {
    if (counter.empty()) return 0;
    const auto kept = counter_at(snapshot_, counter);
    if (kept != bytes) {
      tell(name_of(table) + ": an item collection has " + std::to_string(bytes) + " bytes where " +
           std::to_string(kept) + " are kept");
    }
    return 1;
  }

  std::uint64_t count_keys(const std::string& prefix) const {
    const auto range = range_of(prefix);
    const auto cursor = snapshot_.cursor();
    std::uint64_t keys = 0;
    for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) ++keys;
    return keys;
  }

  void check_count(const std::string& what, SpaceId space, const Sum& sum) {
    const auto kept = count_of(snapshot_, space);
    if (kept.items == sum.items && kept.bytes == sum.bytes) return;
    tell(what + ": holds " + std::to_string(sum.items) + " items of " + std::to_string(sum.bytes) + " bytes where " +
         std::to_string(kept.items) + " of " + std::to_string(kept.bytes) + " are counted");
  }

  void check_entry_of(const Table& table, const Index& index, ItemView item) {
    if (index.status == Status::deleting || index.backfilling || !in_index(index, item)) return;
    if (snapshot_.get(entry_key(table, index, item))) return;  // What is in it, check_entries sees.
    tell(name_of(table) + ", index " + index.name + ": the item " + key_text(table, item) + " has no entry");
  }

  void check_entries(const Table& table, const Index& index) {
    const auto where = name_of(table) + ", index " + index.name;
    const auto range = range_of(space_prefix(index.id));
    const auto cursor = snapshot_.cursor();
    Sum sum;
    for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
      count(seen_.entries);
      const auto entry = read(cursor->value(), where);
      if (!entry) continue;
      sum.add(entry->size);
      const auto item = has_key(table, entry->item) ? snapshot_.get(item_key(table, entry->item)) : std::nullopt;
      const bool agrees = item && is_readable(*item) && is_entry_of(table, index, read_record(*item).item, *cursor);
      if (!agrees) tell(where + ": the entry of " + key_text(table, entry->item) + " is not of an item as it is");
    }
    check_count(where, index.id, sum);
  }

  void check_expiry(const Table& table, ItemView item, std::string_view key) {
    if (table.ttl_attribute.empty() || has_job(table.id, SpaceWork::expiries)) return;
    const auto expiry = expiry_of(table.ttl_attribute, item);
    // What was too old when it was written is not there.
    if (!expiry || is_too_old(*expiry, now_) || snapshot_.get(expiry_key(table.id, *expiry, key))) return;
    tell(name_of(table) + ": the item " + key_text(table, item) + " is not in the order of expiries");
  }

  void check_log(const Table& table) {
    const auto shards = shards_of(snapshot_, table.id);
    std::set<ShardNumber> open;
    std::unordered_map<std::uint64_t, std::uint64_t> shown;  // Hashes: of an item's key, of its bytes after its change.
    std::string stream;
    for (const auto& shard : shards) {
      if (!shard.last) open.insert(shard.number);
      if (shard.stream != stream) shown.clear();
      stream = shard.stream;
      check_changes(table, shard, shown);
    }
    const auto expected = table.log ? table.log->shards : std::vector<ShardNumber>();
    if (open != std::set<ShardNumber>(expected.begin(), expected.end())) {
      tell(name_of(table) + ": " + std::to_string(open.size()) + " shards are open where its log has " +
           std::to_string(expected.size()));
    }
    if (table.log && table.log->shards.size() != table.partitions.size()) {
      tell(name_of(table) + ": its log has " + std::to_string(expected.size()) + " open shards where it has " +
           std::to_string(table.partitions.size()) + " partitions");
    }
    if (table.stream_view && stream == table.stream_label) check_latest(table, shown);
  }

  void check_changes(const Table& table, const Shard& shard, std::unordered_map<std::uint64_t, std::uint64_t>& shown) {
    const auto where = name_of(table) + ", shard " + std::to_string(shard.number);
    ChangeReader reader(snapshot_, shard, 0);
    while (reader.next()) {
      count(seen_.changes);
      const auto record = reader.record();
      const bool is_its = record.sequence >= shard.first && record.sequence >= shard.trimmed_to &&
                          (!shard.last || record.sequence <= *shard.last);
      if (!is_its) tell(where + ": the record " + std::to_string(record.sequence) + " is none of the shard's");
      const auto& either = record.after ? record.after : record.before;
      const auto is_good = [&table](const std::optional<StoredItem>& item) {
        return !item || (is_well_formed_item(item->item.bytes()) && has_key(table, item->item));
      };
      if (!either || !is_good(record.before) || !is_good(record.after)) {
        tell(where + ": the record " + std::to_string(record.sequence) + " cannot be read");
        continue;
      }
      if (shard.stream.empty()) continue;  // It may have been off for a while between two shards.
      const auto known = shown.find(hash(item_key(table, either->item)));
      if (known != shown.end() && known->second != hash(record.before)) {
        tell(where + ": of the item " + key_text(table, either->item) + " a change before the record " +
             std::to_string(record.sequence) + " is missing");
      }
      shown[hash(item_key(table, either->item))] = hash(record.after);
    }
  }

  void check_latest(const Table& table, const std::unordered_map<std::uint64_t, std::uint64_t>& shown) {
    auto left = shown;
    const auto range = range_of(space_prefix(table.id));
    const auto cursor = snapshot_.cursor();
    for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
      const auto last = left.extract(hash(cursor->key()));
      if (last.empty() || !is_readable(cursor->value())) continue;
      const auto record = read_record(cursor->value());
      if (last.mapped() == hash(std::optional(record))) continue;
      tell(name_of(table) + ": of the item " + key_text(table, record.item) +
           " the stream does not have the last change");
    }
    for (const auto& [key, item] : left) {
      if (item != hash(std::optional<StoredItem>())) {
        tell(name_of(table) + ": the stream does not have the deletion of an item");
      }
    }
  }

  static std::uint64_t hash(std::string_view bytes) { return ring_position(bytes); }
  static std::uint64_t hash(const std::optional<StoredItem>& item) {
    return item ? hash(item->item.bytes()) : hash(std::string_view());
  }

  // Nothing is kept under the number of a space that there is none of. A table's changes outlive it for a while.
  void check_spaces(const std::vector<TablePtr>& tables) {
    std::set<SpaceId> alive;
    for (const auto& table : tables) {
      alive.insert(table->id);
      for (const auto& index : table->indexes) alive.insert(index.id);
    }
    for (const auto& [space, work] : jobs_) alive.insert(space);
    for (const auto& kind : kinds_of_space_keys()) {
      const auto range = range_of(kind.prefix);
      const auto cursor = snapshot_.cursor();
      for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key());) {
        const auto space = space_of(cursor->key());
        const bool is_wanted = alive.count(space) != 0 || (kind.outlive_table && !shards_of(snapshot_, space).empty());
        if (!is_wanted) {
          tell("there are " + std::string(kind.name) + " of the space " + std::to_string(space) +
               ", which no table or index has");
        }
        const auto next = after_prefix(std::string(kind.prefix) +
                                       std::string(cursor->key().substr(kind.prefix.size(), sizeof(SpaceId))));
        more = cursor->seek(next);
      }
    }
  }

  const kv::Snapshot& snapshot_;
  const Milliseconds now_;
  const std::function<void(const std::string&)>& problem_;
  const std::function<void(const Consistency&)>& progress_;
  std::unordered_map<SpaceId, SpaceWork> jobs_;
  Consistency seen_;
};

}  // namespace

Consistency check_consistency(const kv::Snapshot& snapshot, const std::vector<TablePtr>& tables, Milliseconds now,
                              const std::function<void(const std::string&)>& problem,
                              const std::function<void(const Consistency&)>& progress) {
  return Check(snapshot, now, problem, progress).run(tables);
}

}  // namespace shoal

#include "storage/space_job.h"

#include <string>

#include "storage/items.h"
#include "storage/range.h"

namespace shoal {
namespace {

// A record's value is its work, for a backfill followed by the key of the last item that it has seen.
std::string record_of(SpaceWork work, std::string_view position = {}) {
  std::string record{static_cast<char>(work)};
  return record.append(position);
}

// The first keys of the range, as many as one step may touch.
std::vector<std::string> some_keys(const kv::Snapshot& snapshot, const KeyRange& range) {
  std::vector<std::string> keys;
  std::size_t bytes = 0;
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    bytes += cursor->key().size() + cursor->value().size();
    keys.emplace_back(cursor->key());
    if (keys.size() == kStepKeysMax || bytes >= kStepBytesMax) break;
  }
  return keys;
}

ItemBatch next_items(const kv::Snapshot& snapshot, const Table& table, std::string_view position) {
  ItemBatch batch;
  RangeReader reader(snapshot, range_of(space_prefix(table.id)), Direction::forward);
  if (!position.empty()) reader.start_after(position);
  std::size_t bytes = 0;
  while (reader.next()) {
    const auto record = reader.record();
    batch.items.emplace_back(record.item);
    bytes += record.item.bytes().size();
    if (batch.items.size() < kStepKeysMax && bytes < kStepBytesMax) continue;
    batch.last_key = reader.key();
    batch.reached_end = false;
    break;
  }
  return batch;
}

}  // namespace

std::vector<SpaceJob> space_jobs(const kv::Snapshot& snapshot) {
  std::vector<SpaceJob> jobs;
  const auto range = range_of(job_prefix());
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    jobs.push_back({space_of(cursor->key()), static_cast<SpaceWork>(cursor->value().at(0))});
  }
  return jobs;
}

void leave_emptying(kv::Transaction& transaction, SpaceId space) {
  transaction.put(job_key(space), record_of(SpaceWork::emptying));
}

void leave_wiping(kv::Transaction& transaction, SpaceId space) {
  transaction.put(job_key(space), record_of(SpaceWork::wiping));
}

void leave_backfill(kv::Transaction& transaction, SpaceId index) {
  transaction.put(job_key(index), record_of(SpaceWork::backfill));
}

void leave_expiries(kv::Transaction& transaction, SpaceId table) {
  transaction.put(job_key(table), record_of(SpaceWork::expiries));
}

void leave_forgetting(kv::Transaction& transaction, SpaceId table) {
  transaction.put(job_key(table), record_of(SpaceWork::forgetting));
}

bool erase_some(kv::Transaction& transaction, const KeyRange& range) {
  const auto keys = some_keys(transaction, range);
  for (const auto& key : keys) transaction.erase(key);
  return !keys.empty();
}

bool empty_some(kv::Transaction& transaction, SpaceId space) {
  if (erase_some(transaction, range_of(space_prefix(space)))) return false;
  if (erase_some(transaction, range_of(collection_key(space, {})))) return false;
  if (erase_some(transaction, range_of(expiries_prefix(space)))) return false;
  transaction.erase(counter_key(space, Counter::items));
  transaction.erase(counter_key(space, Counter::bytes));
  transaction.erase(job_key(space));
  return true;
}

bool wipe_some(kv::Transaction& transaction, SpaceId table) {
  if (erase_some(transaction, range_of(changes_prefix(table)))) return false;
  if (erase_some(transaction, range_of(shards_prefix(table)))) return false;
  if (erase_some(transaction, range_of(positions_prefix(table)))) return false;
  return empty_some(transaction, table);
}

bool forget_some(kv::Transaction& transaction, SpaceId table) {
  if (erase_some(transaction, range_of(expiries_prefix(table)))) return false;
  transaction.erase(job_key(table));
  return true;
}

ItemBatch next_batch(const kv::Snapshot& snapshot, const Table& table, SpaceId space) {
  const auto record = snapshot.get(job_key(space));
  const std::string position(record && !record->empty() ? record->substr(1) : std::string_view());
  return next_items(snapshot, table, position);
}

void keep_position(kv::Transaction& transaction, SpaceId space, SpaceWork work, const ItemBatch& batch) {
  if (batch.reached_end) {
    transaction.erase(job_key(space));
  } else {
    transaction.put(job_key(space), record_of(work, batch.last_key));
  }
}

bool backfill_some(kv::Transaction& transaction, const Table& table, const Index& index) {
  const auto batch = next_batch(transaction, table, index.id);
  for (const auto& item : batch.items) put_index_entry(transaction, table, index, item.view());
  keep_position(transaction, index.id, SpaceWork::backfill, batch);
  return batch.reached_end;
}

}  // namespace shoal

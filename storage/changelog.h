// The change log of a table: one record for each change of an item, appended in the change's own transaction. It is
// kept while somebody reads it, and its records for as long as the longest reader may ask for them.
//
// Who reads it: clients, while a stream is on; and Shoal's own readers, each from start_reader() to end_reader()
// (log_positions.h). A shard belongs to the stream that was on while it was open, or to none.
//
// The log is cut into shards: one is open for each partition of the table, and takes the changes of that partition's
// items. A shard is closed, and followed by children that name it as their parent, when its partition splits and when
// it has grown old. So the changes of one item are in order within a shard, and from parent to child.
//
//   enable_stream(transaction, table, StreamView::new_image, now);   // then catalog.put()
//   ...writes...
//   ChangeReader reader(snapshot, shard, 0);
//   while (reader.next()) use(reader.record());
//
// A sequence number is the change's time in milliseconds << 16, or one more than its predecessor's when that is
// greater: increasing in a shard whatever the clock does, drawn without a counter, and a moment can be sought for in
// the log. Times of records are never later than those of their sequence numbers.
//
// A record, as it is kept (numbers little-endian); of an item's bytes before, those at both ends that are also there
// after are left out, for most updates change little of an item:
//
//   cause:1  epoch milliseconds:8  length of the item before:4 (0: there was none)
//   its size as DynamoDB counts:4  bytes left out in front:4  at the back:4  the bytes between    when there was one
//   size of the item after:4  its bytes                                                           when there is one
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/catalog.h"
#include "storage/items.h"
#include "storage/kv/kv.h"

namespace shoal {

using Milliseconds = std::chrono::milliseconds;

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
inline constexpr Milliseconds kStreamRetention = std::chrono::hours(24);

// To be called for a table with a log only, and for a change that changes something.
void append_change(kv::Transaction& transaction, const Table& table, std::string_view item_key, Cause cause,
                   Milliseconds now, const Applied& applied);

// Read in place: valid as long as the reader stays where it is.
struct ChangeRecord {
  Sequence sequence;
  Milliseconds at;
  Cause cause;
  std::optional<StoredItem> before, after;
};

struct Shard {
  SpaceId space = 0;
  ShardNumber number = 0;
  ShardNumber parent = 0;  // Of the same stream; 0: none.
  Milliseconds parent_opened{};
  std::string stream;       // The label of the stream that it belongs to; empty: none.
  Sequence first = 0;       // No record has a lesser one.
  Sequence trimmed_to = 0;  // The records before it are gone; 0: none are.
  Milliseconds opened{};
  // Of a closed one.
  std::optional<Sequence> last;  // Of its last record; `first` when it never had any.
  Milliseconds closed{};
};
std::optional<Shard> find_shard(const kv::Snapshot& snapshot, SpaceId space, ShardNumber number);
// The shards of one stream, parents first, from the first one after `after`.
std::vector<Shard> shards_of(const kv::Snapshot& snapshot, SpaceId space, std::string_view stream,
                             ShardNumber after = 0);
std::vector<Shard> shards_of(const kv::Snapshot& snapshot, SpaceId space);  // Of all streams, and of none.
// Whether it was closed before the horizon, so that all its records were made before it.
bool is_over(const Shard& shard, Milliseconds horizon);
// Whether a record from `from` on is gone, or was made before the horizon and so will be gone any moment.
bool is_trimmed(const kv::Snapshot& snapshot, const Shard& shard, Sequence from, Milliseconds horizon);
// The sequence number that the next record of an open shard would have at the least.
Sequence next_sequence(const kv::Snapshot& snapshot, const Shard& shard);
// No record of that time or later has a lesser one.
Sequence first_sequence_at(Milliseconds time);

class ChangeReader {
 public:
  // From the first record whose sequence number is not less than `from`.
  ChangeReader(const kv::Snapshot& snapshot, const Shard& shard, Sequence from);
  bool next();  // False at the end of what there is.
  ChangeRecord record();

 private:
  std::unique_ptr<kv::Cursor> cursor_;
  std::string before_;  // The item before, put together.
  std::string begin_, end_;
  bool started_ = false;
};

// What a stream shows of a log, from one moment on to another. It can be read for a while after it is disabled.
struct Stream {
  std::string account, region, table;
  std::string label;  // 2026-11-23T01:08:49.107
  SpaceId space = 0;
  StreamView view = StreamView::keys_only;
  KeySchema key;
  Milliseconds created{};
  Milliseconds disabled{};  // 0: it is enabled.
  std::string arn() const;
};
std::string stream_arn(const Table& table);  // Of its latest stream.
std::string_view view_name(StreamView view);
std::optional<StreamView> view_named(std::string_view name);

// Nothing also when it was disabled so long ago that its last record has been trimmed.
std::optional<Stream> find_stream(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                  std::string_view table, std::string_view label, Milliseconds now);
// In order of table (of all, when `table` is empty) and label, after the one that these two name.
std::vector<Stream> list_streams(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                 std::string_view table, std::string_view after_table, std::string_view after_label,
                                 std::size_t count_max, Milliseconds now);

// Of a stream, by the key that it is kept under: the space of its table.
SpaceId space_of_stream(const kv::Snapshot& snapshot, std::string_view stream_key);

// These change the definition, which the caller puts into the catalog in the same transaction.
void enable_stream(kv::Transaction& transaction, Table& table, StreamView view, Milliseconds now);
void disable_stream(kv::Transaction& transaction, Table& table, Milliseconds now);
// From now on, the reader is to have every change of the table.
void start_reader(kv::Transaction& transaction, Table& table, std::string_view reader, Milliseconds now);
// It is to have what there is, and no more.
void end_reader(kv::Transaction& transaction, Table& table, std::string_view reader, Milliseconds now);
// It is to have nothing more.
void drop_reader(kv::Transaction& transaction, Table& table, std::string_view reader, Milliseconds now);
// Before a table is erased: disables its stream, and drops every reader.
void close_log(kv::Transaction& transaction, Table& table, Milliseconds now);
// Closes the open shards that are as old as `age` and opens a child of each; whether there was any.
bool roll_over_shards(kv::Transaction& transaction, Table& table, Milliseconds age, Milliseconds now);
// Splits a partition in two, and its open shard; whether it could be split.
bool split_partition(kv::Transaction& transaction, Table& table, std::size_t partition, Milliseconds now);

// When the next open shard of the table will be `age` old.
std::optional<Milliseconds> next_roll_over(const kv::Snapshot& snapshot, const Table& table, Milliseconds age);

// Erases records of before `horizon`, and those of no stream that every reader has dealt with, a bounded number of
// them; and what is left of shards and streams that ended before it. True when it found anything to erase.
bool trim_some(kv::Transaction& transaction, Milliseconds horizon);
// Whether trim_some would find anything. Cheaper: it needs no transaction.
bool has_trimmable(const kv::Snapshot& snapshot, Milliseconds horizon);
// Whether there is any shard at all: something will have to be trimmed one day.
bool has_shards(const kv::Snapshot& snapshot);

}  // namespace shoal

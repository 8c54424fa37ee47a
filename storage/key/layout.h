// Where everything is kept: the only place, with key_part.h, that knows the bytes of keys.
//
//   items        0x10 <id:4> <ring:8> <partition key parts> <sort key parts>
//   index        the same with the index's id; then the table's key parts, since index keys repeat
//   catalog      0x01 <account> 0x00 <region> 0x00 <table name>
//   generation   0x02 <id:4>       counter of changes of a table's definition: every write checks it
//   counters     0x03 <id:4> <c:1> c: 0 item count, 1 bytes
//   sequences    0x04 <name>       next space id
//   jobs         0x05 <id:4>       spaces of deleted tables and indexes that are still to be emptied
//   tokens       0x06 <account> 0x00 <region> 0x00 <token>    idempotency tokens of transactions
//   token ends   0x09 <epoch ms:8> <key of the token>         in order of their expiry
//   change log   0x07 <id:4> <shard:4> <sequence:8>   of a table; a shard is one partition's for a time
//   shards       0x0a <id:4> <shard:4>
//   streams      0x0b <account> 0x00 <region> 0x00 <table name> 0x00 <label>
//   expiries     0x0c <id:4> <epoch seconds:8> <item key after its id>   in order, of tables with a time to live
//   positions    0x0d <id:4> <shard:4> <reader>   of Shoal's own readers of change logs
//   mappings     0x0e <account> 0x00 <region> 0x00 <UUID>   of streams to functions: triggers
//   progress     0x0f <UUID:36> <shard:4>        how far a mapping has got in a shard of its stream
//   snapshots    0x1d <name>        } of everything, to go back to (rewind.h)
//   undo         0x1e <number:8>    }
//   collections  0x08 <id:4> <partition key parts>   counter of bytes, of tables with a local index only
//
// <id> is a big-endian space id: tables and indexes draw theirs from one sequence and never reuse one, so what is left
// of a deleted table cannot be seen through a new table of its name. <ring> is the 64-bit hash of the partition key's
// parts (XXH3), big-endian: scan order is ring order, a partition is a range of it, a segment an equal cut of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace shoal {

using SpaceId = std::uint32_t;
using ShardNumber = std::uint32_t;  // of a table's change log, from 1
using Sequence = std::uint64_t;     // of a record in its shard

// Position on the ring of a partition key, given its parts.
std::uint64_t ring_position(std::string_view partition_parts);

// The kinds of keys above that begin with <id>, and of which the id can be read back.
struct SpaceKeys {
  std::string_view prefix;
  std::string_view name;       // "items", in words.
  bool outlive_table = false;  // For a while: the changes of a table that was deleted can still be read.
};
std::span<const SpaceKeys> kinds_of_space_keys();
SpaceId space_of(std::string_view key);

std::string space_prefix(SpaceId id);                     // all items or entries
std::string ring_prefix(SpaceId id, std::uint64_t ring);  // of one place on the ring, and where a segment begins
// Start of everything with this partition key; followed by the sort key's parts, if any.
std::string partition_prefix(SpaceId id, std::string_view partition_parts);
// The ring position in a key that one of the above begins.
std::uint64_t ring_of(std::string_view key);

std::string catalog_key(std::string_view account, std::string_view region, std::string_view table);
std::string catalog_prefix();
std::string generation_key(SpaceId id);
enum class Counter : char { items = 0, bytes = 1 };
std::string counter_key(SpaceId id, Counter counter);
std::string collection_key(SpaceId id, std::string_view partition_parts);
std::string sequence_key(std::string_view name);
std::string token_key(std::string_view account, std::string_view region, std::string_view token);
std::string tokens_prefix();  // of all accounts
std::string token_end_key(std::uint64_t epoch_ms, std::string_view token_key);
std::string token_end_prefix();
std::string_view token_of_end(std::string_view token_end_key);
std::string job_key(SpaceId id);
std::string job_prefix();

std::string change_key(SpaceId id, ShardNumber shard, Sequence sequence);
std::string changes_prefix(SpaceId id);  // of all shards
Sequence sequence_of_change(std::string_view change_key);
std::string shard_key(SpaceId id, ShardNumber shard);
std::string shards_prefix();            // of all tables
std::string shards_prefix(SpaceId id);  // of one
ShardNumber number_of_shard(std::string_view shard_key);
std::string stream_key(std::string_view account, std::string_view region, std::string_view table,
                       std::string_view label);
// All streams of an account in a region; of one table, with a `table`.
std::string streams_prefix(std::string_view account, std::string_view region, std::string_view table = {});
std::string streams_prefix();

std::string position_key(SpaceId id, ShardNumber shard, std::string_view reader);
std::string positions_prefix(SpaceId id);
ShardNumber shard_of_position(std::string_view position_key);
std::string_view reader_of_position(std::string_view position_key);

std::string mapping_key(std::string_view account, std::string_view region, std::string_view uuid);
std::string mappings_prefix(std::string_view account, std::string_view region);
std::string mappings_prefix();  // of all accounts
std::string progress_key(std::string_view uuid, ShardNumber shard);
std::string progress_prefix(std::string_view uuid);
ShardNumber shard_of_progress(std::string_view progress_key);

std::string mark_key(std::string_view snapshot);
std::string undo_key(std::uint64_t number);
std::string undo_prefix();
std::uint64_t number_of_undo(std::string_view undo_key);

std::string expiry_key(SpaceId id, std::uint64_t epoch_seconds, std::string_view item_key);
std::string expiries_prefix(SpaceId id);
std::uint64_t seconds_of_expiry(std::string_view expiry_key);
std::string item_key_of_expiry(std::string_view expiry_key);

}  // namespace shoal

#include "storage/key/layout.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace shoal {
namespace {

constexpr char kItems = 0x10;
constexpr char kCatalog = 0x01;
constexpr char kGeneration = 0x02;
constexpr char kCounters = 0x03;
constexpr char kSequences = 0x04;
constexpr char kJobs = 0x05;
constexpr char kTokens = 0x06;
constexpr char kChanges = 0x07;
constexpr char kCollections = 0x08;
constexpr char kTokenEnds = 0x09;
constexpr char kShards = 0x0a;
constexpr char kStreams = 0x0b;
constexpr char kExpiries = 0x0c;
constexpr char kPositions = 0x0d;
constexpr char kMappings = 0x0e;
constexpr char kProgress = 0x0f;
constexpr char kMarks = 0x1d;
constexpr char kUndo = 0x1e;

constexpr std::size_t kIdOffset = 1;
constexpr std::size_t kRingOffset = kIdOffset + sizeof(SpaceId);

template <class Integer>
void append_big_endian(std::string& out, Integer value) {
  for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

template <class Integer>
Integer read_big_endian(std::string_view bytes) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string key_with_id(char kind, SpaceId id, std::size_t bytes_to_come = 0) {
  std::string key;
  key.reserve(kRingOffset + bytes_to_come);
  key.push_back(kind);
  append_big_endian(key, id);
  return key;
}

std::string named_key(char kind, std::string_view account, std::string_view region, std::string_view name) {
  std::string key(1, kind);
  key.append(account).push_back('\0');
  key.append(region).push_back('\0');
  key.append(name);
  return key;
}

}  // namespace

std::uint64_t ring_position(std::string_view partition_parts) {
  return XXH3_64bits(partition_parts.data(), partition_parts.size());
}

std::span<const SpaceKeys> kinds_of_space_keys() {
  static constexpr SpaceKeys kKinds[] = {
      {{&kItems, 1}, "items"},         {{&kGeneration, 1}, "generations"}, {{&kCounters, 1}, "counters"},
      {{&kJobs, 1}, "jobs"},           {{&kChanges, 1}, "changes", true},  {{&kCollections, 1}, "sizes of collections"},
      {{&kShards, 1}, "shards", true}, {{&kExpiries, 1}, "expiries"},      {{&kPositions, 1}, "positions of readers"},
  };
  return kKinds;
}

SpaceId space_of(std::string_view key) { return read_big_endian<SpaceId>(key.substr(kIdOffset)); }

std::string space_prefix(SpaceId id) { return key_with_id(kItems, id); }

std::string ring_prefix(SpaceId id, std::uint64_t ring) {
  auto key = key_with_id(kItems, id, sizeof ring);
  append_big_endian(key, ring);
  return key;
}

std::string partition_prefix(SpaceId id, std::string_view partition_parts) {
  const auto ring = ring_position(partition_parts);
  auto key = key_with_id(kItems, id, sizeof ring + partition_parts.size());
  append_big_endian(key, ring);
  key.append(partition_parts);
  return key;
}

std::uint64_t ring_of(std::string_view key) { return read_big_endian<std::uint64_t>(key.substr(kRingOffset)); }

std::string catalog_key(std::string_view account, std::string_view region, std::string_view table) {
  return named_key(kCatalog, account, region, table);
}

std::string catalog_prefix() { return {kCatalog}; }

std::string generation_key(SpaceId id) { return key_with_id(kGeneration, id); }

std::string counter_key(SpaceId id, Counter counter) {
  auto key = key_with_id(kCounters, id, 1);
  key.push_back(static_cast<char>(counter));
  return key;
}

std::string collection_key(SpaceId id, std::string_view partition_parts) {
  auto key = key_with_id(kCollections, id, partition_parts.size());
  key.append(partition_parts);
  return key;
}

std::string sequence_key(std::string_view name) { return std::string{kSequences}.append(name); }

std::string token_key(std::string_view account, std::string_view region, std::string_view token) {
  return named_key(kTokens, account, region, token);
}

std::string tokens_prefix() { return {kTokens}; }

std::string token_end_key(std::uint64_t epoch_ms, std::string_view token_key) {
  auto key = token_end_prefix();
  append_big_endian(key, epoch_ms);
  key.append(token_key);
  return key;
}

std::string token_end_prefix() { return {kTokenEnds}; }

std::string_view token_of_end(std::string_view token_end_key) {
  return token_end_key.substr(1 + sizeof(std::uint64_t));
}

std::string job_key(SpaceId id) { return key_with_id(kJobs, id); }

std::string job_prefix() { return {kJobs}; }

std::string change_key(SpaceId id, ShardNumber shard, Sequence sequence) {
  auto key = key_with_id(kChanges, id, sizeof shard + sizeof sequence);
  append_big_endian(key, shard);
  append_big_endian(key, sequence);
  return key;
}

std::string changes_prefix(SpaceId id) { return key_with_id(kChanges, id); }

Sequence sequence_of_change(std::string_view change_key) {
  return read_big_endian<Sequence>(change_key.substr(kRingOffset + sizeof(ShardNumber)));
}

std::string shard_key(SpaceId id, ShardNumber shard) {
  auto key = key_with_id(kShards, id, sizeof shard);
  append_big_endian(key, shard);
  return key;
}

std::string shards_prefix() { return {kShards}; }

std::string shards_prefix(SpaceId id) { return key_with_id(kShards, id); }

ShardNumber number_of_shard(std::string_view shard_key) {
  return read_big_endian<ShardNumber>(shard_key.substr(kRingOffset));
}

std::string stream_key(std::string_view account, std::string_view region, std::string_view table,
                       std::string_view label) {
  return named_key(kStreams, account, region, table).append(1, '\0').append(label);
}

std::string streams_prefix(std::string_view account, std::string_view region, std::string_view table) {
  return table.empty() ? named_key(kStreams, account, region, {}) : stream_key(account, region, table, {});
}

std::string streams_prefix() { return {kStreams}; }

std::string position_key(SpaceId id, ShardNumber shard, std::string_view reader) {
  auto key = key_with_id(kPositions, id, sizeof shard + reader.size());
  append_big_endian(key, shard);
  return key.append(reader);
}

std::string positions_prefix(SpaceId id) { return key_with_id(kPositions, id); }

ShardNumber shard_of_position(std::string_view position_key) {
  return read_big_endian<ShardNumber>(position_key.substr(kRingOffset));
}

std::string_view reader_of_position(std::string_view position_key) {
  return position_key.substr(kRingOffset + sizeof(ShardNumber));
}

std::string mapping_key(std::string_view account, std::string_view region, std::string_view uuid) {
  return named_key(kMappings, account, region, uuid);
}

std::string mappings_prefix(std::string_view account, std::string_view region) {
  return named_key(kMappings, account, region, {});
}

std::string mappings_prefix() { return {kMappings}; }

std::string progress_key(std::string_view uuid, ShardNumber shard) {
  auto key = progress_prefix(uuid);
  append_big_endian(key, shard);
  return key;
}

std::string progress_prefix(std::string_view uuid) { return std::string(1, kProgress).append(uuid); }

ShardNumber shard_of_progress(std::string_view progress_key) {
  return read_big_endian<ShardNumber>(progress_key.substr(progress_key.size() - sizeof(ShardNumber)));
}

std::string mark_key(std::string_view snapshot) { return std::string(1, kMarks).append(snapshot); }

std::string undo_prefix() { return {kUndo}; }

std::string undo_key(std::uint64_t number) {
  auto key = undo_prefix();
  append_big_endian(key, number);
  return key;
}

std::uint64_t number_of_undo(std::string_view undo_key) { return read_big_endian<std::uint64_t>(undo_key.substr(1)); }

std::string expiry_key(SpaceId id, std::uint64_t epoch_seconds, std::string_view item_key) {
  const auto rest = item_key.substr(kRingOffset);
  auto key = key_with_id(kExpiries, id, sizeof epoch_seconds + rest.size());
  append_big_endian(key, epoch_seconds);
  return key.append(rest);
}

std::string expiries_prefix(SpaceId id) { return key_with_id(kExpiries, id); }

std::uint64_t seconds_of_expiry(std::string_view expiry_key) {
  return read_big_endian<std::uint64_t>(expiry_key.substr(kRingOffset));
}

std::string item_key_of_expiry(std::string_view expiry_key) {
  return space_prefix(space_of(expiry_key)).append(expiry_key.substr(kRingOffset + sizeof(std::uint64_t)));
}

}  // namespace shoal

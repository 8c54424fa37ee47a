// Event source mappings as they are kept, and how far each has got in the shards of its stream. The store is the truth:
// nothing of them is cached.
//
//   put_mapping(transaction, mapping);                      // new or changed
//   start_progress(transaction, mapping, stream);           // of a new one: where in the stream it begins
//   for (auto& [shard, progress] : progress_of(snapshot, mapping.uuid)) ...
//
// A shard that nothing is kept of has not been begun: it is read from its first record.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/triggers/mapping.h"
#include "storage/changelog.h"
#include "storage/kv/kv.h"

namespace shoal {

std::optional<Mapping> find_mapping(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                    std::string_view uuid);
// In order of UUID.
std::vector<Mapping> mappings_in(const kv::Snapshot& snapshot, std::string_view account, std::string_view region);
std::vector<Mapping> all_mappings(const kv::Snapshot& snapshot);

void put_mapping(kv::Transaction& transaction, const Mapping& mapping);
// With its progress.
void erase_mapping(kv::Transaction& transaction, const Mapping& mapping);

// A tumbling window that is open: the changes of a stretch of time, and what the function has made of them so far.
struct OpenWindow {
  Milliseconds start{}, end{};
  std::string state = "{}";  // JSON
  bool ends_early = false;   // Its state has become too large.
  friend bool operator==(const OpenWindow&, const OpenWindow&) = default;
};

struct ShardProgress {
  // Of each lane that the shard's changes are divided among, the first change that it has not dealt with.
  std::vector<Sequence> lanes;
  bool done = false;  // All of the shard is dealt with, and nothing will follow.
  std::optional<OpenWindow> window;
  Milliseconds windows_closed_to{};  // Windows before that have had their end.
  friend bool operator==(const ShardProgress&, const ShardProgress&) = default;
};

void put_progress(kv::Transaction& transaction, std::string_view uuid, ShardNumber shard,
                  const ShardProgress& progress);
void erase_progress(kv::Transaction& transaction, std::string_view uuid, ShardNumber shard);
std::map<ShardNumber, ShardProgress> progress_of(const kv::Snapshot& snapshot, std::string_view uuid);

// A mapping that begins at the horizon needs none; one that begins at the stream's end leaves out what there is.
void start_progress(kv::Transaction& transaction, const Mapping& mapping, const Stream& stream);

}  // namespace shoal

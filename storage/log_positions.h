// How far the readers of change logs have got that are Shoal's own (what delivers changes elsewhere), as opposed to
// clients of streams, who keep their positions themselves. A position is kept for each shard that its reader has not
// done with; so the positions of a reader are its work to do, and a shard's are who still needs its records.
//
//   for (const auto& position : positions_of(snapshot, table.id, "kinesis ..."))
//     if (is_ready(snapshot, position)) ...read the shard from position.next on...
//   move_position(transaction, position, 17);     // all before 17 is dealt with
//   leave_shard(transaction, position);           // all of it is
//
// Readers start and end by changelog.h, which also hands their positions on from shards to their children.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/key/layout.h"
#include "storage/kv/kv.h"

namespace shoal {

struct LogPosition {
  SpaceId space = 0;
  ShardNumber shard = 0;
  std::string reader;           // Any name.
  Sequence next = 0;            // The first record that it has not dealt with.
  std::optional<Sequence> end;  // It is not to have this one, nor any after it.
  ShardNumber after = 0;        // The shard that it has to be done with before this one; 0: none.
};

std::vector<LogPosition> positions_of(const kv::Snapshot& snapshot, SpaceId space, std::string_view reader);
std::vector<LogPosition> positions_of(const kv::Snapshot& snapshot, SpaceId space);  // Of all readers.
std::vector<LogPosition> positions_in(const kv::Snapshot& snapshot, SpaceId space, ShardNumber shard);

// Whether the reader is done with the shard that comes before this one.
bool is_ready(const kv::Snapshot& snapshot, const LogPosition& position);

void put_position(kv::Transaction& transaction, const LogPosition& position);

// Of the position as it stands in the transaction; nothing happens when it is not there any more, or further already.
void move_position(kv::Transaction& transaction, const LogPosition& position, Sequence next);
void leave_shard(kv::Transaction& transaction, const LogPosition& position);

}  // namespace shoal

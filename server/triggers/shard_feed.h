// The changes of one shard of a stream on their way to one mapping's function: read from the log, filtered, and divided
// among lanes, one for each call that may be under way at once. The changes of an item are all in one lane.
//
//   ShardFeed feed(shard, progress);
//   feed.read(snapshot, stream, filter, mapping, now);
//   for (auto& lane : feed.lanes()) ...lane.next(...)...
//   put_progress(transaction, mapping.uuid, shard.number, feed.progress());
//
// Progress tells of each lane how far it has got, so that nothing is repeated that another lane was slower with. When
// the number of lanes changes, all of them first come to the same place.
#pragma once

#include <vector>

#include "server/triggers/event_filter.h"
#include "server/triggers/lane.h"
#include "server/triggers/mapping_store.h"
#include "storage/changelog.h"

namespace shoal {

class ShardFeed {
 public:
  // `progress` is what was kept of it, if anything was.
  ShardFeed(const Shard& shard, const ShardProgress& progress);

  // Until `bytes_max` are held, and some records at the most; true when there may be more to read at once.
  bool read(const kv::Snapshot& snapshot, const Stream& stream, EventFilter& filter, const Mapping& mapping,
            Milliseconds now, std::size_t bytes_max);
  std::size_t held_bytes() const;

  const Shard& shard() const { return shard_; }  // As it was when this began.
  std::vector<Lane>& lanes() { return lanes_; }
  // Nothing will be read any more: the shard is closed, and was read to its end.
  bool is_ended() const { return ended_; }
  bool is_done() const { return ended_ && all_idle(); }
  bool is_busy() const;
  ShardProgress progress() const;

 private:
  bool all_idle() const;
  bool has_room(const Mapping& mapping, std::size_t bytes_max) const;
  void suit_lanes(const Mapping& mapping);
  void take(const ChangeRecord& change, const Shard& shard, const Stream& stream, EventFilter& filter,
            Milliseconds now);
  void note_lost(const Shard& shard, const Mapping& mapping);

  Shard shard_;
  Sequence read_to_ = 0;            // The first record that has not been read.
  std::vector<Lane> lanes_;         // Never none.
  std::vector<Sequence> taken_to_;  // Of each lane, what it had done with when this began.
  Sequence even_from_ = 0;          // From here on, no lane is ahead of another.
  bool ended_ = false;
};

}  // namespace shoal

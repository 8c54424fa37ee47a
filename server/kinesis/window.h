// The next changes of one shard of a table's log that are to be put to a Kinesis stream, copied out of the store, so
// that no snapshot is held while somebody else's network takes its time.
//
//   auto window = read_window(snapshot, view, position, false);
//   while (!window->is_delivered()) {
//     const auto wave = window->next_wave();          // records to put in one call
//     window->note(wave, endpoint.put_records(stream, records_of(wave)).taken);
//   }
//
// PutRecords may take a record and not the one before it. So a wave has one record of an item at the most, and the next
// one of the item goes when it has been taken: the changes of an item arrive in order, whatever fails. (An item that
// changes faster than calls return is delivered at the calls' pace.)
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "server/kinesis/record.h"
#include "storage/log_positions.h"

namespace shoal {

class Window {
 public:
  using Wave = std::vector<std::size_t>;  // Indexes of changes.

  Wave next_wave() const;
  std::vector<const KinesisRecord*> records_of(const Wave& wave) const;
  void note(const Wave& wave, const std::vector<bool>& taken);
  bool is_delivered() const { return taken_count_ == changes_.size(); }

  const LogPosition& position() const { return position_; }
  // Up to where everything has been delivered: the position to keep.
  Sequence delivered_to() const;
  // Once delivered: whether the shard has nothing after it, and never will.
  bool ends_shard() const { return ends_shard_; }
  // Whether there may be more to read at once.
  bool more_follows() const { return more_follows_ || ends_shard_; }

 private:
  friend std::optional<Window> read_window(const kv::Snapshot& snapshot, const Stream& view,
                                           const LogPosition& position, bool microseconds);
  struct Change {
    Sequence sequence;
    KinesisRecord record;
    bool taken = false;
  };
  LogPosition position_;
  std::vector<Change> changes_;
  std::size_t taken_count_ = 0;
  Sequence next_ = 0;
  bool ends_shard_ = false;
  bool more_follows_ = false;
};

// Nothing when there is nothing to deliver, nor an end to be noted. What is too large for Kinesis is left out, with a
// word in the log.
std::optional<Window> read_window(const kv::Snapshot& snapshot, const Stream& view, const LogPosition& position,
                                  bool microseconds);

}  // namespace shoal

// A stretch of a table's or index's space, read record by record in either direction: what Query and Scan walk.
//
//   RangeReader reader(snapshot, {begin, end}, Direction::forward);
//   while (reader.next()) use(reader.record());
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/items.h"
#include "storage/kv/kv.h"

namespace shoal {

// Keys from `begin` on, up to but without `end`.
struct KeyRange {
  std::string begin;
  std::string end;
  bool holds(std::string_view key) const { return key >= begin && key < end; }
};

// Everything that starts with `prefix`.
KeyRange range_of(std::string_view prefix);

// The cut of a space that segment `segment` of `total` scans: cuts of the ring, equal but for rounding.
KeyRange segment_of(SpaceId space, std::uint32_t segment, std::uint32_t total);

enum class Direction { forward, backward };

class RangeReader {
 public:
  RangeReader(const kv::Snapshot& snapshot, KeyRange range, Direction direction);

  // Goes on after (in the reader's direction) this key, which need not be there any more. Before the first next().
  void start_after(std::string_view key);

  // To the next record; false at the end.
  bool next();
  std::string_view key() const { return cursor_->key(); }
  StoredItem record() const { return read_record(cursor_->value()); }

 private:
  bool first();
  std::unique_ptr<kv::Cursor> cursor_;
  KeyRange range_;
  Direction direction_;
  bool started_ = false;
};

}  // namespace shoal

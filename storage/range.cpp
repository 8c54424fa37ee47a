#include "storage/range.h"

#include "storage/key/key_part.h"

namespace shoal {
namespace {

// Where segment `i` of `total` begins on the ring: i * 2^64 / total, rounded up.
std::uint64_t cut(std::uint32_t i, std::uint32_t total) {
  const auto numerator = static_cast<unsigned __int128>(i) << 64;
  return static_cast<std::uint64_t>((numerator + total - 1) / total);
}

}  // namespace

KeyRange range_of(std::string_view prefix) { return {std::string(prefix), after_prefix(prefix)}; }

KeyRange segment_of(SpaceId space, std::uint32_t segment, std::uint32_t total) {
  const auto whole = range_of(space_prefix(space));
  return {ring_prefix(space, cut(segment, total)),
          segment + 1 == total ? whole.end : ring_prefix(space, cut(segment + 1, total))};
}

RangeReader::RangeReader(const kv::Snapshot& snapshot, KeyRange range, Direction direction)
    : cursor_(snapshot.cursor()), range_(std::move(range)), direction_(direction) {}

void RangeReader::start_after(std::string_view key) {
  if (direction_ == Direction::backward) {
    if (key < range_.end) range_.end = key;
  } else if (key >= range_.begin) {
    range_.begin = key;
    range_.begin += '\0';  // The least key that is greater.
  }
}

bool RangeReader::first() {
  return direction_ == Direction::forward ? cursor_->seek(range_.begin) : cursor_->seek_before(range_.end);
}

bool RangeReader::next() {
  const bool found = !started_ ? first() : direction_ == Direction::forward ? cursor_->next() : cursor_->previous();
  started_ = true;
  return found && range_.holds(cursor_->key());
}

}  // namespace shoal

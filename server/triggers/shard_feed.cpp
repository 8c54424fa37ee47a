#include "server/triggers/shard_feed.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/operations/stream_record.h"
#include "storage/key/layout.h"

namespace shoal {
namespace {

constexpr std::size_t kRecordsAtOnce = 2'000;

// A window's state is the shard's: its calls come one after the other.
std::size_t lanes_wanted(const Mapping& mapping) {
  if (mapping.settings.tumbling_seconds > 0) return 1;
  return static_cast<std::size_t>(mapping.settings.parallelization);
}

std::size_t lane_of(const Stream& stream, const ChangeRecord& change, std::size_t lanes) {
  if (lanes == 1) return 0;
  std::string keys;
  append_keys(keys, stream, change);
  // Equal cuts, as of the ring.
  return (ring_position(keys) >> 32) * lanes >> 32;
}

}  // namespace

ShardFeed::ShardFeed(const Shard& shard, const ShardProgress& progress)
    : shard_(shard), taken_to_(progress.lanes), ended_(progress.done) {
  if (taken_to_.empty()) taken_to_.push_back(0);
  lanes_.resize(taken_to_.size());
  read_to_ = *std::min_element(taken_to_.begin(), taken_to_.end());
  even_from_ = *std::max_element(taken_to_.begin(), taken_to_.end());
  lanes_.front().restore_windows(progress.window, progress.windows_closed_to);
}

bool ShardFeed::all_idle() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.is_idle(); });
}

bool ShardFeed::is_busy() const {
  return std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.is_busy(); });
}

std::size_t ShardFeed::held_bytes() const {
  std::size_t bytes = 0;
  for (const auto& lane : lanes_) bytes += lane.held_bytes();
  return bytes;
}

// Enough for a batch of each lane, and as much again for those whose turn comes sooner than others'; one change always.
bool ShardFeed::has_room(const Mapping& mapping, std::size_t bytes_max) const {
  std::size_t count = 0;
  for (const auto& lane : lanes_) count += lane.waiting_count();
  const auto batch = static_cast<std::size_t>(mapping.settings.batch_size);
  const auto count_max = lanes_.size() == 1 ? batch : 2 * lanes_.size() * batch;
  return count == 0 || (count < count_max && held_bytes() < bytes_max);
}

void ShardFeed::suit_lanes(const Mapping& mapping) {
  const auto wanted = lanes_wanted(mapping);
  if (lanes_.size() == wanted || read_to_ < even_from_ || !all_idle()) return;
  const auto closed_to = lanes_.front().windows_closed_to();
  lanes_ = std::vector<Lane>(wanted);
  lanes_.front().restore_windows({}, closed_to);
  taken_to_.assign(wanted, read_to_);
}

bool ShardFeed::read(const kv::Snapshot& snapshot, const Stream& stream, EventFilter& filter, const Mapping& mapping,
                     Milliseconds now, std::size_t bytes_max) {
  if (ended_) return false;
  suit_lanes(mapping);
  const bool is_suited = lanes_.size() == lanes_wanted(mapping);
  if (!is_suited && read_to_ >= even_from_) return false;
  if (!has_room(mapping, bytes_max)) return false;
  const auto shard = find_shard(snapshot, shard_.space, shard_.number);
  if (!shard) {
    ended_ = true;
    return true;
  }
  const auto horizon = first_sequence_at(now - kStreamRetention);
  note_lost(*shard, mapping);
  ChangeReader reader(snapshot, *shard, std::max(read_to_, horizon));
  for (std::size_t count = 0; reader.next(); ++count) {
    const auto change = reader.record();
    if (count == kRecordsAtOnce) return true;
    if (!has_room(mapping, bytes_max)) return false;
    if (!is_suited && change.sequence >= even_from_) {
      read_to_ = even_from_;
      return false;
    }
    read_to_ = change.sequence + 1;
    if (change.at >= now - kStreamRetention) take(change, *shard, stream, filter, now);
  }
  if (!is_suited) read_to_ = std::max(read_to_, even_from_);
  ended_ = shard->last.has_value();
  return ended_;
}

void ShardFeed::take(const ChangeRecord& change, const Shard& shard, const Stream& stream, EventFilter& filter,
                     Milliseconds now) {
  const auto lane = lane_of(stream, change, lanes_.size());
  if (change.sequence < taken_to_[lane]) return;
  ChangeEvent event{change.sequence, change.at, now, {}};
  RecordWriter(stream, shard, RecordForm::lambda).append(event.json, change, record_size(stream, change));
  if (filter.matches(event.json)) lanes_[lane].add(std::move(event));
}

void ShardFeed::note_lost(const Shard& shard, const Mapping& mapping) {
  if (shard.trimmed_to <= read_to_ || read_to_ == 0) return;
  spdlog::error("changes of {} were not taken by function {} within a day and are gone", mapping.stream_arn,
                mapping.function);
  read_to_ = shard.trimmed_to;
}

ShardProgress ShardFeed::progress() const {
  ShardProgress progress;
  progress.done = is_done();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    progress.lanes.push_back(lanes_[i].first_unfinished().value_or(std::max(read_to_, taken_to_[i])));
  }
  progress.window = lanes_.front().window();
  progress.windows_closed_to = lanes_.front().windows_closed_to();
  return progress;
}

}  // namespace shoal

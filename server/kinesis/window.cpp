#include "server/kinesis/window.h"

#include <spdlog/spdlog.h>

#include <string_view>
#include <unordered_set>

namespace shoal {

Window::Wave Window::next_wave() const {
  Wave wave;
  std::size_t bytes = 0;
  std::unordered_set<std::string_view> items;
  for (std::size_t i = 0; i < changes_.size() && wave.size() < kPutRecordsMax; ++i) {
    const auto& [sequence, record, taken] = changes_[i];
    if (taken || !items.insert(record.partition_key).second) continue;
    bytes += record.bytes();
    if (!wave.empty() && bytes > kPutBytesMax) break;
    wave.push_back(i);
  }
  return wave;
}

std::vector<const KinesisRecord*> Window::records_of(const Wave& wave) const {
  std::vector<const KinesisRecord*> records;
  records.reserve(wave.size());
  for (const auto index : wave) records.push_back(&changes_[index].record);
  return records;
}

void Window::note(const Wave& wave, const std::vector<bool>& taken) {
  for (std::size_t i = 0; i < wave.size(); ++i) {
    if (!taken[i]) continue;
    changes_[wave[i]].taken = true;
    ++taken_count_;
  }
}

Sequence Window::delivered_to() const {
  for (const auto& change : changes_) {
    if (!change.taken) return change.sequence;
  }
  return next_;
}

std::optional<Window> read_window(const kv::Snapshot& snapshot, const Stream& view, const LogPosition& position,
                                  bool microseconds) {
  Window window;
  window.position_ = position;
  window.next_ = position.next;
  const auto shard = find_shard(snapshot, position.space, position.shard);
  if (!shard || shard->trimmed_to > position.next) {
    spdlog::error("changes of table {} were not delivered within a day and are gone: {}", view.table, position.reader);
  }
  if (!shard) {
    window.ends_shard_ = true;
    return window;
  }
  std::size_t bytes = 0;
  for (ChangeReader reader(snapshot, *shard, position.next); reader.next();) {
    const auto change = reader.record();
    if (position.end && change.sequence >= *position.end) break;
    if (window.changes_.size() == kPutRecordsMax || bytes >= kPutBytesMax) {
      window.more_follows_ = true;
      return window;
    }
    auto record = kinesis_record(view, *shard, change, microseconds);
    window.next_ = change.sequence + 1;
    if (record.bytes() > kKinesisRecordBytesMax) {
      spdlog::error("a change of table {} makes a record of {} bytes, and Kinesis takes {}: it is not delivered",
                    view.table, record.bytes(), kKinesisRecordBytesMax);
      continue;
    }
    bytes += record.bytes();
    window.changes_.push_back({change.sequence, std::move(record)});
  }
  window.ends_shard_ = shard->last || position.end;
  if (window.next_ == position.next && !window.ends_shard_) return std::nullopt;
  return window;
}

}  // namespace shoal

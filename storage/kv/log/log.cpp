#include "storage/kv/log/log.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <random>

#include "storage/kv/log/bytes.h"

namespace shoal::kv::log {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "SHOALLOG";
constexpr std::string_view kNamePrefix = "log.";
constexpr std::size_t kSegmentHeadBytes = 40;
constexpr std::size_t kRecordHeadBytes = 24;
constexpr std::uint64_t kGrowthBytes = 1 << 20;  // Of a segment that is new: a small store has a small log.
constexpr std::size_t kSparesMax = 2;

void put_integer(std::string& out, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i, value >>= 8) out[at + i] = static_cast<char>(value);
}

std::uint64_t filled_up(std::uint64_t bytes) { return (bytes + 7) / 8 * 8; }

std::uint64_t random_salt() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string segment_head(std::uint64_t number, std::uint64_t first, std::uint64_t salt) {
  std::string head(kMagic);
  append_integer(head, number);
  append_integer(head, first);
  append_integer(head, salt);
  append_integer(head, checksum_of(head));
  return head;
}

bool is_head_of(Bytes head, std::uint64_t number) {
  return head.size() == kSegmentHeadBytes && head.substr(0, kMagic.size()) == kMagic &&
         integer_at(head, 32) == checksum_of(head.substr(0, 32)) && integer_at(head, 8) == number;
}

std::optional<std::uint64_t> number_in(const std::string& name) {
  std::uint64_t number = 0;
  if (!name.starts_with(kNamePrefix)) return std::nullopt;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + kNamePrefix.size(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

}  // namespace

fs::path Log::path_of(std::uint64_t number) const {
  return folder_ / (std::string(kNamePrefix) + std::to_string(number));
}

// Those that hold records, in order; the others become spare.
std::deque<Log::SegmentPtr> Log::find_segments() {
  std::deque<SegmentPtr> found;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const auto number = number_in(entry.path().filename());
    if (!number) continue;
    next_number_ = std::max(next_number_, *number + 1);
    auto segment = std::make_shared<Segment>();
    segment->number = *number;
    segment->file = File(entry.path(), O_RDWR);
    segment->allocated = segment->file.size();
    const auto head = segment->file.read(0, kSegmentHeadBytes);
    const bool holds_records = is_head_of(head, *number);
    if (holds_records) {
      segment->first = integer_at(head, 16);
      segment->salt = integer_at(head, 24);
    }
    (holds_records ? found : spare_).push_back(std::move(segment));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->number < b->number; });
  return found;
}

void Log::replay(std::uint64_t from, const Apply& apply, const Progress& progress) {
  auto found = find_segments();
  std::uint64_t all = 0, done = 0;
  for (const auto& segment : found) all += segment->allocated;
  std::uint64_t expected = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto& segment = *found[i];
    const bool is_last = i + 1 == found.size();
    const std::uint64_t end = is_last ? UINT64_MAX : found[i + 1]->first;
    if (end > from) {
      if (expected == 0 ? segment.first > from : segment.first != expected) {
        throw EngineError("the log in " + folder_.string() + " is damaged: records before number " +
                          std::to_string(segment.first) + " are missing");
      }
      expected = replay_segment(segment, segment.first, end, from, apply, [&](std::uint64_t bytes) {
        if (progress) progress(done + bytes, all);
      });
      if (!is_last && expected < end) {
        throw EngineError("the log in " + folder_.string() + " is damaged: record " + std::to_string(expected) +
                          " cannot be read, and there are later ones");
      }
    }
    done += segment.allocated;
  }
  next_ = std::max(expected, from);
  must_move_ = true;  // What follows the last record may be the ruins of another.
  const std::lock_guard lock(mutex_);
  segments_ = std::move(found);
}

// The records from number `expected` to `end`, as many as there are; returns the number after them.
std::uint64_t Log::replay_segment(Segment& segment, std::uint64_t expected, std::uint64_t end, std::uint64_t from,
                                  const Apply& apply, const std::function<void(std::uint64_t)>& progress) {
  std::uint64_t offset = kSegmentHeadBytes;
  for (; expected < end; ++expected) {
    auto record = segment.file.read(offset, kRecordHeadBytes);
    if (record.size() < kRecordHeadBytes || integer_at(record, 8) != expected) break;
    const std::uint64_t bytes = integer_at(record, 16);
    if (bytes > segment.allocated - offset - kRecordHeadBytes) break;
    record += segment.file.read(offset + kRecordHeadBytes, bytes);
    if (integer_at(record, 0) != checksum_of(Bytes(record).substr(8), segment.salt)) break;
    if (expected >= from) apply(Bytes(record).substr(kRecordHeadBytes));
    offset += filled_up(kRecordHeadBytes + bytes);
    progress(offset);
  }
  segment.size = offset;
  return expected;
}

Log::SegmentPtr Log::current() const {
  const std::lock_guard lock(mutex_);
  return segments_.empty() ? nullptr : segments_.back();
}

void Log::append(Bytes record) {
  const std::uint64_t bytes = filled_up(kRecordHeadBytes + record.size());
  auto segment = current();
  if (must_move_ || !segment || (segment->size > kSegmentHeadBytes && segment->size + bytes > kSegmentBytes)) {
    begin_segment();
    segment = current();
  }
  buffer_.clear();
  append_integer(buffer_, 0);
  append_integer(buffer_, next_);
  append_integer(buffer_, record.size());
  buffer_ += record;
  put_integer(buffer_, 0, checksum_of(Bytes(buffer_).substr(8), segment->salt));
  buffer_.resize(bytes);

  const std::uint64_t end = segment->size + bytes;
  if (end > segment->allocated) {
    const auto wanted = std::max(end, std::min(segment->allocated + kGrowthBytes, kSegmentBytes));
    if (segment->file.allocate(wanted)) segment->allocated = wanted;  // If not, the write will tell.
  }
  segment->file.write(segment->size, buffer_);
  last_offset_ = segment->size;
  {
    const std::lock_guard lock(mutex_);
    segment->size = end;
  }
  ++next_;
}

void Log::take_back() {
  const auto segment = current();
  const std::lock_guard lock(mutex_);
  segment->size = last_offset_;
  --next_;
}

void Log::sync() {
  const auto segment = current();
  if (!segment) return;
  try {
    segment->file.sync();
  } catch (...) {
    must_move_ = true;
    throw;
  }
}

// What the old segment holds is on the disk before the new one says that it goes on from there.
void Log::begin_segment() {
  if (const auto old = current(); old && !must_move_) old->file.sync();
  auto segment = make_segment();
  segment->first = next_;
  segment->salt = random_salt();
  segment->file.write(0, segment_head(segment->number, segment->first, segment->salt));
  segment->size = kSegmentHeadBytes;
  const std::lock_guard lock(mutex_);
  // One whose first record is the next one to come holds none that counts.
  if (!segments_.empty() && segments_.back()->first >= next_) {
    spare_.push_back(std::move(segments_.back()));
    segments_.pop_back();
  }
  segments_.push_back(std::move(segment));
  must_move_ = false;
}

Log::SegmentPtr Log::make_segment() {
  {
    const std::lock_guard lock(mutex_);
    if (!ready_.empty()) {
      auto segment = std::move(ready_.front());
      ready_.pop_front();
      return segment;
    }
  }
  return named_segment(0);
}

// A spare one if there is any, under its new name, so that it holds nothing.
Log::SegmentPtr Log::named_segment(std::uint64_t allocate) {
  SegmentPtr segment;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = next_number_++;
    if (!spare_.empty()) {
      segment = std::move(spare_.front());
      spare_.pop_front();
    }
  }
  if (segment) {
    rename_file(path_of(segment->number), path_of(number));
  } else {
    segment = std::make_shared<Segment>();
    segment->file = File(path_of(number), O_RDWR | O_CREAT | O_EXCL);
  }
  sync_folder(folder_);
  segment->number = number;
  if (segment->allocated < allocate && segment->file.allocate(allocate)) segment->allocated = allocate;
  return segment;
}

void Log::prepare_segment() {
  {
    const std::lock_guard lock(mutex_);
    if (!ready_.empty()) return;
  }
  auto segment = named_segment(kSegmentBytes);
  const std::lock_guard lock(mutex_);
  ready_.push_back(std::move(segment));
}

void Log::forget_before(std::uint64_t number) {
  std::deque<SegmentPtr> forgotten;
  {
    const std::lock_guard lock(mutex_);
    while (segments_.size() > 1 && segments_[1]->first <= number) {
      forgotten.push_back(std::move(segments_.front()));
      segments_.pop_front();
    }
  }
  for (auto& segment : forgotten) {
    {
      const std::lock_guard lock(mutex_);
      if (spare_.size() + ready_.size() < kSparesMax && segment->allocated == kSegmentBytes) {
        spare_.push_back(std::move(segment));
        continue;
      }
    }
    remove(*segment);
  }
}

void Log::remove(const Segment& segment) const {
  std::error_code ignored;  // A file too many is no harm.
  fs::remove(path_of(segment.number), ignored);
}

void Log::clear() {
  const std::lock_guard lock(mutex_);
  for (auto* segments : {&segments_, &spare_, &ready_}) {
    for (const auto& segment : *segments) remove(*segment);
    segments->clear();
  }
}

}  // namespace shoal::kv::log

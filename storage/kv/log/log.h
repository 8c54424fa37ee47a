// The write-ahead log: what was committed and is not in the store yet, as records in the order of their commits.
//
//   Log log(folder);
//   log.replay(applied + 1, [](Bytes record) { ... });   // always first
//   log.append(record);       // in the system's hands
//   log.sync();               // on the disk
//   log.forget_before(log.next_record());
//
// Records are numbered without gaps and lie in segments, files `log.<number>` of 16 MB that are used again and again:
// writing into a file that has its blocks is one write of the disk's, where a growing file takes three. A record counts
// when its checksum is right and its number the next one, so what a segment held before ends it.
//
// The checksums of a segment's records are salted, so that no client can put a record into its item's bytes.
//
//   segment   "SHOALLOG" <number of the segment:8> <number of its first record:8> <salt:8> <checksum:8> record...
//   record    <checksum:8> <number:8> <bytes:8> bytes, filled up to a multiple of 8     (integers little-endian)
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "storage/kv/log/file.h"

namespace shoal::kv::log {

inline constexpr std::uint64_t kSegmentBytes = 16 << 20;

class Log {
 public:
  explicit Log(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Calls `apply` with each record from number `from` on, and `progress`, if any, with bytes done and bytes in all now
  // and then. Throws EngineError when records are missing, that is, when the log is damaged.
  using Apply = std::function<void(Bytes record)>;
  using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;
  void replay(std::uint64_t from, const Apply& apply, const Progress& progress = {});

  std::uint64_t next_record() const { return next_; }

  // append() and take_back() are for one thread at a time. What append() throws (EngineError) leaves the log as it was.
  void append(Bytes record);
  // The record that was appended last is to be as if it had never been: the next one takes its place.
  void take_back();

  // Of all that was appended. From any thread. After a failure nobody knows what is on the disk of this segment: the
  // log goes on in another one, beginning with the record that was appended last.
  void sync();

  // From any thread: records before `number` are not needed any more.
  void forget_before(std::uint64_t number);
  void clear();  // Forgets all; the files go.
  // So that the next segment costs a writer nothing. From any thread.
  void prepare_segment();

 private:
  struct Segment {
    std::uint64_t number = 0;
    std::uint64_t first = 0;  // Record.
    std::uint64_t salt = 0;
    std::uint64_t size = 0;  // As far as records go.
    std::uint64_t allocated = 0;
    File file;
  };
  using SegmentPtr = std::shared_ptr<Segment>;

  std::filesystem::path path_of(std::uint64_t number) const;
  std::deque<SegmentPtr> find_segments();
  std::uint64_t replay_segment(Segment& segment, std::uint64_t expected, std::uint64_t end, std::uint64_t from,
                               const Apply& apply, const std::function<void(std::uint64_t)>& progress);
  SegmentPtr make_segment();
  SegmentPtr named_segment(std::uint64_t allocate);
  SegmentPtr current() const;
  void begin_segment();
  void remove(const Segment& segment) const;

  const std::filesystem::path folder_;
  std::uint64_t next_ = 1;
  std::uint64_t last_offset_ = 0;  // Of the record that was appended last, in the current segment.
  std::string buffer_;
  std::atomic<bool> must_move_ = false;  // To another segment: a sync failed.

  mutable std::mutex mutex_;         // Of what follows.
  std::deque<SegmentPtr> segments_;  // With records that may be needed; the last one is the current one.
  std::deque<SegmentPtr> spare_;     // Those whose records are forgotten.
  std::deque<SegmentPtr> ready_;     // With a name and blocks, but no record.
  std::uint64_t next_number_ = 1;    // Of a segment.
};

}  // namespace shoal::kv::log

#include "storage/kv/runs/run_writer.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "storage/kv/log/bytes.h"
#include "storage/kv/runs/filter.h"
#include "storage/kv/runs/format.h"

namespace shoal::kv::runs {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
// So that the disk is never busy with so much that the log's next sync waits long.
constexpr std::uint64_t kUnsyncedBytesMax = std::uint64_t{8} << 20;

template <typename Integer>
void append(std::string& out, Integer value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// The shortest that is not less than `last`, and less than `next`.
Bytes separator(Bytes last, Bytes next) {
  const auto common =
      static_cast<std::size_t>(std::mismatch(last.begin(), last.end(), next.begin(), next.end()).first - last.begin());
  // One byte more of `next` makes it greater than `last`; less than `next` it is only with bytes left over.
  return common + 1 < next.size() ? next.substr(0, common + 1) : last;
}

}  // namespace

RunWriter::RunWriter(std::filesystem::path path, std::uint64_t keys_max)
    : path_(std::move(path)),
      file_(path_, O_RDWR | O_CREAT | O_TRUNC),
      filter_(filter_lines(keys_max) * kLineBytes, '\0') {
  buffer_.reserve(kBufferBytes + 2 * kBlockBytes);
}

RunWriter::~RunWriter() {
  if (!kept_) std::remove(path_.c_str());
}

void RunWriter::erase(Bytes key) { add(key, {}, kErased); }

void RunWriter::add(Bytes key, Bytes value, std::uint32_t size) {
  const auto bytes = kElementHeadBytes + key.size() + value.size();
  if (!block_.empty() && block_.size() + bytes > kBlockBytes) end_block(separator(last_key_, key));
  append(offsets_, static_cast<std::uint32_t>(block_.size()));
  append(block_, static_cast<std::uint16_t>(key.size()));
  append(block_, size);
  block_ += key;
  block_ += value;
  last_key_ = key;
  add_to_filter(filter_, KeyHash(key));
  ++keys_;
}

void RunWriter::end_block(Bytes separator) {
  const auto elements = static_cast<std::uint32_t>(offsets_.size() / sizeof(std::uint32_t));
  block_ += offsets_;
  append(block_, elements);
  const auto offset = flushed_ + buffer_.size();
  append(block_, log::checksum_of(block_, offset));
  append(index_, std::uint64_t{offset});
  append(index_, static_cast<std::uint32_t>(block_.size()));
  append(index_, static_cast<std::uint32_t>(separator.size()));
  append(index_, std::uint64_t{separators_.size()});
  separators_ += separator;
  write(block_);
  ++blocks_;
  block_.clear();
  offsets_.clear();
}

void RunWriter::finish() {
  if (!block_.empty()) end_block(last_key_);
  const std::uint64_t index_at = flushed_ + buffer_.size();
  write(index_);
  const std::uint64_t separators_at = flushed_ + buffer_.size();
  write(separators_);
  const auto end = flushed_ + buffer_.size();
  const std::uint64_t filter_at = (end + kLineBytes - 1) / kLineBytes * kLineBytes;
  write(std::string(filter_at - end, '\0'));
  write(filter_);
  std::string footer(kMagic);
  for (const std::uint64_t number :
       {keys_, blocks_, index_at, separators_at, filter_at, std::uint64_t{filter_.size() / kLineBytes}})
    append(footer, number);
  append(footer, log::checksum_of(footer));
  write(footer);
  flush();
  file_.sync();
}

void RunWriter::write(Bytes bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) flush();
}

void RunWriter::flush() {
  file_.write(flushed_, buffer_);
  flushed_ += buffer_.size();
  unsynced_ += buffer_.size();
  buffer_.clear();
  if (unsynced_ < kUnsyncedBytesMax) return;
  file_.sync();
  unsynced_ = 0;
}

}  // namespace shoal::kv::runs

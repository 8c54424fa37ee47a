#include "storage/kv/runs/run.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "storage/kv/log/bytes.h"
#include "storage/kv/log/file.h"
#include "storage/kv/runs/format.h"

namespace shoal::kv::runs {
namespace {

constexpr std::uint64_t kReadAheadBytes = std::uint64_t{1} << 20;

}  // namespace

// A block's elements.
struct Run::Block {
  const char* begin = nullptr;
  std::uint32_t elements = 0;
  const char* offsets = nullptr;

  Block() = default;
  explicit Block(Bytes bytes) : begin(bytes.data()), elements(load<std::uint32_t>(bytes.end() - kBlockTailBytes)) {
    offsets = bytes.end() - kBlockTailBytes - elements * sizeof(std::uint32_t);
  }
  const char* element(std::uint32_t i) const {
    return begin + load<std::uint32_t>(offsets + i * sizeof(std::uint32_t));
  }
  Bytes key(std::uint32_t i) const {
    const char* at = element(i);
    return {at + kElementHeadBytes, load<std::uint16_t>(at)};
  }
  overlay::Found found(std::uint32_t i) const {
    const char* at = element(i);
    const auto size = load<std::uint32_t>(at + 2);
    if (size == kErased) return {{}, true};
    return {{at + kElementHeadBytes + load<std::uint16_t>(at), size}, false};
  }
  // The first element whose key is not less; `elements` if there is none.
  std::uint32_t lower_bound(Bytes wanted) const {
    std::uint32_t low = 0, count = elements;
    while (count > 0) {
      const auto half = count / 2;
      if (key(low + half) < wanted) {
        low += half + 1;
        count -= half + 1;
      } else {
        count = half;
      }
    }
    return low;
  }
};

Run::Run(std::filesystem::path path, std::uint64_t number) : path_(std::move(path)), number_(number) {
  const log::File file(path_, O_RDONLY);
  bytes_ = file.size();
  if (bytes_ < kFooterBytes) fail_damaged("it is too short");
  const auto footer = file.read(bytes_ - kFooterBytes, kFooterBytes);
  const Bytes checked(footer.data(), kFooterBytes - 8);
  if (!footer.starts_with(kMagic) || log::integer_at(footer, kFooterBytes - 8) != log::checksum_of(checked))
    fail_damaged("it does not end as one");
  map_ = static_cast<const char*>(file.map(bytes_));
  // What the system would read ahead is seldom what is asked for next.
  ::madvise(const_cast<char*>(map_), bytes_, MADV_RANDOM);
  keys_ = log::integer_at(footer, 8);
  blocks_ = log::integer_at(footer, 16);
  index_ = map_ + log::integer_at(footer, 24);
  const auto separators = log::integer_at(footer, 32), filter = log::integer_at(footer, 40);
  separators_ = {map_ + separators, filter - separators};
  filter_ = {map_ + filter, log::integer_at(footer, 48) * kLineBytes};
}

Run::~Run() {
  if (map_ != nullptr) ::munmap(const_cast<char*>(map_), bytes_);
}

void Run::fail_damaged(const std::string& what) const {
  throw EngineError("the file " + path_.string() + " is damaged: " + what);
}

Bytes Run::separator(std::uint64_t block) const {
  const char* entry = index_ + block * kIndexEntryBytes;
  return separators_.substr(load<std::uint64_t>(entry + 16), load<std::uint32_t>(entry + 12));
}

Bytes Run::bytes_of(std::uint64_t block) const {
  const char* entry = index_ + block * kIndexEntryBytes;
  return {map_ + load<std::uint64_t>(entry), load<std::uint32_t>(entry + 8)};
}

// The only one that may hold the key, and if it does not, the one with the next greater key; `blocks_` if all are less.
std::uint64_t Run::block_of(Bytes key) const {
  std::uint64_t low = 0, count = blocks_;
  while (count > 0) {
    const auto half = count / 2;
    if (separator(low + half) < key) {
      low += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return low;
}

std::optional<overlay::Found> Run::find(Bytes key, KeyHash hash) const {
  if (!may_have(filter_, hash)) return std::nullopt;
  const auto number = block_of(key);
  if (number == blocks_) return std::nullopt;
  const Block block(bytes_of(number));
  const auto i = block.lower_bound(key);
  if (i == block.elements || block.key(i) != key) return std::nullopt;
  return block.found(i);
}

class Run::RunCursor final : public overlay::LayerCursor {
 public:
  RunCursor(const Run& run, Reading reading) : run_(run), whole_(reading == Reading::whole) {}

  bool seek(Bytes key) override {
    const auto number = run_.block_of(key);
    if (number == run_.blocks_) return false;
    enter(number);
    element_ = block_.lower_bound(key);
    // A separator may be greater than its block's last key.
    return element_ < block_.elements || next_block();
  }
  bool seek_before(Bytes key) override {
    const auto number = run_.block_of(key);
    if (number == run_.blocks_) return number > 0 && enter_at_end(number - 1);
    enter(number);
    element_ = block_.lower_bound(key);
    if (element_ == 0) return number > 0 && enter_at_end(number - 1);
    --element_;
    return true;
  }
  bool next() override { return ++element_ < block_.elements || next_block(); }
  bool previous() override {
    if (element_ == 0) return number_ > 0 && enter_at_end(number_ - 1);
    --element_;
    return true;
  }
  Bytes key() const override { return block_.key(element_); }
  Bytes value() const override { return block_.found(element_).value; }
  bool erased() const override { return block_.found(element_).erased; }

 private:
  void enter(std::uint64_t number) {
    const auto bytes = run_.bytes_of(number);
    if (whole_) check(number, bytes);
    number_ = number;
    block_ = Block(bytes);
  }
  bool enter_at_end(std::uint64_t number) {
    enter(number);
    element_ = block_.elements - 1;
    return true;
  }
  bool next_block() {
    if (number_ + 1 == run_.blocks_) return false;
    enter(number_ + 1);
    element_ = 0;
    return true;
  }
  void check(std::uint64_t number, Bytes bytes) {
    const auto offset = static_cast<std::uint64_t>(bytes.data() - run_.map_);
    if (offset + kReadAheadBytes / 2 > read_ahead_) {
      const auto begin = std::max(offset, read_ahead_) / 4096 * 4096;
      ::madvise(const_cast<char*>(run_.map_) + begin, std::min(kReadAheadBytes, run_.bytes_ - begin), MADV_WILLNEED);
      read_ahead_ = begin + kReadAheadBytes;
    }
    if (log::checksum_of(bytes.substr(0, bytes.size() - 8), offset) != load<std::uint64_t>(bytes.end() - 8))
      run_.fail_damaged("block " + std::to_string(number) + " has another checksum");
  }

  const Run& run_;
  const bool whole_;
  std::uint64_t number_ = 0;
  Block block_;
  std::uint32_t element_ = 0;
  std::uint64_t read_ahead_ = 0;  // Up to there the system was asked to.
};

std::unique_ptr<overlay::LayerCursor> Run::cursor(Reading reading) const {
  return std::make_unique<RunCursor>(*this, reading);
}

}  // namespace shoal::kv::runs

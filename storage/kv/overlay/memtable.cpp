#include "storage/kv/overlay/memtable.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace shoal::kv::overlay {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::size_t kBucketsMin = std::size_t{1} << 16;
constexpr std::size_t kBytesOfBucket = std::size_t{1} << 10;
constexpr std::size_t kChunkBytesFirst = std::size_t{64} << 10;  // A store that is hardly written takes little.

}  // namespace

struct Memtable::Version {
  const Version* older;
  Batch batch;
  std::uint32_t size;
  bool erased;

  Bytes value() const { return {reinterpret_cast<const char*>(this + 1), size}; }
};

struct Memtable::Node {
  std::atomic<const Version*> newest;  // Null when all there was has been undone.
  Node* next_in_bucket;
  std::uint32_t key_size;
  std::uint32_t height;
  std::atomic<Node*> next[1];  // `height` of them, then the key.

  Bytes key() const { return {reinterpret_cast<const char*>(next + height), key_size}; }
};

Memtable::Memtable(std::size_t bytes)
    : bucket_mask_(std::bit_ceil(std::max(kBucketsMin, bytes / kBytesOfBucket)) - 1),
      buckets_(static_cast<std::atomic<Node*>*>(std::calloc(bucket_mask_ + 1, sizeof(std::atomic<Node*>)))) {
  if (!buckets_) throw std::bad_alloc();
  head_ = make_node({});
  for (int i = 1; i < kHeightMax; ++i) head_->next[i].store(nullptr, std::memory_order_relaxed);
}

std::optional<Found> Memtable::find(Bytes key, Batch as_of) const {
  const Node* node = node_of(key);
  const Version* version = node != nullptr ? newest(*node, as_of) : nullptr;
  if (version == nullptr) return std::nullopt;
  return Found{version->value(), version->erased};
}

bool Memtable::empty() const { return head_->next[0].load(std::memory_order_acquire) == nullptr; }

const Memtable::Version* Memtable::newest(const Node& node, Batch as_of) {
  const Version* version = node.newest.load(std::memory_order_acquire);
  while (version != nullptr && version->batch > as_of) version = version->older;
  return version;
}

std::atomic<Memtable::Node*>& Memtable::bucket(Bytes key) const {
  return buckets_[XXH3_64bits(key.data(), key.size()) & bucket_mask_];
}

Memtable::Node* Memtable::node_of(Bytes key) const {
  Node* node = bucket(key).load(std::memory_order_acquire);
  while (node != nullptr && node->key() != key) node = node->next_in_bucket;
  return node;
}

// The last node whose key is less, or the head; in `path`, the last such one at each height.
Memtable::Node* Memtable::last_before(Bytes key, Path* path) const {
  Node* node = head_;
  for (int i = kHeightMax; i-- > 0;) {
    for (Node* next; (next = node->next[i].load(std::memory_order_acquire)) != nullptr && next->key() < key;)
      node = next;
    if (path != nullptr) (*path)[static_cast<std::size_t>(i)] = node;
  }
  return node;
}

void Memtable::add(Bytes key, Bytes value, bool erased, Batch batch) {
  auto* version = new (allocate(sizeof(Version) + value.size()))
      Version{nullptr, batch, static_cast<std::uint32_t>(value.size()), erased};
  if (!value.empty()) std::memcpy(static_cast<void*>(version + 1), value.data(), value.size());
  Node* node = node_of(key);
  const bool is_new = node == nullptr;
  if (is_new) {
    node = make_node(key);
    ++keys_;
  }
  written_.push_back(node);
  version->older = node->newest.load(std::memory_order_relaxed);
  node->newest.store(version, std::memory_order_release);
  if (is_new) link(*node, static_cast<int>(node->height));
}

// Its links are null.
Memtable::Node* Memtable::make_node(Bytes key) {
  const int height = key.empty() ? kHeightMax : random_height();
  const auto links = static_cast<std::size_t>(height - 1) * sizeof(std::atomic<Node*>);
  auto* node = new (allocate(sizeof(Node) + links + key.size())) Node{};
  node->height = static_cast<std::uint32_t>(height);
  node->key_size = static_cast<std::uint32_t>(key.size());
  if (!key.empty()) std::memcpy(const_cast<char*>(node->key().data()), key.data(), key.size());
  return node;
}

void Memtable::link(Node& node, int height) {
  Path path;
  last_before(node.key(), &path);
  for (int i = 0; i < height; ++i) {
    Node& before = *path[static_cast<std::size_t>(i)];
    new (&node.next[i]) std::atomic<Node*>(before.next[i].load(std::memory_order_relaxed));
    before.next[i].store(&node, std::memory_order_release);
  }
  auto& in_bucket = bucket(node.key());
  node.next_in_bucket = in_bucket.load(std::memory_order_relaxed);
  in_bucket.store(&node, std::memory_order_release);
}

// A reader who is on his way through the versions goes on: they stay where they are.
void Memtable::undo() {
  for (; !written_.empty(); written_.pop_back()) {
    auto& newest = written_.back()->newest;
    newest.store(newest.load(std::memory_order_relaxed)->older, std::memory_order_release);
  }
}

// 1 with a probability of 3/4, 2 with one of 3/16, ...
int Memtable::random_height() {
  random_ ^= random_ << 13;  // Marsaglia's xorshift
  random_ ^= random_ >> 17;
  random_ ^= random_ << 5;
  int height = 1;
  for (auto bits = random_; height < kHeightMax && (bits & 3) == 0; bits >>= 2) ++height;
  return height;
}

char* Memtable::allocate(std::size_t bytes) {
  bytes = (bytes + 7) / 8 * 8;
  if (bytes > room_bytes_) {
    room_bytes_ = std::max(bytes, chunks_.empty() ? kChunkBytesFirst : kChunkBytes);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(room_bytes_));
    room_ = chunks_.back().get();
    bytes_ += room_bytes_;
  }
  room_bytes_ -= bytes;
  return std::exchange(room_, room_ + bytes);
}

bool Memtable::Iterator::seek(Bytes key) {
  return show_from(table_.last_before(key)->next[0].load(std::memory_order_acquire));
}

bool Memtable::Iterator::seek_before(Bytes key) { return show_back_from(table_.last_before(key)); }

bool Memtable::Iterator::next() { return show_from(node_->next[0].load(std::memory_order_acquire)); }

bool Memtable::Iterator::previous() { return show_back_from(table_.last_before(node_->key())); }

// At this node, or at the first one after it of which this reader is to know.
bool Memtable::Iterator::show_from(const Node* node) {
  for (; node != nullptr; node = node->next[0].load(std::memory_order_acquire)) {
    if ((version_ = newest(*node, as_of_)) == nullptr) continue;
    node_ = node;
    return true;
  }
  return false;
}

bool Memtable::Iterator::show_back_from(const Node* node) {
  for (; node != table_.head_; node = table_.last_before(node->key())) {
    if ((version_ = newest(*node, as_of_)) == nullptr) continue;
    node_ = node;
    return true;
  }
  return false;
}

Bytes Memtable::Iterator::key() const { return node_->key(); }
Bytes Memtable::Iterator::value() const { return version_->value(); }
bool Memtable::Iterator::erased() const { return version_->erased; }

}  // namespace shoal::kv::overlay

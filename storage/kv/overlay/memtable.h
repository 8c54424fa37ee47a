// The newest writes, in memory and in order: what is in the log and not in the store below yet.
//
//   Memtable table;
//   table.put("b", "2", 7);        // by batch 7
//   table.find("b", 6);            // nothing: who reads as of batch 6 asks the store below
//   table.find("b", 7)->value;     // "2"
//   table.keep();                  // or undo(): as if what was written since the last keep() had never been
//
// One thread writes; any number read at the same time, without a lock. Every version of a key stays where it is until
// the table goes, so what a reader was shown stays valid as long as it holds the table. Two ways to a key: a hash table
// for those who know it, and a skip list for those who go along.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "storage/kv/overlay/layer_cursor.h"

namespace shoal::kv::overlay {

class Memtable {
  struct Version;
  struct Node;

 public:
  using Batch = std::uint64_t;  // Numbers ascend.

  // `bytes`: about as many as it will take, for which the hash table is made.
  explicit Memtable(std::size_t bytes = 0);
  Memtable(const Memtable&) = delete;

  // What the newest batch up to `as_of` made of the key; nothing when none touched it.
  std::optional<Found> find(Bytes key, Batch as_of) const;
  bool empty() const;

  // Of the keys that batches up to `as_of` put or erased.
  class Iterator final : public LayerCursor {
   public:
    Iterator(const Memtable& table, Batch as_of) : table_(table), as_of_(as_of) {}
    bool seek(Bytes key) override;
    bool seek_before(Bytes key) override;
    bool next() override;
    bool previous() override;
    Bytes key() const override;
    Bytes value() const override;
    bool erased() const override;

   private:
    bool show_from(const Node* node);
    bool show_back_from(const Node* node);

    const Memtable& table_;
    const Batch as_of_;
    const Node* node_ = nullptr;
    const Version* version_ = nullptr;
  };

  // For the one who writes.
  void put(Bytes key, Bytes value, Batch batch) { add(key, value, false, batch); }
  void erase(Bytes key, Batch batch) { add(key, {}, true, batch); }
  void keep() { written_.clear(); }
  void undo();
  std::size_t bytes() const { return bytes_; }  // Of memory. From any thread.
  std::size_t keys() const { return keys_; }

 private:
  static constexpr int kHeightMax = 12;
  using Path = std::array<Node*, kHeightMax>;

  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  static const Version* newest(const Node& node, Batch as_of);
  std::atomic<Node*>& bucket(Bytes key) const;
  Node* node_of(Bytes key) const;
  Node* last_before(Bytes key, Path* path = nullptr) const;
  void add(Bytes key, Bytes value, bool erased, Batch batch);
  Node* make_node(Bytes key);
  void link(Node& node, int height);
  int random_height();
  char* allocate(std::size_t bytes);

  const std::size_t bucket_mask_;
  std::unique_ptr<std::atomic<Node*>[], Free> buckets_;  // From calloc: pages that are not used take no memory.
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* room_ = nullptr;
  std::size_t room_bytes_ = 0;
  std::atomic<std::size_t> bytes_ = 0;
  std::size_t keys_ = 0;
  Node* head_;
  std::vector<Node*> written_;  // Since keep(), one entry for each version, in order.
  std::uint32_t random_ = 2463534242;
};

}  // namespace shoal::kv::overlay

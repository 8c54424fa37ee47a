// Several writes in one transaction of the store: they share its commit, not each other's fate.
//
//   Batch batch(transaction);
//   const auto tried = batch.run(writes);   // each body in turn; what one wrote the next one sees
//   if (!tried.failure) ...                 // commit the transaction
//
// A body that throws before it wrote anything just fails, and the batch goes on without it. After that it cannot be
// undone alone, so the batch has failed and has to be run again without it.
#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/kv/commit/group_commit.h"
#include "storage/kv/kv.h"

namespace shoal::kv::commit {

// The store's part of a transaction: of one batch, on one thread.
class StoreTransaction : public Snapshot {
 public:
  virtual void put(Bytes key, Bytes value) = 0;
  virtual void erase(Bytes key) = 0;
};

// Sums that wait to be added to their counters: a counter that every write of a batch adds to is written once.
class Sums {
 public:
  void add(Bytes counter, std::int64_t amount);
  void erase(Bytes counter);
  void clear() { sums_.clear(); }
  bool empty() const { return sums_.empty(); }
  auto begin() const { return sums_.begin(); }
  auto end() const { return sums_.end(); }

 private:
  struct Sum {
    std::string counter;
    std::int64_t amount;
  };
  std::vector<Sum>::iterator find(Bytes counter);
  std::vector<Sum> sums_;  // Ascending.
};

class Batch final : private Transaction {
 public:
  explicit Batch(StoreTransaction& store) : store_(store) {}
  Batch(const Batch&) = delete;

  // All of them, or as many as are enough for one commit. Sets each write's `failure`.
  Attempt run(std::span<Write> writes);
  std::string name() const;  // "a batch of 12 writes"

 private:
  std::optional<Bytes> get(Bytes key) const override { return store_.get(key); }
  std::unique_ptr<Cursor> cursor() const override { return store_.cursor(); }
  void put(Bytes key, Bytes value) override;
  void erase(Bytes key) override;
  void add(Bytes counter, std::int64_t amount) override;

  void run_one(Write& write);
  template <typename Change>
  void change(Bytes key, Change apply);
  void write_sums();
  bool is_large(std::size_t writes) const;

  StoreTransaction& store_;
  Sums sums_;           // Of the bodies that succeeded.
  Sums body_sums_;      // Of the body that is running.
  bool wrote_ = false;  // The body that is running has.
  // A write's failure in the store: whatever the body made of it, the transaction cannot be committed any more.
  std::exception_ptr broken_;
  std::size_t bytes_ = 0;
  std::size_t writes_ = 0;
};

}  // namespace shoal::kv::commit

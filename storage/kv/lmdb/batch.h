// Several writes in one LMDB write transaction: they share its commit, not each other's fate.
//
//   Batch batch(env, keys);
//   auto run = batch.run(writes);      // each body in turn; what one wrote the next one sees
//   if (!run.failed) batch.commit();   // durable and visible, all of it
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

#include "storage/kv/kv.h"
#include "storage/kv/lmdb/group_commit.h"
#include "storage/kv/lmdb/long_keys.h"

struct MDB_env;
struct MDB_txn;

namespace shoal::kv::lmdb {

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
  Batch(MDB_env* env, const LongKeys& keys);
  ~Batch() override;  // Aborts what was not committed.
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  struct Run {
    std::size_t count = 0;      // Writes that were run; fewer than there are when the batch is large enough.
    std::exception_ptr failed;  // Of the write after those: the batch is to be thrown away.
  };
  // Sets each write's `failure`.
  Run run(std::span<Write> writes);
  void commit();  // Throws EngineError: nothing of the batch happened.

 private:
  std::optional<Bytes> get(Bytes key) const override;
  std::unique_ptr<Cursor> cursor() const override;
  void put(Bytes key, Bytes value) override;
  void erase(Bytes key) override;
  void add(Bytes counter, std::int64_t amount) override;

  void run_one(Write& write);
  void write_sums();
  bool is_large(std::size_t writes) const;

  const LongKeys& keys_;
  MDB_txn* txn_ = nullptr;
  Sums sums_;           // Of the bodies that succeeded.
  Sums body_sums_;      // Of the body that is running.
  bool wrote_ = false;  // The body that is running has.
  // A write's failure in LMDB: whatever the body made of it, the transaction cannot be committed any more.
  std::exception_ptr broken_;
  std::size_t bytes_ = 0;
  std::size_t writes_ = 0;
};

}  // namespace shoal::kv::lmdb

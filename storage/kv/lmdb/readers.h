// Read transactions, kept and renewed rather than begun for every snapshot: a renewal takes no lock of LMDB's and no
// memory.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

struct MDB_env;
struct MDB_txn;

namespace shoal::kv::lmdb {

class Readers {
  struct Shard;

 public:
  // A transaction that sees the store as it was when this was made. May be destroyed on another thread.
  class Lease {
   public:
    explicit Lease(Readers& readers) : readers_(readers), home_(readers.home()), txn_(readers.take(home_)) {}
    ~Lease() { readers_.give_back(home_, txn_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    MDB_txn* txn() const { return txn_; }

   private:
    Readers& readers_;
    Shard& home_;
    MDB_txn* txn_;
  };

  explicit Readers(MDB_env* env) : env_(env) {}
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  // Runs `work` while no lease is out, holding back new ones meanwhile. False, and nothing was run, when the leases did
  // not all come back within a moment.
  template <class Work>
  bool while_none(Work work) {
    const Pause pause(*this);
    return pause.reached && (work(), true);
  }

 private:
  // Threads spread over the shards, so that cores do not meet at one lock.
  struct alignas(64) Shard {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<MDB_txn*> idle;
    std::size_t out = 0;
    bool paused = false;
  };
  struct Pause {
    explicit Pause(Readers& paused);
    ~Pause();
    Readers& readers;
    bool reached = true;
  };

  Shard& home();
  MDB_txn* take(Shard& shard);
  void give_back(Shard& shard, MDB_txn* txn) noexcept;
  MDB_txn* take_idle(Shard& shard);
  MDB_txn* begin();

  MDB_env* env_;
  std::array<Shard, 16> shards_;
};

}  // namespace shoal::kv::lmdb

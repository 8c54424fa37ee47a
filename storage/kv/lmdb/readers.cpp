#include "storage/kv/lmdb/readers.h"

#include <lmdb.h>

#include <atomic>
#include <chrono>

#include "storage/kv/lmdb/environment.h"

namespace shoal::kv::lmdb {
namespace {

constexpr const char* kDoing = "taking a snapshot";
constexpr std::chrono::milliseconds kPauseMax{200};

std::size_t number_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

Readers::~Readers() {
  for (auto& shard : shards_) {
    for (MDB_txn* txn : shard.idle) mdb_txn_abort(txn);
  }
}

Readers::Shard& Readers::home() { return shards_[number_of_this_thread() % shards_.size()]; }

MDB_txn* Readers::take(Shard& shard) {
  MDB_txn* txn = nullptr;
  {
    std::unique_lock lock(shard.mutex);
    shard.changed.wait(lock, [&] { return !shard.paused; });
    ++shard.out;
    if (!shard.idle.empty()) {
      txn = shard.idle.back();
      shard.idle.pop_back();
    }
  }
  try {
    if (txn == nullptr) return begin();
    if (const int code = mdb_txn_renew(txn); code != 0) {
      mdb_txn_abort(txn);
      fail(code, kDoing);
    }
    return txn;
  } catch (...) {
    const std::lock_guard lock(shard.mutex);
    if (--shard.out == 0) shard.changed.notify_all();
    throw;
  }
}

void Readers::give_back(Shard& shard, MDB_txn* txn) noexcept {
  mdb_txn_reset(txn);
  const std::lock_guard lock(shard.mutex);
  shard.idle.push_back(txn);
  if (--shard.out == 0 && shard.paused) shard.changed.notify_all();
}

// Transactions keep their place in LMDB's table while they are idle. When it is full, another shard may have one.
MDB_txn* Readers::begin() {
  MDB_txn* txn = nullptr;
  const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == 0) return txn;
  if (code == MDB_READERS_FULL) {
    for (auto& shard : shards_) {
      txn = take_idle(shard);
      if (txn == nullptr) continue;
      if (mdb_txn_renew(txn) == 0) return txn;
      mdb_txn_abort(txn);
    }
  }
  fail(code, kDoing);
}

MDB_txn* Readers::take_idle(Shard& shard) {
  const std::lock_guard lock(shard.mutex);
  if (shard.idle.empty()) return nullptr;
  MDB_txn* txn = shard.idle.back();
  shard.idle.pop_back();
  return txn;
}

Readers::Pause::Pause(Readers& paused) : readers(paused) {
  const auto end = std::chrono::steady_clock::now() + kPauseMax;
  for (auto& shard : readers.shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.paused = true;
  }
  for (auto& shard : readers.shards_) {
    std::unique_lock lock(shard.mutex);
    reached = reached && shard.changed.wait_until(lock, end, [&] { return shard.out == 0; });
  }
}

Readers::Pause::~Pause() {
  for (auto& shard : readers.shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.paused = false;
    shard.changed.notify_all();
  }
}

}  // namespace shoal::kv::lmdb

#include "storage/kv/lmdb/memory_engine.h"

#include <lmdb.h>

#include "storage/kv/commit/batch.h"
#include "storage/kv/lmdb/write_transaction.h"

namespace shoal::kv::lmdb {
namespace {

using commit::Attempt;
using commit::Write;

class LmdbSnapshot final : public Snapshot {
 public:
  LmdbSnapshot(Readers& readers, const LongKeys& keys) : lease_(readers), keys_(keys) {}
  std::optional<Bytes> get(Bytes key) const override { return keys_.get(lease_.txn(), key); }
  std::unique_ptr<Cursor> cursor() const override { return keys_.cursor(lease_.txn()); }

 private:
  Readers::Lease lease_;
  const LongKeys& keys_;
};

class LmdbTransaction final : public commit::StoreTransaction {
 public:
  LmdbTransaction(MDB_env* env, const LongKeys& keys) : txn_(env), keys_(keys) {}
  std::optional<Bytes> get(Bytes key) const override { return keys_.get(txn_.get(), key); }
  std::unique_ptr<Cursor> cursor() const override { return keys_.cursor(txn_.get()); }
  void put(Bytes key, Bytes value) override { keys_.put(txn_.get(), key, value); }
  void erase(Bytes key) override { keys_.erase(txn_.get(), key); }
  void commit(const std::string& name) { txn_.commit("committing " + name); }

 private:
  WriteTransaction txn_;
  const LongKeys& keys_;
};

}  // namespace

std::unique_ptr<Snapshot> MemoryEngine::snapshot() const { return std::make_unique<LmdbSnapshot>(readers_, keys_); }

Attempt MemoryEngine::attempt(std::span<Write> writes) {
  for (;;) {
    auto tried = attempt_once(writes);
    if (!tried.failure || !make_room_after(tried.failure)) return tried;
  }
}

Attempt MemoryEngine::attempt_once(std::span<Write> writes) {
  Attempt tried;
  try {
    LmdbTransaction transaction(env_.get(), keys_);
    commit::Batch batch(transaction);
    tried = batch.run(writes);
    if (!tried.failure) transaction.commit(batch.name());
  } catch (...) {
    tried.failure = std::current_exception();
  }
  return tried;
}

// Whether the failure was a full map, and the map is larger now.
bool MemoryEngine::make_room_after(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Failure& found) {
    if (found.code() != MDB_MAP_FULL) return false;
    bool larger = false;
    return readers_.while_none([&] { larger = double_map(env_.get()); }) && larger;
  } catch (...) {
    return false;
  }
}

}  // namespace shoal::kv::lmdb

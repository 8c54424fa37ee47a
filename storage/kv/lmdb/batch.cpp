#include "storage/kv/lmdb/batch.h"

#include <lmdb.h>

#include <algorithm>
#include <utility>

#include "storage/kv/lmdb/environment.h"

namespace shoal::kv::lmdb {
namespace {

// Bounds what one commit holds in memory and how long those who come next have to wait for it.
constexpr std::size_t kBatchBytesMax = 16 << 20;
constexpr std::size_t kBatchWritesMax = 1024;

std::int64_t counter_value(const std::optional<Bytes>& bytes) {
  std::uint64_t value = 0;
  if (!bytes) return 0;
  if (bytes->size() != sizeof value) throw EngineError("a counter does not have 8 bytes");
  for (std::size_t i = sizeof value; i-- > 0;) value = value << 8 | static_cast<unsigned char>((*bytes)[i]);
  return static_cast<std::int64_t>(value);
}

std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

std::vector<Sums::Sum>::iterator Sums::find(Bytes counter) {
  return std::lower_bound(sums_.begin(), sums_.end(), counter,
                          [](const Sum& sum, Bytes sought) { return sum.counter < sought; });
}

void Sums::add(Bytes counter, std::int64_t amount) {
  const auto at = find(counter);
  if (at != sums_.end() && at->counter == counter) {
    at->amount = sum_of(at->amount, amount);
  } else {
    sums_.insert(at, {std::string(counter), amount});
  }
}

void Sums::erase(Bytes counter) {
  const auto at = find(counter);
  if (at != sums_.end() && at->counter == counter) sums_.erase(at);
}

Batch::Batch(MDB_env* env, const LongKeys& keys) : keys_(keys) {
  check(mdb_txn_begin(env, nullptr, 0, &txn_), "beginning a write");
}

Batch::~Batch() {
  if (txn_ != nullptr) mdb_txn_abort(txn_);
}

Batch::Run Batch::run(std::span<Write> writes) {
  Run run;
  for (auto& write : writes) {
    if (is_large(run.count)) break;
    try {
      run_one(write);
    } catch (...) {
      run.failed = std::current_exception();
      break;
    }
    ++run.count;
  }
  return run;
}

bool Batch::is_large(std::size_t writes) const { return bytes_ >= kBatchBytesMax || writes >= kBatchWritesMax; }

// Throws when the body failed in a way that takes the batch with it.
void Batch::run_one(Write& write) {
  wrote_ = false;
  body_sums_.clear();
  write.failure = nullptr;
  try {
    write.body(*this);
  } catch (...) {
    if (broken_) std::rethrow_exception(broken_);
    if (wrote_) throw;
    write.failure = std::current_exception();
    return;
  }
  if (broken_) std::rethrow_exception(broken_);
  for (const auto& [counter, amount] : body_sums_) sums_.add(counter, amount);
}

void Batch::commit() {
  write_sums();
  MDB_env* env = mdb_txn_env(txn_);
  if (const int code = mdb_txn_commit(std::exchange(txn_, nullptr)); code != 0) {
    throw Failure(cause_of_failed_write(env, code),
                  "committing a batch of " + std::to_string(writes_) + (writes_ == 1 ? " write" : " writes"));
  }
}

void Batch::write_sums() {
  for (const auto& [counter, amount] : sums_) {
    auto value = static_cast<std::uint64_t>(sum_of(counter_value(keys_.get(txn_, counter)), amount));
    ++writes_;
    if (value == 0) {
      keys_.erase(txn_, counter);
      continue;
    }
    char bytes[sizeof value];
    for (char& byte : bytes) {
      byte = static_cast<char>(value);
      value >>= 8;
    }
    keys_.put(txn_, counter, {bytes, sizeof bytes});
  }
}

std::optional<Bytes> Batch::get(Bytes key) const { return keys_.get(txn_, key); }

std::unique_ptr<Cursor> Batch::cursor() const { return keys_.cursor(txn_); }

void Batch::put(Bytes key, Bytes value) {
  if (key.empty() || key.size() > kKeyBytesMax) throw std::invalid_argument("a key has 1 to 16384 bytes");
  wrote_ = true;
  try {
    keys_.put(txn_, key, value);
  } catch (...) {
    broken_ = std::current_exception();
    throw;
  }
  // What was added to it before is overwritten.
  if (!sums_.empty()) sums_.erase(key);
  if (!body_sums_.empty()) body_sums_.erase(key);
  bytes_ += key.size() + value.size();
  ++writes_;
}

void Batch::erase(Bytes key) {
  wrote_ = true;
  try {
    keys_.erase(txn_, key);
  } catch (...) {
    broken_ = std::current_exception();
    throw;
  }
  if (!sums_.empty()) sums_.erase(key);
  if (!body_sums_.empty()) body_sums_.erase(key);
  ++writes_;
}

void Batch::add(Bytes counter, std::int64_t amount) { body_sums_.add(counter, amount); }

}  // namespace shoal::kv::lmdb

#include "storage/kv/commit/batch.h"

#include <algorithm>
#include <utility>

namespace shoal::kv::commit {
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

Attempt Batch::run(std::span<Write> writes) {
  Attempt tried;
  for (auto& write : writes) {
    if (is_large(tried.count)) break;
    try {
      run_one(write);
    } catch (...) {
      tried.is_of_one = true;
      tried.failure = std::current_exception();
      return tried;
    }
    ++tried.count;
  }
  try {
    write_sums();
  } catch (...) {
    tried.failure = std::current_exception();
  }
  return tried;
}

bool Batch::is_large(std::size_t writes) const { return bytes_ >= kBatchBytesMax || writes >= kBatchWritesMax; }

std::string Batch::name() const {
  return "a batch of " + std::to_string(writes_) + (writes_ == 1 ? " write" : " writes");
}

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

void Batch::write_sums() {
  for (const auto& [counter, amount] : sums_) {
    auto value = static_cast<std::uint64_t>(sum_of(counter_value(store_.get(counter)), amount));
    ++writes_;
    if (value == 0) {
      store_.erase(counter);
      continue;
    }
    char bytes[sizeof value];
    for (char& byte : bytes) {
      byte = static_cast<char>(value);
      value >>= 8;
    }
    store_.put(counter, {bytes, sizeof bytes});
  }
}

template <typename Change>
void Batch::change(Bytes key, Change apply) {
  wrote_ = true;
  ++writes_;
  try {
    apply();
  } catch (...) {
    broken_ = std::current_exception();
    throw;
  }
  // What was added to it before is overwritten.
  if (!sums_.empty()) sums_.erase(key);
  if (!body_sums_.empty()) body_sums_.erase(key);
}

void Batch::put(Bytes key, Bytes value) {
  if (key.empty() || key.size() > kKeyBytesMax) throw std::invalid_argument("a key has 1 to 16384 bytes");
  change(key, [&] { store_.put(key, value); });
  bytes_ += key.size() + value.size();
}

void Batch::erase(Bytes key) {
  if (key.empty() || key.size() > kKeyBytesMax) return;  // No such key is there.
  change(key, [&] { store_.erase(key); });
}

void Batch::add(Bytes counter, std::int64_t amount) { body_sums_.add(counter, amount); }

}  // namespace shoal::kv::commit

#include "storage/kv/lmdb/engine.h"

#include <lmdb.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "storage/kv/lmdb/batch.h"
#include "storage/kv/lmdb/data_folder.h"
#include "storage/kv/lmdb/environment.h"
#include "storage/kv/lmdb/group_commit.h"
#include "storage/kv/lmdb/long_keys.h"
#include "storage/kv/lmdb/readers.h"

namespace shoal::kv {
namespace lmdb {
namespace {

constexpr std::size_t kMapBytesInMemory = std::size_t{1} << 40;
constexpr std::chrono::milliseconds kRelaxedSyncInterval{100};

// Writes the file to its disk every 100 ms while there is something new in it, and at the end. Idle without writes.
class BackgroundSync {
 public:
  explicit BackgroundSync(MDB_env* env) : env_(env), thread_([this] { run(); }) {}
  ~BackgroundSync() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  BackgroundSync(const BackgroundSync&) = delete;
  BackgroundSync& operator=(const BackgroundSync&) = delete;

  void note_commit() {
    bool first;
    {
      const std::lock_guard lock(mutex_);
      first = !std::exchange(dirty_, true);
    }
    if (first) wake_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return dirty_ || stopping_; });
      wake_.wait_for(lock, kRelaxedSyncInterval, [&] { return stopping_; });
      if (std::exchange(dirty_, false)) {
        lock.unlock();
        // A failure shows in the writes that follow; what was acknowledged before had not been promised to the disk.
        mdb_env_sync(env_, 1);
        lock.lock();
      }
      if (stopping_ && !dirty_) return;
    }
  }

  MDB_env* env_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool dirty_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

class LmdbSnapshot final : public Snapshot {
 public:
  LmdbSnapshot(Readers& readers, const LongKeys& keys) : lease_(readers), keys_(keys) {}
  std::optional<Bytes> get(Bytes key) const override { return keys_.get(lease_.txn(), key); }
  std::unique_ptr<Cursor> cursor() const override { return keys_.cursor(lease_.txn()); }

 private:
  Readers::Lease lease_;
  const LongKeys& keys_;
};

class LmdbEngine final : public Engine {
 public:
  // `commit_on` by what a commit costs: with a sync it waits for the disk.
  LmdbEngine(std::unique_ptr<DataFolder> folder, Environment env, bool sync_in_background, CommitOn commit_on)
      : folder_(std::move(folder)),
        env_(std::move(env)),
        keys_(env_.get()),
        readers_(env_.get()),
        background_sync_(sync_in_background ? std::make_unique<BackgroundSync>(env_.get()) : nullptr),
        commits_([this](std::span<Write> writes) { commit(writes); }, commit_on) {}

  std::unique_ptr<Snapshot> snapshot() const override { return std::make_unique<LmdbSnapshot>(readers_, keys_); }
  void submit(Body body, Done done) override { commits_.submit(std::move(body), std::move(done)); }

 private:
  struct Attempt {
    std::size_t count = 0;   // Without a failure: so many writes are committed. With one: it was this one's...
    bool is_of_one = false;  // ... or the commit's, and so anyone's.
    std::exception_ptr failure;
  };

  void commit(std::span<Write> writes);
  Attempt attempt(std::span<Write> writes);
  bool make_room_after(const std::exception_ptr& failure);

  // In this order: the environment outlives those who work on it, and the lock on the folder outlives all.
  std::unique_ptr<DataFolder> folder_;
  Environment env_;
  LongKeys keys_;
  mutable Readers readers_;
  std::unique_ptr<BackgroundSync> background_sync_;
  GroupCommit commits_;
};

// Together if possible. What failed is taken apart until who fails, fails alone: the write that did it is set apart
// when it is known, else each half is tried for itself. The order stays.
void LmdbEngine::commit(std::span<Write> writes) {
  std::vector<std::span<Write>> parts{writes};  // Still to do, the first one last.
  while (!parts.empty()) {
    const auto part = parts.back();
    parts.pop_back();
    if (part.empty()) continue;
    const auto tried = attempt(part);
    if (!tried.failure) {
      for (auto& write : part.first(tried.count)) write.complete();
      parts.push_back(part.subspan(tried.count));
    } else if (make_room_after(tried.failure)) {
      parts.push_back(part);
    } else if (part.size() == 1) {
      part[0].failure = tried.failure;
      part[0].complete();
    } else if (tried.is_of_one) {
      parts.push_back(part.subspan(tried.count + 1));
      parts.push_back(part.subspan(tried.count, 1));
      parts.push_back(part.first(tried.count));
    } else {
      parts.push_back(part.subspan(part.size() / 2));
      parts.push_back(part.first(part.size() / 2));
    }
  }
}

// The one place where writes become durable and visible: here by one and the same commit of LMDB's.
LmdbEngine::Attempt LmdbEngine::attempt(std::span<Write> writes) {
  Attempt tried;
  try {
    Batch batch(env_.get(), keys_);
    const auto run = batch.run(writes);
    tried = {run.count, run.failed != nullptr, run.failed};
    if (tried.failure) return tried;
    batch.commit();
    if (background_sync_) background_sync_->note_commit();
  } catch (...) {
    tried.failure = std::current_exception();
  }
  return tried;
}

// Whether the failure was a full map, and the map is larger now.
bool LmdbEngine::make_room_after(const std::exception_ptr& failure) {
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

}  // namespace
}  // namespace lmdb

std::unique_ptr<Engine> open_lmdb(const std::filesystem::path& path, const LmdbOptions& options) {
  auto folder = std::make_unique<lmdb::DataFolder>(path);
  const bool relaxed = options.durability == Durability::relaxed;
  auto env = lmdb::open_environment(folder->data_file(), options.map_bytes, relaxed ? MDB_NOSYNC : 0);
  folder->sync();
  return std::make_unique<lmdb::LmdbEngine>(std::move(folder), std::move(env), relaxed,
                                            relaxed ? lmdb::CommitOn::caller : lmdb::CommitOn::thread);
}

std::unique_ptr<Engine> open_lmdb_in_memory() {
  return std::make_unique<lmdb::LmdbEngine>(nullptr, lmdb::open_environment_in_memory(lmdb::kMapBytesInMemory), false,
                                            lmdb::CommitOn::caller);
}

}  // namespace shoal::kv

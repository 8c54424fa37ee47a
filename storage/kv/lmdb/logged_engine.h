// The engine on disk. A batch of writes is acknowledged when it is a record of the log, and lives in a memtable until
// the store has it, too:
//
//   writers -> log (sequential, one sync per batch)
//           -> upper memtable -> lower memtable -> runs -> data file (LMDB), in the background
//   readers <- upper memtable <- lower memtable <- runs <- data file
//
// When the upper memtable is half of what the log may hold, it becomes the lower one, and that is settled: it becomes a
// run, and the log is without it from then on. The store knows the number of the last batch that is settled; a start
// after a crash replays those after it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "storage/kv/commit/group_commit.h"
#include "storage/kv/lmdb/data_folder.h"
#include "storage/kv/lmdb/engine.h"
#include "storage/kv/lmdb/store.h"
#include "storage/kv/log/background_sync.h"
#include "storage/kv/log/log.h"
#include "storage/kv/overlay/memtable.h"

namespace shoal::kv::lmdb {

class LoggedEngine final : public Engine {
 public:
  // Throws EngineError.
  LoggedEngine(std::unique_ptr<DataFolder> folder, const LmdbOptions& options);
  ~LoggedEngine() override;  // Leaves no log, so that the next start has nothing to replay.

  std::unique_ptr<Snapshot> snapshot() const override;
  void submit(Body body, Done done, Submitter submitter) override {
    commits_->submit(std::move(body), std::move(done), submitter);
  }
  EngineStatistics statistics() const override;

 private:
  using Memtable = overlay::Memtable;
  using Number = Memtable::Batch;  // Of a batch, and so of a record of the log.
  struct Layers {
    std::shared_ptr<Memtable> upper;
    std::shared_ptr<const Memtable> lower;  // Empty, or on its way into the store.
    Store::Runs runs;
  };
  class View;
  class Transaction;

  void recover();
  void replay(Bytes record, Memtable& table, Number number) const;

  commit::Attempt attempt(std::span<commit::Write> writes);
  void log(Bytes record);
  void make_room();
  std::shared_ptr<const Layers> layers() const;
  template <typename Change>
  void change_layers(Change change);

  void run();
  void settle_lower();
  void settle_rest();

  std::unique_ptr<DataFolder> folder_;
  const bool sync_each_;               // Commit; else ten times a second.
  const std::size_t table_bytes_max_;  // Of a memtable.
  const std::chrono::milliseconds quiet_;
  const std::function<void(const std::string&)> report_;

  Store store_;
  log::Log log_;
  std::string record_;  // Of the batch at hand.

  const std::shared_ptr<const Memtable> nothing_;
  mutable std::mutex layers_mutex_;
  std::shared_ptr<const Layers> layers_;       // Under that.
  std::atomic<std::uint64_t> generation_ = 0;  // Of `layers_`.
  std::atomic<Number> committed_ = 0;          // Readers see the batches up to this one.

  std::mutex mutex_;  // Of what follows.
  std::condition_variable wake_, applied_;
  Number lower_last_ = 0;       // The last batch in the lower memtable.
  bool applying_ = false;       // There is a lower memtable.
  std::exception_ptr failure_;  // Why that is not settled.
  bool stopping_ = false;
  std::thread thread_;  // Which does that.

  std::unique_ptr<log::BackgroundSync> background_sync_;
  std::unique_ptr<commit::GroupCommit> commits_;
};

}  // namespace shoal::kv::lmdb

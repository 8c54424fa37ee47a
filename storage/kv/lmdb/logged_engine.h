// The engine on disk. A batch of writes is acknowledged when it is a record of the log, and lives in a memtable over
// the data file until that has it, too:
//
//   writers -> log (sequential, one sync per batch)
//           -> upper memtable -> lower memtable -> data file (LMDB), in large transactions, in the background
//   readers <- upper memtable <- lower memtable <- data file
//
// When the upper memtable is half of what the log may hold, it becomes the lower one, and what is in that goes into the
// data file key by key, each once however often it was written. The log may hold an eighth of the data, so that a page
// of the file gets as many of the changes at a time, however large it is. The data file notes the number of the last
// record that it has; a start after a crash replays those after it. LMDB's own commits are synced, so the file is whole
// at any time.
#pragma once

#include <atomic>
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
#include "storage/kv/lmdb/environment.h"
#include "storage/kv/lmdb/long_keys.h"
#include "storage/kv/lmdb/readers.h"
#include "storage/kv/lmdb/room_ahead.h"
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
    std::shared_ptr<const Memtable> lower;  // Empty, or on its way into the data file.
  };
  class View;
  class Transaction;

  void recover();
  void replay(Bytes record, Memtable& table, Number number) const;

  commit::Attempt attempt(std::span<commit::Write> writes);
  void log(Bytes record);
  void make_room();
  void size_tables();
  std::shared_ptr<const Layers> layers() const;
  void publish(Layers layers);

  void run();
  std::exception_ptr apply_lower();
  void apply(const Memtable& table, Number last);
  void apply_from(overlay::Memtable::Iterator& at, bool& there, Number last);
  bool grow_after(const Failure& failure);
  void apply_rest();

  std::unique_ptr<DataFolder> folder_;
  const bool sync_each_;  // Commit; else ten times a second.
  const std::size_t log_bytes_max_;
  std::atomic<std::size_t> table_bytes_max_ = 0;  // Of a memtable, by the size of the data file.
  const std::function<void(const std::string&)> report_;

  Environment env_;  // Outlives those who work on it.
  LongKeys keys_;
  RoomAhead room_ahead_;
  mutable Readers readers_;
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
  std::exception_ptr failure_;  // Of the last attempt to put it into the data file.
  bool stopping_ = false;
  std::thread thread_;  // Which does that.

  std::unique_ptr<log::BackgroundSync> background_sync_;
  std::unique_ptr<commit::GroupCommit> commits_;
};

}  // namespace shoal::kv::lmdb

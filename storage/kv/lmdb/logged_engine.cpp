#include "storage/kv/lmdb/logged_engine.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "storage/kv/commit/batch.h"
#include "storage/kv/log/record.h"
#include "storage/kv/overlay/layered_cursor.h"

namespace shoal::kv::lmdb {
namespace {

namespace fs = std::filesystem;
using commit::Attempt;
using commit::CommitOn;
using commit::Write;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPauseAfterFailure{1};
constexpr std::chrono::seconds kProgressInterval{1};
// While memtables follow each other that fast, every core is needed for the writes, and a merge waits. Then, while
// somebody writes, it pauses for four times as long as it works.
constexpr std::chrono::seconds kBusy{3};
constexpr int kPauseShare = 4;

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MB"; }

std::string message_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

// The map as of one batch.
class LoggedEngine::View final : public Snapshot {
 public:
  explicit View(const LoggedEngine& engine) : keys_(engine.store_.keys()) {
    std::uint64_t generation;
    // The layers and the file's state must fit together: a memtable may be in the file and still be over it, for it
    // hides there what it holds; but the file must not have what came after it.
    do {
      generation = engine.generation_.load(std::memory_order_acquire);
      layers_ = engine.layers();
      file_.emplace(engine.store_.readers());
      std::atomic_thread_fence(std::memory_order_acquire);  // LMDB's reads are no atomic ones.
      as_of_ = engine.committed_.load(std::memory_order_acquire);
    } while (engine.generation_.load(std::memory_order_acquire) != generation);
  }

  std::optional<Bytes> get(Bytes key) const override { return get(key, as_of_); }
  std::unique_ptr<Cursor> cursor() const override {
    if (layers_->upper->empty() && layers_->lower->empty() && layers_->runs.empty()) return keys_.cursor(file_->txn());
    return cursor(as_of_);
  }

  std::optional<Bytes> get(Bytes key, Number as_of) const {
    for (const Memtable* table : {static_cast<const Memtable*>(layers_->upper.get()), layers_->lower.get()}) {
      if (const auto found = table->find(key, as_of)) return shown(*found);
    }
    if (!layers_->runs.empty()) {
      const runs::KeyHash hash(key);
      for (const auto& run : layers_->runs) run->prepare(hash);
      for (const auto& run : layers_->runs) {
        if (const auto found = run->find(key, hash)) return shown(*found);
      }
    }
    return keys_.get(file_->txn(), key);
  }
  std::unique_ptr<Cursor> cursor(Number as_of) const {
    std::vector<std::unique_ptr<overlay::LayerCursor>> above;
    above.push_back(std::make_unique<Memtable::Iterator>(*layers_->upper, as_of));
    if (!layers_->lower->empty()) above.push_back(std::make_unique<Memtable::Iterator>(*layers_->lower, as_of));
    for (const auto& run : layers_->runs) above.push_back(run->cursor());
    return std::make_unique<overlay::LayeredCursor>(std::move(above), keys_.cursor(file_->txn()));
  }
  Memtable& upper() const { return *layers_->upper; }

 private:
  static std::optional<Bytes> shown(const overlay::Found& found) {
    return found.erased ? std::nullopt : std::optional(found.value);
  }

  const LongKeys& keys_;
  std::shared_ptr<const Layers> layers_;
  std::optional<Readers::Lease> file_;
  Number as_of_ = 0;
};

// Undone unless it is kept.
class LoggedEngine::Transaction final : public commit::StoreTransaction {
 public:
  Transaction(const LoggedEngine& engine, Number number, std::string& record)
      : view_(engine), table_(view_.upper()), number_(number), record_(record) {
    record_.clear();
  }
  ~Transaction() override { table_.undo(); }
  Transaction(const Transaction&) = delete;

  std::optional<Bytes> get(Bytes key) const override { return view_.get(key, number_); }
  std::unique_ptr<Cursor> cursor() const override { return view_.cursor(number_); }
  void put(Bytes key, Bytes value) override {
    table_.put(key, value, number_);
    log::append_put(record_, key, value);
  }
  void erase(Bytes key) override {
    table_.erase(key, number_);
    log::append_erase(record_, key);
  }
  void keep() { table_.keep(); }

 private:
  const View view_;
  Memtable& table_;
  const Number number_;
  std::string& record_;
};

LoggedEngine::LoggedEngine(std::unique_ptr<DataFolder> folder, const LmdbOptions& options)
    : folder_(std::move(folder)),
      sync_each_(options.durability == Durability::sync),
      table_bytes_max_(options.log_bytes / 2),
      quiet_(options.quiet),
      report_(options.report),
      store_(*folder_, options),
      log_(folder_->path()),
      nothing_(std::make_shared<Memtable>()) {
  recover();
  folder_->upgrade();
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "apply-log");
  if (!sync_each_) {
    background_sync_ = std::make_unique<log::BackgroundSync>([this] {
      try {
        log_.sync();
      } catch (const std::exception& failure) {
        report_(std::string(failure.what()) + ": the last writes may not survive the machine");
      }
    });
  }
  // A commit that is synced waits for the disk: not on a thread that has others to serve.
  commits_ = std::make_unique<commit::GroupCommit>([this](std::span<Write> writes) { return attempt(writes); },
                                                   sync_each_ ? CommitOn::thread : CommitOn::caller);
}

LoggedEngine::~LoggedEngine() {
  commits_.reset();
  background_sync_.reset();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  try {
    settle_rest();
  } catch (const std::exception& failure) {
    report_(std::string(failure.what()) + ": the next start replays the log");
  }
}

void LoggedEngine::settle_rest() {
  const auto rest = layers();
  if (!rest->lower->empty()) store_.settle(*rest->lower, lower_last_);
  if (!rest->upper->empty()) store_.settle(*rest->upper, committed_);
  log_.clear();
}

void LoggedEngine::recover() {
  const auto began = steady_clock::now();
  auto said = began;
  const auto progress = [&](std::uint64_t done, std::uint64_t all) {
    if (steady_clock::now() - said < kProgressInterval) return;
    said = steady_clock::now();
    report_("recovering: " + megabytes(done) + " of " + megabytes(all) + " of the log");
  };
  const Number from = store_.last() + 1;
  Number number = from;
  auto table = std::make_shared<Memtable>(table_bytes_max_);
  log_.replay(
      from,
      [&](Bytes record) {
        replay(record, *table, number);
        if (table->bytes() >= table_bytes_max_) {
          store_.settle(*table, number);
          table = std::make_shared<Memtable>(table_bytes_max_);
        }
        ++number;
      },
      progress);
  committed_ = log_.next_record() - 1;
  layers_ = std::make_shared<const Layers>(Layers{std::move(table), nothing_, store_.runs()});
  if (number == from) return;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  report_("recovered " + std::to_string(number - from) + " batches of writes from the log in " +
          std::to_string(took.count()) + " ms");
}

void LoggedEngine::replay(Bytes record, Memtable& table, Number number) const {
  log::read_record(
      record, [&](Bytes key, Bytes value) { table.put(key, value, number); },
      [&](Bytes key) { table.erase(key, number); });
  table.keep();
}

std::unique_ptr<Snapshot> LoggedEngine::snapshot() const { return std::make_unique<View>(*this); }

EngineStatistics LoggedEngine::statistics() const {
  auto now = commits_->statistics();
  const auto layers = this->layers();
  now.unapplied_bytes = layers->upper->bytes() + layers->lower->bytes();
  now.runs = layers->runs.size();
  for (const auto& run : layers->runs) now.run_bytes += run->bytes();
  return now;
}

// The one place where writes become durable, by the log, and then visible.
Attempt LoggedEngine::attempt(std::span<Write> writes) {
  Attempt tried;
  try {
    make_room();
    const auto number = log_.next_record();
    Transaction transaction(*this, number, record_);
    commit::Batch batch(transaction);
    tried = batch.run(writes);
    if (tried.failure || record_.empty()) return tried;
    log(record_);
    transaction.keep();
    committed_.store(number, std::memory_order_release);
  } catch (...) {
    tried = {0, false, std::current_exception()};
  }
  return tried;
}

void LoggedEngine::log(Bytes record) {
  log_.append(record);
  if (background_sync_) return background_sync_->note();
  try {
    log_.sync();
  } catch (...) {
    log_.take_back();
    throw;
  }
}

// In the upper memtable.
void LoggedEngine::make_room() {
  const auto full = layers()->upper;
  if (full->bytes() < table_bytes_max_) return;
  std::unique_lock lock(mutex_);
  while (applying_) {
    if (failure_) throw EngineError("the log is full, and cannot be emptied: " + message_of(failure_));
    applied_.wait(lock);
  }
  applying_ = true;
  lower_last_ = committed_;
  change_layers([&](Layers& now) {
    now.lower = full;
    now.upper = std::make_shared<Memtable>(table_bytes_max_);
  });
  wake_.notify_one();
}

std::shared_ptr<const LoggedEngine::Layers> LoggedEngine::layers() const {
  const std::lock_guard lock(layers_mutex_);
  return layers_;
}

// By the writer and by the thread, each its own part.
template <typename Change>
void LoggedEngine::change_layers(Change change) {
  std::shared_ptr<const Layers> before;  // Which may be the last to hold a memtable: it goes without the lock.
  {
    const std::lock_guard lock(layers_mutex_);
    auto changed = std::make_shared<Layers>(*layers_);
    change(*changed);
    before = std::exchange(layers_, std::move(changed));
  }
  generation_.fetch_add(1, std::memory_order_acq_rel);
}

void LoggedEngine::run() {
  std::unique_lock lock(mutex_);
  const auto called = [&] { return applying_ || stopping_; };
  std::optional<steady_clock::time_point> settled;
  while (!stopping_) {
    const auto committed = committed_.load();
    const bool settles = applying_ && !store_.is_full();
    const bool idle = !settles && !store_.has_work();
    if (idle && (wake_.wait_for(lock, quiet_, called) || committed != committed_ || store_.runs().empty())) continue;
    if (!settles && !store_.has_urgent_work() && settled && wake_.wait_until(lock, *settled + kBusy, called)) continue;
    lock.unlock();
    const auto began = steady_clock::now();
    std::exception_ptr failure;
    try {
      if (settles) {
        settle_lower();
      } else {
        if (idle) store_.begin_merge();
        store_.work();
        change_layers([&](Layers& now) { now.runs = store_.runs(); });
      }
    } catch (const std::exception& error) {
      report_(std::string(error.what()) + (settles ? ": the log grows meanwhile" : ": to be tried again"));
      failure = std::current_exception();
    }
    lock.lock();
    if (settles) {
      applying_ = failure != nullptr;
      settled = steady_clock::now();
    }
    failure_ = settles || store_.is_full() ? failure : nullptr;
    applied_.notify_all();
    if (failure) {
      wake_.wait_for(lock, kPauseAfterFailure, [&] { return stopping_; });
    } else if (!settles && committed != committed_ && !store_.has_urgent_work()) {
      wake_.wait_for(lock, (steady_clock::now() - began) * kPauseShare, called);
    }
  }
}

void LoggedEngine::settle_lower() {
  store_.settle(*layers()->lower, lower_last_);
  change_layers([&](Layers& now) {
    now.lower = nothing_;
    now.runs = store_.runs();
  });
  try {
    log_.forget_before(lower_last_ + 1);
    log_.prepare_segment();
  } catch (const std::exception& failure) {
    report_(failure.what());  // The next segment will be made when it is needed.
  }
}

}  // namespace shoal::kv::lmdb

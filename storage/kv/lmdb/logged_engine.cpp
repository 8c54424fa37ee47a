#include "storage/kv/lmdb/logged_engine.h"

#include <lmdb.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "storage/kv/commit/batch.h"
#include "storage/kv/lmdb/write_transaction.h"
#include "storage/kv/log/file.h"
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
constexpr std::size_t kTableBytesLeast = std::size_t{64} << 20;
constexpr std::size_t kTableShare = 16;  // Of the data file that one memtable may be as large as.
constexpr int kKeysInTransaction =
    8'000;  // Of LMDB's: short ones, so that the log's syncs need not wait long for theirs.

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MB"; }

std::string message_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  }
}

// Under another name until it is whole on the disk: one that has its name can be opened.
void make_data_file(const DataFolder& folder) {
  if (fs::exists(folder.data_file())) return;
  const auto passing = folder.path() / "data.new";
  fs::remove(passing);
  {
    const auto env = open_environment(passing, std::size_t{1} << 20, 0);
    const LongKeys made(env.get());
  }
  fs::remove(passing.string() + "-lock");
  log::rename_file(passing, folder.data_file());
  log::sync_folder(folder.path());
}

Environment open_data_file(const DataFolder& folder, std::size_t map_bytes) {
  make_data_file(folder);
  // Neighbours in the file are none in the order of keys: what the system would read ahead is not what is asked next.
  return open_environment(folder.data_file(), map_bytes, MDB_NORDAHEAD);
}

LongKeys open_keys(MDB_env* env, const DataFolder& folder) {
  try {
    return LongKeys(env);
  } catch (const Failure& failure) {
    throw Failure(failure.code(), "opening " + folder.data_file().string());
  }
}

}  // namespace

// The map as of one batch.
class LoggedEngine::View final : public Snapshot {
 public:
  explicit View(const LoggedEngine& engine) : keys_(engine.keys_) {
    std::uint64_t generation;
    // The layers and the file's state must fit together: a memtable may be in the file and still be over it, for it
    // hides there what it holds; but the file must not have what came after it.
    do {
      generation = engine.generation_.load(std::memory_order_acquire);
      layers_ = engine.layers();
      file_.emplace(engine.readers_);
      std::atomic_thread_fence(std::memory_order_acquire);  // LMDB's reads are no atomic ones.
      as_of_ = engine.committed_.load(std::memory_order_acquire);
    } while (engine.generation_.load(std::memory_order_acquire) != generation);
  }

  std::optional<Bytes> get(Bytes key) const override { return get(key, as_of_); }
  std::unique_ptr<Cursor> cursor() const override {
    if (layers_->upper->empty() && layers_->lower->empty()) return keys_.cursor(file_->txn());
    return cursor(as_of_);
  }

  std::optional<Bytes> get(Bytes key, Number as_of) const {
    for (const Memtable* table : {static_cast<const Memtable*>(layers_->upper.get()), layers_->lower.get()}) {
      const auto found = table->find(key, as_of);
      if (found) return found->erased ? std::nullopt : std::optional(found->value);
    }
    return keys_.get(file_->txn(), key);
  }
  std::unique_ptr<Cursor> cursor(Number as_of) const {
    return std::make_unique<overlay::LayeredCursor>(*layers_->upper, *layers_->lower, as_of,
                                                    keys_.cursor(file_->txn()));
  }
  Memtable& upper() const { return *layers_->upper; }

 private:
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
      log_bytes_max_(options.log_bytes),
      report_(options.report),
      env_(open_data_file(*folder_, options.map_bytes)),
      keys_(open_keys(env_.get(), *folder_)),
      room_ahead_(env_.get()),
      readers_(env_.get()),
      log_(folder_->path()),
      nothing_(std::make_shared<Memtable>()) {
  size_tables();
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
    apply_rest();
  } catch (const std::exception& failure) {
    report_(std::string(failure.what()) + ": the next start replays the log");
  }
}

void LoggedEngine::apply_rest() {
  const auto rest = layers();
  if (!rest->lower->empty()) apply(*rest->lower, lower_last_);
  if (!rest->upper->empty()) apply(*rest->upper, committed_);
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
  const Number from = keys_.note(Readers::Lease(readers_).txn()) + 1;
  Number number = from;
  auto table = std::make_shared<Memtable>(table_bytes_max_);
  log_.replay(
      from,
      [&](Bytes record) {
        replay(record, *table, number);
        if (table->bytes() >= table_bytes_max_) {
          apply(*table, number);
          size_tables();
          table = std::make_shared<Memtable>(table_bytes_max_);
        }
        ++number;
      },
      progress);
  committed_ = log_.next_record() - 1;
  publish({std::move(table), nothing_});
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
  const auto both = layers();
  now.unapplied_bytes = both->upper->bytes() + both->lower->bytes();
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
  publish({std::make_shared<Memtable>(table_bytes_max_), full});
  wake_.notify_one();
}

void LoggedEngine::size_tables() {
  const auto most = log_bytes_max_ / 2;
  table_bytes_max_ = std::clamp(used_bytes(env_.get()) / kTableShare, std::min(kTableBytesLeast, most), most);
}

std::shared_ptr<const LoggedEngine::Layers> LoggedEngine::layers() const {
  const std::lock_guard lock(layers_mutex_);
  return layers_;
}

void LoggedEngine::publish(Layers layers) {
  auto published = std::make_shared<const Layers>(std::move(layers));
  {
    const std::lock_guard lock(layers_mutex_);
    layers_.swap(published);
  }
  generation_.fetch_add(1, std::memory_order_acq_rel);
}

void LoggedEngine::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return applying_ || stopping_; });
    if (stopping_) return;
    lock.unlock();
    auto failure = apply_lower();
    lock.lock();
    applying_ = failure != nullptr;
    failure_ = std::move(failure);
    applied_.notify_all();
    if (failure_) wake_.wait_for(lock, kPauseAfterFailure, [&] { return stopping_; });
  }
}

// Nobody else changes the layers meanwhile.
std::exception_ptr LoggedEngine::apply_lower() {
  try {
    const auto both = layers();
    apply(*both->lower, lower_last_);
    publish({both->upper, nothing_});
    size_tables();
  } catch (const std::exception& failure) {
    report_(std::string(failure.what()) + ": the log grows meanwhile");
    return std::current_exception();
  }
  try {
    log_.forget_before(lower_last_ + 1);
    log_.prepare_segment();
  } catch (const std::exception& failure) {
    report_(failure.what());  // The next segment will be made when it is needed.
  }
  return nullptr;
}

// Into the data file. What is interrupted is begun again: it writes the same once more.
void LoggedEngine::apply(const Memtable& table, Number last) {
  Memtable::Iterator at(table, last);
  bool there = at.seek({});
  do {
    const auto from = there ? std::string(at.key()) : std::string();
    try {
      apply_from(at, there, last);
    } catch (const Failure& failure) {
      if (!grow_after(failure)) throw;
      there = at.seek(from);
    }
  } while (there);
}

// One transaction of LMDB's. The last one notes how much of the log is in the file.
void LoggedEngine::apply_from(Memtable::Iterator& at, bool& there, Number last) {
  room_ahead_.make();
  WriteTransaction txn(env_.get());
  for (int i = 0; there && i < kKeysInTransaction; ++i, there = at.next()) {
    if (at.erased()) {
      keys_.erase(txn.get(), at.key());
    } else {
      keys_.put(txn.get(), at.key(), at.value());
    }
  }
  if (!there) keys_.set_note(txn.get(), last);
  txn.commit("writing to the data file");
}

// The map moves when it grows, so not under a reader.
bool LoggedEngine::grow_after(const Failure& failure) {
  if (failure.code() != MDB_MAP_FULL) return false;
  bool larger = false;
  return readers_.while_none([&] { larger = double_map(env_.get()); }) && larger;
}

}  // namespace shoal::kv::lmdb

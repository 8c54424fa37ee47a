#include "storage/kv/lmdb/store.h"

#include <lmdb.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <set>
#include <string_view>
#include <utility>

#include "storage/kv/lmdb/write_transaction.h"
#include "storage/kv/log/file.h"

namespace shoal::kv::lmdb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRunPrefix = "run.";
constexpr const char* kWriting = "writing to the data file";
// In a transaction of LMDB's, or written to a run at a time: few, so that a memtable, or a sync of the log, need not
// wait long for it.
constexpr int kKeysAtATime = 8'000;
constexpr std::uint64_t kMergeShare = 2;  // A merge pays when it brings half as much as there is.
// Of a size. Large ones are worth the work later.
constexpr std::size_t kRunsToCompact = 8, kLargeRunsToCompact = 32;
constexpr int kLargeTier = 3;

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

// The note: eight bytes, big-endian, for the last settled batch, and for the number of each run, the newest first.
constexpr std::size_t kNumberBytes = 8;

void append_number(std::string& note, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) note += static_cast<char>(number >> shift);
}

std::uint64_t number_at(Bytes note, std::size_t at) {
  std::uint64_t number = 0;
  for (const char byte : note.substr(at, kNumberBytes)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string note_of(Store::Number last, const Store::Runs& runs) {
  std::string note;
  append_number(note, last);
  for (const auto& run : runs) append_number(note, run->number());
  return note;
}

std::uint64_t bytes_of(const Store::Runs& runs) {
  std::uint64_t bytes = 0;
  for (const auto& run : runs) bytes += run->bytes();
  return bytes;
}

overlay::LayeredCursor cursor_over(const Store::Runs& runs) {
  std::vector<std::unique_ptr<overlay::LayerCursor>> cursors;
  for (const auto& run : runs) cursors.push_back(run->cursor(runs::Run::Reading::whole));
  return {std::move(cursors), nullptr};
}

// Some keys from where the cursor stands, as they are there. Whether there are more.
bool copy_some(overlay::LayerCursor& at, runs::RunWriter& writer) {
  bool there = true;
  for (int i = 0; there && i < kKeysAtATime; ++i, there = at.next()) {
    if (at.erased()) {
      writer.erase(at.key());
    } else {
      writer.put(at.key(), at.value());
    }
  }
  return there;
}

// By size: less than 4 MB, 32 MB, 256 MB, 2 GB, ...
int tier_of(const runs::Run& run) { return std::bit_width(run.bytes() >> 20) / 3; }

}  // namespace

struct Store::Compaction {
  Runs runs;
  std::uint64_t number;
  overlay::LayeredCursor at;
  runs::RunWriter writer;
};

struct Store::Merge {
  Runs runs;
  overlay::LayeredCursor at;
};

Store::Store(const DataFolder& folder, const LmdbOptions& options)
    : folder_(folder),
      table_bytes_least_(options.log_bytes / 16),
      run_bytes_(options.run_bytes),
      env_(open_data_file(folder, options.map_bytes)),
      keys_(open_keys(env_.get(), folder)),
      room_ahead_(env_.get()),
      readers_(env_.get()) {
  open_runs(std::string(keys_.note(Readers::Lease(readers_).txn())));
}

Store::~Store() = default;

void Store::open_runs(const std::string& note) {
  if (!note.empty()) last_ = number_at(note, 0);
  std::set<fs::path> noted;
  for (std::size_t at = kNumberBytes; at < note.size(); at += kNumberBytes) {
    const auto number = number_at(note, at);
    next_run_ = std::max(next_run_, number + 1);
    runs_.push_back(std::make_shared<const runs::Run>(run_file(number), number));
    noted.insert(run_file(number));
  }
  // What was merged, or did not come to be a run.
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    if (entry.path().filename().string().starts_with(kRunPrefix) && noted.count(entry.path()) == 0) fs::remove(entry);
  }
}

fs::path Store::run_file(std::uint64_t number) const {
  return folder_.path() / (std::string(kRunPrefix) + std::to_string(number));
}

std::uint64_t Store::run_bytes() const { return bytes_of(runs_); }
std::uint64_t Store::bytes() const { return used_bytes(env_.get()) + run_bytes(); }

// Half of the data file, and where that is little some gigabytes; but not more than half of the disk's room.
std::uint64_t Store::run_bytes_max() const {
  std::error_code unknown;
  const auto room = fs::space(folder_.path(), unknown).available;
  const auto most = std::max<std::uint64_t>(run_bytes_, used_bytes(env_.get()) / kMergeShare);
  return unknown ? most : std::min<std::uint64_t>(most, (room + run_bytes()) / 2);
}

bool Store::is_full() const { return !runs_.empty() && run_bytes() >= run_bytes_max(); }
bool Store::is_nearly_full() const { return !runs_.empty() && run_bytes() >= run_bytes_max() / 4 * 3; }

bool Store::has_urgent_work() const { return compaction_ || is_nearly_full() || !runs_to_compact().empty(); }

bool Store::has_work() const {
  return merge_ || has_urgent_work() || (!runs_.empty() && run_bytes() >= used_bytes(env_.get()) / kMergeShare);
}

void Store::work() {
  if (!compaction_ && !is_full()) {
    if (auto runs = runs_to_compact(); !runs.empty()) begin_compaction(std::move(runs));
  }
  if (compaction_) return compact_some();
  if (!merge_) begin_merge();
  merge_some();
}

// Into a run; where that is small, or as large as half of the data file, into that at once.
void Store::settle(const Memtable& table, Number last) {
  const auto bytes = table.bytes();
  const bool at_once = bytes <= table_bytes_least_ || bytes >= used_bytes(env_.get()) / kMergeShare;
  if (runs_.empty() && at_once) {
    apply(table, last);
  } else {
    write_run(table, last);
  }
  last_ = last;
}

void Store::apply(const Memtable& table, Number last) {
  Memtable::Iterator at(table, last);
  if (!at.seek({})) return write_note(last, {});
  while (apply_some(at, last, {})) {
  }
}

// To the data file, in one transaction. Whether there is more: the last one writes the note.
bool Store::apply_some(overlay::LayerCursor& at, Number last, const Runs& runs) {
  const std::string from(at.key());
  for (;;) {
    try {
      room_ahead_.make();
      WriteTransaction txn(env_.get());
      bool there = true;
      for (int i = 0; there && i < kKeysAtATime; ++i, there = at.next()) {
        if (at.erased()) {
          keys_.erase(txn.get(), at.key());
        } else {
          keys_.put(txn.get(), at.key(), at.value());
        }
      }
      if (!there) keys_.set_note(txn.get(), note_of(last, runs));
      txn.commit(kWriting);
      return there;
    } catch (const Failure& failure) {
      at.seek(from);
      if (!grow_after(failure)) throw;
    }
  }
}

void Store::write_note(Number last, const Runs& runs) {
  for (;;) {
    try {
      WriteTransaction txn(env_.get());
      keys_.set_note(txn.get(), note_of(last, runs));
      return txn.commit(kWriting);
    } catch (const Failure& failure) {
      if (!grow_after(failure)) throw;
    }
  }
}

// The map moves when it grows, so not under a reader.
bool Store::grow_after(const Failure& failure) {
  if (failure.code() != MDB_MAP_FULL) return false;
  bool larger = false;
  return readers_.while_none([&] { larger = double_map(env_.get()); }) && larger;
}

void Store::write_run(const Memtable& table, Number last) {
  Memtable::Iterator at(table, last);
  if (!at.seek({})) return write_note(last, runs_);
  const auto number = next_run_++;
  runs::RunWriter writer(run_file(number), table.keys());
  while (copy_some(at, writer)) {
  }
  writer.finish();
  auto runs = runs_;
  runs.insert(runs.begin(), std::make_shared<const runs::Run>(run_file(number), number));
  note(last, std::move(runs), writer);
}

// One of the runs is new: what `writer` wrote.
void Store::note(Number last, Runs runs, runs::RunWriter& writer) {
  log::sync_folder(folder_.path());
  try {
    write_note(last, runs);
  } catch (...) {
    if (is_in_doubt()) writer.keep();  // The next start knows whether it is noted.
    throw;
  }
  writer.keep();
  runs_ = std::move(runs);
}

// Whether a commit that failed may have happened: then LMDB takes no others.
bool Store::is_in_doubt() const {
  try {
    WriteTransaction(env_.get());
    return false;
  } catch (const Failure&) {
    return true;
  }
}

// Of those that no merge is about, the newest, with eight of the greatest size among them; or none.
Store::Runs Store::runs_to_compact() const {
  const auto end = runs_.end() - static_cast<std::ptrdiff_t>(merge_ ? merge_->runs.size() : 0);
  std::size_t of_tier = 0;
  int tier = 0;
  for (auto at = runs_.begin(); at != end; ++at) {
    const int its = tier_of(**at);
    if (its > tier) {
      tier = its;
      of_tier = 0;
    }
    of_tier += its == tier;
    if (of_tier == (tier < kLargeTier ? kRunsToCompact : kLargeRunsToCompact)) return Runs(runs_.begin(), at + 1);
  }
  return {};
}

void Store::begin_compaction(Runs runs) {
  const auto number = next_run_++;
  std::uint64_t keys = 0;
  for (const auto& run : runs) keys += run->keys();
  auto at = cursor_over(runs);
  at.seek({});
  compaction_.reset(new Compaction{std::move(runs), number, std::move(at), {run_file(number), keys}});
}

void Store::compact_some() {
  try {
    auto& [compacted, number, at, writer] = *compaction_;
    if (copy_some(at, writer)) return;
    writer.finish();
    // Newer ones than those may have come meanwhile, and older ones may have gone.
    auto runs = runs_;
    const auto first = std::find(runs.begin(), runs.end(), compacted.front());
    *first = std::make_shared<const runs::Run>(run_file(number), number);
    runs.erase(first + 1, first + static_cast<std::ptrdiff_t>(compacted.size()));
    note(last_, std::move(runs), writer);
    remove_files(compacted);
    compaction_.reset();
  } catch (...) {
    compaction_.reset();
    throw;
  }
}

void Store::begin_merge() {
  if (runs_.empty() || compaction_) return;
  // The oldest: enough for a page of the file to get a few changes at a time, and no more, for none of them goes before
  // all are merged.
  auto first = runs_.end();
  for (std::uint64_t bytes = 0; first != runs_.begin() && bytes < used_bytes(env_.get()) / kMergeShare;)
    bytes += (*--first)->bytes();
  Runs oldest(first, runs_.end());
  auto at = cursor_over(oldest);
  at.seek({});
  merge_.reset(new Merge{std::move(oldest), std::move(at)});
}

void Store::merge_some() {
  try {
    auto newer = runs_;
    newer.resize(runs_.size() - merge_->runs.size());
    if (apply_some(merge_->at, last_, newer)) return;
    runs_ = std::move(newer);
    remove_files(merge_->runs);
    merge_.reset();
  } catch (const Failure&) {
    throw;  // It goes on from there.
  } catch (...) {
    merge_.reset();
    throw;
  }
}

// Readers may have them open: what they see stays.
void Store::remove_files(const Runs& runs) const {
  for (const auto& run : runs) std::remove(run->path().c_str());
}

}  // namespace shoal::kv::lmdb

// What lies below the memtables: the data file (LMDB), and over it the runs, which are newer.
//
// A memtable becomes a run: that is one sequential write, however its keys are scattered. When the runs have grown to
// half of the data file, all of them together are merged into it, in the order of keys, so that a page of the file is
// written once for several changes. Eight runs of about a size become one meanwhile, so that readers find few.
//
// The data file notes the number of the last batch that is settled, and the runs, so both change with one commit of
// LMDB's, which is synced: a file of a run counts when it is noted, and not any more when the note is without it. What
// is in the runs may be in the data file already, of a merge that goes on or was interrupted: they hide it.
//
// All is for one thread at a time, but keys() and readers().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "storage/kv/lmdb/data_folder.h"
#include "storage/kv/lmdb/engine.h"
#include "storage/kv/lmdb/environment.h"
#include "storage/kv/lmdb/long_keys.h"
#include "storage/kv/lmdb/readers.h"
#include "storage/kv/lmdb/room_ahead.h"
#include "storage/kv/overlay/layered_cursor.h"
#include "storage/kv/overlay/memtable.h"
#include "storage/kv/runs/run.h"
#include "storage/kv/runs/run_writer.h"

namespace shoal::kv::lmdb {

class Store {
 public:
  using Memtable = overlay::Memtable;
  using Number = Memtable::Batch;
  using Runs = std::vector<std::shared_ptr<const runs::Run>>;  // The newest first.

  // `folder` must outlive it. Throws EngineError, as the others do; those leave the store as it was.
  Store(const DataFolder& folder, const LmdbOptions& options);
  ~Store();

  const LongKeys& keys() const { return keys_; }
  Readers& readers() const { return readers_; }

  Number last() const { return last_; }  // The last batch that is settled.
  const Runs& runs() const { return runs_; }
  std::uint64_t run_bytes() const;
  std::uint64_t bytes() const;  // Of the data file and the runs.

  // All that batches up to `last` wrote and that was not settled before.
  void settle(const Memtable& table, Number last);

  // Whether there is as much in runs as may be: what is to be settled has to wait for a merge.
  bool is_full() const;
  bool has_work() const;         // Runs that should be one, or be merged into the data file.
  bool has_urgent_work() const;  // Of these, what costs others more the longer it waits.
  void begin_merge();            // Of what there is, though it be little.
  void work();                   // A few milliseconds of it.

 private:
  struct Compaction;  // Of a few runs into one.
  struct Merge;       // Of runs into the data file.

  void open_runs(const std::string& note);
  std::filesystem::path run_file(std::uint64_t number) const;
  std::uint64_t run_bytes_max() const;
  bool is_nearly_full() const;

  void apply(const Memtable& table, Number last);
  bool apply_some(overlay::LayerCursor& at, Number last, const Runs& runs);
  void write_run(const Memtable& table, Number last);
  void note(Number last, Runs runs, runs::RunWriter& writer);
  void write_note(Number last, const Runs& runs);
  bool is_in_doubt() const;
  bool grow_after(const Failure& failure);

  void begin_compaction(Runs runs);
  Runs runs_to_compact() const;
  void compact_some();
  void merge_some();
  void remove_files(const Runs& runs) const;

  const DataFolder& folder_;
  const std::uint64_t table_bytes_least_;  // Of a memtable that becomes a run where there is none.
  const std::uint64_t run_bytes_;          // That there may be in any case.
  Environment env_;                        // Outlives those who work on it.
  LongKeys keys_;
  RoomAhead room_ahead_;
  mutable Readers readers_;

  Number last_ = 0;
  Runs runs_;
  std::uint64_t next_run_ = 1;
  std::unique_ptr<Compaction> compaction_;
  std::unique_ptr<Merge> merge_;
};

}  // namespace shoal::kv::lmdb

// LMDB on memory that goes with the process: a batch is one write transaction of LMDB's, a snapshot a read transaction.
#pragma once

#include "storage/kv/commit/group_commit.h"
#include "storage/kv/kv.h"
#include "storage/kv/lmdb/environment.h"
#include "storage/kv/lmdb/long_keys.h"
#include "storage/kv/lmdb/readers.h"

namespace shoal::kv::lmdb {

class MemoryEngine final : public Engine {
 public:
  explicit MemoryEngine(Environment env)
      : env_(std::move(env)),
        keys_(env_.get()),
        readers_(env_.get()),
        commits_([this](std::span<commit::Write> writes) { return attempt(writes); }, commit::CommitOn::caller) {}

  std::unique_ptr<Snapshot> snapshot() const override;
  void submit(Body body, Done done, Submitter submitter) override {
    commits_.submit(std::move(body), std::move(done), submitter);
  }
  EngineStatistics statistics() const override { return commits_.statistics(); }

 private:
  commit::Attempt attempt(std::span<commit::Write> writes);
  commit::Attempt attempt_once(std::span<commit::Write> writes);
  bool make_room_after(const std::exception_ptr& failure);

  Environment env_;  // Outlives those who work on it.
  LongKeys keys_;
  mutable Readers readers_;
  commit::GroupCommit commits_;
};

}  // namespace shoal::kv::lmdb

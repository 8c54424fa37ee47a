// The group-commit thread: takes every write that is waiting, has them committed together, and tells each how it ended.
// It knows nothing of the store: what a batch is and how it becomes durable and visible is the function it is given.
//
//   GroupCommit commits([&](std::span<Write> writes) { store.commit(writes); });
//   commits.submit(body, done);
//
// Never waits for more writes than there are; writes run in the order in which they were submitted.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "storage/kv/kv.h"

namespace shoal::kv::lmdb {

struct Write {
  Body body;
  Done done;
  std::exception_ptr failure = nullptr;  // Set by whoever ran it.

  void complete();  // Calls `done`, and lets go of what the write held.
};

class GroupCommit {
 public:
  // Commits and completes all of `writes`; does not throw.
  using Commit = std::function<void(std::span<Write> writes)>;

  explicit GroupCommit(Commit commit);
  ~GroupCommit();  // Once everything submitted is completed.
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  void submit(Body body, Done done);

 private:
  void run();
  bool take(std::vector<Write>& batch);

  const Commit commit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Write> waiting_;
  bool asleep_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace shoal::kv::lmdb

// Group commit: takes every write that is waiting, has them committed together, and tells each how it ended. It knows
// nothing of the store: what a batch is and how it becomes durable and visible is the function it is given.
//
//   GroupCommit commits([&](std::span<Write> writes) { return store.attempt(writes); }, CommitOn::thread);
//   commits.submit(body, done);
//
// Never waits for more writes than there are; writes run in the order in which they were submitted, one batch at a
// time. What cannot be committed together is taken apart until who fails, fails alone.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "storage/kv/kv.h"

namespace shoal::kv::commit {

struct Write {
  Body body;
  Done done;
  std::exception_ptr failure = nullptr;  // Set by whoever ran it.

  void complete();  // Calls `done`, and lets go of what the write held.
};

// What became of a batch. Without a failure the first `count` writes are committed, or have failures of their own; with
// one none is, and it was the fault of the write after those when it `is_of_one`, else anyone's.
struct Attempt {
  std::size_t count = 0;
  bool is_of_one = false;
  std::exception_ptr failure;
};

enum class CommitOn {
  thread,  // A thread of its own: for commits that wait for a disk, while callers have other things to do. A caller who
           // has not commits itself when nothing is being committed.
  caller,  // Whoever submits when nothing is being committed; the thread only takes over from a caller who has done its
           // share. For commits that cost less than waking a thread does.
};

class GroupCommit {
 public:
  // Commits the writes, or as many as make a batch. Does not throw.
  using Try = std::function<Attempt(std::span<Write> writes)>;

  GroupCommit(Try attempt, CommitOn where);
  ~GroupCommit();  // Once everything submitted is completed.
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  void submit(Body body, Done done, Submitter submitter = Submitter::serves_others);

  EngineStatistics statistics() const;  // But for what is the store's to say.

 private:
  using Lock = std::unique_lock<std::mutex>;
  void run();
  void commit(std::span<Write> writes);
  void commit_waiting(Lock& lock);
  void commit_as_caller(Lock& lock, int batches);
  void wake_thread(Lock& lock);

  const Try attempt_;
  const CommitOn where_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Write> waiting_;
  std::vector<Write> spare_;  // The room of the last batch.
  bool committing_ = false;   // Someone is; what is submitted meanwhile is theirs to take along or to hand on.
  bool asleep_ = false;       // The thread is.
  bool stopping_ = false;
  EngineStatistics statistics_;
  std::thread thread_;
};

}  // namespace shoal::kv::commit

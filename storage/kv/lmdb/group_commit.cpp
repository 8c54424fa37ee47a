#include "storage/kv/lmdb/group_commit.h"

#include <pthread.h>

#include <utility>

namespace shoal::kv::lmdb {

// What a burst of writes made the queue hold is given back once it is over.
constexpr std::size_t kIdleCapacityMax = 4096;

// A caller commits its own write and what came meanwhile, but is not kept from its own affairs for long.
constexpr int kBatchesOfCaller = 4;

void Write::complete() {
  body = nullptr;
  std::exchange(done, nullptr)(std::exchange(failure, nullptr));
}

GroupCommit::GroupCommit(Commit commit, CommitOn where)
    : commit_(std::move(commit)), where_(where), thread_([this] { run(); }) {
  pthread_setname_np(thread_.native_handle(), "group-commit");
}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void GroupCommit::submit(Body body, Done done) {
  Lock lock(mutex_);
  waiting_.push_back({std::move(body), std::move(done)});
  if (committing_) return;
  if (where_ == CommitOn::caller) return commit_as_caller(lock);
  wake_thread(lock);
}

// Commits what is waiting now. Gives up the lock for that long.
void GroupCommit::commit_waiting(Lock& lock) {
  std::vector<Write> batch = std::move(spare_);
  batch.swap(waiting_);
  committing_ = true;
  lock.unlock();
  commit_(batch);
  batch.clear();
  if (batch.capacity() > kIdleCapacityMax) batch.shrink_to_fit();
  lock.lock();
  committing_ = false;
  spare_ = std::move(batch);
}

void GroupCommit::commit_as_caller(Lock& lock) {
  for (int i = 0; i < kBatchesOfCaller && !waiting_.empty(); ++i) {
    commit_waiting(lock);
    if (committing_) return;  // Another caller came in between, or the thread.
  }
  if (!waiting_.empty()) wake_thread(lock);
}

void GroupCommit::wake_thread(Lock& lock) {
  const bool wake = std::exchange(asleep_, false);
  lock.unlock();
  if (wake) wake_.notify_one();
}

void GroupCommit::run() {
  Lock lock(mutex_);
  for (;;) {
    if (!waiting_.empty() && !committing_) {
      commit_waiting(lock);
    } else if (stopping_ && waiting_.empty() && !committing_) {
      return;
    } else {
      asleep_ = true;
      wake_.wait(lock);
      asleep_ = false;
    }
  }
}

}  // namespace shoal::kv::lmdb

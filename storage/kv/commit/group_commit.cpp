#include "storage/kv/commit/group_commit.h"

#include <pthread.h>

#include <utility>

namespace shoal::kv::commit {

// What a burst of writes made the queue hold is given back once it is over.
constexpr std::size_t kIdleCapacityMax = 4096;

// A caller commits its own write and what came meanwhile, but is not kept from its own affairs for long.
constexpr int kBatchesOfCaller = 4;

void Write::complete() {
  body = nullptr;
  std::exchange(done, nullptr)(std::exchange(failure, nullptr));
}

GroupCommit::GroupCommit(Try attempt, CommitOn where)
    : attempt_(std::move(attempt)), where_(where), thread_([this] { run(); }) {
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

void GroupCommit::submit(Body body, Done done, Submitter submitter) {
  Lock lock(mutex_);
  waiting_.push_back({std::move(body), std::move(done)});
  if (committing_) return;
  if (where_ == CommitOn::caller) return commit_as_caller(lock, kBatchesOfCaller);
  // Of a batch that the thread is about to take, the caller's may be the last: it is the thread's affair then.
  if (submitter == Submitter::serves_nobody && waiting_.size() == 1) return commit_as_caller(lock, 1);
  wake_thread(lock);
}

EngineStatistics GroupCommit::statistics() const {
  const std::lock_guard lock(mutex_);
  auto now = statistics_;
  now.waiting = waiting_.size();
  return now;
}

// Together if possible. The write that made a batch fail is set apart when it is known, else each half is tried for
// itself. The order stays.
void GroupCommit::commit(std::span<Write> writes) {
  std::vector<std::span<Write>> parts{writes};  // Still to do, the first one last.
  while (!parts.empty()) {
    const auto part = parts.back();
    parts.pop_back();
    if (part.empty()) continue;
    const auto tried = attempt_(part);
    if (!tried.failure) {
      for (auto& write : part.first(tried.count)) write.complete();
      parts.push_back(part.subspan(tried.count));
    } else if (part.size() == 1) {
      part[0].failure = tried.failure;
      part[0].complete();
    } else if (tried.is_of_one) {
      parts.push_back(part.subspan(tried.count + 1));
      parts.push_back(part.subspan(tried.count, 1));
      parts.push_back(part.first(tried.count));
    } else {
      parts.push_back(part.subspan(part.size() / 2));
      parts.push_back(part.first(part.size() / 2));
    }
  }
}

// Commits what is waiting now. Gives up the lock for that long.
void GroupCommit::commit_waiting(Lock& lock) {
  std::vector<Write> batch = std::move(spare_);
  batch.swap(waiting_);
  committing_ = true;
  lock.unlock();
  const auto began = std::chrono::steady_clock::now();
  const auto writes = batch.size();
  commit(batch);
  batch.clear();
  if (batch.capacity() > kIdleCapacityMax) batch.shrink_to_fit();
  const auto took = std::chrono::steady_clock::now() - began;
  lock.lock();
  statistics_.writes += writes;
  ++statistics_.commits;
  statistics_.committing += took;
  committing_ = false;
  spare_ = std::move(batch);
}

void GroupCommit::commit_as_caller(Lock& lock, int batches) {
  for (int i = 0; i < batches && !waiting_.empty(); ++i) {
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

}  // namespace shoal::kv::commit

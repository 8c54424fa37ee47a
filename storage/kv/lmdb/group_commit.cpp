#include "storage/kv/lmdb/group_commit.h"

#include <pthread.h>

#include <utility>

namespace shoal::kv::lmdb {

// What a burst of writes made the queue hold is given back once it is over.
constexpr std::size_t kIdleCapacityMax = 4096;

void Write::complete() {
  body = nullptr;
  std::exchange(done, nullptr)(std::exchange(failure, nullptr));
}

GroupCommit::GroupCommit(Commit commit) : commit_(std::move(commit)), thread_([this] { run(); }) {
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
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(body), std::move(done)});
    wake = std::exchange(asleep_, false);
  }
  if (wake) wake_.notify_one();
}

void GroupCommit::run() {
  for (std::vector<Write> batch; take(batch);) {
    commit_(batch);
    batch.clear();
    if (batch.capacity() > kIdleCapacityMax) batch.shrink_to_fit();
  }
}

// Waits for something to do; false when there will be nothing more.
bool GroupCommit::take(std::vector<Write>& batch) {
  std::unique_lock lock(mutex_);
  while (waiting_.empty()) {
    if (stopping_) return false;
    asleep_ = true;
    wake_.wait(lock);
  }
  asleep_ = false;
  batch.swap(waiting_);
  return true;
}

}  // namespace shoal::kv::lmdb

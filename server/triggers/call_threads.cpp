#include "server/triggers/call_threads.h"

namespace shoal {

CallThreads::CallThreads(HttpUrl url, std::size_t threads_max) : url_(std::move(url)), threads_max_(threads_max) {}

CallThreads::~CallThreads() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (const auto& worker : workers_) worker->thread.join();
}

void CallThreads::submit(Task task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (idle_ < tasks_.size() && workers_.size() < threads_max_) {
    auto& worker = *workers_.emplace_back(std::make_unique<Worker>(url_));
    if (cancelled_) worker.client.cancel();
    worker.thread = std::thread([this, &worker] { run(worker); });
  }
  changed_.notify_one();
}

void CallThreads::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  for (const auto& worker : workers_) worker->client.cancel();
}

void CallThreads::run(Worker& worker) {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task(worker.client);
    lock.lock();
  }
}

}  // namespace shoal

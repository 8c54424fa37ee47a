// Calls a function 100 ms after something new was noted, and once more at the end. Idle without news.
//
//   BackgroundSync sync([&] { log.sync(); });
//   sync.note();
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace shoal::kv::log {

class BackgroundSync {
 public:
  static constexpr std::chrono::milliseconds kInterval{100};

  // `sync` does not throw.
  explicit BackgroundSync(std::function<void()> sync) : sync_(std::move(sync)), thread_([this] { run(); }) {}
  ~BackgroundSync() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  BackgroundSync(const BackgroundSync&) = delete;
  BackgroundSync& operator=(const BackgroundSync&) = delete;

  void note() {
    bool first;
    {
      const std::lock_guard lock(mutex_);
      first = !std::exchange(noted_, true);
    }
    if (first) wake_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return noted_ || stopping_; });
      wake_.wait_for(lock, kInterval, [&] { return stopping_; });
      if (std::exchange(noted_, false)) {
        lock.unlock();
        sync_();
        lock.lock();
      }
      if (stopping_ && !noted_) return;
    }
  }

  const std::function<void()> sync_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool noted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace shoal::kv::log

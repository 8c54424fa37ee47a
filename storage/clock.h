// The time that data lives by: table creation, time to live, retention, tokens. Real time plus what a test or a user
// moved it forward. Signatures are checked against the real clock instead: clients do not move.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace shoal {

class Clock {
 public:
  using Duration = std::chrono::milliseconds;
  // Since the epoch.
  Duration now() const {
    return std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()) +
           Duration(ahead_ms_.load(std::memory_order_relaxed));
  }
  void advance(Duration by) { ahead_ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ahead_ms_ = 0;
};

}  // namespace shoal

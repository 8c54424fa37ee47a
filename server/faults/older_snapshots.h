// The store as it was some time ago: real snapshots, taken every quarter of that time and held until they are older
// than needed. What was erased or overwritten since keeps its place in the store while one is held.
//
//   OlderSnapshots snapshots(engine, clock, 1000ms);
//   snapshots.read()->get("b");   // as it stood a second ago, up to 1.25 s
//
// In its first moments nothing is old enough: then reads see the store as it was when this was made. Time is Shoal's
// clock. For concurrent use; readers of one snapshot take turns, since engines' snapshots are of one thread at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

class OlderSnapshots {
 public:
  OlderSnapshots(kv::Engine& engine, const Clock& clock, std::chrono::milliseconds age);
  ~OlderSnapshots();
  OlderSnapshots(const OlderSnapshots&) = delete;
  OlderSnapshots& operator=(const OlderSnapshots&) = delete;

  std::chrono::milliseconds age() const { return age_; }

  // At least age() old, if there is such a one. Waits for others who read the same. To be dropped on the calling
  // thread, which must not ask for another before.
  std::unique_ptr<kv::Snapshot> read();

  void take();  // One more, now.

 private:
  struct Held {
    std::unique_ptr<kv::Snapshot> snapshot;
    std::chrono::milliseconds taken_at;  // Not before the snapshot itself: it is no younger than it says.
    std::mutex in_use;
  };
  class Reading;

  void run();
  void take_locked();
  void drop_too_old();

  kv::Engine& engine_;
  const Clock& clock_;
  const std::chrono::milliseconds age_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::deque<std::shared_ptr<Held>> held_;  // The oldest first; never empty.
  std::thread thread_;
};

}  // namespace shoal

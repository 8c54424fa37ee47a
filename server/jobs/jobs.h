// Everything that runs without a request, on one thread of its own: transitions of tables that have come due, backfill
// of new indexes, the emptying of what deleted tables and indexes held, the deletion of expired items, and the care of
// change logs (trimming, roll-over of shards).
//
//   Jobs jobs(engine, catalog, clock);
//   jobs.start();    // goes on with what the last run left
//   jobs.wake();     // after a commit that left work, and when the clock was moved
//   jobs.stop();     // returns after the step that is running
//
// Work is done in steps, each a write of its own that also says how far it got: a process may end between any two of
// them, and the next one continues. Each round gives every job one step, so that none waits for another's end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"
#include "storage/space_job.h"

namespace shoal {

// What a user may set of it.
struct JobTimes {
  std::chrono::milliseconds shard_rollover = std::chrono::hours(4);  // Age at which a shard is replaced by a child.
  std::chrono::milliseconds ttl_delay{0};                            // Between an item's expiry and its deletion.
};

class Jobs {
 public:
  Jobs(kv::Engine& engine, Catalog& catalog, const Clock& clock, JobTimes times = {});
  ~Jobs();  // stop()

  void start();
  void wake();
  void stop();

  // One round on the calling thread, for tests that do not start(): true when there may be more to do at once.
  bool run_round();

 private:
  void run();
  bool run_guarded();
  void sleep();
  std::optional<std::chrono::milliseconds> until_next_transition() const;
  double now() const;
  bool must_look_often() const;

  bool make_due_transitions();
  bool step(const SpaceJob& job);
  bool backfill(SpaceId index);
  bool fill_expiries(SpaceId table);
  std::optional<std::pair<TablePtr, const Index*>> index_to_fill(SpaceId id) const;

  kv::Engine& engine_;
  Catalog& catalog_;
  const Clock& clock_;
  const JobTimes times_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  bool failed_ = false;  // The engine refused the last round: the next one waits.
};

}  // namespace shoal

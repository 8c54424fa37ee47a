// Triggers: functions are called with the changes of streams, as their event source mappings say, on a thread of their
// own (and one for each call under way), which neither writers nor connections ever wait for.
//
//   Triggers triggers(engine, clock, open_runtime(endpoints, 0), {});
//   triggers.start();    // goes on where the last run came to
//   triggers.wake();     // after a mapping, a table or the clock was changed
//   triggers.stop();     // once what is under way is done, or a second later
//
// Promises: each change that a mapping is for arrives at least once while it is in its stream and is not given up by
// the mapping's own settings; those of an item in the order in which they were made, and those of a shard too unless
// ParallelizationFactor says otherwise (parents of shards before children). How far a mapping has got is kept in the
// store before its next call begins, so a process that was killed repeats the calls that were under way, at most.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/triggers/declared_triggers.h"
#include "server/triggers/lane.h"
#include "server/triggers/shard_feed.h"
#include "server/triggers/trigger_runtime.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

struct TriggerTimes {
  LaneTimes lane;
  std::chrono::milliseconds look_after{50};        // Between two looks at the logs.
  std::chrono::milliseconds refresh_after{1'000};  // Between two looks at the mappings, unless woken.
  std::chrono::milliseconds stop_within{1'000};
};

class Triggers {
 public:
  Triggers(kv::Engine& engine, const Clock& clock, std::unique_ptr<TriggerRuntime> runtime,
           std::vector<DeclaredTrigger> declared, TriggerTimes times = {});
  ~Triggers();  // stop()

  void start();
  void wake();
  void stop();

  // One round on the calling thread, for tests that do not start(): true when there may be more to do at once.
  bool run_round();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // An enabled mapping, and what of it is under way.
  struct Feed {
    Mapping mapping;
    EventFilter filter;
    std::optional<Stream> stream;               // Nothing: it is gone.
    std::map<ShardNumber, ShardFeed> shards;    // Begun, and not done.
    std::set<ShardNumber> done;                 // Of which the store still knows.
    std::map<ShardNumber, Shard> unbegun;       // Known, but their parents are not done.
    std::map<ShardNumber, ShardProgress> kept;  // As it is in the store.
    ShardNumber last_known = 0;
    std::size_t under_way = 0;  // Calls and reports.
    bool is_retiring = false;   // Ends when nothing is under way.
    std::string last_result;
    SteadyTime kept_at{};
  };
  // What of a feed is to be written.
  struct Note {
    Feed* feed;
    std::vector<std::pair<ShardNumber, ShardProgress>> progress;
    std::vector<ShardNumber> gone;  // Of which the stream knows no more.
  };
  struct Outcome {
    std::string uuid;
    ShardNumber shard = 0;
    std::size_t lane = 0;
    bool is_report = false;
    InvocationResult result;
    std::string report_failure;
  };

  void run();
  bool run_guarded();
  void sleep();
  bool is_stopping();
  void finish();

  bool take_outcomes();
  void note(const Outcome& outcome);
  static void note_result(Feed& feed, const std::string& result, const std::string& reason);
  void refresh();
  void erase_deleted(const Mapping& mapping);
  void refresh_feed(Mapping mapping);
  void begin_feed(Feed& feed);

  bool serve(Feed& feed);
  void find_shards(const kv::Snapshot& snapshot, Feed& feed);
  void begin_shards(const kv::Snapshot& snapshot, Feed& feed);
  static bool is_begun_by_parent(const kv::Snapshot& snapshot, const Feed& feed, const Shard& shard);
  bool serve_shard(const kv::Snapshot& snapshot, Feed& feed, ShardNumber number, ShardFeed& shard);
  bool begin_step(Feed& feed, ShardNumber number, ShardFeed& shard, std::size_t at);
  LaneContext context_of(const Feed& feed, std::string_view shard_id, const ShardFeed& shard) const;
  void post(Outcome outcome);

  void mark(const Feed& feed, ShardNumber shard);
  void mark_slow_progress(Feed& feed);
  void keep();
  static void add_note(Feed& feed, const std::set<ShardNumber>& shards, std::vector<Note>& notes);
  static void write_note(kv::Transaction& transaction, const Note& note);
  std::size_t under_way() const;
  std::size_t held_bytes() const;

  kv::Engine& engine_;
  const Clock& clock_;
  const TriggerTimes times_;
  DeclaredTriggers declared_;
  std::map<std::string, Feed> feeds_;                 // By UUID.
  std::map<std::string, std::set<ShardNumber>> due_;  // What of them is to be kept.
  std::size_t held_bytes_ = 0;                        // Of all shards, in this round.
  SteadyTime refreshed_at_{};
  bool must_refresh_ = true;
  bool expects_transition_ = false;
  bool failed_ = false;  // The engine refused the last round: the next one waits.

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Outcome> outcomes_;
  bool woken_ = false;
  bool stopping_ = false;

  const std::unique_ptr<TriggerRuntime> runtime_;  // Its threads end first.
};

}  // namespace shoal

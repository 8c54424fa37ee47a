// Delivers the changes of tables to their Kinesis destinations, on a thread of its own, which neither writers nor
// connections ever wait for.
//
//   KinesisDelivery delivery(engine, catalog, clock, open_kinesis(url, keys));
//   delivery.start();    // goes on where the last run came to
//   delivery.wake();     // after a destination was enabled
//   delivery.stop();     // once what is under way is done, or a second later
//
// Promises: each change arrives at least once while Kinesis can be reached within a day; those of an item in the order
// in which they were made (window.h; parents of shards before children). Positions are kept in the store, so that a
// process that was killed repeats what it had not noted yet, at most. What fails is tried again, after a longer and
// longer time, and holds up no other destination than its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "server/kinesis/endpoint.h"
#include "server/kinesis/window.h"
#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

struct DeliveryTimes {
  std::chrono::milliseconds table_delay{0};      // For how long a destination is DISABLING at least.
  std::chrono::milliseconds look_after{50};      // Between two looks at the logs.
  std::chrono::milliseconds retry_first{100};    // After a failure; twice that after the next one, and so on
  std::chrono::milliseconds retry_last{10'000};  // up to this.
  std::chrono::milliseconds stop_within{1'000};
};

class KinesisDelivery {
 public:
  KinesisDelivery(kv::Engine& engine, Catalog& catalog, const Clock& clock, std::unique_ptr<KinesisEndpoint> endpoint,
                  DeliveryTimes times = {});
  ~KinesisDelivery();  // stop()

  void start();
  void wake();
  void stop();

  // One round on the calling thread, for tests that do not start(): true when there may be more to do at once.
  bool run_round();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  // A destination, and what of it is under way.
  struct Feed {
    TablePtr table;
    KinesisDestination destination;
    std::optional<Window> window;
    std::size_t failures = 0;  // Since the last success.
    std::string failure;       // The last one.
    SteadyTime not_before{};
  };
  using FeedName = std::pair<SpaceId, std::string>;

  void run();
  bool run_guarded();
  void sleep();
  bool is_stopping();

  void refresh_feeds();
  bool deliver(Feed& feed);
  bool send(Feed& feed);
  bool send_wave(Feed& feed);
  void note_failure(Feed& feed, const std::string& failure);
  void note_success(Feed& feed);
  void keep_position(const Window& window);
  void end_if_drained(const Feed& feed);

  kv::Engine& engine_;
  Catalog& catalog_;
  const Clock& clock_;
  const std::unique_ptr<KinesisEndpoint> endpoint_;
  const DeliveryTimes times_;
  std::map<FeedName, Feed> feeds_;
  bool failed_ = false;  // The engine refused the last round: the next one waits.
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  bool ended_ = false;
};

}  // namespace shoal

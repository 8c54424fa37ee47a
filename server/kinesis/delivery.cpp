#include "server/kinesis/delivery.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "storage/destinations.h"

namespace shoal {
namespace {

constexpr std::chrono::milliseconds kAfterEngineFailure{1'000};

}  // namespace

KinesisDelivery::KinesisDelivery(kv::Engine& engine, Catalog& catalog, const Clock& clock,
                                 std::unique_ptr<KinesisEndpoint> endpoint, DeliveryTimes times)
    : engine_(engine), catalog_(catalog), clock_(clock), endpoint_(std::move(endpoint)), times_(times) {}

KinesisDelivery::~KinesisDelivery() { stop(); }

void KinesisDelivery::start() {
  thread_ = std::thread([this] { run(); });
}

void KinesisDelivery::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void KinesisDelivery::stop() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, times_.stop_within, [this] { return ended_; });
  }
  endpoint_->cancel();
  thread_.join();
}

bool KinesisDelivery::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void KinesisDelivery::run() {
  while (!is_stopping()) {
    if (!run_guarded()) sleep();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

bool KinesisDelivery::run_guarded() {
  try {
    failed_ = false;
    return run_round();
  } catch (const std::exception& failure) {
    spdlog::error("delivery to Kinesis failed and is tried again: {}", failure.what());
    failed_ = true;
    return false;
  }
}

// While there is no destination, nothing but wake() can bring work.
void KinesisDelivery::sleep() {
  std::unique_lock lock(mutex_);
  if (failed_) {
    changed_.wait_for(lock, kAfterEngineFailure, [this] { return stopping_; });
  } else if (feeds_.empty()) {
    changed_.wait(lock, [this] { return stopping_ || woken_; });
  } else {
    changed_.wait_for(lock, times_.look_after, [this] { return stopping_ || woken_; });
  }
  woken_ = false;
}

bool KinesisDelivery::run_round() {
  refresh_feeds();
  bool more = false;
  for (auto& [name, feed] : feeds_) {
    if (is_stopping()) return false;
    more |= deliver(feed);
    end_if_drained(feed);
  }
  return more;
}

// What was under way for a destination that is not there any more is forgotten.
void KinesisDelivery::refresh_feeds() {
  std::map<FeedName, Feed> feeds;
  for (const auto& table : catalog_.all()) {
    for (const auto& destination : table->kinesis) {
      if (destination.status == DestinationStatus::disabled) continue;
      const FeedName name(table->id, destination.stream_arn);
      const auto known = feeds_.find(name);
      auto& feed = feeds[name];
      if (known != feeds_.end()) feed = std::move(known->second);
      feed.table = table;
      feed.destination = destination;
    }
  }
  feeds_ = std::move(feeds);
}

// True when there may be more to deliver at once.
bool KinesisDelivery::deliver(Feed& feed) {
  if (std::chrono::steady_clock::now() < feed.not_before) return false;
  if (feed.window && !send(feed)) return false;
  const auto view = kinesis_view(*feed.table);
  bool more = false;
  for (const auto& position : positions_of(*engine_.snapshot(), view.space, log_reader(feed.destination))) {
    {
      const auto snapshot = engine_.snapshot();
      if (is_ready(*snapshot, position)) {
        feed.window = read_window(*snapshot, view, position, feed.destination.microseconds);
      }
    }
    if (!feed.window) continue;
    more |= feed.window->more_follows();
    if (!send(feed)) return false;
  }
  return more;
}

// Sends all of the feed's window; false when that has to be gone on with later.
bool KinesisDelivery::send(Feed& feed) {
  const auto before = feed.window->delivered_to();
  while (!feed.window->is_delivered()) {
    if (!is_stopping() && send_wave(feed)) continue;
    if (feed.window->delivered_to() != before) keep_position(*feed.window);
    return false;
  }
  keep_position(*feed.window);
  feed.window.reset();
  return true;
}

bool KinesisDelivery::send_wave(Feed& feed) {
  const auto wave = feed.window->next_wave();
  const auto records = feed.window->records_of(wave);
  const auto stream = kinesis_stream(feed.table->account, feed.destination.stream_arn);
  try {
    const auto result = endpoint_->put_records(stream, records);
    feed.window->note(wave, result.taken);
    const auto taken = std::count(result.taken.begin(), result.taken.end(), true);
    if (taken == static_cast<std::ptrdiff_t>(records.size())) {
      note_success(feed);
      return true;
    }
    if (taken > 0) feed.failures = 0;  // It gets on: the wait need not grow.
    note_failure(feed, result.failure);
  } catch (const KinesisError& error) {
    note_failure(feed, error.what());
  }
  return false;
}

void KinesisDelivery::note_failure(Feed& feed, const std::string& failure) {
  if (is_stopping()) return;
  if (feed.failure != failure) {
    spdlog::warn("changes of table {} could not be delivered to {} and are kept for another try: {}", feed.table->name,
                 feed.destination.stream_arn, failure);
    feed.failure = failure;
  }
  const auto doublings = std::min<std::size_t>(feed.failures++, 20);
  const auto wait = std::min<std::chrono::milliseconds>(times_.retry_first * (1 << doublings), times_.retry_last);
  feed.not_before = std::chrono::steady_clock::now() + wait;
}

void KinesisDelivery::note_success(Feed& feed) {
  if (feed.failure.empty()) return;
  spdlog::info("changes of table {} are delivered to {} again", feed.table->name, feed.destination.stream_arn);
  feed.failures = 0;
  feed.failure.clear();
}

void KinesisDelivery::keep_position(const Window& window) {
  const bool leaves = window.is_delivered() && window.ends_shard();
  engine_.write([&](kv::Transaction& transaction) {
    if (leaves) {
      leave_shard(transaction, window.position());
    } else {
      move_position(transaction, window.position(), window.delivered_to());
    }
  });
}

// What is to be seen of it ends no earlier than --table-delay-ms says.
void KinesisDelivery::end_if_drained(const Feed& feed) {
  if (feed.destination.status != DestinationStatus::disabling) return;
  const auto now = clock_.now();
  const auto seconds = static_cast<double>((now - times_.table_delay).count()) / 1'000;
  if (seconds < feed.destination.changed_at || !is_drained(*engine_.snapshot(), *feed.table, feed.destination)) return;
  const auto& known = *feed.table;
  engine_.write([&](kv::Transaction& transaction) {
    auto table = catalog_.read(transaction, known.account, known.region, known.name);
    auto* destination = table && table->id == known.id ? table->destination(feed.destination.stream_arn) : nullptr;
    if (!destination || destination->status != DestinationStatus::disabling) return;
    end_transition(transaction, *table, *destination, now);
    catalog_.put(transaction, *table);
  });
  catalog_.reload(known.account, known.region, known.name);
}

}  // namespace shoal

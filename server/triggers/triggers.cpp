#include "server/triggers/triggers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "server/operations/stream_name.h"
#include "server/triggers/mapping_store.h"

namespace shoal {
namespace {

constexpr std::chrono::milliseconds kAfterEngineFailure{1'000};
constexpr std::chrono::milliseconds kSlowProgress{1'000};
// Changes in memory: of a shard, more than a call can carry; of all, whereupon each shard reads one at a time.
constexpr std::size_t kShardBytesMax = std::size_t{8} << 20;
constexpr std::size_t kHeldBytesMax = std::size_t{128} << 20;
constexpr std::string_view kProblem = "PROBLEM";
constexpr std::string_view kNoStream = "PROBLEM: Stream not found";

}  // namespace

Triggers::Triggers(kv::Engine& engine, const Clock& clock, std::unique_ptr<TriggerRuntime> runtime,
                   std::vector<DeclaredTrigger> declared, TriggerTimes times)
    : engine_(engine), clock_(clock), times_(times), declared_(std::move(declared)), runtime_(std::move(runtime)) {}

Triggers::~Triggers() { stop(); }

void Triggers::start() {
  thread_ = std::thread([this] { run(); });
}

void Triggers::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Triggers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Triggers::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Triggers::run() {
  while (!is_stopping()) {
    if (!run_guarded()) sleep();
  }
  try {
    finish();
  } catch (const std::exception& failure) {
    spdlog::error("the progress of triggers could not be kept: {}", failure.what());
  }
}

bool Triggers::run_guarded() {
  try {
    failed_ = false;
    return run_round();
  } catch (const std::exception& failure) {
    spdlog::error("triggers failed and are tried again: {}", failure.what());
    failed_ = true;
    return false;
  }
}

// While there is no mapping, nothing but wake() can bring work.
void Triggers::sleep() {
  std::unique_lock lock(mutex_);
  if (failed_) {
    changed_.wait_for(lock, kAfterEngineFailure, [this] { return stopping_; });
    return;
  }
  const auto is_roused = [this] { return stopping_ || woken_ || !outcomes_.empty(); };
  if (feeds_.empty() && !expects_transition_) {
    changed_.wait(lock, is_roused);
  } else {
    changed_.wait_for(lock, times_.look_after, is_roused);
  }
}

// What is under way gets a moment; then it is cut off, and will be repeated.
void Triggers::finish() {
  const auto end = std::chrono::steady_clock::now() + times_.stop_within;
  bool cancelled = false;
  while (take_outcomes(), under_way() > 0) {
    std::unique_lock lock(mutex_);
    const auto any = [this] { return !outcomes_.empty(); };
    if (cancelled) {
      changed_.wait(lock, any);
    } else if (!changed_.wait_until(lock, end, any)) {
      lock.unlock();
      runtime_->cancel();
      cancelled = true;
    }
  }
  for (auto& [uuid, feed] : feeds_) {
    for (auto& [number, shard] : feed.shards) mark(feed, number);
  }
  keep();
}

std::size_t Triggers::under_way() const {
  std::size_t count = 0;
  for (const auto& [uuid, feed] : feeds_) count += feed.under_way;
  return count;
}

bool Triggers::run_round() {
  bool more = take_outcomes();
  keep();
  {
    const std::lock_guard lock(mutex_);
    must_refresh_ |= std::exchange(woken_, false);
  }
  if (must_refresh_ || std::chrono::steady_clock::now() >= refreshed_at_ + times_.refresh_after) refresh();
  held_bytes_ = held_bytes();
  for (auto feed = feeds_.begin(); feed != feeds_.end();) {
    if (is_stopping()) return false;
    if (feed->second.is_retiring && feed->second.under_way == 0) {
      for (const auto& [number, shard] : feed->second.shards) mark(feed->second, number);
      keep();
      feed = feeds_.erase(feed);
      must_refresh_ = more = true;  // It may have been enabled again.
    } else {
      more |= serve(feed->second);
      ++feed;
    }
  }
  keep();
  return more;
}

std::size_t Triggers::held_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [uuid, feed] : feeds_) {
    for (const auto& [number, shard] : feed.shards) bytes += shard.held_bytes();
  }
  return bytes;
}

// --- what has come back ---

void Triggers::post(Outcome outcome) {
  {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back(std::move(outcome));
  }
  changed_.notify_all();
}

bool Triggers::take_outcomes() {
  std::vector<Outcome> outcomes;
  {
    const std::lock_guard lock(mutex_);
    outcomes.swap(outcomes_);
  }
  for (const auto& outcome : outcomes) note(outcome);
  return !outcomes.empty();
}

// A feed and its shards stay as long as something of them is under way.
void Triggers::note(const Outcome& outcome) {
  auto& feed = feeds_.at(outcome.uuid);
  auto& shard = feed.shards.at(outcome.shard);
  auto& lane = shard.lanes().at(outcome.lane);
  --feed.under_way;
  mark(feed, outcome.shard);
  const auto id = shard_id(shard.shard());
  const auto context = context_of(feed, id, shard);
  if (outcome.is_report) return lane.note_reported(context, outcome.report_failure);
  lane.note(context, outcome.result);
  note_result(feed, lane.last_result(), outcome.result.reason);
}

// The log hears of a failure once, and of its end.
void Triggers::note_result(Feed& feed, const std::string& result, const std::string& reason) {
  if (result.empty() || result == feed.last_result) return;
  if (!reason.empty()) {
    spdlog::warn("function {} does not take changes of {}, and is tried again: {}", feed.mapping.function,
                 feed.mapping.stream_arn, reason);
  } else if (feed.last_result.starts_with(kProblem)) {
    spdlog::info("function {} takes changes of {} again", feed.mapping.function, feed.mapping.stream_arn);
  }
  feed.last_result = result;
}

// --- mappings ---

void Triggers::refresh() {
  must_refresh_ = false;
  refreshed_at_ = std::chrono::steady_clock::now();
  declared_.apply(engine_, clock_);
  const auto now = clock_.now();
  std::set<std::string> enabled;
  expects_transition_ = false;
  for (auto& mapping : all_mappings(*engine_.snapshot())) {
    if (is_deleted(mapping, now)) {
      erase_deleted(mapping);
      continue;
    }
    const auto state = state_of(mapping, now);
    expects_transition_ |= state != "Enabled" && state != "Disabled";
    // What is being updated goes on meanwhile.
    if (state != "Enabled" && state != "Updating") continue;
    if (!mapping.enabled) continue;
    enabled.insert(mapping.uuid);
    refresh_feed(std::move(mapping));
  }
  for (auto& [uuid, feed] : feeds_) feed.is_retiring = !enabled.contains(uuid);
}

void Triggers::erase_deleted(const Mapping& mapping) {
  engine_.write([&](kv::Transaction& transaction) {
    const auto current = find_mapping(transaction, mapping.account, mapping.region, mapping.uuid);
    if (current && is_deleted(*current, clock_.now())) erase_mapping(transaction, *current);
  });
}

void Triggers::refresh_feed(Mapping mapping) {
  auto found = feeds_.find(mapping.uuid);
  const bool is_new = found == feeds_.end();
  if (is_new) {
    const auto uuid = mapping.uuid;
    found = feeds_.emplace(uuid, Feed{mapping, mapping.filter()}).first;
    found->second.last_result = mapping.last_result;
  }
  auto& feed = found->second;
  if (feed.mapping.settings.filters != mapping.settings.filters) feed.filter = mapping.filter();
  feed.mapping = std::move(mapping);
  feed.stream = find_stream(*engine_.snapshot(), feed.mapping.account, feed.mapping.region, feed.mapping.table(),
                            feed.mapping.label(), clock_.now());
  if (is_new) begin_feed(feed);
  if (!feed.stream && feed.last_result != kNoStream) {
    feed.last_result = kNoStream;
    due_[feed.mapping.uuid];
  }
}

void Triggers::begin_feed(Feed& feed) {
  feed.kept = progress_of(*engine_.snapshot(), feed.mapping.uuid);
  for (const auto& [number, progress] : feed.kept) {
    if (progress.done) feed.done.insert(number);
  }
}

// --- shards ---

bool Triggers::serve(Feed& feed) {
  if (!feed.stream) return false;
  const auto snapshot = engine_.snapshot();
  find_shards(*snapshot, feed);
  begin_shards(*snapshot, feed);
  bool more = false;
  for (auto shard = feed.shards.begin(); shard != feed.shards.end();) {
    const auto number = shard->first;
    more |= serve_shard(*snapshot, feed, number, shard->second);
    if (!shard->second.is_done()) {
      ++shard;
      continue;
    }
    mark(feed, number);
    keep();
    feed.done.insert(number);
    shard = feed.shards.erase(shard);
    more = true;
  }
  mark_slow_progress(feed);
  return more;
}

// Also forgets those that have left the store.
void Triggers::find_shards(const kv::Snapshot& snapshot, Feed& feed) {
  const auto found = shards_of(snapshot, feed.stream->space, feed.stream->label, feed.last_known);
  if (found.empty()) return;
  feed.last_known = found.back().number;
  for (const auto& shard : found) {
    if (!feed.done.contains(shard.number)) feed.unbegun.emplace(shard.number, shard);
  }
  for (auto number = feed.done.begin(); number != feed.done.end();) {
    if (find_shard(snapshot, feed.stream->space, *number)) {
      ++number;
    } else {
      due_[feed.mapping.uuid].insert(*number);
      number = feed.done.erase(number);
    }
  }
}

void Triggers::begin_shards(const kv::Snapshot& snapshot, Feed& feed) {
  for (auto unbegun = feed.unbegun.begin(); unbegun != feed.unbegun.end();) {
    const auto& [number, shard] = *unbegun;
    if (!is_begun_by_parent(snapshot, feed, shard)) {
      ++unbegun;
      continue;
    }
    const auto kept = feed.kept.find(number);
    feed.shards.emplace(number, ShardFeed(shard, kept == feed.kept.end() ? ShardProgress() : kept->second));
    unbegun = feed.unbegun.erase(unbegun);
  }
}

// A parent that the store has forgotten is done.
bool Triggers::is_begun_by_parent(const kv::Snapshot& snapshot, const Feed& feed, const Shard& shard) {
  return shard.parent == 0 || feed.done.contains(shard.parent) || !find_shard(snapshot, shard.space, shard.parent);
}

bool Triggers::serve_shard(const kv::Snapshot& snapshot, Feed& feed, ShardNumber number, ShardFeed& shard) {
  if (feed.is_retiring) return false;
  const auto room = held_bytes_ < kHeldBytesMax ? kShardBytesMax : 0;
  const auto before = shard.held_bytes();
  bool more = shard.read(snapshot, *feed.stream, feed.filter, feed.mapping, clock_.now(), room);
  held_bytes_ += shard.held_bytes() - before;
  for (std::size_t lane = 0; lane < shard.lanes().size(); ++lane) more |= begin_step(feed, number, shard, lane);
  return more;
}

bool Triggers::begin_step(Feed& feed, ShardNumber number, ShardFeed& shard, std::size_t at) {
  auto& lane = shard.lanes()[at];
  const auto id = shard_id(shard.shard());
  const auto before = lane.first_unfinished();
  auto step = lane.next(context_of(feed, id, shard));
  if (lane.first_unfinished() != before) mark(feed, number);  // Some were given up.
  if (!step) return false;
  ++feed.under_way;
  Outcome outcome{feed.mapping.uuid, number, at};
  if (step->report) {
    outcome.is_report = true;
    runtime_->report(std::move(*step->report), [this, outcome](std::string failure) mutable {
      outcome.report_failure = std::move(failure);
      post(std::move(outcome));
    });
  } else {
    const auto& mapping = feed.mapping;
    runtime_->invoke({mapping.account, mapping.region, mapping.function, std::move(step->payload)},
                     [this, outcome](InvocationResult result) mutable {
                       outcome.result = std::move(result);
                       post(std::move(outcome));
                     });
  }
  return true;
}

LaneContext Triggers::context_of(const Feed& feed, std::string_view id, const ShardFeed& shard) const {
  return {feed.mapping, id, times_.lane, clock_.now(), std::chrono::steady_clock::now(), shard.is_ended()};
}

// --- progress ---

void Triggers::mark(const Feed& feed, ShardNumber shard) { due_[feed.mapping.uuid].insert(shard); }

// What was filtered out needs no keeping at once: it is read again, and nobody notices.
void Triggers::mark_slow_progress(Feed& feed) {
  const auto now = std::chrono::steady_clock::now();
  if (now < feed.kept_at + kSlowProgress) return;
  feed.kept_at = now;
  for (const auto& [number, shard] : feed.shards) mark(feed, number);
}

// Everything that is due, in one transaction; what has not changed is not written.
void Triggers::keep() {
  if (due_.empty()) return;
  std::vector<Note> notes;
  for (const auto& [uuid, shards] : due_) {
    const auto feed = feeds_.find(uuid);
    if (feed != feeds_.end()) add_note(feed->second, shards, notes);
  }
  if (!notes.empty()) {
    engine_.write([&notes](kv::Transaction& transaction) {
      for (const auto& note : notes) write_note(transaction, note);
    });
  }
  for (auto& note : notes) {
    note.feed->mapping.last_result = note.feed->last_result;
    for (const auto number : note.gone) note.feed->kept.erase(number);
    for (auto& [number, progress] : note.progress) note.feed->kept.insert_or_assign(number, std::move(progress));
  }
  due_.clear();
}

void Triggers::add_note(Feed& feed, const std::set<ShardNumber>& shards, std::vector<Note>& notes) {
  Note note{&feed};
  for (const auto number : shards) {
    const auto shard = feed.shards.find(number);
    const auto kept = feed.kept.find(number);
    if (shard == feed.shards.end()) {
      if (kept != feed.kept.end()) note.gone.push_back(number);
      continue;
    }
    auto progress = shard->second.progress();
    if (kept == feed.kept.end() || kept->second != progress) note.progress.emplace_back(number, std::move(progress));
  }
  const bool is_news = !note.gone.empty() || !note.progress.empty() || feed.mapping.last_result != feed.last_result;
  if (is_news) notes.push_back(std::move(note));
}

// Nothing, when the mapping has been deleted.
void Triggers::write_note(kv::Transaction& transaction, const Note& note) {
  const auto& known = note.feed->mapping;
  auto mapping = find_mapping(transaction, known.account, known.region, known.uuid);
  if (!mapping) return;
  for (const auto number : note.gone) erase_progress(transaction, known.uuid, number);
  for (const auto& [number, progress] : note.progress) put_progress(transaction, known.uuid, number, progress);
  if (mapping->last_result == note.feed->last_result) return;
  mapping->last_result = note.feed->last_result;
  put_mapping(transaction, *mapping);
}

}  // namespace shoal

#include "server/jobs/jobs.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/jobs/shard_care.h"
#include "server/jobs/transitions.h"
#include "server/jobs/ttl.h"
#include "storage/changelog.h"
#include "storage/expiries.h"

namespace shoal {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{1'000};
// Between two looks at what becomes due without a word: items that expire, records that grow old.
constexpr std::chrono::milliseconds kLookAfter{250};

}  // namespace

Jobs::Jobs(kv::Engine& engine, Catalog& catalog, const Clock& clock, JobTimes times)
    : engine_(engine), catalog_(catalog), clock_(clock), times_(times) {}

Jobs::~Jobs() { stop(); }

void Jobs::start() {
  thread_ = std::thread([this] { run(); });
}

void Jobs::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Jobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Jobs::run() {
  for (;;) {
    const bool more = run_guarded();
    if (!more) sleep();
    const std::lock_guard lock(mutex_);
    woken_ = false;
    if (stopping_) return;
  }
}

// A disk that is full now may have room later.
bool Jobs::run_guarded() {
  try {
    failed_ = false;
    return run_round();
  } catch (const std::exception& failure) {
    spdlog::error("background work failed and is tried again: {}", failure.what());
    failed_ = true;
    return false;
  }
}

void Jobs::sleep() {
  auto due = failed_ ? std::optional(kRetryAfter) : until_next_transition();
  if (!failed_ && (!due || *due > kLookAfter) && must_look_often()) due = kLookAfter;
  std::unique_lock lock(mutex_);
  const auto is_roused = [this] { return stopping_ || (woken_ && !failed_); };
  if (due) {
    changed_.wait_for(lock, *due, is_roused);
  } else {
    changed_.wait(lock, is_roused);
  }
}

std::optional<std::chrono::milliseconds> Jobs::until_next_transition() const {
  std::optional<double> first;
  for (const auto& table : catalog_.all()) {
    const auto next = next_transition(*table);
    if (next && (!first || *next < *first)) first = next;
  }
  if (!first) return std::nullopt;
  const auto milliseconds = std::max(0.0, (*first - now()) * 1'000);
  return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds) + 1);
}

bool Jobs::must_look_often() const { return any_table_has_ttl(catalog_) || has_shards(*engine_.snapshot()); }

double Jobs::now() const { return static_cast<double>(clock_.now().count()) / 1'000; }

bool Jobs::run_round() {
  bool more = make_due_transitions();
  more |= roll_over_logs(engine_, catalog_, clock_, times_.shard_rollover);
  more |= split_full_partitions(engine_, catalog_, clock_);
  more |= sweep_expired(engine_, catalog_, clock_, times_.ttl_delay);
  more |= trim_logs(engine_, clock_);
  for (const auto& job : space_jobs(*engine_.snapshot())) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
    }
    if (step(job)) more = true;
  }
  return more;
}

bool Jobs::make_due_transitions() {
  bool made = false;
  const auto time = now();
  for (const auto& table : catalog_.all()) {
    const auto next = next_transition(*table);
    if (!next || *next > time) continue;
    engine_.write([&](kv::Transaction& transaction) { make_transitions(catalog_, transaction, *table, time); });
    catalog_.reload(table->account, table->region, table->name);
    made = true;
  }
  return made;
}

bool Jobs::step(const SpaceJob& job) {
  if (job.work == SpaceWork::backfill) return backfill(job.space);
  if (job.work == SpaceWork::expiries) return fill_expiries(job.space);
  engine_.write([&job](kv::Transaction& transaction) {
    if (job.work == SpaceWork::forgetting) {
      forget_some(transaction, job.space);
    } else if (job.work == SpaceWork::wiping) {
      wipe_some(transaction, job.space);
    } else {
      empty_some(transaction, job.space);
    }
  });
  return true;
}

bool Jobs::fill_expiries(SpaceId id) {
  for (const auto& table : catalog_.all()) {
    if (table->id != id) continue;
    engine_.write([&](kv::Transaction& transaction) {
      const auto current = catalog_.read(transaction, table->account, table->region, table->name);
      if (current && current->id == id && !current->ttl_attribute.empty()) {
        fill_expiries_some(transaction, *current, clock_.now());
      }
    });
    return true;
  }
  return false;
}

bool Jobs::backfill(SpaceId id) {
  const auto found = index_to_fill(id);
  if (!found) return false;
  const auto& table = found->first;
  bool done = false;
  engine_.write([&](kv::Transaction& transaction) {
    done = false;
    auto current = catalog_.read(transaction, table->account, table->region, table->name);
    if (!current || current->id != table->id) return;
    const auto index = std::find_if(current->indexes.begin(), current->indexes.end(),
                                    [id](const Index& each) { return each.id == id && each.backfilling; });
    if (index == current->indexes.end()) return;
    done = backfill_some(transaction, *current, *index);
    if (!done) return;
    index->status = Status::active;
    index->backfilling = false;
    catalog_.put(transaction, *current);
  });
  if (done) {
    catalog_.reload(table->account, table->region, table->name);
    spdlog::info("index {} of table {} is filled", found->second->name, table->name);
  }
  return true;
}

// Nothing while the index waits for its resources, or is being deleted.
std::optional<std::pair<TablePtr, const Index*>> Jobs::index_to_fill(SpaceId id) const {
  for (auto& table : catalog_.all()) {
    for (const auto& index : table->indexes) {
      if (index.id == id && index.backfilling && index.transition_at == 0) return std::pair(table, &index);
    }
  }
  return std::nullopt;
}

}  // namespace shoal

#include "server/faults/older_snapshots.h"

#include <algorithm>

namespace shoal {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTickMin{5};
constexpr std::size_t kHeldMax = 16;  // Reached only by who moves the clock about.

}  // namespace

// A held snapshot in the hands of one reader.
class OlderSnapshots::Reading final : public kv::Snapshot {
 public:
  explicit Reading(std::shared_ptr<Held> held) : held_(std::move(held)), turn_(held_->in_use) {}
  std::optional<kv::Bytes> get(kv::Bytes key) const override { return held_->snapshot->get(key); }
  std::unique_ptr<kv::Cursor> cursor() const override { return held_->snapshot->cursor(); }

 private:
  std::shared_ptr<Held> held_;
  std::unique_lock<std::mutex> turn_;
};

OlderSnapshots::OlderSnapshots(kv::Engine& engine, const Clock& clock, milliseconds age)
    : engine_(engine), clock_(clock), age_(age) {
  take();
  thread_ = std::thread([this] { run(); });
}

OlderSnapshots::~OlderSnapshots() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
}

std::unique_ptr<kv::Snapshot> OlderSnapshots::read() {
  std::shared_ptr<Held> oldest;
  {
    const std::lock_guard lock(mutex_);
    drop_too_old();
    oldest = held_.front();
  }
  return std::make_unique<Reading>(std::move(oldest));
}

void OlderSnapshots::take() {
  const std::lock_guard lock(mutex_);
  take_locked();
}

void OlderSnapshots::take_locked() {
  drop_too_old();
  if (held_.size() == kHeldMax) return;
  auto held = std::make_shared<Held>();
  held->snapshot = engine_.snapshot();
  held->taken_at = clock_.now();
  held_.push_back(std::move(held));
}

// What is older than another that is old enough.
void OlderSnapshots::drop_too_old() {
  const auto limit = clock_.now() - age_;
  while (held_.size() > 1 && held_[1]->taken_at <= limit) held_.pop_front();
}

void OlderSnapshots::run() {
  const auto tick = std::max(age_ / 4, kTickMin);
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, tick, [&] { return stopping_; })) {
    try {
      take_locked();
    } catch (const kv::EngineError&) {
      // The next tick tries again. Until then reads see what is older than it need be.
    }
  }
}

}  // namespace shoal

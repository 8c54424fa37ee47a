#include "server/metrics/request_metrics.h"

#include <stdexcept>

namespace shoal {
namespace {

constexpr std::size_t kShares = 8;

std::size_t interval_of(RequestMetrics::Duration took) {
  const double seconds = std::chrono::duration<double>(took).count();
  std::size_t interval = 0;
  while (interval < RequestMetrics::kBounds.size() && seconds > RequestMetrics::kBounds[interval]) ++interval;
  return interval;
}

// Threads take the shares in turn; more threads than shares share them.
std::size_t number_of_thread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

struct alignas(64) RequestMetrics::Share {
  struct Counts {
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> intervals{};
    std::atomic<std::uint64_t> nanoseconds{0};
  };
  std::array<Counts, kOperationsMax> operations{};
};

RequestMetrics::RequestMetrics() {
  for (std::size_t i = 0; i < kShares; ++i) shares_.push_back(std::make_unique<Share>());
}

RequestMetrics::~RequestMetrics() = default;

std::size_t RequestMetrics::add(std::string_view operation) {
  if (names_.size() == kOperationsMax) throw std::length_error("too many operations to count");
  names_.emplace_back(operation);
  failures_.emplace_back();
  return names_.size() - 1;
}

RequestMetrics::Share& RequestMetrics::share() { return *shares_[number_of_thread() % kShares]; }

void RequestMetrics::answered(std::size_t operation, Duration took) {
  auto& counts = share().operations[operation];
  counts.intervals[interval_of(took)].fetch_add(1, std::memory_order_relaxed);
  counts.nanoseconds.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

void RequestMetrics::failed(std::size_t operation, std::string_view type, Duration took) {
  answered(operation, took);
  const std::lock_guard lock(mutex_);
  auto& failures = failures_[operation];
  const auto found = failures.find(type);
  if (found == failures.end()) {
    failures.emplace(type, 1);
  } else {
    ++found->second;
  }
}

std::vector<RequestMetrics::Total> RequestMetrics::totals() const {
  std::vector<Total> totals(names_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    auto& total = totals[i];
    total.operation = names_[i];
    for (const auto& share : shares_) {
      const auto& counts = share->operations[i];
      for (std::size_t interval = 0; interval < total.counts.size(); ++interval) {
        total.counts[interval] += counts.intervals[interval].load(std::memory_order_relaxed);
      }
      total.seconds += static_cast<double>(counts.nanoseconds.load(std::memory_order_relaxed)) / 1e9;
    }
  }
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < names_.size(); ++i) totals[i].failures = {failures_[i].begin(), failures_[i].end()};
  return totals;
}

}  // namespace shoal

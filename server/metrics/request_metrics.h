// How many requests there were of each operation, how they ended, and how long they took: counted where they are
// answered, added up when somebody asks.
//
//   RequestMetrics metrics;
//   const auto operation = metrics.add("GetItem");          // at start
//   metrics.answered(operation, microseconds(12));          // from any thread; costs a few nanoseconds
//   metrics.failed(operation, "ValidationException", microseconds(9));
//   metrics.totals()[operation].seconds;                    // 0.000021
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace shoal {

class RequestMetrics {
 public:
  using Duration = std::chrono::nanoseconds;

  // Upper ends, in seconds, of the intervals that durations are counted in; there is one more, without an end.
  static constexpr std::array<double, 13> kBounds = {0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                     0.01,    0.025,  0.05,    0.1,    0.25,  1};
  static constexpr std::size_t kOperationsMax = 128;

  struct Total {
    std::string operation;
    std::array<std::uint64_t, kBounds.size() + 1> counts{};  // By duration; all requests, also those that failed.
    double seconds = 0;                                      // Of all together.
    std::map<std::string, std::uint64_t> failures;           // By the error's type.
  };

  RequestMetrics();
  ~RequestMetrics();

  // Before requests are counted. Throws std::length_error beyond kOperationsMax.
  std::size_t add(std::string_view operation);

  void answered(std::size_t operation, Duration took);
  void failed(std::size_t operation, std::string_view type, Duration took);

  std::vector<Total> totals() const;

 private:
  struct Share;
  Share& share();

  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Share>> shares_;  // Of threads, so that they do not share cache lines.
  mutable std::mutex mutex_;
  std::vector<std::map<std::string, std::uint64_t, std::less<>>> failures_;  // Under it.
};

}  // namespace shoal

// What requests there were, for a test to assert on: "this made 3 queries, no scan, and cost 7.5 read units". Off until
// somebody begins one; then every request is a record, the oldest of which go when there are too many.
//
//   journal.begin(10'000);
//   ...
//   for (const auto& record : journal.records()) ...
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace shoal {

// What a request used, as its operation counts it while it runs.
struct Spent {
  double read_units = 0, write_units = 0;
  std::vector<std::string> tables;  // In the order of their first use.

  void add_table(std::string_view name);
};

struct RequestRecord {
  std::chrono::system_clock::time_point at;
  std::string request_id;
  std::string operation;
  std::string account, region;  // Empty: it was refused before that was known.
  int status = 200;
  std::string error;  // Its type; empty: none.
  std::chrono::nanoseconds took{0};
  Spent spent;
};

class Journal {
 public:
  bool is_on() const { return on_.load(std::memory_order_relaxed); }
  void begin(std::size_t records_max);  // From none on.
  void end();                           // And forgets.
  void add(RequestRecord record);

  std::vector<RequestRecord> records() const;
  std::uint64_t left_out() const;  // Older ones that have gone.

 private:
  std::atomic<bool> on_ = false;
  mutable std::mutex mutex_;
  std::size_t records_max_ = 0;
  std::deque<RequestRecord> records_;
  std::uint64_t left_out_ = 0;
};

}  // namespace shoal

// A sequence of changes on its way to a function, batch by batch, one call after the other: what is to be done next, by
// the mapping's settings, the time, and what came of the last call. It neither waits nor calls: the caller does, and
// tells.
//
//   lane.add(event);
//   while (auto step = lane.next(context)) {
//     if (step->report) lane.note_reported(context, deliver(*step->report));
//     else lane.note(context, call(step->payload));
//     keep(lane.first_unfinished(), lane.window());          // before the next step
//   }
//
// A shard has one lane, or several whose changes are of different items. While a step is under way there is no other.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/triggers/trigger_event.h"

namespace shoal {

struct LaneTimes {
  std::chrono::milliseconds retry_first{100};    // After a failure; twice that after the next one, and so on
  std::chrono::milliseconds retry_last{10'000};  // up to this.
  std::chrono::milliseconds window_grace{100};   // For changes of a tumbling window's last moment that commit after it.
  std::size_t report_tries = 5;                  // Then a report is lost, as in production.
};

// What a lane has to know of its surroundings.
struct LaneContext {
  const Mapping& mapping;
  std::string_view shard_id;
  const LaneTimes& times;
  Milliseconds now{};  // The clock's, which can be moved.
  std::chrono::steady_clock::time_point steady{};
  bool is_last = false;  // Nothing will be added any more: the shard has ended.
};

struct LaneStep {
  std::string payload;                  // Of a call of the function; or
  std::optional<FailureReport> report;  // what is to be told, and where.
};

class Lane {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // In order of sequence.
  void add(ChangeEvent event);
  std::size_t waiting_count() const { return waiting_.size(); }
  std::size_t held_bytes() const;  // Of changes, also those that a call is under way with.

  std::optional<LaneStep> next(const LaneContext& context);
  void note(const LaneContext& context, InvocationResult result);
  // `failure` is empty when it was delivered.
  void note_reported(const LaneContext& context, const std::string& failure);

  bool is_busy() const { return busy_; }
  // Nothing waits, nothing is under way, no window is open.
  bool is_idle() const;
  // All changes before it are dealt with; nothing when all are.
  std::optional<Sequence> first_unfinished() const;

  const std::optional<OpenWindow>& window() const { return window_; }
  Milliseconds windows_closed_to() const { return windows_closed_to_; }
  void restore_windows(std::optional<OpenWindow> window, Milliseconds closed_to);

  // "OK", or what the last call met with. Empty: there was none yet.
  const std::string& last_result() const { return last_result_; }

 private:
  // A batch, or what is left of one.
  struct Part {
    std::vector<ChangeEvent> events;
    std::size_t failures = 0;     // Those that count.
    std::size_t invocations = 0;  // Also of what it is a part of.
  };

  bool form_batch(const LaneContext& context);
  bool is_due(const LaneContext& context) const;
  bool give_up_old(const LaneContext& context);
  void give_up(const LaneContext& context, std::size_t count, std::string_view condition);
  void leave_part();
  void take(std::size_t count);
  void split();
  void wait_after_failure(const LaneContext& context);

  void enter_window(const LaneContext& context);
  bool window_is_over(const LaneContext& context);
  void close_window();
  void give_up_window(const LaneContext& context);
  std::optional<WindowView> window_view(const LaneContext& context, bool is_final) const;

  void note_success(const LaneContext& context, const InvocationResult& result);
  void note_failure(const LaneContext& context);
  void note_final(const LaneContext& context, const InvocationResult& result);

  std::deque<ChangeEvent> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<Part> parts_;  // The one that is being dealt with is the last.
  bool busy_ = false;
  bool is_final_ = false;  // What is under way is the last call of a window.
  SteadyTime not_before_{};
  std::size_t failures_in_row_ = 0;
  std::optional<InvocationResult> last_;
  std::string last_result_;

  std::optional<FailureReport> report_;
  std::size_t reported_count_ = 0;  // Changes at the front of the part that it is about.
  std::size_t report_failures_ = 0;

  std::optional<OpenWindow> window_;
  Milliseconds windows_closed_to_{};
  std::optional<SteadyTime> over_since_;  // When the window's end was first seen to have passed.
  std::size_t final_failures_ = 0;
};

}  // namespace shoal

#include "server/triggers/lane.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/operations/sequence_number.h"
#include "storage/utc_text.h"

namespace shoal {
namespace {

constexpr std::string_view kExhausted = "RetryAttemptsExhausted";
constexpr std::string_view kTooOld = "RecordAgeExceeded";
constexpr std::size_t kEnvelopeBytes = 1024;  // Of a payload, besides its records and a window's state.

Milliseconds horizon_of(const LaneContext& context) {
  const auto age = std::chrono::seconds(context.mapping.settings.record_age_seconds);
  const Milliseconds limit = age.count() < 0 ? kStreamRetention : std::min<Milliseconds>(age, kStreamRetention);
  return context.now - limit;
}

Milliseconds tumbling(const LaneContext& context) {
  return std::chrono::seconds(context.mapping.settings.tumbling_seconds);
}

bool may_retry(const LaneContext& context, std::size_t failures) {
  const auto retries = context.mapping.settings.retries;
  return retries < 0 || failures <= static_cast<std::size_t>(retries);
}

}  // namespace

void Lane::add(ChangeEvent event) {
  waiting_bytes_ += event.json.size() + 1;
  waiting_.push_back(std::move(event));
}

std::size_t Lane::held_bytes() const {
  std::size_t bytes = waiting_bytes_;
  for (const auto& part : parts_) {
    for (const auto& event : part.events) bytes += event.json.size();
  }
  return bytes;
}

bool Lane::is_idle() const { return waiting_.empty() && parts_.empty() && !busy_ && !window_; }

std::optional<Sequence> Lane::first_unfinished() const {
  if (!parts_.empty()) return parts_.back().events.front().sequence;
  if (!waiting_.empty()) return waiting_.front().sequence;
  return std::nullopt;
}

void Lane::restore_windows(std::optional<OpenWindow> window, Milliseconds closed_to) {
  window_ = std::move(window);
  windows_closed_to_ = closed_to;
}

std::optional<LaneStep> Lane::next(const LaneContext& context) {
  if (busy_) return std::nullopt;
  while (!report_) {
    if (parts_.empty() && window_ && window_is_over(context)) {
      if (context.steady < not_before_) return std::nullopt;
      busy_ = is_final_ = true;
      return LaneStep{event_text({}, window_view(context, true)), {}};
    }
    if (parts_.empty() && !form_batch(context)) return std::nullopt;
    if (give_up_old(context)) continue;
    if (context.steady < not_before_) return std::nullopt;
    busy_ = true;
    return LaneStep{event_text(parts_.back().events, window_view(context, false)), {}};
  }
  if (context.steady < not_before_) return std::nullopt;
  busy_ = true;
  return LaneStep{{}, report_};
}

// --- batches ---

// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
bool Lane::is_due(const LaneContext& context) const {
  const auto& settings = context.mapping.settings;
  if (waiting_.empty()) return false;
  if (context.is_last || waiting_.size() >= static_cast<std::size_t>(settings.batch_size)) return true;
  if (waiting_bytes_ >= kPayloadBytesMax - kEnvelopeBytes) return true;
  if (context.now >= waiting_.front().read_at + std::chrono::seconds(settings.batching_window_seconds)) return true;
  // A tumbling window does not wait for the next one's changes.
  return window_ && (context.now >= window_->end || waiting_.back().at >= window_->end);
}

bool Lane::form_batch(const LaneContext& context) {
  if (waiting_.empty()) return false;
  if (!window_ && tumbling(context).count() > 0) enter_window(context);
  if (!is_due(context)) return false;
  const auto count_max = static_cast<std::size_t>(context.mapping.settings.batch_size);
  std::size_t bytes = kEnvelopeBytes + (window_ ? window_->state.size() : 0);
  Part part;
  while (!waiting_.empty() && part.events.size() < count_max) {
    auto& event = waiting_.front();
    const auto size = event.json.size() + 1;
    if (!part.events.empty() && (bytes + size > kPayloadBytesMax || (window_ && event.at >= window_->end))) break;
    bytes += size;
    waiting_bytes_ -= size;
    part.events.push_back(std::move(event));
    waiting_.pop_front();
  }
  parts_.push_back(std::move(part));
  return true;
}

// Whether there were any.
bool Lane::give_up_old(const LaneContext& context) {
  const auto& events = parts_.back().events;
  const auto horizon = horizon_of(context);
  const auto young =
      std::find_if(events.begin(), events.end(), [horizon](const ChangeEvent& event) { return event.at >= horizon; });
  if (young == events.begin()) return false;
  give_up(context, static_cast<std::size_t>(young - events.begin()), kTooOld);
  return true;
}

// The first `count` changes of the part.
void Lane::give_up(const LaneContext& context, std::size_t count, std::string_view condition) {
  const auto& part = parts_.back();
  const ChangeEvents events(part.events.data(), count);
  spdlog::warn("{} changes of {} are given up by function {}, {} to {}: {}", count, context.mapping.stream_arn,
               context.mapping.function, sequence_text(events.front().sequence), sequence_text(events.back().sequence),
               condition);
  const auto& destination = context.mapping.settings.on_failure;
  if (destination.empty()) return take(count);
  const auto* last = part.invocations > 0 && last_ ? &*last_ : nullptr;
  report_ = FailureReport{
      destination,
      failure_report(context.mapping, events, {condition, context.shard_id, part.invocations, last, context.now})};
  reported_count_ = count;
  report_failures_ = 0;
  not_before_ = {};
}

void Lane::note_reported(const LaneContext& context, const std::string& failure) {
  busy_ = false;
  if (!failure.empty() && ++report_failures_ < context.times.report_tries) {
    spdlog::warn("{} was not told of what function {} did not take: {}", report_->destination, context.mapping.function,
                 failure);
    failures_in_row_ = report_failures_ - 1;
    return wait_after_failure(context);
  }
  if (!failure.empty()) {
    spdlog::error("{} is never told of what function {} did not take: {}: {}", report_->destination,
                  context.mapping.function, failure, report_->text);
  }
  report_.reset();
  failures_in_row_ = 0;
  not_before_ = {};
  take(reported_count_);
}

// The first `count` changes of the part are dealt with.
void Lane::take(std::size_t count) {
  auto& part = parts_.back();
  part.events.erase(part.events.begin(), part.events.begin() + static_cast<std::ptrdiff_t>(count));
  if (part.events.empty()) parts_.pop_back();
}

void Lane::split() {
  auto& whole = parts_.back();
  const auto middle = whole.events.begin() + static_cast<std::ptrdiff_t>(whole.events.size() / 2);
  Part first{{std::make_move_iterator(whole.events.begin()), std::make_move_iterator(middle)},
             whole.failures,
             whole.invocations};
  whole.events.erase(whole.events.begin(), middle);
  parts_.push_back(std::move(first));
}

// --- what came of a call ---

void Lane::note(const LaneContext& context, InvocationResult result) {
  using Kind = InvocationResult::Kind;
  busy_ = false;
  const bool was_final = std::exchange(is_final_, false);
  if (result.kind == Kind::cancelled) return;
  if (result.kind == Kind::unavailable) {
    last_result_ = "PROBLEM: Function could not be called";
    if (was_final && window_->end < horizon_of(context)) return give_up_window(context);
    return wait_after_failure(context);
  }
  if (was_final) {
    note_final(context, result);
  } else if (result.kind == Kind::success) {
    note_success(context, result);
  } else {
    ++parts_.back().invocations;
    last_ = std::move(result);
    note_failure(context);
  }
}

void Lane::note_success(const LaneContext& context, const InvocationResult& result) {
  auto& part = parts_.back();
  ++part.invocations;
  auto taken = part.events.size();
  if (context.mapping.settings.reports_item_failures) {
    const auto first = first_failure(result.payload, part.events);
    if (!first || *first == 0) {
      last_ = result;
      return note_failure(context);
    }
    taken = *first;
  }
  if (window_) {
    auto state = state_in(result.payload);
    if (state.size() > kWindowStateBytesMax) {
      window_->ends_early = true;
    } else {
      window_->state = std::move(state);
    }
  }
  if (taken == part.events.size()) {
    last_result_ = "OK";
    failures_in_row_ = 0;
    not_before_ = {};
    return take(taken);
  }
  // The change that was not taken has failed once; what was taken is not tried again.
  last_ = result;
  take(taken);
  parts_.back().failures = failures_in_row_ = 0;
  note_failure(context);
}

// Of the part's first change, or of all of it.
void Lane::note_failure(const LaneContext& context) {
  last_result_ = "PROBLEM: Function call failed";
  auto& part = parts_.back();
  const bool is_function_error = last_->kind == InvocationResult::Kind::failure;
  // A batch whose function says what has failed needs no cutting. Cutting does not count as a try, and what comes of it
  // has not been tried.
  if (is_function_error && context.mapping.settings.bisect && part.events.size() > 1) {
    failures_in_row_ = 0;
    return split();
  }
  ++part.failures;
  if (may_retry(context, part.failures)) return wait_after_failure(context);
  failures_in_row_ = 0;
  not_before_ = {};
  give_up(context, part.events.size(), kExhausted);
}

void Lane::wait_after_failure(const LaneContext& context) {
  const auto doublings = std::min<std::size_t>(failures_in_row_++, 20);
  not_before_ = context.steady + std::min<std::chrono::milliseconds>(context.times.retry_first * (1 << doublings),
                                                                     context.times.retry_last);
}

// --- tumbling windows ---
// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html

// The one that the first waiting change lies in; the next one when that has had its end.
void Lane::enter_window(const LaneContext& context) {
  const auto length = tumbling(context);
  const auto at = std::max(waiting_.front().at, windows_closed_to_);
  const auto start = at - Milliseconds(at.count() % length.count());
  window_ = OpenWindow{start, start + length, "{}", false};
  over_since_.reset();
}

bool Lane::window_is_over(const LaneContext& context) {
  if (window_->end - window_->start != tumbling(context)) window_->ends_early = true;
  if (window_->ends_early) return true;
  if (!waiting_.empty()) return waiting_.front().at >= window_->end;
  if (context.is_last) return true;
  if (context.now < window_->end) {
    over_since_.reset();
    return false;
  }
  if (!over_since_) over_since_ = context.steady;
  return context.steady >= *over_since_ + context.times.window_grace;
}

std::optional<WindowView> Lane::window_view(const LaneContext& context, bool is_final) const {
  if (!window_) return std::nullopt;
  return WindowView{*window_, context.shard_id, context.mapping.stream_arn, is_final};
}

void Lane::close_window() {
  if (!window_->ends_early) windows_closed_to_ = window_->end;
  window_.reset();
  over_since_.reset();
  final_failures_ = failures_in_row_ = 0;
  not_before_ = {};
}

void Lane::note_final(const LaneContext& context, const InvocationResult& result) {
  if (result.kind == InvocationResult::Kind::success) {
    last_result_ = "OK";
    return close_window();
  }
  last_result_ = "PROBLEM: Function call failed";
  const bool is_too_old = window_->end < horizon_of(context);
  if (may_retry(context, ++final_failures_) && !is_too_old) return wait_after_failure(context);
  give_up_window(context);
}

void Lane::give_up_window(const LaneContext& context) {
  spdlog::warn("the end of the window from {}Z to {}Z of {} is given up by function {}", utc_seconds(window_->start),
               utc_seconds(window_->end), context.mapping.stream_arn, context.mapping.function);
  close_window();
}

}  // namespace shoal

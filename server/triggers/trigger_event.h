// What a function is called with, what it answers, and what is told of changes that it did not take: the JSON of
// Lambda's side. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/triggers/invocation.h"
#include "server/triggers/mapping.h"
#include "server/triggers/mapping_store.h"

namespace shoal {

// A change, as the function is told of it.
struct ChangeEvent {
  Sequence sequence = 0;
  Milliseconds at{};       // When it was made,
  Milliseconds read_at{};  // and when it was read from the log.
  std::string json;
};

using ChangeEvents = std::span<const ChangeEvent>;

// The most that a call may carry.
inline constexpr std::size_t kPayloadBytesMax = 6 << 20;
inline constexpr std::size_t kWindowStateBytesMax = 1 << 20;

// {"Records": [...]}; with the window, if there is one.
struct WindowView {
  const OpenWindow& window;
  std::string_view shard_id;
  std::string_view stream_arn;
  bool is_final = false;
};
std::string event_text(ChangeEvents events, const std::optional<WindowView>& window);

// What a function that reports item failures says of a batch: the index of the first change that it did not take; the
// batch's size when it took them all; nothing when it took none or says nothing that can be understood.
// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
std::optional<std::size_t> first_failure(std::string_view answer, ChangeEvents events);

// The state that a function returns for its window; {} when there is none.
std::string state_in(std::string_view answer);

// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
struct GivenUp {
  std::string_view condition;  // "RetryAttemptsExhausted"
  std::string_view shard_id;
  std::size_t invocations = 0;
  const InvocationResult* last = nullptr;  // Null: there was none.
  Milliseconds now{};
};
std::string failure_report(const Mapping& mapping, ChangeEvents events, const GivenUp& why);

}  // namespace shoal

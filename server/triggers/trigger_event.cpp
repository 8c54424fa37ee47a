#include "server/triggers/trigger_event.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol/json/writer.h"
#include "server/operations/sequence_number.h"
#include "storage/utc_text.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

void append_window(std::string& out, const WindowView& view) {
  const auto& [window, shard_id, stream_arn, is_final] = view;
  out.append(R"(,"window":{"start":")")
      .append(utc_seconds(window.start))
      .append(R"(Z","end":")")
      .append(utc_seconds(window.end))
      .append("Z\"}");
  out.append(R"(,"state":)").append(window.state);
  out.append(R"(,"shardId":")").append(shard_id);
  out.append(R"(","eventSourceARN":")").append(stream_arn);
  out.append(R"(","isFinalInvokeForWindow":)").append(is_final ? "true" : "false");
  out.append(R"(,"isWindowTerminatedEarly":)").append(window.ends_early ? "true" : "false");
}

std::optional<std::size_t> index_of(ChangeEvents events, const Json& failure) {
  const auto identifier = failure.is_object() ? failure.find("itemIdentifier") : failure.end();
  if (!failure.is_object() || identifier == failure.end() || !identifier->is_string()) return std::nullopt;
  const auto& text = identifier->get_ref<const std::string&>();
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (sequence_text(events[i].sequence) == text) return i;
  }
  return std::nullopt;
}

}  // namespace

std::string event_text(ChangeEvents events, const std::optional<WindowView>& window) {
  std::size_t bytes = 512 + (window ? window->window.state.size() : 0);
  for (const auto& event : events) bytes += event.json.size() + 1;
  std::string out;
  out.reserve(bytes);
  out += R"({"Records":[)";
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (i > 0) out += ',';
    out += events[i].json;
  }
  out += ']';
  if (window) append_window(out, *window);
  return out += '}';
}

std::optional<std::size_t> first_failure(std::string_view answer, ChangeEvents events) {
  if (answer.empty()) return events.size();
  const auto value = Json::parse(answer, nullptr, false);
  if (value.is_null()) return events.size();
  if (!value.is_object()) return std::nullopt;
  const auto failures = value.find("batchItemFailures");
  if (failures == value.end() || failures->is_null()) return events.size();
  if (!failures->is_array()) return std::nullopt;
  auto first = events.size();
  for (const auto& failure : *failures) {
    const auto index = index_of(events, failure);
    if (!index) return std::nullopt;
    first = std::min(first, *index);
  }
  return first;
}

std::string state_in(std::string_view answer) {
  const auto value = Json::parse(answer, nullptr, false);
  if (!value.is_object()) return "{}";
  const auto state = value.find("state");
  return state == value.end() || state->is_null() ? "{}" : state->dump();
}

std::string failure_report(const Mapping& mapping, ChangeEvents events, const GivenUp& why) {
  Json report{{"version", "1.0"},
              {"timestamp", utc_milliseconds(why.now) + "Z"},
              {"requestContext",
               {{"requestId", why.last ? why.last->request_id : std::string()},
                {"functionArn", mapping.function_arn()},
                {"condition", why.condition},
                {"approximateInvokeCount", why.invocations}}}};
  if (why.last) {
    report["responseContext"] = {{"statusCode", why.last->status}, {"executedVersion", "$LATEST"}};
    report["responseContext"]["functionError"] =
        why.last->function_error.empty() ? Json() : Json(why.last->function_error);
  }
  report["DDBStreamBatchInfo"] = {{"shardId", why.shard_id},
                                  {"startSequenceNumber", sequence_text(events.front().sequence)},
                                  {"endSequenceNumber", sequence_text(events.back().sequence)},
                                  {"approximateArrivalOfFirstRecord", utc_seconds(events.front().at) + "Z"},
                                  {"approximateArrivalOfLastRecord", utc_seconds(events.back().at) + "Z"},
                                  {"batchSize", events.size()},
                                  {"streamArn", mapping.stream_arn}};
  report["payload"] = event_text(events, std::nullopt);
  return report.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace shoal

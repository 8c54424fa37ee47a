#include "server/operations/stream_settings.h"

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "storage/changelog.h"

namespace shoal {

void check_stream_specification(json::Json input) {
  const auto specification = input.find("StreamSpecification");
  if (!specification) return;
  const bool enabled = json::truth(specification.find("StreamEnabled"));
  const bool has_view = specification.find("StreamViewType").present();
  if (enabled && !has_view) {
    throw validation_error("Invalid StreamViewType: Stream ViewType must not be null or empty when enabling streams.");
  }
  if (!enabled && has_view) {
    throw validation_error("Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was present.");
  }
}

bool asks_for_stream(json::Json input) { return json::truth(input.find("StreamSpecification").find("StreamEnabled")); }

void check_stream_change(json::Json input, const Table& table) {
  if (!input.find("StreamSpecification")) return;
  const bool on = table.stream_view.has_value();
  if (asks_for_stream(input) && on) throw validation_error("Table already has an enabled stream");
  if (!asks_for_stream(input) && !on) throw validation_error("Table has no stream to disable");
}

void change_stream(const Call& call, kv::Transaction& transaction, Table& table) {
  const auto specification = call.input.find("StreamSpecification");
  if (!specification) return;
  const auto now = call.services.clock.now();
  if (asks_for_stream(call.input)) {
    enable_stream(transaction, table, view_named(specification.find("StreamViewType").string()).value(), now);
  } else {
    disable_stream(transaction, table, now);
  }
}

}  // namespace shoal

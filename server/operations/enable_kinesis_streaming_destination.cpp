// EnableKinesisStreamingDestination: from now on, every change of the table goes to a Kinesis data stream.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/operations/kinesis_destination.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"
#include "storage/destinations.h"

namespace shoal {
namespace {

constexpr std::string_view kConfiguration = "EnableKinesisStreamingConfiguration";

bool is_disabled(const KinesisDestination& destination) { return destination.status == DestinationStatus::disabled; }

void check_room(const Table& table) {
  const auto in_use =
      static_cast<std::size_t>(std::count_if(table.kinesis.begin(), table.kinesis.end(), std::not_fn(is_disabled)));
  if (in_use < kDestinationsMax) return;
  throw Error(errors::limit_exceeded, "Subscriber limit exceeded: There is a limit of " +
                                          std::to_string(kDestinationsMax) +
                                          " Kinesis streaming destinations per table");
}

// The table's entry for the stream: the one of a destination that was disabled, or a new one.
KinesisDestination& entry_for(Table& table, std::string_view arn) {
  if (auto* known = table.destination(arn)) return *known;
  if (table.kinesis.size() >= kDestinationsListedMax) {
    table.kinesis.erase(std::find_if(table.kinesis.begin(), table.kinesis.end(), is_disabled));
  }
  return table.kinesis.emplace_back(KinesisDestination{std::string(arn)});
}

Answer enable(const Call& call, kv::Transaction& transaction, double end) {
  auto table = read_managed_table(call, transaction, call.input.find("TableName").string());
  check_table_active(table);
  const auto arn = kinesis_stream_of(call);
  if (const auto* known = table.destination(arn); known && !is_disabled(*known)) {
    throw wrong_destination_state(
        "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.");
  }
  check_room(table);
  auto& destination = entry_for(table, arn);
  destination.microseconds = asks_for_microseconds(call, kConfiguration).value_or(false);
  start_destination(transaction, table, destination, end, call.services.clock.now());
  call.services.catalog.put(transaction, table);
  return destination_answer(call, table, DestinationStatus::enabling, kConfiguration);
}

}  // namespace

Outcome enable_kinesis_streaming_destination(const Call& call) {
  const auto name = table_name_of(call, call.input.find("TableName").string());
  kinesis_stream_of(call);
  const auto body = [&call, end = transition_end(call)](kv::Transaction& transaction) {
    return enable(call, transaction, end);
  };
  auto committed = [&call, published = publish(call, name)] {
    published();
    if (call.services.config.kinesis_endpoint.empty()) {
      spdlog::warn("the changes of table {} wait for Shoal to be started with --kinesis-endpoint, for a day at most",
                   call.input.find("TableName").string());
    }
  };
  return Write{body, std::move(committed)};
}

}  // namespace shoal

// UpdateKinesisStreamingDestination: how exactly a destination tells when a change was made.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html
#include "server/operations/kinesis_destination.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"
#include "storage/destinations.h"

namespace shoal {
namespace {

constexpr std::string_view kConfiguration = "UpdateKinesisStreamingConfiguration";

Answer update(const Call& call, kv::Transaction& transaction, bool microseconds, double end) {
  auto table = read_managed_table(call, transaction, call.input.find("TableName").string());
  check_table_active(table);
  auto& destination = active_destination(call, table);
  if (destination.microseconds == microseconds) {
    throw validation_error("Invalid Request: Precision is already set to the desired value of " +
                           std::string(precision_name(destination)) + " for tableId: " + table.uuid +
                           ", kdsArn: " + destination.stream_arn);
  }
  destination.microseconds = microseconds;
  if (end != 0) destination.status = DestinationStatus::updating;
  destination.changed_at = seconds_now(call);
  destination.transition_at = end;
  call.services.catalog.put(transaction, table);
  return destination_answer(call, table, DestinationStatus::updating, kConfiguration);
}

}  // namespace

Outcome update_kinesis_streaming_destination(const Call& call) {
  const auto name = table_name_of(call, call.input.find("TableName").string());
  const auto microseconds = asks_for_microseconds(call, kConfiguration);
  if (!microseconds) {
    throw validation_error(
        "Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration cannot be "
        "null or contain only null values");
  }
  const auto body = [&call, wanted = *microseconds, end = transition_end(call)](kv::Transaction& transaction) {
    return update(call, transaction, wanted, end);
  };
  return Write{body, publish(call, name)};
}

}  // namespace shoal

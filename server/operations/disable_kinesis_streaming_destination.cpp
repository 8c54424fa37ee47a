// DisableKinesisStreamingDestination: changes from now on do not go to the data stream; those before it still do.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html
#include "server/operations/kinesis_destination.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"
#include "storage/destinations.h"

namespace shoal {
namespace {

Answer disable(const Call& call, kv::Transaction& transaction, double end) {
  auto table = read_managed_table(call, transaction, call.input.find("TableName").string());
  check_table_active(table);
  auto& destination = active_destination(call, table);
  const bool delivers = !call.services.config.kinesis_endpoint.empty();
  stop_destination(transaction, table, destination, end, delivers, call.services.clock.now());
  call.services.catalog.put(transaction, table);
  return destination_answer(call, table, DestinationStatus::disabling, "EnableKinesisStreamingConfiguration");
}

}  // namespace

Outcome disable_kinesis_streaming_destination(const Call& call) {
  const auto name = table_name_of(call, call.input.find("TableName").string());
  const auto body = [&call, end = transition_end(call)](kv::Transaction& transaction) {
    return disable(call, transaction, end);
  };
  return Write{body, publish(call, name)};
}

}  // namespace shoal

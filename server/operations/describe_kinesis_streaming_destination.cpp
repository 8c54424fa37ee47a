// DescribeKinesisStreamingDestination: the data streams that a table's changes go to, and those they went to.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
#include "protocol/json/writer.h"
#include "server/operations/kinesis_destination.h"
#include "server/operations/table_name.h"
#include "storage/destinations.h"

namespace shoal {
namespace {

void append_destination(std::string& out, const Call& call, const KinesisDestination& destination) {
  json::ObjectWriter object(out);
  object.text("StreamArn", destination.stream_arn);
  object.text("DestinationStatus", status_name(destination.status));
  if (destination.is_on() && call.services.config.kinesis_endpoint.empty()) {
    object.text("DestinationStatusDescription",
                "Changes wait for Shoal to be started with --kinesis-endpoint, for a day at most");
  }
  object.text("ApproximateCreationDateTimePrecision", precision_name(destination));
  object.close();
}

}  // namespace

Outcome describe_kinesis_streaming_destination(const Call& call) {
  const auto table = find_managed_table(call, call.input.find("TableName").string());
  Answer answer;
  json::ObjectWriter object(answer);
  object.text("TableName", table->name);
  object.key("KinesisDataStreamDestinations") += '[';
  for (const auto& destination : table->kinesis) {
    if (&destination != &table->kinesis.front()) answer += ',';
    append_destination(answer, call, destination);
  }
  answer += ']';
  object.close();
  return answer;
}

}  // namespace shoal

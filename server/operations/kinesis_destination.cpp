#include "server/operations/kinesis_destination.h"

#include "protocol/json/writer.h"
#include "server/operations/table_name.h"
#include "server/operations/table_schema.h"
#include "storage/destinations.h"

namespace shoal {
namespace {

constexpr std::string_view kPrecision = "ApproximateCreationDateTimePrecision";

}  // namespace

std::string_view kinesis_stream_of(const Call& call) {
  const auto text = call.input.find("StreamArn").string();
  const auto arn = parse_resource_arn(text);
  if (!arn || arn->service != "kinesis" || arn->type != "stream" || arn->resource.empty()) {
    throw validation_error("Invalid StreamArn");
  }
  if (arn->region != call.region && !call.services.config.shared_regions) {
    throw invalid_parameters("the Kinesis data stream must be in the region of the table, " + call.region +
                             ". StreamArn: " + std::string(text));
  }
  return text;
}

Error wrong_destination_state(std::string_view why) {
  return validation_error("Table is not in a valid state to enable Kinesis Streaming Destination: " + std::string(why));
}

KinesisDestination& active_destination(const Call& call, Table& table) {
  const auto arn = kinesis_stream_of(call);
  auto* destination = table.destination(arn);
  if (!destination) {
    throw wrong_destination_state("No streaming destination with streamArn: " + std::string(arn) +
                                  " found for table with tableName: " + table.name);
  }
  if (destination->status != DestinationStatus::active) {
    throw wrong_destination_state(std::string(call.operation.name) + " must be ACTIVE to perform " +
                                  (call.operation.name.starts_with("Update") ? "UPDATE" : "DISABLE") + " operation.");
  }
  return *destination;
}

std::optional<bool> asks_for_microseconds(const Call& call, std::string_view configuration) {
  const auto precision = call.input.find(configuration).find(kPrecision);
  if (!precision) return std::nullopt;
  return precision.string() == "MICROSECOND";
}

std::string_view precision_name(const KinesisDestination& destination) {
  return destination.microseconds ? "MICROSECOND" : "MILLISECOND";
}

Answer destination_answer(const Call& call, const Table& table, DestinationStatus status,
                          std::string_view configuration) {
  Answer answer;
  json::ObjectWriter object(answer);
  object.text("TableName", table.name);
  object.text("StreamArn", kinesis_stream_of(call));
  object.text("DestinationStatus", status_name(status));
  if (call.input.find(configuration)) {
    json::ObjectWriter echo(object.key(configuration));
    const auto precision = call.input.find(configuration).find(kPrecision);
    if (precision) echo.text(kPrecision, precision.string());
    echo.close();
  }
  object.close();
  return answer;
}

}  // namespace shoal

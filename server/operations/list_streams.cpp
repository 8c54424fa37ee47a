// ListStreams: the caller's streams in their region, or those of one table: enabled ones, and disabled ones as long as
// their records are kept, also of tables that are gone.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
#include "protocol/json/writer.h"
#include "server/operations/stream_name.h"
#include "server/operations/table_schema.h"

namespace shoal {
namespace {

constexpr std::size_t kStreamsMax = 100;

std::size_t page_size(json::Json input) {
  const auto limit = input.find("Limit");
  if (!limit) return kStreamsMax;
  if (limit.integer() > static_cast<std::int64_t>(kStreamsMax)) {
    throw invalid_parameters("Limit cannot be greater than the maximum allowed size: " + std::to_string(kStreamsMax));
  }
  return static_cast<std::size_t>(limit.integer());
}

void append_stream(std::string& out, const Stream& stream) {
  json::ObjectWriter object(out);
  object.text("StreamArn", stream.arn());
  object.text("StreamLabel", stream.label);
  object.text("TableName", stream.table);
  object.close();
}

}  // namespace

Outcome list_streams(const Call& call) {
  const auto count_max = page_size(call.input);
  const auto table = call.input.find("TableName");
  const auto start = call.input.find("ExclusiveStartStreamArn");
  const auto after = start ? stream_name_of(call, start.string()) : StreamName{};
  // One more than is answered shows whether there are more.
  auto streams = list_streams(*call.services.engine.snapshot(), call.account, call.region,
                              table ? table.string() : std::string_view(), after.table, after.label, count_max + 1,
                              call.services.clock.now());
  const bool more = streams.size() > count_max;
  if (more) streams.pop_back();

  Answer answer;
  json::ObjectWriter object(answer);
  object.key("Streams") += '[';
  for (const auto& stream : streams) {
    if (&stream != &streams.front()) answer += ',';
    append_stream(answer, stream);
  }
  answer += ']';
  if (more) object.text("LastEvaluatedStreamArn", streams.back().arn());
  object.close();
  return answer;
}

}  // namespace shoal

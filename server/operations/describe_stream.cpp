// DescribeStream: a stream and its shards, in pages; parents come before their children.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
#include "protocol/json/writer.h"
#include "server/operations/sequence_number.h"
#include "server/operations/stream_name.h"
#include "server/operations/table_schema.h"

namespace shoal {
namespace {

constexpr std::size_t kShardsMax = 100;

std::size_t page_size(json::Json input) {
  const auto limit = input.find("Limit");
  if (!limit) return kShardsMax;
  if (limit.integer() > static_cast<std::int64_t>(kShardsMax)) {
    throw invalid_parameters("Limit cannot be greater than the maximum: " + std::to_string(kShardsMax));
  }
  return static_cast<std::size_t>(limit.integer());
}

ShardNumber start_of_page(json::Json input) {
  const auto start = input.find("ExclusiveStartShardId");
  if (!start) return 0;
  const auto number = shard_number(start.string());
  if (!number) throw invalid_parameters("Invalid ExclusiveStartShardId");
  return *number;
}

// Of ShardFilter: the shard whose children alone are wanted.
std::optional<std::string_view> wanted_parent(json::Json input) {
  const auto filter = input.find("ShardFilter");
  if (!filter) return std::nullopt;
  const auto null_at = [](std::string_view member) {
    return enveloped_error("Value null at 'shardFilter." + std::string(member) +
                           "' failed to satisfy constraint: Member must not be null");
  };
  if (!filter.find("Type")) throw null_at("type");
  const auto shard = filter.find("ShardId");
  if (!shard) throw null_at("shardId");
  return shard.string();
}

void append_shard(std::string& out, const Shard& shard) {
  json::ObjectWriter object(out);
  object.text("ShardId", shard_id(shard));
  json::ObjectWriter range(object.key("SequenceNumberRange"));
  range.text("StartingSequenceNumber", sequence_text(shard.first));
  if (shard.last) range.text("EndingSequenceNumber", sequence_text(*shard.last));
  range.close();
  if (shard.parent != 0) object.text("ParentShardId", parent_shard_id(shard));
  object.close();
}

void append_key_schema(std::string& out, const KeySchema& key) {
  out += '[';
  const auto append = [&out](const std::vector<KeyAttribute>& part, std::string_view type) {
    for (const auto& attribute : part) {
      if (out.back() != '[') out += ',';
      out += R"({"AttributeName":)";
      json::append_string(out, attribute.name);
      out.append(R"(,"KeyType":")").append(type).append("\"}");
    }
  };
  append(key.partition, "HASH");
  append(key.sort, "RANGE");
  out += ']';
}

// With --table-delay-ms a stream takes its time to be enabled and disabled, as its table does. That of a table that is
// gone has had it.
std::string_view stream_status(const Call& call, const Stream& stream) {
  const auto now = call.services.clock.now();
  const auto delay = Milliseconds(call.services.config.table_delay_ms);
  if (stream.disabled.count() == 0) return now < stream.created + delay ? "ENABLING" : "ENABLED";
  const auto table = call.services.catalog.find(stream.account, stream.region, stream.table);
  const bool has_table = table && table->id == stream.space;
  return has_table && now < stream.disabled + delay ? "DISABLING" : "DISABLED";
}

}  // namespace

Outcome describe_stream(const Call& call) {
  const auto count_max = page_size(call.input);
  const auto after = start_of_page(call.input);
  const auto parent_id = wanted_parent(call.input);
  const auto snapshot = call.services.engine.snapshot();
  const auto stream = find_stream(call, *snapshot, call.input.find("StreamArn").string());
  auto shards = shards_of(*snapshot, stream.space, stream.label, after);
  const auto horizon = call.services.clock.now() - kStreamRetention;
  std::erase_if(shards, [&](const Shard& shard) { return is_over(shard, horizon); });
  if (parent_id) {
    const auto parent = find_shard(*snapshot, stream, *parent_id).number;
    std::erase_if(shards, [parent](const Shard& shard) { return shard.parent != parent; });
  }
  const bool more = shards.size() > count_max;
  if (more) shards.resize(count_max);

  Answer answer;
  json::ObjectWriter object(answer);
  json::ObjectWriter description(object.key("StreamDescription"));
  description.text("StreamArn", stream.arn());
  description.text("StreamLabel", stream.label);
  description.text("StreamStatus", stream_status(call, stream));
  description.text("StreamViewType", view_name(stream.view));
  json::append_decimal(description.key("CreationRequestDateTime"), static_cast<double>(stream.created.count()) / 1000);
  description.text("TableName", stream.table);
  append_key_schema(description.key("KeySchema"), stream.key);
  description.key("Shards") += '[';
  for (const auto& shard : shards) {
    if (&shard != &shards.front()) answer += ',';
    append_shard(answer, shard);
  }
  answer += ']';
  if (more) description.text("LastEvaluatedShardId", shard_id(shards.back()));
  description.close();
  object.close();
  return answer;
}

}  // namespace shoal

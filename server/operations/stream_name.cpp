#include "server/operations/stream_name.h"

#include <charconv>
#include <cstdio>

#include "server/operations/table_name.h"

namespace shoal {
namespace {

constexpr std::string_view kStreamPart = "/stream/";
constexpr std::string_view kShardPrefix = "shardId-";
constexpr std::size_t kTimeDigits = 20;
constexpr std::size_t kNumberDigits = 8;

std::string id_text(Milliseconds opened, ShardNumber number) {
  char text[64];
  std::snprintf(text, sizeof text, "shardId-%020lld-%08x", static_cast<long long>(opened.count()), number);
  return text;
}

}  // namespace

StreamName stream_name_of(const Call& call, std::string_view arn) {
  const auto parts = parse_resource_arn(arn);
  const auto cut = parts ? parts->resource.find(kStreamPart) : std::string_view::npos;
  if (cut == std::string_view::npos || parts->service != "dynamodb" || parts->type != "table") {
    throw validation_error("Invalid StreamArn");
  }
  if (!is_here(call, *parts)) throw stream_not_found(arn);
  return {parts->resource.substr(0, cut), parts->resource.substr(cut + kStreamPart.size())};
}

Stream find_stream(const Call& call, const kv::Snapshot& snapshot, std::string_view arn) {
  const auto name = stream_name_of(call, arn);
  auto stream = find_stream(snapshot, call.account, call.region, name.table, name.label, call.services.clock.now());
  if (!stream) throw stream_not_found(arn);
  return std::move(*stream);
}

Error stream_not_found(std::string_view arn) {
  return Error(errors::resource_not_found, "Requested resource not found: Stream: " + std::string(arn) + " not found");
}

std::string shard_id(const Shard& shard) { return id_text(shard.opened, shard.number); }

std::string parent_shard_id(const Shard& shard) { return id_text(shard.parent_opened, shard.parent); }

std::optional<ShardNumber> shard_number(std::string_view shard_id) {
  if (shard_id.size() != kShardPrefix.size() + kTimeDigits + 1 + kNumberDigits) return std::nullopt;
  if (!shard_id.starts_with(kShardPrefix)) return std::nullopt;
  ShardNumber number = 0;
  const auto* end = shard_id.data() + shard_id.size();
  const auto [read_to, failure] = std::from_chars(end - kNumberDigits, end, number, 16);
  if (failure != std::errc() || read_to != end) return std::nullopt;
  return number;
}

Shard find_shard(const kv::Snapshot& snapshot, const Stream& stream, std::string_view id) {
  const auto number = shard_number(id);
  auto shard = number ? find_shard(snapshot, stream.space, *number) : std::nullopt;
  if (!shard || shard->stream != stream.label || shard_id(*shard) != id) {
    throw Error(errors::resource_not_found, "Requested resource not found: Shard: " + std::string(id) +
                                                " in Stream: " + stream.arn() + " not found");
  }
  return std::move(*shard);
}

}  // namespace shoal

// From the StreamArn of a request to the stream, and from a ShardId to the shard.
//
//   arn:aws:dynamodb:us-east-1:000000000000:table/Music/stream/2026-11-23T01:08:49.107
//   shardId-00000001795396080000-00000001      when it was opened (epoch milliseconds), and its number in hexadecimal
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/operation.h"
#include "storage/changelog.h"

namespace shoal {

// The parts of an ARN of a stream, borrowed.
struct StreamName {
  std::string_view table, label;
};
// Throws ValidationException when it is malformed, ResourceNotFoundException when it is of elsewhere.
StreamName stream_name_of(const Call& call, std::string_view arn);

// Throws as well when there is no such stream (any more).
Stream find_stream(const Call& call, const kv::Snapshot& snapshot, std::string_view arn);
Error stream_not_found(std::string_view arn);

std::string shard_id(const Shard& shard);
std::string parent_shard_id(const Shard& shard);  // Of one that has a parent, which may be gone.
// The number in a ShardId; nothing when it is none of Shoal's.
std::optional<ShardNumber> shard_number(std::string_view shard_id);
// Throws ResourceNotFoundException.
Shard find_shard(const kv::Snapshot& snapshot, const Stream& stream, std::string_view shard_id);

}  // namespace shoal

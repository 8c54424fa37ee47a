// GetShardIterator: a place in a shard from which GetRecords reads.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
#include <algorithm>

#include "protocol/json/writer.h"
#include "server/operations/sequence_number.h"
#include "server/operations/shard_iterator.h"
#include "server/operations/stream_name.h"
#include "server/operations/table_schema.h"

namespace shoal {
namespace {

bool needs_sequence(std::string_view type) { return type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER"; }

Error invalid_sequence() { return invalid_parameters("Invalid SequenceNumber"); }

// What can be wrong without looking at the stream.
void check_members(const Call& call) {
  const auto type = call.input.find("ShardIteratorType").string();
  const auto sequence = call.input.find("SequenceNumber");
  if (needs_sequence(type)) {
    if (!sequence || !read_sequence(sequence.string())) throw invalid_sequence();
    return;
  }
  if (sequence) throw invalid_parameters("SequenceNumber should not be passed for this iterator type");
  if (type != "AT_TIMESTAMP") return;
  const auto timestamp = call.input.find("Timestamp");
  if (!timestamp) throw invalid_parameters("Timestamp must be passed for this iterator type");
  if (timestamp.decimal() * 1000 > static_cast<double>(call.services.clock.now().count())) {
    throw invalid_parameters("Timestamp must not be in the future");
  }
}

// A reader that stopped at a record goes on there, so what lies before it must be there yet.
Sequence from_sequence(const kv::Snapshot& snapshot, const Shard& shard, Sequence sequence, Milliseconds horizon) {
  if (sequence < shard.first && shard.trimmed_to == 0) throw invalid_sequence();
  if (shard.last && sequence > *shard.last) throw invalid_sequence();
  if (is_trimmed(snapshot, shard, sequence, horizon)) throw trimmed_data();
  return sequence;
}

Sequence start(const Call& call, const kv::Snapshot& snapshot, const Shard& shard) {
  const auto type = call.input.find("ShardIteratorType").string();
  if (type == "TRIM_HORIZON") return 0;
  if (type == "LATEST") return next_sequence(snapshot, shard);
  const auto horizon = call.services.clock.now() - kStreamRetention;
  if (type == "AT_TIMESTAMP") {
    const auto seconds = std::max(0.0, call.input.find("Timestamp").decimal());
    const auto time = Milliseconds(static_cast<std::int64_t>(seconds * 1000));
    // Of a shard that begins later: all of it.
    return time <= horizon ? 0 : first_sequence_at(time);
  }
  const auto sequence =
      from_sequence(snapshot, shard, *read_sequence(call.input.find("SequenceNumber").string()), horizon);
  return type == "AT_SEQUENCE_NUMBER" ? sequence : sequence + 1;
}

}  // namespace

Outcome get_shard_iterator(const Call& call) {
  check_members(call);
  const auto arn = call.input.find("StreamArn").string();
  const auto snapshot = call.services.engine.snapshot();
  const auto stream = find_stream(call, *snapshot, arn);
  const auto shard = find_shard(*snapshot, stream, call.input.find("ShardId").string());
  const ShardIterator iterator{stream.arn(), shard.number, start(call, *snapshot, shard), call.services.clock.now(),
                               call.services.shard_readers->next_reader()};
  Answer answer;
  json::ObjectWriter object(answer);
  object.text("ShardIterator", iterator_text(iterator));
  object.close();
  return answer;
}

}  // namespace shoal

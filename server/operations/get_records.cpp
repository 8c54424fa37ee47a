// GetRecords: the next changes of a shard, and an iterator for those after them; a closed shard that was read to its
// end gives none. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
#include "protocol/json/writer.h"
#include "server/operations/shard_iterator.h"
#include "server/operations/stream_name.h"
#include "server/operations/stream_record.h"
#include "server/operations/table_schema.h"

namespace shoal {
namespace {

constexpr std::size_t kRecordsMax = 1'000;
constexpr std::size_t kBytesMax = 1 << 20;

std::size_t count_wanted(json::Json input) {
  const auto limit = input.find("Limit");
  if (!limit) return kRecordsMax;
  if (limit.integer() > static_cast<std::int64_t>(kRecordsMax)) {
    throw invalid_parameters("Limit should be less than or equal to " + std::to_string(kRecordsMax));
  }
  return static_cast<std::size_t>(limit.integer());
}

ShardIterator iterator_of(const Call& call) {
  auto iterator = read_iterator(call.input.find("ShardIterator").string());
  if (!iterator) throw validation_error("Invalid ShardIterator");
  if (iterator->issued + kIteratorLife < call.services.clock.now()) {
    throw Error(errors::expired_iterator, "The provided iterator exceeds the maximum age allowed.");
  }
  return std::move(*iterator);
}

Shard shard_of(const kv::Snapshot& snapshot, const Stream& stream, const ShardIterator& iterator) {
  auto shard = find_shard(snapshot, stream.space, iterator.shard);
  // Its last record was trimmed since the iterator was issued.
  if (!shard || shard->stream != stream.label) throw trimmed_data();
  return std::move(*shard);
}

void check_readers(const Call& call, const Stream& stream, const Shard& shard, const ShardIterator& iterator) {
  const auto readers_max = call.services.config.stream_readers_max;
  if (readers_max == 0) return;
  const auto now = call.services.clock.now();
  if (call.services.shard_readers->admit({shard.space, shard.number}, iterator.reader, now, readers_max)) return;
  throw Error(errors::limit_exceeded, "Rate exceeded for shard " + shard_id(shard) + " in stream " + stream.arn() +
                                          " under account " + call.account + ".");
}

// Where the next page begins.
struct NextPage {
  Sequence from;
  bool is_end = false;  // There is nothing there yet.
};

NextPage append_page(std::string& out, const kv::Snapshot& snapshot, const Stream& stream, const Shard& shard,
                     Sequence from, std::size_t count_max, Milliseconds horizon) {
  NextPage next{from};
  RecordWriter writer(stream, shard);
  ChangeReader reader(snapshot, shard, std::max(from, first_sequence_at(horizon)));
  std::size_t count = 0, bytes = 0;
  while (reader.next()) {
    const auto record = reader.record();
    if (record.at < horizon) continue;
    const auto size = record_size(stream, record);
    bytes += size;
    if (count == count_max || (count > 0 && bytes > kBytesMax)) return next;
    if (count++ > 0) out += ',';
    writer.append(out, record, size);
    next.from = record.sequence + 1;
  }
  next.is_end = true;
  return next;
}

}  // namespace

Outcome get_records(const Call& call) {
  const auto count_max = count_wanted(call.input);
  auto iterator = iterator_of(call);
  const auto snapshot = call.services.engine.snapshot();
  const auto stream = find_stream(call, *snapshot, iterator.stream_arn);
  const auto shard = shard_of(*snapshot, stream, iterator);
  check_readers(call, stream, shard, iterator);
  const auto now = call.services.clock.now();
  const auto horizon = now - kStreamRetention;
  if (iterator.from != 0 && is_trimmed(*snapshot, shard, iterator.from, horizon)) throw trimmed_data();

  Answer answer;
  json::ObjectWriter object(answer);
  object.key("Records") += '[';
  const auto next = append_page(answer, *snapshot, stream, shard, iterator.from, count_max, horizon);
  answer += ']';
  if (!next.is_end || !shard.last) {
    iterator.from = next.from;
    iterator.issued = now;
    object.text("NextShardIterator", iterator_text(iterator));
  }
  object.close();
  return answer;
}

}  // namespace shoal

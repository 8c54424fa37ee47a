#include "server/kinesis/record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstdio>

#include "protocol/json/writer.h"
#include "server/operations/stream_record.h"

namespace shoal {
namespace {

std::string hex_of(XXH128_hash_t hash, const char* format) {
  char text[40];
  const auto high = static_cast<unsigned long long>(hash.high64), low = static_cast<unsigned long long>(hash.low64);
  std::snprintf(text, sizeof text, format, high >> 32, high >> 16 & 0xffff, high & 0xffff, low >> 48,
                low & 0xffff'ffff'ffffULL);
  return text;
}

// A UUID that is the same whenever, and to whichever destination, the change is sent.
std::string event_id(const Stream& table, const Shard& shard, const ChangeRecord& change) {
  std::string name = table.arn();
  name.append(reinterpret_cast<const char*>(&shard.space), sizeof shard.space);
  name.append(reinterpret_cast<const char*>(&shard.number), sizeof shard.number);
  name.append(reinterpret_cast<const char*>(&change.sequence), sizeof change.sequence);
  auto hash = XXH3_128bits(name.data(), name.size());
  hash.high64 = (hash.high64 & ~0xf000ULL) | 0x4000;
  hash.low64 = (hash.low64 & ~(0xc000ULL << 48)) | (0x8000ULL << 48);
  return hex_of(hash, "%08llx-%04llx-%04llx-%04llx-%012llx");
}

std::string partition_key_of(std::string_view keys) {
  return hex_of(XXH3_128bits(keys.data(), keys.size()), "%08llx%04llx%04llx%04llx%012llx");
}

// The log's clock counts milliseconds; its sequence numbers count the changes of one, which keeps their order.
long long time_of(const ChangeRecord& change, bool microseconds) {
  if (!microseconds) return change.at.count();
  const auto first = first_sequence_at(change.at);
  const auto order = change.sequence > first ? change.sequence - first : 0;
  return change.at.count() * 1'000 + static_cast<long long>(std::min<Sequence>(order, 999));
}

void append_change(std::string& out, const Stream& table, const ChangeRecord& change, std::string_view keys,
                   bool microseconds) {
  json::ObjectWriter object(out);
  object.integer("ApproximateCreationDateTime", time_of(change, microseconds));
  object.key("Keys") += keys;
  if (change.after) json::append_item(object.key("NewImage"), change.after->item);
  if (change.before) json::append_item(object.key("OldImage"), change.before->item);
  object.integer("SizeBytes", static_cast<long long>(record_size(table, change)));
  if (microseconds) object.text("ApproximateCreationDateTimePrecision", "MICROSECOND");
  object.close();
}

}  // namespace

KinesisRecord kinesis_record(const Stream& table, const Shard& shard, const ChangeRecord& change, bool microseconds) {
  std::string keys;
  append_keys(keys, table, change);
  KinesisRecord record{partition_key_of(keys), {}};
  json::ObjectWriter object(record.data);
  object.text("awsRegion", table.region);
  object.text("eventID", event_id(table, shard, change));
  object.text("eventName", event_name(change));
  object.key("userIdentity") +=
      change.cause == Cause::expiry ? R"({"principalId":"dynamodb.amazonaws.com","type":"Service"})" : "null";
  object.text("recordFormat", "application/json");
  object.text("tableName", table.table);
  append_change(object.key("dynamodb"), table, change, keys, microseconds);
  object.text("eventSource", "aws:dynamodb");
  object.close();
  return record;
}

Stream kinesis_view(const Table& table) {
  Stream view;
  view.account = table.account;
  view.region = table.region;
  view.table = table.name;
  view.space = table.id;
  view.view = StreamView::new_and_old_images;
  view.key = table.key;
  return view;
}

}  // namespace shoal

#include "server/operations/stream_record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <charconv>
#include <cstdint>
#include <cstring>

#include "protocol/json/writer.h"
#include "protocol/value/item_size.h"
#include "server/operations/sequence_number.h"

namespace shoal {
namespace {

ItemView some_state(const ChangeRecord& change) { return change.after ? change.after->item : change.before->item; }

bool shows_old(StreamView view) { return view == StreamView::old_image || view == StreamView::new_and_old_images; }
bool shows_new(StreamView view) { return view == StreamView::new_image || view == StreamView::new_and_old_images; }

template <class Use>
void for_each_key(const Stream& stream, const ChangeRecord& change, Use use) {
  const auto item = some_state(change);
  for (const auto* part : {&stream.key.partition, &stream.key.sort}) {
    for (const auto& attribute : *part) use(attribute.name, *item.find(attribute.name));
  }
}

void append_hex(std::string& out, std::uint64_t value) {
  char text[2 * sizeof value];
  for (std::size_t i = sizeof text; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  out.append(text, sizeof text);
}

void append_integer(std::string& out, std::int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

}  // namespace

std::string_view event_name(const ChangeRecord& change) {
  if (!change.before) return "INSERT";
  return change.after ? "MODIFY" : "REMOVE";
}

void append_keys(std::string& out, const Stream& stream, const ChangeRecord& change) {
  out += '{';
  for_each_key(stream, change, [&out](const std::string& name, ValueView value) {
    if (out.back() != '{') out += ',';
    json::append_string(out, name);
    out += ':';
    json::append_value(out, value);
  });
  out += '}';
}

std::size_t record_size(const Stream& stream, const ChangeRecord& change) {
  std::size_t size = 0;
  for_each_key(stream, change,
               [&size](const std::string& name, ValueView value) { size += name.size() + value_size(value); });
  if (change.after && shows_new(stream.view)) size += change.after->size;
  if (change.before && shows_old(stream.view)) size += change.before->size;
  return size;
}

RecordWriter::RecordWriter(const Stream& stream, const Shard& shard, RecordForm form)
    : stream_(stream), name_(stream.arn()) {
  const bool is_event = form == RecordForm::lambda;
  name_.append(reinterpret_cast<const char*>(&shard.number), sizeof shard.number);
  name_.append(sizeof(Sequence), '\0');
  source_ = R"(","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":")" + stream.region +
            R"(","dynamodb":{"ApproximateCreationDateTime":)";
  keys_ = is_event ? R"(,"Keys":)" : R"(.0,"Keys":)";
  view_ = R"(,"StreamViewType":")" + std::string(view_name(stream.view)) + "\"}";
  expired_ = is_event ? R"(,"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"})"
                      : R"(,"userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"})";
  end_ = is_event ? R"(,"eventSourceARN":")" + stream.arn() + "\"}" : "}";
}

void RecordWriter::append(std::string& out, const ChangeRecord& change, std::size_t size) {
  out += R"({"eventID":")";
  append_event_id(out, change.sequence);
  out += R"(","eventName":")";
  out += event_name(change);
  out += source_;
  append_integer(out, change.at.count() / 1000);
  out += keys_;
  append_keys(out, stream_, change);
  if (change.after && shows_new(stream_.view)) {
    out += R"(,"NewImage":)";
    json::append_item(out, change.after->item);
  }
  if (change.before && shows_old(stream_.view)) {
    out += R"(,"OldImage":)";
    json::append_item(out, change.before->item);
  }
  out += R"(,"SequenceNumber":")";
  append_sequence(out, change.sequence);
  out += R"(","SizeBytes":)";
  append_integer(out, static_cast<std::int64_t>(size));
  out += view_;
  if (change.cause == Cause::expiry) out += expired_;
  out += end_;
}

// The same whenever the record is read.
void RecordWriter::append_event_id(std::string& out, Sequence sequence) {
  std::memcpy(name_.data() + name_.size() - sizeof sequence, &sequence, sizeof sequence);
  const auto hash = XXH3_128bits(name_.data(), name_.size());
  append_hex(out, hash.high64);
  append_hex(out, hash.low64);
}

}  // namespace shoal

#include "server/operations/stream_record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>

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

// The same whenever the record is read.
std::string event_id(const Stream& stream, const Shard& shard, const ChangeRecord& change) {
  std::string name = stream.arn();
  name.append(reinterpret_cast<const char*>(&shard.number), sizeof shard.number);
  name.append(reinterpret_cast<const char*>(&change.sequence), sizeof change.sequence);
  const auto hash = XXH3_128bits(name.data(), name.size());
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

void append_change_of_item(std::string& out, const Stream& stream, const ChangeRecord& change) {
  json::ObjectWriter object(out);
  json::append_decimal(object.key("ApproximateCreationDateTime"), static_cast<double>(change.at.count() / 1000));
  append_keys(object.key("Keys"), stream, change);
  if (change.after && shows_new(stream.view)) json::append_item(object.key("NewImage"), change.after->item);
  if (change.before && shows_old(stream.view)) json::append_item(object.key("OldImage"), change.before->item);
  object.text("SequenceNumber", sequence_text(change.sequence));
  object.integer("SizeBytes", static_cast<long long>(record_size(stream, change)));
  object.text("StreamViewType", view_name(stream.view));
  object.close();
}

}  // namespace

std::string_view event_name(const ChangeRecord& change) {
  if (!change.before) return "INSERT";
  return change.after ? "MODIFY" : "REMOVE";
}

void append_keys(std::string& out, const Stream& stream, const ChangeRecord& change) {
  json::ObjectWriter keys(out);
  for_each_key(stream, change, [&](const std::string& name, ValueView value) {
    // Attribute names may need escaping, which key() does not do.
    std::string quoted;
    json::append_string(quoted, name);
    json::append_value(keys.key(std::string_view(quoted).substr(1, quoted.size() - 2)), value);
  });
  keys.close();
}

std::size_t record_size(const Stream& stream, const ChangeRecord& change) {
  std::size_t size = 0;
  for_each_key(stream, change,
               [&size](const std::string& name, ValueView value) { size += name.size() + value_size(value); });
  if (change.after && shows_new(stream.view)) size += change.after->size;
  if (change.before && shows_old(stream.view)) size += change.before->size;
  return size;
}

void append_record(std::string& out, const Stream& stream, const Shard& shard, const ChangeRecord& change) {
  json::ObjectWriter object(out);
  object.text("eventID", event_id(stream, shard, change));
  object.text("eventName", event_name(change));
  object.text("eventVersion", "1.1");
  object.text("eventSource", "aws:dynamodb");
  object.text("awsRegion", stream.region);
  append_change_of_item(object.key("dynamodb"), stream, change);
  if (change.cause == Cause::expiry) {
    object.key("userIdentity") += R"({"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"})";
  }
  object.close();
}

}  // namespace shoal

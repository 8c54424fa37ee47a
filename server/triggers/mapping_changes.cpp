#include "server/triggers/mapping_changes.h"

#include "server/triggers/lambda_error.h"
#include "server/triggers/mapping_store.h"
#include "storage/changelog.h"

namespace shoal {
namespace {

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

Stream stream_of(const kv::Snapshot& snapshot, const Mapping& mapping, std::chrono::milliseconds now) {
  auto stream = find_stream(snapshot, mapping.account, mapping.region, mapping.table(), mapping.label(), now);
  if (!stream) throw invalid_parameter_value("Stream not found: " + mapping.stream_arn);
  return std::move(*stream);
}

Error conflict(const Mapping& mapping) {
  return Error(errors::mapping_conflict, "The event source arn (\" " + mapping.stream_arn + " \") and function (\" " +
                                             mapping.function +
                                             " \") provided mapping already exists. Please update or delete the "
                                             "existing mapping with UUID " +
                                             mapping.uuid);
}

// Of another mapping; those whose deletion has ended go for good.
void check_unique(kv::Transaction& transaction, const Mapping& wanted, std::chrono::milliseconds now) {
  for (const auto& mapping : mappings_in(transaction, wanted.account, wanted.region)) {
    if (is_deleted(mapping, now)) {
      erase_mapping(transaction, mapping);
      continue;
    }
    const bool is_same = mapping.stream_arn == wanted.stream_arn && mapping.function == wanted.function;
    if (is_same && mapping.uuid != wanted.uuid) throw conflict(mapping);
  }
}

void check_settled(const Mapping& mapping, std::string_view doing, std::chrono::milliseconds now) {
  if (seconds(now) >= mapping.transition_until) return;
  throw Error(errors::mapping_in_use,
              "Cannot " + std::string(doing) + " the event source mapping because it is in use.");
}

void begin(Mapping& mapping, std::string transition, std::chrono::milliseconds now, std::chrono::milliseconds delay) {
  mapping.modified_at = seconds(now);
  mapping.transition = std::move(transition);
  mapping.transition_until = seconds(now + delay);
}

}  // namespace

Mapping create_mapping(kv::Transaction& transaction, Mapping wanted, std::chrono::milliseconds now,
                       std::chrono::milliseconds delay) {
  const auto stream = stream_of(transaction, wanted, now);
  check_unique(transaction, wanted, now);
  begin(wanted, "Creating", now, delay);
  put_mapping(transaction, wanted);
  start_progress(transaction, wanted, stream);
  return wanted;
}

Mapping existing_mapping(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                         std::string_view uuid, std::chrono::milliseconds now) {
  auto mapping = find_mapping(snapshot, account, region, uuid);
  if (!mapping || is_deleted(*mapping, now)) {
    throw Error(errors::mapping_not_found, "The resource you requested does not exist.");
  }
  return std::move(*mapping);
}

Mapping update_mapping(kv::Transaction& transaction, Mapping mapping, const std::function<void(Mapping&)>& change,
                       std::chrono::milliseconds now, std::chrono::milliseconds delay) {
  check_settled(mapping, "update", now);
  const bool was_enabled = mapping.enabled;
  change(mapping);
  check_unique(transaction, mapping, now);
  const bool toggled = was_enabled != mapping.enabled;
  begin(mapping, !toggled ? "Updating" : mapping.enabled ? "Enabling" : "Disabling", now, delay);
  put_mapping(transaction, mapping);
  return mapping;
}

Mapping delete_mapping(kv::Transaction& transaction, Mapping mapping, std::chrono::milliseconds now,
                       std::chrono::milliseconds delay) {
  check_settled(mapping, "delete", now);
  begin(mapping, "Deleting", now, delay);
  if (delay.count() > 0) {
    put_mapping(transaction, mapping);
  } else {
    erase_mapping(transaction, mapping);
  }
  return mapping;
}

}  // namespace shoal

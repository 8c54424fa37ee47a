#include "server/triggers/mapping_store.h"

#include <nlohmann/json.hpp>

#include "storage/range.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

std::vector<Mapping> read_mappings(const kv::Snapshot& snapshot, const std::string& prefix) {
  std::vector<Mapping> mappings;
  const auto range = range_of(prefix);
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    mappings.push_back(read_mapping(cursor->value()));
  }
  return mappings;
}

std::string progress_text(const ShardProgress& progress) {
  Json object{
      {"lanes", progress.lanes}, {"done", progress.done}, {"windows_closed_to", progress.windows_closed_to.count()}};
  if (progress.window) {
    object["window"] = {{"start", progress.window->start.count()},
                        {"end", progress.window->end.count()},
                        {"state", progress.window->state},
                        {"ends_early", progress.window->ends_early}};
  }
  return object.dump();
}

ShardProgress read_progress(std::string_view text) {
  const auto object = Json::parse(text);
  ShardProgress progress;
  object.at("lanes").get_to(progress.lanes);
  object.at("done").get_to(progress.done);
  progress.windows_closed_to = Milliseconds(object.at("windows_closed_to").get<std::int64_t>());
  if (const auto window = object.find("window"); window != object.end()) {
    progress.window = OpenWindow{Milliseconds(window->at("start").get<std::int64_t>()),
                                 Milliseconds(window->at("end").get<std::int64_t>()),
                                 window->at("state").get<std::string>(), window->at("ends_early").get<bool>()};
  }
  return progress;
}

}  // namespace

std::optional<Mapping> find_mapping(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                    std::string_view uuid) {
  const auto key = mapping_key(account, region, uuid);
  const auto text = snapshot.get(key);
  if (!text) return std::nullopt;
  return read_mapping(*text);
}

std::vector<Mapping> mappings_in(const kv::Snapshot& snapshot, std::string_view account, std::string_view region) {
  return read_mappings(snapshot, mappings_prefix(account, region));
}

std::vector<Mapping> all_mappings(const kv::Snapshot& snapshot) { return read_mappings(snapshot, mappings_prefix()); }

void put_mapping(kv::Transaction& transaction, const Mapping& mapping) {
  transaction.put(mapping_key(mapping.account, mapping.region, mapping.uuid), mapping_text(mapping));
}

void erase_mapping(kv::Transaction& transaction, const Mapping& mapping) {
  for (const auto& [shard, progress] : progress_of(transaction, mapping.uuid)) {
    erase_progress(transaction, mapping.uuid, shard);
  }
  transaction.erase(mapping_key(mapping.account, mapping.region, mapping.uuid));
}

void put_progress(kv::Transaction& transaction, std::string_view uuid, ShardNumber shard,
                  const ShardProgress& progress) {
  transaction.put(progress_key(uuid, shard), progress_text(progress));
}

void erase_progress(kv::Transaction& transaction, std::string_view uuid, ShardNumber shard) {
  transaction.erase(progress_key(uuid, shard));
}

std::map<ShardNumber, ShardProgress> progress_of(const kv::Snapshot& snapshot, std::string_view uuid) {
  std::map<ShardNumber, ShardProgress> found;
  const auto range = range_of(progress_prefix(uuid));
  const auto cursor = snapshot.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    found.emplace(shard_of_progress(cursor->key()), read_progress(cursor->value()));
  }
  return found;
}

void start_progress(kv::Transaction& transaction, const Mapping& mapping, const Stream& stream) {
  if (mapping.from_horizon) return;
  for (const auto& shard : shards_of(transaction, stream.space, stream.label)) {
    ShardProgress progress;
    progress.done = shard.last.has_value();
    if (!progress.done) progress.lanes = {next_sequence(transaction, shard)};
    put_progress(transaction, mapping.uuid, shard.number, progress);
  }
}

}  // namespace shoal

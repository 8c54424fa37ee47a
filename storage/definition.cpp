#include "storage/definition.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace shoal {
namespace {

using nlohmann::json;
using Units = std::optional<std::pair<std::int64_t, std::int64_t>>;

// The words of the store, in the order of the enumerations.
constexpr std::string_view kProjections[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
constexpr std::string_view kViews[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr std::string_view kDestinationStatuses[] = {"ENABLING", "ACTIVE", "UPDATING", "DISABLING", "DISABLED"};
constexpr Status kStatuses[] = {Status::creating, Status::updating, Status::deleting, Status::active};

json units_json(const Units& units) { return units ? json{units->first, units->second} : json(); }

Units read_units(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return std::pair{found->at(0).get<std::int64_t>(), found->at(1).get<std::int64_t>()};
}

json key_json(const std::vector<KeyAttribute>& part) {
  auto list = json::array();
  for (const auto& attribute : part) list.push_back({attribute.name, type_name(attribute.type)});
  return list;
}

std::vector<KeyAttribute> read_key(const json& list) {
  std::vector<KeyAttribute> part;
  for (const auto& pair : list) {
    part.push_back({pair.at(0).get<std::string>(), type_named(pair.at(1).get<std::string>()).value()});
  }
  return part;
}

json schema_json(const KeySchema& schema) {
  return {{"partition", key_json(schema.partition)}, {"sort", key_json(schema.sort)}};
}

KeySchema read_schema(const json& schema) { return {read_key(schema.at("partition")), read_key(schema.at("sort"))}; }

json throughput_json(const Throughput& throughput) {
  return {{"read", throughput.read_units},
          {"write", throughput.write_units},
          {"last_increase", throughput.last_increase},
          {"last_decrease", throughput.last_decrease},
          {"decreases_today", throughput.decreases_today}};
}

Throughput read_throughput(const json& object) {
  return {object.at("read").get<std::int64_t>(), object.at("write").get<std::int64_t>(),
          object.at("last_increase").get<double>(), object.at("last_decrease").get<double>(),
          object.at("decreases_today").get<std::int64_t>()};
}

Status read_status(const json& text) {
  for (const auto status : kStatuses) {
    if (status_name(status) == text.get_ref<const std::string&>()) return status;
  }
  throw kv::EngineError("a table's definition has the unknown status " + text.dump());
}

ProjectionType read_projection(const json& text) {
  for (std::size_t i = 0; i < std::size(kProjections); ++i) {
    if (kProjections[i] == text.get_ref<const std::string&>()) return static_cast<ProjectionType>(i);
  }
  throw kv::EngineError("an index's definition has the unknown projection " + text.dump());
}

json log_json(const Table& table) { return table.log ? json(table.log->shards) : json(); }

std::optional<ChangeLog> read_log(const json& object) {
  const auto found = object.find("log");
  if (found == object.end() || found->is_null()) return std::nullopt;
  return ChangeLog{found->get<std::vector<ShardNumber>>()};
}

std::optional<StreamView> read_view(const json& object) {
  const auto text = object.value("stream_view", std::string());
  if (text.empty()) return std::nullopt;
  for (std::size_t i = 0; i < std::size(kViews); ++i) {
    if (kViews[i] == text) return static_cast<StreamView>(i);
  }
  throw kv::EngineError("a table's definition has the unknown stream view " + text);
}

json kinesis_json(const Table& table) {
  auto list = json::array();
  for (const auto& each : table.kinesis) {
    list.push_back({{"stream", each.stream_arn},
                    {"status", kDestinationStatuses[static_cast<std::size_t>(each.status)]},
                    {"microseconds", each.microseconds},
                    {"changed_at", each.changed_at},
                    {"transition_at", each.transition_at}});
  }
  return list;
}

KinesisDestination read_destination(const json& object) {
  KinesisDestination destination{object.at("stream").get<std::string>()};
  const auto& status = object.at("status").get_ref<const std::string&>();
  const auto found = std::find(std::begin(kDestinationStatuses), std::end(kDestinationStatuses), status);
  if (found == std::end(kDestinationStatuses)) {
    throw kv::EngineError("a Kinesis destination has the unknown status " + status);
  }
  destination.status = static_cast<DestinationStatus>(found - std::begin(kDestinationStatuses));
  destination.microseconds = object.at("microseconds").get<bool>();
  destination.changed_at = object.at("changed_at").get<double>();
  destination.transition_at = object.at("transition_at").get<double>();
  return destination;
}

std::vector<KinesisDestination> read_kinesis(const json& object) {
  std::vector<KinesisDestination> list;
  if (const auto found = object.find("kinesis"); found != object.end()) {
    for (const auto& each : *found) list.push_back(read_destination(each));
  }
  return list;
}

json index_json(const Index& index) {
  return {{"id", index.id},
          {"name", index.name},
          {"global", index.global},
          {"key", schema_json(index.key)},
          {"projection", kProjections[static_cast<std::size_t>(index.projection)]},
          {"non_key_attributes", index.non_key_attributes},
          {"status", status_name(index.status)},
          {"backfilling", index.backfilling},
          {"throughput", throughput_json(index.throughput)},
          {"on_demand_maximum", units_json(index.on_demand_maximum)},
          {"warm_throughput", units_json(index.warm_throughput)},
          {"transition_at", index.transition_at}};
}

Index read_index(const json& object) {
  Index index;
  index.id = object.at("id").get<SpaceId>();
  index.name = object.at("name").get<std::string>();
  index.global = object.at("global").get<bool>();
  index.key = read_schema(object.at("key"));
  index.projection = read_projection(object.at("projection"));
  index.non_key_attributes = object.at("non_key_attributes").get<std::vector<std::string>>();
  index.status = read_status(object.at("status"));
  index.backfilling = object.value("backfilling", false);
  index.throughput = read_throughput(object.at("throughput"));
  index.on_demand_maximum = read_units(object, "on_demand_maximum");
  index.warm_throughput = read_units(object, "warm_throughput");
  index.transition_at = object.value("transition_at", 0.0);
  return index;
}

Table read_table(const json& object) {
  Table table;
  table.id = object.at("id").get<SpaceId>();
  table.generation = object.at("generation").get<std::uint64_t>();
  table.uuid = object.at("uuid").get<std::string>();
  table.key = read_schema(object.at("key"));
  for (const auto& index : object.at("indexes")) table.indexes.push_back(read_index(index));
  table.status = read_status(object.at("status"));
  table.transition_at = object.value("transition_at", 0.0);
  table.created_at = object.at("created_at").get<double>();
  table.billing = object.at("on_demand").get<bool>() ? BillingMode::pay_per_request : BillingMode::provisioned;
  table.billing_summary = object.value("billing_summary", false);
  table.pay_per_request_since = object.value("pay_per_request_since", 0.0);
  table.throughput = read_throughput(object.at("throughput"));
  table.on_demand_maximum = read_units(object, "on_demand_maximum");
  table.warm_throughput = read_units(object, "warm_throughput");
  table.on_demand_switches = object.value("on_demand_switches", std::vector<double>());
  table.key_switches = object.value("key_switches", std::vector<double>());
  table.class_changes = object.value("class_changes", std::vector<double>());
  table.deletion_protection = object.value("deletion_protection", false);
  table.table_class = object.value("table_class", std::string());
  table.table_class_changed_at = object.value("table_class_changed_at", 0.0);
  table.sse_kms = object.value("sse_kms", false);
  table.kms_key_arn = object.value("kms_key_arn", std::string());
  table.tags = object.value("tags", std::map<std::string, std::string>());
  table.partitions = object.value("partitions", std::vector<std::uint64_t>{0});
  table.log = read_log(object);
  table.last_shard = object.value("last_shard", ShardNumber{0});
  table.stream_view = read_view(object);
  table.stream_label = object.value("stream_label", std::string());
  table.kinesis = read_kinesis(object);
  table.ttl_attribute = object.value("ttl_attribute", std::string());
  table.ttl_left_attribute = object.value("ttl_left_attribute", std::string());
  table.ttl_changed_at = object.value("ttl_changed_at", 0.0);
  return table;
}

}  // namespace

std::string definition_text(const Table& table) {
  auto indexes = json::array();
  for (const auto& index : table.indexes) indexes.push_back(index_json(index));
  return json{{"id", table.id},
              {"generation", table.generation},
              {"uuid", table.uuid},
              {"key", schema_json(table.key)},
              {"indexes", std::move(indexes)},
              {"status", status_name(table.status)},
              {"transition_at", table.transition_at},
              {"created_at", table.created_at},
              {"on_demand", table.billing == BillingMode::pay_per_request},
              {"billing_summary", table.billing_summary},
              {"pay_per_request_since", table.pay_per_request_since},
              {"throughput", throughput_json(table.throughput)},
              {"on_demand_maximum", units_json(table.on_demand_maximum)},
              {"warm_throughput", units_json(table.warm_throughput)},
              {"on_demand_switches", table.on_demand_switches},
              {"key_switches", table.key_switches},
              {"class_changes", table.class_changes},
              {"deletion_protection", table.deletion_protection},
              {"table_class", table.table_class},
              {"table_class_changed_at", table.table_class_changed_at},
              {"sse_kms", table.sse_kms},
              {"kms_key_arn", table.kms_key_arn},
              {"tags", table.tags},
              {"partitions", table.partitions},
              {"log", log_json(table)},
              {"last_shard", table.last_shard},
              {"stream_view", table.stream_view ? kViews[static_cast<std::size_t>(*table.stream_view)] : ""},
              {"stream_label", table.stream_label},
              {"kinesis", kinesis_json(table)},
              {"ttl_attribute", table.ttl_attribute},
              {"ttl_left_attribute", table.ttl_left_attribute},
              {"ttl_changed_at", table.ttl_changed_at}}
      .dump();
}

Table read_definition(std::string_view text) {
  try {
    return read_table(json::parse(text));
  } catch (const json::exception& error) {
    throw kv::EngineError(std::string("a table's definition cannot be read: ") + error.what());
  } catch (const std::bad_optional_access&) {
    throw kv::EngineError("a table's definition has a key attribute of an unknown type");
  }
}

std::string key_schema_text(const KeySchema& schema) { return schema_json(schema).dump(); }

KeySchema read_key_schema(std::string_view text) { return read_schema(json::parse(text)); }

}  // namespace shoal

#include "server/operations/table_description.h"

#include <nlohmann/json.hpp>

#include "server/operations/table_schema.h"
#include "server/operations/table_throughput.h"
#include "storage/changelog.h"

namespace shoal {
namespace {

using Json = nlohmann::ordered_json;

Json describe_definitions(const Table& table) {
  auto list = Json::array();
  for (const auto& attribute : key_attributes(table)) {
    list.push_back({{"AttributeName", attribute.name}, {"AttributeType", type_name(attribute.type)}});
  }
  return list;
}

Json describe_key(const KeySchema& key) {
  auto list = Json::array();
  for (const auto& attribute : key.partition) list.push_back({{"AttributeName", attribute.name}, {"KeyType", "HASH"}});
  for (const auto& attribute : key.sort) list.push_back({{"AttributeName", attribute.name}, {"KeyType", "RANGE"}});
  return list;
}

Json describe_projection(const Index& index) {
  switch (index.projection) {
    case ProjectionType::all:
      return {{"ProjectionType", "ALL"}};
    case ProjectionType::keys_only:
      return {{"ProjectionType", "KEYS_ONLY"}};
    case ProjectionType::include:
      break;
  }
  return {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", index.non_key_attributes}};
}

Json describe_throughput(const Throughput& throughput, double now) {
  Json json = Json::object();
  if (throughput.last_increase != 0) json["LastIncreaseDateTime"] = throughput.last_increase;
  if (throughput.last_decrease != 0) json["LastDecreaseDateTime"] = throughput.last_decrease;
  json["NumberOfDecreasesToday"] = decreases_today(throughput, now);
  json["ReadCapacityUnits"] = throughput.read_units;
  json["WriteCapacityUnits"] = throughput.write_units;
  return json;
}

Json describe_maximum(const Units& units) {
  return {{"MaxReadRequestUnits", units.first}, {"MaxWriteRequestUnits", units.second}};
}

Json describe_warm(const Units& units, Status status) {
  return {{"ReadUnitsPerSecond", units.first},
          {"WriteUnitsPerSecond", units.second},
          {"Status", status == Status::active ? "ACTIVE" : "UPDATING"}};
}

Json describe_local_index(const Table& table, const Index& index, const kv::Snapshot& snapshot) {
  const auto count = count_of(snapshot, index.id);
  return {{"IndexName", index.name},
          {"KeySchema", describe_key(index.key)},
          {"Projection", describe_projection(index)},
          {"IndexSizeBytes", count.bytes},
          {"ItemCount", count.items},
          {"IndexArn", table.arn() + "/index/" + index.name}};
}

Json describe_global_index(const Table& table, const Index& index, const kv::Snapshot& snapshot, double now) {
  const auto count = count_of(snapshot, index.id);
  Json json{{"IndexName", index.name},
            {"KeySchema", describe_key(index.key)},
            {"Projection", describe_projection(index)},
            {"IndexStatus", status_name(index.status)}};
  // Until its transition is over, the index waits for its resources.
  if (index.backfilling && index.status == Status::creating) json["Backfilling"] = index.transition_at == 0;
  json["ProvisionedThroughput"] = describe_throughput(index.throughput, now);
  json["IndexSizeBytes"] = count.bytes;
  json["ItemCount"] = count.items;
  json["IndexArn"] = table.arn() + "/index/" + index.name;
  if (index.on_demand_maximum) json["OnDemandThroughput"] = describe_maximum(*index.on_demand_maximum);
  json["WarmThroughput"] =
      describe_warm(warm_units(table.billing, index.throughput, index.warm_throughput), index.status);
  return json;
}

void describe_indexes(const Table& table, const kv::Snapshot& snapshot, double now, Json& json) {
  auto local = Json::array();
  auto global = Json::array();
  for (const auto& index : table.indexes) {
    if (index.global) {
      global.push_back(describe_global_index(table, index, snapshot, now));
    } else {
      local.push_back(describe_local_index(table, index, snapshot));
    }
  }
  if (!local.empty()) json["LocalSecondaryIndexes"] = std::move(local);
  if (!global.empty()) json["GlobalSecondaryIndexes"] = std::move(global);
}

Json describe_billing(const Table& table) {
  Json json{{"BillingMode", table.billing == BillingMode::pay_per_request ? "PAY_PER_REQUEST" : "PROVISIONED"}};
  if (table.pay_per_request_since != 0) json["LastUpdateToPayPerRequestDateTime"] = table.pay_per_request_since;
  return json;
}

Json describe_class(const Table& table) {
  Json json{{"TableClass", table.table_class}};
  if (table.table_class_changed_at != 0) json["LastUpdateDateTime"] = table.table_class_changed_at;
  return json;
}

Json describe(const Table& table, const kv::Snapshot& snapshot, double now) {
  const auto count = count_of(snapshot, table.id);
  Json json{{"AttributeDefinitions", describe_definitions(table)},
            {"TableName", table.name},
            {"KeySchema", describe_key(table.key)},
            {"TableStatus", status_name(table.status)},
            {"CreationDateTime", table.created_at},
            {"ProvisionedThroughput", describe_throughput(table.throughput, now)},
            {"TableSizeBytes", count.bytes},
            {"ItemCount", count.items},
            {"TableArn", table.arn()},
            {"TableId", table.uuid}};
  if (table.billing_summary) json["BillingModeSummary"] = describe_billing(table);
  describe_indexes(table, snapshot, now, json);
  if (table.stream_view) {
    json["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", view_name(*table.stream_view)}};
  }
  if (!table.stream_label.empty()) {
    json["LatestStreamLabel"] = table.stream_label;
    json["LatestStreamArn"] = stream_arn(table);
  }
  if (table.sse_kms) {
    json["SSEDescription"] = {{"Status", "ENABLED"}, {"SSEType", "KMS"}, {"KMSMasterKeyArn", table.kms_key_arn}};
  }
  if (!table.table_class.empty()) json["TableClassSummary"] = describe_class(table);
  json["DeletionProtectionEnabled"] = table.deletion_protection;
  if (table.on_demand_maximum) json["OnDemandThroughput"] = describe_maximum(*table.on_demand_maximum);
  json["WarmThroughput"] =
      describe_warm(warm_units(table.billing, table.throughput, table.warm_throughput), table.status);
  return json;
}

}  // namespace

std::string described(std::string_view member, const Table& table, const kv::Snapshot& snapshot, double now) {
  return Json{{std::string(member), describe(table, snapshot, now)}}.dump();
}

}  // namespace shoal

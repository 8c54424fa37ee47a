#include <stdexcept>

#include "server/seed/definitions.h"

namespace shoal::seed {
namespace {

// What a plan leaves open is null, or not there.
bool has(const Json& values, const char* name) {
  const auto found = values.find(name);
  return found != values.end() && !found->is_null() && *found != "" && *found != Json::array();
}

Json list_of(const Json& values, const char* name) { return has(values, name) ? values[name] : Json::array(); }

Json key_schema(const Json& values, const Json& hash_key) {
  Json schema{{{"AttributeName", hash_key}, {"KeyType", "HASH"}}};
  if (has(values, "range_key")) schema.push_back({{"AttributeName", values["range_key"]}, {"KeyType", "RANGE"}});
  return schema;
}

Json throughput(const Json& values) {
  return {{"ReadCapacityUnits", has(values, "read_capacity") ? values["read_capacity"] : Json(1)},
          {"WriteCapacityUnits", has(values, "write_capacity") ? values["write_capacity"] : Json(1)}};
}

Json index(const Json& values, const Json& hash_key) {
  Json projection{{"ProjectionType", values.at("projection_type")}};
  if (has(values, "non_key_attributes")) projection["NonKeyAttributes"] = values["non_key_attributes"];
  return {{"IndexName", values.at("name")}, {"KeySchema", key_schema(values, hash_key)}, {"Projection", projection}};
}

Definition table(const Json& values) {
  const auto billing = has(values, "billing_mode") ? values["billing_mode"] : Json("PROVISIONED");
  const bool is_provisioned = billing == "PROVISIONED";
  const auto& hash_key = values.at("hash_key");
  Json input{{"TableName", values.at("name")}, {"KeySchema", key_schema(values, hash_key)}, {"BillingMode", billing}};
  for (const auto& attribute : list_of(values, "attribute")) {
    input["AttributeDefinitions"].push_back(
        {{"AttributeName", attribute.at("name")}, {"AttributeType", attribute.at("type")}});
  }
  if (is_provisioned) input["ProvisionedThroughput"] = throughput(values);
  for (const auto& each : list_of(values, "global_secondary_index")) {
    auto made = index(each, each.at("hash_key"));
    if (is_provisioned) made["ProvisionedThroughput"] = throughput(each);
    input["GlobalSecondaryIndexes"].push_back(std::move(made));
  }
  for (const auto& each : list_of(values, "local_secondary_index")) {
    input["LocalSecondaryIndexes"].push_back(index(each, hash_key));
  }
  if (has(values, "stream_enabled") && values["stream_enabled"] == true) {
    input["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", values.at("stream_view_type")}};
  }
  if (has(values, "table_class")) input["TableClass"] = values["table_class"];
  if (has(values, "deletion_protection_enabled"))
    input["DeletionProtectionEnabled"] = values["deletion_protection_enabled"];
  Definition made{{{"Table", std::move(input)}}, {}};
  for (const auto& expiry : list_of(values, "ttl")) {
    if (!has(expiry, "enabled") || expiry["enabled"] != true) continue;
    made.table["TimeToLive"] = {{"Enabled", true}, {"AttributeName", expiry.at("attribute_name")}};
  }
  const auto* tags = has(values, "tags_all") ? "tags_all" : "tags";
  if (has(values, tags)) {
    for (const auto& [key, value] : values[tags].items())
      made.table["Tags"].push_back({{"Key", key}, {"Value", value}});
  }
  for (const auto* name :
       {"on_demand_throughput", "point_in_time_recovery", "replica", "server_side_encryption", "import_table"}) {
    if (has(values, name)) made.left_out.emplace_back(name);
  }
  return made;
}

void add(const Json& module, Definitions& found) {
  for (const auto& resource : module.value("resources", Json::array())) {
    const auto type = resource.value("type", "");
    const auto address = resource.value("address", type);
    try {
      if (type == "aws_dynamodb_table") {
        found.tables.push_back(table(resource.at("values")));
      } else if (type == "aws_dynamodb_table_item") {
        const auto& values = resource.at("values");
        found.items.push_back({values.at("table_name"), read_json(values.at("item").get<std::string>())});
      }
    } catch (const std::exception& failure) {
      throw std::runtime_error(address + ": " + failure.what());
    }
  }
  for (const auto& child : module.value("child_modules", Json::array())) add(child, found);
}

}  // namespace

Definitions from_terraform(const Json& document) {
  const auto& values = document.contains("planned_values") ? document.at("planned_values") : document.at("values");
  Definitions found;
  if (values.contains("root_module")) add(values.at("root_module"), found);
  return found;
}

}  // namespace shoal::seed

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "server/seed/definitions.h"
#include "server/seed/template.h"

namespace shoal::seed {
namespace {

using Parameters = std::map<std::string, std::string>;

constexpr std::array kMade{"TableName",
                           "AttributeDefinitions",
                           "KeySchema",
                           "BillingMode",
                           "ProvisionedThroughput",
                           "OnDemandThroughput",
                           "StreamSpecification",
                           "TimeToLiveSpecification",
                           "Tags",
                           "TableClass",
                           "DeletionProtectionEnabled",
                           "GlobalSecondaryIndexes",
                           "LocalSecondaryIndexes"};
// Of AWS::DynamoDB::GlobalTable: what a table says of itself there, its replicas' settings and its scaling.
constexpr std::array kMadeOfGlobal{"Replicas", "WriteProvisionedThroughputSettings"};

// A template gives numbers and booleans as texts, too, when they come from parameters.
Json whole_number(const Json& value) {
  const auto text = value.is_string() ? value.get<std::string>() : number_text(value).value_or("");
  if (text.empty() || text.find_first_not_of("-0123456789") != std::string::npos) {
    throw std::runtime_error("a whole number is expected, not " + value.dump());
  }
  return std::stoll(text);
}

bool boolean(const Json& value) {
  if (value.is_boolean()) return value;
  if (value == "true" || value == "false") return value == "true";
  throw std::runtime_error("true or false is expected, not " + value.dump());
}

Json numbers(const Json& throughput) {
  Json found = Json::object();
  for (const auto& [name, value] : throughput.items()) found[name] = whole_number(value);
  return found;
}

// A table's properties, each worked out when it is asked for: what is not made need not be understood.
class Properties {
 public:
  Properties(const Template& owner, const Json& written) : owner_(owner), written_(written) {}

  std::optional<Json> find(const std::string& name) const {
    if (!written_.contains(name)) return std::nullopt;
    try {
      auto value = owner_.resolve(written_.at(name));
      if (value.is_discarded()) return std::nullopt;
      return value;
    } catch (const std::exception& failure) {
      throw std::runtime_error(name + ": " + failure.what());
    }
  }
  Json value(const std::string& name, Json otherwise) const { return find(name).value_or(std::move(otherwise)); }

 private:
  const Template& owner_;
  const Json& written_;
};

Json index(const Json& written, const Json& of_global) {
  Json made = Json::object();
  for (const auto* name : {"IndexName", "KeySchema", "Projection"}) {
    if (written.contains(name)) made[name] = written[name];
  }
  for (const auto* name : {"ProvisionedThroughput", "OnDemandThroughput"}) {
    if (written.contains(name)) made[name] = numbers(written[name]);
  }
  if (!of_global.is_null()) made["ProvisionedThroughput"] = of_global;
  return made;
}

// A global table gives no fixed units, but the least and the first ones of its scaling.
Json first_units(const Json& settings, const char* direction) {
  const auto fixed = std::string(direction) + "CapacityUnits";
  const auto scaling = settings.value(std::string(direction) + "CapacityAutoScalingSettings", Json::object());
  if (settings.contains(fixed)) return whole_number(settings[fixed]);
  if (scaling.contains("SeedCapacity")) return whole_number(scaling["SeedCapacity"]);
  return scaling.contains("MinCapacity") ? whole_number(scaling["MinCapacity"]) : Json(1);
}

Json global_throughput(const Properties& properties) {
  const auto replicas = properties.value("Replicas", Json::array());
  const auto reads =
      replicas.empty() ? Json::object() : replicas[0].value("ReadProvisionedThroughputSettings", Json::object());
  return {{"ReadCapacityUnits", first_units(reads, "Read")},
          {"WriteCapacityUnits",
           first_units(properties.value("WriteProvisionedThroughputSettings", Json::object()), "Write")}};
}

std::vector<std::string> left_out(const Json& written, bool is_global) {
  std::vector<std::string> names;
  for (const auto& [name, value] : written.items()) {
    const bool is_made =
        std::find(kMade.begin(), kMade.end(), name) != kMade.end() ||
        (is_global && std::find(kMadeOfGlobal.begin(), kMadeOfGlobal.end(), name) != kMadeOfGlobal.end());
    if (!is_made) names.push_back(name);
  }
  return names;
}

Definition table(const std::string& id, const Json& written, const Template& owner, bool is_global) {
  const Properties properties(owner, written);
  Json input{{"TableName", properties.value("TableName", id)}};
  for (const auto* name : {"AttributeDefinitions", "KeySchema", "TableClass"}) {
    if (const auto value = properties.find(name)) input[name] = *value;
  }
  const auto billing = properties.value("BillingMode", "PROVISIONED");
  input["BillingMode"] = billing;
  Json of_global;
  if (is_global && billing == "PROVISIONED") {
    of_global = input["ProvisionedThroughput"] = global_throughput(properties);
  }
  for (const auto* name : {"ProvisionedThroughput", "OnDemandThroughput"}) {
    if (const auto value = properties.find(name)) input[name] = numbers(*value);
  }
  if (const auto value = properties.find("DeletionProtectionEnabled"))
    input["DeletionProtectionEnabled"] = boolean(*value);
  if (const auto stream = properties.find("StreamSpecification")) {
    input["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", stream->at("StreamViewType")}};
  }
  for (const auto* name : {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}) {
    const auto indexes = properties.value(name, Json::array());
    for (const auto& each : indexes) input[name].push_back(index(each, name[0] == 'G' ? of_global : Json()));
  }
  Json definition{{"Table", std::move(input)}};
  if (const auto expiry = properties.find("TimeToLiveSpecification");
      expiry && boolean(expiry->value("Enabled", Json(true)))) {
    definition["TimeToLive"] = {{"Enabled", true}, {"AttributeName", expiry->at("AttributeName")}};
  }
  if (const auto tags = properties.find("Tags"); tags && tags->is_array() && !tags->empty()) definition["Tags"] = *tags;
  return {std::move(definition), left_out(written, is_global)};
}

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
Definition simple_table(const std::string& id, const Json& written, const Template& owner) {
  const Properties properties(owner, written);
  const auto key = properties.value("PrimaryKey", Json::object());
  const auto name = key.value("Name", "id");
  const auto type = key.value("Type", "String");
  Json input{{"TableName", properties.value("TableName", id)},
             {"AttributeDefinitions", {{{"AttributeName", name}, {"AttributeType", type.substr(0, 1)}}}},
             {"KeySchema", {{{"AttributeName", name}, {"KeyType", "HASH"}}}}};
  if (const auto throughput = properties.find("ProvisionedThroughput")) {
    input["ProvisionedThroughput"] = numbers(*throughput);
  } else {
    input["BillingMode"] = "PAY_PER_REQUEST";
  }
  Json definition{{"Table", std::move(input)}};
  const auto tags = properties.value("Tags", Json::object());
  for (const auto& [tag, value] : tags.items()) {
    definition["Tags"].push_back({{"Key", tag}, {"Value", owner.text(value)}});
  }
  Definition made{std::move(definition), {}};
  if (written.contains("SSESpecification")) made.left_out.emplace_back("SSESpecification");
  return made;
}

}  // namespace

Definitions from_cloudformation(const Json& document, const Parameters& parameters) {
  const Template owner(document, parameters);
  Definitions found;
  for (const auto& [id, resource] : document.at("Resources").items()) {
    if (!resource.is_object()) continue;  // Fn::ForEach, for one.
    const auto type = resource.value("Type", "");
    const bool is_global = type == "AWS::DynamoDB::GlobalTable", is_simple = type == "AWS::Serverless::SimpleTable";
    if (type != "AWS::DynamoDB::Table" && !is_global && !is_simple) continue;
    try {
      if (resource.contains("Condition") && !owner.condition(resource["Condition"])) continue;
      const auto properties = resource.value("Properties", Json::object());
      found.tables.push_back(is_simple ? simple_table(id, properties, owner) : table(id, properties, owner, is_global));
    } catch (const std::exception& failure) {
      throw std::runtime_error(id + ": " + failure.what());
    }
  }
  return found;
}

}  // namespace shoal::seed

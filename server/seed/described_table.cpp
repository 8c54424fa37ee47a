#include "server/seed/described_table.h"

#include <nlohmann/json.hpp>

namespace shoal {
namespace {

using Json = nlohmann::json;

void copy(const Json& from, Json& to, std::initializer_list<const char*> members) {
  for (const auto* member : members) {
    if (from.contains(member)) to[member] = from[member];
  }
}

Json throughput(const Json& described) {
  return {{"ReadCapacityUnits", described.at("ReadCapacityUnits")},
          {"WriteCapacityUnits", described.at("WriteCapacityUnits")}};
}

Json indexes(const Json& described, bool provisioned) {
  Json list = Json::array();
  for (const auto& index : described) {
    auto& made = list.emplace_back(Json::object());
    copy(index, made, {"IndexName", "KeySchema", "Projection", "OnDemandThroughput"});
    if (provisioned && index.contains("ProvisionedThroughput")) {
      made["ProvisionedThroughput"] = throughput(index["ProvisionedThroughput"]);
    }
  }
  return list;
}

}  // namespace

Json create_table_input(const Json& table) {
  Json input = Json::object();
  copy(table, input,
       {"TableName", "AttributeDefinitions", "KeySchema", "StreamSpecification", "OnDemandThroughput",
        "DeletionProtectionEnabled"});
  const auto billing =
      table.value("BillingModeSummary", Json::object()).value("BillingMode", std::string("PROVISIONED"));
  const bool provisioned = billing == "PROVISIONED";
  input["BillingMode"] = billing;
  if (provisioned) input["ProvisionedThroughput"] = throughput(table.at("ProvisionedThroughput"));
  for (const auto* member : {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}) {
    if (table.contains(member)) input[member] = indexes(table[member], provisioned && member[0] == 'G');
  }
  if (table.contains("TableClassSummary")) input["TableClass"] = table["TableClassSummary"]["TableClass"];
  return input;
}

}  // namespace shoal

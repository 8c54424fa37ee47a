#include "server/operations/throttling.h"

#include "protocol/json/writer.h"

namespace shoal {
namespace {

constexpr std::string_view kProvisionedTable =
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning "
    "level with the UpdateTable API.";
constexpr std::string_view kProvisionedIndex =
    "The level of configured provisioned throughput for one or more global secondary indexes of the table was "
    "exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the "
    "UpdateTable API.";
constexpr std::string_view kOnDemandTable =
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or "
    "index so please try again shortly. If exceptions persist, check if you have a hot key: "
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.";
constexpr std::string_view kOnDemandIndex =
    "Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is automatically "
    "scaling your index so please try again shortly.";

// ,"ThrottlingReasons":[{"reason":"TableReadProvisionedThroughputExceeded","resource":"arn:..."}]
std::string reasons(const Table& table, const Index* index, Access access) {
  const bool provisioned = table.billing == BillingMode::provisioned;
  std::string reason = index ? "Index" : "Table";
  reason += access == Access::read ? "Read" : "Write";
  reason += provisioned ? "ProvisionedThroughputExceeded" : "KeyRangeThroughputExceeded";
  std::string members = provisioned ? ",\"ThrottlingReasons\":[" : ",\"throttlingReasons\":[";
  json::ObjectWriter object(members);
  object.text("reason", reason);
  object.text("resource", index ? table.arn() + "/index/" + index->name : table.arn());
  object.close();
  return members + ']';
}

}  // namespace

Error throttled(const Table& table, const Index* index, Access access) {
  const auto members = reasons(table, index, access);
  if (table.billing == BillingMode::provisioned) {
    return Error(errors::provisioned_throughput_exceeded, std::string(index ? kProvisionedIndex : kProvisionedTable),
                 members);
  }
  return Error(errors::throttling, std::string(index ? kOnDemandIndex : kOnDemandTable), members);
}

Error throttled_in_transaction(const Table& table) {
  const bool provisioned = table.billing == BillingMode::provisioned;
  return Error(provisioned ? errors::provisioned_throughput_exceeded : errors::throttling,
               std::string(provisioned ? kProvisionedTable : kOnDemandTable));
}

Error control_plane_throttled() {
  return Error(errors::control_plane_throttling, "Rate of requests exceeds the allowed throughput.");
}

}  // namespace shoal

// CreateTable: a new, empty table with its indexes.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "server/operations/account_quotas.h"
#include "server/operations/operation.h"
#include "server/operations/stream_settings.h"
#include "server/operations/table_description.h"
#include "server/operations/table_schema.h"
#include "server/operations/table_settings.h"
#include "server/operations/table_status.h"
#include "server/operations/table_throughput.h"
#include "server/operations/tags.h"

namespace shoal {
namespace {

constexpr std::size_t kTablesMax = 2'500;  // of an account in a region

void read_billing(json::Json input, Table& table) {
  const auto units = read_units_of(input.find("ProvisionedThroughput"));
  const auto billing = input.find("BillingMode");
  if (billing && billing.string() == "PAY_PER_REQUEST") table.billing = BillingMode::pay_per_request;
  check_billing(table.billing, units);
  if (units) {
    check_units_bounds(*units);
    table.throughput.read_units = units->first;
    table.throughput.write_units = units->second;
  }
  for (const auto [position, index] : input.find("GlobalSecondaryIndexes")) {
    const auto index_units = read_units_of(index.find("ProvisionedThroughput"));
    if (index_units) check_units_bounds(*index_units, index.find("IndexName").string());
  }
}

void read_schema(json::Json input, Table& table) {
  const AttributeDefinitions definitions(input.find("AttributeDefinitions"));
  table.key = read_table_key(input.find("KeySchema"), definitions);
  table.indexes = read_indexes(input, table, definitions);
  check_all_used(table, definitions);
}

Table new_table(const Call& call) {
  const auto input = call.input;
  Table table;
  table.account = call.account;
  table.region = call.region;
  table.name = input.find("TableName").string();
  read_billing(input, table);
  read_schema(input, table);
  check_stream_specification(input);
  refuse_unsupported(call,
                     {"GlobalTableSettingsReplicationMode", "GlobalTableSourceArn", "ResourcePolicy", "VectorIndexes"});
  read_table_throughput(input, table);
  read_encryption(call, table);
  if (const auto tags = input.find("Tags")) add_tags(tags, table.tags);
  if (const auto table_class = input.find("TableClass")) table.table_class = table_class.string();
  if (const auto flag = input.find("DeletionProtectionEnabled")) table.deletion_protection = json::truth(flag);
  table.uuid = random_uuid();
  table.created_at = seconds_now(call);
  if (table.billing == BillingMode::pay_per_request) {
    table.billing_summary = true;
    table.pay_per_request_since = table.created_at;
  }
  return table;
}

void check_room(const Call& call, kv::Transaction& transaction, const Table& table) {
  const auto& catalog = call.services.catalog;
  if (catalog.read(transaction, table.account, table.region, table.name)) {
    throw Error(errors::resource_in_use, "Table already exists: " + table.name);
  }
  if (catalog.count(transaction, table.account, table.region) >= kTablesMax) {
    throw Error(errors::limit_exceeded, "Subscriber limit exceeded: There is a limit of " + std::to_string(kTablesMax) +
                                            " tables per subscriber");
  }
  check_units_quota(call, nullptr, table);
  check_transitions_quota(call);
}

void set_creating(Table& table) {
  table.status = Status::creating;
  for (auto& index : table.indexes) {
    if (index.global) index.status = Status::creating;
  }
}

}  // namespace

Outcome create_table(const Call& call) {
  auto table = new_table(call);
  const auto name = table.name;
  table.transition_at = transition_end(call);
  if (table.transition_at != 0) set_creating(table);
  const auto body = [&call, table = std::move(table)](kv::Transaction& transaction) {
    check_room(call, transaction, table);
    const auto& catalog = call.services.catalog;
    auto created = table;
    created.id = catalog.next_space(transaction);
    for (auto& index : created.indexes) index.id = catalog.next_space(transaction);
    if (asks_for_stream(call.input)) change_stream(call, transaction, created);
    catalog.put(transaction, created);
    set_creating(created);
    return described("TableDescription", created, transaction, created.created_at);
  };
  return Write{body, publish(call, name)};
}

}  // namespace shoal

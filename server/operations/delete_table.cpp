// DeleteTable: removes a table and its indexes at once; what they held is erased in the background.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
#include "protocol/error.h"
#include "server/operations/account_quotas.h"
#include "server/operations/table_description.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"
#include "storage/changelog.h"

namespace shoal {
namespace {

void check_deletable(const Table& table) {
  check_table_active(table);
  for (const auto& index : table.indexes) {
    if (index.global && index.status != Status::active) throw index_in_use(table, index);
  }
  if (table.deletion_protection) {
    throw validation_error(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
  }
}

Answer remove(const Call& call, kv::Transaction& transaction, double end) {
  const auto& catalog = call.services.catalog;
  auto table = read_managed_table(call, transaction, call.input.find("TableName").string());
  // Repeating it is no error.
  if (table.status != Status::deleting) {
    check_deletable(table);
    check_transitions_quota(call);
    table.status = Status::deleting;
    table.transition_at = end;
    if (end != 0) {
      catalog.put(transaction, table);
    } else {
      close_log(transaction, table, call.services.clock.now());
      catalog.erase(transaction, table);
    }
  }
  return described("TableDescription", table, transaction, seconds_now(call));
}

}  // namespace

Outcome delete_table(const Call& call) {
  const auto name = table_name_of(call, call.input.find("TableName").string());
  const auto body = [&call, end = transition_end(call)](kv::Transaction& transaction) {
    return remove(call, transaction, end);
  };
  return Write{body, publish(call, name)};
}

}  // namespace shoal

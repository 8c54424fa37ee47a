// DescribeTable: a table's definition, its status and that of its indexes, and how much they hold.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
#include "server/operations/table_description.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"

namespace shoal {

Outcome describe_table(const Call& call) {
  const auto table = find_managed_table(call, call.input.find("TableName").string());
  return described("Table", *table, *call.services.engine.snapshot(), seconds_now(call));
}

}  // namespace shoal

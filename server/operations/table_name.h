// From the TableName of a request, a name or an ARN, to the table.
//
//   const TablePtr table = find_table(call, call.input.find("TableName").string());
//
// An ARN must be of the caller's own account and region. When the table exists in another region than the caller's (the
// commonest mishap of local use), the error carries a hint that names that region, and the log a line.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/operation.h"

namespace shoal {

// For operations on data. Throws ResourceNotFoundException, also while the table is CREATING.
TablePtr find_table(const Call& call, std::string_view name_or_arn);

// For operations on the table itself, whose message names it.
TablePtr find_managed_table(const Call& call, std::string_view name_or_arn);
// The same in the transaction that is to change it.
Table read_managed_table(const Call& call, kv::Transaction& transaction, std::string_view name_or_arn);

// The name that a TableName means. Throws for a malformed ARN, and ResourceNotFoundException for one of elsewhere.
std::string_view table_name_of(const Call& call, std::string_view name_or_arn);

// Whether a table could have this name.
bool is_table_name(std::string_view name);

// The parts of arn:aws:dynamodb:us-east-1:000000000000:table/Music, borrowed.
struct ResourceArn {
  std::string_view service, region, account;
  std::string_view type;      // "table"
  std::string_view resource;  // "Music", "Music/index/ByYear"
};
// Nothing when it is not six parts, the last with a slash.
std::optional<ResourceArn> parse_resource_arn(std::string_view arn);

// Whether an ARN names the caller's own account and region.
bool is_here(const Call& call, const ResourceArn& arn);

// `error` with a hint when there is a table of this name in another region.
Error with_region_hint(const Call& call, std::string_view name, Error error);

}  // namespace shoal

// The errors of requests that come faster than their table or index may take them.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-diagnosing-workflow.html
#pragma once

#include "protocol/error.h"
#include "server/operations/consumed_capacity.h"
#include "storage/catalog.h"

namespace shoal {

// ProvisionedThroughputExceededException or, of a table billed on demand, ThrottlingException; with its reasons.
// `index`: the global index that was read, or null.
Error throttled(const Table& table, const Index* index, Access access);

// The same as the reason of a cancelled transaction.
Error throttled_in_transaction(const Table& table);

// Operations on tables themselves, called too fast.
Error control_plane_throttled();

}  // namespace shoal

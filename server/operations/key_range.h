// Key conditions held against a schema: which stretch of the table or index a query reads (reference: validation 10).
#pragma once

#include <string>
#include <vector>

#include "protocol/expression/key_condition.h"
#include "storage/catalog.h"
#include "storage/range.h"

namespace shoal {

struct QueryRange {
  KeyRange partition;    // Everything with the partition key.
  KeyRange range;        // Of it, what the sort key's conditions leave.
  bool one_row = false;  // Every key attribute is fixed.
};

// `space` is the table's or the index's, `key` its schema. Throws validation_error: a key attribute without a
// condition, one with a condition that it cannot have, a value of the wrong type.
QueryRange query_range(SpaceId space, const KeySchema& key, const std::vector<KeyComparison>& comparisons);

}  // namespace shoal

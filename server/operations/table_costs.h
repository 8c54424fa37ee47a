// What a transaction cost each of its tables.
#pragma once

#include <utility>
#include <vector>

#include "protocol/json/writer.h"
#include "server/operations/consumed_capacity.h"

namespace shoal {

class TableCosts {
 public:
  // `consumed` as outside a transaction; inside it costs double, one unit to prepare and one to commit.
  void add(const TablePtr& table, const Consumed& consumed);

  // Adds ConsumedCapacity to the answer, when the call asks for it: the tables in the order in which they were added.
  void append(const Call& call, json::ObjectWriter& answer, CapacityKind kind) const;

 private:
  std::vector<std::pair<TablePtr, Consumed>> costs_;
};

}  // namespace shoal

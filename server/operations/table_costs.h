// What a batch of statements or a transaction cost each of its tables.
#pragma once

#include <utility>
#include <vector>

#include "protocol/json/writer.h"
#include "server/operations/consumed_capacity.h"

namespace shoal {

class TableCosts {
 public:
  // Inside a transaction everything costs double: one unit to prepare and one to commit.
  static constexpr double kTransaction = 2;
  explicit TableCosts(double factor = 1) : factor_(factor) {}

  // `consumed` as the request alone would cost.
  void add(const TablePtr& table, const Consumed& consumed);

  // Adds ConsumedCapacity to the answer, when the call asks for it: the tables in the order in which they were added.
  void append(const Call& call, json::ObjectWriter& answer, Access access, CapacityKind kind) const;

 private:
  double factor_;
  std::vector<std::pair<TablePtr, Consumed>> costs_;
};

}  // namespace shoal

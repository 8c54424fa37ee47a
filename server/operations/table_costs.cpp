#include "server/operations/table_costs.h"

#include <algorithm>

namespace shoal {

void TableCosts::add(const TablePtr& table, const Consumed& consumed) {
  const auto known = std::find_if(costs_.begin(), costs_.end(), [&](const auto& cost) { return cost.first == table; });
  auto& cost = known == costs_.end() ? costs_.emplace_back(table, Consumed{}) : *known;
  cost.second.add(consumed, factor_);
}

void TableCosts::append(const Call& call, json::ObjectWriter& answer, Access access, CapacityKind kind) const {
  for (const auto& [table, consumed] : costs_) note_consumed(call, *table, access, consumed);
  const auto detail = capacity_detail(call);
  if (detail == CapacityDetail::none) return;
  auto& out = answer.key("ConsumedCapacity");
  out += '[';
  for (std::size_t i = 0; i < costs_.size(); ++i) {
    if (i > 0) out += ',';
    append_consumed(out, *costs_[i].first, costs_[i].second, detail, kind);
  }
  out += ']';
}

}  // namespace shoal

// DescribeLimits: the throughput quotas of the account and of one table: --table-units-max, or production's defaults.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
#include <cstdint>
#include <string>

#include "config/config.h"
#include "server/operations/operation.h"

namespace shoal {

Outcome describe_limits(const Call& call) {
  const auto given = call.services.config.table_units_max;
  const std::uint64_t most = given == 0 ? Config().table_units_max : given;
  const auto table = std::to_string(most), account = std::to_string(2 * most);
  return R"({"AccountMaxReadCapacityUnits":)" + account + R"(,"AccountMaxWriteCapacityUnits":)" + account +
         R"(,"TableMaxReadCapacityUnits":)" + table + R"(,"TableMaxWriteCapacityUnits":)" + table + "}";
}

}  // namespace shoal

// DescribeLimits: the throughput quotas of the account; Shoal enforces none and answers production's defaults.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
#include "server/operations/operation.h"

namespace shoal {

Outcome describe_limits(const Call&) {
  return R"({"AccountMaxReadCapacityUnits":80000,"AccountMaxWriteCapacityUnits":80000,)"
         R"("TableMaxReadCapacityUnits":40000,"TableMaxWriteCapacityUnits":40000})";
}

}  // namespace shoal

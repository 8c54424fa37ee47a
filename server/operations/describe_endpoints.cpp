// DescribeEndpoints: the region's endpoint, as production answers it. SDKs ask only when endpoint discovery is switched
// on, which none does when it was given an endpoint.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
#include "protocol/json/writer.h"
#include "server/operations/operation.h"

namespace shoal {

Outcome describe_endpoints(const Call& call) {
  Answer answer = R"({"Endpoints":[)";
  json::ObjectWriter endpoint(answer);
  endpoint.text("Address", "dynamodb." + call.region + ".amazonaws.com");
  endpoint.integer("CachePeriodInMinutes", 1440);
  endpoint.close();
  return answer += "]}";
}

}  // namespace shoal

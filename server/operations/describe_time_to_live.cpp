// DescribeTimeToLive: whether a table's items expire, and by which attribute. A change is in force when it is answered,
// so ENABLING and DISABLING are never seen.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
#include "protocol/json/writer.h"
#include "server/operations/table_name.h"

namespace shoal {

Outcome describe_time_to_live(const Call& call) {
  const auto table = find_managed_table(call, call.input.find("TableName").string());
  const bool on = !table->ttl_attribute.empty();
  Answer answer;
  json::ObjectWriter object(answer);
  json::ObjectWriter description(object.key("TimeToLiveDescription"));
  if (on) json::append_string(description.key("AttributeName"), table->ttl_attribute);
  description.text("TimeToLiveStatus", on ? "ENABLED" : "DISABLED");
  description.close();
  object.close();
  return answer;
}

}  // namespace shoal

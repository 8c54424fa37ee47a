// DescribeTimeToLive: whether a table's items expire, and by which attribute. A change is in force when it is answered;
// with --table-delay-ms it is told as ENABLING or DISABLING for that long.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
#include "protocol/json/writer.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"

namespace shoal {

Outcome describe_time_to_live(const Call& call) {
  const auto table = find_managed_table(call, call.input.find("TableName").string());
  const bool on = !table->ttl_attribute.empty();
  const bool changing = seconds_now(call) < table->ttl_changed_at + call.services.config.table_delay_ms / 1000.0;
  Answer answer;
  json::ObjectWriter object(answer);
  json::ObjectWriter description(object.key("TimeToLiveDescription"));
  if (on) description.text("AttributeName", table->ttl_attribute);
  if (!on && changing) description.text("AttributeName", table->ttl_left_attribute);
  description.text("TimeToLiveStatus",
                   on ? (changing ? "ENABLING" : "ENABLED") : (changing ? "DISABLING" : "DISABLED"));
  description.close();
  object.close();
  return answer;
}

}  // namespace shoal

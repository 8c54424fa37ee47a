// UpdateTimeToLive: says which attribute holds the second at which an item expires, or that items do not expire. The
// items that are there are put in order of their expiry in the background, the first of them at once.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "server/operations/table_name.h"
#include "server/operations/table_status.h"
#include "storage/expiries.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

void check_change(const Call& call, const Table& table, bool enabled, std::string_view attribute) {
  const bool on = !table.ttl_attribute.empty();
  if (on && table.ttl_attribute != attribute) {
    throw validation_error("TimeToLive is active on a different AttributeName");
  }
  if (enabled && on) throw validation_error("TimeToLive is already enabled");
  if (!enabled && !on) throw validation_error("TimeToLive is already disabled");
  const auto interval = call.services.config.ttl_change_interval_seconds;
  if (table.ttl_changed_at != 0 && seconds_now(call) < table.ttl_changed_at + interval) {
    throw validation_error("Time to live has been modified multiple times within a fixed interval");
  }
}

Answer update(const Call& call, kv::Transaction& transaction) {
  const auto specification = call.input.find("TimeToLiveSpecification");
  const bool enabled = json::truth(specification.find("Enabled"));
  const auto attribute = specification.find("AttributeName").string();
  auto table = read_managed_table(call, transaction, call.input.find("TableName").string());
  check_table_active(table);
  check_change(call, table, enabled, attribute);
  table.ttl_left_attribute = table.ttl_attribute;
  table.ttl_attribute = enabled ? attribute : std::string_view();
  table.ttl_changed_at = seconds_now(call);
  call.services.catalog.put(transaction, table);
  if (enabled) {
    leave_expiries(transaction, table.id);
    fill_expiries_some(transaction, table, call.services.clock.now());
  } else {
    leave_forgetting(transaction, table.id);
  }

  Answer answer;
  json::ObjectWriter object(answer);
  json::ObjectWriter echo(object.key("TimeToLiveSpecification"));
  json::append_string(echo.key("AttributeName"), attribute);
  echo.boolean("Enabled", enabled);
  echo.close();
  object.close();
  return answer;
}

}  // namespace

Outcome update_time_to_live(const Call& call) {
  const auto name = table_name_of(call, call.input.find("TableName").string());
  const auto body = [&call](kv::Transaction& transaction) { return update(call, transaction); };
  return Write{body, publish(call, name)};
}

}  // namespace shoal

#include "server/operations/table_status.h"

#include <algorithm>
#include <string>

namespace shoal {
namespace {

constexpr std::string_view kInUse = "Attempt to change a resource which is still in use: ";

Error in_use(const std::string& what) { return Error(errors::resource_in_use, std::string(kInUse) + what); }

}  // namespace

double seconds_now(const Call& call) { return static_cast<double>(call.services.clock.now().count()) / 1000; }

double transition_end(const Call& call) {
  const auto delay_ms = call.services.config.table_delay_ms;
  return delay_ms == 0 ? 0 : seconds_now(call) + delay_ms / 1000.0;
}

void check_table_active(const Table& table) {
  switch (table.status) {
    case Status::creating:
      throw in_use("Table is being created: " + table.name);
    case Status::updating:
      throw in_use("Table is being updated: " + table.name);
    case Status::deleting:
      throw in_use("Table is being deleted: " + table.name);
    case Status::active:
      break;
  }
}

bool is_index_in_transition(const Table& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [](const Index& index) {
    return index.global && (index.status == Status::creating || index.status == Status::deleting);
  });
}

Error index_in_use(const Table& table, const Index& index) {
  return in_use("Index is being updated.  Table: " + table.name + " Index: " + index.name);
}

std::function<void()> publish(const Call& call, std::string_view name) {
  return [&call, name = std::string(name)] {
    call.services.catalog.reload(call.account, call.region, name);
    call.services.wake_jobs();
  };
}

}  // namespace shoal

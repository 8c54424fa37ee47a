#include "server/operations/account_quotas.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <vector>

#include "config/config.h"
#include "protocol/error.h"
#include "server/operations/table_status.h"

namespace shoal {
namespace {

constexpr std::size_t kTransitionsMax = 500;
constexpr double kHour = 3600, kDay = 24 * kHour;

Error exceeded(const std::string& what) { return Error(errors::limit_exceeded, "Subscriber limit exceeded: " + what); }

struct Quota {
  const char* changes;  // "Update to PayPerRequest mode"
  std::size_t most;
  double seconds;
  double pause;  // After a time of this length without a change one more is allowed; 0: none is.
};

constexpr Quota kOnDemandQuota{"Update to PayPerRequest mode", 4, kDay, 0};
constexpr Quota kKeyQuota{"Update to the encryption key", 4, kDay, 6 * kHour};
constexpr Quota kClassQuota{"Update to the table class", 2, 30 * kDay, 0};

void count(std::vector<double>& times, double now, const Quota& quota) {
  std::erase_if(times, [&](double time) { return time <= now - quota.seconds; });
  if (times.size() >= quota.most) {
    // With the oldest that still counts the quota is free again.
    const auto oldest = times[times.size() - quota.most];
    const auto next =
        quota.pause > 0 ? std::min(oldest + quota.seconds, times.back() + quota.pause) : oldest + quota.seconds;
    if (now < next) {
      throw exceeded(quota.changes + std::string(" are limited to ") + std::to_string(quota.most) + " times in " +
                     std::to_string(static_cast<int>(quota.seconds / kDay)) + " day(s). Last update at " +
                     quota_date(times.back()) + ". Next update can be made at " + quota_date(next));
    }
  }
  times.push_back(now);
}

struct UnitsSum {
  std::int64_t read = 0, write = 0;

  void add(const Throughput& throughput) {
    read += throughput.read_units;
    write += throughput.write_units;
  }
};

UnitsSum units_of(const Table& table) {
  UnitsSum sum;
  sum.add(table.throughput);
  for (const auto& index : table.indexes) sum.add(index.throughput);
  return sum;
}

UnitsSum units_of_others(const Call& call, const Table& table) {
  UnitsSum sum;
  for (const auto& other : call.services.catalog.all()) {
    if (other->account != table.account || other->region != table.region || other->name == table.name) continue;
    const auto [read, write] = units_of(*other);
    sum.read += read;
    sum.write += write;
  }
  return sum;
}

void check_units(const char* member, const Table& table, std::int64_t asked, std::int64_t others, std::int64_t most) {
  if (asked > most) {
    throw exceeded(member + std::string(" of table ") + table.name + " and its global secondary indexes come to " +
                   std::to_string(asked) + ", where " + std::to_string(most) + " are allowed for one table");
  }
  if (asked + others > 2 * most) {
    throw exceeded(member + std::string(" of all tables come to ") + std::to_string(asked + others) + ", where " +
                   std::to_string(2 * most) + " are allowed for an account in one Region");
  }
}

}  // namespace

void check_units_quota(const Call& call, const Table* before, const Table& table) {
  const std::int64_t most = call.services.config.table_units_max;
  if (most == 0) return;
  const auto asked = units_of(table);
  const auto had = before ? units_of(*before) : UnitsSum{};
  if (asked.read <= had.read && asked.write <= had.write) return;
  const auto others = units_of_others(call, table);
  if (asked.read > had.read) check_units("ReadCapacityUnits", table, asked.read, others.read, most);
  if (asked.write > had.write) check_units("WriteCapacityUnits", table, asked.write, others.write, most);
}

void check_transitions_quota(const Call& call) {
  if (transition_end(call) == 0) return;
  const auto tables = call.services.catalog.all();
  const auto moving = std::count_if(tables.begin(), tables.end(), [&](const TablePtr& table) {
    return table->account == call.account && table->region == call.region && table->status != Status::active;
  });
  if (static_cast<std::size_t>(moving) < kTransitionsMax) return;
  throw Error(errors::limit_exceeded, "Too many operations for a given subscriber.");
}

void count_switch_to_on_demand(Table& table, double now) { count(table.on_demand_switches, now, kOnDemandQuota); }
void count_switch_of_key(Table& table, double now) { count(table.key_switches, now, kKeyQuota); }
void count_change_of_class(Table& table, double now) { count(table.class_changes, now, kClassQuota); }

std::string quota_date(double seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text;
  return {text.data(), std::strftime(text.data(), text.size(), "%A, %B %-d, %Y %-I:%M:%S %p UTC", &parts)};
}

}  // namespace shoal

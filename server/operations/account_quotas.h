// What production allows an account and its tables without being asked for more: units of throughput, tables in
// transition, and how often some settings of a table may change.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
//
// What exceeds a quota is a LimitExceededException. Changes are dated by the clock of data, so that tests can move on
// to the time when the next one is allowed.
#pragma once

#include <string>

#include "server/operations/operation.h"
#include "storage/catalog.h"

namespace shoal {

// Throws unless the provisioned units of `table` and its global indexes, and those of all tables of the account in the
// region, are within their quotas. `before` is what the table is now, and null for a new one: what does not grow may
// stay, however much it is.
void check_units_quota(const Call& call, const Table* before, const Table& table);

// Throws when another table cannot go into transition; there is no such limit where transitions take no time.
void check_transitions_quota(const Call& call);

// Each notes one more change at `now` (epoch seconds), or throws and notes nothing.
void count_switch_to_on_demand(Table& table, double now);  // 4 in 24 hours
void count_switch_of_key(Table& table, double now);        // 4 in 24 hours, and one more after 6 hours without any
void count_change_of_class(Table& table, double now);      // 2 in 30 days

// "Wednesday, July 25, 2018 5:49:47 PM UTC": how messages about quotas tell times.
std::string quota_date(double seconds);

}  // namespace shoal

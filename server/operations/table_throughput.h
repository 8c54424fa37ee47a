// Billing mode and throughput of tables and global indexes: what requests may set, and what follows from a change.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (decreases per day)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/error.h"
#include "protocol/json/reader.h"
#include "storage/catalog.h"

namespace shoal {

using Units = std::pair<std::int64_t, std::int64_t>;  // read, write

// A ProvisionedThroughput; nothing when it is absent.
std::optional<Units> read_units_of(json::Json throughput);

// Refuses more than 10^12 units; `index` is empty for the table.
void check_units_bounds(const Units& units, std::string_view index = {});

// That billing mode and ProvisionedThroughput of a CreateTable go together.
void check_billing(BillingMode billing, const std::optional<Units>& units);
Error throughput_of_on_demand();  // For units given to a table that is billed on demand.

// OnDemandThroughput and WarmThroughput of a table.
void read_table_throughput(json::Json input, Table& table);
// All three of a global index that is to be made.
void read_index_throughput(json::Json input, BillingMode billing, Index& index);
// OnDemandThroughput and WarmThroughput of a global index.
void read_index_maxima(json::Json input, BillingMode billing, Index& index);

// Sets new units: refuses what changes nothing and one decrease too many, and keeps count of both.
void change_units(Throughput& throughput, const Units& units, double now, std::string_view index = {});

// NumberOfDecreasesToday at a time, in epoch seconds; days are those of UTC.
std::int64_t decreases_today(const Throughput& throughput, double now);

// What a table or index can take at once.
Units warm_units(BillingMode billing, const Throughput& throughput, const std::optional<Units>& requested);

}  // namespace shoal

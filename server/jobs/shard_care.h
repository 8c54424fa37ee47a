// What the passing of time and the growth of tables do to change logs: old records go, old shards are rolled over, full
// partitions split.
#pragma once

#include <chrono>

#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

// Trims one bounded step; whether there was anything to trim.
bool trim_logs(kv::Engine& engine, const Clock& clock);

// Rolls over the shards of all tables that are as old as `age`; whether there were any.
bool roll_over_logs(kv::Engine& engine, Catalog& catalog, const Clock& clock, std::chrono::milliseconds age);

// Splits partitions until each table has enough of them for its bytes; whether there was any to split.
bool split_full_partitions(kv::Engine& engine, Catalog& catalog, const Clock& clock);

}  // namespace shoal

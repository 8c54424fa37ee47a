// Deletes items whose time to live is over. What it costs depends on how many expire, not on how many there are.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
#pragma once

#include <chrono>

#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

// One bounded step for each table: deletes items that expired at least `delay` ago, each if it still is expired then.
// Whether there may be more of them.
bool sweep_expired(kv::Engine& engine, Catalog& catalog, const Clock& clock, std::chrono::milliseconds delay);

bool any_table_has_ttl(const Catalog& catalog);

}  // namespace shoal

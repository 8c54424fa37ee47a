// What the passing of time does to a table: CREATING and UPDATING end in ACTIVE, DELETING ends in removal;
// of a Kinesis destination, ENABLING and UPDATING in ACTIVE, DISABLING in DISABLED.
#pragma once

#include <optional>

#include "storage/catalog.h"

namespace shoal {

// Epoch seconds of the table's next transition, its indexes' and destinations' included; nothing when there is none
// ahead.
std::optional<double> next_transition(const Table& table);

// Does in the transaction what is due at `now`, epoch seconds, to the table's definition as it stands there.
void make_transitions(const Catalog& catalog, kv::Transaction& transaction, const Table& table, double now);

}  // namespace shoal

// TableDescription: how a table and its indexes are told.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
#pragma once

#include <string>
#include <string_view>

#include "storage/catalog.h"
#include "storage/kv/kv.h"

namespace shoal {

// {"<member>": {...}}: an answer whose only member is the description, with counts as of the snapshot. `now` in epoch
// seconds.
std::string described(std::string_view member, const Table& table, const kv::Snapshot& snapshot, double now);

}  // namespace shoal

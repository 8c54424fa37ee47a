// A table's definition as the text in which the store keeps it: one JSON object, whose members only ever grow in
// number, so that a newer Shoal reads what an older one wrote. What a definition does not say has its default.
//
//   read_definition(definition_text(table)) == table, but for account, region and name, which are in its key.
#pragma once

#include <string>
#include <string_view>

#include "storage/catalog.h"

namespace shoal {

std::string definition_text(const Table& table);

// Throws kv::EngineError when the text is no definition.
Table read_definition(std::string_view text);

// The same of a key schema alone.
std::string key_schema_text(const KeySchema& schema);
KeySchema read_key_schema(std::string_view text);

}  // namespace shoal

// ExclusiveStartKey: where a page goes on (reference: validation 12).
#pragma once

#include <optional>

#include "server/operations/operation.h"
#include "storage/range.h"

namespace shoal {

// The request's start key, when there is one. Throws request_error: bad attribute values.
std::optional<Item> read_start_key(const Call& call);

// Whether it has just the key attributes of the table and index; and whether these have their types.
bool names_key(const Table& table, const Index* index, ItemView start);
bool matches_key(const Table& table, const Index* index, ItemView start);

// Of one that does: that its attributes are such as an item can have. Throws validation_error.
void check_start_values(const Table& table, const Index* index, ItemView start);

// The store's key of the record it stands for.
std::string stored_key(const Table& table, const Index* index, ItemView start);

}  // namespace shoal

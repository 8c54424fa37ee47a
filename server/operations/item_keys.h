// The key attributes of items and requests, held against the table's schema (reference: validation 5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/value/attribute_value.h"
#include "storage/catalog.h"

namespace shoal {

// A Key parameter: exactly the table's key attributes, of their types, not empty, not too long. Throws
// validation_error.
void check_key(const Table& table, ItemView key);

// Of key attributes that are there, with their types: that none is empty.
void check_key_not_empty(const Table& table, ItemView attributes);

// Of an index's key attributes that are there: their types, and that none is empty. Throws validation_error.
void check_index_key(const Index& index, ItemView item);

// An item to be put: its key attributes (in the words of PutItem), then those of the indexes.
void check_put_item(const Table& table, ItemView item);
// The same in the words of a batch, where a missing or mistyped key "does not match the schema".
void check_batch_put_item(const Table& table, ItemView item);

// An updated item: no key attribute of an index may have become unfit for it.
void check_updated_item(const Table& table, ItemView before, ItemView after);

// Whether the attributes named by the schema are all there, with their types and nothing else counted.
bool matches(const std::vector<KeyAttribute>& part, ItemView attributes);

// That no item is meant twice, by the store's keys of all. Throws validation_error with the operation's words for it.
void check_distinct_items(std::vector<std::string_view> stored_at, const char* refusal);

// Only the table's key attributes of an item.
Item key_of(const Table& table, ItemView item);

}  // namespace shoal

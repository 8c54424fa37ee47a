// The order in which the items of a table with a time to live expire: one entry for each item that has a time, kept by
// every change of an item in its own transaction. What is to be swept is found at its head, however many items there
// are.
//
//   move_expiry(transaction, table, item_key, now, before, after);   // with each change
//   due_items(snapshot, table, now, 100);                             // which items have
//
// An entry may be older than the truth (of a time to live that was off for a while, of another attribute), so whoever
// deletes an item looks at the item itself; entries that mislead are erased then.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/items.h"

namespace shoal {

// Epoch seconds of an item's expiry: the value of the attribute, when that is a number of seconds since the epoch.
std::optional<std::uint64_t> expiry_of(std::string_view attribute, ItemView item);

// Whether it lies more than five years back: such an item stays.
bool is_too_old(std::uint64_t expiry, std::chrono::milliseconds now);

// Whether the item is to be deleted: its time has come, and not more than five years ago.
bool is_expired(std::uint64_t expiry, std::chrono::milliseconds now);

void move_expiry(kv::Transaction& transaction, const Table& table, std::string_view item_key,
                 std::chrono::milliseconds now, const std::optional<Item>& before, const std::optional<Item>& after);

struct Expiry {
  std::string entry;     // Its key.
  std::string item_key;  // Of the item.
  std::uint64_t seconds;
};
// The first entries whose time has come.
std::vector<Expiry> due_items(const kv::Snapshot& snapshot, const Table& table, std::chrono::milliseconds now,
                              std::size_t count_max);

// Adds the entries of the next items of a table whose time to live was just enabled; true when all have been seen.
bool fill_expiries_some(kv::Transaction& transaction, const Table& table, std::chrono::milliseconds now);

}  // namespace shoal

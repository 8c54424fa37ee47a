// What is still to be done to a space of keys in the background: a record for each such space, written by the
// transaction that made the work necessary and removed by the one that ends it, so a restart finds what was left.
//
//   leave_emptying(transaction, index.id);                       // with the removal of the index
//   for (bool done = false; !done;) {                            // later, each step a transaction of its own
//     engine.write([&](kv::Transaction& transaction) { done = empty_some(transaction, index.id); });
//   }
//
// A step is bounded (kStepKeysMax, kStepBytesMax), so that no request waits long behind it.
#pragma once

#include <cstddef>
#include <vector>

#include "storage/catalog.h"
#include "storage/kv/kv.h"
#include "storage/range.h"

namespace shoal {

inline constexpr std::size_t kStepKeysMax = 1'000;
inline constexpr std::size_t kStepBytesMax = 1'000'000;

enum class SpaceWork : char {
  emptying = 'e',    // of a deleted table or index
  wiping = 'w',      // of a table that a reset took, with its changes
  backfill = 'b',    // of an index that UpdateTable made
  expiries = 't',    // of the items of a table that got a time to live: their order is to be filled (expiries.h)
  forgetting = 'f',  // of a table that lost it: the order is to be erased
};

struct SpaceJob {
  SpaceId space;
  SpaceWork work;
};
std::vector<SpaceJob> space_jobs(const kv::Snapshot& snapshot);

void leave_emptying(kv::Transaction& transaction, SpaceId space);
void leave_wiping(kv::Transaction& transaction, SpaceId space);
void leave_backfill(kv::Transaction& transaction, SpaceId index);
void leave_expiries(kv::Transaction& transaction, SpaceId table);
void leave_forgetting(kv::Transaction& transaction, SpaceId table);

// Erases as many keys of the range as a step may; whether there were any.
bool erase_some(kv::Transaction& transaction, const KeyRange& range);

// Erases some keys of the space; true when nothing is left of it, its counters included.
bool empty_some(kv::Transaction& transaction, SpaceId space);
// As empty_some, and the log of the table's changes.
bool wipe_some(kv::Transaction& transaction, SpaceId table);

// Erases some of the order in which the items of a table expire; true when nothing is left of it.
bool forget_some(kv::Transaction& transaction, SpaceId table);

// A step's worth of a table's items, copied, since writing would move the cursor.
struct ItemBatch {
  std::vector<Item> items;
  std::string last_key;
  bool reached_end = true;
};
// The next ones for the work that is recorded for `space`, and the record of how far it got: removed at the end.
ItemBatch next_batch(const kv::Snapshot& snapshot, const Table& table, SpaceId space);
void keep_position(kv::Transaction& transaction, SpaceId space, SpaceWork work, const ItemBatch& batch);

// Adds the entries of the next items to an index that is being filled; true when all items have been seen. Items whose
// key attributes do not suit the index are passed over. From the transaction that made the index on, its entries follow
// every write, and a step reads an item and adds its entry in one transaction: so none is missed, and none outlives its
// item.
bool backfill_some(kv::Transaction& transaction, const Table& table, const Index& index);

}  // namespace shoal

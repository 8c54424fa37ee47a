// Whether what a store holds agrees with itself, by a snapshot of it: `shoal check`, and at the end of every test.
//
// * every record can be read, lies where its key attributes say, and has the size that DynamoDB counts;
// * every index has an entry of each item that belongs there and no other, and the entry is what it projects;
// * the counts of items and bytes, and the sizes of item collections, are those of what is there;
// * every item that expires is in the order of expiries;
// * shards have their parents, their records are theirs, and what a stream shows of an item goes on from change to
//   change up to the item as it is;
// * nothing is left of what was deleted, but what the jobs have still to empty.
//
//   const auto seen = check_consistency(*snapshot, catalog.all(), clock.now(), [](const std::string& problem) { ... });
//   seen.problems == 0
//
// Takes memory for each item that a stream has shown (some 32 bytes), otherwise none to speak of.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/catalog.h"
#include "storage/changelog.h"
#include "storage/kv/kv.h"

namespace shoal {

struct Consistency {
  std::uint64_t tables = 0, items = 0, entries = 0, changes = 0;
  std::uint64_t problems = 0;
};

// `problem` is told in words what does not agree; `progress`, now and then, what has been seen.
Consistency check_consistency(
    const kv::Snapshot& snapshot, const std::vector<TablePtr>& tables, Milliseconds now,
    const std::function<void(const std::string&)>& problem,
    const std::function<void(const Consistency&)>& progress = [](const Consistency&) {});

}  // namespace shoal

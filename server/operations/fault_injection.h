// Where faults on demand (server/faults) meet requests. What they answer cannot be told from production's answer.
//
// A request is struck once it has been found valid, and before anything of it is written:
//
//   auto outcome = run_operation(call);                            // the operation; throws what struck the request
//   const auto left = left_over(call, {{table, keys.size()}});     // in batches: what stays unprocessed
//   const auto snapshot = read_snapshot(call, *table, index, consistent);   // in every read of items
//
// Which rules strike a call is drawn once, however often it is run again.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/error.h"
#include "server/operations/operation.h"

namespace shoal {

Outcome run_operation(const Call& call);

// How long the answer is to be held back. After the call was run, while it is alive.
std::chrono::milliseconds added_latency(const Call& call);

// A batch's share of one table.
struct BatchPart {
  TablePtr table;
  std::size_t items;
};
// How many of each part's last items are not to be processed. Throws the throttling error when that is all of them.
std::vector<std::size_t> left_over(const Call& call, const std::vector<BatchPart>& parts);

// Why a statement of a batch, on this table, is not run; nothing: it is.
std::optional<Error> refusal_of_statement(const Call& call, const Table& table);

// What a read of the table (`index`: or of this index of it) sees: the present, or what a fault puts in its place. To
// be dropped before the next one is asked for.
std::unique_ptr<kv::Snapshot> read_snapshot(const Call& call, const Table& table, const Index* index, bool consistent);

}  // namespace shoal

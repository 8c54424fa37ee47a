// The Kinesis data streams that a table's changes are sent to: what becomes of the table's change log with each step of
// a destination's life. Each reads the log as a reader of its own (log_positions.h).
//
//   start_destination(transaction, table, destination, end, now);   // ENABLING until `end`; then catalog.put()
//   stop_destination(transaction, table, destination, end, now);    // DISABLING until what was changed is delivered
//
// A change goes to a destination if it was made after it was enabled and before it was disabled.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "storage/catalog.h"
#include "storage/kv/kv.h"

namespace shoal {

// For how long at most a destination that is DISABLING still delivers.
inline constexpr std::chrono::milliseconds kDrainMax = std::chrono::seconds(10);

std::string_view status_name(DestinationStatus status);  // "ENABLING"

// Its name as a reader of the log.
std::string log_reader(const KinesisDestination& destination);

// `end`: when the transition may end, in epoch seconds; 0: it has, when this returns. These and end_transition change
// the definition, which the caller puts into the catalog in the same transaction.
void start_destination(kv::Transaction& transaction, Table& table, KinesisDestination& destination, double end,
                       std::chrono::milliseconds now);
// `delivers`: whether somebody is there to deliver what has not been.
void stop_destination(kv::Transaction& transaction, Table& table, KinesisDestination& destination, double end,
                      bool delivers, std::chrono::milliseconds now);

// What a transition comes to. What a destination that was DISABLING has not delivered by then, it never will.
void end_transition(kv::Transaction& transaction, Table& table, KinesisDestination& destination,
                    std::chrono::milliseconds now);

// Whether there is nothing left for it in the log.
bool is_drained(const kv::Snapshot& snapshot, const Table& table, const KinesisDestination& destination);

}  // namespace shoal

// Kinesis data streams as destinations of a table's changes: what the four operations on them share.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
#pragma once

#include <string_view>

#include "protocol/error.h"
#include "server/operations/operation.h"

namespace shoal {

// How many a table can have at once that are not DISABLED.
inline constexpr std::size_t kDestinationsMax = 2;
// How many are remembered, those that are DISABLED included.
inline constexpr std::size_t kDestinationsListedMax = 10;

// The StreamArn of the request. Throws unless it is that of a data stream in the request's region. The account in it is
// not looked at: a local Kinesis has accounts of its own.
std::string_view kinesis_stream_of(const Call& call);

// ValidationException, "Table is not in a valid state to enable Kinesis Streaming Destination: <why>", whatever the
// operation is.
Error wrong_destination_state(std::string_view why);

// The table's destination that the request names. Throws when there is none, or it is not ACTIVE.
KinesisDestination& active_destination(const Call& call, Table& table);

// MICROSECOND of the request's configuration, if it says anything.
std::optional<bool> asks_for_microseconds(const Call& call, std::string_view configuration);

std::string_view precision_name(const KinesisDestination& destination);

// {"TableName", "StreamArn", "DestinationStatus"} and the request's configuration, as it came.
Answer destination_answer(const Call& call, const Table& table, DestinationStatus status,
                          std::string_view configuration);

}  // namespace shoal

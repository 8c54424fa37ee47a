// StreamSpecification of CreateTable and UpdateTable.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
#pragma once

#include "server/operations/operation.h"

namespace shoal {

// Throws when the request's specification is not well formed.
void check_stream_specification(json::Json input);

// Whether one is to be enabled.
bool asks_for_stream(json::Json input);

// Throws when the table's stream is on, or off, already.
void check_stream_change(json::Json input, const Table& table);

// Does to `table` what the request asks, if anything.
void change_stream(const Call& call, kv::Transaction& transaction, Table& table);

}  // namespace shoal

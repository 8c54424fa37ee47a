// Checks a request's JSON against the service model: first the JSON types (SerializationException, the first one
// found), then the constraints (required, lengths, ranges, patterns, enums), collected in production's order into one
// "N validation errors detected: ..." (ValidationException).
//
//   const OperationModel* model = find_operation("DynamoDB_20120810", "GetItem");
//   validate(*model, body);
//
// The constraints it knows are those of shapes.h; rules that the model does not state are each operation's own.
#pragma once

#include <string_view>

#include "protocol/json/reader.h"
#include "protocol/model/shapes.h"

namespace shoal::model {

// Throws Error: serialization, or validation.
void validate(const OperationModel& operation, json::Json input);

}  // namespace shoal::model

// The parameters of before there were expressions (Expected, AttributeUpdates, KeyConditions, QueryFilter, ScanFilter,
// ConditionalOperator, AttributesToGet), read into what the expressions are read into.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
//
// Names are attribute names to the letter: a dot is part of the name. Errors are request_error.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/expression/condition.h"
#include "protocol/expression/key_condition.h"
#include "protocol/expression/projection.h"
#include "protocol/expression/update.h"
#include "server/operations/operation.h"

namespace shoal {

// Each: nothing when the parameter is not given, or says nothing.
std::optional<Condition> read_expected(const Call& call, json::Json input);
std::optional<Condition> read_legacy_filter(const Call& call, json::Json input, std::string_view parameter);
std::optional<Update> read_attribute_updates(const Call& call, json::Json input);
std::optional<Projection> read_attributes_to_get(json::Json input);

std::vector<KeyComparison> read_key_conditions(const Call& call, json::Json conditions);

}  // namespace shoal

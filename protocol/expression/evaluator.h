// Evaluates conditions in place, on an item's bytes.
//
//   holds(node, item.view());
//
// What is absent, and types that cannot be compared, make a comparison false (and <> true); nothing throws.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
#pragma once

#include <cstddef>
#include <optional>

#include "protocol/expression/ast.h"

namespace shoal {

// `item` is nothing when there is none: then no attribute exists.
bool holds(const ConditionNode& condition, const std::optional<ItemView>& item);

// size(value): bytes of a binary, members of a set, list or map, and of a string its UTF-16 code units: what DynamoDB
// Local counts (é is 1, 😀 is 2). The guide only says "its length", and what production counts is not published.
// Nothing for numbers, booleans and null.
std::optional<std::size_t> size_of(ValueView value);

}  // namespace shoal

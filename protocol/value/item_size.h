// DynamoDB's size of items and values in bytes, on which the 400 KB limit, pages of 1 MB and all capacity rest.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
#pragma once

#include <cstddef>
#include <string_view>

#include "protocol/value/attribute_value.h"

namespace shoal {

inline constexpr std::size_t kItemBytesMax = 409'600;
inline constexpr std::size_t kNestingLevelsMax = 32;  // The attribute itself is level 1.

std::size_t value_size(ValueView value);
// Names and values of the attributes at the top; a map nested in an item costs 3 bytes and 1 a member more.
std::size_t item_size(ItemView item);
// Size of the number that reads `canonical`: about a byte per two digits, plus 1, plus 1 when negative.
std::size_t number_size(std::string_view canonical);

// Levels of nesting of a value: 1 for a scalar or set, 1 more than its deepest member for a list or map.
std::size_t nesting_levels(ValueView value);

}  // namespace shoal

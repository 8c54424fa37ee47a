// KeyConditionExpression: comparisons of key attributes with values, before they are held against a schema.
//
//   auto comparisons = parse_key_condition("p = :p AND begins_with(s, :prefix)", placeholders);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/path.h"
#include "protocol/expression/placeholders.h"

namespace shoal {

enum class KeyOperator {
  equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  between,
  begins_with,
  not_indexable,  // Of KeyConditions, as NE: refused once the schema is known.
};

// Of a condition's operator; nothing when keys are not compared with it.
enum class ConditionOperator : std::uint8_t;  // ast.h
std::optional<KeyOperator> key_operator(ConditionOperator op);

KeyOperator swapped(KeyOperator op);  // :b < c is c > :b

struct KeyComparison {
  Path path;  // A nested one is refused once the schema is known.
  KeyOperator op;
  Value value;                 // The lower bound of BETWEEN.
  std::optional<Value> upper;  // Of BETWEEN.
};

// In order of the text, operands swapped into place (":b < c" is c > :b). Throws request_error as the reference's
// sections 6 and 10 say of what can be seen without the table's schema.
std::vector<KeyComparison> parse_key_condition(std::string_view text, Placeholders& placeholders);

}  // namespace shoal

// What the WHERE of a statement says of a key: which one item it names, or which stretches of a table or index a SELECT
// has to read. What it says besides is left over, as the condition or filter.
//
//   auto conditions = conditions_of(where);            // p = 'a' AND c = 1 AND n > 2
//   const auto key = take_key(table.key, conditions);  // {p, c}; n > 2 is left
//
//   const auto query = take_query(table.id, table.key, conditions);   // of p IN ['a', 'b'] AND c > 1: two ranges
//
// Both throw validation_error when a value is not of its key attribute's type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/condition.h"
#include "storage/catalog.h"
#include "storage/range.h"

namespace shoal {

using Conditions = std::vector<ConditionNode>;  // That all have to hold.

// An AND, and the ANDs in it, taken apart.
Conditions conditions_of(std::optional<ConditionNode> where);
std::optional<Condition> joined(Conditions conditions);  // Nothing: there are none.

// The item whose every key attribute is said to equal a value. Nothing, and nothing is taken, when one of them is not.
std::optional<Item> take_key(const KeySchema& key, Conditions& conditions);

struct StatementQuery {
  std::vector<KeyRange> ranges;  // One for each value of the partition key, ascending by it.
  bool one_row_each = false;     // Every key attribute is fixed.
};

// Nothing when the partition key is not held to values by =, IN, or an OR of such: then all must be read. Of the sort
// key's attributes it uses what Query could.
std::optional<StatementQuery> take_query(SpaceId space, const KeySchema& key, Conditions& conditions);

// That a value in a statement is of its key attribute's type. Throws validation_error.
void check_key_type(const KeyAttribute& attribute, ValueView value);

// Attributes at the top of an item that the conditions compare, in order of the text, each once.
std::vector<std::string> compared_attributes(const Conditions& conditions);
// The one type of the values to which =, IN or an OR of such hold the attribute, if a key can have it.
std::optional<Type> held_type(const Conditions& conditions, std::string_view attribute);

}  // namespace shoal

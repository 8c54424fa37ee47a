// A PartiQL statement as what it asks for: the same conditions, updates and paths that the expressions of the other
// operations become, with its parameters in their places.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
//
//   auto statement = partiql::parse("SELECT a FROM \"Music\" WHERE p = ? AND n > 1", parameters);
//   if (auto* select = std::get_if<partiql::Select>(&statement)) ...
//
// Checked here is what needs no table: the syntax, the number of parameters, operands of operators and functions. How
// deep values and conditions may nest is bounded, so no statement exhausts the stack.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/expression/ast.h"

namespace shoal::partiql {

struct Source {
  std::string table;  // A name, as it was written: not yet checked.
  std::optional<std::string> index;
};

struct SortKey {
  std::string attribute;
  bool descending = false;
};

struct Select {
  std::vector<Path> paths;  // None: all attributes.
  Source from;
  std::optional<ConditionNode> where;
  std::vector<SortKey> order_by;
};

struct Insert {
  Source into;
  Item item;
};

enum class Returning { none, all_old, all_new, modified_old, modified_new };
std::string_view returning_text(Returning returning);  // "ALL OLD"

struct Update {
  Source table;
  UpdateNode update;
  std::optional<ConditionNode> where;
  Returning returning = Returning::none;
};

struct Delete {
  Source from;
  std::optional<ConditionNode> where;
  Returning returning = Returning::none;
};

// EXISTS(SELECT ...), a condition of a transaction.
struct Exists {
  Select select;
};

using Statement = std::variant<Select, Insert, Update, Delete, Exists>;

inline constexpr std::string_view kParametersDoNotMatch = "Number of parameters in request and statement don't match.";

// Throws validation_error.
Statement parse(std::string_view text, std::span<const Value> parameters);

}  // namespace shoal::partiql

// Expressions with everything resolved: what conditions and updates mean, whoever wrote them. The expression parameters
// become these through syntax.h and binder.h; legacy parameters and PartiQL statements build them directly.
//
//   // a = :one AND attribute_exists(b)
//   ConditionNode node{ConditionOperator::all,
//                      {{ConditionOperator::equal, {}, {Operand{a}, Operand{one}}},
//                       {ConditionOperator::attribute_exists, {}, {Operand{b}}}},
//                      {}};
//
// Who builds a node directly has checked what the binder checks: numbers of operands, types of literals, targets that
// do not overlap. A node that breaks this evaluates to something, but throws nothing and touches nothing it should not.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/expression/path.h"
#include "protocol/value/attribute_value.h"

namespace shoal {

// What a path leads to, a value, or with `size` the size of one of these.
struct Operand {
  std::variant<Path, Value> source;
  bool size = false;

  const Path* path() const { return size ? nullptr : std::get_if<Path>(&source); }
  const Value* value() const { return size ? nullptr : std::get_if<Value>(&source); }
};

enum class ConditionOperator : std::uint8_t {
  // Of conditions. Without any: AND holds, OR does not.
  any,       // OR
  all,       // AND
  negation,  // NOT, of one
  // Of operands
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  between,  // The second to the third, inclusive.
  in,       // The first is one of the others.
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
};

// "=", "BETWEEN", "begins_with": as messages name it.
std::string_view operator_name(ConditionOperator op);

struct ConditionNode {
  ConditionOperator op = ConditionOperator::all;
  std::vector<ConditionNode> conditions;
  std::vector<Operand> operands;
};

enum class UpdateFunction : std::uint8_t { plus, minus, if_not_exists, list_append };

struct UpdateTerm;

struct UpdateCall {
  UpdateFunction function;
  std::vector<UpdateTerm> operands;  // Two. The first of if_not_exists is a Path.
};

// The right side of a SET.
struct UpdateTerm {
  std::variant<Path, Value, UpdateCall> term;
};

enum class UpdateOperator : std::uint8_t {
  set,
  remove,
  add,             // A number, or the members of a set. Of a list (legacy parameters only): its elements, at the end.
  delete_members,  // The members of a set.
};

struct UpdateAction {
  UpdateOperator op;
  Path target;
  std::vector<UpdateTerm> term;  // One; of `remove` none. Of `add` and `delete_members` a Value.
};

struct UpdateNode {
  std::vector<UpdateAction> actions;  // In order of the text.
  bool legacy = false;                // Written as AttributeUpdates: errors are told in its words.
};

}  // namespace shoal

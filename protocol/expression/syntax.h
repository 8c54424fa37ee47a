// An expression as its text alone tells it: placeholders are still unresolved, so it is the same for every request with
// this text and can be kept by it. What the placeholders stand for is bound in a second step (binder.h).
//
//   Syntax syntax = parse_condition("a = :v AND size(b) > :n", "ConditionExpression");
//
// Parsing checks, in this order and as production does: the length; the syntax; redundant parentheses; then the names:
// reserved words, unknown functions, functions out of place; then the limits (list indexes, depth of paths, operands of
// IN, operators), then sections of an update given twice. Throws request_error "Invalid <kind>: ...".
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shoal {

inline constexpr std::size_t kExpressionBytesMax = 4'096;
inline constexpr std::size_t kExpressionOperatorsMax = 300;  // Functions count too.
inline constexpr std::size_t kInOperandsMax = 100;
inline constexpr std::size_t kPathElementsMax = 32;

enum class Function : std::uint8_t {
  unknown,
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  size,
  if_not_exists,
  list_append,
};

std::string_view function_name(Function function);

// A tree in one vector: a node names its first child and its next sibling. Parentheses have left no trace.
struct Syntax {
  enum class Kind : std::uint8_t {
    // Conditions; the children are conditions...
    any,  // OR
    all,  // AND
    negation,
    // ...or operands
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    between,
    in,
    call,  // A condition or an operand; the children are its arguments.
    // Operands
    path,  // The children are its elements: name, name_placeholder, index.
    name,
    name_placeholder,
    index,
    value,
    plus,
    minus,
    // Actions of an update: the target's path and, but for `remove`, an operand
    set,
    remove,
    add,
    delete_members,
    // All actions of an update, or all paths of a projection, in order of the text
    sequence,
  };
  using Ref = std::uint16_t;
  static constexpr Ref kNone = 0xffff;

  struct Node {
    Kind kind;
    Function function = Function::unknown;  // Of a call.
    std::uint16_t start = 0;                // In the text: a name, an index, a placeholder with its sigil.
    std::uint16_t end = 0;
    Ref first = kNone;
    Ref next = kNone;
  };

  std::string text;
  std::vector<Node> nodes;
  Ref root = kNone;

  std::string_view text_of(const Node& node) const {
    return std::string_view(text).substr(node.start, node.end - node.start);
  }
  std::size_t child_count(const Node& node) const {
    std::size_t count = 0;
    for (Ref child = node.first; child != kNone; child = nodes[child].next) ++count;
    return count;
  }
};

// Also of a FilterExpression and a KeyConditionExpression, whose syntax is the same.
Syntax parse_condition(std::string_view text, std::string_view kind);
Syntax parse_update(std::string_view text);
Syntax parse_projection(std::string_view text);

}  // namespace shoal

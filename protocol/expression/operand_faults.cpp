#include "protocol/expression/operand_faults.h"

#include "protocol/json/base64.h"

namespace shoal {
namespace {

using Op = ConditionOperator;
using Fault = std::optional<std::string>;

bool is_function(Op op) { return op >= Op::attribute_exists; }

std::size_t operand_count(Op op) { return op == Op::attribute_exists || op == Op::attribute_not_exists ? 1 : 2; }

bool needs_path(Op op) {
  return op == Op::attribute_exists || op == Op::attribute_not_exists || op == Op::attribute_type;
}

bool is_ordering(Op op) { return (op >= Op::less && op <= Op::greater_or_equal) || op == Op::between; }

bool is_ordered(Type type) { return type == Type::string || type == Type::number || type == Type::binary; }

bool is_sized(Type type) { return type != Type::number && type != Type::boolean && type != Type::null; }

// The type of an operand that does not depend on the item.
std::optional<Type> type_of(const Operand& operand) {
  if (operand.size) return Type::number;
  if (const auto* value = operand.value()) return value->view().type();
  return std::nullopt;
}

// "AttributeValue: {N:2}", as production prints the bounds of a BETWEEN.
std::string print(ValueView scalar) {
  std::string text = "AttributeValue: {";
  text += type_name(scalar.type());
  text += ':';
  if (scalar.type() == Type::binary)
    json::append_base64(text, scalar.text());
  else
    text += scalar.text();
  return text + "}";
}

Fault count_fault(const ConditionNode& condition) {
  const auto name = operator_name(condition.op);
  if (condition.operands.size() != operand_count(condition.op)) {
    return operand_count_fault(name, condition.operands.size());
  }
  if (needs_path(condition.op) && !condition.operands[0].path()) return no_path_fault(name);
  return std::nullopt;
}

Fault sameness_fault(const ConditionNode& condition) {
  const auto* first = condition.operands[0].path();
  if (!first) return std::nullopt;
  for (std::size_t i = 1; i < condition.operands.size(); ++i) {
    const auto* other = condition.operands[i].path();
    if (!other || *other != *first) continue;
    return "The first operand must be distinct from the remaining operands for this operator or function; operator: " +
           std::string(operator_name(condition.op)) + ", first operand: " + first->text();
  }
  return std::nullopt;
}

template <class Accepts>
Fault type_fault(const ConditionNode& condition, Accepts accepts) {
  for (const auto& operand : condition.operands) {
    if (const auto type = type_of(operand); type && !accepts(*type)) {
      return operand_type_fault(operator_name(condition.op), *type);
    }
  }
  return std::nullopt;
}

Fault type_name_fault(const Operand& operand) {
  const auto type = type_of(operand);
  if (!type) return std::nullopt;
  if (*type != Type::string) return operand_type_fault(operator_name(Op::attribute_type), *type);
  const auto name = operand.value()->view().text();
  if (type_named(name)) return std::nullopt;
  return "Invalid attribute type name found; type: " + std::string(name) +
         ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}";
}

Fault bounds_fault(const ConditionNode& between) {
  const auto* lower = between.operands[1].value();
  const auto* upper = between.operands[2].value();
  if (!lower || !upper) return std::nullopt;
  std::string_view demand;
  if (lower->view().type() != upper->view().type())
    demand = "same data type for lower and upper bounds";
  else if (compare_scalars(lower->view(), upper->view()) > 0)
    demand = "upper bound to be greater than or equal to lower bound";
  else
    return std::nullopt;
  return "The BETWEEN operator requires " + std::string(demand) + "; lower bound operand: " + print(lower->view()) +
         ", upper bound operand: " + print(upper->view());
}

}  // namespace

std::string operand_count_fault(std::string_view name, std::size_t count) {
  return "Incorrect number of operands for operator or function; operator or function: " + std::string(name) +
         ", number of operands: " + std::to_string(count);
}

std::string no_path_fault(std::string_view name) {
  return "Operator or function requires a document path; operator or function: " + std::string(name);
}

std::string operand_type_fault(std::string_view name, Type type) {
  return "Incorrect operand type for operator or function; operator or function: " + std::string(name) +
         ", operand type: " + std::string(type_name(type));
}

Fault size_fault(const Operand& operand) {
  if (const auto type = type_of(operand); type && !is_sized(*type)) return operand_type_fault("size", *type);
  return std::nullopt;
}

Fault operand_fault(const ConditionNode& condition) {
  const auto op = condition.op;
  if (op <= Op::negation) return std::nullopt;
  if (is_function(op)) {
    if (auto fault = count_fault(condition)) return fault;
  }
  if (auto fault = sameness_fault(condition)) return fault;
  if (is_ordering(op)) {
    if (auto fault = type_fault(condition, is_ordered)) return fault;
  }
  if (op == Op::between) return bounds_fault(condition);
  if (op == Op::begins_with) {
    return type_fault(condition, [](Type type) { return type == Type::string || type == Type::binary; });
  }
  if (op == Op::attribute_type) return type_name_fault(condition.operands[1]);
  return std::nullopt;
}

}  // namespace shoal

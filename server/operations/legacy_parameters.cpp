#include "server/operations/legacy_parameters.h"

#include <algorithm>
#include <array>
#include <set>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/json/item_reader.h"

namespace shoal {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw request_error("One or more parameter values were invalid: " + message);
}

[[noreturn]] void refuse(const std::string& message, std::string_view attribute) {
  refuse(message + " for Attribute: " + std::string(attribute));
}

constexpr std::size_t kAny = 1'000'000;

using Types = std::string_view;  // Letters of the types that a comparison takes; empty: every type.

struct Comparison {
  std::string_view name;
  ConditionOperator op;
  std::size_t arguments_min, arguments_max;
  Types types;
  bool negated = false;
};

constexpr std::array<Comparison, 13> kComparisons{{
    {"EQ", ConditionOperator::equal, 1, 1, ""},
    {"NE", ConditionOperator::not_equal, 1, 1, ""},
    {"LE", ConditionOperator::less_or_equal, 1, 1, "SNB"},
    {"LT", ConditionOperator::less, 1, 1, "SNB"},
    {"GE", ConditionOperator::greater_or_equal, 1, 1, "SNB"},
    {"GT", ConditionOperator::greater, 1, 1, "SNB"},
    {"NOT_NULL", ConditionOperator::attribute_exists, 0, 0, ""},
    {"NULL", ConditionOperator::attribute_not_exists, 0, 0, ""},
    {"CONTAINS", ConditionOperator::contains, 1, 1, "SNB?"},
    {"NOT_CONTAINS", ConditionOperator::contains, 1, 1, "SNB?", true},
    {"BEGINS_WITH", ConditionOperator::begins_with, 1, 1, "SB"},
    {"IN", ConditionOperator::in, 1, kAny, "SNB"},
    {"BETWEEN", ConditionOperator::between, 2, 2, "SNB"},
}};

// '?' in a list of types stands for BOOL and NULL, which have no letter of their own.
bool takes(const Comparison& comparison, Type type) {
  if (comparison.types.empty()) return true;
  if (type == Type::boolean || type == Type::null) return comparison.types.find('?') != Types::npos;
  const auto name = type_name(type);
  return name.size() == 1 && comparison.types.find(name[0]) != Types::npos;
}

const Comparison& comparison_named(std::string_view name) {
  return *std::find_if(kComparisons.begin(), kComparisons.end(),
                       [name](const Comparison& comparison) { return comparison.name == name; });
}

void check_arguments(const Comparison& comparison, const std::vector<Value>& arguments) {
  if (arguments.size() < comparison.arguments_min || arguments.size() > comparison.arguments_max) {
    refuse("Invalid number of argument(s) for the " + std::string(comparison.name) + " ComparisonOperator");
  }
  for (const auto& argument : arguments) {
    const auto type = argument.view().type();
    if (!takes(comparison, type)) {
      refuse("ComparisonOperator " + std::string(comparison.name) + " is not valid for " +
             std::string(type_name(type)) + " AttributeValue type");
    }
    if (arguments.size() > 1 && type != arguments.front().view().type()) {
      refuse("AttributeValues inside AttributeValueList must be of same type");
    }
  }
  if (comparison.op == ConditionOperator::between && compare_scalars(arguments[0].view(), arguments[1].view()) > 0) {
    throw request_error(
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
  }
}

Path path_to(std::string_view attribute) {
  json::check_attribute_name(attribute);
  return Path{{PathElement{std::string(attribute)}}};
}

ConditionNode node_of(std::string_view attribute, const Comparison& comparison, std::vector<Value> arguments) {
  ConditionNode node{comparison.op, {}, {Operand{path_to(attribute)}}};
  for (auto& argument : arguments) node.operands.push_back(Operand{std::move(argument)});
  if (!comparison.negated) return node;
  // NOT_CONTAINS is asked of an attribute that is there.
  ConditionNode exists{ConditionOperator::attribute_exists, {}, {Operand{path_to(attribute)}}};
  ConditionNode negation{ConditionOperator::negation, {std::move(node)}, {}};
  return {ConditionOperator::all, {std::move(exists), std::move(negation)}, {}};
}

std::vector<Value> read_arguments(const Call& call, json::Json list) {
  std::vector<Value> arguments;
  for (const auto [_, value] : list) arguments.push_back(json::read_value(value, call.operation.wording));
  return arguments;
}

// {"AttributeValueList": [...], "ComparisonOperator": "EQ"}
ConditionNode read_condition(const Call& call, std::string_view attribute, json::Json condition) {
  const auto& comparison = comparison_named(condition.find("ComparisonOperator").string());
  auto arguments = read_arguments(call, condition.find("AttributeValueList"));
  check_arguments(comparison, arguments);
  return node_of(attribute, comparison, std::move(arguments));
}

// An entry of Expected: a Condition, or {"Value": ...}, {"Exists": false}, {"Value": ..., "Exists": true}.
ConditionNode read_expectation(const Call& call, std::string_view attribute, json::Json expected) {
  const auto value = expected.find("Value");
  const auto exists = expected.find("Exists");
  const auto list = expected.find("AttributeValueList");
  const auto comparison = expected.find("ComparisonOperator");
  if (value && list) refuse("Value and AttributeValueList cannot be used together", attribute);
  if (comparison) {
    if (exists) refuse("Exists and ComparisonOperator cannot be used together", attribute);
    const auto& named = comparison_named(comparison.string());
    if (!value && !list && named.arguments_min > 0) {
      refuse("Value or AttributeValueList must be used with ComparisonOperator: " + std::string(named.name), attribute);
    }
    auto arguments = read_arguments(call, list);
    if (value) arguments.push_back(json::read_value(value, call.operation.wording));
    check_arguments(named, arguments);
    return node_of(attribute, named, std::move(arguments));
  }
  if (list) refuse("AttributeValueList can only be used with a ComparisonOperator", attribute);
  if (exists && !json::truth(exists)) {
    if (value) refuse("Value cannot be used when Exists is false", attribute);
    return node_of(attribute, comparison_named("NULL"), {});
  }
  if (!value) refuse(std::string("Value must be provided when Exists is ") + (exists ? "true" : "null"), attribute);
  return node_of(attribute, comparison_named("EQ"), {json::read_value(value, call.operation.wording)});
}

using ReadNode = ConditionNode (*)(const Call& call, std::string_view attribute, json::Json entry);

std::optional<Condition> read_conditions(const Call& call, json::Json input, std::string_view parameter,
                                         ReadNode read) {
  const auto entries = input.find(parameter);
  const auto join = input.find("ConditionalOperator");
  const auto count = entries ? entries.size() : 0;
  if (join && count == 0) throw request_error("ConditionalOperator cannot be used without Filter or Expected");
  if (join && count == 1) {
    throw request_error("ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
  if (count == 0) return std::nullopt;
  ConditionNode root{join && join.string() == "OR" ? ConditionOperator::any : ConditionOperator::all, {}, {}};
  for (const auto [attribute, entry] : entries) root.conditions.push_back(read(call, attribute, entry));
  return Condition(std::make_shared<const ConditionNode>(std::move(root)));
}

UpdateAction read_update_action(const Call& call, std::string_view attribute, json::Json entry) {
  const auto action_member = entry.find("Action");
  const auto action = action_member ? action_member.string() : std::string_view("PUT");
  const auto value_member = entry.find("Value");
  if (!value_member) {
    if (action != "DELETE") refuse("Only DELETE action is allowed when no attribute value is specified");
    return {UpdateOperator::remove, path_to(attribute), {}};
  }
  auto value = json::read_value(value_member, call.operation.wording);
  const auto type = value.view().type();
  const std::string name(type_name(type));
  if (action == "ADD" && type != Type::number && type != Type::list && !is_set(type)) {
    refuse("ADD action is not supported for the type " + name);
  }
  if (action == "DELETE" && !is_set(type)) refuse("DELETE action with value is not supported for the type " + name);
  const auto op = action == "ADD"      ? UpdateOperator::add
                  : action == "DELETE" ? UpdateOperator::delete_members
                                       : UpdateOperator::set;
  return {op, path_to(attribute), {UpdateTerm{std::move(value)}}};
}

}  // namespace

std::optional<Condition> read_expected(const Call& call, json::Json input) {
  return read_conditions(call, input, "Expected", read_expectation);
}

std::optional<Condition> read_legacy_filter(const Call& call, json::Json input, std::string_view parameter) {
  return read_conditions(call, input, parameter, read_condition);
}

std::optional<Update> read_attribute_updates(const Call& call, json::Json input) {
  const auto updates = input.find("AttributeUpdates");
  if (!updates || updates.size() == 0) return std::nullopt;
  UpdateNode node;
  node.legacy = true;
  for (const auto [attribute, entry] : updates) node.actions.push_back(read_update_action(call, attribute, entry));
  return Update(std::make_shared<const UpdateNode>(std::move(node)));
}

std::optional<Projection> read_attributes_to_get(json::Json input) {
  const auto attributes = input.find("AttributesToGet");
  if (!attributes) return std::nullopt;
  std::vector<Path> paths;
  std::set<std::string_view> seen;
  for (const auto [_, attribute] : attributes) {
    if (!seen.insert(attribute.string()).second) {
      refuse("Duplicate value in attribute name: " + std::string(attribute.string()));
    }
    paths.push_back(path_to(attribute.string()));
  }
  return Projection(std::move(paths));
}

std::vector<KeyComparison> read_key_conditions(const Call& call, json::Json conditions) {
  std::vector<KeyComparison> comparisons;
  for (const auto [attribute, condition] : conditions) {
    const auto& comparison = comparison_named(condition.find("ComparisonOperator").string());
    auto arguments = read_arguments(call, condition.find("AttributeValueList"));
    check_arguments(comparison, arguments);
    const auto op = key_operator(comparison.op);
    std::optional<Value> upper;
    if (arguments.size() > 1) upper = std::move(arguments[1]);
    comparisons.push_back({path_to(attribute), op.value_or(KeyOperator::not_indexable),
                           arguments.empty() ? Value::null() : std::move(arguments[0]), std::move(upper)});
  }
  if (comparisons.empty()) throw request_error("Conditions can be of length 1 or 2 only");
  return comparisons;
}

}  // namespace shoal

#include "server/operations/where_key.h"

#include <algorithm>
#include <utility>

#include "protocol/error.h"
#include "server/operations/key_range.h"

namespace shoal {
namespace {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
constexpr std::size_t kPartitionValuesMax = 50;

using Values = std::vector<const Value*>;

bool is_attribute(const Operand& operand, std::string_view name) {
  const auto* path = operand.path();
  return path && !path->nested() && path->attribute() == name;
}

void take_apart(ConditionNode node, Conditions& conditions) {
  if (node.op != ConditionOperator::all) return conditions.push_back(std::move(node));
  for (auto& part : node.conditions) take_apart(std::move(part), conditions);
}

// The value that the attribute is said to equal.
const Value* equal_value(const ConditionNode& node, std::string_view attribute) {
  if (node.op != ConditionOperator::equal) return nullptr;
  if (is_attribute(node.operands[0], attribute)) return node.operands[1].value();
  if (is_attribute(node.operands[1], attribute)) return node.operands[0].value();
  return nullptr;
}

std::optional<Values> values_in(const ConditionNode& node, std::string_view attribute) {
  if (!is_attribute(node.operands[0], attribute)) return std::nullopt;
  Values values;
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    if (!node.operands[i].value()) return std::nullopt;
    values.push_back(node.operands[i].value());
  }
  return values;
}

// The values to which the condition holds the attribute; nothing when it leaves others.
std::optional<Values> values_of(const ConditionNode& node, std::string_view attribute) {
  if (node.op == ConditionOperator::in) return values_in(node, attribute);
  if (node.op == ConditionOperator::any) {
    if (node.conditions.empty()) return std::nullopt;  // FALSE
    Values values;
    for (const auto& branch : node.conditions) {
      const auto more = values_of(branch, attribute);
      if (!more) return std::nullopt;
      values.insert(values.end(), more->begin(), more->end());
    }
    return values;
  }
  if (node.op == ConditionOperator::all) {
    for (const auto& part : node.conditions) {
      if (auto values = values_of(part, attribute)) return values;
    }
    return std::nullopt;
  }
  if (const auto* value = equal_value(node, attribute)) return Values{value};
  return std::nullopt;
}

void sort_distinct(const KeyAttribute& attribute, Values& values) {
  for (const auto* value : values) check_key_type(attribute, value->view());
  if (values.size() < 2) return;
  std::sort(values.begin(), values.end(),
            [](const Value* a, const Value* b) { return compare_scalars(a->view(), b->view()) < 0; });
  values.erase(std::unique(values.begin(), values.end(), [](const Value* a, const Value* b) { return *a == *b; }),
               values.end());
}

// Which conditions have been made use of, in full.
using Used = std::vector<bool>;

void erase_used(Conditions& conditions, const Used& used) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (used[i]) continue;
    if (kept != i) conditions[kept] = std::move(conditions[i]);
    ++kept;
  }
  conditions.resize(kept);
}

// The fewest values to which any condition holds the attribute.
std::optional<Values> partition_values(const KeyAttribute& attribute, const Conditions& conditions, Used& used) {
  std::optional<Values> fewest;
  std::size_t from = 0;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    auto values = values_of(conditions[i], attribute.name);
    if (!values) continue;
    sort_distinct(attribute, *values);
    if (fewest && fewest->size() <= values->size()) continue;
    fewest = std::move(values);
    from = i;
  }
  // The branches of an OR may say more.
  if (fewest && conditions[from].op != ConditionOperator::any) used[from] = true;
  return fewest;
}

// Comparisons of the whole partition key, one list for each value of it, ascending. Empty: it is not fixed.
std::vector<std::vector<KeyComparison>> partition_comparisons(const KeySchema& key, const Conditions& conditions,
                                                              Used& used) {
  std::vector<std::vector<KeyComparison>> all(1);
  for (const auto& attribute : key.partition) {
    const auto values = partition_values(attribute, conditions, used);
    if (!values) return {};
    const auto count = all.size() * values->size();
    if (count > kPartitionValuesMax) {
      throw validation_error("The IN operator is provided with too many operands; number of operands: " +
                             std::to_string(count));
    }
    std::vector<std::vector<KeyComparison>> longer;
    longer.reserve(count);
    for (const auto& comparisons : all) {
      for (const auto* value : *values) {
        longer.push_back(comparisons);
        longer.back().push_back({Path{{PathElement{attribute.name}}}, KeyOperator::equal, *value, std::nullopt});
      }
    }
    all = std::move(longer);
  }
  return all;
}

// The condition as one on a sort key's attribute, if a query can take it.
std::optional<KeyComparison> sort_comparison(const ConditionNode& node, const KeyAttribute& attribute) {
  auto op = key_operator(node.op);
  if (!op || node.operands.size() < 2) return std::nullopt;
  std::size_t first = 1;
  if (!is_attribute(node.operands[0], attribute.name)) {
    const bool turns = op != KeyOperator::between && op != KeyOperator::begins_with;
    if (!turns || !is_attribute(node.operands[1], attribute.name)) return std::nullopt;
    op = swapped(*op);
    first = 0;
  }
  const auto* value = node.operands[first].value();
  if (!value) return std::nullopt;
  check_key_type(attribute, value->view());
  if (op == KeyOperator::begins_with && attribute.type == Type::number) return std::nullopt;
  KeyComparison comparison{Path{{PathElement{attribute.name}}}, *op, *value, std::nullopt};
  if (op == KeyOperator::between) {
    const auto* upper = node.operands[2].value();
    if (!upper) return std::nullopt;
    check_key_type(attribute, upper->view());
    comparison.upper = *upper;
  }
  return comparison;
}

// Conditions on the sort key: those of the leading attributes that are fixed, then all of one that is not.
struct SortConditions {
  std::vector<KeyComparison> fixed;
  std::vector<KeyComparison> ranges;
};

// Of several = the first counts, and the others are left.
bool take_fixed(const KeyAttribute& attribute, const Conditions& conditions, Used& used, SortConditions& sort) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (conditions[i].op != ConditionOperator::equal) continue;
    auto comparison = sort_comparison(conditions[i], attribute);
    if (!comparison) continue;
    sort.fixed.push_back(std::move(*comparison));
    used[i] = true;
    return true;
  }
  return false;
}

SortConditions sort_conditions(const KeySchema& key, const Conditions& conditions, Used& used) {
  SortConditions sort;
  for (const auto& attribute : key.sort) {
    if (take_fixed(attribute, conditions, used, sort)) continue;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      auto comparison = sort_comparison(conditions[i], attribute);
      if (!comparison) continue;
      sort.ranges.push_back(std::move(*comparison));
      used[i] = true;
    }
    break;
  }
  return sort;
}

KeyRange intersection(KeyRange a, KeyRange b) {
  KeyRange both{std::max(std::move(a.begin), std::move(b.begin)), std::min(std::move(a.end), std::move(b.end))};
  if (both.end < both.begin) both.end = both.begin;
  return both;
}

// All that the comparisons leave of one partition key.
QueryRange ranges_of(SpaceId space, const KeySchema& key, std::vector<KeyComparison> comparisons,
                     const SortConditions& sort) {
  comparisons.insert(comparisons.end(), sort.fixed.begin(), sort.fixed.end());
  if (sort.ranges.empty()) return query_range(space, key, comparisons);
  std::optional<QueryRange> query;
  for (const auto& range : sort.ranges) {
    comparisons.push_back(range);
    auto next = query_range(space, key, comparisons);
    comparisons.pop_back();
    if (query) next.range = intersection(std::move(query->range), std::move(next.range));
    query = std::move(next);
  }
  return std::move(*query);
}

}  // namespace

void check_key_type(const KeyAttribute& attribute, ValueView value) {
  if (value.type() == attribute.type) return;
  throw validation_error("Key attribute's data type should match its data type in table's schema: Key " +
                         attribute.name);
}

Conditions conditions_of(std::optional<ConditionNode> where) {
  Conditions conditions;
  if (where) take_apart(std::move(*where), conditions);
  return conditions;
}

std::optional<Condition> joined(Conditions conditions) {
  if (conditions.empty()) return std::nullopt;
  if (conditions.size() == 1) return Condition(std::make_shared<const ConditionNode>(std::move(conditions.front())));
  return Condition(
      std::make_shared<const ConditionNode>(ConditionNode{ConditionOperator::all, std::move(conditions), {}}));
}

std::optional<Item> take_key(const KeySchema& key, Conditions& conditions) {
  std::vector<Field> fields;
  Used used(conditions.size());
  const auto take = [&](const KeyAttribute& attribute) {
    const Value* fixed = nullptr;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const auto* value = equal_value(conditions[i], attribute.name);
      if (!value) continue;
      if (fixed && *fixed != *value) {
        throw validation_error("Multiple conditions on same key " + attribute.name +
                               ". Only single item Update/Insert/Delete are supported");
      }
      fixed = value;
      used[i] = true;
    }
    if (!fixed) return false;
    check_key_type(attribute, fixed->view());
    fields.push_back({attribute.name, fixed->view()});
    return true;
  };
  for (const auto* part : {&key.partition, &key.sort}) {
    for (const auto& attribute : *part) {
      if (!take(attribute)) return std::nullopt;
    }
  }
  auto item = Value::map(std::move(fields));
  erase_used(conditions, used);
  return item;
}

std::optional<StatementQuery> take_query(SpaceId space, const KeySchema& key, Conditions& conditions) {
  Used used(conditions.size());
  auto partitions = partition_comparisons(key, conditions, used);
  if (partitions.empty()) return std::nullopt;
  const auto sort = sort_conditions(key, conditions, used);
  StatementQuery query;
  query.ranges.reserve(partitions.size());
  for (auto& comparisons : partitions) {
    auto range = ranges_of(space, key, std::move(comparisons), sort);
    query.one_row_each = range.one_row;
    query.ranges.push_back(std::move(range.range));
  }
  erase_used(conditions, used);
  return query;
}

std::vector<std::string> compared_attributes(const Conditions& conditions) {
  std::vector<std::string> names;
  const auto add = [&names](const auto& self, const ConditionNode& node) -> void {
    for (const auto& part : node.conditions) self(self, part);
    for (const auto& operand : node.operands) {
      const auto* path = operand.path();
      if (!path || path->nested()) continue;
      if (std::find(names.begin(), names.end(), path->attribute()) == names.end()) names.push_back(path->attribute());
    }
  };
  for (const auto& condition : conditions) add(add, condition);
  return names;
}

std::optional<Type> held_type(const Conditions& conditions, std::string_view attribute) {
  for (const auto& condition : conditions) {
    const auto values = values_of(condition, attribute);
    if (!values || values->empty()) continue;
    const auto type = values->front()->view().type();
    const bool of_keys = type == Type::string || type == Type::number || type == Type::binary;
    const bool alike = std::all_of(values->begin(), values->end(),
                                   [type](const Value* value) { return value->view().type() == type; });
    if (of_keys && alike) return type;
  }
  return std::nullopt;
}

}  // namespace shoal

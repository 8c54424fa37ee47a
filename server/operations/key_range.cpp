#include "server/operations/key_range.h"

#include <algorithm>

#include "protocol/error.h"
#include "storage/items.h"
#include "storage/key/key_part.h"

namespace shoal {
namespace {

const KeyComparison* comparison_of(const std::vector<KeyComparison>& comparisons, const KeyAttribute& attribute) {
  const auto found = std::find_if(comparisons.begin(), comparisons.end(), [&](const KeyComparison& comparison) {
    return comparison.path.attribute() == attribute.name;
  });
  return found == comparisons.end() ? nullptr : &*found;
}

[[noreturn]] void missed(const KeyAttribute& attribute) {
  throw validation_error("Query condition missed key schema element: " + attribute.name);
}

void check_value(const KeyAttribute& attribute, ValueView value, bool may_be_empty) {
  if (value.type() != attribute.type) {
    throw validation_error(
        "One or more parameter values were invalid: Condition parameter type does not match schema type");
  }
  if (value.text().empty() && !may_be_empty) {
    throw validation_error(
        std::string("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                    "an empty ") +
        (attribute.type == Type::binary ? "binary" : "string") + " value. Key: " + attribute.name);
  }
}

void check_comparison(const KeyAttribute& attribute, const KeyComparison& comparison) {
  if (comparison.op == KeyOperator::not_indexable) {
    throw validation_error("Attempted conditional constraint is not an indexable operation");
  }
  check_value(attribute, comparison.value.view(), comparison.op == KeyOperator::begins_with);
  if (comparison.upper) check_value(attribute, comparison.upper->view(), false);
}

void check_sizes(const std::vector<KeyAttribute>& part, const std::vector<KeyComparison>& comparisons,
                 std::size_t limit, const char* message) {
  std::size_t bytes = 0;
  for (const auto& attribute : part) {
    if (const auto* comparison = comparison_of(comparisons, attribute)) bytes += comparison->value.view().text().size();
  }
  if (bytes > limit) throw validation_error(message);
}

void append_part(std::string& key, const Value& value) { append_key_part(key, value.view()); }

// What a comparison leaves of the keys that start with `prefix`.
KeyRange narrowed(const std::string& prefix, const KeyComparison& comparison) {
  const auto all = range_of(prefix);
  if (comparison.op == KeyOperator::begins_with) {
    auto begin = prefix;
    append_key_prefix(begin, comparison.value.view().text());
    return range_of(begin);
  }
  auto at = prefix;
  append_part(at, comparison.value);
  switch (comparison.op) {
    case KeyOperator::less:
      return {all.begin, at};
    case KeyOperator::less_or_equal:
      return {all.begin, after_prefix(at)};
    case KeyOperator::greater:
      return {after_prefix(at), all.end};
    case KeyOperator::greater_or_equal:
      return {at, all.end};
    case KeyOperator::between: {
      auto last = prefix;
      append_part(last, *comparison.upper);
      return {at, after_prefix(last)};
    }
    default:
      return range_of(at);
  }
}

void check_partition(const KeySchema& key, const std::vector<KeyComparison>& comparisons) {
  for (const auto& attribute : key.partition) {
    const auto* comparison = comparison_of(comparisons, attribute);
    if (!comparison) missed(attribute);
    check_comparison(attribute, *comparison);
    if (comparison->op != KeyOperator::equal) throw validation_error("Query key condition not supported");
  }
}

// The sort attributes that have conditions come first in the schema, and only the last of them has a range.
void check_sort(const KeySchema& key, const std::vector<KeyComparison>& comparisons, std::size_t conditions) {
  for (std::size_t i = 0; i < key.sort.size(); ++i) {
    const auto& attribute = key.sort[i];
    const auto* comparison = comparison_of(comparisons, attribute);
    if (!comparison) {
      if (i < conditions) missed(attribute);
      continue;
    }
    check_comparison(attribute, *comparison);
    if (i + 1 < conditions && comparison->op != KeyOperator::equal) {
      throw validation_error("RANGE key attributes " + attribute.name +
                             " must have equality conditions specified in the query because a condition is present on "
                             "key attribute " +
                             key.sort[i + 1].name);
    }
  }
}

}  // namespace

QueryRange query_range(SpaceId space, const KeySchema& key, const std::vector<KeyComparison>& comparisons) {
  const auto attributes = key.partition.size() + key.sort.size();
  if (key.sort.empty() && comparisons.size() > key.partition.size()) {
    throw validation_error("Query key condition not supported");
  }
  if (comparisons.size() > attributes) {
    throw validation_error("The number of query conditions (" + std::to_string(comparisons.size()) +
                           ") exceeds the number of key attributes defined in the schema (" +
                           std::to_string(attributes) + ")");
  }
  check_partition(key, comparisons);
  const auto sort_conditions = comparisons.size() - key.partition.size();
  check_sort(key, comparisons, sort_conditions);
  check_sizes(key.partition, comparisons, kPartitionKeyBytesMax,
              "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 "
              "bytes");
  check_sizes(key.sort, comparisons, kSortKeyBytesMax,
              "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size "
              "limit of 1024 bytes");

  std::string partition;
  for (const auto& attribute : key.partition) append_part(partition, comparison_of(comparisons, attribute)->value);
  auto prefix = partition_prefix(space, partition);
  QueryRange query{range_of(prefix), range_of(prefix), comparisons.size() == attributes};
  for (std::size_t i = 0; i < sort_conditions; ++i) {
    const auto& comparison = *comparison_of(comparisons, key.sort[i]);
    query.range = narrowed(prefix, comparison);
    query.one_row = query.one_row && comparison.op == KeyOperator::equal;
    append_part(prefix, comparison.value);
  }
  return query;
}

}  // namespace shoal

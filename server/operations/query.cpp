// Query: items of one partition key, in order of the sort key, of a table or an index.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_page.h"
#include "server/operations/key_range.h"
#include "server/operations/legacy_parameters.h"
#include "server/operations/start_key.h"
#include "server/operations/table_name.h"

namespace shoal {
namespace {

// KeyConditions may stand beside the other parameters' expressions, but not beside KeyConditionExpression.
void check_parameters(const Call& call) {
  const ParameterNames expressions{"ProjectionExpression", "FilterExpression", "KeyConditionExpression"};
  const ParameterNames values{"FilterExpression", "KeyConditionExpression"};
  if (call.input.find("KeyConditionExpression")) {
    check_expression_parameters(call, call.input,
                                {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"}, expressions,
                                values);
  } else {
    check_expression_parameters(call, call.input, {"AttributesToGet", "QueryFilter", "ConditionalOperator"},
                                expressions, values);
  }
}

void check_filter_names_no_key(const Call& call, const KeySchema& key, const std::optional<Condition>& filter) {
  if (!filter) return;
  const std::string parameter = call.input.find("QueryFilter") ? "QueryFilter" : "Filter Expression";
  for (const auto& path : filter->paths()) {
    if (!key.contains(path.attribute())) continue;
    throw validation_error(parameter +
                           " can only contain non-primary key attributes: Primary key attribute: " + path.attribute());
  }
}

// Of an index many items may have one key.
void check_start_is_in_range(const PageRequest& page, const QueryRange& query, const std::string& start) {
  if (!query.partition.holds(start)) {
    throw validation_error(query.one_row && !page.index
                               ? "The query can return at most one row and cannot be restarted"
                               : "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!query.range.holds(start)) {
    throw validation_error("The provided starting key does not match the range key predicate");
  }
}

void check_start_key(const Table& table, const Index* index, const std::optional<Item>& start) {
  if (!start) return;
  if (!names_key(table, index, start->view())) throw validation_error("The provided starting key is invalid");
  if (!matches_key(table, index, start->view())) {
    throw validation_error("The provided starting key is invalid: The provided key element does not match the schema");
  }
  check_start_values(table, index, start->view());
}

void check_comparisons_name_attributes(const Table& table, const std::vector<KeyComparison>& comparisons) {
  for (const auto& comparison : comparisons) {
    if (!comparison.path.nested()) continue;
    check_key_paths(table, {comparison.path});
    throw request_error(
        "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes");
  }
}

struct Reading {
  std::vector<KeyComparison> comparisons;
  Selection selection;
};

// In production's order: the expressions, that of the key first; KeyConditions last.
Reading read_conditions(const Call& call) {
  const auto text = call.input.find("KeyConditionExpression");
  auto placeholders = placeholders_of(call, call.input);
  Reading reading;
  if (text) reading.comparisons = parse_key_condition(text.string(), placeholders);
  reading.selection = read_selection(call, placeholders, "QueryFilter", enveloped_error);
  placeholders.check_all_used();
  if (text) return reading;
  const auto conditions = call.input.find("KeyConditions");
  if (!conditions) {
    throw request_error(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  }
  reading.comparisons = read_key_conditions(call, conditions);
  return reading;
}

bool is_backward(const Call& call) {
  const auto forward = call.input.find("ScanIndexForward");
  return forward && !json::truth(forward);
}

}  // namespace

Outcome query(const Call& call) {
  check_parameters(call);
  const auto start = read_start_key(call);
  auto [comparisons, selection] = read_conditions(call);
  PageRequest page;
  page.selection = std::move(selection);

  page.table = find_table(call, call.input.find("TableName").string());
  const auto& table = *page.table;
  page.index = index_of(table, call.input);
  check_start_key(table, page.index, start);
  check_comparisons_name_attributes(table, comparisons);
  const auto& key = page.index ? page.index->key : table.key;
  auto query = query_range(page.index ? page.index->id : table.id, key, comparisons);
  if (start) {
    page.start_after = stored_key(table, page.index, start->view());
    check_start_is_in_range(page, query, *page.start_after);
  }
  check_filter_names_no_key(call, key, page.selection.filter);
  check_selection(table, page.index, page.selection);
  page.points = query.one_row && !page.index;
  page.ranges.push_back(std::move(query.range));
  page.direction = is_backward(call) ? Direction::backward : Direction::forward;
  page.limit = page_limit(call);
  page.consistent = is_consistent(call.input);
  return page_answer(call, page);
}

}  // namespace shoal

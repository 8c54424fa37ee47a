// Scan: every item of a table or an index, or of one of its segments.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
#include "protocol/error.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_page.h"
#include "server/operations/start_key.h"
#include "server/operations/table_name.h"

namespace shoal {
namespace {

struct Segment {
  std::uint32_t segment = 0, total = 1;
};

Segment read_segment(json::Json input) {
  const auto segment = input.find("Segment");
  const auto total = input.find("TotalSegments");
  if (segment && !total) {
    throw request_error(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
  }
  if (total && !segment) {
    throw request_error(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
  }
  if (!segment) return {};
  if (segment.integer() >= total.integer()) {
    throw request_error("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
                        std::to_string(segment.integer()) +
                        " is not less than TotalSegments: " + std::to_string(total.integer()));
  }
  return {static_cast<std::uint32_t>(segment.integer()), static_cast<std::uint32_t>(total.integer())};
}

std::string start_after(const PageRequest& page, Segment segment, const Item& start) {
  if (!names_key(*page.table, page.index, start.view()) || !matches_key(*page.table, page.index, start.view())) {
    throw validation_error("The provided starting key is invalid: The provided key element does not match the schema");
  }
  check_start_values(*page.table, page.index, start.view());
  auto stored = stored_key(*page.table, page.index, start.view());
  if (!page.ranges.front().holds(stored)) {
    throw validation_error(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct "
        "Segment. TotalSegments: " +
        std::to_string(segment.total) + " Segment: " + std::to_string(segment.segment));
  }
  return stored;
}

Error bare_error(std::string_view message) { return request_error(std::string(message)); }

}  // namespace

Outcome scan(const Call& call) {
  check_expression_parameters(call, call.input, {"AttributesToGet", "ScanFilter", "ConditionalOperator"},
                              {"ProjectionExpression", "FilterExpression"}, {"FilterExpression"});
  const auto start = read_start_key(call);
  const auto segment = read_segment(call.input);
  auto placeholders = placeholders_of(call, call.input);
  PageRequest page;
  page.selection = read_selection(call, placeholders, "ScanFilter", bare_error);
  placeholders.check_all_used();

  page.table = find_table(call, call.input.find("TableName").string());
  page.index = index_of(*page.table, call.input);
  page.ranges.push_back(segment_of(page.index ? page.index->id : page.table->id, segment.segment, segment.total));
  if (start) page.start_after = start_after(page, segment, *start);
  check_selection(*page.table, page.index, page.selection);
  page.limit = page_limit(call);
  page.consistent = is_consistent(call.input);
  return page_answer(call, page);
}

}  // namespace shoal

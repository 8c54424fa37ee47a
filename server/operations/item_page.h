// One page of Query, Scan or a SELECT: what part of the items it answers, how far it reads, where it goes on.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "protocol/expression/condition.h"
#include "protocol/expression/projection.h"
#include "server/operations/consumed_capacity.h"
#include "server/operations/operation.h"
#include "storage/range.h"

namespace shoal {

enum class Select { all, all_projected, count, specific };

// What a request asks to see of each item it evaluates, as read from its parameters.
struct Selection {
  Select select = Select::all;
  bool select_all_named = false;  // Select=ALL_ATTRIBUTES was said, which an index may have to refuse.
  std::optional<Projection> projection;
  std::optional<Condition> filter;
};

// Reads Select, the expressions, and the legacy parameters in their place, of which `legacy_filter` names the filter's.
// `conflict` makes production's error of a contradiction between them. Throws Error.
Selection read_selection(const Call& call, Placeholders& placeholders, std::string_view legacy_filter,
                         Error (*conflict)(std::string_view message));

// The index that the request names, or nullptr. Throws validation_error: no such index, strong read of a global one,
// still being filled.
const Index* index_of(const Table& table, json::Json input);

// What the index cannot give. Throws validation_error.
void check_selection(const Table& table, const Index* index, const Selection& selection);

struct PageRequest {
  TablePtr table;
  const Index* index = nullptr;
  std::vector<KeyRange> ranges;  // Read one after another, each in `direction`. They do not overlap.
  bool points = false;           // Of a table: each range is one item's, whose key it begins with.
  Direction direction = Direction::forward;
  std::optional<std::string> start_after;  // The store's key of the last record of the page before, in one of `ranges`.
  Selection selection;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();  // Of items to evaluate.
  bool consistent = false;
};

struct ItemPage {
  std::string items;  // JSON, with commas between them; empty for Select::count.
  std::uint64_t matched = 0, evaluated = 0;
  std::optional<Item> last_key;  // Nothing: there is no further page.
  Consumed consumed;
};

std::uint64_t page_limit(const Call& call);  // Of its Limit.

// Evaluates items from the start until the limit or 1 MB is reached or the ranges end. Each range that it comes to
// costs as a query of its own.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
ItemPage read_page(const Call& call, const PageRequest& request);

// What Query and Scan answer.
Answer page_answer(const Call& call, const PageRequest& request);

}  // namespace shoal

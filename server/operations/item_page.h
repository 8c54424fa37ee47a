// One page of Query or Scan: what part of the items it answers, how far it reads, where it goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/expression/condition.h"
#include "protocol/expression/projection.h"
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
  KeyRange range;
  Direction direction = Direction::forward;
  std::optional<std::string> start_after;  // The store's key of the last record of the page before.
  Selection selection;
};

// Evaluates items from the start until Limit or 1 MB is reached or the range ends, and answers.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
Answer read_page(const Call& call, const PageRequest& request);

}  // namespace shoal

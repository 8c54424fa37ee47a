// Several document paths together: whether they can stand side by side, and the part of an item that they name.
//
//   check_disjoint({&a_b, &a}, "UpdateExpression");   // throws "... Two document paths overlap with each other; ..."
//   extract(item, paths, ascending(paths));           // {"a":{"M":{"b":...}}}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/path.h"

namespace shoal {

// Throws request_error "Invalid <kind>: ..." when one path is the beginning of another, or else when one goes on with a
// name where another goes on with an index. The paths are in order of the text. Without a `kind` the message has no
// such beginning: statements have none.
void check_disjoint(const std::vector<const Path*>& paths, std::string_view kind);

// Negative, zero or positive: element by element, indexes before names, a path before those that go on from it.
int compare(const Path& a, const Path& b);

// Positions of the paths in `paths`, in ascending order.
std::vector<std::uint16_t> ascending(const std::vector<Path>& paths);

// What the paths lead to in `item`, each leaf inside its parents; of a list only the elements named, closed up. Paths
// that lead nowhere leave nothing. `order` is ascending(paths); paths are disjoint, or the shorter counts.
Item extract(ItemView item, const std::vector<Path>& paths, const std::vector<std::uint16_t>& order);

}  // namespace shoal

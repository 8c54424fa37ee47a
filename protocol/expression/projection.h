// ProjectionExpression: the parts of an item that a reader asked for.
//
//   auto projection = Projection::parse("a, m.x, l[1]", placeholders);
//   Item part = projection.apply(item.view());   // {"a":..., "m":{"M":{"x":...}}, "l":{"L":[...]}}
//
// Elements of a list come in ascending order of index, closed up. What is absent is left out.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "protocol/expression/path.h"
#include "protocol/expression/placeholders.h"

namespace shoal {

class Projection {
 public:
  static Projection parse(std::string_view text, Placeholders& placeholders);
  // Paths must neither overlap nor conflict.
  explicit Projection(std::vector<Path> paths);

  Item apply(ItemView item) const;
  const std::vector<Path>& paths() const { return paths_; }

 private:
  std::vector<Path> paths_;
  std::vector<std::uint16_t> ascending_;  // Positions in paths_.
};

}  // namespace shoal

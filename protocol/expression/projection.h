// ProjectionExpression: the parts of an item that a reader asked for.
//
//   auto projection = Projection::parse("a, m.x, l[1]", placeholders);
//   Item part = projection.apply(item.view());   // {"a":..., "m":{"M":{"x":...}}, "l":{"L":[...]}}
//
// Elements of a list come in ascending order of index, closed up. What is absent is left out.
//
// The list of a SELECT is a flat projection: each path's value stands at the top, named by the path's last step.
//
//   Projection({m_x, l_1}, ProjectionForm::flat).apply(item.view());   // {"x":..., "l[1]":...}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/path.h"
#include "protocol/expression/placeholders.h"

namespace shoal {

enum class ProjectionForm : std::uint8_t { nested, flat };

class Projection {
 public:
  static Projection parse(std::string_view text, Placeholders& placeholders);
  // Paths must neither overlap nor conflict; those of a flat one have names that differ.
  explicit Projection(std::vector<Path> paths, ProjectionForm form = ProjectionForm::nested);

  // The name that a flat projection gives to what is at the path: its last name, with the indexes that follow it.
  static std::string flat_name(const Path& path);

  Item apply(ItemView item) const;
  const std::vector<Path>& paths() const { return paths_; }

 private:
  std::vector<Path> paths_;
  std::vector<std::uint16_t> ascending_;  // Positions in paths_.
  std::vector<std::string> names_;        // Of a flat one, in the order of paths_.
  ProjectionForm form_;
};

}  // namespace shoal

#include "protocol/expression/projection.h"

#include "protocol/expression/binder.h"
#include "protocol/expression/paths.h"
#include "protocol/expression/syntax.h"

namespace shoal {

Projection Projection::parse(std::string_view text, Placeholders& placeholders) {
  return Projection(bind_projection(parse_projection(text), placeholders));
}

Projection::Projection(std::vector<Path> paths) : paths_(std::move(paths)), ascending_(ascending(paths_)) {}

Item Projection::apply(ItemView item) const { return extract(item, paths_, ascending_); }

}  // namespace shoal

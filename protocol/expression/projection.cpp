#include "protocol/expression/projection.h"

#include "protocol/expression/binder.h"
#include "protocol/expression/paths.h"
#include "protocol/expression/syntax.h"

namespace shoal {

Projection Projection::parse(std::string_view text, Placeholders& placeholders) {
  return Projection(bind_projection(parse_projection(text), placeholders));
}

Projection::Projection(std::vector<Path> paths, ProjectionForm form) : paths_(std::move(paths)), form_(form) {
  if (form == ProjectionForm::nested) {
    ascending_ = ascending(paths_);
  } else {
    for (const auto& path : paths_) names_.push_back(flat_name(path));
  }
}

std::string Projection::flat_name(const Path& path) {
  auto step = path.elements.end() - 1;
  while (step->is_index()) --step;  // The first step is no index.
  auto name = step->name;
  while (++step != path.elements.end()) name += '[' + std::to_string(step->index) + ']';
  return name;
}

Item Projection::apply(ItemView item) const {
  if (form_ == ProjectionForm::nested) return extract(item, paths_, ascending_);
  std::string bytes;
  encoding::MapWriter map(bytes);
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const auto value = resolve(paths_[i], item);
    if (!value) continue;
    map.name(names_[i]);
    bytes += value->bytes();
  }
  map.close();
  return Item(std::move(bytes));
}

}  // namespace shoal

#include "protocol/expression/path.h"

namespace shoal {

std::string Path::text() const {
  std::string text = "[";
  for (const auto& element : elements) {
    if (text.size() > 1) text += ", ";
    if (element.is_index())
      text += "[" + std::to_string(element.index) + "]";
    else
      text += element.name;
  }
  return text + "]";
}

std::optional<ValueView> resolve(const Path& path, ItemView item) {
  ValueView at = item;
  for (const auto& element : path.elements) {
    const auto next = element.is_index() ? at.element(static_cast<std::size_t>(element.index)) : at.find(element.name);
    if (!next) return std::nullopt;
    at = *next;
  }
  return at;
}

}  // namespace shoal

// A document path with its placeholders resolved: a.b[0].#c
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/value/attribute_value.h"

namespace shoal {

struct PathElement {
  std::string name;         // Of a map's member; empty for a list's element.
  std::int64_t index = -1;  // Of a list's element; -1 for a map's member.
  bool is_index() const { return index >= 0; }
  friend bool operator==(const PathElement&, const PathElement&) = default;
};

struct Path {
  std::vector<PathElement> elements;  // The first is the attribute's name.

  const std::string& attribute() const { return elements.front().name; }
  bool nested() const { return elements.size() > 1; }
  std::string text() const;  // "[x, [0], y]": how production prints a path in messages

  friend bool operator==(const Path&, const Path&) = default;
};

// What the path leads to in the item; nothing when a step is missing or goes through the wrong container.
std::optional<ValueView> resolve(const Path& path, ItemView item);

}  // namespace shoal

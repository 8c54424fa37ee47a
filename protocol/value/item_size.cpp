#include "protocol/value/item_size.h"

#include <algorithm>

namespace shoal {

// Zeros at either end cost nothing, and digits are kept in pairs that start at the decimal point.
std::size_t number_size(std::string_view canonical) {
  if (canonical == "0") return 1;
  std::size_t size = 1;
  if (canonical.front() == '-') {
    ++size;
    canonical.remove_prefix(1);
  }
  const auto point = canonical.find('.');
  auto whole = canonical.substr(0, point);
  auto fraction = point == std::string_view::npos ? std::string_view() : canonical.substr(point + 1);
  if (whole == "0") {
    whole = {};
    fraction.remove_prefix(std::min(fraction.find_first_not_of('0'), fraction.size()));
  }
  if (fraction.empty()) whole = whole.substr(0, whole.find_last_not_of('0') + 1);
  return size + (whole.size() + 1) / 2 + (fraction.size() + 1) / 2;
}

std::size_t value_size(ValueView value) {
  switch (value.type()) {
    case Type::string:
    case Type::binary:
      return value.text().size();
    case Type::number:
      return number_size(value.text());
    case Type::boolean:
    case Type::null:
      return 1;
    case Type::string_set:
    case Type::binary_set: {
      std::size_t size = 0;
      for (const auto member : value.texts()) size += member.size();
      return size;
    }
    case Type::number_set: {
      std::size_t size = 0;
      for (const auto member : value.texts()) size += number_size(member);
      return size;
    }
    case Type::list: {
      std::size_t size = 3;
      for (const auto element : value.elements()) size += 1 + value_size(element);
      return size;
    }
    case Type::map: {
      std::size_t size = 3;
      for (const auto field : value.fields()) size += 1 + field.name.size() + value_size(field.value);
      return size;
    }
  }
  return 0;
}

std::size_t item_size(ItemView item) {
  std::size_t size = 0;
  for (const auto field : item.fields()) size += field.name.size() + value_size(field.value);
  return size;
}

std::size_t nesting_levels(ValueView value) {
  std::size_t deepest = 0;
  if (value.type() == Type::list) {
    for (const auto element : value.elements()) deepest = std::max(deepest, nesting_levels(element));
  } else if (value.type() == Type::map) {
    for (const auto field : value.fields()) deepest = std::max(deepest, nesting_levels(field.value));
  }
  return deepest + 1;
}

}  // namespace shoal

#include "server/seed/items.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace shoal::seed {
namespace {

constexpr std::array<std::string_view, 10> kTypes{"S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"};

bool is_attribute_value(const Json& value) {
  return value.is_object() && value.size() == 1 &&
         std::find(kTypes.begin(), kTypes.end(), value.begin().key()) != kTypes.end();
}

bool is_dynamodb_json(const Json& object) {
  return !object.empty() && std::all_of(object.begin(), object.end(), is_attribute_value);
}

Json members(const Json& object);

Json attribute_value(const Json& value) {
  if (const auto number = number_text(value)) return {{"N", *number}};
  switch (value.type()) {
    case Json::value_t::null:
      return {{"NULL", true}};
    case Json::value_t::boolean:
      return {{"BOOL", value}};
    case Json::value_t::string:
      return {{"S", value}};
    case Json::value_t::object:
      return {{"M", members(value)}};
    default:
      break;
  }
  Json list = Json::array();
  for (const auto& element : value) list.push_back(attribute_value(element));
  return {{"L", std::move(list)}};
}

Json members(const Json& object) {
  Json converted = Json::object();
  for (const auto& [name, value] : object.items()) converted[name] = attribute_value(value);
  return converted;
}

}  // namespace

Json item_of(const Json& object) {
  if (!object.is_object()) throw std::runtime_error("an item is an object");
  return is_dynamodb_json(object) ? object : members(object);
}

KeyTypes key_types(const Json& table) {
  KeyTypes types;
  for (const auto& attribute : table.value("AttributeDefinitions", Json::array())) {
    types[attribute.at("AttributeName")] = attribute.at("AttributeType");
  }
  return types;
}

}  // namespace shoal::seed

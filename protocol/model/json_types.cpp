#include "protocol/model/json_types.h"

#include <algorithm>
#include <string>

#include "protocol/error.h"

namespace shoal::model {

using json::Json;
using json::Kind;

namespace {

// What holds the value: production words a failure by it.
enum class Holder {
  input,      // the request itself
  structure,  // a structure below it
  container,  // a list or map
};

[[noreturn]] void refuse(std::string message) { throw Error(errors::serialization, std::move(message)); }

std::string_view java_scalar(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::integer:
      return "java.lang.Integer";
    case ShapeKind::long_integer:
      return "java.lang.Long";
    case ShapeKind::decimal:
      return "java.lang.Double";
    case ShapeKind::boolean:
      return "java.lang.Boolean";
    case ShapeKind::blob:
      return "java.nio.ByteBuffer";
    case ShapeKind::timestamp:
      return "java.util.Date";
    default:
      return "java.lang.String";
  }
}

std::string java_type(const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::structure:
    case ShapeKind::attribute_value:
      return "com.amazonaws.dynamodb.v20120810." + std::string(shape.name);
    case ShapeKind::list:
      return "java.util.List<" + java_type(*shape.element) + ">";
    case ShapeKind::map:
      return "java.util.Map<java.lang.String, " + java_type(*shape.element) + ">";
    default:
      return std::string(java_scalar(shape.kind));
  }
}

std::string_view token(Json value) {
  switch (value.kind()) {
    case Kind::integer:
      return "NUMBER_VALUE";
    case Kind::decimal:
      return "DECIMAL_VALUE";
    case Kind::boolean:
      return value.boolean() ? "TRUE_VALUE" : "FALSE_VALUE";
    default:
      return "STRING_VALUE";
  }
}

[[noreturn]] void refuse_token(const Shape& shape, Json value) {
  const auto type = java_scalar(shape.kind);
  refuse(std::string(token(value)) + " cannot be converted to " + std::string(type.substr(type.rfind('.') + 1)));
}

[[noreturn]] void refuse_structure() { refuse("Start of structure or map found where not expected"); }

[[noreturn]] void refuse_list(const Shape& shape) {
  // Java prints a class as "class x" and a parameterized type as itself.
  refuse("Unrecognized collection type " + std::string(shape.kind == ShapeKind::map ? "" : "class ") +
         java_type(shape));
}

// A scalar where a structure, list or map should be.
[[noreturn]] void refuse_scalar(const Shape& shape, Holder holder) {
  const bool parameterized = shape.kind == ShapeKind::list || shape.kind == ShapeKind::map;
  const bool item = shape.name == "Key" || shape.name == "PutItemInputAttributeMap";
  if (parameterized && (holder == Holder::container || (item && holder == Holder::structure))) {
    refuse(
        "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
        "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
        "loader 'bootstrap')");
  }
  refuse(holder == Holder::container ? "Unexpected value type in payload" : "Unexpected field type");
}

// The six bits of a base64 digit, or -1.
constexpr auto kBase64 = [] {
  std::array<signed char, 256> values{};
  values.fill(-1);
  signed char next = 0;
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
    values[static_cast<unsigned char>(c)] = next++;
  }
  return values;
}();

int base64_digit(char c) { return kBase64[static_cast<unsigned char>(c)]; }

void check_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    refuse("Base64 encoded length is expected a multiple of 4 bytes but found: " + std::to_string(text.size()));
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  if (!std::all_of(text.begin(), text.end(), [](char c) { return base64_digit(c) >= 0; })) {
    refuse("only base-64-encoded strings are convertible to bytes");
  }
  const int unused_bits = padding == 2 ? 0xf : padding == 1 ? 0x3 : 0;
  if (!text.empty() && (base64_digit(text.back()) & unused_bits) != 0) {
    refuse("Invalid last non-pad Base64 character dectected");  // Sic.
  }
}

void check_truth(std::string_view text) {
  std::string word(text.substr(0, 6));
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  for (const std::string_view known : {"TRUE", "FALSE", "1", "0", "YES", "NO"}) {
    if (word == known) return;
  }
  refuse("Unexpected token received from parser");
}

void check_scalar(const Shape& shape, Json value) {
  const Kind kind = value.kind();
  if (kind == Kind::object) refuse_structure();
  if (kind == Kind::list) refuse_list(shape);
  switch (shape.kind) {
    case ShapeKind::string:
      if (kind != Kind::string) refuse_token(shape, value);
      return;
    case ShapeKind::boolean:
      if (kind == Kind::boolean) return;
      if (kind != Kind::string) refuse_token(shape, value);
      return check_truth(value.string());
    case ShapeKind::blob:
      if (kind != Kind::string) refuse("only base-64-encoded strings are convertible to bytes");
      return check_base64(value.string());
    default:
      if (kind != Kind::integer && kind != Kind::decimal) refuse_token(shape, value);
  }
}

// Sets are read without looking for nulls, so they may not get there. (The words are not known from production.)
void check_set(const Shape& set, Json value) {
  if (value.kind() != Kind::list || set.element->kind == ShapeKind::attribute_value) return;
  for (const auto [_, element] : value) {
    if (element.kind() != Kind::null) continue;
    throw request_error("One or more parameter values were invalid: A set may not have a null as a member");
  }
}

// Where `name` is in the members, or their number.
std::size_t find_member(const Shape& shape, std::string_view name) {
  std::size_t i = 0;
  while (i < shape.members.size() && shape.members[i].name != name) ++i;
  return i;
}

void check(const Shape& shape, Json value, Holder holder);

void check_structure(const Shape& shape, Json value) {
  for (const auto [name, content] : value) {
    const auto i = find_member(shape, name);
    if (i == shape.members.size()) continue;
    const Shape& member = *shape.members[i].shape;
    check(member, content, Holder::structure);
    if (shape.kind == ShapeKind::attribute_value && member.kind == ShapeKind::list) check_set(member, content);
  }
}

void check(const Shape& shape, Json value, Holder holder) {
  const Kind kind = value.kind();
  if (kind == Kind::null) return;
  switch (shape.kind) {
    case ShapeKind::structure:
    case ShapeKind::attribute_value:
      if (kind == Kind::list) refuse_list(shape);
      if (kind != Kind::object) refuse_scalar(shape, holder);
      return check_structure(shape, value);
    case ShapeKind::map:
      if (kind == Kind::list) refuse_list(shape);
      if (kind != Kind::object) refuse_scalar(shape, holder);
      break;
    case ShapeKind::list:
      if (kind == Kind::object) refuse_structure();
      if (kind != Kind::list) refuse_scalar(shape, holder);
      break;
    default:
      return check_scalar(shape, value);
  }
  for (const auto [_, element] : value) check(*shape.element, element, Holder::container);
}

void set_member(Members& members, std::size_t i, Json value) {
  members[i] = value.kind() == Kind::null ? Json() : value;
}

}  // namespace

void read_members(const Shape& shape, Json structure, Members& members) {
  for (const auto [name, value] : structure) {
    const auto i = find_member(shape, name);
    if (i < shape.members.size()) set_member(members, i, value);
  }
}

void check_json_types(const Shape& input, Json body, Members& members) {
  for (const auto [name, value] : body) {
    const auto i = find_member(input, name);
    if (i == input.members.size()) continue;
    check(*input.members[i].shape, value, Holder::input);
    set_member(members, i, value);
  }
}

}  // namespace shoal::model

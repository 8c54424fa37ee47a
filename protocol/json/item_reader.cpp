#include "protocol/json/item_reader.h"

#include <algorithm>
#include <vector>

#include "protocol/error.h"
#include "protocol/json/base64.h"
#include "protocol/value/item_size.h"
#include "protocol/value/number.h"

namespace shoal::json {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
constexpr std::size_t kAttributeNameBytesMax = 65'535;

[[noreturn]] void refuse(std::string message) { throw request_error(std::move(message)); }

bool newer(Wording wording) { return wording != Wording::older; }

// The one datatype of an AttributeValue, and its content.
struct Typed {
  Type type;
  Json content;
};

Typed datatype(Json value) {
  Typed typed{Type::null, Json()};
  for (const auto [name, content] : value) {
    if (content.kind() == Kind::null) continue;
    const auto type = type_named(name);
    if (!type) continue;
    if (typed.content && typed.type != *type) {
      refuse(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
          "datatypes");
    }
    typed = {*type, content};
  }
  if (!typed.content) refuse("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  return typed;
}

std::string canonical_number(std::string_view text, Wording wording) {
  const auto number = Number::parse(text, wording);
  if (const auto* value = std::get_if<Number>(&number)) return value->text();
  const auto fault = std::get<NumberFault>(number);
  std::string message(number_fault_message(fault));
  if (fault == NumberFault::not_numeric && (newer(wording) || !text.empty())) {
    message += ": ";
    message += text;
  }
  refuse(std::move(message));
}

// An integer without superfluous zeros is canonical already, as most numbers are.
bool is_plain_integer(std::string_view text) {
  if (text.empty() || text.size() > 18 || text[0] < '1' || text[0] > '9') return text == "0";
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string binary(std::string_view base64) {
  auto bytes = decode_base64(base64);
  if (!bytes) throw Error(errors::serialization, "only base-64-encoded strings are convertible to bytes");
  return *std::move(bytes);
}

// Production's listing of a set with duplicates: the newer layer has sorted the members up to the first repeated one.
std::string listing(Type type, std::vector<std::string> members, std::size_t repeat, Wording wording) {
  const bool quoted = newer(wording);
  if (quoted) std::sort(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(repeat));
  const bool binaries = type == Type::binary_set;
  std::string text = "[";
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) text += binaries && quoted ? "," : ", ";
    if (quoted) text += '"';
    if (binaries)
      append_base64(text, members[i]);
    else
      text += members[i];
    if (quoted) text += '"';
  }
  return text + "]";
}

[[noreturn]] void refuse_duplicates(Type type, std::vector<std::string> members, std::size_t repeat, Wording wording) {
  if (type == Type::number_set) {
    refuse(newer(wording) ? std::string(kInvalid) + "Input collection contains duplicates."
                          : "Input collection contains duplicates");
  }
  refuse(std::string(kInvalid) + "Input collection " + listing(type, std::move(members), repeat, wording) +
         (type == Type::binary_set ? "of type BS contains duplicates." : " contains duplicates."));
}

void check_distinct(Type type, const std::vector<std::string>& members, Wording wording) {
  std::vector<std::string_view> sorted(members.begin(), members.end());
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return;
  for (std::size_t i = 1; i < members.size(); ++i) {
    const auto end = members.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(members.begin(), end, members[i]) != end) refuse_duplicates(type, members, i, wording);
  }
}

Value read_set(Type type, Json content, Wording wording) {
  std::vector<std::string> members;
  for (const auto [_, member] : content) {
    const auto text = member.string();
    if (type == Type::number_set)
      members.push_back(canonical_number(text, wording));
    else
      members.push_back(type == Type::binary_set ? binary(text) : std::string(text));
  }
  if (members.empty()) {
    refuse(std::string(kInvalid) + (type == Type::string_set   ? "An string set  may not be empty"
                                    : type == Type::number_set ? "An number set  may not be empty"
                                                               : "Binary sets should not be empty"));
  }
  check_distinct(type, members, wording);
  return Value::set(type, std::move(members));
}

void append_value(std::string& out, Json value, Wording wording, std::size_t level);

void append_map(std::string& out, Json members, Wording wording, std::size_t level) {
  encoding::MapWriter map(out);
  for (const auto [name, member] : members) {
    check_attribute_name(name);
    map.name(name);
    append_value(out, member, wording, level);
  }
  map.close();
}

void append_value(std::string& out, Json value, Wording wording, std::size_t level) {
  if (level > kNestingLevelsMax) {
    refuse(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
        "limit");
  }
  const auto [type, content] = datatype(value);
  switch (type) {
    case Type::string:
      return encoding::append_text(out, type, content.string());
    case Type::number:
      if (is_plain_integer(content.string())) return encoding::append_text(out, type, content.string());
      return encoding::append_text(out, type, canonical_number(content.string(), wording));
    case Type::binary:
      return encoding::append_text(out, type, binary(content.string()));
    case Type::boolean:
      return encoding::append_boolean(out, truth(content));
    case Type::null:
      if (!truth(content)) refuse(std::string(kInvalid) + "Null attribute value types must have the value of true");
      return encoding::append_null(out);
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set:
      out += read_set(type, content, wording).bytes();
      return;
    case Type::list: {
      encoding::Container list(out, Type::list);
      std::size_t count = 0;
      for (const auto [_, element] : content) {
        append_value(out, element, wording, level + 1);
        ++count;
      }
      return list.close(count);
    }
    case Type::map:
      return append_map(out, content, wording, level + 1);
  }
}

}  // namespace

void check_attribute_name(std::string_view name) {
  if (name.empty()) refuse("Empty attribute name");
  if (name.size() > kAttributeNameBytesMax) refuse("Attribute name is too large, must be less than 65536 bytes");
}

bool truth(Json value) {
  if (value.kind() == Kind::boolean) return value.boolean();
  if (value.kind() != Kind::string) return false;
  std::string word(value.string());
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  return word == "TRUE" || word == "1" || word == "YES";
}

Value read_value(Json value, Wording wording) {
  std::string bytes;
  append_value(bytes, value, wording, 1);
  return Value(std::move(bytes));
}

Item read_item(Json attributes, Wording wording) {
  std::string bytes;
  bytes.reserve(512);
  append_map(bytes, attributes, wording, 1);
  return Item(std::move(bytes));
}

}  // namespace shoal::json

#include "protocol/value/well_formed.h"

#include <cstdint>
#include <optional>

#include "protocol/value/attribute_value.h"
#include "protocol/value/number.h"

namespace shoal {
namespace {

constexpr int kDepthMax = 64;  // More than any item may be deep.

// Takes what is well-formed off the front of the bytes; nothing, or false, at the first thing that is not.
class Walker {
 public:
  explicit Walker(std::string_view bytes) : left_(bytes) {}
  bool at_end() const { return left_.empty(); }

  bool value(int depth) {
    const auto type = byte();
    if (!type || depth > kDepthMax) return false;
    switch (static_cast<Type>(*type)) {
      case Type::string:
      case Type::binary:
        return text().has_value();
      case Type::number:
        return number(text());
      case Type::boolean: {
        const auto truth = byte();
        return truth && *truth <= 1;
      }
      case Type::null:
        return true;
      case Type::string_set:
      case Type::number_set:
      case Type::binary_set:
      case Type::list:
      case Type::map:
        return container(static_cast<Type>(*type), depth);
    }
    return false;
  }

 private:
  std::optional<unsigned char> byte() {
    if (left_.empty()) return std::nullopt;
    const auto first = static_cast<unsigned char>(left_[0]);
    left_.remove_prefix(1);
    return first;
  }

  std::optional<std::string_view> take(std::uint64_t count) {
    if (count > left_.size()) return std::nullopt;
    const auto taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      const auto next = byte();
      if (!next) return std::nullopt;
      value |= static_cast<std::uint64_t>(*next & 0x7f) << shift;
      if (*next < 0x80) return *next == 0 && shift > 0 ? std::nullopt : std::optional(value);
    }
    return std::nullopt;
  }

  std::optional<std::string_view> text() {
    const auto length = varint();
    return length ? take(*length) : std::nullopt;
  }

  static bool number(std::optional<std::string_view> text) {
    if (!text) return false;
    const auto parsed = Number::parse(*text);
    const auto* number = std::get_if<Number>(&parsed);
    return number != nullptr && number->text() == *text;
  }

  static bool ascends(Type type, std::string_view before, std::string_view after) {
    if (type != Type::number_set) return before < after;
    return compare(Number::of_canonical(before), Number::of_canonical(after)) < 0;
  }

  bool container(Type type, int depth) {
    const auto length = take(sizeof(std::uint32_t));
    const auto body = length ? take(encoding::read_u32(length->data())) : std::nullopt;
    if (!body) return false;
    Walker members(*body);
    return members.members(type, depth) && members.at_end();
  }

  bool members(Type type, int depth) {
    const auto count = varint();
    if (!count || (is_set(type) && *count == 0)) return false;
    std::optional<std::string_view> before;
    for (auto left = *count; left > 0; --left) {
      if (type != Type::list) {
        const auto name = text();
        if (!name || (type == Type::number_set && !number(name))) return false;
        if (before && !ascends(type, *before, *name)) return false;
        before = name;
      }
      if (!is_set(type) && !value(depth + 1)) return false;
    }
    return true;
  }

  std::string_view left_;
};

}  // namespace

bool is_well_formed(std::string_view bytes) {
  Walker walker(bytes);
  return walker.value(0) && walker.at_end();
}

bool is_well_formed_item(std::string_view bytes) {
  return is_well_formed(bytes) && ValueView(bytes).type() == Type::map;
}

}  // namespace shoal

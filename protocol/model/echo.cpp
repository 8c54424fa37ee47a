#include "protocol/model/echo.h"

#include <charconv>

#include "protocol/model/json_types.h"

namespace shoal::model {

using json::Json;
using json::Kind;

namespace {

// Appends to a message until what it may take is used up.
class Echo {
 public:
  explicit Echo(std::string& out) : out_(out), end_(out.size() + kEchoBytesMax) {}

  void add(const Shape& shape, Json value) {
    if (full()) return;
    switch (value.kind()) {
      case Kind::absent:
      case Kind::null:
        return text("null");
      case Kind::boolean:
        return text(value.boolean() ? "true" : "false");
      case Kind::integer:
        return text(std::to_string(value.integer()));
      case Kind::decimal:
        return decimal(shape, value);
      case Kind::string:
        return text(value.string());
      case Kind::list:
        return list(shape, value);
      case Kind::object:
        return shape.kind == ShapeKind::map ? map(shape, value) : structure(shape, value);
    }
  }

 private:
  bool full() const { return out_.size() >= end_; }

  void text(std::string_view added) {
    std::size_t room = full() ? 0 : end_ - out_.size();
    if (added.size() > room) {
      while (room > 0 && (added[room] & 0xc0) == 0x80) --room;  // Not inside a character.
      added = added.substr(0, room);
      end_ = out_.size() + room;
    }
    out_ += added;
  }

  void decimal(const Shape& shape, Json value) {
    if (shape.kind == ShapeKind::integer || shape.kind == ShapeKind::long_integer) {
      return text(std::to_string(value.integer()));
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value.decimal()).ptr;
    text({digits, end});
  }

  void list(const Shape& shape, Json value) {
    text("[");
    bool first = true;
    for (const auto [_, element] : value) {
      if (full()) return;
      if (!first) text(", ");
      first = false;
      add(*shape.element, element);
    }
    text("]");
  }

  void map(const Shape& shape, Json value) {
    text("{");
    bool first = true;
    for (const auto [name, element] : value) {
      if (full()) return;
      if (!first) text(", ");
      first = false;
      text(name);
      text("=");
      add(*shape.element, element);
    }
    text("}");
  }

  void structure(const Shape& shape, Json value) {
    Members members;
    read_members(shape, value, members);
    text(shape.name);
    text("(");
    for (std::size_t i = 0; i < shape.members.size() && !full(); ++i) {
      if (i > 0) text(", ");
      text(member_name(shape.members[i].name));
      text("=");
      add(*shape.members[i].shape, members[i]);
    }
    text(")");
  }

  std::string& out_;
  std::size_t end_;
};

}  // namespace

void append_echo(std::string& out, const Shape& shape, Json value) { Echo(out).add(shape, value); }

std::string member_name(std::string_view name) {
  std::string lowered(name);
  if (!lowered.empty() && lowered[0] >= 'A' && lowered[0] <= 'Z') lowered[0] = static_cast<char>(lowered[0] + 32);
  return lowered;
}

}  // namespace shoal::model

#include "protocol/model/validator.h"

#include <algorithm>
#include <string>
#include <utility>

#include "protocol/error.h"
#include "protocol/model/echo.h"
#include "protocol/model/json_types.h"
#include "protocol/model/violations.h"

namespace shoal::model {

using json::Json;
using json::Kind;

namespace {

constexpr std::size_t kArnCharactersMax = 1024;

// Where a value is, as a chain up the stack: only a violation makes a text of it.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;  // Of a member, or the key of a map's value.
  std::size_t index = 0;  // Of a list's element, from 1.
  bool element = false;   // Of a list or map.
};

// requestItems.Music.member.keys; in the newer form RequestItems.Music.member.Keys
void append_path(std::string& out, const Path& path, Form form) {
  if (path.parent) {
    append_path(out, *path.parent, form);
    out += '.';
  }
  if (!path.element) {
    out += form == Form::classic ? member_name(path.name) : std::string(path.name);
    return;
  }
  out += path.index > 0 ? std::to_string(path.index) : std::string(path.name);
  out += ".member";
}

// As Java counts: in UTF-16.
std::size_t characters(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    count += (byte & 0xc0) != 0x80;
    count += byte >= 0xf0;
  }
  return count;
}

bool is_text(const Shape& shape) { return shape.kind == ShapeKind::string; }
bool is_container(const Shape& shape) { return shape.kind == ShapeKind::list || shape.kind == ShapeKind::map; }

std::string min_rule(const Shape& shape) {
  const bool length = is_text(shape) || is_container(shape);
  return "Member must have " + std::string(length ? "length" : "value") + " greater than or equal to " +
         std::to_string(shape.min);
}

std::string max_rule(const Shape& shape) {
  const bool length = is_text(shape) || is_container(shape);
  return "Member must have " + std::string(length ? "length" : "value") + " less than or equal to " +
         std::to_string(shape.max);
}

std::string pattern_rule(const Shape& shape) {
  return "Member must satisfy regular expression pattern: " + std::string(shape.pattern);
}

std::string enumeration_rule(const Shape& shape) {
  std::string rule = "Member must satisfy enum value set: ";
  if (!shape.enumeration_text.empty()) return rule.append(shape.enumeration_text);
  for (const auto value : shape.enumeration) rule.append(value == shape.enumeration.front() ? "[" : ", ").append(value);
  return rule += ']';
}

// Which of a shape's own constraints a value violates, not those of what it contains.
struct Broken {
  bool enumeration = false, pattern = false, min = false, max = false;
  bool any() const { return enumeration || pattern || min || max; }
};

Broken broken_by_text(const Shape& shape, std::string_view text) {
  Broken broken;
  if (shape.or_arn && text.starts_with("arn:")) {
    broken.max = text.size() > kArnCharactersMax && characters(text) > kArnCharactersMax;
    return broken;
  }
  if (!shape.enumeration.empty()) {
    broken.enumeration = std::find(shape.enumeration.begin(), shape.enumeration.end(), text) == shape.enumeration.end();
  }
  broken.pattern = shape.matches && !shape.matches(text);
  if (shape.has_min || shape.has_max) {
    // Bytes bound characters from above; a character takes three of them at most (four count as two).
    const auto at_least = static_cast<std::int64_t>((text.size() + 2) / 3);
    const auto at_most = static_cast<std::int64_t>(text.size());
    if ((shape.has_min && at_least < shape.min) || (shape.has_max && at_most > shape.max)) {
      const auto length = static_cast<std::int64_t>(characters(text));
      broken.min = shape.has_min && length < shape.min;
      broken.max = shape.has_max && length > shape.max;
    }
  }
  return broken;
}

Broken broken_by(const Shape& shape, Json value) {
  Broken broken;
  switch (shape.kind) {
    case ShapeKind::string:
      return broken_by_text(shape, value.string());
    case ShapeKind::integer:
    case ShapeKind::long_integer:
      broken.min = shape.has_min && value.integer() < shape.min;
      broken.max = shape.has_max && value.integer() > shape.max;
      return broken;
    case ShapeKind::list:
    case ShapeKind::map:
      if (shape.has_min || shape.has_max) {
        const auto length = static_cast<std::int64_t>(value.size());
        broken.min = shape.has_min && length < shape.min;
        broken.max = shape.has_max && length > shape.max;
      }
      return broken;
    default:
      return broken;
  }
}

// "[Member must have length less than or equal to 255, ...]": the rules for the elements of a container.
std::string element_rules(const Shape& shape) {
  std::string rules = "[";
  const auto add = [&rules](const std::string& rule) { rules += (rules.size() > 1 ? ", " : "") + rule; };
  if (shape.has_max) add(max_rule(shape));
  if (shape.has_min) add(min_rule(shape));
  if (shape.matches) add(pattern_rule(shape));
  if (!shape.enumeration.empty()) add(enumeration_rule(shape));
  return rules + "]";
}

class Constraints {
 public:
  explicit Constraints(Violations& violations) : violations_(violations) {}

  // `members` are those of the structure at `path`; the input itself has no path.
  void check_members(const Shape& structure, const Members& members, const Path* path) {
    for (std::size_t i = 0; i < structure.members.size(); ++i) check_member(structure.members[i], members[i], path);
  }

  void check_member(const Member& member, Json value, const Path* parent) {
    if (!value) {
      if (member.required) refuse_null({parent, member.name});
    } else if (member.shape->constrained) {
      const Path path{parent, member.name};
      check_own(*member.shape, value, path);
      check_below(*member.shape, value, path);
    }
  }

 private:
  void refuse_null(const Path& path) {
    std::string failure = "Value null at '";
    append_path(failure, path, Form::classic);
    violations_.add(failure += "' failed to satisfy constraint: Member must not be null");
  }

  void refuse(const Shape& shape, Json value, const Path& path, Form form, const std::string& rule) {
    if (violations_.full()) return;
    std::string failure = "Value ";
    if (form == Form::classic) {
      failure += '\'';
      append_echo(failure, shape, value);
      failure += "' ";
    }
    failure += "at '";
    append_path(failure, path, form);
    violations_.add(failure + "' failed to satisfy constraint: " + rule);
  }

  void refuse_enumeration(const Shape& shape, Json value, const Path& path) {
    const auto rule = enumeration_rule(shape);
    if (shape.enumeration_form == Form::classic) return refuse(shape, value, path, Form::classic, rule);
    auto failure = "Failed to satisfy constraint: " + rule;
    if (shape.enumeration_form == Form::newer) return violations_.add(std::move(failure));
    violations_.add_bare(std::move(failure));
  }

  void check_own(const Shape& shape, Json value, const Path& path) {
    const auto broken = broken_by(shape, value);
    if (!broken.any()) return;
    if (broken.enumeration) refuse_enumeration(shape, value, path);
    if (broken.pattern) refuse(shape, value, path, Form::classic, pattern_rule(shape));
    if (broken.min) refuse(shape, value, path, shape.min_form, min_rule(shape));
    if (broken.max) refuse(shape, value, path, shape.max_form, max_of(shape, value));
  }

  static std::string max_of(const Shape& shape, Json value) {
    const bool arn = shape.or_arn && value.string().starts_with("arn:");
    return arn ? "Member must have length less than or equal to " + std::to_string(kArnCharactersMax) : max_rule(shape);
  }

  void check_below(const Shape& shape, Json value, const Path& path) {
    if (violations_.full()) return;
    switch (shape.kind) {
      case ShapeKind::structure: {
        Members members;
        read_members(shape, value, members);
        return check_members(shape, members, &path);
      }
      case ShapeKind::map:
        check_keys(shape, value, path);
        return check_elements(shape, value, path);
      case ShapeKind::list:
        return check_elements(shape, value, path);
      default:
        return;
    }
  }

  void check_keys(const Shape& map, Json value, const Path& path) {
    if (!map.key->constrained) return;
    for (const auto [name, _] : value) {
      if (!broken_by_text(*map.key, name).any()) continue;
      return refuse(map, value, path, Form::classic, "Map keys must satisfy constraint: " + element_rules(*map.key));
    }
  }

  void check_elements(const Shape& container, Json value, const Path& path) {
    const Shape& shape = *container.element;
    if (shape.kind == ShapeKind::attribute_value) return;
    bool refused = false;  // All of them are refused together, where the container is.
    std::size_t index = 0;
    for (const auto [name, element] : value) {
      if (violations_.full()) return;
      ++index;
      const Path at{&path, name, container.kind == ShapeKind::list ? index : 0, true};
      if (element.kind() == Kind::null) {
        refuse_null(at);
        continue;
      }
      if (!shape.constrained) continue;
      const auto broken = broken_by(shape, element);
      if (broken.max && shape.max_form == Form::newer) {
        refuse(shape, element, at, Form::newer, max_rule(shape));
      } else if (broken.any() && !std::exchange(refused, true)) {
        refuse_elements(container, value, path);
      }
      check_below(shape, element, at);
    }
  }

  void refuse_elements(const Shape& container, Json value, const Path& path) {
    const std::string_view subject = container.kind == ShapeKind::map ? "Map value" : "Member";
    refuse(container, value, path, Form::classic,
           std::string(subject) + " must satisfy constraint: " + element_rules(*container.element));
  }

  Violations& violations_;
};

// What production finds before it collects anything.
void check_alone(const Shape& input, const Members& members) {
  for (std::size_t i = 0; i < input.members.size(); ++i) {
    const Member& member = input.members[i];
    if (!members[i]) {
      if (!member.missing.empty()) throw validation_error(std::string(member.missing));
      continue;
    }
    Violations violations;
    if (member.shape->refuses_empty_alone && members[i].string().empty()) {
      violations.add("Value at '" + std::string(member.name) +
                     "' failed to satisfy constraint: Member must have length greater than or equal to 1");
    } else if (member.alone) {
      Constraints(violations).check_member(member, members[i], nullptr);
    }
    violations.raise();
  }
}

}  // namespace

void validate(const OperationModel& operation, Json input) {
  if (input.kind() != Kind::object) throw Error::bare(errors::serialization);
  Members members;
  check_json_types(*operation.input, input, members);
  check_alone(*operation.input, members);
  Violations violations;
  Constraints(violations).check_members(*operation.input, members, nullptr);
  violations.raise();
}

}  // namespace shoal::model

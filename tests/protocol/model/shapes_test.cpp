// The tables themselves, and that every constraint in them is enforced wherever a request can violate it.
#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <set>

#include "refusal.h"

namespace shoal::model {
namespace {

std::string lowered(std::string_view name) {
  std::string text(name);
  if (text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

bool fits(const Shape& shape, const std::string& text) {
  const auto size = static_cast<std::int64_t>(text.size());
  return (!shape.has_min || size >= shape.min) && (!shape.has_max || size <= shape.max);
}

// A text of the shape that matches its pattern, or, `matching` false, one that fails nothing but the pattern if
// possible.
std::string sample_text(const Shape& shape, bool matching) {
  if (matching && !shape.enumeration.empty()) return std::string(shape.enumeration.front());
  std::optional<std::string> misfit;
  const auto shortest = static_cast<std::size_t>(shape.has_min ? shape.min : 1);
  for (const std::size_t size : {shortest, std::size_t{3}, std::size_t{12}, std::size_t{16}, std::size_t{112}}) {
    for (const char c : {'a', '0', ',', '$', '"', ' ', '\x7f', '\x01'}) {
      const std::string text(size, c);
      if ((!shape.matches || shape.matches(text)) != matching) continue;
      if (fits(shape, text)) return text;
      misfit = text;
    }
  }
  REQUIRE(misfit);
  return *misfit;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '"' ? "\\\"" : c == '\x01' ? "\\u0001" : std::string(1, c);
  return quoted(out);
}

std::string valid(const Shape& shape);

// `name` with `value`, and what else is required, in a structure; nothing for a value leaves the member out.
std::string with_member(const Shape& structure, std::string_view name, const std::optional<std::string>& value) {
  std::string object = "{";
  for (const auto& member : structure.members) {
    const bool chosen = member.name == name;
    if (chosen ? !value : !member.required) continue;
    object += (object.size() > 1 ? "," : "") + quoted(std::string(member.name)) + ":";
    object += chosen ? *value : valid(*member.shape);
  }
  return object + "}";
}

std::string list_of(std::int64_t count, const std::string& element) {
  std::string list = "[";
  for (std::int64_t i = 0; i < count; ++i) list += (i > 0 ? "," : "") + element;
  return list + "]";
}

std::string map_of(std::int64_t count, const std::string& value) {
  std::string map = "{";
  for (std::int64_t i = 0; i < count; ++i) map += (i > 0 ? "," : "") + quoted("name" + std::to_string(i)) + ":" + value;
  return map + "}";
}

// A value of the shape with as little as possible in it.
std::string valid(const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::structure:
      return with_member(shape, "", std::nullopt);
    case ShapeKind::list:
      return list_of(shape.has_min ? shape.min : 0, valid(*shape.element));
    case ShapeKind::map:
      return map_of(shape.has_min ? shape.min : 0, valid(*shape.element));
    case ShapeKind::string:
      return escaped(sample_text(shape, true));
    case ShapeKind::boolean:
      return "true";
    case ShapeKind::blob:
      return R"("AAAA")";
    case ShapeKind::attribute_value:
      return R"({"S":"x"})";
    default:
      return std::to_string(shape.has_min ? shape.min : 1);
  }
}

// Every way to violate the shape itself, and a part of the message that says so.
std::vector<std::pair<std::string, std::string>> violations_of(const Shape& shape) {
  std::vector<std::pair<std::string, std::string>> violations;
  const auto bound = [&](const std::string& kind, std::int64_t outside, const std::string& value) {
    const bool below = shape.has_min && outside < shape.min;
    violations.emplace_back(value, "Member must have " + kind + (below ? " greater" : " less") + " than or equal to " +
                                       std::to_string(below ? shape.min : shape.max));
  };
  std::vector<std::int64_t> outside;
  if (shape.has_min) outside.push_back(shape.min - 1);
  if (shape.has_max) outside.push_back(shape.max + 1);
  for (const auto size : outside) {
    if (shape.kind == ShapeKind::string) {
      if (shape.refuses_empty_alone && size == 0) continue;
      bound("length", size, quoted(std::string(static_cast<std::size_t>(size), 'a')));
    } else if (shape.kind == ShapeKind::list) {
      bound("length", size, list_of(size, valid(*shape.element)));
    } else if (shape.kind == ShapeKind::map) {
      bound("length", size, map_of(size, valid(*shape.element)));
    } else {
      bound("value", size, std::to_string(size));
    }
  }
  if (shape.matches) {
    violations.emplace_back(escaped(sample_text(shape, false)),
                            "Member must satisfy regular expression pattern: " + std::string(shape.pattern));
  }
  if (!shape.enumeration.empty()) violations.emplace_back(R"("nonsense")", "Member must satisfy enum value set: [");
  return violations;
}

using Wrap = std::function<std::string(const std::string& value)>;  // A value -> a request that holds it.

// Walks everything below an input and violates each constraint, one at a time.
class Walk {
 public:
  explicit Walk(const OperationModel& operation) : operation_(operation) {}

  int run() {
    structure(*operation_.input, "", [](const std::string& value) { return value; });
    return tried_;
  }

 private:
  void expect(const std::string& request, const std::string& part) {
    ++tried_;
    const auto text = refusal(operation_.name, request);
    if (text.find(part) != text.npos) return;
    INFO(operation_.name << " " << request.substr(0, 500));
    CHECK(text == "something with: " + part);
  }

  void shape(const Shape& shape, const std::string& path, const Wrap& wrap) {
    for (const auto& [value, part] : violations_of(shape)) expect(wrap(value), part);
    if (shape.kind == ShapeKind::structure) structure(shape, path + ".", wrap);
    if (shape.kind == ShapeKind::list) {
      const auto rest = std::max<std::int64_t>(shape.min, 1) - 1;
      element(shape, path + ".1.member", [&](const std::string& value) {
        return wrap("[" + value + (rest > 0 ? "," + list_of(rest, valid(*shape.element)).substr(1) : "]"));
      });
    }
    if (shape.kind == ShapeKind::map) {
      element(shape, path + ".name0.member",
              [&](const std::string& value) { return wrap(R"({"name0":)" + value + "}"); });
    }
  }

  void element(const Shape& container, const std::string& path, const Wrap& wrap) {
    if (container.element->kind == ShapeKind::attribute_value) return;
    expect(wrap("null"), "Value null at '" + path + "' failed to satisfy constraint: Member must not be null");
    shape(*container.element, path, wrap);
  }

  void structure(const Shape& structure, const std::string& prefix, const Wrap& wrap) {
    for (const auto& member : structure.members) {
      const auto path = prefix + lowered(member.name);
      if (member.required) {
        expect(wrap(with_member(structure, member.name, std::nullopt)),
               member.missing.empty() ? "Value null at '" + path + "' failed to satisfy constraint: "
                                      : std::string(member.missing));
      }
      const auto inside = [&](const std::string& value) { return wrap(with_member(structure, member.name, value)); };
      CHECK(refusal(operation_.name, inside(valid(*member.shape))) == "accepted");
      shape(*member.shape, path, inside);
    }
  }

  const OperationModel& operation_;
  int tried_ = 0;
};

}  // namespace

TEST_CASE("All operations of both services are there, in order of their names") {
  CHECK(operations().size() == 66);
  std::set<std::string_view> targets;
  for (std::size_t i = 0; i < operations().size(); ++i) {
    const auto& operation = operations()[i];
    targets.insert(operation.target);
    CHECK(find_operation(operation.target, operation.name) == &operation);
    if (i > 0) CHECK(operations()[i - 1].name < operation.name);
  }
  CHECK(targets == std::set<std::string_view>{"DynamoDB_20120810", "DynamoDBStreams_20120810"});
}

TEST_CASE("An operation is found by its own service only") {
  CHECK(find_operation("DynamoDB_20120810", "GetItem"));
  CHECK_FALSE(find_operation("DynamoDBStreams_20120810", "GetItem"));
  CHECK_FALSE(find_operation("DynamoDB_20120810", "GetRecords"));
  CHECK_FALSE(find_operation("DynamoDB_20111205", "GetItem"));
  CHECK_FALSE(find_operation("DynamoDB_20120810", "getitem"));
  CHECK_FALSE(find_operation("DynamoDB_20120810", "GetIte"));
  CHECK_FALSE(find_operation("DynamoDB_20120810", ""));
  CHECK_FALSE(find_operation("DynamoDB_20120810", "Zzz"));
}

TEST_CASE("An empty request lacks exactly what its model requires") {
  for (const auto& operation : operations()) {
    std::string missing, failures;
    int count = 0;
    for (const auto& member : operation.input->members) {
      if (!member.required) continue;
      if (missing.empty()) missing = member.missing;
      failures += (count++ > 0 ? "; Value null at '" : "Value null at '") + lowered(member.name) +
                  "' failed to satisfy constraint: Member must not be null";
    }
    const auto expected =
        !missing.empty() ? missing
        : count == 0     ? "accepted"
                     : std::to_string(count) + " validation error" + (count > 1 ? "s" : "") + " detected: " + failures;
    CHECK(refusal(operation.name, "{}") == expected);
  }
}

TEST_CASE("Every constraint of the model is enforced wherever it stands") {
  int tried = 0;
  for (const auto& operation : operations()) tried += Walk(operation).run();
  CHECK(tried > 700);
}

TEST_CASE("A bad name of a table in a batch is refused by whatever rule it breaks") {
  for (const std::string& name : {std::string("ab"), std::string(256, 'a'), std::string("a/b"), std::string()}) {
    CHECK(refusal("BatchGetItem", R"({"RequestItems": {")" + name + R"(": {"Keys": [{}]}}})") != "accepted");
    CHECK(refusal("BatchWriteItem", R"({"RequestItems": {")" + name + R"(": [{}]}})") != "accepted");
  }
}

}  // namespace shoal::model

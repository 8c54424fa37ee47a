#include "server/triggers/event_filter.h"

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <variant>

#include "protocol/json/reader.h"

namespace shoal {
namespace {

using Pattern = nlohmann::json;
using json::Json;
using json::Kind;

constexpr double kNumberMax = 5'000'000'000;  // EventBridge's.

class NoPattern : public std::invalid_argument {
 public:
  NoPattern() : std::invalid_argument("no event pattern") {}
};

void require(bool condition) {
  if (!condition) throw NoPattern();
}

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = folded(c);
  return out;
}

// Something that a text may be.
struct TextTest {
  enum class Kind { equals, prefix, suffix, wildcard } kind;
  std::string text;
  bool ignores_case = false;

  bool holds(std::string_view value) const {
    if (ignores_case) return compare(folded(value));
    return compare(value);
  }

 private:
  bool compare(std::string_view value) const {
    switch (kind) {
      case Kind::equals:
        return value == text;
      case Kind::prefix:
        return value.starts_with(text);
      case Kind::suffix:
        return value.ends_with(text);
      case Kind::wildcard:
        break;
    }
    return fits_wildcard(value);
  }

  // The usual walk with one place to come back to: after the last star, the text that it covers grows by one character.
  bool fits_wildcard(std::string_view value) const {
    std::size_t at = 0, star = std::string::npos, covered = 0, i = 0;
    while (i < value.size()) {
      const bool is_star = at < text.size() && text[at] == '*';
      const bool escaped = at + 1 < text.size() && text[at] == '\\';
      if (is_star) {
        star = at++;
        covered = i;
      } else if (at < text.size() && text[at + escaped] == value[i]) {
        at += 1 + escaped;
        ++i;
      } else if (star != std::string::npos) {
        at = star + 1;
        i = ++covered;
      } else {
        return false;
      }
    }
    while (at < text.size() && text[at] == '*') ++at;
    return at == text.size();
  }
};

struct NumberRange {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool low_in = true, high_in = true;
  bool holds(double value) const {
    return (value > low || (low_in && value == low)) && (value < high || (high_in && value == high));
  }
};

struct Null {};
struct Exists {
  bool wanted;
};
using Test = std::variant<TextTest, NumberRange, bool, Null, Exists>;

// The member is one of these; or, `negated`, it is there and none of them.
struct Leaf {
  struct Choice {
    std::vector<Test> tests;
    bool negated = false;
  };
  std::vector<Choice> choices;
};

struct Rule;
using Node = std::variant<Leaf, std::unique_ptr<Rule>>;

// All members are as they should be, and one of each set of alternatives holds.
struct Rule {
  std::map<std::string, Node> members;
  std::vector<std::vector<Rule>> alternatives;
};

// --- reading a pattern ---

std::string text_of(const Pattern& value) {
  require(value.is_string());
  return value.get<std::string>();
}

double number_of(const Pattern& value) {
  require(value.is_number());
  const auto number = value.get<double>();
  require(number >= -kNumberMax && number <= kNumberMax);
  return number;
}

// A backslash takes its meaning from the star or backslash behind it; two stars are one too many.
TextTest wildcard_of(const Pattern& value) {
  TextTest test{TextTest::Kind::wildcard, text_of(value)};
  bool after_star = false;
  for (std::size_t i = 0; i < test.text.size(); ++i) {
    const bool is_star = test.text[i] == '*';
    require(!(is_star && after_star));
    after_star = is_star;
    if (test.text[i] == '\\') require(++i < test.text.size());
  }
  return test;
}

// Of prefix and suffix: a text, or {"equals-ignore-case": text}.
TextTest affix_of(TextTest::Kind kind, const Pattern& value) {
  if (!value.is_object()) return {kind, text_of(value)};
  require(value.size() == 1 && value.contains("equals-ignore-case"));
  return {kind, folded(text_of(value.front())), true};
}

// {"<operator>": value} of those that are about texts.
std::optional<TextTest> text_test(const std::string& name, const Pattern& value) {
  if (name == "prefix") return affix_of(TextTest::Kind::prefix, value);
  if (name == "suffix") return affix_of(TextTest::Kind::suffix, value);
  if (name == "wildcard") return wildcard_of(value);
  if (name == "equals-ignore-case") return TextTest{TextTest::Kind::equals, folded(text_of(value)), true};
  return std::nullopt;
}

// ["=", 5], [">", 0], [">=", 0, "<", 10]
NumberRange range_of(const Pattern& value) {
  require(value.is_array() && (value.size() == 2 || value.size() == 4));
  NumberRange range;
  bool has_low = false, has_high = false;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    const auto comparison = text_of(value[i]);
    const auto number = number_of(value[i + 1]);
    if (comparison == "=") {
      require(value.size() == 2);
      return {number, number};
    }
    if (comparison == ">" || comparison == ">=") {
      require(!has_low && !has_high);
      has_low = true;
      range.low = number;
      range.low_in = comparison == ">=";
    } else {
      require((comparison == "<" || comparison == "<=") && !has_high);
      has_high = true;
      range.high = number;
      range.high_in = comparison == "<=";
    }
  }
  require(range.low < range.high);
  return range;
}

Test literal_of(const Pattern& value) {
  if (value.is_string()) return TextTest{TextTest::Kind::equals, value.get<std::string>()};
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_null()) return Null{};
  const auto number = number_of(value);
  return NumberRange{number, number};
}

// A literal, a list of them, or an operator on texts with one text or a list of them.
Leaf::Choice anything_but(const Pattern& value) {
  Leaf::Choice choice{{}, true};
  if (value.is_object()) {
    require(value.size() == 1);
    const auto& name = value.begin().key();
    const auto texts = value.front().is_array() ? value.front() : Pattern::array({value.front()});
    for (const auto& text : texts) {
      auto test = text_test(name, text);
      require(test.has_value());
      choice.tests.emplace_back(std::move(*test));
    }
  } else {
    const auto literals = value.is_array() ? value : Pattern::array({value});
    for (const auto& literal : literals) {
      require(literal.is_string() || literal.is_number());
      choice.tests.push_back(literal_of(literal));
    }
  }
  require(!choice.tests.empty());
  return choice;
}

Leaf::Choice choice_of(const Pattern& value) {
  if (!value.is_object()) {
    require(!value.is_array());
    return {{literal_of(value)}};
  }
  require(value.size() == 1);
  const auto& name = value.begin().key();
  const auto& operand = value.front();
  if (name == "anything-but") return anything_but(operand);
  if (name == "numeric") return {{range_of(operand)}};
  if (name == "exists") {
    require(operand.is_boolean());
    return {{Exists{operand.get<bool>()}}};
  }
  auto test = text_test(name, operand);
  require(test.has_value());
  return {{std::move(*test)}};
}

Leaf leaf_of(const Pattern& list) {
  require(!list.empty());
  Leaf leaf;
  for (const auto& value : list) leaf.choices.push_back(choice_of(value));
  return leaf;
}

Rule rule_of(const Pattern& object) {
  require(object.is_object() && !object.empty());
  Rule rule;
  for (const auto& [name, value] : object.items()) {
    if (name == "$or") {
      require(value.is_array() && value.size() > 1);
      auto& alternatives = rule.alternatives.emplace_back();
      for (const auto& alternative : value) alternatives.push_back(rule_of(alternative));
    } else if (value.is_array()) {
      rule.members.emplace(name, leaf_of(value));
    } else {
      rule.members.emplace(name, std::make_unique<Rule>(rule_of(value)));
    }
  }
  return rule;
}

std::optional<Rule> parsed(std::string_view text) {
  const auto pattern = Pattern::parse(text, nullptr, false);
  if (pattern.is_discarded()) return std::nullopt;
  try {
    return rule_of(pattern);
  } catch (const NoPattern&) {
    return std::nullopt;
  }
}

// --- matching ---

// Unlike Json::find, it tells null from absent.
Json member_of(Json object, std::string_view name) {
  Json found;
  if (object.kind() != Kind::object) return found;
  for (const auto [its_name, value] : object) {
    if (its_name == name) found = value;
  }
  return found;
}

bool is_number(Json value) { return value.kind() == Kind::integer || value.kind() == Kind::decimal; }

// Of a value that is there, and neither an object nor a list.
struct HoldsOf {
  Json value;
  bool operator()(const TextTest& test) const { return value.kind() == Kind::string && test.holds(value.string()); }
  bool operator()(const NumberRange& range) const { return is_number(value) && range.holds(value.decimal()); }
  bool operator()(bool wanted) const { return value.kind() == Kind::boolean && value.boolean() == wanted; }
  bool operator()(const Null&) const { return value.kind() == Kind::null; }
  bool operator()(const Exists& exists) const { return exists.wanted; }
};

bool scalar_matches(const Leaf& leaf, Json value) {
  return std::any_of(leaf.choices.begin(), leaf.choices.end(), [value](const Leaf::Choice& choice) {
    const bool any = std::any_of(choice.tests.begin(), choice.tests.end(),
                                 [value](const Test& test) { return std::visit(HoldsOf{value}, test); });
    return any != choice.negated;
  });
}

bool accepts_absence(const Leaf& leaf) {
  return std::any_of(leaf.choices.begin(), leaf.choices.end(), [](const Leaf::Choice& choice) {
    const auto* exists = std::get_if<Exists>(&choice.tests.front());
    return exists != nullptr && !exists->wanted;
  });
}

// Of a list, one element has to match. An object is no leaf: it counts as absent.
bool leaf_matches(const Leaf& leaf, Json value) {
  switch (value.kind()) {
    case Kind::absent:
    case Kind::object:
      return accepts_absence(leaf);
    case Kind::list:
      for (const auto [name, element] : value) {
        if (leaf_matches(leaf, element)) return true;
      }
      return value.size() == 0 && accepts_absence(leaf);
    default:
      return scalar_matches(leaf, value);
  }
}

bool rule_matches(const Rule& rule, Json value);

bool node_matches(const Node& node, Json value) {
  if (const auto* leaf = std::get_if<Leaf>(&node)) return leaf_matches(*leaf, value);
  const auto& rule = *std::get<std::unique_ptr<Rule>>(node);
  if (value.kind() != Kind::list) return rule_matches(rule, value);
  for (const auto [name, element] : value) {
    if (rule_matches(rule, element)) return true;
  }
  return false;
}

bool rule_matches(const Rule& rule, Json value) {
  const bool members = std::all_of(rule.members.begin(), rule.members.end(), [value](const auto& member) {
    return node_matches(member.second, member_of(value, member.first));
  });
  return members && std::all_of(rule.alternatives.begin(), rule.alternatives.end(), [value](const auto& alternatives) {
           return std::any_of(alternatives.begin(), alternatives.end(),
                              [value](const Rule& each) { return rule_matches(each, value); });
         });
}

}  // namespace

struct EventFilter::Impl {
  bool passes_all = false;
  std::vector<Rule> rules;
  json::Parser parser;
};

EventFilter::EventFilter(const std::vector<std::string>& patterns) : impl_(std::make_unique<Impl>()) {
  impl_->passes_all = patterns.empty();
  for (const auto& pattern : patterns) {
    if (auto rule = parsed(pattern)) impl_->rules.push_back(std::move(*rule));
  }
}

EventFilter::~EventFilter() = default;
EventFilter::EventFilter(EventFilter&&) noexcept = default;
EventFilter& EventFilter::operator=(EventFilter&&) noexcept = default;

bool EventFilter::passes_all() const { return impl_->passes_all; }

bool EventFilter::matches(std::string_view text) {
  if (impl_->passes_all) return true;
  const auto record = impl_->parser.parse(text);
  if (!record) return false;
  return std::any_of(impl_->rules.begin(), impl_->rules.end(),
                     [&record](const Rule& rule) { return rule_matches(rule, *record); });
}

bool EventFilter::is_pattern(std::string_view text) { return parsed(text).has_value(); }

}  // namespace shoal

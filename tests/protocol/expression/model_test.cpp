// Random conditions and updates, held against the plainest model of their meaning: trees of standard containers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

// One struct for all types, of which each uses one member. `tag` is that of DynamoDB JSON.
struct Model {
  std::string tag = "NULL";
  std::string text;
  long long number = 0;
  std::set<std::string> texts;
  std::set<long long> numbers;
  std::vector<Model> elements;
  std::map<std::string, Model> fields;
  friend bool operator==(const Model&, const Model&) = default;
};

std::string json_of(const Model& value) {
  std::string body;
  const auto add = [&](const std::string& part) { body += (body.empty() ? "" : ",") + part; };
  if (value.tag == "S") {
    body = '"' + value.text + '"';
  } else if (value.tag == "N") {
    body = '"' + std::to_string(value.number) + '"';
  } else if (value.tag == "SS") {
    for (const auto& text : value.texts) add('"' + text + '"');
    body = "[" + body + "]";
  } else if (value.tag == "NS") {
    for (const auto number : value.numbers) add('"' + std::to_string(number) + '"');
    body = "[" + body + "]";
  } else if (value.tag == "L") {
    for (const auto& element : value.elements) add(json_of(element));
    body = "[" + body + "]";
  } else if (value.tag == "M") {
    for (const auto& [name, field] : value.fields) add('"' + name + "\":" + json_of(field));
    body = "{" + body + "}";
  } else {
    body = "true";
  }
  return "{\"" + value.tag + "\":" + body + "}";
}

std::string item_json(const Model& item) {  // Without the tag of the map that an item is.
  const auto json = json_of(item);
  return json.substr(5, json.size() - 6);
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int below(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }
  bool one_in(int count) { return below(count) == 0; }

 private:
  std::mt19937 engine_;
};

// Few texts and numbers, so that values often meet their equal.
Model random_value(Dice& dice, int depth) {
  static const std::vector<std::string> kTags = {"S", "N", "SS", "NS", "NULL", "BOOL", "L", "M"};
  Model value;
  value.tag = kTags[static_cast<std::size_t>(dice.below(depth > 0 ? 8 : 6))];
  if (value.tag == "S")
    value.text = std::string(static_cast<std::size_t>(dice.below(3)), static_cast<char>('a' + dice.below(2)));
  if (value.tag == "N") value.number = dice.below(25) - 12;
  if (value.tag == "SS") {
    for (int i = 0; i <= dice.below(3); ++i) value.texts.insert(std::string(1, static_cast<char>('a' + dice.below(3))));
  }
  if (value.tag == "NS") {
    for (int i = 0; i <= dice.below(3); ++i) value.numbers.insert(dice.below(25) - 12);
  }
  if (value.tag == "L") {
    for (int i = dice.below(4); i > 0; --i) value.elements.push_back(random_value(dice, depth - 1));
  }
  if (value.tag == "M") {
    for (int i = dice.below(4); i > 0; --i) {
      value.fields[std::string(1, static_cast<char>('p' + dice.below(4)))] = random_value(dice, depth - 1);
    }
  }
  return value;
}

Model random_item(Dice& dice) {
  Model item;
  do item = random_value(dice, 4);
  while (item.tag != "M");
  return item;
}

struct Step {
  std::string name;
  int index = -1;
};
using Steps = std::vector<Step>;

// Mostly a path that leads somewhere.
Steps random_path(Dice& dice, const Model& item) {
  Steps path{{std::string(1, static_cast<char>('p' + dice.below(4)))}};
  const Model* at = item.fields.count(path[0].name) ? &item.fields.at(path[0].name) : nullptr;
  while (path.size() < 6 && !dice.one_in(3)) {
    const bool list = at && !dice.one_in(8) ? at->tag == "L" : dice.one_in(2);
    Step step;
    if (list)
      step.index = dice.below(5);
    else
      step.name = std::string(1, static_cast<char>('p' + dice.below(4)));
    path.push_back(step);
    if (!at) break;
    const Model* next = nullptr;
    if (list && at->tag == "L" && step.index < static_cast<int>(at->elements.size()))
      next = &at->elements[static_cast<std::size_t>(step.index)];
    if (!list && at->tag == "M" && at->fields.count(step.name)) next = &at->fields.at(step.name);
    at = next;
  }
  return path;
}

std::string print(const Steps& path) {
  std::string text;
  for (const auto& step : path) {
    if (step.index >= 0)
      text += "[" + std::to_string(step.index) + "]";
    else
      text += (text.empty() ? "" : ".") + step.name;
  }
  return text;
}

const Model* find(const Steps& path, const Model& item) {
  const Model* at = &item;
  for (const auto& step : path) {
    if (step.index >= 0) {
      if (at->tag != "L" || step.index >= static_cast<int>(at->elements.size())) return nullptr;
      at = &at->elements[static_cast<std::size_t>(step.index)];
    } else {
      if (at->tag != "M" || !at->fields.count(step.name)) return nullptr;
      at = &at->fields.at(step.name);
    }
  }
  return at;
}

// Gives each value a placeholder.
class Values {
 public:
  std::string placeholder(const Model& value) {
    const auto name = ":v" + std::to_string(count_++);
    json_ += (json_.empty() ? "" : ",") + ("\"" + name + "\":" + json_of(value));
    return name;
  }
  std::string json() const { return json_.empty() ? "" : "{" + json_ + "}"; }

 private:
  int count_ = 0;
  std::string json_;
};

// ---- Conditions: text, and what the model says of it

using Meaning = std::optional<Model>;

struct Phrase {
  std::string text;
  Meaning meaning;
};

Phrase random_operand(Dice& dice, const Model& item, Values& values, std::string_view only = "") {
  if (dice.one_in(2)) {
    const auto path = random_path(dice, item);
    const auto* found = find(path, item);
    return {print(path), found ? Meaning(*found) : std::nullopt};
  }
  Model value;
  do value = random_value(dice, 2);
  while (!only.empty() && only.find(value.tag[0]) == std::string_view::npos);
  if (!only.empty() && value.tag.size() != 1) value.tag = "S";
  return {values.placeholder(value), value};
}

std::optional<int> order(const Meaning& a, const Meaning& b) {
  if (!a || !b || a->tag != b->tag) return std::nullopt;
  if (a->tag == "S") return a->text.compare(b->text);
  if (a->tag == "N") return a->number < b->number ? -1 : a->number > b->number;
  return std::nullopt;
}

bool model_contains(const Meaning& a, const Meaning& b) {
  if (!a || !b) return false;
  if (a->tag == "S") return b->tag == "S" && a->text.find(b->text) != std::string::npos;
  if (a->tag == "SS") return b->tag == "S" && a->texts.count(b->text);
  if (a->tag == "NS") return b->tag == "N" && a->numbers.count(b->number);
  if (a->tag == "L") return std::count(a->elements.begin(), a->elements.end(), *b) > 0;
  return false;
}

Meaning model_size(const Meaning& a) {
  if (!a || a->tag == "N" || a->tag == "NULL" || a->tag == "BOOL") return std::nullopt;
  Model size;
  size.tag = "N";
  size.number = static_cast<long long>(a->text.size() + a->texts.size() + a->numbers.size() + a->elements.size() +
                                       a->fields.size());
  return size;
}

struct Judgement {
  std::string text;
  bool holds;
};

Judgement random_condition(Dice& dice, const Model& item, Values& values, int depth) {
  if (depth > 0 && !dice.one_in(3)) {
    const auto a = random_condition(dice, item, values, depth - 1);
    if (dice.one_in(3)) return {"NOT (" + a.text + ")", !a.holds};
    const auto b = random_condition(dice, item, values, depth - 1);
    if (dice.one_in(2)) return {"(" + a.text + ") AND (" + b.text + ")", a.holds && b.holds};
    return {"(" + a.text + ") OR (" + b.text + ")", a.holds || b.holds};
  }
  switch (dice.below(8)) {
    case 0: {
      const auto a = random_operand(dice, item, values);
      const auto b = random_operand(dice, item, values);
      const bool equal = a.meaning && b.meaning && *a.meaning == *b.meaning;
      if (dice.one_in(2)) return {a.text + "=" + b.text, equal};
      return {a.text + "<>" + b.text, !equal};
    }
    case 1:
    case 2: {
      const auto a = random_operand(dice, item, values, "SN");
      const auto b = random_operand(dice, item, values, "SN");
      const auto by = order(a.meaning, b.meaning);
      if (dice.one_in(4)) return {a.text + "<" + b.text, by && *by < 0};
      if (dice.one_in(3)) return {a.text + " <= " + b.text, by && *by <= 0};
      if (dice.one_in(2)) return {a.text + "\t>\n" + b.text, by && *by > 0};
      return {a.text + ">=" + b.text, by && *by >= 0};
    }
    case 3: {
      const auto a = random_operand(dice, item, values);
      const auto b = random_operand(dice, item, values);
      return {"contains(" + a.text + "," + b.text + ")", model_contains(a.meaning, b.meaning)};
    }
    case 4: {
      const auto path = random_path(dice, item);
      const bool exists = find(path, item) != nullptr;
      if (dice.one_in(2)) return {"attribute_exists(" + print(path) + ")", exists};
      return {"attribute_not_exists (" + print(path) + ")", !exists};
    }
    case 5: {
      const auto path = random_path(dice, item);
      const auto* found = find(path, item);
      const auto size = model_size(found ? Meaning(*found) : std::nullopt);
      Model two;
      two.tag = "N";
      two.number = 2;
      const auto by = order(size, two);
      return {"size(" + print(path) + ") < " + values.placeholder(two), by && *by < 0};
    }
    case 6: {
      const auto a = random_operand(dice, item, values);
      Judgement in{a.text + " IN (", false};
      for (int i = 0; i < 3; ++i) {
        const auto b = random_operand(dice, item, values);
        in.text += (i ? "," : "") + b.text;
        in.holds = in.holds || (a.meaning && b.meaning && *a.meaning == *b.meaning);
      }
      return {in.text + ")", in.holds};
    }
    default: {
      const auto a = random_operand(dice, item, values, "SN");
      const auto low = random_operand(dice, item, values, "N");
      const auto high = random_operand(dice, item, values, "N");
      const auto from = order(a.meaning, low.meaning);
      const auto to = order(a.meaning, high.meaning);
      return {a.text + " BETWEEN " + low.text + " AND " + high.text, from && to && *from >= 0 && *to <= 0};
    }
  }
}

// ---- Updates

struct Action {
  bool set;
  Steps target;
  Model value;
};

// False when the path is no path for an update. Removed elements stay as tombstones, appended ones wait.
struct Draft {
  Model item;
  std::map<std::string, std::map<int, Model>> appended;  // By the printed path of their list.
  static constexpr const char* kTombstone = "GONE";

  bool apply(const Action& action) {
    Model* at = &item;
    const auto& steps = action.target;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto& step = steps[i];
      const bool last = i + 1 == steps.size();
      if (step.index >= 0) {
        if (at->tag != "L") return false;
        if (step.index >= static_cast<int>(at->elements.size())) {
          if (last && action.set) appended[print(Steps(steps.begin(), steps.end() - 1))][step.index] = action.value;
          return last;
        }
        at = &at->elements[static_cast<std::size_t>(step.index)];
      } else {
        if (at->tag != "M") return false;
        if (last && !action.set) {
          at->fields.erase(step.name);
          return true;
        }
        if (!last && !at->fields.count(step.name)) return false;
        at = &at->fields[step.name];
      }
    }
    if (action.set)
      *at = action.value;
    else
      at->tag = kTombstone;
    return true;
  }

  void finish() { finish(item, {}); }
  void finish(Model& value, const Steps& path) {
    const auto below = [&](Model& child, Step step) {
      auto longer = path;
      longer.push_back(std::move(step));
      finish(child, longer);
    };
    for (auto& [name, field] : value.fields) below(field, {name});
    for (std::size_t i = 0; i < value.elements.size(); ++i) below(value.elements[i], {"", static_cast<int>(i)});
    value.elements.erase(std::remove_if(value.elements.begin(), value.elements.end(),
                                        [](const Model& element) { return element.tag == kTombstone; }),
                         value.elements.end());
    if (const auto waiting = appended.find(print(path)); waiting != appended.end()) {
      for (const auto& [_, element] : waiting->second) value.elements.push_back(element);
    }
  }
};

unsigned seed() { return Catch::rngSeed() ? Catch::rngSeed() : 20'250'301; }

}  // namespace

TEST_CASE("Random conditions hold exactly when a plain model says so") {
  INFO("seed (--rng-seed): " << seed());
  Dice dice(seed());
  int held = 0;
  int refused = 0;
  constexpr int kRounds = 4'000;
  for (int round = 0; round < kRounds; ++round) {
    const auto model = random_item(dice);
    Values values;
    const auto judgement = random_condition(dice, model, values, 3);
    const auto bytes = item(item_json(model));
    CAPTURE(judgement.text, values.json(), item_json(model));
    auto bound = placeholders("", values.json());
    std::optional<Condition> condition;
    const auto error = error_of([&] { condition = Condition::parse(judgement.text, "FilterExpression", bound); });
    if (!condition) {  // Two operands may be one path, and bounds of BETWEEN out of order.
      REQUIRE((error.find("must be distinct") != std::string::npos || error.find("BETWEEN") != std::string::npos));
      ++refused;
      continue;
    }
    REQUIRE(condition->holds(bytes.view()) == judgement.holds);
    CHECK_NOTHROW(bound.check_all_used());
    held += judgement.holds;
  }
  CHECK(refused < kRounds / 2);
  CHECK(held > kRounds / 10);
  CHECK(held < kRounds * 9 / 10);
}

TEST_CASE("Random updates make exactly the item that a plain model makes") {
  INFO("seed (--rng-seed): " << seed());
  Dice dice(seed());
  int applied = 0;
  constexpr int kRounds = 4'000;
  for (int round = 0; round < kRounds; ++round) {
    const auto model = random_item(dice);
    Values values;
    std::vector<Action> actions;
    std::string sets;
    std::string removes;
    for (int i = dice.below(4); i >= 0; --i) {
      Action action{dice.one_in(2), random_path(dice, model), random_value(dice, 1)};
      if (action.set)
        sets += (sets.empty() ? "SET " : ", ") + print(action.target) + " = " + values.placeholder(action.value);
      else
        removes += (removes.empty() ? "REMOVE " : ", ") + print(action.target);
      actions.push_back(std::move(action));
    }
    const auto expression = sets + " " + removes;
    const auto bytes = item(item_json(model));
    CAPTURE(expression, values.json(), item_json(model));
    auto bound = placeholders("", values.json());
    std::optional<Update> update;
    const auto refusal = error_of([&] { update = Update::parse(expression, bound); });
    if (!update) {
      REQUIRE(refusal.find("Two document paths") != std::string::npos);
      continue;
    }
    Draft draft{model, {}};
    bool possible = true;
    for (const auto& action : actions) possible = draft.apply(action) && possible;
    std::optional<Item> after;
    const auto error = error_of([&] { after = update->apply(bytes.view()); }, false);
    REQUIRE(error == (possible ? "" : "The document path provided in the update expression is invalid for update"));
    if (!possible) continue;
    draft.finish();
    REQUIRE(text(*after) == text(item(item_json(draft.item))));
    REQUIRE(*after == item(item_json(draft.item)));
    ++applied;
  }
  CHECK(applied > kRounds / 10);
}

TEST_CASE("Random projections find what each of their paths finds") {
  INFO("seed (--rng-seed): " << seed());
  Dice dice(seed());
  for (int round = 0; round < 2'000; ++round) {
    const auto model = random_item(dice);
    const auto bytes = item(item_json(model));
    const auto path = random_path(dice, model);
    auto none = Placeholders();
    const auto projection = Projection::parse(print(path), none);
    // Alone, each element of a list is the first of its list.
    auto compact = path;
    for (auto& step : compact) step.index = std::min(step.index, 0);
    const auto part = projection.apply(bytes.view());
    const auto* expected = find(path, model);
    CAPTURE(print(path), item_json(model), text(part));
    if (!expected) {
      CHECK(text(part) == "{}");
      continue;
    }
    const auto at = Projection::parse(print(compact), none).paths()[0];
    REQUIRE(resolve(at, part.view()).has_value());
    CHECK(*resolve(at, part.view()) == *resolve(projection.paths()[0], bytes.view()));
    CHECK(Projection({at}).apply(part.view()) == part);
  }
}

#include "server/seed/template.h"

#include <algorithm>
#include <stdexcept>

namespace shoal::seed {
namespace {

const std::map<std::string, std::string> kPseudoParameters{{"AWS::AccountId", "000000000000"},
                                                           {"AWS::Partition", "aws"},
                                                           {"AWS::Region", "us-east-1"},
                                                           {"AWS::StackName", "shoal"},
                                                           {"AWS::URLSuffix", "amazonaws.com"}};

// AWS::NoValue
Json nothing() { return Json(Json::value_t::discarded); }

std::string scalar(const Json& value) {
  if (value.is_string()) return value;
  if (const auto number = number_text(value)) return *number;
  if (value.is_boolean()) return value ? "true" : "false";
  throw std::runtime_error("a text is expected, not " + std::string(value.type_name()));
}

const Json& section(const Json& document, const char* name) {
  static const Json kNone = Json::object();
  const auto found = document.find(name);
  return found != document.end() && found->is_object() ? *found : kNone;
}

void need(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error(what);
}

Json pieces(const std::string& text, const std::string& delimiter) {
  Json list = Json::array();
  for (std::size_t from = 0;;) {
    const auto to = delimiter.empty() ? std::string::npos : text.find(delimiter, from);
    list.push_back(text.substr(from, to - from));
    if (to == std::string::npos) return list;
    from = to + delimiter.size();
  }
}

}  // namespace

Template::Template(const Json& document, std::map<std::string, std::string> given)
    : document_(document), given_(std::move(given)) {}

const std::map<std::string, Template::Function>& Template::functions() {
  static const std::map<std::string, Function> kFunctions{{"Ref", &Template::ref},
                                                          {"Fn::Sub", &Template::sub},
                                                          {"Fn::Join", &Template::join},
                                                          {"Fn::Select", &Template::select},
                                                          {"Fn::Split", &Template::split},
                                                          {"Fn::If", &Template::choose},
                                                          {"Fn::FindInMap", &Template::find_in_map}};
  return kFunctions;
}

Json Template::resolve(const Json& value) const {
  if (value.is_array()) {
    Json list = Json::array();
    for (const auto& element : value) {
      auto resolved = resolve(element);
      if (!resolved.is_discarded()) list.push_back(std::move(resolved));
    }
    return list;
  }
  if (!value.is_object()) return value;
  if (value.size() == 1) {
    const auto& name = value.begin().key();
    const auto function = functions().find(name);
    if (function != functions().end()) return (this->*function->second)(value.begin().value());
    if (name.starts_with("Fn::")) throw std::runtime_error(name + " cannot be worked out from the template alone");
  }
  Json object = Json::object();
  for (const auto& [name, member] : value.items()) {
    auto resolved = resolve(member);
    if (!resolved.is_discarded()) object[name] = std::move(resolved);
  }
  return object;
}

std::string Template::text(const Json& value) const { return scalar(resolve(value)); }

std::optional<Json> Template::parameter(const std::string& name) const {
  const auto& declared = section(document_, "Parameters");
  const auto found = declared.find(name);
  std::optional<std::string> value;
  if (const auto given = given_.find(name); given != given_.end()) {
    value = given->second;
  } else if (found != declared.end()) {
    if (!found->contains("Default"))
      throw std::runtime_error("parameter " + name + " has no default: --parameter " + name + "=...");
    value = scalar(found->at("Default"));
  } else if (const auto pseudo = kPseudoParameters.find(name); pseudo != kPseudoParameters.end()) {
    value = pseudo->second;
  }
  if (!value) return std::nullopt;
  const bool is_list = found != declared.end() && found->value("Type", "") == "CommaDelimitedList";
  return is_list ? pieces(*value, ",") : Json(*value);
}

Json Template::ref(const Json& name) const {
  need(name.is_string(), "Ref takes a name");
  if (name == "AWS::NoValue") return nothing();
  if (auto value = parameter(name)) return std::move(*value);
  const auto& resources = section(document_, "Resources");
  const auto resource = resources.find(name.get<std::string>());
  if (resource == resources.end())
    throw std::runtime_error("Ref of " + name.get<std::string>() + ", which is not there");
  throw std::runtime_error("Ref of the resource " + name.get<std::string>() +
                           " cannot be worked out from the template alone");
}

Json Template::sub(const Json& arguments) const {
  const bool has_own = arguments.is_array();
  need(has_own ? arguments.size() == 2 && arguments[0].is_string() && arguments[1].is_object() : arguments.is_string(),
       "Fn::Sub takes a text, or a text and its variables");
  const std::string text = has_own ? arguments[0] : arguments;
  std::string out;
  for (std::size_t at = 0;;) {
    const auto open = text.find("${", at);
    const auto close = open == std::string::npos ? open : text.find('}', open);
    out.append(text, at, close == std::string::npos ? close : open - at);
    if (close == std::string::npos) return out;
    const auto name = text.substr(open + 2, close - open - 2);
    at = close + 1;
    if (name.starts_with('!')) {  // ${!Name} is ${Name} to the letter.
      out += "${" + name.substr(1) + "}";
    } else {
      out += has_own && arguments[1].contains(name) ? this->text(arguments[1][name]) : scalar(ref(name));
    }
  }
}

Json Template::join(const Json& arguments) const {
  need(arguments.is_array() && arguments.size() == 2, "Fn::Join takes a delimiter and a list");
  const auto list = resolve(arguments[1]);
  need(list.is_array(), "Fn::Join takes a delimiter and a list");
  std::string out;
  for (const auto& element : list) out += (&element == &list.front() ? "" : text(arguments[0])) + scalar(element);
  return out;
}

Json Template::select(const Json& arguments) const {
  need(arguments.is_array() && arguments.size() == 2, "Fn::Select takes an index and a list");
  const auto list = resolve(arguments[1]);
  const auto index = std::stoul(text(arguments[0]));
  need(list.is_array() && index < list.size(), "Fn::Select's index is not in its list");
  return list[index];
}

Json Template::split(const Json& arguments) const {
  need(arguments.is_array() && arguments.size() == 2, "Fn::Split takes a delimiter and a text");
  return pieces(text(arguments[1]), text(arguments[0]));
}

Json Template::choose(const Json& arguments) const {
  need(arguments.is_array() && arguments.size() == 3 && arguments[0].is_string(),
       "Fn::If takes a condition's name and two values");
  return resolve(arguments[condition(arguments[0]) ? 1 : 2]);
}

Json Template::find_in_map(const Json& arguments) const {
  need(arguments.is_array() && arguments.size() >= 3, "Fn::FindInMap takes a map's name and two keys");
  const Json* found = &section(document_, "Mappings");
  for (std::size_t i = 0; i < 3; ++i) {
    const auto key = text(arguments[i]);
    if (!found->is_object() || !found->contains(key)) {
      const bool has_default =
          arguments.size() == 4 && arguments[3].is_object() && arguments[3].contains("DefaultValue");
      if (has_default) return resolve(arguments[3]["DefaultValue"]);
      throw std::runtime_error("Fn::FindInMap does not find " + key);
    }
    found = &(*found)[key];
  }
  return *found;
}

bool Template::condition(const std::string& name) const {
  const auto& conditions = section(document_, "Conditions");
  if (!conditions.contains(name)) throw std::runtime_error("no condition is called " + name);
  const auto [known, is_new] = conditions_.try_emplace(name);
  if (is_new) {
    try {
      known->second = holds(conditions[name]);
    } catch (...) {
      conditions_.erase(known);
      throw;
    }
  }
  if (!known->second) throw std::runtime_error("the condition " + name + " depends on itself");
  return *known->second;
}

bool Template::holds(const Json& condition) const {
  need(condition.is_object() && condition.size() == 1, "a condition is one function");
  const auto& name = condition.begin().key();
  const auto& arguments = condition.begin().value();
  if (name == "Condition") return this->condition(arguments.get<std::string>());
  need(arguments.is_array(), "a condition's function takes a list");
  const auto each = [&](const Json& argument) { return holds(argument); };
  if (name == "Fn::And") return std::all_of(arguments.begin(), arguments.end(), each);
  if (name == "Fn::Or") return std::any_of(arguments.begin(), arguments.end(), each);
  if (name == "Fn::Not" && arguments.size() == 1) return !holds(arguments[0]);
  if (name == "Fn::Equals" && arguments.size() == 2) return text(arguments[0]) == text(arguments[1]);
  throw std::runtime_error("not a condition: " + name);
}

}  // namespace shoal::seed

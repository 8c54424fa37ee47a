// /_shoal/faults: the rules of faults on demand. docs/faults.md is their manual.
#include "server/faults/faults.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <random>

#include "protocol/model/patterns.h"
#include "protocol/model/shapes.h"
#include "server/control/endpoint.h"

namespace shoal {

using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kTimeMsMax = 3'600'000;
constexpr std::uint64_t kCountMax = std::numeric_limits<std::int64_t>::max();

// "a, b, c"
template <class List, class Name>
std::string joined(const List& list, Name name) {
  std::string text;
  for (const auto& element : list) text.append(text.empty() ? "" : ", ").append(name(element));
  return text;
}

std::string all_faults() {
  return joined(fault_kinds(), [](const FaultKind& kind) { return kind.name; });
}

const FaultKind& read_kind(const Json& rule) {
  const auto name = rule.find("fault");
  if (name == rule.end() || !name->is_string()) throw ControlError("a rule needs a \"fault\": one of " + all_faults());
  for (const auto& kind : fault_kinds()) {
    if (kind.name == name->get_ref<const std::string&>()) return kind;
  }
  throw ControlError("there is no fault " + name->dump() + ": one of " + all_faults());
}

void check_members(const Json& rule, const FaultKind& kind) {
  std::vector<std::string_view> known{"fault", "table", "operation", "probability", "seed", "next"};
  if (!kind.time.empty()) known.push_back(kind.time);
  if (kind.fault == Fault::unprocessed) known.insert(known.end(), {"fraction", "count"});
  for (const auto& [name, _] : rule.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw ControlError(std::string(kind.name) + " has no parameter " + Json(name).dump() + ": it has " +
                       joined(known, [](auto member) { return member; }));
  }
}

std::string read_text(const Json& rule, const char* name) {
  const auto member = rule.find(name);
  if (member == rule.end()) return {};
  if (!member->is_string() || member->get_ref<const std::string&>().empty()) {
    throw ControlError(std::string(name) + " must be a name, or absent for any");
  }
  return member->get<std::string>();
}

std::string read_table(const Json& rule) {
  auto table = read_text(rule, "table");
  if (!table.empty() && (table.size() < 3 || table.size() > 255 || !model::is_resource_name(table))) {
    throw ControlError("table must be the name of a table");
  }
  return table;
}

std::string read_operation(const Json& rule, const FaultKind& kind) {
  auto operation = read_text(rule, "operation");
  if (operation.empty()) return operation;
  const auto known = model::operations();
  if (std::none_of(known.begin(), known.end(), [&](const auto& model) { return model.name == operation; })) {
    throw ControlError("there is no operation " + Json(operation).dump());
  }
  if (!can_strike(kind.fault, operation)) {
    throw ControlError(std::string(kind.name) + " cannot strike " + operation + ", only " +
                       joined(kind.operations, [](auto name) { return name; }));
  }
  return operation;
}

std::optional<std::uint64_t> read_whole(const Json& rule, std::string_view name, std::uint64_t min, std::uint64_t max) {
  const auto member = rule.find(std::string(name));
  if (member == rule.end()) return std::nullopt;
  if (!member->is_number_unsigned() || member->get<std::uint64_t>() < min || member->get<std::uint64_t>() > max) {
    throw ControlError(std::string(name) + " must be a whole number from " + std::to_string(min) + " to " +
                       std::to_string(max));
  }
  return member->get<std::uint64_t>();
}

std::optional<double> read_share(const Json& rule, const char* name) {
  const auto member = rule.find(name);
  if (member == rule.end()) return std::nullopt;
  if (!member->is_number() || member->get<double>() < 0 || member->get<double>() > 1) {
    throw ControlError(std::string(name) + " must be a number from 0 to 1");
  }
  return member->get<double>();
}

void read_parameters(const Json& input, const FaultKind& kind, FaultRule& rule) {
  if (!kind.time.empty()) {
    const auto time = read_whole(input, kind.time, 1, kTimeMsMax);
    if (!time) throw ControlError(std::string(kind.name) + " needs " + std::string(kind.time));
    rule.time = std::chrono::milliseconds(*time);
  }
  if (kind.fault != Fault::unprocessed) return;
  const auto fraction = read_share(input, "fraction");
  rule.count = read_whole(input, "count", 1, kCountMax);
  if (fraction.has_value() == rule.count.has_value()) {
    throw ControlError("unprocessed needs either fraction or count");
  }
  rule.fraction = fraction.value_or(0);
}

void read_frequency(const Json& input, FaultRule& rule) {
  rule.probability = read_share(input, "probability");
  rule.next = read_whole(input, "next", 1, kCountMax);
  if (rule.probability && rule.next) throw ControlError("a rule has either probability or next");
  const auto seed = read_whole(input, "seed", 0, kCountMax);
  if (seed && !rule.probability) throw ControlError("a seed is for a rule with probability");
  // A seed that was not given is shown, so that what happened can be had again.
  rule.seed = seed ? *seed : std::random_device()();
}

FaultRule read_rule(const Json& input) {
  if (!input.is_object()) throw ControlError("the body must be a rule or a list of rules: {\"fault\": ...}");
  const auto& kind = read_kind(input);
  check_members(input, kind);
  FaultRule rule{kind.fault};
  rule.table = read_table(input);
  rule.operation = read_operation(input, kind);
  read_parameters(input, kind, rule);
  read_frequency(input, rule);
  return rule;
}

Json shown(const FaultRule& rule) {
  const auto& kind = kind_of(rule.fault);
  Json shown{{"fault", kind.name}, {"struck", rule.struck}};
  if (!rule.table.empty()) shown["table"] = rule.table;
  if (!rule.operation.empty()) shown["operation"] = rule.operation;
  if (!kind.time.empty()) shown[std::string(kind.time)] = rule.time.count();
  if (rule.count)
    shown["count"] = *rule.count;
  else if (rule.fault == Fault::unprocessed)
    shown["fraction"] = rule.fraction;
  if (rule.next) shown["next"] = *rule.next;
  if (rule.probability) shown.update({{"probability", *rule.probability}, {"seed", rule.seed}});
  return shown;
}

}  // namespace

Json show_faults(const Services& services, const Json&) {
  auto rules = Json::array();
  for (const auto& rule : services.faults.list()) rules.push_back(shown(rule));
  return {{"rules", std::move(rules)}};
}

Json set_faults(const Services& services, const Json& body) {
  std::vector<FaultRule> rules;
  if (body.is_array()) {
    for (const auto& rule : body) rules.push_back(read_rule(rule));
  } else {
    rules.push_back(read_rule(body));
  }
  try {
    services.faults.set(rules);
  } catch (const TooManyFaults& error) {
    throw ControlError(error.what());
  }
  return show_faults(services, body);
}

Json clear_faults(const Services& services, const Json& body) {
  services.faults.clear();
  return show_faults(services, body);
}

}  // namespace shoal

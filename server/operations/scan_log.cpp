#include "server/operations/scan_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

namespace shoal {
namespace {

constexpr std::size_t kShapesMax = 1'000;  // Nothing is told of more.

// Whether this has not been asked before.
bool is_new(std::string shape) {
  static std::mutex mutex;
  static std::set<std::string> known;
  const std::lock_guard lock(mutex);
  return known.size() < kShapesMax && known.insert(std::move(shape)).second;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

// Adds a literal or parameter; one of a list's is as good as all.
void append_literal(std::string& shape) {
  if (shape.ends_with("?, ") || shape.ends_with("?,"))
    shape.erase(shape.rfind(','));
  else
    shape += '?';
}

// The first position from `at` on where the text has `end`, and then after it; its end when it never has.
std::size_t after(std::string_view text, std::size_t at, std::string_view end) {
  const auto found = text.find(end, at);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

std::size_t skip_number(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_word(text[at]) || text[at] == '.' ||
                              ((text[at] == '+' || text[at] == '-') && (text[at - 1] | 0x20) == 'e'))) {
    ++at;
  }
  return at;
}

std::size_t skip_word(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

bool holds_all(const Conditions& conditions, const std::vector<KeyAttribute>& attributes) {
  return std::all_of(attributes.begin(), attributes.end(), [&](const KeyAttribute& attribute) {
    return held_type(conditions, attribute.name) == attribute.type;
  });
}

// The name of an attribute and the type that it would have as a key.
std::string described(const std::string& attribute, Type type) {
  return attribute + " (" + std::string(type_name(type)) + ')';
}

}  // namespace

std::string statement_shape(std::string_view statement) {
  std::string shape;
  bool space = false;
  for (std::size_t at = 0; at < statement.size();) {
    const char c = statement[at];
    const auto rest = statement.substr(at);
    if (is_space(c) || rest.starts_with("--") || rest.starts_with("/*")) {
      space = !shape.empty();
      at = is_space(c) ? at + 1 : after(statement, at + 2, c == '-' ? "\n" : "*/");
      continue;
    }
    if (std::exchange(space, false)) shape += ' ';
    auto end = at + 1;
    if (c == '?' || c == '\'' || is_digit(c)) {
      if (c == '\'') end = after(statement, at + 1, "'");
      if (is_digit(c)) end = skip_number(statement, at);
      const bool goes_on = c == '\'' && at > 0 && statement[at - 1] == '\'';  // The rest of 'it''s'.
      if (!goes_on) append_literal(shape);
      at = end;
      continue;
    }
    if (c == '"')
      end = after(statement, at + 1, "\"");
    else if (is_word(c))
      end = skip_word(statement, at);
    shape += statement.substr(at, end - at);
    at = end;
  }
  return shape;
}

std::string scan_advice(const PageRequest& page, const Conditions& conditions) {
  const auto& table = *page.table;
  if (page.index && holds_all(conditions, table.key.partition)) return "the table itself would serve it";
  for (const auto& index : table.indexes) {
    if (&index != page.index && holds_all(conditions, index.key.partition)) {
      return "its index " + index.name + " would serve it: FROM \"" + table.name + "\".\"" + index.name + '"';
    }
  }
  std::string partition, sort;
  for (const auto& name : compared_attributes(conditions)) {
    const auto held = held_type(conditions, name);
    if (held && partition.empty())
      partition = described(name, *held);
    else if (sort.empty())
      sort = name;
  }
  if (partition.empty()) return "no index would serve it, since = and IN hold no attribute to values";
  return "a global secondary index with the partition key " + partition +
         (sort.empty() ? "" : " and the sort key " + sort) + " would serve it";
}

void log_scan(const Call& call, std::string_view statement, const PageRequest& page, const Conditions& conditions) {
  if (conditions.empty()) return;  // Who asks for everything gets everything.
  const auto shape = statement_shape(statement);
  if (!is_new(call.account + ' ' + call.region + ' ' + shape)) return;
  spdlog::warn("{}: {} reads the whole of {}; {}", call.operation.name, shape,
               page.index ? page.table->name + '.' + page.index->name : page.table->name,
               scan_advice(page, conditions));
}

}  // namespace shoal

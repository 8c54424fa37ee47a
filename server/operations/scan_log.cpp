#include "server/operations/scan_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "protocol/partiql/lexer.h"

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

// Adds a literal or parameter; one of a list's is as good as all.
void append_literal(std::string& shape) {
  if (shape.ends_with("?, ") || shape.ends_with("?,"))
    shape.erase(shape.rfind(','));
  else
    shape += '?';
}

// A quote that does not end begins a literal, too.
bool is_literal(const partiql::Token& token) {
  using partiql::TokenType;
  return token.type == TokenType::parameter || token.type == TokenType::string || token.type == TokenType::number ||
         (token.type == TokenType::unreadable && token.text.starts_with('\''));
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
  std::size_t end = 0;  // Of the token before.
  partiql::Lexer lexer(statement);
  for (auto token = lexer.next(); !token.text.empty(); token = lexer.next()) {
    if (token.text.starts_with("/*")) break;  // A comment that does not end.
    if (!shape.empty() && token.offset > end) shape += ' ';
    end = token.offset + token.text.size();
    if (is_literal(token))
      append_literal(shape);
    else
      shape += token.text;
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

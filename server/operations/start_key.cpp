#include "server/operations/start_key.h"

#include <set>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "server/operations/item_keys.h"
#include "storage/items.h"

namespace shoal {
namespace {

// Production passes these on as they are.
bool comes_bare(std::string_view message) {
  for (const std::string_view part : {"contains duplicates", "An number set", "converted to a numeric value",
                                      "38 significant digits", "Attempting to store a number with magnitude"}) {
    if (message.find(part) != std::string_view::npos) return true;
  }
  return false;
}

std::set<std::string_view> key_names(const Table& table, const Index* index) {
  std::set<std::string_view> names;
  for (const auto* schema : {&table.key, index ? &index->key : &table.key}) {
    for (const auto& attribute : schema->partition) names.insert(attribute.name);
    for (const auto& attribute : schema->sort) names.insert(attribute.name);
  }
  return names;
}

}  // namespace

std::optional<Item> read_start_key(const Call& call) {
  const auto start = call.input.find("ExclusiveStartKey");
  if (!start) return std::nullopt;
  try {
    return json::read_item(start, call.operation.wording);
  } catch (const Error& error) {
    if (comes_bare(error.message())) throw;
    throw request_error("The provided starting key is invalid: " + error.message());
  }
}

bool names_key(const Table& table, const Index* index, ItemView start) {
  const auto names = key_names(table, index);
  if (start.count() != names.size()) return false;
  for (const auto field : start.fields()) {
    if (!names.contains(field.name)) return false;
  }
  return true;
}

bool matches_key(const Table& table, const Index* index, ItemView start) {
  const auto fits = [start](const KeySchema& schema) {
    return matches(schema.partition, start) && matches(schema.sort, start);
  };
  return fits(table.key) && (!index || fits(index->key));
}

void check_start_values(const Table& table, const Index* index, ItemView start) {
  try {
    check_key_not_empty(table, start);
    if (index) check_index_key(*index, start);
  } catch (const Error& error) {
    throw validation_error("The provided starting key is invalid: " + error.message());
  }
}

std::string stored_key(const Table& table, const Index* index, ItemView start) {
  return index ? entry_key(table, *index, start) : item_key(table, start);
}

}  // namespace shoal

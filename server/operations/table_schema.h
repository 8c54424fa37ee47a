// The key schemas, attribute definitions and indexes of CreateTable and UpdateTable, held against one another: the
// rules of reference order that the model does not state, each with production's message.
//
//   const AttributeDefinitions definitions(call.input.find("AttributeDefinitions"));
//   table.key = read_table_key(call.input.find("KeySchema"), definitions);
//   table.indexes = read_indexes(call.input, table, definitions);
//   check_all_used(table, definitions);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json/reader.h"
#include "storage/catalog.h"

namespace shoal {

inline constexpr std::size_t kGlobalIndexesMax = 20;

// ValidationException "One or more parameter values were invalid: <what>".
Error invalid_parameters(std::string_view what);

// "[a, b]", as production prints a collection of names.
std::string name_list(const std::vector<std::string_view>& names);

class AttributeDefinitions {
 public:
  explicit AttributeDefinitions(json::Json definitions);
  // Those of `definitions` besides what the keys of a table already define, which they must agree with.
  AttributeDefinitions(const Table& table, json::Json definitions);

  std::size_t size() const { return attributes_.size(); }
  std::optional<Type> type_of(std::string_view name) const;
  std::vector<std::string_view> names() const;

 private:
  std::vector<KeyAttribute> attributes_;
};

KeySchema read_table_key(json::Json key_schema, const AttributeDefinitions& definitions);

// A member of GlobalSecondaryIndexes, or a Create of UpdateTable, for a table of the given billing mode. Settings of
// throughput included.
Index read_global_index(json::Json index, const Table& table, const AttributeDefinitions& definitions);

// All indexes of a CreateTable, in the order in which a table keeps them. Needs the table's key and billing mode.
std::vector<Index> read_indexes(json::Json input, const Table& table, const AttributeDefinitions& definitions);

// Puts the index in its place among the others.
void add_index(std::vector<Index>& indexes, Index index);

// At most 100 projected attributes over all indexes.
void check_projected_count(const std::vector<Index>& indexes);

// Refuses a definition of an attribute that is no key attribute.
void check_all_used(const Table& table, const AttributeDefinitions& definitions);

// Every key attribute of the table and its indexes, once, in order of first use.
std::vector<KeyAttribute> key_attributes(const Table& table);

}  // namespace shoal

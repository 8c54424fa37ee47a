// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
#include "server/operations/table_schema.h"

#include <algorithm>

#include "server/operations/table_throughput.h"

namespace shoal {
namespace {

constexpr std::size_t kLocalIndexesMax = 5;
constexpr std::size_t kProjectedAttributesMax = 100;
constexpr std::size_t kKeyAttributesMax = 4;  // of either part of a global index's key

struct KeyElement {
  std::string_view name;
  bool hash;
};

std::vector<KeyElement> read_elements(json::Json key_schema) {
  std::vector<KeyElement> elements;
  for (const auto [index, element] : key_schema) {
    elements.push_back({element.find("AttributeName").string(), element.find("KeyType").string() == "HASH"});
  }
  return elements;
}

void check_defined(const std::vector<KeyElement>& elements, const AttributeDefinitions& definitions) {
  std::vector<std::string_view> names;
  for (const auto& element : elements) names.push_back(element.name);
  for (const auto& name : names) {
    if (definitions.type_of(name)) continue;
    throw invalid_parameters("Some index key attributes are not defined in AttributeDefinitions. Keys: " +
                             name_list(names) + ", AttributeDefinitions: " + name_list(definitions.names()));
  }
}

// One HASH, then at most one RANGE.
void check_order(const std::vector<KeyElement>& elements) {
  if (elements.size() > 1 && elements[0].name == elements[1].name) {
    throw validation_error("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (!elements[0].hash) throw validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (elements.size() > 1 && elements[1].hash) {
    throw validation_error("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
}

KeySchema make_key(const std::vector<KeyElement>& elements, const AttributeDefinitions& definitions) {
  KeySchema key;
  for (const auto& element : elements) {
    auto& part = element.hash ? key.partition : key.sort;
    part.push_back({std::string(element.name), definitions.type_of(element.name).value()});
  }
  return key;
}

KeySchema read_local_key(json::Json key_schema, const AttributeDefinitions& definitions) {
  const auto elements = read_elements(key_schema);
  check_defined(elements, definitions);
  check_order(elements);
  return make_key(elements, definitions);
}

// One to four HASH, then at most four RANGE, all of different names.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
void check_global_order(const std::vector<KeyElement>& elements, std::string_view index) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto same = [&](const KeyElement& other) { return other.name == elements[i].name; };
    if (std::any_of(elements.begin() + static_cast<std::ptrdiff_t>(i) + 1, elements.end(), same)) {
      throw validation_error("Both the Hash Key and the Range Key element in the KeySchema have the same name");
    }
  }
  if (!elements[0].hash) throw validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  const auto is_hash = [](const KeyElement& element) { return element.hash; };
  if (!std::is_partitioned(elements.begin(), elements.end(), is_hash)) {
    throw validation_error("Invalid KeySchema: All HASH key elements must come before the RANGE key elements");
  }
  const auto hashes = static_cast<std::size_t>(std::count_if(elements.begin(), elements.end(), is_hash));
  for (const auto& [type, count] : {std::pair("HASH", hashes), std::pair("RANGE", elements.size() - hashes)}) {
    if (count <= kKeyAttributesMax) continue;
    throw invalid_parameters("Number of " + std::string(type) + " key attributes exceeds the limit of " +
                             std::to_string(kKeyAttributesMax) + " for index: " + std::string(index));
  }
}

KeySchema read_global_key(json::Json key_schema, const AttributeDefinitions& definitions, std::string_view index) {
  const auto elements = read_elements(key_schema);
  check_defined(elements, definitions);
  check_global_order(elements, index);
  return make_key(elements, definitions);
}

void read_projection(json::Json projection, Index& index) {
  const auto type = projection.find("ProjectionType");
  if (!type) throw invalid_parameters("Unknown ProjectionType: null");
  const auto names = projection.find("NonKeyAttributes");
  index.projection = type.string() == "ALL"         ? ProjectionType::all
                     : type.string() == "KEYS_ONLY" ? ProjectionType::keys_only
                                                    : ProjectionType::include;
  if (index.projection == ProjectionType::include && !names) {
    throw invalid_parameters("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (index.projection != ProjectionType::include && names) {
    throw invalid_parameters("ProjectionType is " + std::string(type.string()) + ", but NonKeyAttributes is specified");
  }
  if (!names) return;
  for (const auto [position, name] : names) index.non_key_attributes.emplace_back(name.string());
}

void check_name_free(const std::vector<Index>& indexes, const std::string& name) {
  const bool taken =
      std::any_of(indexes.begin(), indexes.end(), [&](const Index& other) { return other.name == name; });
  if (taken) throw invalid_parameters("Duplicate index name: " + name);
}

Index read_local_index(json::Json json, const Table& table, const AttributeDefinitions& definitions) {
  Index index;
  index.name = json.find("IndexName").string();
  index.key = read_local_key(json.find("KeySchema"), definitions);
  if (index.key.sort.empty()) {
    throw invalid_parameters("Index KeySchema does not have a range key for index: " + index.name);
  }
  const auto& hash = index.key.partition[0].name;
  const auto& table_hash = table.key.partition[0].name;
  if (hash != table_hash) {
    throw invalid_parameters("Index KeySchema does not have the same leading hash key as table KeySchema for index: " +
                             index.name + ". index hash key: " + hash + ", table hash key: " + table_hash);
  }
  read_projection(json.find("Projection"), index);
  return index;
}

std::vector<Index> read_global_indexes(json::Json list, const Table& table, const AttributeDefinitions& definitions) {
  std::vector<Index> indexes;
  if (!list) return indexes;
  if (list.size() == 0) throw invalid_parameters("List of GlobalSecondaryIndexes is empty");
  for (const auto [position, json] : list) {
    auto index = read_global_index(json, table, definitions);
    check_name_free(indexes, index.name);
    indexes.push_back(std::move(index));
  }
  if (indexes.size() > kGlobalIndexesMax) {
    throw invalid_parameters("GlobalSecondaryIndex count exceeds the per-table limit of " +
                             std::to_string(kGlobalIndexesMax));
  }
  return indexes;
}

// Adds the local indexes to the global ones.
void read_local_indexes(json::Json list, const Table& table, const AttributeDefinitions& definitions,
                        std::vector<Index>& indexes) {
  if (!list) return;
  if (list.size() == 0) throw invalid_parameters("List of LocalSecondaryIndexes is empty");
  if (table.key.sort.empty()) {
    throw invalid_parameters(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
  }
  for (const auto [position, json] : list) {
    auto index = read_local_index(json, table, definitions);
    check_name_free(indexes, index.name);
    indexes.push_back(std::move(index));
  }
  if (list.size() > kLocalIndexesMax) {
    throw invalid_parameters("Number of LocalSecondaryIndexes exceeds per-table limit of " +
                             std::to_string(kLocalIndexesMax));
  }
}

bool comes_first(const Index& a, const Index& b) { return a.global != b.global ? b.global : a.name < b.name; }

}  // namespace

Error invalid_parameters(std::string_view what) {
  return validation_error("One or more parameter values were invalid: " + std::string(what));
}

std::string name_list(const std::vector<std::string_view>& names) {
  std::string list = "[";
  for (const auto name : names) {
    if (list.size() > 1) list += ", ";
    list += name;
  }
  return list += ']';
}

AttributeDefinitions::AttributeDefinitions(json::Json definitions) {
  for (const auto [position, definition] : definitions) {
    attributes_.push_back({std::string(definition.find("AttributeName").string()),
                           type_named(definition.find("AttributeType").string()).value()});
  }
}

AttributeDefinitions::AttributeDefinitions(const Table& table, json::Json definitions)
    : attributes_(key_attributes(table)) {
  if (!definitions) return;
  for (auto& added : AttributeDefinitions(definitions).attributes_) {
    const auto known = type_of(added.name);
    if (known && *known != added.type) {
      throw invalid_parameters("Attribute " + added.name + " is a key attribute of type " +
                               std::string(type_name(*known)) + ", which cannot be changed to " +
                               std::string(type_name(added.type)));
    }
    if (!known) attributes_.push_back(std::move(added));
  }
}

std::optional<Type> AttributeDefinitions::type_of(std::string_view name) const {
  for (const auto& attribute : attributes_) {
    if (attribute.name == name) return attribute.type;
  }
  return std::nullopt;
}

std::vector<std::string_view> AttributeDefinitions::names() const {
  std::vector<std::string_view> names;
  for (const auto& attribute : attributes_) names.push_back(attribute.name);
  return names;
}

KeySchema read_table_key(json::Json key_schema, const AttributeDefinitions& definitions) {
  const auto elements = read_elements(key_schema);
  if (elements.size() > definitions.size()) {
    throw validation_error("Invalid KeySchema: Some index key attribute have no definition");
  }
  check_defined(elements, definitions);
  check_order(elements);
  return make_key(elements, definitions);
}

Index read_global_index(json::Json json, const Table& table, const AttributeDefinitions& definitions) {
  Index index;
  index.global = true;
  index.name = json.find("IndexName").string();
  index.key = read_global_key(json.find("KeySchema"), definitions, index.name);
  read_projection(json.find("Projection"), index);
  read_index_throughput(json, table.billing, index);
  return index;
}

// Production looks at the global ones first.
std::vector<Index> read_indexes(json::Json input, const Table& table, const AttributeDefinitions& definitions) {
  auto indexes = read_global_indexes(input.find("GlobalSecondaryIndexes"), table, definitions);
  read_local_indexes(input.find("LocalSecondaryIndexes"), table, definitions, indexes);
  check_projected_count(indexes);
  std::sort(indexes.begin(), indexes.end(), comes_first);
  return indexes;
}

void add_index(std::vector<Index>& indexes, Index index) {
  const auto place = std::upper_bound(indexes.begin(), indexes.end(), index, comes_first);
  indexes.insert(place, std::move(index));
}

void check_projected_count(const std::vector<Index>& indexes) {
  std::size_t projected = 0;
  for (const auto& index : indexes) projected += index.non_key_attributes.size();
  if (projected > kProjectedAttributesMax) {
    throw invalid_parameters("Number of NonKeyAttributes over all indexes exceeds the per-table limit of " +
                             std::to_string(kProjectedAttributesMax));
  }
}

void check_all_used(const Table& table, const AttributeDefinitions& definitions) {
  const auto used = key_attributes(table);
  if (used.size() == definitions.size()) return;
  if (table.indexes.empty()) {
    throw invalid_parameters(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  std::vector<std::string_view> names;
  for (const auto& attribute : used) names.push_back(attribute.name);
  throw invalid_parameters("Some AttributeDefinitions are not used. AttributeDefinitions: " +
                           name_list(definitions.names()) + ", keys used: " + name_list(names));
}

std::vector<KeyAttribute> key_attributes(const Table& table) {
  std::vector<KeyAttribute> attributes;
  const auto add = [&attributes](const std::vector<KeyAttribute>& part) {
    for (const auto& attribute : part) {
      if (std::find(attributes.begin(), attributes.end(), attribute) == attributes.end()) {
        attributes.push_back(attribute);
      }
    }
  };
  add(table.key.partition);
  add(table.key.sort);
  for (const auto& index : table.indexes) {
    add(index.key.partition);
    add(index.key.sort);
  }
  return attributes;
}

}  // namespace shoal

#include "server/operations/item_keys.h"

#include <algorithm>

#include "protocol/error.h"
#include "storage/items.h"

namespace shoal {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
constexpr std::string_view kNotValid = "One or more parameter values are not valid. ";

// Calls `visit(attribute)` for the partition's, then the sort key's attributes.
template <class Visit>
void for_each(const KeySchema& schema, Visit visit) {
  for (const auto& attribute : schema.partition) visit(attribute);
  for (const auto& attribute : schema.sort) visit(attribute);
}

std::string cannot_be_empty(Type type) {
  return std::string("The AttributeValue for a key attribute cannot contain an empty ") +
         (type == Type::binary ? "binary" : "string") + " value.";
}

bool is_empty(ValueView value) { return value.text().empty(); }

// What is left to check of a key whose attributes are there and of their types.
void check_key_values(const Table& table, ItemView attributes) {
  check_key_not_empty(table, attributes);
  if (key_bytes(table.key.partition, attributes) > kPartitionKeyBytesMax) {
    throw validation_error(std::string(kInvalid) + "Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (key_bytes(table.key.sort, attributes) > kSortKeyBytesMax) {
    throw validation_error(std::string(kInvalid) +
                           "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
}

void check_index_attribute(const Index& index, const KeyAttribute& attribute, ItemView item) {
  const auto value = item.find(attribute.name);
  if (!value) return;
  if (value->type() != attribute.type) {
    throw validation_error(std::string(kInvalid) + "Type mismatch for Index Key " + attribute.name +
                           " Expected: " + std::string(type_name(attribute.type)) +
                           " Actual: " + std::string(type_name(value->type())) + " IndexName: " + index.name);
  }
  if (is_empty(*value)) {
    throw validation_error(std::string(kNotValid) + "A value specified for a secondary index key is not supported. " +
                           cannot_be_empty(attribute.type) + " IndexName: " + index.name +
                           ", IndexKey: " + attribute.name);
  }
}

// Bytes of the attributes that are there; an index's part counts only when all of them are.
bool too_long(const std::vector<KeyAttribute>& part, ItemView item, std::size_t limit) {
  return matches(part, item) && key_bytes(part, item) > limit;
}

void check_index_keys(const Table& table, ItemView item) {
  for (const auto& index : table.indexes) {
    if (index.status == Status::deleting) continue;
    check_index_key(index, item);
    if (too_long(index.key.partition, item, kPartitionKeyBytesMax)) {
      throw validation_error(
          std::string(kInvalid) +
          "Size of hashkey has exceeded the maximum size limit of2048 bytes IndexName: " + index.name);
    }
    if (too_long(index.key.sort, item, kSortKeyBytesMax)) {
      throw validation_error(
          std::string(kInvalid) +
          "Aggregated size of all range keys has exceeded the size limit of 1024 bytes IndexName: " + index.name);
    }
  }
}

void check_updated_attribute(const KeyAttribute& attribute, ItemView before, ItemView after) {
  const auto value = after.find(attribute.name);
  if (!value || value == before.find(attribute.name)) return;
  if (value->type() != attribute.type) {
    throw validation_error("The update expression attempted to update the secondary index key to unsupported type");
  }
  if (is_empty(*value)) {
    throw validation_error(
        std::string(kNotValid) +
        "The update expression attempted to update a secondary index key to a value that is not supported. " +
        cannot_be_empty(attribute.type));
  }
}

}  // namespace

bool matches(const std::vector<KeyAttribute>& part, ItemView attributes) {
  return std::all_of(part.begin(), part.end(), [attributes](const KeyAttribute& attribute) {
    const auto value = attributes.find(attribute.name);
    return value && value->type() == attribute.type;
  });
}

void check_key_not_empty(const Table& table, ItemView attributes) {
  for_each(table.key, [&](const KeyAttribute& attribute) {
    const auto value = attributes.find(attribute.name);
    if (value && value->type() == attribute.type && is_empty(*value)) {
      throw validation_error(std::string(kNotValid) + cannot_be_empty(attribute.type) + " Key: " + attribute.name);
    }
  });
}

void check_index_key(const Index& index, ItemView item) {
  for_each(index.key, [&](const KeyAttribute& attribute) { check_index_attribute(index, attribute, item); });
}

void check_key(const Table& table, ItemView key) {
  const auto expected = table.key.partition.size() + table.key.sort.size();
  if (key.count() != expected || !matches(table.key.partition, key) || !matches(table.key.sort, key)) {
    throw validation_error("The provided key element does not match the schema");
  }
  check_key_values(table, key);
}

void check_put_item(const Table& table, ItemView item) {
  for_each(table.key, [&](const KeyAttribute& attribute) {
    const auto value = item.find(attribute.name);
    if (!value) {
      throw validation_error(std::string(kInvalid) + "Missing the key " + attribute.name + " in the item");
    }
    if (value->type() != attribute.type) {
      throw validation_error(std::string(kInvalid) + "Type mismatch for key " + attribute.name +
                             " expected: " + std::string(type_name(attribute.type)) +
                             " actual: " + std::string(type_name(value->type())));
    }
  });
  check_key_values(table, item);
  check_index_keys(table, item);
}

void check_batch_put_item(const Table& table, ItemView item) {
  if (!matches(table.key.partition, item) || !matches(table.key.sort, item)) {
    throw validation_error("The provided key element does not match the schema");
  }
  check_key_values(table, item);
  check_index_keys(table, item);
}

void check_updated_item(const Table& table, ItemView before, ItemView after) {
  for (const auto& index : table.indexes) {
    if (index.status == Status::deleting) continue;
    for_each(index.key, [&](const KeyAttribute& attribute) { check_updated_attribute(attribute, before, after); });
    if (too_long(index.key.partition, after, kPartitionKeyBytesMax) ||
        too_long(index.key.sort, after, kSortKeyBytesMax)) {
      throw validation_error(
          "The update expression attempted to update the secondary index key beyond allowed size limits");
    }
  }
}

void check_distinct_items(std::vector<std::string_view> stored_at, const char* refusal) {
  std::sort(stored_at.begin(), stored_at.end());
  if (std::adjacent_find(stored_at.begin(), stored_at.end()) != stored_at.end()) throw validation_error(refusal);
}

Item key_of(const Table& table, ItemView item) {
  std::vector<Field> fields;
  for_each(table.key, [&](const KeyAttribute& attribute) {
    fields.push_back({attribute.name, *item.find(attribute.name)});
  });
  return Value::map(std::move(fields));
}

}  // namespace shoal

// The service model as data: every operation, every shape, every constraint of its input. The tables are in
// shapes_data.cpp, which scripts/import-model wrote from Amazon's published service model.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace shoal::model {

enum class ShapeKind : std::uint8_t { structure, list, map, string, integer, long_integer, decimal, boolean, blob, timestamp };

struct Shape;

struct Member {
  std::string_view name;       // "TableName"
  const Shape* shape;
  bool required = false;
};

struct Shape {
  std::string_view name;  // "PutItemInput"
  ShapeKind kind;
  std::span<const Member> members;            // structure: in the order in which production checks them
  const Shape* element = nullptr;             // list; map: of its values
  const Shape* key = nullptr;                 // map
  bool has_min = false, has_max = false;
  std::int64_t min = 0, max = 0;              // length of strings, lists and maps; value of numbers
  std::string_view pattern;                   // of a string; empty: none
  std::span<const std::string_view> enumeration;  // in the order in which production prints it
};

struct OperationModel {
  std::string_view name;    // "PutItem"
  std::string_view target;  // "DynamoDB_20120810", "DynamoDBStreams_20120810"
  const Shape* input;
};

// All operations of DynamoDB and DynamoDB Streams, by name.
std::span<const OperationModel> operations();
const OperationModel* find_operation(std::string_view target, std::string_view name);

}  // namespace shoal::model

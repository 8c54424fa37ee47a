// The service model as data: every operation, every shape, every constraint of its input, in the order and with the
// words of production. The tables are in shapes_data.cpp, which scripts/import-model wrote from Amazon's published
// service model; where production differs from its model, that script says so.
//
//   const OperationModel* model = find_operation("DynamoDB_20120810", "GetItem");
//   model->input->members[2].name;   // "TableName", the third that production checks
//
// Constant data: nothing is built at start, everything lives as long as the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace shoal::model {

enum class ShapeKind : std::uint8_t {
  structure,
  list,
  map,
  string,
  integer,
  long_integer,
  decimal,
  boolean,
  blob,
  timestamp,
  attribute_value,  // The structure of DynamoDB's values: only its JSON types are the model's affair.
};

// Production's words for a violation.
enum class Form : std::uint8_t {
  classic,     // Value '0' at 'limit' failed to satisfy constraint: ...
  newer,       // Value at 'Limit' failed to satisfy constraint: ... (an enumeration: Failed to satisfy constraint: ...)
  newer_bare,  // The same, and sent without "1 validation error detected: " when there is no other violation.
};

struct Shape;

struct Member {
  std::string_view name;  // "TableName"
  const Shape* shape;
  bool required = false;
  bool alone = false;        // When it is violated, nothing else is reported.
  std::string_view missing;  // When it is absent, this is the whole message, before any violation; empty: not so.
};

inline constexpr std::size_t kMembersMax = 24;  // of any structure

struct Shape {
  std::string_view name;  // "PutItemInput"
  ShapeKind kind;
  bool constrained = false;               // Something in it or below it has a constraint.
  std::span<const Member> members;        // structure: in the order in which production checks them
  const Shape* element = nullptr;         // list; map: of its values
  const Shape* key = nullptr;             // map
  bool has_min = false, has_max = false;  // strings, lists, maps: of the length; numbers: of the value
  bool or_arn = false;                    // A text that starts with "arn:" is held to the length of ARNs only.
  bool refuses_empty_alone = false;       // An empty text is reported in the newer form, and nothing else is.
  Form min_form = Form::classic, max_form = Form::classic, enumeration_form = Form::classic;
  std::int64_t min = 0, max = 0;
  std::string_view pattern;  // of a string; empty: none
  bool (*matches)(std::string_view text) = nullptr;
  std::span<const std::string_view> enumeration;  // in the order in which production prints it
  std::string_view enumeration_text;              // what production prints instead; empty: the enumeration
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

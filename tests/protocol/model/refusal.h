// What the validator says of a request: for the tests of this folder.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json/reader.h"
#include "protocol/model/validator.h"

namespace shoal::model {

inline const OperationModel& operation(std::string_view name) {
  for (const std::string_view target : {"DynamoDB_20120810", "DynamoDBStreams_20120810"}) {
    if (const auto* found = find_operation(target, name)) return *found;
  }
  throw std::logic_error("no operation " + std::string(name));
}

// The message, led by its type unless that is ValidationException; "accepted" when there is none.
inline std::string refusal(std::string_view name, std::string_view body) {
  json::Parser parser;
  const auto input = parser.parse(body);
  if (!input) throw std::logic_error("the test's request is no JSON: " + std::string(body));
  try {
    validate(operation(name), *input);
  } catch (const Error& error) {
    if (error.type().name == errors::validation.name) return error.message();
    return std::string(error.type().name) + ": " + error.message();
  }
  return "accepted";
}

}  // namespace shoal::model

// What the tests of expressions say over and over: items and placeholders as JSON, errors as their message.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/expression/condition.h"
#include "protocol/expression/placeholders.h"
#include "protocol/expression/projection.h"
#include "protocol/expression/update.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/reader.h"
#include "protocol/json/writer.h"

namespace shoal::testing {

inline Item item(std::string_view text) {
  json::Parser parser;
  return json::read_item(parser.parse(text).value(), Wording::newer);
}

inline std::string text(const Item& item) {
  std::string out;
  json::append_item(out, item.view());
  return out;
}

// Empty texts: the parameter is absent.
inline Placeholders placeholders(std::string_view names, std::string_view values, Wording wording = Wording::newer) {
  json::Parser names_parser;
  json::Parser values_parser;
  return Placeholders(names.empty() ? json::Json() : names_parser.parse(names).value(),
                      values.empty() ? json::Json() : values_parser.parse(values).value(), wording);
}

// The message of the Error that `body` throws, "" when it throws none.
template <class Body>
std::string error_of(Body body, bool from_request_layer = true) {
  try {
    body();
  } catch (const Error& error) {
    if (error.type().name != "ValidationException") return "no ValidationException";
    if (error.from_request_layer() != from_request_layer) return "of the wrong layer: " + error.message();
    return error.message();
  }
  return "";
}

// One value of each type, and some that are handy.
inline constexpr std::string_view kValues = R"({
  ":a": {"S": "a"}, ":s": {"S": "text"}, ":empty": {"S": ""}, ":n": {"N": "2"}, ":one": {"N": "1"}, ":b": {"B": "AAE="},
  ":yes": {"BOOL": true}, ":null": {"NULL": true}, ":ss": {"SS": ["x", "y"]}, ":ns": {"NS": ["1", "2.0"]},
  ":bs": {"BS": ["AAE="]}, ":l": {"L": [{"N": "1"}, {"S": "x"}]}, ":m": {"M": {"k": {"S": "v"}}}})";

inline std::string condition_error(std::string_view text, std::string_view names = "",
                                   std::string_view values = kValues) {
  return error_of([&] {
    auto bound = placeholders(names, values);
    Condition::parse(text, "ConditionExpression", bound);
  });
}

inline bool holds(std::string_view text, std::string_view on, std::string_view names = "",
                  std::string_view values = kValues) {
  auto bound = placeholders(names, values);
  const auto condition = Condition::parse(text, "FilterExpression", bound);
  if (on.empty()) return condition.holds(std::nullopt);
  const auto value = item(on);
  return condition.holds(value.view());
}

inline std::string update_error(std::string_view text, std::string_view names = "", std::string_view values = kValues,
                                Wording wording = Wording::newer) {
  return error_of([&] {
    auto bound = placeholders(names, values, wording);
    Update::parse(text, bound);
  });
}

}  // namespace shoal::testing

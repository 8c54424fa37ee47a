// JSON and YAML as what they say, numbers with all their digits: DynamoDB has 38, a double 17.
//
//   Json document = read_json(R"({"price": 0.1})");
//   number_text(document["price"]);                 // "0.1"
//   read_yaml("TableName: !Ref Name");              // {"TableName": {"Ref": "Name"}}, as CloudFormation means it
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::seed {

using Json = nlohmann::json;

constexpr int kDepthMax = 200;  // Of documents: DynamoDB's own is 32.

// Both throw std::runtime_error saying where the text is wrong. Members keep no order; of twins the last one counts.
Json read_json(std::string_view text);
Json read_yaml(std::string_view text);  // The first document of the text; null, when there is none.

// A number that no integer of JSON's holds is kept as its text, in what a JSON text cannot have: a binary value.
Json exact_number(std::string_view text);
std::optional<std::string> number_text(const Json& value);  // Nothing: it is no number.

}  // namespace shoal::seed

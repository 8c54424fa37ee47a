#include "server/operations/expression_parameters.h"

#include <string>

#include "protocol/error.h"

namespace shoal {
namespace {

std::string given(json::Json input, ParameterNames names) {
  std::string list;
  for (const auto name : names) {
    if (!input.find(name)) continue;
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

// "FilterExpression and KeyConditionExpression are null"
std::string null_list(ParameterNames names) {
  std::string list;
  for (const auto name : names) {
    if (!list.empty()) list += " and ";
    list += name;
  }
  return list + (names.size() > 1 ? " are null" : " is null");
}

}  // namespace

void refuse_both_styles(const std::string& legacy, const std::string& expressions) {
  throw request_error(
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {" +
      legacy + "} Expression parameters: {" + expressions + "}");
}

void check_expression_parameters(const Call& call, json::Json input, ParameterNames legacy, ParameterNames expressions,
                                 ParameterNames values) {
  const auto old_style = given(input, legacy);
  const auto new_style = given(input, expressions);
  if (!old_style.empty() && !new_style.empty()) refuse_both_styles(old_style, new_style);
  if (input.find("ExpressionAttributeNames") && new_style.empty()) {
    throw request_error("ExpressionAttributeNames can only be specified when using expressions");
  }
  if (input.find("ExpressionAttributeValues") && given(input, values).empty()) {
    std::string message = "ExpressionAttributeValues can only be specified when using expressions";
    if (call.operation.wording == Wording::older) message += ": " + null_list(values);
    throw request_error(std::move(message));
  }
}

Placeholders placeholders_of(const Call& call, json::Json input) {
  return Placeholders(input.find("ExpressionAttributeNames"), input.find("ExpressionAttributeValues"),
                      call.operation.wording);
}

std::optional<Condition> condition_of(json::Json input, std::string_view parameter, Placeholders& placeholders) {
  const auto text = input.find(parameter);
  if (!text) return std::nullopt;
  return Condition::parse(text.string(), parameter, placeholders);
}

std::optional<Projection> projection_of(json::Json input, Placeholders& placeholders) {
  const auto text = input.find("ProjectionExpression");
  if (!text) return std::nullopt;
  return Projection::parse(text.string(), placeholders);
}

void check_key_paths(const Table& table, const std::vector<Path>& paths) {
  for (const auto& path : paths) {
    if (!path.nested() || !table.key_attribute_type(path.attribute())) continue;
    const bool of_table = table.key.contains(path.attribute());
    throw validation_error(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
        std::string(of_table ? "Key: " : "IndexKey: ") + path.attribute());
  }
}

}  // namespace shoal

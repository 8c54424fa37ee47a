// The parameters in which a request carries its expressions, checked before any of them is read: legacy and expression
// parameters do not mix, and names and values come with an expression that can use them (reference: validation 6).
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/expression/condition.h"
#include "protocol/expression/placeholders.h"
#include "protocol/expression/projection.h"
#include "server/operations/operation.h"

namespace shoal {

using ParameterNames = std::initializer_list<std::string_view>;

// `legacy` and `expressions` in the order in which production lists them. Throws request_error. `values` are those of
// the expressions that can use ExpressionAttributeValues, as production names the missing ones.
void check_expression_parameters(const Call& call, json::Json input, ParameterNames legacy, ParameterNames expressions,
                                 ParameterNames values);

// Both lists as messages print them. Throws request_error.
[[noreturn]] void refuse_both_styles(const std::string& legacy, const std::string& expressions);

// The names and values of `input` (the call's input, or a part of a batch).
Placeholders placeholders_of(const Call& call, json::Json input);

// The expressions, when they are given.
std::optional<Condition> condition_of(json::Json input, std::string_view parameter, Placeholders& placeholders);
std::optional<Projection> projection_of(json::Json input, Placeholders& placeholders);

// Nested paths lead nowhere in key attributes, which are scalars: refused once the schema is known.
void check_key_paths(const Table& table, const std::vector<Path>& paths);

}  // namespace shoal

// The errors of Lambda's API, as far as event source mappings have them. They travel as Error like DynamoDB's; the
// session renders them in Lambda's form (lambda_api.h).
#pragma once

#include <string>

#include "protocol/error.h"

namespace shoal {

namespace errors {
inline constexpr std::string_view kLambda = "com.amazonaws.lambda";
inline constexpr ErrorType mapping_not_found{"ResourceNotFoundException", kLambda, 404, true};
inline constexpr ErrorType mapping_conflict{"ResourceConflictException", kLambda, 409};
inline constexpr ErrorType mapping_in_use{"ResourceInUseException", kLambda, 400, true};
inline constexpr ErrorType invalid_parameter_value{"InvalidParameterValueException", kLambda, 400};
inline constexpr ErrorType unknown_lambda_operation{"UnknownOperationException", kLambda, 404};
inline constexpr ErrorType forbidden_origin{"AccessDeniedException", kLambda, 403, true};
}  // namespace errors

inline Error invalid_parameter_value(std::string message) {
  return Error(errors::invalid_parameter_value, std::move(message));
}

}  // namespace shoal

// How every expression is refused: "Invalid ConditionExpression: <why>".
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"

namespace shoal {

// `kind` is the parameter's name.
[[noreturn]] inline void refuse(std::string_view kind, std::string_view why) {
  std::string message = "Invalid ";
  message += kind;
  message += ": ";
  message += why;
  throw request_error(std::move(message));
}

}  // namespace shoal

#include "protocol/error.h"

namespace shoal {

Error::Error(const ErrorType& type, std::string message, std::string members)
    : type_(&type), message_(std::move(message)), members_(std::move(members)) {}

Error Error::bare(const ErrorType& type) {
  Error error(type, "");
  error.has_message_ = false;
  return error;
}

Error request_error(std::string message) {
  Error error(errors::validation, std::move(message));
  error.from_request_layer_ = true;
  return error;
}

Error validation_error(std::string message) { return Error(errors::validation, std::move(message)); }

Error enveloped_error(std::string_view message) {
  return validation_error("1 validation error detected: " + std::string(message));
}

}  // namespace shoal

// The one list of AWS errors: their wire name, HTTP status and shape. Thrown from wherever a failure is found, rendered
// by the session alone.
//
//   throw Error(errors::resource_not_found, "Requested resource not found");
//
// A failure that production's request layer finds (before it looks at the table) is thrown by `request_error`: the
// operations whose front layer was renewed in 2026 wrap such messages ("1 validation error detected: ..."), the others
// send them bare. Which, is the operation's affair, so the message itself never carries the prefix.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace shoal {

struct ErrorType {
  std::string_view name;         // "ValidationException"
  std::string_view name_space;   // "com.amazon.coral.validate", what stands before the '#' in `__type`
  int status = 400;              // HTTP status
  bool capital_message = false;  // The member is `Message`, not `message`.
};

namespace errors {
inline constexpr std::string_view kModelled = "com.amazonaws.dynamodb.v20120810";
inline constexpr std::string_view kCoral = "com.amazon.coral.service";

inline constexpr ErrorType validation{"ValidationException", "com.amazon.coral.validate"};

inline constexpr ErrorType serialization{"SerializationException", kCoral, 400, true};
inline constexpr ErrorType unknown_operation{"UnknownOperationException", kCoral};
inline constexpr ErrorType access_denied{"AccessDeniedException", kCoral, 400, true};
inline constexpr ErrorType unrecognized_client{"UnrecognizedClientException", kCoral};
inline constexpr ErrorType invalid_signature{"InvalidSignatureException", kCoral};
inline constexpr ErrorType incomplete_signature{"IncompleteSignatureException", kCoral};
inline constexpr ErrorType missing_authentication_token{"MissingAuthenticationTokenException", kCoral};
inline constexpr ErrorType expired_token{"ExpiredTokenException", kCoral};
inline constexpr ErrorType service_unavailable{"ServiceUnavailableException", kCoral, 503};
inline constexpr ErrorType control_plane_throttling{"ThrottlingException", "com.amazon.coral.availability"};

inline constexpr ErrorType internal_server_error{"InternalServerError", kModelled, 500};
inline constexpr ErrorType resource_not_found{"ResourceNotFoundException", kModelled};
inline constexpr ErrorType resource_in_use{"ResourceInUseException", kModelled};
inline constexpr ErrorType limit_exceeded{"LimitExceededException", kModelled};
inline constexpr ErrorType conditional_check_failed{"ConditionalCheckFailedException", kModelled};
inline constexpr ErrorType item_collection_size_limit_exceeded{"ItemCollectionSizeLimitExceededException", kModelled};
inline constexpr ErrorType provisioned_throughput_exceeded{"ProvisionedThroughputExceededException", kModelled};
inline constexpr ErrorType request_limit_exceeded{"RequestLimitExceeded", kModelled};
inline constexpr ErrorType throttling{"ThrottlingException", kModelled};
inline constexpr ErrorType transaction_canceled{"TransactionCanceledException", kModelled, 400, true};
inline constexpr ErrorType transaction_conflict{"TransactionConflictException", kModelled};
inline constexpr ErrorType transaction_in_progress{"TransactionInProgressException", kModelled, 400, true};
inline constexpr ErrorType idempotent_parameter_mismatch{"IdempotentParameterMismatchException", kModelled, 400, true};
inline constexpr ErrorType duplicate_item{"DuplicateItemException", kModelled};
inline constexpr ErrorType expired_iterator{"ExpiredIteratorException", kModelled};
inline constexpr ErrorType trimmed_data_access{"TrimmedDataAccessException", kModelled};
}  // namespace errors

class Error : public std::exception {
 public:
  // `members` is JSON to stand after the message in the error's object, each member led by a comma: `,"Item":{...}`.
  Error(const ErrorType& type, std::string message, std::string members = {});

  const ErrorType& type() const { return *type_; }
  const std::string& message() const { return message_; }
  const std::string& members() const { return members_; }
  bool has_message() const { return has_message_; }
  bool from_request_layer() const { return from_request_layer_; }
  // Advice that production would not give, for the `x-shoal-hint` header; empty: none.
  const std::string& hint() const { return hint_; }
  Error with_hint(std::string hint) && {
    hint_ = std::move(hint);
    return std::move(*this);
  }
  const char* what() const noexcept override { return message_.c_str(); }

  // An error that production sends with no message member at all (bad JSON, unknown target).
  static Error bare(const ErrorType& type);

 private:
  friend Error request_error(std::string message);
  const ErrorType* type_;
  std::string message_;
  std::string members_;
  std::string hint_;
  bool has_message_ = true;
  bool from_request_layer_ = false;
};

// ValidationException of the request layer: wrapped in "1 validation error detected: " by the operations that do so.
Error request_error(std::string message);

// ValidationException found later (table schema, running an update), or worded whole: never wrapped.
Error validation_error(std::string message);

// ValidationException that every operation sends in the envelope "1 validation error detected: ...".
Error enveloped_error(std::string_view message);

}  // namespace shoal

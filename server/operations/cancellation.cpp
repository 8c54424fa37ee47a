#include "server/operations/cancellation.h"

#include <algorithm>

#include "protocol/json/writer.h"

namespace shoal {
namespace {

struct Code {
  const ErrorType& type;
  std::string_view code;
};

constexpr Code kCodes[] = {
    {errors::conditional_check_failed, "ConditionalCheckFailed"},
    {errors::validation, "ValidationError"},
    {errors::item_collection_size_limit_exceeded, "ItemCollectionSizeLimitExceeded"},
    {errors::transaction_conflict, "TransactionConflict"},
    {errors::provisioned_throughput_exceeded, "ProvisionedThroughputExceeded"},
    {errors::throttling, "ThrottlingError"},
    {errors::duplicate_item, "DuplicateItem"},
    {errors::access_denied, "AccessDenied"},
};

std::string_view code_of(const std::optional<Error>& reason) {
  if (!reason) return "None";
  const auto code = reason_code(reason->type());
  if (code.empty()) throw *reason;  // Nothing that cancels a transaction: the request's own failure.
  return code;
}

}  // namespace

std::string_view reason_code(const ErrorType& type) {
  for (const auto& [known, code] : kCodes) {
    if (known.name == type.name) return code;
  }
  return {};
}

void throw_if_cancelled(const CancellationReasons& reasons) {
  if (std::none_of(reasons.begin(), reasons.end(), [](const auto& reason) { return reason.has_value(); })) return;
  std::string codes, list;
  for (const auto& reason : reasons) {
    const auto code = code_of(reason);
    if (!codes.empty()) codes += ", ";
    codes += code;
    if (!list.empty()) list += ',';
    json::ObjectWriter object(list);
    object.text("Code", code);
    if (reason) object.text("Message", reason->message());
    if (reason) list += reason->members();  // ,"Item":{...}
    object.close();
  }
  throw Error(errors::transaction_canceled,
              "Transaction cancelled, please refer cancellation reasons for specific reasons [" + codes + "]",
              ",\"CancellationReasons\":[" + list + ']');
}

}  // namespace shoal

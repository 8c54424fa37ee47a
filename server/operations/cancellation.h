// Why a transaction was cancelled: one reason for each of its actions, in their order.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (CancellationReasons)
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/error.h"

namespace shoal {

// What each action failed of; nothing: nothing.
using CancellationReasons = std::vector<std::optional<Error>>;

// "ConditionalCheckFailed": the reason as which an error of a part is told; empty: it is none of a part's.
std::string_view reason_code(const ErrorType& type);

// Throws TransactionCanceledException if any action failed.
void throw_if_cancelled(const CancellationReasons& reasons);

}  // namespace shoal

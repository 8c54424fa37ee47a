// Why a transaction was cancelled: one reason for each of its actions, in their order.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (CancellationReasons)
#pragma once

#include <optional>
#include <vector>

#include "protocol/error.h"

namespace shoal {

// What each action failed of; nothing: nothing.
using CancellationReasons = std::vector<std::optional<Error>>;

// Throws TransactionCanceledException if any action failed.
void throw_if_cancelled(const CancellationReasons& reasons);

}  // namespace shoal

// Every operation that is built, one line each: routing, docs/compatibility.md and the tests read it.
#pragma once

#include <span>
#include <string_view>

#include "server/operations/operation.h"

namespace shoal {

std::span<const Operation> all_operations();

// Nothing when it is not built (or does not exist).
const Operation* find_operation(std::string_view target, std::string_view name);

}  // namespace shoal

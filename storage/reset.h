// Takes away every table of an account, or of all, with its streams, idempotency tokens and triggers, at once: what
// they held is erased by the jobs in the background.
//
//   engine.write([&](kv::Transaction& transaction) { reset(transaction, catalog, ""); });
//   catalog.reload();
#pragma once

#include <cstddef>
#include <string_view>

#include "storage/catalog.h"
#include "storage/kv/kv.h"

namespace shoal {

// `account`: empty for all. How many tables there were.
std::size_t reset(kv::Transaction& transaction, const Catalog& catalog, std::string_view account);

}  // namespace shoal

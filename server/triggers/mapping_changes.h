// What becomes of mappings by request, by whomever: the API, or the file of declared triggers.
//
//   const Mapping mapping = create_mapping(transaction, wanted, now, delay);
//   update_mapping(transaction, mapping.uuid ...)
//
// A mapping is in transition ("Creating", "Updating", ...) for `delay`. All throw Error.
#pragma once

#include <chrono>
#include <functional>

#include "server/triggers/mapping.h"
#include "storage/kv/kv.h"

namespace shoal {

// `wanted` has a UUID. Throws when there is no such stream, or a mapping of the same stream and function.
Mapping create_mapping(kv::Transaction& transaction, Mapping wanted, std::chrono::milliseconds now,
                       std::chrono::milliseconds delay);

// The mapping as it stands in the transaction; throws when there is none.
Mapping existing_mapping(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                         std::string_view uuid, std::chrono::milliseconds now);

// Throws also when it is in a transition already. Returns it with its transition's name.
Mapping update_mapping(kv::Transaction& transaction, Mapping mapping, const std::function<void(Mapping&)>& change,
                       std::chrono::milliseconds now, std::chrono::milliseconds delay);
Mapping delete_mapping(kv::Transaction& transaction, Mapping mapping, std::chrono::milliseconds now,
                       std::chrono::milliseconds delay);

}  // namespace shoal

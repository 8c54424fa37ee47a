// All or nothing for several items: what TransactWriteItems, TransactGetItems and ExecuteTransaction share once their
// actions have been read and held against their tables.
//
//   std::vector<TransactionPart> parts;
//   for (auto& action : actions) parts.push_back(part_of([&] { return put_write(std::move(action.request), table); }));
//   return write_transaction(call, std::move(parts), call.input.find("TransactItems"), TransactionAnswer::bare);
//
// What a part is refused for cancels the transaction, with its reason in the part's place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.h"
#include "protocol/expression/projection.h"
#include "server/operations/operation.h"
#include "storage/items.h"

namespace shoal {

// A write, or why there can be none.
struct TransactionPart {
  std::optional<ItemWrite> write;
  std::optional<Error> refusal;
};

template <class Prepare>
TransactionPart part_of(Prepare prepare) {
  try {
    return {prepare(), std::nullopt};
  } catch (const Error& refusal) {
    return {std::nullopt, refusal};
  }
}

// Throws request_error when the items of a transaction come to more bytes than it may have.
void check_transaction_payload(std::size_t bytes);

// Whether the answer has a `Responses`, empty though it is: ExecuteTransaction's has.
enum class TransactionAnswer { bare, with_responses };

// Throws validation_error when two parts are of one item. `parameters` is what a repetition under the call's
// ClientRequestToken has to say alike.
Outcome write_transaction(const Call& call, std::vector<TransactionPart> parts, json::Json parameters,
                          TransactionAnswer form);

// A write that changes nothing: only its condition counts.
ItemWrite condition_check(ItemWrite write);

struct TransactionGet {
  TablePtr table;
  std::string stored_at;
  std::optional<Projection> projection;
};

// Reads all as of one moment. Throws validation_error when they come to more than 4 MB.
Answer read_transaction(const Call& call, const std::vector<TransactionGet>& gets);

}  // namespace shoal

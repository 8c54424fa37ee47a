// NextToken: where the next page of a SELECT goes on. To who asks it is opaque text; it holds the store's key of the
// last record that was evaluated, and a fingerprint of the statement and its parameters, without which it is not taken.
//
//   page.start_after = read_next_token(call);   // nothing on the first page
//   if (page.last_key) object.text("NextToken", next_token(call, stored_key(table, index, *page.last_key)));
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/operation.h"

namespace shoal {

Error invalid_next_token();

// The key of the call's token, when it has one. That the statement reads where the key is, is the caller's to check.
// Throws invalid_next_token.
std::optional<std::string> read_next_token(const Call& call);

std::string next_token(const Call& call, std::string_view key);

}  // namespace shoal

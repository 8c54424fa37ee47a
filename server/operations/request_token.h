// ClientRequestToken: makes a request that is sent twice happen once.
#pragma once

#include <optional>

#include "server/operations/operation.h"
#include "storage/tokens.h"

namespace shoal {

// The call's token, when it has one; `parameters` is what a repetition has to say alike.
std::optional<Token> read_token(const Call& call, json::Json parameters);

}  // namespace shoal

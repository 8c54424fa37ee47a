// ClientRequestToken: makes a request that is sent twice happen once.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "server/operations/operation.h"
#include "storage/tokens.h"

namespace shoal {

// 16 bytes that differ for parameters that differ, however their members are ordered and their nulls are written.
std::string fingerprint_of(std::initializer_list<json::Json> parameters);

// The call's token, when it has one; `parameters` is what a repetition has to say alike.
std::optional<Token> read_token(const Call& call, json::Json parameters);

}  // namespace shoal

// Idempotency tokens of transactions: kept in the transaction that they stand for, so a token is known exactly when its
// transaction happened, also after a crash.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (ClientRequestToken)
//
//   const Token token{account, region, "my-token", fingerprint_of(request)};
//   if (check_token(token, now, transaction) == TokenUse::replay) return;   // done before
//   ...write...
//   keep_token(token, now, transaction);
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "storage/kv/kv.h"

namespace shoal {

// For this long after its transaction a token stands for it.
inline constexpr std::chrono::milliseconds kTokenLife = std::chrono::minutes(10);

struct Token {
  std::string account, region, token;
  std::string fingerprint;  // Of the request's parameters: equal ones, and no others, may be repeated under the token.
};

enum class TokenUse { fresh, replay };

// Throws IdempotentParameterMismatchException when the token stands for another request. Writes nothing.
TokenUse check_token(const Token& token, std::chrono::milliseconds now, const kv::Snapshot& snapshot);

// Remembers the token, and forgets some that have expired, so that they never pile up.
void keep_token(const Token& token, std::chrono::milliseconds now, kv::Transaction& transaction);

}  // namespace shoal

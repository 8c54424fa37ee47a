#include "storage/tokens.h"

#include <cstring>
#include <vector>

#include "protocol/error.h"
#include "storage/key/layout.h"

namespace shoal {
namespace {

// More than one at each token kept, so the number of expired ones falls.
constexpr std::size_t kForgottenAtOnce = 4;

std::string key_of(const Token& token) { return token_key(token.account, token.region, token.token); }

std::uint64_t end_of(std::string_view record) {
  std::uint64_t end;
  std::memcpy(&end, record.data(), sizeof end);
  return end;
}

void forget_expired(std::uint64_t now, kv::Transaction& transaction) {
  std::vector<std::string> ends;
  {
    const auto cursor = transaction.cursor();
    const auto first_alive = token_end_key(now, {});
    for (bool found = cursor->seek(token_end_prefix());
         found && cursor->key() < first_alive && ends.size() < kForgottenAtOnce; found = cursor->next()) {
      ends.emplace_back(cursor->key());
    }
  }
  for (const auto& end : ends) {
    // The token may have been used anew since: then its record ends later.
    const std::string token(token_of_end(end));
    const auto record = transaction.get(token);
    if (record && end_of(*record) < now) transaction.erase(token);
    transaction.erase(end);
  }
}

}  // namespace

TokenUse check_token(const Token& token, std::chrono::milliseconds now, const kv::Snapshot& snapshot) {
  const auto record = snapshot.get(key_of(token));
  if (!record || end_of(*record) < static_cast<std::uint64_t>(now.count())) return TokenUse::fresh;
  if (record->substr(sizeof(std::uint64_t)) != token.fingerprint) {
    throw Error(errors::idempotent_parameter_mismatch,
                "The request was rejected because the parameters of the request do not match those of the earlier "
                "request with the same client token");
  }
  return TokenUse::replay;
}

void keep_token(const Token& token, std::chrono::milliseconds now, kv::Transaction& transaction) {
  forget_expired(static_cast<std::uint64_t>(now.count()), transaction);
  const auto end = static_cast<std::uint64_t>((now + kTokenLife).count());
  std::string record(reinterpret_cast<const char*>(&end), sizeof end);
  record += token.fingerprint;
  const auto key = key_of(token);
  transaction.put(key, record);
  transaction.put(token_end_key(end, key), {});
}

}  // namespace shoal

// The credentials file, as it is written and as it is kept.
//
//   {"credentials": [
//     {"access_key": "AKIA...", "secret_key": "...", "account": "000000000000"},
//     {"access_key": "ASIA...", "secret_key": "...", "session_token": "...", "expires": "2026-11-23T10:00:00Z"}
//   ]}
//
// "account" is twelve zeros when it is left out. With a "session_token" the credential is a temporary one: requests
// have to bring the token, until it "expires" (if ever).
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shoal {

struct Credential {
  std::string secret_key;
  std::string account;
  std::string session_token;  // empty: a long-lived credential
  std::optional<std::chrono::system_clock::time_point> expires;
};

struct HashText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

using Credentials = std::unordered_map<std::string, Credential, HashText, std::equal_to<>>;  // by access key

// Throws std::runtime_error with a message for the user, who wrote the file: which member, what is wrong, what is
// known. No message shows a secret.
Credentials read_credentials(const std::filesystem::path& file);

}  // namespace shoal

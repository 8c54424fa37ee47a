// Who may call: the credentials file, or, without one, anybody.
//
// With a file, every request's signature is verified against it. Without, the built-in pair local/local is verified and
// any other access key is believed once its request has been checked for form; each such key is warned of once. One of
// twelve digits is an account: its callers see tables of their own, so that parallel tests need not know of each other.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "protocol/sigv4/sigv4.h"

namespace shoal {

// The account of every other key without a credentials file, and an entry of the file without "account".
inline constexpr std::string_view kDefaultAccount = "000000000000";

bool is_account(std::string_view text);  // Twelve digits.

struct Caller {
  std::string access_key;
  std::string account;
  std::string region;  // of the credential scope
};

class Authenticator {
 public:
  // Reads the file. Throws std::runtime_error with a message for the user: not JSON, a member it does not know, a
  // duplicate access key, an account that is not 12 digits.
  static std::unique_ptr<Authenticator> from_file(const std::filesystem::path& file);
  static std::unique_ptr<Authenticator> open();

  virtual ~Authenticator() = default;
  // Throws Error as production does, in its order of checks.
  virtual Caller authenticate(const sigv4::Request& request, std::chrono::system_clock::time_point now) = 0;
};

}  // namespace shoal

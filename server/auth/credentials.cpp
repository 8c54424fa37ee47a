#include "server/auth/credentials.h"

#include <spdlog/spdlog.h>

#include "protocol/error.h"
#include "server/auth/credentials_file.h"
#include "server/auth/warned_keys.h"

namespace shoal {
namespace {

constexpr std::string_view kLocal = "local";  // The built-in access key, and its secret.

Error unknown_access_key() {
  return Error(errors::unrecognized_client, "The security token included in the request is invalid.");
}

Caller caller(sigv4::Claim&& claim, std::string_view account) {
  return {std::move(claim.access_key), std::string(account), std::move(claim.region)};
}

// Whatever is guessed right of a token must not show in how long the answer takes.
bool same_token(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

void check_token(const Credential& credential, std::string_view token, std::chrono::system_clock::time_point now) {
  if (!same_token(credential.session_token, token)) {
    throw Error(errors::unrecognized_client, "The security token included in the request is invalid");
  }
  if (credential.expires && *credential.expires <= now) {
    throw Error(errors::expired_token, "The security token included in the request is expired");
  }
}

// Every request is verified. Nothing changes after the start, so nothing is locked.
class ByFile : public Authenticator {
 public:
  explicit ByFile(Credentials credentials) : credentials_(std::move(credentials)) {}

  Caller authenticate(const sigv4::Request& request, std::chrono::system_clock::time_point now) override {
    auto claim = sigv4::read_claim(request, now);
    const auto found = credentials_.find(std::string_view(claim.access_key));
    if (found == credentials_.end()) throw unknown_access_key();
    const auto& credential = found->second;
    // A temporary access key means nothing without its token.
    if (!credential.session_token.empty() && claim.session_token.empty()) throw unknown_access_key();
    sigv4::verify(request, claim, credential.secret_key, keys_);
    check_token(credential, claim.session_token, now);
    return caller(std::move(claim), credential.account);
  }

 private:
  const Credentials credentials_;
  sigv4::SigningKeys keys_;
};

// A client may name itself anything: what goes to the log is short and printable.
std::string printable(std::string_view access_key) {
  constexpr std::size_t kBytesMax = 128;
  std::string out(access_key.substr(0, kBytesMax));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (access_key.size() > kBytesMax) out += "...";
  return out;
}

// local/local is verified, so that a client can be tested for signing right; everybody else is believed.
class Open : public Authenticator {
 public:
  Caller authenticate(const sigv4::Request& request, std::chrono::system_clock::time_point now) override {
    auto claim = sigv4::read_claim(request, now);
    if (claim.access_key.empty()) throw unknown_access_key();
    if (claim.access_key == kLocal) {
      sigv4::verify(request, claim, kLocal, keys_);
    } else if (!is_account(claim.access_key) && warned_.add(claim.access_key)) {
      warn(claim.access_key);
    }
    const std::string account(is_account(claim.access_key) ? std::string_view(claim.access_key) : kDefaultAccount);
    return caller(std::move(claim), account);
  }

 private:
  void warn(std::string_view access_key) const {
    spdlog::warn(
        "access key {} is believed: its signature is not checked. To let in only keys that you name, start with "
        "--credentials FILE (or sign with the built-in pair local/local){}",
        printable(access_key), warned_.full() ? ". Further keys will not be told of" : "");
  }

  sigv4::SigningKeys keys_;
  WarnedKeys warned_;
};

}  // namespace

bool is_account(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  return text.size() == kDigits && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::unique_ptr<Authenticator> Authenticator::from_file(const std::filesystem::path& file) {
  return std::make_unique<ByFile>(read_credentials(file));
}

std::unique_ptr<Authenticator> Authenticator::open() { return std::make_unique<Open>(); }

}  // namespace shoal

#include "server/auth/credentials.h"

#include <spdlog/spdlog.h>

#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <shared_mutex>
#include <stdexcept>

#include "protocol/error.h"

namespace shoal {
namespace {

constexpr std::size_t kWarnedKeysMax = 1'000;

struct Credential {
  std::string secret;
  std::string account;
};

// By access key. Read by every request, and never changed once it is made.
using Credentials = std::map<std::string, Credential, std::less<>>;

Caller caller_of(const sigv4::Claim& claim, std::string_view account) {
  return {claim.access_key, std::string(account), claim.region};
}

// A session token belongs to temporary credentials, of which there are none.
void refuse_session_token(const sigv4::Claim& claim) {
  if (!claim.session_token.empty()) {
    throw Error(errors::unrecognized_client, "The security token included in the request is invalid");
  }
}

class KnownCallers : public Authenticator {
 public:
  explicit KnownCallers(Credentials credentials) : credentials_(std::move(credentials)) {}

  Caller authenticate(const sigv4::Request& request, std::chrono::system_clock::time_point now) override {
    const auto claim = sigv4::read_claim(request, now);
    const auto known = credentials_.find(claim.access_key);
    if (known == credentials_.end()) {
      throw Error(errors::unrecognized_client, "The security token included in the request is invalid.");
    }
    sigv4::verify(request, claim, known->second.secret, keys_);
    refuse_session_token(claim);
    return caller_of(claim, known->second.account);
  }

 private:
  const Credentials credentials_;
  sigv4::SigningKeys keys_;
};

class Anybody : public Authenticator {
 public:
  Caller authenticate(const sigv4::Request& request, std::chrono::system_clock::time_point now) override {
    const auto claim = sigv4::read_claim(request, now);
    if (claim.access_key == "local")
      sigv4::verify(request, claim, "local", keys_);
    else
      warn_once(claim.access_key);
    return caller_of(claim, kDefaultAccount);
  }

 private:
  void warn_once(const std::string& access_key) {
    {
      const std::shared_lock lock(mutex_);
      if (warned_.contains(access_key) || warned_.size() >= kWarnedKeysMax) return;
    }
    const std::unique_lock lock(mutex_);
    if (!warned_.insert(access_key).second) return;
    spdlog::warn(
        "access key {} is believed: its signature is not checked. To let in only keys that you name, start with "
        "--credentials FILE (or sign with the built-in pair local/local)",
        printable(access_key));
  }

  // A key comes from outside: what goes to a terminal is plain and short.
  static std::string printable(std::string_view access_key) {
    std::string text(access_key.substr(0, 64));
    for (auto& c : text) {
      if (c < 0x21 || c > 0x7e) c = '?';
    }
    return text;
  }

  sigv4::SigningKeys keys_;
  std::shared_mutex mutex_;
  std::set<std::string> warned_;
};

// ---- The credentials file

using nlohmann::json;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw std::runtime_error("the credentials file " + file.string() + " " + what);
}

void check_members(const std::filesystem::path& file, const json& object, const std::set<std::string>& known,
                   const std::string& where) {
  for (const auto& [name, _] : object.items()) {
    if (known.contains(name)) continue;
    std::string list;
    for (const auto& member : known) list += (list.empty() ? "" : ", ") + member;
    refuse(file, "has \"" + name + "\" in " + where + ", which this version does not know (it knows: " + list + ")");
  }
}

std::string text_member(const std::filesystem::path& file, const json& entry, const char* name) {
  const auto found = entry.find(name);
  if (found == entry.end() || !found->is_string() || found->get_ref<const std::string&>().empty()) {
    refuse(file, std::string("has a credential without a text as its \"") + name + "\"");
  }
  return found->get<std::string>();
}

std::string account_of(const std::filesystem::path& file, const json& entry) {
  if (!entry.contains("account")) return std::string(kDefaultAccount);
  auto account = text_member(file, entry, "account");
  if (account.size() != 12 || account.find_first_not_of("0123456789") != std::string::npos) {
    refuse(file, "has the account \"" + account + "\": an account is twelve digits");
  }
  return account;
}

json read_json(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) refuse(file, "cannot be read");
  try {
    return json::parse(stream);
  } catch (const json::exception& error) {
    refuse(file, std::string("is not JSON: ") + error.what());
  }
}

Credentials read_credentials(const std::filesystem::path& file) {
  const auto root = read_json(file);
  if (!root.is_object() || !root.contains("credentials") || !root["credentials"].is_array()) {
    refuse(file, R"(must be {"credentials": [{"access_key": "...", "secret_key": "...", "account": "000000000000"}]})");
  }
  check_members(file, root, {"credentials"}, "the file");
  Credentials credentials;
  for (const auto& entry : root["credentials"]) {
    if (!entry.is_object()) refuse(file, "has a credential that is no object");
    check_members(file, entry, {"access_key", "secret_key", "account"}, "a credential");
    const auto access_key = text_member(file, entry, "access_key");
    Credential credential{text_member(file, entry, "secret_key"), account_of(file, entry)};
    if (!credentials.emplace(access_key, std::move(credential)).second) {
      refuse(file, "has the access key \"" + access_key + "\" twice");
    }
  }
  if (credentials.empty()) refuse(file, "has no credentials: nobody could call");
  return credentials;
}

}  // namespace

std::unique_ptr<Authenticator> Authenticator::from_file(const std::filesystem::path& file) {
  return std::make_unique<KnownCallers>(read_credentials(file));
}

std::unique_ptr<Authenticator> Authenticator::open() { return std::make_unique<Anybody>(); }

}  // namespace shoal

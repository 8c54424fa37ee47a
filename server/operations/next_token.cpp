#include "server/operations/next_token.h"

#include "protocol/json/base64.h"
#include "server/operations/request_token.h"

namespace shoal {
namespace {

constexpr char kVersion = 1;

// What every token of the call's statement begins with.
std::string beginning(const Call& call) {
  return kVersion + fingerprint_of({call.input.find("Statement"), call.input.find("Parameters")});
}

}  // namespace

Error invalid_next_token() { return validation_error("Invalid NextToken"); }

std::optional<std::string> read_next_token(const Call& call) {
  const auto token = call.input.find("NextToken");
  if (!token) return std::nullopt;
  const auto bytes = json::decode_base64(token.string());
  const auto expected = beginning(call);
  if (!bytes || !bytes->starts_with(expected)) throw invalid_next_token();
  return bytes->substr(expected.size());
}

std::string next_token(const Call& call, std::string_view key) {
  auto bytes = beginning(call);
  bytes += key;
  std::string token;
  json::append_base64(token, bytes);
  return token;
}

}  // namespace shoal

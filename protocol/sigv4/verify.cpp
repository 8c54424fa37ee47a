#include "protocol/error.h"
#include "protocol/sigv4/canonical_request.h"
#include "protocol/sigv4/headers.h"
#include "protocol/sigv4/query.h"
#include "protocol/sigv4/sha256.h"
#include "protocol/sigv4/signing_key.h"
#include "protocol/sigv4/sigv4.h"

namespace shoal::sigv4 {
namespace {

constexpr std::string_view kContentHash = "x-amz-content-sha256";
constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

std::string_view content_hash_header(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (names(name, kContentHash)) return trimmed(value);
  }
  return {};
}

bool query_says_unsigned(const Request& request) {
  for (const auto& [name, value] : parse_query(split_target(request.target).query)) {
    if (name == "X-Amz-Content-Sha256" || name == "X-Amz-Content-SHA256") return value == kUnsignedPayload;
  }
  return false;
}

bool signs(const Claim& claim, std::string_view name) {
  for (const auto& signed_name : claim.signed_headers) {
    if (signed_name == name) return true;
  }
  return false;
}

// A body may go unsigned only where the signature covers the word that says so.
bool payload_is_unsigned(const Request& request, const Claim& claim, std::string_view header) {
  if (header == kUnsignedPayload) return signs(claim, kContentHash);
  return claim.presigned && query_says_unsigned(request);
}

bool is_hash(std::string_view text) {
  constexpr auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f'); };
  if (text.size() != sizeof(HexDigest)) return false;
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

}  // namespace

void verify(const Request& request, const Claim& claim, std::string_view secret, SigningKeys& keys) {
  const auto mismatch = [] {
    return Error(errors::invalid_signature,
                 "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                 "Access Key and signing method. Consult the service documentation for details.");
  };

  HexDigest body_hash;
  std::string_view payload = kUnsignedPayload;
  const auto header = content_hash_header(request);
  if (!payload_is_unsigned(request, claim, header)) {
    body_hash = hex(sha256(request.body));
    payload = text(body_hash);
    if (is_hash(header) && header != payload) throw mismatch();
  }

  std::string buffer;
  if (!append_canonical_request(buffer, request, claim, payload)) throw mismatch();
  const HexDigest request_hash = hex(sha256(buffer));

  buffer.clear();
  append_string_to_sign(buffer, claim.timestamp, {claim.date, claim.region, request.service}, text(request_hash));

  // Other services are called too seldom for their keys to be kept.
  const auto key = request.service == kService ? keys.impl_->key(secret, claim.date, claim.region)
                                               : derive_signing_key(secret, claim.date, claim.region, request.service);
  const HexDigest signature = hex(key.sign(buffer));
  if (!equal_in_constant_time(text(signature), claim.signature)) throw mismatch();
}

}  // namespace shoal::sigv4

#include "protocol/sigv4/sign.h"

#include <algorithm>

#include "protocol/sigv4/canonical_request.h"
#include "protocol/sigv4/headers.h"
#include "protocol/sigv4/sha256.h"
#include "protocol/sigv4/signing_key.h"
#include "protocol/sigv4/timestamp.h"

namespace shoal::sigv4 {
namespace {

constexpr std::string_view kDateHeader = "x-amz-date";

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (auto& c : lowered) c = lower(c);
  return lowered;
}

std::vector<std::string> names_of(const std::vector<Header>& headers) {
  std::vector<std::string> names;
  for (const auto& header : headers) names.push_back(lower_case(header.first));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list.append(list.empty() ? "" : ";").append(name);
  return list;
}

}  // namespace

Signature sign(const Request& request, KeyPair keys, Destination to, std::chrono::sys_seconds now) {
  const auto timestamp = basic_time(now);
  const auto date = timestamp.substr(0, 8);
  const Scope scope{date, to.region, to.service};
  std::vector<Header> headers(request.headers.begin(), request.headers.end());
  headers.emplace_back(kDateHeader, timestamp);
  Claim claim;
  claim.signed_headers = names_of(headers);

  std::string canonical;
  append_canonical_request(canonical, {request.method, request.target, headers, request.body}, claim,
                           text(hex(sha256(request.body))));
  std::string to_sign;
  append_string_to_sign(to_sign, timestamp, scope, text(hex(sha256(canonical))));
  const auto key = derive_signing_key(keys.secret_key, date, to.region, to.service);

  std::string authorization(kAlgorithm);
  authorization.append(" Credential=").append(keys.access_key).append("/");
  append_scope(authorization, scope);
  authorization.append(", SignedHeaders=").append(joined(claim.signed_headers));
  authorization.append(", Signature=").append(text(hex(key.sign(to_sign))));
  return {timestamp, std::move(authorization)};
}

}  // namespace shoal::sigv4

// Signature Version 4: what a request claims, and whether its signature is right.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
//
//   auto claim = sigv4::read_claim(request, now);          // throws in production's order of checks
//   auto secret = credentials.find(claim.access_key);      // the caller's: unknown keys are its error
//   sigv4::verify(request, claim, secret, keys);           // throws InvalidSignatureException
//
// Pure: the time is a parameter. Errors are those of the reference's wire section 6, rows 1 to 10 and 12.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shoal::sigv4 {

using Header = std::pair<std::string_view, std::string_view>;  // name in any case, value as received

struct Request {
  std::string_view method;
  std::string_view target;  // path and query as received: "/?X-Amz-Algorithm=..."
  std::span<const Header> headers;
  std::string_view body;
  std::string_view service = "dynamodb";  // That it has to be signed for.
};

struct Claim {
  std::string access_key;
  std::string date;                         // of the scope: "20261123"
  std::string region;                       // of the scope
  std::string timestamp;                    // "20261123T101500Z"
  std::string signature;                    // as received: lower-case hex, if it is to be right
  std::vector<std::string> signed_headers;  // lower case
  std::string session_token;                // empty: none
  bool presigned = false;
};

// `now` is the machine's real clock: clients do not follow Shoal's own.
Claim read_claim(const Request& request, std::chrono::system_clock::time_point now);

// Derived signing keys by (secret, date, region), bounded; safe for concurrent use.
class SigningKeys {
 public:
  SigningKeys();
  ~SigningKeys();

 private:
  friend void verify(const Request&, const Claim&, std::string_view, SigningKeys&);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Throws InvalidSignatureException when the signature is not `secret`'s; compares in constant time.
void verify(const Request& request, const Claim& claim, std::string_view secret, SigningKeys& keys);

}  // namespace shoal::sigv4

// The one text that client and server agree a request to be, which is what gets signed:
//
//   POST
//   /
//   <query: sorted, encoded>
//   host:localhost:8000
//   x-amz-date:20130609T100015Z
//   <empty line>
//   host;x-amz-date
//   <SHA-256 of the body in hex, or UNSIGNED-PAYLOAD>
#pragma once

#include <string>
#include <string_view>

#include "protocol/sigv4/sigv4.h"

namespace shoal::sigv4 {

// Appends it to `out`. False when the claim signs more headers than a request can have or names some of them again and
// again: no client does so, and the text would grow out of all proportion to the request.
bool append_canonical_request(std::string& out, const Request& request, const Claim& claim,
                              std::string_view payload_hash);

// What a signature is good for.
struct Scope {
  std::string_view date;  // "20261123"
  std::string_view region, service;
};
void append_scope(std::string& out, const Scope& scope);  // "20261123/us-east-1/dynamodb/aws4_request"

// Appends what the signature is of; `request_hash` is the canonical request's, in hex.
void append_string_to_sign(std::string& out, std::string_view timestamp, const Scope& scope,
                           std::string_view request_hash);

}  // namespace shoal::sigv4

// Signs a request of our own with Signature Version 4, for services that Shoal calls.
//
//   const auto signature = sigv4::sign(request, {"AKID...", "secret"}, {"us-east-1", "kinesis"}, now);
//   // The request then goes with `X-Amz-Date: <signature.timestamp>` and `Authorization: <signature.authorization>`.
//
// Every header of the request is signed, so Host is to be one of them, and neither of those two.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "protocol/sigv4/sigv4.h"

namespace shoal::sigv4 {

struct KeyPair {
  std::string_view access_key, secret_key;
};

// Where the request goes.
struct Destination {
  std::string_view region, service;
};

struct Signature {
  std::string timestamp;  // "20261123T101500Z"
  std::string authorization;
};

Signature sign(const Request& request, KeyPair keys, Destination to, std::chrono::sys_seconds now);

}  // namespace shoal::sigv4

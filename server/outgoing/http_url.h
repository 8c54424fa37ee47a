// An http:// or https:// URL of somewhere that Shoal itself calls.
//
//   parse_http_url("http://localhost:4567/base")   // {false, "localhost", "4567", "/base"}
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal {

struct HttpUrl {
  bool tls = false;
  std::string host;  // Without the brackets of an IPv6 address.
  std::string port;
  std::string path;  // As written: empty, or from the first slash on, a query included.

  std::string authority() const;  // What the Host header says: "localhost:4567", "[::1]:80", "example.com".
  friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

// Nothing when it is none, or has a user, or a fragment.
std::optional<HttpUrl> parse_http_url(std::string_view url);

}  // namespace shoal

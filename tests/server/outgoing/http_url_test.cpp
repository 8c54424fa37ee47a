#include "server/outgoing/http_url.h"

#include <catch2/catch.hpp>

namespace shoal {
namespace {

std::string told(std::string_view text) {
  const auto url = parse_http_url(text);
  if (!url) return "none";
  return std::string(url->tls ? "tls " : "") + url->host + " " + url->port + " " + url->path;
}

TEST_CASE("A URL is its scheme, host, port and path") {
  CHECK(told("http://localhost:4567") == "localhost 4567 ");
  CHECK(told("http://localhost:4567/") == "localhost 4567 /");
  CHECK(told("http://localhost/base/x?y=z") == "localhost 80 /base/x?y=z");
  CHECK(told("https://kinesis.us-east-1.amazonaws.com") == "tls kinesis.us-east-1.amazonaws.com 443 ");
  CHECK(told("http://[::1]:8080/x") == "::1 8080 /x");
  CHECK(told("http://[::1]") == "::1 80 ");
  CHECK(told("http://host?q") == "host 80 /?q");
}

TEST_CASE("What is no URL of HTTP is none") {
  for (const auto text : {"", "localhost:4567", "ftp://host", "http://", "http:///path", "http://host:",
                          "http://host:0", "http://host:65536", "http://host:80x", "http://a:b@host", "http://host/#x",
                          "http://ho st/", "http://host/\r\nX: y", "http://[::1", "http://[::1]x", "http://:80"}) {
    INFO(text);
    CHECK(told(text) == "none");
  }
}

TEST_CASE("The Host header names the port only when it is not the usual one") {
  CHECK(parse_http_url("http://localhost:4567/x")->authority() == "localhost:4567");
  CHECK(parse_http_url("http://localhost:80")->authority() == "localhost");
  CHECK(parse_http_url("https://example.com:443")->authority() == "example.com");
  CHECK(parse_http_url("http://[::1]:81")->authority() == "[::1]:81");
}

}  // namespace
}  // namespace shoal

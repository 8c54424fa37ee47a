#include "server/http/cors.h"

#include <catch2/catch.hpp>

using shoal::http::Cors;

TEST_CASE("pages of this machine are allowed by default") {
  const Cors cors({});
  for (const char* origin :
       {"http://localhost", "http://localhost:3000", "https://LOCALHOST:8443", "http://app.localhost:5173",
        "http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]", "http://[::1]:3000"}) {
    CAPTURE(origin);
    CHECK(cors.allows(origin));
  }
}

TEST_CASE("pages of anybody else are not, whatever their name looks like") {
  const Cors cors({});
  for (const char* origin :
       {"", "null", "https://example.com", "http://localhost.example.com", "http://localhost@example.com",
        "http://evil-localhost", "http://127.0.0.1.example.com", "http://127.evil.example", "http://127.0.0.1:80@evil",
        "http://127.0.0.1.1", "http://127.0.1", "http://[::2]", "http://[::1].evil", "localhost", "http://",
        "http://localhost:80:90", "http://0.0.0.0", "http://10.0.0.1", "file://"}) {
    CAPTURE(origin);
    CHECK_FALSE(cors.allows(origin));
  }
}

TEST_CASE("origins are allowed by flag, exactly, and * is every one") {
  const Cors cors({"https://App.example.com"});
  CHECK(cors.allows("https://app.example.com"));
  CHECK(cors.allows("http://localhost:3000"));
  CHECK_FALSE(cors.allows("http://app.example.com"));
  CHECK_FALSE(cors.allows("https://app.example.com:444"));
  CHECK_FALSE(cors.allows("https://app.example.com.evil"));

  const Cors all({"*"});
  CHECK(all.allows("https://example.com"));
  CHECK(all.allows("null"));
  CHECK_FALSE(all.allows(""));
}

TEST_CASE("a preflight's answer echoes what was asked, and only when it was") {
  shoal::http::Request request;
  std::string headers;
  append_preflight_headers(headers, request);
  CHECK(headers == "Access-Control-Max-Age: 172800\r\n");

  request.requested_headers = "x-amz-target,authorization";
  request.requested_method = "POST";
  headers.clear();
  append_preflight_headers(headers, request);
  CHECK(headers ==
        "Access-Control-Max-Age: 172800\r\nAccess-Control-Allow-Headers: x-amz-target,authorization\r\n"
        "Access-Control-Allow-Methods: POST\r\n");
}

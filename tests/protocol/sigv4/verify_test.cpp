// Vectors: signed by botocore 1.44.5 (SigV4Auth, SigV4QueryAuth) with its clock at 2026-11-23T10:15:00Z. It drops the
// body of what it presigns, so for those with one its payload() was told the body's hash.

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/error.h"
#include "protocol/sigv4/sigv4.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

const auto kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 10h + 15min;

struct Signed {
  std::string name;
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  std::string& header(std::string_view header_name) {
    for (auto& [key, value] : headers) {
      if (key == header_name) return value;
    }
    return headers.emplace_back(header_name, "").second;
  }
};

std::vector<Signed> signed_requests() {
  return {
      {"a plain call",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Content-Type", "application/x-amz-json-1.0"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
         "Signature=1314b2319e2e7173d2b400b21a5c646d402b94fc1bd1155224fe1c7b2d7c9273"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"an empty body",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Content-Type", "application/x-amz-json-1.0"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
         "Signature=51a430c5c8ebe26757b44463e8d7d44d414413e8c5f9305b5e69af928d6fef75"},
        {"Host", "localhost:8000"}},
       ""},
      {"a binary body",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Content-Type", "application/x-amz-json-1.0"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
         "Signature=67f988068e97aedf85b2fce9ad8a0f84519fb6bbc9d08fbe873878b9e9e36b1c"},
        {"Host", "localhost:8000"}},
       std::string("\000\017\036-<KZix\207\226\245\264\303\322\341\360\377", 18)},
      {"a region called local",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Content-Type", "application/x-amz-json-1.0"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/local/dynamodb/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
         "Signature=4470771630699c82ebfc650731211cb3848d9daf75bcd9258c523a063046541b"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a long secret",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Content-Type", "application/x-amz-json-1.0"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
         "Signature=5670c8c47a7f5f8d67fadd1675f73b9aa8562dfed1a2e6bf2e7d65b1aa3d6cc1"},
        {"Host", "localhost:8000"}},
       "{}",
       std::string(200, 's')},
      {"a session token",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Content-Type", "application/x-amz-json-1.0"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"X-Amz-Security-Token", "FQoGZXIvYXdzE//token=="},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
         "Signature=a6b686d3080a2348416a171473a4f800c930095cc1bba9d091543a06c84bdf4e"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"runs of blanks in a header",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Note", "  a   b \011 c  "},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target;x-note, "
         "Signature=e876d9cf80822fccc8e1d477b9c397ee341fe84f7b1e3ab0aec30015dbc8d4db"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a header given twice",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Note", "b"},
        {"X-Note", "a  b"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target;x-note, "
         "Signature=f8708525fc1615d4032f2a840e96b3899b1fe0c1c6d1b0f0f9511c672b85306a"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"an empty header",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Note", ""},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target;x-note, "
         "Signature=13074b96528d03d7ea6f3ef2dad11171e9600c193f24c8a3a201c690ba9b3ee2"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a header beyond ASCII",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Note", "f\303\274r \342\202\254"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target;x-note, "
         "Signature=a53e24c3d623f7799628d5d18ecfc0c37db33855e94a69e38486c3373d8453e0"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a body that goes unsigned",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-target, "
         "Signature=eb648b347b6a866d221445ea3474368a0abc1b550b91d0eb9a02334655fbff9d"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a path with dots and doubled slashes",
       "POST",
       "/a/./b/../c//d/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target, "
         "Signature=ca4e65f92603a1e273794b47cbc59298b2496dae4782fc787c9b135786576a88"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"an encoded path",
       "POST",
       "/a%20b/%C3%A9~*x",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target, "
         "Signature=d8b3861bd0fe7264088e789bf3ef6ef14278f35d0e261b82cad5a77b6ca313a7"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"only dots",
       "POST",
       "/./..",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target, "
         "Signature=5ea5784193900c449300d0de480e276149e5dbc75e6a8a209c0fb3458fe9a6dc"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a query",
       "POST",
       "/?b=2&a=1&a-b=3&a=0&c&%C3%A9=x%2Fy",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-date;x-amz-target, "
         "Signature=99732e7849ba4cc4995db0166f33ca3098f502e31b4a659d88d723b81245d7cf"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"a Date header instead of X-Amz-Date",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"Date", "Mon, 23 Nov 2026 10:15:00 -0000"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=date;host;x-amz-target, "
         "Signature=690f4883b5c24d393fe53084e66e706bdbc65a188ea111bead7abb51e2731355"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"presigned, without a body",
       "POST",
       "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261123%2Fus-east-1%2Fdynamodb%2Faws4_"
       "request&X-Amz-Date=20261123T101500Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host%3Bx-amz-target&X-Amz-Signature="
       "ecffc82ec51e74cbb14dbc0a4d3163f41319a85be96dd9dea7a0a53bb450cd51",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"}, {"Host", "localhost:8000"}},
       ""},
      {"presigned",
       "POST",
       "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261123%2Fus-east-1%2Fdynamodb%2Faws4_"
       "request&X-Amz-Date=20261123T101500Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host%3Bx-amz-target&X-Amz-Signature="
       "1bed2e14c00317b1db35c7660335ba7d8c2c275eec4f394bb6fac6667f98593b",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"}, {"Host", "localhost:8000"}},
       "{}"},
      {"presigned with a session token",
       "POST",
       "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261123%2Fus-east-1%2Fdynamodb%2Faws4_"
       "request&X-Amz-Date=20261123T101500Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Security-Token="
       "FQoGZXIvYXdzE%2F%2Ftoken%3D%3D%20x&X-Amz-Signature="
       "7fea53f9eb33ce37a1cb6fc960310ac96ed3622c69f72e0e95b6fdc705022fbe",
       {{"Host", "localhost:8000"}},
       "{}"},
      {"presigned with a query of its own",
       "POST",
       "/x?z=1&B=%20~&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261123%2Fus-east-1%2Fdynamodb%"
       "2Faws4_request&X-Amz-Date=20261123T101500Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature="
       "792fde6e4e2d77514d8a8746f6a499d489d08d5c3632b09493cfcd29126515f1",
       {{"Host", "localhost:8000"}},
       "{}"},
      {"a stated hash that is right",
       "POST",
       "/",
       {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
        {"X-Amz-Content-SHA256", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
        {"X-Amz-Date", "20261123T101500Z"},
        {"Authorization",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
         "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-target, "
         "Signature=a83c229f8b5533686f5b71410135774dbfcd6c243adebe311739b996f61dae9c"},
        {"Host", "localhost:8000"}},
       "{}"},
      {"presigned, with a body that goes unsigned",
       "POST",
       "/?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%"
       "2F20261123%2Fus-east-1%2Fdynamodb%2Faws4_request&X-Amz-Date=20261123T101500Z&X-Amz-Expires=3600&X-Amz-"
       "SignedHeaders=host&X-Amz-Signature=9594bac1fa08b9c1e7c740f7bc19dc4b74e02b6a38d8a5f78783ed091ba195de",
       {{"Host", "localhost:8000"}},
       "{}"},
  };
}

Signed wrong_hash_request() {
  return {"a stated hash that is wrong",
          "POST",
          "/",
          {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
           {"X-Amz-Content-SHA256", "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"},
           {"X-Amz-Date", "20261123T101500Z"},
           {"Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/dynamodb/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-target, "
            "Signature=d0dff7ca79e964a0d17607583a985ca3cc50df4d8c6327b53fcb24967ea3eb78"},
           {"Host", "localhost:8000"}},
          "{}"};
}

Signed request_named(const std::string& name) {
  for (auto& request : signed_requests()) {
    if (request.name == name) return request;
  }
  throw std::out_of_range(name);
}

sigv4::Claim verified(const Signed& signed_request, sigv4::SigningKeys& keys) {
  const std::vector<sigv4::Header> headers(signed_request.headers.begin(), signed_request.headers.end());
  const sigv4::Request request{signed_request.method, signed_request.target, headers, signed_request.body};
  auto claim = sigv4::read_claim(request, kNow);
  sigv4::verify(request, claim, signed_request.secret, keys);
  return claim;
}

bool holds(const Signed& request) {
  sigv4::SigningKeys keys;
  try {
    verified(request, keys);
    return true;
  } catch (const Error& error) {
    CHECK(error.type().name == "InvalidSignatureException");
    CHECK(error.message() ==
          "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
          "Key and signing method. Consult the service documentation for details.");
    return false;
  }
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("What botocore signs is right") {
  sigv4::SigningKeys keys;
  for (const auto& request : signed_requests()) {
    INFO(request.name);
    CHECK_NOTHROW(verified(request, keys));
    CHECK_NOTHROW(verified(request, keys));  // from the kept key
  }
}

TEST_CASE("A signature is refused when its body, secret, method, path or query is another") {
  for (const auto& request : signed_requests()) {
    INFO(request.name);
    auto other = request;
    other.secret += "x";
    CHECK_FALSE(holds(other));
    other = request;
    other.method = "PUT";
    CHECK_FALSE(holds(other));
    other = request;
    other.target.insert(1, "x/y/");
    CHECK_FALSE(holds(other));
    other = request;
    other.target += other.target.find('?') == std::string::npos ? "?x" : "&x";
    CHECK_FALSE(holds(other));
    if (request.name.find("unsigned") != std::string::npos) continue;
    other = request;
    other.body += " ";
    CHECK_FALSE(holds(other));
  }
}

TEST_CASE("A signature is refused when a header that it covers is another") {
  const auto request = request_named("a plain call");
  for (const auto* name : {"Host", "X-Amz-Target", "Content-Type"}) {
    INFO(name);
    auto other = request;
    other.header(name) += "x";
    CHECK_FALSE(holds(other));
    other = request;
    other.headers.emplace_back(name, "x");  // given once more
    CHECK_FALSE(holds(other));
  }
  auto other = request;
  replace(other.header("X-Amz-Date"), "T101500Z", "T101501Z");
  CHECK_FALSE(holds(other));
}

TEST_CASE("Headers that the signature does not cover may change on the way") {
  auto request = request_named("a plain call");
  request.header("Via") = "1.1 proxy";
  request.header("User-Agent") = "any";
  CHECK(holds(request));
}

TEST_CASE("Every character of a signature counts") {
  const auto request = request_named("a plain call");
  const auto begin = request_named("a plain call").header("Authorization").find("Signature=") + 10;
  for (std::size_t i = 0; i < 64; ++i) {
    auto other = request;
    auto& c = other.header("Authorization")[begin + i];
    c = c == '0' ? '1' : '0';
    CHECK_FALSE(holds(other));
  }
  auto other = request;
  other.header("Authorization") += "0";
  CHECK_FALSE(holds(other));
  other = request;
  other.header("Authorization").pop_back();
  CHECK_FALSE(holds(other));
}

TEST_CASE("Header names count in any case, and a header's order does not") {
  auto request = request_named("a plain call");
  for (auto& [name, value] : request.headers) {
    for (auto& c : name) c = static_cast<char>(std::toupper(c));
  }
  std::swap(request.headers.front(), request.headers.back());
  CHECK(holds(request));
}

TEST_CASE("The order of values of a header given twice counts") {
  auto request = request_named("a header given twice");
  REQUIRE(holds(request));
  std::swap(request.headers[1], request.headers[2]);
  CHECK_FALSE(holds(request));
}

TEST_CASE("Parameters of the query count in any order and encoding") {
  auto request = request_named("a query");
  request.target = "/?c=&a=0&a=1&%62=2&%c3%a9=x/y&a%2Db=3";
  CHECK(holds(request));
  request.target = "/?c=&a=0&a=1&%62=2&%c3%a9=x/z&a%2Db=3";
  CHECK_FALSE(holds(request));
}

TEST_CASE("A proxy may send the target in its absolute form") {
  auto request = request_named("a query");
  request.target.insert(0, "http://localhost:8000");
  CHECK(holds(request));
  request = request_named("a plain call");
  request.target = "http://localhost:8000";
  CHECK(holds(request));
}

TEST_CASE("A body goes unsigned only where the signature covers the word for it") {
  auto in_header = request_named("a body that goes unsigned");
  in_header.body = "anything";
  CHECK(holds(in_header));

  auto in_query = request_named("presigned, with a body that goes unsigned");
  in_query.body = "anything";
  CHECK(holds(in_query));

  auto uncovered = request_named("a plain call");
  uncovered.header("X-Amz-Content-Sha256") = "UNSIGNED-PAYLOAD";
  CHECK(holds(uncovered));
  uncovered.body = "anything";
  CHECK_FALSE(holds(uncovered));

  auto header_form = request_named("a query");  // whose query cannot speak for the body
  header_form.target += "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD";
  CHECK_FALSE(holds(header_form));

  auto presigned = request_named("presigned");
  presigned.header("X-Amz-Content-Sha256") = "UNSIGNED-PAYLOAD";
  presigned.body = "anything";
  CHECK_FALSE(holds(presigned));
}

TEST_CASE("A hash that the request states must be its body's, signed or not") {
  CHECK_FALSE(holds(wrong_hash_request()));

  auto uncovered = request_named("a plain call");
  uncovered.header("X-Amz-Content-Sha256") = std::string(64, '0');
  CHECK_FALSE(holds(uncovered));

  auto presigned = request_named("presigned");
  presigned.header("X-Amz-Content-Sha256") = std::string(64, 'a');
  CHECK_FALSE(holds(presigned));
}

TEST_CASE("A token in the query is read as it was before encoding") {
  sigv4::SigningKeys keys;
  CHECK(verified(request_named("presigned with a session token"), keys).session_token == "FQoGZXIvYXdzE//token== x");
  CHECK(verified(request_named("a session token"), keys).session_token == "FQoGZXIvYXdzE//token==");
}

TEST_CASE("What is signed with one day's, region's or secret's key does not pass for another's") {
  sigv4::SigningKeys keys;
  auto request = request_named("a plain call");
  CHECK_NOTHROW(verified(request, keys));
  auto other = request;
  replace(other.header("Authorization"), "us-east-1", "us-east-2");
  CHECK_THROWS_AS(verified(other, keys), Error);
  other = request;
  // The parts of the kept key run together to the same text.
  other.secret += "2";
  CHECK_THROWS_AS(verified(other, keys), Error);
  CHECK_NOTHROW(verified(request, keys));
}

TEST_CASE("A request to another service is signed for that one") {
  // By botocore.
  const sigv4::Header headers[] = {
      {"Host", "localhost:8000"},
      {"X-Amz-Date", "20261123T101500Z"},
      {"Authorization",
       "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, "
       "Signature=94b1e871d9de9d06a0c299d62ad92b8a7e100abf6fd5211ce72d185133e879c0"}};
  sigv4::Request request{"GET", "/2015-03-31/event-source-mappings?MaxItems=5", headers, "", "lambda"};
  sigv4::SigningKeys keys;
  const auto claim = sigv4::read_claim(request, kNow);
  sigv4::verify(request, claim, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", keys);
  CHECK_THROWS_AS(sigv4::verify(request, claim, "another", keys), Error);
  request.service = "dynamodb";
  CHECK_THROWS_WITH(sigv4::read_claim(request, kNow), "Credential should be scoped to correct service: 'dynamodb'. ");
}

TEST_CASE("A list of signed headers that grows out of proportion is a wrong signature, soon") {
  auto request = request_named("a plain call");
  request.header("X-Note") = std::string(8'000, 'x');
  std::string list = "host";
  for (int i = 0; i < 400; ++i) list += ";x-note";
  replace(request.header("Authorization"), "content-type;host;x-amz-date;x-amz-target", list);
  CHECK_FALSE(holds(request));
  for (int i = 0; i < 4'000; ++i) list += ";a";
  request = request_named("a plain call");
  replace(request.header("Authorization"), "content-type;host;x-amz-date;x-amz-target", list);
  CHECK_FALSE(holds(request));
}

TEST_CASE("Huge headers are no trouble") {
  auto request = request_named("a plain call");
  for (int i = 0; i < 2'000; ++i) request.headers.emplace_back("X-Filler-" + std::to_string(i), std::string(100, 'x'));
  CHECK(holds(request));
  request.header("X-Amz-Target") += std::string(1 << 20, ' ');  // trailing blanks do not count
  CHECK(holds(request));
  request.header("X-Amz-Target") += "x";
  CHECK_FALSE(holds(request));
}

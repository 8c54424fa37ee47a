#include "protocol/sigv4/sign.h"

#include <catch2/catch.hpp>

namespace shoal::sigv4 {
namespace {

constexpr std::chrono::sys_seconds kTime{std::chrono::seconds(1440938160)};  // 2015-08-30T12:36:00Z
constexpr KeyPair kKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

// AWS's own test suite for Signature Version 4: get-vanilla and post-vanilla.
TEST_CASE("A signature is what AWS's examples say") {
  const Header headers[] = {{"Host", "example.amazonaws.com"}};
  const auto get = sign({"GET", "/", headers, ""}, kKeys, {"us-east-1", "service"}, kTime);
  CHECK(get.timestamp == "20150830T123600Z");
  CHECK(get.authorization ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  const auto post = sign({"POST", "/", headers, ""}, kKeys, {"us-east-1", "service"}, kTime);
  CHECK_THAT(post.authorization,
             Catch::EndsWith("Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
}

TEST_CASE("What is signed here is accepted by our own check, body and headers included") {
  std::vector<Header> headers = {{"X-Amz-Target", "Kinesis_20131202.PutRecords"},
                                 {"Host", "localhost:4567"},
                                 {"Content-Type", "application/x-amz-json-1.1"}};
  const auto signature =
      sign({"POST", "/", headers, "{}"}, kKeys, {"eu-west-1", "dynamodb"}, kTime);  // The one service it checks.
  headers.emplace_back("X-Amz-Date", signature.timestamp);
  headers.emplace_back("Authorization", signature.authorization);
  const Request good{"POST", "/", headers, "{}"};
  const auto claim = read_claim(good, kTime);
  CHECK(claim.access_key == "AKIDEXAMPLE");
  CHECK(claim.region == "eu-west-1");
  CHECK(claim.signed_headers == std::vector<std::string>{"content-type", "host", "x-amz-date", "x-amz-target"});
  SigningKeys keys;
  CHECK_NOTHROW(verify(good, claim, kKeys.secret_key, keys));
  CHECK_THROWS(verify({"POST", "/", headers, "{ }"}, claim, kKeys.secret_key, keys));
  CHECK_THROWS(verify(good, claim, "another", keys));
}

}  // namespace
}  // namespace shoal::sigv4

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "protocol/error.h"
#include "protocol/sigv4/sigv4.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

// 20130609T100015Z, the time of the reference's examples.
const auto kNow = std::chrono::sys_days{std::chrono::year{2013} / 6 / 9} + 10h + 15s;
const std::string kDate = "20130609T100015Z";
const std::string kCredential = "Credential=AKID/20130609/us-east-1/dynamodb/aws4_request";
const std::string kGood = "AWS4-HMAC-SHA256 " + kCredential + ", SignedHeaders=host;x-amz-date, Signature=abc";

sigv4::Claim claim_of(const std::vector<sigv4::Header>& headers, std::string_view target = "/",
                      std::chrono::system_clock::time_point now = kNow) {
  return sigv4::read_claim({"POST", target, headers, "{}"}, now);
}

sigv4::Claim claim_of(std::string_view authorization, std::string_view date = kDate) {
  return claim_of({{"Authorization", authorization}, {"X-Amz-Date", date}});
}

struct Refusal {
  std::string type, message;
};

template <class... Arguments>
Refusal refusal(const Arguments&... arguments) {
  try {
    claim_of(arguments...);
  } catch (const Error& error) {
    CHECK(error.type().status == 400);
    CHECK(error.type().name_space == "com.amazon.coral.service");
    return {std::string(error.type().name), error.message()};
  }
  return {"accepted", ""};
}

#define CHECK_REFUSED(refused, expected_type, expected_message) \
  do {                                                          \
    const Refusal seen = refused;                               \
    CHECK(seen.type == expected_type);                          \
    CHECK(seen.message == expected_message);                    \
  } while (false)

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string presigned(std::string_view more = "") {
  return "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20130609%2Fus-east-1%2Fdynamodb%2Faws4_request"
         "&X-Amz-Date=20130609T100015Z&X-Amz-SignedHeaders=host&X-Amz-Signature=abc" +
         std::string(more);
}

constexpr auto kMissing = "MissingAuthenticationTokenException";
constexpr auto kIncomplete = "IncompleteSignatureException";
constexpr auto kInvalid = "InvalidSignatureException";

}  // namespace

TEST_CASE("A claim holds what the Authorization header says") {
  const auto claim = claim_of({{"authorization", kGood}, {"x-amz-date", kDate}, {"X-AMZ-SECURITY-TOKEN", " token "}});
  CHECK(claim.access_key == "AKID");
  CHECK(claim.date == "20130609");
  CHECK(claim.region == "us-east-1");
  CHECK(claim.timestamp == kDate);
  CHECK(claim.signature == "abc");
  CHECK(claim.signed_headers == std::vector<std::string>{"host", "x-amz-date"});
  CHECK(claim.session_token == "token");
  CHECK_FALSE(claim.presigned);
}

TEST_CASE("A claim holds what the query says") {
  const auto claim = claim_of(std::vector<sigv4::Header>{}, presigned("&X-Amz-Security-Token=a%2Bb%3D"));
  CHECK(claim.access_key == "AKID");
  CHECK(claim.date == "20130609");
  CHECK(claim.region == "us-east-1");
  CHECK(claim.timestamp == kDate);
  CHECK(claim.signature == "abc");
  CHECK(claim.signed_headers == std::vector<std::string>{"host"});
  CHECK(claim.session_token == "a+b=");
  CHECK(claim.presigned);
}

TEST_CASE("Parameters come in any order, parted by commas, blanks or both") {
  for (const auto& header : {"AWS4-HMAC-SHA256 Signature=abc,SignedHeaders=host," + kCredential,
                             "  AWS4-HMAC-SHA256   SignedHeaders=host   ,,  Signature=abc " + kCredential + " , ",
                             "AWS4-HMAC-SHA256," + kCredential + ",SignedHeaders=host\tSignature=abc"}) {
    INFO(header);
    const auto claim = claim_of(header);
    CHECK(claim.access_key == "AKID");
    CHECK(claim.signature == "abc");
    CHECK(claim.signed_headers == std::vector<std::string>{"host"});
  }
}

TEST_CASE("Names of signed headers count in any case") {
  CHECK(claim_of(with(kGood, "host;x-amz-date", "Host;X-Amz-Date")).signed_headers ==
        std::vector<std::string>{"host", "x-amz-date"});
}

TEST_CASE("Without a signature a request is missing its token") {
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{}), kMissing, "Request is missing Authentication Token");
  for (const auto* header : {"", "  ", "Basic abc", "AWS3 x", "aws4-hmac-sha256 Credential=a", "Bearer AWS4-"}) {
    INFO(header);
    CHECK_REFUSED(refusal(header), kMissing, "Request is missing Authentication Token");
  }
  // The other parameters of the query form do not make one.
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{}, "/?X-Amz-Signature=a&x-amz-algorithm=b"), kMissing,
                "Request is missing Authentication Token");
}

TEST_CASE("Header and query form exclude each other, whatever they hold") {
  constexpr auto kBoth = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.";
  for (const auto& header : {kGood, std::string("Basic abc"), std::string()}) {
    for (const auto& target : {presigned(), std::string("/?X-Amz-Algorithm"), std::string("/?a&X-Amz%2DAlgorithm=b")}) {
      CHECK_REFUSED(refusal(std::vector<sigv4::Header>{{"Authorization", header}}, target), kInvalid, kBoth);
    }
  }
}

TEST_CASE("Parts that the Authorization header lacks are all named") {
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{{"Authorization", "AWS4-"}}), kIncomplete,
                "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
                "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires "
                "existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-");
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{{"Authorization", "AWS4- Signature=b,Credential=a"}}), kIncomplete,
                "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of "
                "either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4- Signature=b,Credential=a");
  CHECK_REFUSED(refusal("AWS4-HMAC-SHA256 Signature=b SignedHeaders=c"), kIncomplete,
                "Authorization header requires 'Credential' parameter. Authorization=AWS4-HMAC-SHA256 Signature=b "
                "SignedHeaders=c");
  CHECK_REFUSED(refusal("AWS4-HMAC-SHA256 Credential=a,SignedHeaders=c,Signature="), kIncomplete,
                "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 "
                "Credential=a,SignedHeaders=c,Signature=");
  CHECK_REFUSED(refusal("AWS4-HMAC-SHA256 garbage"), kIncomplete,
                "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
                "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256 "
                "garbage");
  CHECK_REFUSED(
      refusal(std::vector<sigv4::Header>{{"Authorization", kGood}}), kIncomplete,
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=" + kGood);
}

TEST_CASE("Parts that the query lacks are all named") {
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{}, "/?X-Amz-Algorithm"), kIncomplete,
                "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include "
                "'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string "
                "parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. "
                "Re-examine the query-string parameters.");
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{{"X-Amz-Date", kDate}},
                        with(presigned(), "X-Amz-Date=20130609T100015Z", "X-Amz-Date=")),
                kIncomplete,
                "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.");
}

TEST_CASE("A word without an equal-sign is no parameter") {
  const auto header = with(kGood, kCredential, "Credential");
  CHECK_REFUSED(
      refusal(header), kIncomplete,
      "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: '" + header + "'.");
  const auto more = kGood + " more and=more";
  CHECK_REFUSED(refusal(more), kIncomplete,
                "'more' not a valid key=value pair (missing equal-sign) in Authorization header: '" + more + "'.");
}

TEST_CASE("A date is in the basic format of ISO 8601") {
  CHECK_REFUSED(refusal(kGood, "201"), kIncomplete,
                "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601");
  CHECK_REFUSED(refusal(kGood, "Sun, 09 Jun 2013 10:00:15 GMT"), kIncomplete,
                "Date must be in ISO-8601 'basic format'. Got 'Sun, 09 Jun 2013 10:00:15 GMT'. See "
                "http://en.wikipedia.org/wiki/ISO_8601");
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{{"Authorization", kGood}, {"Date", "yesterday"}}), kIncomplete,
                "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See http://en.wikipedia.org/wiki/ISO_8601");
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{}, with(presigned(), "Date=20130609T", "Date=20130631T")),
                kIncomplete,
                "Date must be in ISO-8601 'basic format'. Got '20130631T100015Z'. See "
                "http://en.wikipedia.org/wiki/ISO_8601");
}

TEST_CASE("Without X-Amz-Date the Date header dates the signature, in either format") {
  for (const auto* date : {"20130609T100015Z", "Sun, 09 Jun 2013 10:00:15 GMT", "Sun, 09 Jun 2013 10:00:15 -0000"}) {
    CHECK(claim_of({{"Authorization", kGood}, {"Date", date}}).timestamp == kDate);
  }
  CHECK(claim_of({{"Date", "nonsense"}, {"Authorization", kGood}, {"X-Amz-Date", kDate}}).timestamp == kDate);
}

TEST_CASE("A signature is good for fifteen minutes before and after its date") {
  const std::vector<sigv4::Header> headers{{"Authorization", kGood}, {"X-Amz-Date", kDate}};
  CHECK(refusal(headers, "/", kNow + 15min).type == "accepted");
  CHECK(refusal(headers, "/", kNow + 15min + 999ms).type == "accepted");
  CHECK(refusal(headers, "/", kNow - 15min).type == "accepted");
  CHECK_REFUSED(refusal(headers, "/", kNow + 15min + 1s), kInvalid,
                "Signature expired: 20130609T100015Z is now earlier than 20130609T100016Z (20130609T101516Z - 15 "
                "min.)");
  CHECK_REFUSED(refusal(headers, "/", kNow - 15min - 1s), kInvalid,
                "Signature not yet current: 20130609T100015Z is still later than 20130609T100014Z (20130609T094514Z + "
                "15 min.)");
  CHECK_REFUSED(refusal(kGood, "20130301T000000Z"), kInvalid,
                "Signature expired: 20130301T000000Z is now earlier than 20130609T094515Z (20130609T100015Z - 15 "
                "min.)");
  CHECK_REFUSED(refusal(kGood, "20300101T000000Z"), kInvalid,
                "Signature not yet current: 20300101T000000Z is still later than 20130609T101515Z (20130609T100015Z + "
                "15 min.)");
  CHECK(refusal(kGood, "00000101T000000Z").type == kInvalid);
  CHECK(refusal(kGood, "99991231T235959Z").type == kInvalid);
}

TEST_CASE("A presigned request is good for as long as it says, up to seven days") {
  const std::vector<sigv4::Header> none;
  CHECK(refusal(none, presigned("&X-Amz-Expires=604800"), kNow + 7 * 24h).type == "accepted");
  CHECK(refusal(none, presigned("&X-Amz-Expires=604800"), kNow + 7 * 24h + 1s).type == kInvalid);
  CHECK(refusal(none, presigned("&X-Amz-Expires=60"), kNow + 60s).type == "accepted");
  CHECK_REFUSED(refusal(none, presigned("&X-Amz-Expires=60"), kNow + 61s), kInvalid,
                "Signature expired: 20130609T100015Z is now earlier than 20130609T100016Z (20130609T100116Z - 1 min.)");
  CHECK(refusal(none, presigned(), kNow + 15min).type == "accepted");
  CHECK(refusal(none, presigned(), kNow + 16min).type == kInvalid);
  CHECK(refusal(none, presigned("&X-Amz-Expires=604800"), kNow - 16min).type == kInvalid);

  CHECK_REFUSED(refusal(none, presigned("&X-Amz-Expires=soon")), kIncomplete, "X-Amz-Expires should be a number");
  CHECK_REFUSED(refusal(none, presigned("&X-Amz-Expires=")), kIncomplete, "X-Amz-Expires should be a number");
  CHECK_REFUSED(refusal(none, presigned("&X-Amz-Expires=1.5")), kIncomplete, "X-Amz-Expires should be a number");
  CHECK_REFUSED(refusal(none, presigned("&X-Amz-Expires=-1")), kIncomplete, "X-Amz-Expires must be non-negative");
  for (const auto* much : {"604801", "99999999999999999999"}) {
    CHECK_REFUSED(refusal(none, presigned(std::string("&X-Amz-Expires=") + much)), kIncomplete,
                  "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                  "than 604800 seconds");
  }
}

TEST_CASE("Of a header that comes twice the first counts, and so of a parameter in the query") {
  const auto other = with(with(kGood, "AKID", "OTHER"), "abc", "def");
  const auto claim = claim_of({{"Authorization", kGood},
                               {"X-Amz-Date", kDate},
                               {"X-Amz-Security-Token", "first"},
                               {"authorization", other},
                               {"x-amz-date", "20010101T000000Z"},
                               {"x-amz-security-token", "second"}});
  CHECK(claim.access_key == "AKID");
  CHECK(claim.signature == "abc");
  CHECK(claim.timestamp == kDate);
  CHECK(claim.session_token == "first");
  // An Authorization that is there but empty is not looked past.
  CHECK(refusal(std::vector<sigv4::Header>{{"Authorization", ""}, {"Authorization", kGood}, {"X-Amz-Date", kDate}})
            .type == kMissing);
  CHECK(claim_of(std::vector<sigv4::Header>{}, presigned("&X-Amz-Signature=def")).signature == "abc");
}

TEST_CASE("Of a parameter that the Authorization header repeats the last counts") {
  CHECK(claim_of(kGood + ", Signature=def").signature == "def");
}

TEST_CASE("The host must be signed") {
  for (const auto* list : {"x-amz-date", "hosts;x-host", ";"}) {
    CHECK_REFUSED(refusal(with(kGood, "host;x-amz-date", list)), kInvalid,
                  "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

TEST_CASE("There is one algorithm") {
  CHECK_REFUSED(refusal(with(kGood, "SHA256", "SHA25")), kIncomplete,
                "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ");
  CHECK_REFUSED(refusal(std::vector<sigv4::Header>{}, with(presigned(), "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")),
                kIncomplete, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). ");
}

TEST_CASE("A credential has five parts") {
  constexpr auto kFive =
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '";
  for (const std::string bad : {"a/b/c/d", "a", "/", "a/b/c/d/", "a/b/c/d//", "a/b/c/d/e/f", "a/b/c/d/e/f/g/h"}) {
    CHECK_REFUSED(refusal(with(kGood, kCredential, "Credential=" + bad)), kIncomplete, kFive + bad + "'");
  }
  CHECK(claim_of(with(kGood, "aws4_request", "aws4_request//")).access_key == "AKID");
}

TEST_CASE("The scope's faults are all named") {
  CHECK_REFUSED(refusal(with(kGood, kCredential, "Credential=a/b/c/d/e")), kInvalid,
                "Credential should be scoped to a valid region, not 'c'. Credential should be scoped to correct "
                "service: 'dynamodb'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != "
                "'20130609', from '20130609T100015Z'.");
  CHECK_REFUSED(refusal(with(kGood, "/dynamodb/", "/DynamoDB/")), kInvalid,
                "Credential should be scoped to correct service: 'dynamodb'. ");
  CHECK_REFUSED(refusal(with(kGood, "aws4_request", "AWS4_request")), kInvalid,
                "Credential should be scoped with a valid terminator: 'aws4_request', not 'AWS4_request'. ");
  CHECK_REFUSED(refusal(with(kGood, "/20130609/", "/20130608/")), kInvalid,
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20130608' "
                "!= '20130609', from '20130609T100015Z'.");
}

TEST_CASE("A region is any that could be one") {
  for (const std::string good : {"us-east-1", "local", "ddblocal", "mars-north-12", "xy"}) {
    CHECK(claim_of(with(kGood, "us-east-1", good)).region == good);
  }
  for (const std::string bad : {"", "c", "US-EAST-1", "us_east_1", "us.east", "\xC3\xBC", "%20"}) {
    CHECK_REFUSED(refusal(with(kGood, "us-east-1", bad)), kInvalid,
                  "Credential should be scoped to a valid region, not '" + bad + "'. ");
  }
  CHECK(refusal(with(kGood, "us-east-1", std::string(65, 'a'))).type == kInvalid);
}

TEST_CASE("Checks come in production's order: each fault hides those after it") {
  // One fault for each row, repaired one by one.
  auto header = std::string("AWS4-HMAC-SHA25 Credential,SignedHeaders=x");
  auto date = std::string("201");
  const auto message = [&] { return refusal(header, date).message; };
  CHECK(message() == "Authorization header requires 'Signature' parameter. Authorization=" + header);
  header += ",Signature=s";
  CHECK(message() ==
        "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: '" + header + "'.");
  header = with(header, "Credential", "Credential=a/b/c");
  CHECK(message().starts_with("Date must be in ISO-8601"));
  date = "20130609T000000Z";
  CHECK(message().starts_with("Signature expired: "));
  date = kDate;
  CHECK(message() == "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  header = with(header, "SignedHeaders=x", "SignedHeaders=host");
  CHECK(message().starts_with("Unsupported AWS 'algorithm': "));
  header = with(header, "SHA25", "SHA256");
  CHECK(message().starts_with("Credential must have exactly 5 "));
  header = with(header, "a/b/c", "a/b/c/d/e");
  CHECK(message().starts_with("Credential should be scoped to a valid region, not 'c'. "));
  header = with(header, "a/b/c/d/e", "a/20130609/us-east-1/dynamodb/aws4_request");
  CHECK(refusal(header, date).type == "accepted");
}

TEST_CASE("Access keys may hold any characters that a form can carry") {
  CHECK(claim_of(with(kGood, "=AKID", "=k=\xE2\x82\xAC!'\"")).access_key == "k=\xE2\x82\xAC!'\"");
  CHECK(claim_of(std::vector<sigv4::Header>{}, with(presigned(), "=AKID", "=a%20b%2C%00c")).access_key ==
        std::string("a b,\0c", 6));
  CHECK(claim_of(with(kGood, "=AKID", "=")).access_key.empty());  // The caller's to refuse.
}

TEST_CASE("Huge headers are read like others") {
  const std::string key(1 << 20, 'k');
  CHECK(claim_of(with(kGood, "=AKID", "=" + key)).access_key == key);
  std::string list = "host";
  for (int i = 0; i < 50'000; ++i) list += ";a";
  CHECK(claim_of(with(kGood, "host;x-amz-date", list)).signed_headers.size() == 50'001);
  CHECK(refusal("AWS4-" + std::string(1 << 20, ',')).type == kIncomplete);
  CHECK(refusal(with(kGood, kCredential, "Credential=" + std::string(1 << 20, '/'))).type == kIncomplete);
}

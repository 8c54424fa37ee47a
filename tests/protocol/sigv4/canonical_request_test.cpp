#include "protocol/sigv4/canonical_request.h"

#include <catch2/catch.hpp>

#include "protocol/sigv4/query.h"
#include "protocol/sigv4/timestamp.h"

using namespace shoal::sigv4;

namespace {

std::string canonical(std::string_view target, std::vector<Header> headers, std::vector<std::string> signed_headers,
                      bool presigned = false) {
  Claim claim;
  claim.signed_headers = std::move(signed_headers);
  claim.presigned = presigned;
  std::string out;
  REQUIRE(append_canonical_request(out, Request{"POST", target, headers, ""}, claim, "HASH"));
  return out;
}

std::string path(std::string_view target) {
  const auto text = canonical(target, {}, {});
  return text.substr(5, text.find('\n', 5) - 5);
}

std::string query(std::string_view text, bool presigned = false) {
  const auto request = canonical("/?" + std::string(text), {}, {}, presigned);
  return request.substr(7, request.find('\n', 7) - 7);
}

std::string header(std::string_view value) {
  const auto text = canonical("/", {{"A", value}}, {"a"});
  return text.substr(10, text.find('\n', 10) - 10);
}

}  // namespace

TEST_CASE("A canonical request has seven parts, one a line") {
  CHECK(canonical("/?b=2&a=1", {{"X-Amz-Date", "now"}, {"Host", "h:1"}, {"Accept", "*"}}, {"host", "x-amz-date"}) ==
        "POST\n/\na=1&b=2\nhost:h:1\nx-amz-date:now\n\nhost;x-amz-date\nHASH");
}

TEST_CASE("A path is freed of dot segments and doubled slashes, and encoded once more") {
  CHECK(path("/") == "/");
  CHECK(path("") == "/");
  CHECK(path("//") == "/");
  CHECK(path("/a/b") == "/a/b");
  CHECK(path("/a/b/") == "/a/b/");
  CHECK(path("/a/./b/../c//d") == "/a/c/d");
  CHECK(path("/../..") == "/");
  CHECK(path("/a%20b") == "/a%2520b");
  CHECK(path("/\xC3\xA9*~") == "/%C3%A9%2A~");
  CHECK(path("a") == "/a");
  CHECK(path("https://host/a?b") == "/a");
  CHECK(path("http://host?b") == "/");
}

TEST_CASE("A query is sorted by encoded name, then value, and encoded anew") {
  CHECK(query("") == "");
  CHECK(query("b&a") == "a=&b=");
  CHECK(query("a=2&a=10&a-=1&B=x") == "B=x&a=10&a=2&a-=1");  // 'a' before 'a-': not by the text "a=..."
  CHECK(query("a=b=c") == "a=b%3Dc");
  CHECK(query("a=%2f%7E&%61=x") == "a=%2F~&a=x");
  CHECK(query("a=x+y") == "a=x%20y");
  CHECK(query("a=%&b=%2&c=%zz&d=%4") == "a=%25&b=%252&c=%25zz&d=%254");
  CHECK(query("&&a&&") == "a=");
  CHECK(query("a=\xFF%00") == "a=%FF%00");
}

TEST_CASE("The signature is no part of what a presigned request signs") {
  CHECK(query("X-Amz-Signature=1&a=2", true) == "a=2");
  CHECK(query("X-Amz-Signature=1&a=2", false) == "X-Amz-Signature=1&a=2");
}

TEST_CASE("A header's value is trimmed and its runs of blanks are one") {
  CHECK(header("") == "");
  CHECK(header("   ") == "");
  CHECK(header("a b") == "a b");
  CHECK(header(" \t a  b\tc \t d ") == "a b c d");
  CHECK(header("\"a  b\"") == "\"a b\"");
  CHECK(header("f\xC3\xBCr") == "f\xC3\xBCr");
}

TEST_CASE("Values of a header that came several times are joined by commas; of one that did not come there is none") {
  CHECK(canonical("/", {{"A", "2"}, {"b", "x"}, {"a", " 1 "}, {"A", ""}}, {"a", "c"}) ==
        "POST\n/\n\na:2,1,\nc:\n\na;c\nHASH");
}

TEST_CASE("Dates are read in the basic form of ISO 8601") {
  using namespace std::chrono;
  const auto time = sys_days{year{2013} / 6 / 9} + hours{10} + minutes{0} + seconds{15};
  CHECK(parse_basic_time("20130609T100015Z") == time);
  CHECK(basic_time(time) == "20130609T100015Z");
  CHECK(parse_basic_time("20240229T235959Z"));
  for (const auto* bad :
       {"", "201", "20130609", "20130609T100015", "20130609T100015ZZ", "20130609 100015Z", "2013-06-09T10:00:15Z",
        "20130230T000000Z", "20131301T000000Z", "20130609T240000Z", "20130609T106000Z", "20130609T100061Z",
        "2013060xT100015Z", "20230229T000000Z", "-0130609T100015Z", "20130609t100015z"}) {
    INFO(bad);
    CHECK_FALSE(parse_basic_time(bad));
  }
}

TEST_CASE("A Date header may be an HTTP date") {
  CHECK(parse_http_date("Sun, 09 Jun 2013 10:00:15 GMT") == parse_basic_time("20130609T100015Z"));
  CHECK(parse_http_date("Sun, 09 Jun 2013 10:00:15 -0000") == parse_basic_time("20130609T100015Z"));
  for (const auto* bad :
       {"", "Sun, 09 Jun 2013 10:00:15", "Sun, 09 Jun 2013 10:00:15 CET", "Sun, 09 unJ 2013 10:00:15 GMT",
        "Sun, 31 Jun 2013 10:00:15 GMT", "Sun, 09-Jun-2013 10:00:15 GMT"}) {
    INFO(bad);
    CHECK_FALSE(parse_http_date(bad));
  }
}

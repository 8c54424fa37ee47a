#include "server/http/respond.h"

#include <catch2/catch.hpp>
#include <future>

#include "server/http/fake_backend.h"
#include "server/http/request_reader.h"

using namespace shoal;
using namespace shoal::http;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Client {
  explicit Client(Config config = {})
      : shoal(std::move(config)), backend(shoal.services, shoal.authenticator, find_fake), exchange(backend) {}

  // The whole answer to a request as it stands on the wire; commits run where they must.
  std::string send(const std::string& text) {
    RequestReader reader;
    reader.feed(text);
    REQUIRE(reader.state() == RequestReader::State::complete);
    std::string out;
    const kv::Body* body = exchange.start(reader.request(), out);
    while (body != nullptr) {
      CHECK(out.empty());
      std::promise<std::exception_ptr> done;
      shoal.engine->submit(*body, [&done](std::exception_ptr failure) { done.set_value(std::move(failure)); });
      body = exchange.settle(done.get_future().get(), out);
    }
    return out;
  }

  std::string post(const std::string& body, const std::string& headers) {
    return send("POST / HTTP/1.1\r\nHost: h\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
  }

  std::string call(const std::string& operation, const std::string& body = "{}", const std::string& headers = "") {
    const std::string service = operation == "ListStreams" ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
    return post(body,
                "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: " + service + operation + "\r\n" + headers);
  }

  FakeBackend shoal;
  Backend backend;
  Exchange exchange;
};

std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

constexpr const char* kBareSerialization = R"({"__type":"com.amazon.coral.service#SerializationException"})";
constexpr const char* kBareUnknown = R"({"__type":"com.amazon.coral.service#UnknownOperationException"})";
constexpr const char* kJson = "Content-Type: application/x-amz-json-1.0\r\n";

}  // namespace

TEST_CASE("GET of any path says healthy, and /_shoal/health which version") {
  Client client;
  const auto answer = client.send("GET /any?thing HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(answer, "Content-Type: text/plain\r\n"));
  CHECK(contains(answer, "x-amzn-RequestId: "));
  CHECK(body_of(answer) == "healthy: dynamodb.us-east-1.amazonaws.com ");

  const auto health = client.send("GET /_shoal/health HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(contains(health, "Content-Type: application/json\r\n"));
  CHECK(body_of(health) == "{\"status\":\"ok\",\"version\":\"" + std::string(version()) + "\"}");
}

TEST_CASE("other methods and content types are no such thing") {
  Client client;
  for (const char* method : {"PUT", "DELETE", "PATCH", "OPTIONS", "FOO"}) {
    CAPTURE(method);
    const auto answer = client.send(std::string(method) + " / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(contains(answer, "Content-Length: 29\r\n"));
    CHECK(contains(answer, "x-amz-crc32: 3552371480\r\n"));
    CHECK(body_of(answer) == "<UnknownOperationException/>\n");
  }
  for (const char* type : {"", "Content-Type: text/plain\r\n", "Content-Type: application/x-amz-json-1.1\r\n",
                           "Content-Type: application/jsonp\r\n", "Content-Type: ;application/json\r\n"}) {
    CAPTURE(type);
    CHECK(client.post("{}", type).starts_with("HTTP/1.1 404 Not Found\r\n"));
  }
  const auto head = client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(contains(head, "Content-Length: 29\r\n"));
  CHECK(body_of(head).empty());
}

TEST_CASE("the content type is mirrored, and what follows a semicolon ignored") {
  Client client;
  const std::string target = "X-Amz-Target: DynamoDB_20120810.ListTables\r\n";
  CHECK(contains(client.post("{}", target + kJson), "Content-Type: application/x-amz-json-1.0\r\n"));
  CHECK(contains(client.post("{}", target + "Content-Type: APPLICATION/X-AMZ-JSON-1.0 ; charset=x\r\n"),
                 "Content-Type: application/x-amz-json-1.0\r\n"));
  CHECK(contains(client.post("{}", target + "Content-Type: application/json; charset=utf-8\r\n"),
                 "Content-Type: application/json\r\n"));
}

TEST_CASE("a body that is no JSON object is a bare SerializationException, before its target is looked at") {
  Client client;
  for (const char* body :
       {"{", "[]", "1", "null", "\"x\"", "{\"a\": \"\xff\"}", "{\"a\": \"\\ud800\"}", "{} {}", "\x01"}) {
    CAPTURE(body);
    const auto answer = client.post(body, kJson);
    CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(body_of(answer) == kBareSerialization);
    CHECK(contains(answer, "x-amz-crc32: 3948637019\r\n"));
  }
  CHECK(body_of(client.post(std::string(100'000, '['), kJson)) == kBareSerialization);
}

TEST_CASE("an unknown or missing target is a bare UnknownOperationException") {
  Client client;
  for (const char* target :
       {"", "X-Amz-Target: \r\n", "X-Amz-Target: GetItem\r\n", "X-Amz-Target: DynamoDB_20120810.GetItems\r\n",
        "X-Amz-Target: DynamoDB_20111205.GetItem\r\n", "X-Amz-Target: DynamoDB_20120810.GetItem.x\r\n",
        "X-Amz-Target: DynamoDBStreams_20120810.GetItem\r\n"}) {
    CAPTURE(target);
    const auto answer = client.post("{}", std::string(kJson) + target);
    CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(body_of(answer) == kBareUnknown);
    CHECK(contains(answer, "x-amz-crc32: 1368724161\r\n"));
  }
  CHECK(body_of(client.post("", "")) == kBareUnknown);  // Without a body, the content type does not matter.
}

TEST_CASE("an operation that is not built says so by name") {
  Client client;
  const auto answer = client.call("CreateBackup");
  CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(
      body_of(answer) ==
      R"({"__type":"com.amazon.coral.service#UnknownOperationException","message":"CreateBackup is not supported by Shoal yet"})");
}

TEST_CASE("who calls is asked before what the body holds") {
  Client client;
  const char* unsigned_answer =
      R"({"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"})";
  CHECK(body_of(client.call("ListTables", R"({"Limit": "x"})", "Authorization: nobody\r\n")) == unsigned_answer);
  CHECK(body_of(client.call("ListTables", "", "Authorization: nobody\r\n")) == unsigned_answer);
  CHECK(body_of(client.call("ListTables", "")) == kBareSerialization);
}

TEST_CASE("types and constraints are checked before the operation runs") {
  Client client;
  CHECK(
      body_of(client.call("ListTables", R"({"Limit": "x"})")) ==
      R"({"__type":"com.amazon.coral.service#SerializationException","Message":"STRING_VALUE cannot be converted to Integer"})");
  CHECK(contains(body_of(client.call("ListTables", R"({"Limit": 101})")),
                 "1 validation error detected: Value '101' at 'limit'"));
}

TEST_CASE("an operation gets its input and its caller's region, or the one region of all") {
  Client client;
  CHECK(body_of(client.call("ListTables", R"({"Limit": 5})")) == R"({"region":"eu-west-1","limit":5})");
  Config config;
  config.shared_regions = true;
  Client folded(config);
  CHECK(body_of(folded.call("ListTables")) == R"({"region":"us-east-1","limit":0})");
}

TEST_CASE("an empty answer is a 200 without a body") {
  Client client;
  const auto answer = client.call("DescribeEndpoints");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(answer, "Content-Length: 0\r\n"));
  CHECK(body_of(answer).empty());
}

TEST_CASE("a write is answered by its body, and its end is told once") {
  Client client;
  commits = 0;
  CHECK(body_of(client.call("DescribeLimits")) == R"({"count":1})");
  CHECK(body_of(client.call("DescribeLimits")) == R"({"count":2})");
  CHECK(commits == 2);
  CHECK(
      body_of(client.call("DeleteTable", R"({"TableName": "Music"})")) ==
      R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed","Item":{}})");
}

TEST_CASE("a write whose table changed under it is run again, but not for ever") {
  Client client;
  changes_left = 99;
  CHECK(body_of(client.call("ListBackups")) == "{}");
  CHECK(changes_left == -1);
  changes_left = 1000;
  CHECK(client.call("ListBackups").starts_with("HTTP/1.1 500 "));
  changes_left = 1;
  CHECK(body_of(client.call("ListBackups")) == "{}");
}

TEST_CASE("request-layer errors of wrapped operations come in the envelope") {
  Client client;
  CHECK(contains(client.call("ListImports"), R"("message":"1 validation error detected: Value is \"bad\"")"));
  CHECK(contains(client.call("ListExports"), R"("message":"Value is \"bad\"")"));
}

TEST_CASE("a hint is a header of its own") {
  Client client;
  const auto answer = client.call("ListContributorInsights");
  CHECK(contains(answer, "\r\nx-shoal-hint: look in  X-Evil: eu-west-1\r\n"));
  CHECK_FALSE(contains(answer, "\r\nX-Evil"));
}

TEST_CASE("a bug is an InternalServerError, and the next request is answered") {
  Client client;
  const auto answer = client.call("ListGlobalTables");
  CHECK(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
  CHECK(body_of(answer) ==
        R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error"})");
  CHECK(client.call("ListTables").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a failure of the disk is an InternalServerError that names it") {
  Client client;
  const auto answer = client.call("DescribeTimeToLive", R"({"TableName": "Music"})");
  CHECK(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
  CHECK(contains(answer, "Internal server error: no space left on device"));
  CHECK(client.call("DescribeLimits").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("answers to an allowed origin can be read by its page; others get no leave") {
  Client client;
  const auto allowed = client.call("ListTables", "{}", "Origin: http://localhost:3000\r\n");
  CHECK(contains(allowed, "\r\nAccess-Control-Allow-Origin: *\r\n"));
  CHECK(contains(allowed, "x-amzn-RequestId, "));
  CHECK(contains(client.call("GetItem", "{", "Origin: http://localhost:3000\r\n"), "Access-Control-Allow-Origin: *"));
  CHECK_FALSE(contains(client.call("ListTables", "{}", "Origin: https://example.com\r\n"), "Access-Control"));
  CHECK_FALSE(contains(client.call("ListTables", "{}", "Origin: null\r\n"), "Access-Control"));
  CHECK_FALSE(contains(client.call("ListTables"), "Access-Control"));
}

TEST_CASE("a preflight is answered before anything else is looked at") {
  Client client;
  const std::string ask = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-amz-target\r\n";
  const auto allowed = client.send("OPTIONS / HTTP/1.1\r\nHost: h\r\nOrigin: http://localhost\r\n" + ask + "\r\n");
  CHECK(allowed.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(allowed, "Content-Length: 0\r\n"));
  CHECK(contains(allowed, "Access-Control-Allow-Origin: *\r\n"));
  CHECK(contains(allowed, "Access-Control-Max-Age: 172800\r\n"));
  CHECK(contains(allowed, "Access-Control-Allow-Headers: x-amz-target\r\n"));
  CHECK(contains(allowed, "Access-Control-Allow-Methods: POST\r\n"));

  const auto refused = client.send("OPTIONS / HTTP/1.1\r\nHost: h\r\nOrigin: https://example.com\r\n" + ask + "\r\n");
  CHECK(refused.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK_FALSE(contains(refused, "Access-Control"));
}

TEST_CASE("a compressed body that is damaged is a bare SerializationException") {
  Client client;
  CHECK(body_of(client.call("ListTables", "{}", "Content-Encoding: gzip\r\n")) == kBareSerialization);
  CHECK(body_of(client.call("ListTables", "{}", "Content-Encoding: identity\r\n")) ==
        R"({"region":"eu-west-1","limit":0})");
}

TEST_CASE("the control interface answers before anything of the API, and never a web page") {
  Client client;
  const std::string json = "Content-Type: application/json\r\n";
  const auto send = [&](const std::string& method, const std::string& headers, const std::string& body = "") {
    return client.send(method + " /_shoal/faults HTTP/1.1\r\nHost: h\r\n" + headers +
                       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  CHECK(body_of(send("POST", json, R"({"fault": "throttle", "next": 1})")) ==
        R"({"rules":[{"fault":"throttle","next":1,"struck":0}]})");
  CHECK(send("POST", "", "{}").starts_with("HTTP/1.1 415 Unsupported Media Type\r\n"));
  CHECK(send("POST", json, "{}").starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(send("PUT", json, "{}").starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  for (const std::string method : {"OPTIONS", "GET", "POST"}) {
    const auto refused = send(method, json + "Origin: http://localhost\r\nAccess-Control-Request-Method: POST\r\n");
    CHECK(refused.starts_with("HTTP/1.1 403 Forbidden\r\n"));
    CHECK_FALSE(contains(refused, "Access-Control-"));
  }
  CHECK(body_of(send("DELETE", "")) == R"({"rules":[]})");
  const auto head = client.send("HEAD /_shoal/health HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(body_of(head).empty());
}

TEST_CASE("without a control interface its paths are no such thing") {
  Config config;
  config.control = "off";
  Client client(config);
  for (const char* method : {"GET", "POST", "OPTIONS"}) {
    const auto answer = client.send(std::string(method) + " /_shoal/health HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(body_of(answer) == "<UnknownOperationException/>\n");
  }
  CHECK(body_of(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")).starts_with("healthy"));
}

TEST_CASE("a request whose signature is refused does not reach a signed control interface") {
  Config config;
  config.control = "signed";
  Client client(config);
  const auto refused = client.send("GET /_shoal/clock HTTP/1.1\r\nHost: h\r\nX-Who: nobody\r\n\r\n");
  CHECK(contains(refused, "MissingAuthenticationTokenException"));
  CHECK(client.send("GET /_shoal/health HTTP/1.1\r\nHost: h\r\nX-Who: nobody\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("faults are drawn once for a request, however often it is run") {
  Client client;
  FaultRule rule{Fault::latency};
  rule.time = std::chrono::milliseconds(30);
  rule.next = 2;
  client.shoal.faults.set(rule);
  changes_left = 3;
  CHECK(client.call("ListBackups").starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(client.exchange.delay() == rule.time);
  CHECK(client.shoal.faults.list()[0].struck == 1);

  // What fails waits too; what was refused before does not.
  CHECK(client.call("DeleteTable", R"({"TableName": "Music"})").starts_with("HTTP/1.1 400"));
  CHECK(client.exchange.delay() == rule.time);
  CHECK(client.call("DeleteTable", "{}").starts_with("HTTP/1.1 400"));
  CHECK(client.exchange.delay().count() == 0);
  CHECK(client.call("ListTables").starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(client.exchange.delay().count() == 0);
}

TEST_CASE("a struck write does not happen, and its answer is production's in every header") {
  Client client;
  client.call("DescribeLimits");
  FaultRule rule{Fault::internal_error};
  rule.next = 1;
  client.shoal.faults.set(rule);
  const auto answer = client.call("DescribeLimits");
  CHECK(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\nServer: Server\r\nDate: "));
  CHECK(body_of(answer) ==
        R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error"})");
  CHECK(contains(answer, "x-amzn-RequestId: "));
  CHECK(contains(answer, "x-amz-crc32: "));
  CHECK_FALSE(contains(answer, "shoal"));
  CHECK(body_of(client.call("DescribeLimits")) == R"({"count":2})");
}

#include "server/http/response.h"

#include <catch2/catch.hpp>

using namespace shoal;
using namespace shoal::http;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string text_of(const Response& response, Request request = {}) {
  std::string out;
  append_response(out, request, RequestId(), response);
  return out;
}

}  // namespace

TEST_CASE("an error is rendered with its namespace, name and message") {
  CHECK(error_body(validation_error("x \"quoted\""), Wording::older) ==
        R"({"__type":"com.amazon.coral.validate#ValidationException","message":"x \"quoted\""})");
  CHECK(
      error_body(Error(errors::resource_not_found, "Requested resource not found"), Wording::older) ==
      R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"})");
}

TEST_CASE("some errors have a Message with a capital") {
  CHECK(error_body(Error(errors::serialization, "Unexpected field type"), Wording::older) ==
        R"({"__type":"com.amazon.coral.service#SerializationException","Message":"Unexpected field type"})");
  CHECK(contains(error_body(Error(errors::transaction_canceled, "m"), Wording::older), R"("Message":"m")"));
  CHECK(contains(error_body(Error(errors::access_denied, "m"), Wording::older), R"("Message":"m")"));
  CHECK(contains(error_body(Error(errors::idempotent_parameter_mismatch, "m"), Wording::older), R"("Message":"m")"));
  CHECK(contains(error_body(Error(errors::transaction_in_progress, "m"), Wording::older), R"("Message":"m")"));
}

TEST_CASE("an empty message is sent, a bare error has none") {
  CHECK(error_body(Error(errors::service_unavailable, ""), Wording::older) ==
        R"({"__type":"com.amazon.coral.service#ServiceUnavailableException","message":""})");
  CHECK(error_body(Error::bare(errors::serialization), Wording::older) ==
        R"({"__type":"com.amazon.coral.service#SerializationException"})");
}

TEST_CASE("extra members follow the message") {
  CHECK(
      error_body(Error(errors::conditional_check_failed, "failed", R"(,"Item":{"a":{"S":"b"}})"), Wording::older) ==
      R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"failed","Item":{"a":{"S":"b"}}})");
}

TEST_CASE("the envelope is for request-layer errors of wrapped operations alone") {
  const std::string envelope = "1 validation error detected: ";
  CHECK(contains(error_body(request_error("m"), Wording::wrapped), R"("message":"1 validation error detected: m")"));
  CHECK_FALSE(contains(error_body(request_error("m"), Wording::newer), envelope));
  CHECK_FALSE(contains(error_body(request_error("m"), Wording::older), envelope));
  CHECK_FALSE(contains(error_body(validation_error("m"), Wording::wrapped), envelope));
}

TEST_CASE("the CRC-32 is that of production's known bodies") {
  CHECK(contains(text_of({.body = "<UnknownOperationException/>\n"}), "x-amz-crc32: 3552371480\r\n"));
  CHECK(contains(text_of({.body = R"({"__type":"com.amazon.coral.service#SerializationException"})"}),
                 "x-amz-crc32: 3948637019\r\n"));
  CHECK(contains(text_of({.body = R"({"__type":"com.amazon.coral.service#UnknownOperationException"})"}),
                 "x-amz-crc32: 1368724161\r\n"));
  CHECK(contains(text_of({}), "Content-Length: 0\r\nx-amzn-RequestId:"));
  CHECK(contains(text_of({}), "x-amz-crc32: 0\r\n"));
}

TEST_CASE("an answer has a date, says Server, and leaves the connection alone unless it ends") {
  const std::string text = text_of({.body = "{}"});
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\nServer: Server\r\nDate: "));
  CHECK(contains(text, " GMT\r\n"));
  CHECK(text.ends_with("\r\n\r\n{}"));
  CHECK_FALSE(contains(text, "Connection:"));

  Request last;
  last.keep_alive = false;
  CHECK(contains(text_of({}, last), "\r\nConnection: close\r\n"));
  Request old;
  old.http_1_0 = true;
  CHECK(contains(text_of({}, old), "\r\nConnection: keep-alive\r\n"));
}

TEST_CASE("a hint cannot smuggle a header in") {
  CHECK(contains(text_of({.hint = "look in\r\neu-west-1"}), "\r\nx-shoal-hint: look in  eu-west-1\r\n"));
  CHECK_FALSE(contains(text_of({}), "x-shoal-hint"));
}

TEST_CASE("too large is production's own form: chunked, empty, without a request id") {
  std::string out;
  append_too_large(out, true);
  CHECK(out.starts_with("HTTP/1.1 413 Request Entity Too Large\r\n"));
  CHECK(out.ends_with("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
  CHECK_FALSE(contains(out, "RequestId"));
}

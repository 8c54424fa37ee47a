#include "server/kinesis/endpoint.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace shoal;
using Json = nlohmann::json;

namespace {

std::string failure_of(int status, std::string_view body, std::size_t count = 1) {
  try {
    read_put_records(status, body, count);
    return {};
  } catch (const KinesisError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("PutRecords names the stream and has the data in base64") {
  const KinesisRecord a{"key-a", "{\"x\":1}"}, b{"key-b", std::string(3, '\xff')};
  const KinesisRecord* const records[] = {&a, &b};
  CHECK(Json::parse(put_records_body({"000000000000", "us-east-1", "music"}, records)) ==
        Json{{"StreamName", "music"},
             {"Records",
              {{{"Data", "eyJ4IjoxfQ=="}, {"PartitionKey", "key-a"}}, {{"Data", "////"}, {"PartitionKey", "key-b"}}}}});
}

TEST_CASE("an ARN tells the stream's region and name") {
  const auto stream = kinesis_stream("000000000000", "arn:aws:kinesis:eu-west-1:123456789012:stream/my-stream_1.2");
  CHECK(stream.account == "000000000000");
  CHECK(stream.region == "eu-west-1");
  CHECK(stream.name == "my-stream_1.2");
}

TEST_CASE("an answer tells which records were taken, and why the first of the others was not") {
  const auto result = read_put_records(
      200,
      R"({"FailedRecordCount": 2, "Records": [{"SequenceNumber": "1", "ShardId": "shardId-000000000000"},
          {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"},
          {"ErrorCode": "InternalFailure", "ErrorMessage": "Internal service failure."}]})",
      3);
  CHECK(result.taken == std::vector<bool>{true, false, false});
  CHECK(result.failure == "ProvisionedThroughputExceededException: Rate exceeded");
}

TEST_CASE("a null ErrorCode is none") {
  const auto result = read_put_records(200, R"({"Records": [{"SequenceNumber": "1", "ErrorCode": null}]})", 1);
  CHECK(result.taken == std::vector<bool>{true});
}

TEST_CASE("what is refused as a whole says why") {
  CHECK(failure_of(400, R"({"__type": "ResourceNotFoundException", "message": "Stream x not found"})") ==
        "HTTP 400 ResourceNotFoundException Stream x not found");
  CHECK(failure_of(502, "<html>") == "HTTP 502");
  CHECK(failure_of(503, "") == "HTTP 503");
}

TEST_CASE("an answer that does not fit the records counts for none") {
  for (const auto body :
       {"", "{}", "[]", "{\"Records\": []}", "{\"Records\": 1}", "{\"Records\": [{}, {}]}", "<html>"}) {
    INFO(body);
    CHECK(failure_of(200, body) == "an answer that is none of PutRecords");
  }
}

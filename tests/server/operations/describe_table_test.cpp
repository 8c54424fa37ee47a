#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

TEST_CASE("DescribeTable of what is not there names it") {
  TestShoal shoal;
  CHECK(shoal.refusal("DescribeTable", {{"TableName", "Music"}}) ==
        "ResourceNotFoundException: Requested resource not found: Table: Music not found");
  CHECK(shoal.refusal("DescribeTable") ==
        "ValidationException: The parameter 'TableName' is required but was not present in the request");
}

TEST_CASE("counts and sizes are those of the items, and of the entries in each index") {
  TestShoal shoal;
  shoal.call("CreateTable", R"({
    "TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                             {"AttributeName": "Year", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [{"IndexName": "ByYear", "Projection": {"ProjectionType": "KEYS_ONLY"},
      "KeySchema": [{"AttributeName": "Year", "KeyType": "HASH"}]}]})"_json);
  shoal.call("PutItem", R"({"TableName": "Music", "Item": {"Artist": {"S": "ab"}, "Genre": {"S": "xyz"}}})"_json);
  shoal.call("PutItem", R"({"TableName": "Music", "Item": {"Artist": {"S": "c"}, "Year": {"N": "12"}}})"_json);
  const auto table = shoal.describe("Music");
  CHECK(table["ItemCount"] == 2);
  CHECK(table["TableSizeBytes"] == 6 + 2 + 5 + 3 + 6 + 1 + 4 + 2);
  CHECK(table["GlobalSecondaryIndexes"][0]["ItemCount"] == 1);
  CHECK(table["GlobalSecondaryIndexes"][0]["IndexSizeBytes"] == 6 + 1 + 4 + 2);
}

TEST_CASE("times are epoch seconds with milliseconds, by the clock of data") {
  TestShoal shoal;
  shoal.clock.advance(std::chrono::hours(24 * 365 * 100));
  shoal.create_table("Music", "Artist:S");
  const auto created = shoal.describe("Music")["CreationDateTime"];
  CHECK(created.is_number());
  CHECK(created.get<double>() > 4.8e9);
  CHECK(created.get<double>() * 1000 == Approx(std::round(created.get<double>() * 1000)).margin(1e-3));
}

TEST_CASE("an ARN finds its table wherever a name does") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(shoal.describe("arn:aws:dynamodb:us-east-1:000000000000:table/Music")["TableName"] == "Music");
  CHECK(shoal.call("Scan", {{"TableName", "arn:aws:dynamodb:us-east-1:000000000000:table/Music"}})["Count"] == 0);
  CHECK(shoal.refusal("DescribeTable", {{"TableName", "arn:aws:dynamodb:us-east-1:000000000000:table/Nope"}}) ==
        "ResourceNotFoundException: Requested resource not found: Table: Nope not found");
}

TEST_CASE("an ARN that is no table's is malformed") {
  TestShoal shoal;
  for (const auto* arn :
       {"arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/ByYear",
        "arn:aws:dynamodb:us-east-1:000000000000:table/no", "arn:aws:s3:us-east-1:0:table/Music",
        "arn:aws:dynamodb:us-east-1:table/Music", "arn:", "arn:aws:dynamodb:us-east-1:000000000000:backup/Music"}) {
    INFO(arn);
    CHECK(shoal.refusal("DescribeTable", {{"TableName", arn}}) ==
          "ValidationException: Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/"
          "resourceName', where Resource name must have length less than or equal to 255, Resource name must have "
          "length greater than or equal to 3, Resource name must satisfyregular expression pattern: [a-zA-Z0-9_.-]+");
  }
}

namespace {

std::string hint_of(TestShoal& shoal, std::string_view operation, const Json& input) {
  try {
    shoal.call(operation, input);
  } catch (const Error& error) {
    CHECK(error.type().name == "ResourceNotFoundException");
    return error.hint();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a table of another region is hinted at, for data and for tables") {
  TestShoal shoal;
  shoal.region = "eu-west-1";
  shoal.create_table("Music", "Artist:S");
  shoal.region = "us-east-1";
  for (const auto* operation : {"DescribeTable", "Scan", "DeleteTable"}) {
    CHECK(hint_of(shoal, operation, {{"TableName", "Music"}}) ==
          "table Music exists in region eu-west-1, the request is signed for us-east-1; use one region, or start Shoal "
          "with --shared-regions");
  }
  CHECK(hint_of(shoal, "DescribeTable", {{"TableName", "Other"}}).empty());
  // Another account's tables are none of the caller's business.
  shoal.account = "111111111111";
  CHECK(hint_of(shoal, "DescribeTable", {{"TableName", "Music"}}).empty());
}

TEST_CASE("an ARN of another region or account is not found, and hinted at") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(hint_of(shoal, "Scan", {{"TableName", "arn:aws:dynamodb:eu-west-1:123456789012:table/Music"}}) ==
        "the ARN is of account 123456789012 and region eu-west-1, the request of account 000000000000 and region "
        "us-east-1");
}

TEST_CASE("DescribeLimits answers production's defaults") {
  TestShoal shoal;
  CHECK(shoal.call("DescribeLimits") == R"({
    "AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000,
    "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000})"_json);
}

TEST_CASE("DescribeEndpoints answers the region's endpoint") {
  TestShoal shoal;
  shoal.region = "eu-west-1";
  CHECK(shoal.call("DescribeEndpoints") ==
        R"({"Endpoints": [{"Address": "dynamodb.eu-west-1.amazonaws.com", "CachePeriodInMinutes": 1440}]})"_json);
}

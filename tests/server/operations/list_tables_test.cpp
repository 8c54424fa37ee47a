#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

TEST_CASE("ListTables pages through the caller's tables in order of bytes") {
  TestShoal shoal;
  for (const auto* name : {"music", "Music", "_music", "a.b", "Zoo"}) shoal.create_table(name, "Key:S");
  shoal.region = "eu-west-1";
  shoal.create_table("Elsewhere", "Key:S");
  shoal.region = "us-east-1";

  CHECK(shoal.call("ListTables") == R"({"TableNames": ["Music", "Zoo", "_music", "a.b", "music"]})"_json);
  CHECK(shoal.call("ListTables", {{"Limit", 2}}) ==
        R"({"TableNames": ["Music", "Zoo"], "LastEvaluatedTableName": "Zoo"})"_json);
  // The start needs not exist.
  CHECK(shoal.call("ListTables", {{"ExclusiveStartTableName", "Zap"}, {"Limit", 2}}) ==
        R"({"TableNames": ["Zoo", "_music"], "LastEvaluatedTableName": "_music"})"_json);
  // A page that ends with the last table is the last one.
  CHECK(shoal.call("ListTables", {{"ExclusiveStartTableName", "_music"}, {"Limit", 2}}) ==
        R"({"TableNames": ["a.b", "music"]})"_json);
  CHECK(shoal.call("ListTables", {{"ExclusiveStartTableName", "zzz"}}) == R"({"TableNames": []})"_json);
}

TEST_CASE("ListTables answers 100 names unless told otherwise") {
  TestShoal shoal;
  for (int i = 100; i < 201; ++i) shoal.create_table("table" + std::to_string(i), "Key:S");
  const auto first = shoal.call("ListTables");
  CHECK(first["TableNames"].size() == 100);
  CHECK(first["LastEvaluatedTableName"] == "table199");
  CHECK(shoal.call("ListTables", {{"ExclusiveStartTableName", "table199"}}) == R"({"TableNames": ["table200"]})"_json);
  CHECK(shoal.refusal("ListTables", {{"Limit", 101}}).find("less than or equal to 100") != std::string::npos);
}

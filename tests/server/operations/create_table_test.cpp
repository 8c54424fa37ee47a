#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

// A request that succeeds; each test spoils one thing in it.
Json request() {
  return R"({
    "TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                             {"AttributeName": "Song", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Song", "KeyType": "RANGE"}]
  })"_json;
}

Json define(std::string_view name, std::string_view type) { return {{"AttributeName", name}, {"AttributeType", type}}; }

Json key(std::string_view hash, std::string_view range = {}) {
  Json schema = Json::array({{{"AttributeName", hash}, {"KeyType", "HASH"}}});
  if (!range.empty()) schema.push_back({{"AttributeName", range}, {"KeyType", "RANGE"}});
  return schema;
}

Json index_of(std::string_view name, Json key_schema) {
  return {{"IndexName", name}, {"KeySchema", std::move(key_schema)}, {"Projection", {{"ProjectionType", "ALL"}}}};
}

Json with_year() {
  auto input = request();
  input["AttributeDefinitions"].push_back(define("Year", "N"));
  return input;
}

Json with_global(Json definition) {
  auto input = with_year();
  input["GlobalSecondaryIndexes"] = Json::array({std::move(definition)});
  return input;
}

Json with_local(Json definition) {
  auto input = with_year();
  input["LocalSecondaryIndexes"] = Json::array({std::move(definition)});
  return input;
}

std::string refusal_of(const Json& input) {
  TestShoal shoal;
  const auto refusal = shoal.refusal("CreateTable", input);
  CHECK(shoal.call("ListTables")["TableNames"].size() == (refusal.empty() ? 1 : 0));
  return refusal;
}

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

}  // namespace

TEST_CASE("CreateTable answers CREATING, and the table is ACTIVE at once") {
  TestShoal shoal;
  const auto created = shoal.call("CreateTable", request())["TableDescription"];

  CHECK(created["TableStatus"] == "CREATING");
  CHECK(created["TableName"] == "Music");
  CHECK(created["TableArn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/Music");
  CHECK(created["ItemCount"] == 0);
  CHECK(created["TableSizeBytes"] == 0);
  CHECK(created["DeletionProtectionEnabled"] == false);
  CHECK(created["TableId"].get<std::string>().size() == 36);
  CHECK(created["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST");
  CHECK(created["ProvisionedThroughput"] ==
        R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0})"_json);
  auto described = shoal.describe("Music");
  CHECK(described["TableStatus"] == "ACTIVE");
  CHECK(described["TableId"] == created["TableId"]);
  CHECK(described["CreationDateTime"] == created["CreationDateTime"]);
  CHECK(described["KeySchema"] == request()["KeySchema"]);
  CHECK(described["AttributeDefinitions"] == request()["AttributeDefinitions"]);
  CHECK_FALSE(described.contains("GlobalSecondaryIndexes"));
  CHECK_FALSE(described.contains("SSEDescription"));
}

TEST_CASE("CreateTable of a table that exists is refused and changes nothing") {
  TestShoal shoal;
  shoal.call("CreateTable", request());
  const auto before = shoal.describe("Music");
  CHECK(shoal.refusal("CreateTable", request()) == "ResourceInUseException: Table already exists: Music");
  CHECK(shoal.describe("Music") == before);
}

TEST_CASE("tables of one name live side by side in other regions and accounts") {
  TestShoal shoal;
  shoal.call("CreateTable", request());
  shoal.region = "eu-west-1";
  CHECK(shoal.refusal("CreateTable", request()).empty());
  shoal.account = "111111111111";
  CHECK(shoal.refusal("CreateTable", request()).empty());
  CHECK(shoal.describe("Music")["TableArn"] == "arn:aws:dynamodb:eu-west-1:111111111111:table/Music");
}

TEST_CASE("a provisioned table tells its units and has no billing summary") {
  TestShoal shoal;
  auto input = request();
  input.erase("BillingMode");
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 5}, {"WriteCapacityUnits", 7}};
  shoal.call("CreateTable", input);
  const auto table = shoal.describe("Music");
  CHECK(table["ProvisionedThroughput"] ==
        R"({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 7})"_json);
  CHECK_FALSE(table.contains("BillingModeSummary"));
  CHECK(table["WarmThroughput"] == R"({"ReadUnitsPerSecond": 5, "WriteUnitsPerSecond": 7, "Status": "ACTIVE"})"_json);
}

TEST_CASE("billing mode and throughput go together") {
  auto input = request();
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  CHECK(refusal_of(input) ==
        kInvalid +
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
            "PAY_PER_REQUEST");
  for (const auto* mode : {"PROVISIONED", ""}) {
    auto without = request();
    without.erase("BillingMode");
    if (*mode != 0) without["BillingMode"] = mode;
    CHECK(refusal_of(without) ==
          kInvalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  }
}

TEST_CASE("more than 10^12 units are out of bounds") {
  auto input = request();
  input["BillingMode"] = "PROVISIONED";
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1000000000001}, {"WriteCapacityUnits", 1}};
  CHECK(refusal_of(input) == "ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds");
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1000000000001}};
  CHECK(refusal_of(input) == "ValidationException: Given value 1000000000001 for WriteCapacityUnits is out of bounds");
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1000000000000}, {"WriteCapacityUnits", 1}};
  CHECK(refusal_of(input) ==
        "LimitExceededException: Subscriber limit exceeded: ReadCapacityUnits of table Music and its global secondary "
        "indexes come to 1000000000000, where 40000 are allowed for one table");
  auto indexed = with_global(index_of("ByYear", key("Year")));
  indexed["BillingMode"] = "PROVISIONED";
  indexed["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  indexed["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1},
                                                                   {"WriteCapacityUnits", 1000000000001}};
  CHECK(refusal_of(indexed) ==
        "ValidationException: Given value 1000000000001 for WriteCapacityUnits is out of bounds for index ByYear");
}

TEST_CASE("the table's key is one HASH, then at most one RANGE, all defined") {
  auto input = request();
  input["AttributeDefinitions"] = {define("Artist", "S")};
  CHECK(refusal_of(input) == "ValidationException: Invalid KeySchema: Some index key attribute have no definition");

  input = request();
  input["AttributeDefinitions"] = {define("Artist", "S"), define("Album", "S")};
  CHECK(refusal_of(input) ==
        kInvalid +
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [Artist, Song], "
            "AttributeDefinitions: [Artist, Album]");

  input = request();
  input["KeySchema"] = key("Artist", "Artist");
  CHECK(refusal_of(input) ==
        "ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the same name");
  // With one definition only, the count is noticed first.
  input["AttributeDefinitions"] = {define("Artist", "S")};
  CHECK(refusal_of(input) == "ValidationException: Invalid KeySchema: Some index key attribute have no definition");

  input = request();
  input["KeySchema"][0]["KeyType"] = "RANGE";
  CHECK(refusal_of(input) ==
        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type");

  input = request();
  input["KeySchema"][1]["KeyType"] = "HASH";
  CHECK(refusal_of(input) ==
        "ValidationException: Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
}

TEST_CASE("every defined attribute is a key attribute") {
  CHECK(refusal_of(with_year()) ==
        kInvalid +
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            "AttributeDefinitions");
  auto input = with_global(index_of("BySong", key("Song")));
  CHECK(refusal_of(input) ==
        kInvalid +
            "Some AttributeDefinitions are not used. AttributeDefinitions: [Artist, Song, Year], keys used: "
            "[Artist, Song]");
}

TEST_CASE("global indexes are described with the table") {
  TestShoal shoal;
  auto input = with_global(index_of("ByYear", key("Year", "Artist")));
  input["GlobalSecondaryIndexes"][0]["Projection"] = {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", {"Label"}}};
  const auto created = shoal.call("CreateTable", input)["TableDescription"]["GlobalSecondaryIndexes"][0];
  CHECK(created["IndexStatus"] == "CREATING");
  CHECK_FALSE(created.contains("Backfilling"));
  const auto table = shoal.describe("Music");
  const auto by_year = table["GlobalSecondaryIndexes"][0];
  CHECK(by_year["IndexName"] == "ByYear");
  CHECK(by_year["IndexStatus"] == "ACTIVE");
  CHECK(by_year["KeySchema"] == key("Year", "Artist"));
  CHECK(by_year["Projection"] == input["GlobalSecondaryIndexes"][0]["Projection"]);
  CHECK(by_year["IndexArn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/ByYear");
  CHECK(by_year["IndexSizeBytes"] == 0);
  CHECK(by_year["ItemCount"] == 0);
  CHECK(by_year["ProvisionedThroughput"]["ReadCapacityUnits"] == 0);
  CHECK(by_year["WarmThroughput"]["ReadUnitsPerSecond"] == 12000);
  CHECK(table["AttributeDefinitions"].size() == 3);
}

TEST_CASE("local indexes are described without a status") {
  TestShoal shoal;
  shoal.call("CreateTable", with_local(index_of("ByYear", key("Artist", "Year"))));
  CHECK(shoal.describe("Music")["LocalSecondaryIndexes"] == R"([{
    "IndexName": "ByYear", "IndexSizeBytes": 0, "ItemCount": 0,
    "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Year", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "ALL"},
    "IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Music/index/ByYear"}])"_json);
}

TEST_CASE("a list of indexes that is given is not empty") {
  auto input = request();
  input["GlobalSecondaryIndexes"] = Json::array();
  CHECK(refusal_of(input) == kInvalid + "List of GlobalSecondaryIndexes is empty");
  input = request();
  input["LocalSecondaryIndexes"] = Json::array();
  CHECK(refusal_of(input) == kInvalid + "List of LocalSecondaryIndexes is empty");
}

TEST_CASE("a global index's key is like a table's") {
  CHECK(refusal_of(with_global(index_of("ByLabel", key("Label")))) ==
        kInvalid +
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [Label], "
            "AttributeDefinitions: [Artist, Song, Year]");
  CHECK(refusal_of(with_global(index_of("ByYear", key("Year", "Year")))) ==
        "ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the same name");
  auto input = with_global(index_of("ByYear", key("Year", "Song")));
  input["GlobalSecondaryIndexes"][0]["KeySchema"][0]["KeyType"] = "RANGE";
  CHECK(refusal_of(input) ==
        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
}

TEST_CASE("a local index shares the table's hash key and has a range key") {
  auto flat = with_local(index_of("ByYear", key("Artist", "Year")));
  flat["KeySchema"] = key("Artist");
  flat["AttributeDefinitions"] = {define("Artist", "S"), define("Year", "N")};
  CHECK(refusal_of(flat) == kInvalid +
                                "Table KeySchema does not have a range key, which is required when specifying a "
                                "LocalSecondaryIndex");
  CHECK(refusal_of(with_local(index_of("ByYear", key("Artist")))) ==
        kInvalid + "Index KeySchema does not have a range key for index: ByYear");
  CHECK(refusal_of(with_local(index_of("ByYear", key("Song", "Year")))) ==
        kInvalid +
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: ByYear. "
            "index hash key: Song, table hash key: Artist");
  CHECK(refusal_of(with_local(index_of("ByYear", key("Artist", "Label")))) ==
        kInvalid +
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [Artist, Label], "
            "AttributeDefinitions: [Artist, Song, Year]");
}

TEST_CASE("a projection names attributes if, and only if, it is INCLUDE") {
  for (const bool global : {true, false}) {
    const auto refusal = [global](Json projection) {
      auto definition = index_of("ByYear", global ? key("Year") : key("Artist", "Year"));
      definition["Projection"] = std::move(projection);
      return refusal_of(global ? with_global(definition) : with_local(definition));
    };
    CHECK(refusal(Json::object()) == kInvalid + "Unknown ProjectionType: null");
    CHECK(refusal({{"ProjectionType", "ALL"}, {"NonKeyAttributes", {"Label"}}}) ==
          kInvalid + "ProjectionType is ALL, but NonKeyAttributes is specified");
    CHECK(refusal({{"ProjectionType", "KEYS_ONLY"}, {"NonKeyAttributes", {"Label"}}}) ==
          kInvalid + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified");
    CHECK(refusal({{"ProjectionType", "INCLUDE"}}) ==
          kInvalid + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    CHECK(refusal({{"ProjectionType", "KEYS_ONLY"}}).empty());
  }
}

TEST_CASE("index names are unique over both kinds of indexes") {
  auto input = with_global(index_of("ByYear", key("Year")));
  input["GlobalSecondaryIndexes"].push_back(index_of("ByYear", key("Song")));
  CHECK(refusal_of(input) == kInvalid + "Duplicate index name: ByYear");
  input = with_global(index_of("ByYear", key("Year")));
  input["LocalSecondaryIndexes"] = {index_of("ByYear", key("Artist", "Year"))};
  CHECK(refusal_of(input) == kInvalid + "Duplicate index name: ByYear");
}

TEST_CASE("a table has at most 20 global and 5 local indexes") {
  const auto with = [](const char* kind, int count, Json schema) {
    auto input = with_year();
    for (int i = 0; i < count; ++i) input[kind].push_back(index_of("index" + std::to_string(i), schema));
    return input;
  };
  CHECK(refusal_of(with("GlobalSecondaryIndexes", 20, key("Year"))).empty());
  CHECK(refusal_of(with("GlobalSecondaryIndexes", 21, key("Year"))) ==
        kInvalid + "GlobalSecondaryIndex count exceeds the per-table limit of 20");
  CHECK(refusal_of(with("LocalSecondaryIndexes", 5, key("Artist", "Year"))).empty());
  CHECK(refusal_of(with("LocalSecondaryIndexes", 6, key("Artist", "Year"))) ==
        kInvalid + "Number of LocalSecondaryIndexes exceeds per-table limit of 5");
}

TEST_CASE("faults of global indexes are told before those of local ones") {
  auto input = with_global(index_of("ByLabel", key("Label")));
  input["LocalSecondaryIndexes"] = {index_of("ByYear", key("Song", "Year"))};
  CHECK(refusal_of(input).find("Keys: [Label]") != std::string::npos);
}

TEST_CASE("at most 100 attributes are projected over all indexes") {
  const auto with = [](int names_of_last) {
    auto input = with_year();
    for (int i = 0; i < 6; ++i) {
      auto definition = index_of("index" + std::to_string(i), key("Year"));
      definition["Projection"] = {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", Json::array()}};
      const int names = i == 5 ? names_of_last : 19;
      for (int n = 0; n < names; ++n) definition["Projection"]["NonKeyAttributes"].push_back("a" + std::to_string(n));
      input["GlobalSecondaryIndexes"].push_back(definition);
    }
    return input;
  };
  CHECK(refusal_of(with(5)).empty());
  CHECK(refusal_of(with(6)) ==
        kInvalid + "Number of NonKeyAttributes over all indexes exceeds the per-table limit of 100");
}

TEST_CASE("an index has throughput exactly when its table is provisioned") {
  auto input = with_global(index_of("ByYear", key("Year")));
  input["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  CHECK(refusal_of(input) == kInvalid +
                                 "ProvisionedThroughput should not be specified for index: ByYear when BillingMode is "
                                 "PAY_PER_REQUEST");
  input = with_global(index_of("ByYear", key("Year")));
  input["BillingMode"] = "PROVISIONED";
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  CHECK(refusal_of(input) == kInvalid + "ProvisionedThroughput must be specified for index: ByYear");
}

TEST_CASE("a stream that is on has a view type, one that is off has none") {
  const auto refusal = [](Json specification) {
    auto input = request();
    input["StreamSpecification"] = std::move(specification);
    return refusal_of(input);
  };
  CHECK(refusal({{"StreamEnabled", false}}).empty());
  CHECK(refusal({{"StreamEnabled", false}, {"StreamViewType", "NEW_IMAGE"}}) ==
        "ValidationException: Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was "
        "present.");
  CHECK(refusal({{"StreamEnabled", true}}) ==
        "ValidationException: Invalid StreamViewType: Stream ViewType must not be null or empty when enabling "
        "streams.");
  CHECK(refusal({{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}}).empty());
}

TEST_CASE("what is not built yet is refused by name, never passed over") {
  for (const auto& [parameter, value] : std::initializer_list<std::pair<const char*, Json>>{
           {"ResourcePolicy", "{}"},
           {"GlobalTableSettingsReplicationMode", "ENABLED"},
           {"GlobalTableSourceArn", "arn:aws:dynamodb:us-east-1:000000000000:table/Other"},
           {"VectorIndexes", Json::array()}}) {
    auto input = request();
    input[parameter] = value;
    INFO(parameter);
    CHECK(refusal_of(input).find(parameter) != std::string::npos);
  }
}

TEST_CASE("encryption with a key is described, with the owned one not") {
  const auto described = [](Json specification) {
    TestShoal shoal;
    auto input = request();
    input["SSESpecification"] = std::move(specification);
    shoal.call("CreateTable", input);
    return shoal.describe("Music").value("SSEDescription", Json());
  };
  CHECK(described({{"Enabled", false}}) == Json());
  const auto made_up = described({{"Enabled", true}});
  CHECK(made_up["Status"] == "ENABLED");
  CHECK(made_up["SSEType"] == "KMS");
  CHECK(made_up["KMSMasterKeyArn"].get<std::string>().starts_with("arn:aws:kms:us-east-1:000000000000:key/"));
  CHECK(described({{"Enabled", true}, {"KMSMasterKeyId", "arn:aws:kms:us-east-1:1:key/k"}})["KMSMasterKeyArn"] ==
        "arn:aws:kms:us-east-1:1:key/k");
  CHECK(described({{"Enabled", true}, {"SSEType", "KMS"}, {"KMSMasterKeyId", "k"}})["KMSMasterKeyArn"] ==
        "arn:aws:kms:us-east-1:000000000000:key/k");
  auto input = request();
  input["SSESpecification"] = {{"Enabled", true}, {"SSEType", "AES256"}};
  CHECK(refusal_of(input) == kInvalid + "SSEType AES256 is not supported");
  input["SSESpecification"] = {{"Enabled", false}, {"KMSMasterKeyId", "k"}};
  CHECK(refusal_of(input) == kInvalid + "KMSMasterKeyId cannot be specified when encryption is not enabled");
}

TEST_CASE("class, protection, tags and the two throughput limits are kept") {
  TestShoal shoal;
  auto input = request();
  input["TableClass"] = "STANDARD_INFREQUENT_ACCESS";
  input["DeletionProtectionEnabled"] = true;
  input["Tags"] = R"([{"Key": "stage", "Value": "test"}])"_json;
  input["OnDemandThroughput"] = {{"MaxReadRequestUnits", 10}};
  input["WarmThroughput"] = {{"ReadUnitsPerSecond", 15000}};
  shoal.call("CreateTable", input);
  const auto table = shoal.describe("Music");
  CHECK(table["TableClassSummary"] == R"({"TableClass": "STANDARD_INFREQUENT_ACCESS"})"_json);
  CHECK(table["DeletionProtectionEnabled"] == true);
  CHECK(table["OnDemandThroughput"] == R"({"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": -1})"_json);
  CHECK(table["WarmThroughput"] ==
        R"({"ReadUnitsPerSecond": 15000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"})"_json);
  CHECK(shoal.call("ListTagsOfResource", {{"ResourceArn", table["TableArn"]}})["Tags"] == input["Tags"]);
}

TEST_CASE("throughput limits that make no sense are refused") {
  auto input = request();
  input["OnDemandThroughput"] = {{"MaxWriteRequestUnits", 0}};
  CHECK(refusal_of(input) == kInvalid + "MaxWriteRequestUnits must be -1, for no limit, or greater than 0");
  input = request();
  input["WarmThroughput"] = {{"WriteUnitsPerSecond", 3999}};
  CHECK(refusal_of(input) == kInvalid +
                                 "Requested WriteUnitsPerSecond for WarmThroughput is lower than current "
                                 "WarmThroughput. Current: 4000, Requested: 3999");
  input = request();
  input["BillingMode"] = "PROVISIONED";
  input["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  input["OnDemandThroughput"] = {{"MaxWriteRequestUnits", 5}};
  CHECK(refusal_of(input) == kInvalid + "OnDemandThroughput cannot be specified when BillingMode is PROVISIONED");
}

TEST_CASE("an account has at most 2,500 tables in a region") {
  TestShoal shoal;
  shoal.runs_jobs = false;
  auto input = request();
  for (int i = 0; i < 2500; ++i) {
    input["TableName"] = "table" + std::to_string(i);
    shoal.call("CreateTable", input);
  }
  CHECK(shoal.refusal("CreateTable", request()) ==
        "LimitExceededException: Subscriber limit exceeded: There is a limit of 2500 tables per subscriber");
  shoal.region = "eu-west-1";
  CHECK(shoal.refusal("CreateTable", request()).empty());
}

TEST_CASE("with a delay a table is CREATING until it is over, and data cannot reach it") {
  Config config;
  config.table_delay_ms = 5'000;
  TestShoal shoal(config);
  shoal.call("CreateTable", with_global(index_of("ByYear", key("Year"))));
  CHECK(shoal.describe("Music")["TableStatus"] == "CREATING");
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING");
  CHECK(shoal.refusal("Scan", {{"TableName", "Music"}}) == "ResourceNotFoundException: Requested resource not found");
  CHECK(shoal.refusal("DeleteTable", {{"TableName", "Music"}}) ==
        "ResourceInUseException: Attempt to change a resource which is still in use: Table is being created: Music");
  CHECK(shoal.refusal("CreateTable", request()) == "ResourceInUseException: Table already exists: Music");

  shoal.clock.advance(std::chrono::seconds(5));
  shoal.run_jobs();
  CHECK(shoal.describe("Music")["TableStatus"] == "ACTIVE");
  CHECK(shoal.describe("Music")["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE");
  CHECK(shoal.call("Scan", {{"TableName", "Music"}})["Count"] == 0);
}

TEST_CASE("nulls where lists hold structures or names never get through") {
  auto input = with_global(index_of("ByYear", key("Year")));
  input["LocalSecondaryIndexes"] = {index_of("Local", key("Artist", "Year"))};
  input["Tags"] = R"([{"Key": "a", "Value": "b"}])"_json;
  for (const auto& place :
       {"/AttributeDefinitions/0", "/KeySchema/0", "/GlobalSecondaryIndexes/0", "/LocalSecondaryIndexes/0",
        "/GlobalSecondaryIndexes/0/KeySchema/0", "/LocalSecondaryIndexes/0/KeySchema/0", "/Tags/0"}) {
    auto spoilt = input;
    spoilt[Json::json_pointer(place)] = nullptr;
    INFO(place);
    CHECK_FALSE(refusal_of(spoilt).empty());
  }
  auto names = input;
  names["GlobalSecondaryIndexes"][0]["Projection"] = {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", {nullptr}}};
  CHECK_FALSE(refusal_of(names).empty());
}

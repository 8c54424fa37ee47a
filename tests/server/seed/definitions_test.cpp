#include "server/seed/definitions.h"

#include <catch2/catch.hpp>

namespace shoal::seed {
namespace {

using Catch::Contains;

Definition only(const Definitions& found) {
  REQUIRE(found.tables.size() == 1);
  return found.tables[0];
}

Definition cloudformation(const std::string& yaml, const std::map<std::string, std::string>& parameters = {}) {
  return only(from_cloudformation(read_yaml(yaml), parameters));
}

// A table whose name is an expression of the template's head.
std::string named(const std::string& head, const std::string& name) {
  return head + R"(
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: )" +
         name + "\n";
}

std::string name_of(const std::string& head, const std::string& name,
                    const std::map<std::string, std::string>& parameters = {}) {
  return cloudformation(named(head, name), parameters).table["Table"]["TableName"];
}

TEST_CASE("a CloudFormation table, whole") {
  const auto found = cloudformation(R"(
Parameters:
  Units: {Type: Number, Default: 5}
Resources:
  Other: {Type: "AWS::SQS::Queue"}
  Music:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: artist, AttributeType: S}, {AttributeName: song, AttributeType: S}]
      KeySchema: [{AttributeName: artist, KeyType: HASH}]
      ProvisionedThroughput: {ReadCapacityUnits: !Ref Units, WriteCapacityUnits: "7"}
      GlobalSecondaryIndexes:
        - IndexName: by_song
          KeySchema: [{AttributeName: song, KeyType: HASH}]
          Projection: {ProjectionType: ALL}
          ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 2}
          ContributorInsightsSpecification: {Enabled: true}
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
      Tags: [{Key: team, Value: sea}]
      DeletionProtectionEnabled: "false"
      SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !ImportValue key}
)");
  CHECK(found.table == Json::parse(R"({
    "Table": {"TableName": "Music", "BillingMode": "PROVISIONED",
      "AttributeDefinitions": [{"AttributeName": "artist", "AttributeType": "S"}, {"AttributeName": "song", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "artist", "KeyType": "HASH"}],
      "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 7},
      "GlobalSecondaryIndexes": [{"IndexName": "by_song", "KeySchema": [{"AttributeName": "song", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}],
      "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}, "DeletionProtectionEnabled": false},
    "TimeToLive": {"AttributeName": "expires", "Enabled": true}, "Tags": [{"Key": "team", "Value": "sea"}]})"));
  CHECK(found.left_out == std::vector<std::string>{"SSESpecification"});
}

TEST_CASE("a template's functions") {
  const std::string head = R"(
Parameters:
  Stage: {Type: String, Default: dev}
  Names: {Type: CommaDelimitedList, Default: "a,b,c"}
  Open: {Type: String}
Mappings:
  Of: {dev: {name: develop}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOther: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !And [!Condition IsOther, !Condition IsOther]]
)";
  CHECK(name_of(head, "!Ref Stage") == "dev");
  CHECK(name_of(head, "!Ref Stage", {{"Stage", "prod"}}) == "prod");
  CHECK(name_of(head, "!Sub '${Stage}-${AWS::Region}-${!Literal}'", {{"AWS::Region", "eu-west-1"}}) ==
        "dev-eu-west-1-${Literal}");
  CHECK(name_of(head, "!Sub ['${A}.${Stage}', {A: !Ref Stage}]") == "dev.dev");
  CHECK(name_of(head, "!Join [-, [x, !Ref Stage, !Ref AWS::NoValue, 1]]") == "x-dev-1");
  CHECK(name_of(head, "!FindInMap [Of, !Ref Stage, name]") == "develop");
  CHECK(name_of(head, "!FindInMap [Of, none, name, {DefaultValue: other}]") == "other");
  CHECK(name_of(head, "!Select [1, !Ref Names]") == "b");
  CHECK(name_of(head, "!Select ['2', !Split [-, x-y-z]]") == "z");
  CHECK(name_of(head, "!If [IsProd, p, o]") == "o");
  CHECK(name_of(head, "!If [IsProd, p, o]", {{"Stage", "prod"}}) == "p");
  CHECK(name_of(head, "!If [Either, p, o]") == "p");
  CHECK(name_of(head, "!Ref AWS::NoValue") == "T");  // As without: the logical id.
  CHECK_THROWS_WITH(name_of(head, "!Ref Open"), "T: TableName: parameter Open has no default: --parameter Open=...");
  CHECK_THROWS_WITH(name_of(head, "!Ref Nowhere"), Contains("which is not there"));
  CHECK_THROWS_WITH(name_of(head, "!ImportValue x"), Contains("Fn::ImportValue cannot be worked out"));
  CHECK_THROWS_WITH(name_of(head, "!If [Nothing, p, o]"), Contains("no condition is called Nothing"));
  CHECK_THROWS_WITH(name_of(head, "!Select [7, !Ref Names]"), Contains("not in its list"));
}

TEST_CASE("a resource whose condition does not hold is not made") {
  const auto document =
      read_yaml("Conditions: {No: !Equals [a, b]}\nResources: {T: {Type: 'AWS::DynamoDB::Table', Condition: No}}");
  CHECK(from_cloudformation(document, {}).tables.empty());
}

TEST_CASE("a condition that depends on itself is refused; one that is asked for often is worked out once") {
  const auto seed = [](const std::string& conditions) {
    return from_cloudformation(
        read_yaml("Conditions: " + conditions + "\nResources: {T: {Type: 'AWS::DynamoDB::Table', Condition: A}}"), {});
  };
  CHECK_THROWS_WITH(seed("{A: !Not [!Condition A]}"), Contains("depends on itself"));
  CHECK_THROWS_WITH(seed("{A: !Not [!Condition B], B: !And [!Condition A, !Condition A]}"),
                    Contains("depends on itself"));
  CHECK_THROWS_WITH(seed("{A: !Equals [!If [A, x, y], x]}"), Contains("depends on itself"));

  std::string twice_as_often = "{A0: !Equals [a, a]";  // 2^60 times the first, were each worked out each time.
  for (int i = 1; i < 60; ++i) {
    const auto before = "!Condition A" + std::to_string(i - 1);
    twice_as_often += ", A" + std::to_string(i) + ": !And [" + before + ", " + before + "]";
  }
  CHECK(seed(twice_as_often + ", A: !Not [!Condition A59]}").tables.empty());
}

TEST_CASE("SAM's simple tables") {
  CHECK(cloudformation("Resources: {Plain: {Type: 'AWS::Serverless::SimpleTable'}}").table["Table"] ==
        Json::parse(R"({"TableName": "Plain", "BillingMode": "PAY_PER_REQUEST",
          "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
          "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]})"));
  const auto own = cloudformation(R"(
Resources:
  Own:
    Type: AWS::Serverless::SimpleTable
    Properties:
      TableName: Mine
      PrimaryKey: {Name: n, Type: Number}
      ProvisionedThroughput: {ReadCapacityUnits: 2, WriteCapacityUnits: 3}
      Tags: {team: sea}
)");
  CHECK(own.table["Table"]["AttributeDefinitions"][0]["AttributeType"] == "N");
  CHECK(own.table["Table"]["ProvisionedThroughput"]["WriteCapacityUnits"] == 3);
  CHECK(own.table["Tags"] == Json::parse(R"([{"Key": "team", "Value": "sea"}])"));
}

TEST_CASE("a global table is a table") {
  const auto found = cloudformation(R"(
Resources:
  G:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      AttributeDefinitions: [{AttributeName: p, AttributeType: S}, {AttributeName: g, AttributeType: S}]
      KeySchema: [{AttributeName: p, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - {IndexName: by_g, KeySchema: [{AttributeName: g, KeyType: HASH}], Projection: {ProjectionType: ALL}}
      WriteProvisionedThroughputSettings: {WriteCapacityAutoScalingSettings: {MinCapacity: 4, MaxCapacity: 10}}
      Replicas:
        - Region: us-east-1
          ReadProvisionedThroughputSettings: {ReadCapacityUnits: 6}
)");
  const auto units = Json::parse(R"({"ReadCapacityUnits": 6, "WriteCapacityUnits": 4})");
  CHECK(found.table["Table"]["ProvisionedThroughput"] == units);
  CHECK(found.table["Table"]["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] == units);
  CHECK(found.left_out.empty());
}

TEST_CASE("a Terraform plan") {
  const auto found =
      from_terraform(read_json(R"({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {
    "root_module": {
      "resources": [{"address": "aws_sqs_queue.q", "type": "aws_sqs_queue", "values": {}}],
      "child_modules": [{"resources": [
        {"address": "module.m.aws_dynamodb_table.t", "type": "aws_dynamodb_table", "values": {
          "name": "Music", "billing_mode": "PROVISIONED", "hash_key": "artist", "range_key": "song",
          "read_capacity": 5, "write_capacity": null, "stream_enabled": true, "stream_view_type": "KEYS_ONLY",
          "attribute": [{"name": "artist", "type": "S"}, {"name": "song", "type": "S"}],
          "global_secondary_index": [{"name": "by_song", "hash_key": "song", "range_key": "", "projection_type": "INCLUDE",
            "non_key_attributes": ["year"], "read_capacity": 2, "write_capacity": 3}],
          "local_secondary_index": [{"name": "by_l", "range_key": "song", "projection_type": "KEYS_ONLY", "non_key_attributes": []}],
          "ttl": [{"attribute_name": "expires", "enabled": true}], "tags": {"team": "sea"}, "tags_all": {"team": "sea", "all": "1"},
          "point_in_time_recovery": [{"enabled": true}], "server_side_encryption": [], "deletion_protection_enabled": null,
          "table_class": null}},
        {"address": "module.m.aws_dynamodb_table_item.i", "type": "aws_dynamodb_table_item", "values": {
          "table_name": "Music", "hash_key": "artist", "item": "{\"artist\": {\"S\": \"Acme\"}, \"song\": {\"S\": \"Tide\"}}"}}
      ]}]}}})"));
  CHECK(only(found).table == Json::parse(R"({
    "Table": {"TableName": "Music", "BillingMode": "PROVISIONED",
      "KeySchema": [{"AttributeName": "artist", "KeyType": "HASH"}, {"AttributeName": "song", "KeyType": "RANGE"}],
      "AttributeDefinitions": [{"AttributeName": "artist", "AttributeType": "S"}, {"AttributeName": "song", "AttributeType": "S"}],
      "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 1},
      "GlobalSecondaryIndexes": [{"IndexName": "by_song", "KeySchema": [{"AttributeName": "song", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["year"]},
        "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}}],
      "LocalSecondaryIndexes": [{"IndexName": "by_l", "Projection": {"ProjectionType": "KEYS_ONLY"},
        "KeySchema": [{"AttributeName": "artist", "KeyType": "HASH"}, {"AttributeName": "song", "KeyType": "RANGE"}]}],
      "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}},
    "TimeToLive": {"AttributeName": "expires", "Enabled": true},
    "Tags": [{"Key": "all", "Value": "1"}, {"Key": "team", "Value": "sea"}]})"));
  CHECK(found.tables[0].left_out == std::vector<std::string>{"point_in_time_recovery"});
  REQUIRE(found.items.size() == 1);
  CHECK(found.items[0].table == "Music");
  CHECK(found.items[0].item["song"]["S"] == "Tide");
  CHECK_THROWS_WITH(from_terraform(read_json(R"({"values": {"root_module": {"resources": [
                      {"address": "aws_dynamodb_table.x", "type": "aws_dynamodb_table", "values": {}}]}}})")),
                    Contains("aws_dynamodb_table.x: ") && Contains("hash_key"));
}

}  // namespace
}  // namespace shoal::seed

// Production's messages for violated constraints, to the letter.
#include <catch2/catch.hpp>

#include "refusal.h"

namespace shoal::model {
namespace {

const std::string kOne = "1 validation error detected: ";
const std::string kFailed = " failed to satisfy constraint: ";
const std::string kNamePattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
const std::string kNotNull = "Member must not be null";
const std::string kSize = R"(Member must satisfy enum value set: [SIZE, NONE])";
const std::string kCapacity = R"(Member must satisfy enum value set: [INDEXES, TOTAL, NONE])";
const std::string kReturnValues =
    "Failed to satisfy constraint: Member must satisfy enum value set: "
    "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";

std::string value_at(const std::string& value, const std::string& path) {
  return "Value '" + value + "' at '" + path + "'" + kFailed;
}
std::string null_at(const std::string& path) { return "Value null at '" + path + "'" + kFailed + kNotNull; }
std::string newer_at(const std::string& path) { return "Value at '" + path + "'" + kFailed; }
std::string length_min(int n) { return "Member must have length greater than or equal to " + std::to_string(n); }
std::string length_max(int n) { return "Member must have length less than or equal to " + std::to_string(n); }
std::string value_min(int n) { return "Member must have value greater than or equal to " + std::to_string(n); }
std::string value_max(int n) { return "Member must have value less than or equal to " + std::to_string(n); }
std::string enumeration(const std::string& values) { return "Member must satisfy enum value set: [" + values + "]"; }

std::string repeated(std::size_t count, const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += (i > 0 ? "," : "") + text;
  return result;
}

// A request with a table and a key (an item), and `more`.
std::string get(const std::string& more) { return R"({"TableName": "Music", "Key": {"a": {"S": "b"}}, )" + more + "}"; }
std::string put(const std::string& more) {
  return R"({"TableName": "Music", "Item": {"a": {"S": "b"}}, )" + more + "}";
}
std::string query(const std::string& more) { return R"({"TableName": "Music", )" + more + "}"; }

}  // namespace

TEST_CASE("Violations are numbered, joined, and in production's order") {
  CHECK(refusal("GetItem", R"({"TableName": "a;", "ReturnConsumedCapacity": "hi", "AttributesToGet": []})") ==
        "5 validation errors detected: " + value_at("hi", "returnConsumedCapacity") + kCapacity + "; " +
            value_at("[]", "attributesToGet") + length_min(1) + "; " + value_at("a;", "tableName") + kNamePattern +
            "; " + value_at("a;", "tableName") + length_min(3) + "; " + null_at("key"));
}

TEST_CASE("PutItem reports in its order") {
  CHECK(refusal("PutItem", R"({"ReturnItemCollectionMetrics": "x", "ReturnValues": "y", "Expected":
                               {"a": {"ComparisonOperator": "z"}}, "ConditionalOperator": "w", "TableName": "a;"})") ==
        "7 validation errors detected: " + value_at("a;", "tableName") + kNamePattern + "; " +
            value_at("a;", "tableName") + length_min(3) + "; " + null_at("item") +
            "; Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]; " +
            value_at("z", "expected.a.member.comparisonOperator") +
            enumeration("IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS") +
            "; " + kReturnValues + "; " + value_at("x", "returnItemCollectionMetrics") + kSize);
}

TEST_CASE("Three bad enumerations of a PutItem, as captured") {
  CHECK(refusal("PutItem", put(R"("ReturnValues": "INVALID", "ReturnItemCollectionMetrics": "INVALID",
                                   "ReturnConsumedCapacity": "INVALID")")) ==
        "3 validation errors detected: Value 'INVALID' at 'returnConsumedCapacity' failed to satisfy constraint: "
        "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Failed to satisfy constraint: Member must satisfy "
        "enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]; Value 'INVALID' at "
        "'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]");
}

TEST_CASE("DeleteItem aggregates ReturnValues, UpdateItem reports it only") {
  const std::string bad = R"("ReturnValues": "INVALID", "ReturnItemCollectionMetrics": "INVALID")";
  CHECK(refusal("DeleteItem", get(bad)) == "2 validation errors detected: " + kReturnValues + "; " +
                                               value_at("INVALID", "returnItemCollectionMetrics") + kSize);
  CHECK(refusal("UpdateItem", get(bad)) == kOne + kReturnValues);
  CHECK(refusal("UpdateItem", "{" + bad + "}") == kOne + kReturnValues);
}

TEST_CASE("The misprint of ReturnValues is in the message only") {
  CHECK(refusal("UpdateItem", get(R"("ReturnValues": "UPDATED_NEW")")) == "accepted");
  CHECK(refusal("UpdateItem", get(R"("ReturnValues": "UPDATE_NEW")")) == kOne + kReturnValues);
  CHECK(refusal("UpdateItem", get(R"("ConditionalOperator": "AND")")) == "accepted");
}

TEST_CASE("UpdateItem and DeleteItem report in their orders") {
  const std::string bad = R"({"ReturnConsumedCapacity": "c", "ReturnItemCollectionMetrics": "m",
                              "ConditionalOperator": "o", "Expected": {"a": {"ComparisonOperator": "q"}}})";
  const std::string operators =
      enumeration("IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS");
  const std::string expected = "6 validation errors detected: " + value_at("c", "returnConsumedCapacity") + kCapacity +
                               "; " + null_at("tableName") + "; " + value_at("m", "returnItemCollectionMetrics") +
                               kSize + "; " + null_at("key") +
                               "; Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]; " +
                               value_at("q", "expected.a.member.comparisonOperator") + operators;
  CHECK(refusal("UpdateItem", bad) == expected);
  CHECK(refusal("DeleteItem", bad) == expected);
}

TEST_CASE("Query reports in its order, and its bad ConditionalOperator bare when it is alone") {
  CHECK(refusal("Query", R"({"KeyConditions": {"k": {"ComparisonOperator": "x"}, "l": {}}, "Limit": 0,
                             "AttributesToGet": [], "ConditionalOperator": "w", "QueryFilter": {"f": {}},
                             "ReturnConsumedCapacity": "v", "IndexName": "i!", "Select": "u"})") ==
        "10 validation errors detected: " + value_at("u", "select") +
            enumeration("SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES") + "; " +
            value_at("i!", "indexName") + kNamePattern + "; " + value_at("i!", "indexName") + length_min(3) + "; " +
            value_at("v", "returnConsumedCapacity") + kCapacity + "; " +
            null_at("queryFilter.f.member.comparisonOperator") + "; " + null_at("tableName") +
            "; Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]; " +
            value_at("[]", "attributesToGet") + length_min(1) + "; " + newer_at("Limit") + value_min(1) + "; " +
            value_at("x", "keyConditions.k.member.comparisonOperator") +
            enumeration("IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS"));
  CHECK(refusal("Query", query(R"("ConditionalOperator": "w")")) ==
        "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]");
  CHECK(refusal("Query", query(R"("ConditionalOperator": "w", "Limit": 0)")) ==
        "2 validation errors detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]; " +
            newer_at("Limit") + value_min(1));
  CHECK(refusal("PutItem", put(R"("ConditionalOperator": "w")")) ==
        kOne + "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]");
}

TEST_CASE("Scan reports in its order") {
  CHECK(refusal("Scan", R"({"Select": "u", "IndexName": "in", "TotalSegments": 0, "ReturnConsumedCapacity": "v",
                            "ConditionalOperator": "w", "ScanFilter": {"f": {}}, "Segment": -1, "Limit": -2,
                            "AttributesToGet": [], "TableName": "ab"})") ==
        "10 validation errors detected: " + value_at("u", "select") +
            enumeration("SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES") + "; " +
            value_at("in", "indexName") + length_min(3) + "; " + value_at("0", "totalSegments") + value_min(1) + "; " +
            value_at("v", "returnConsumedCapacity") + kCapacity + "; " + value_at("ab", "tableName") + length_min(3) +
            "; " + value_at("w", "conditionalOperator") + enumeration("OR, AND") + "; " +
            null_at("scanFilter.f.member.comparisonOperator") + "; " + value_at("-1", "segment") + value_min(0) + "; " +
            newer_at("Limit") + value_min(1) + "; " + value_at("[]", "attributesToGet") + length_min(1));
  CHECK(refusal("Scan", query(R"("TotalSegments": 1000001, "Segment": 1000000)")) ==
        "2 validation errors detected: " + value_at("1000001", "totalSegments") + value_max(1000000) + "; " +
            value_at("1000000", "segment") + value_max(999999));
}

TEST_CASE("At most ten violations are listed, and counted") {
  std::string definitions = repeated(12, "{}");
  const auto text = refusal("CreateTable", R"({"TableName": "Music", "AttributeDefinitions": [)" + definitions + "]}");
  CHECK(text.starts_with("10 validation errors detected: " + null_at("attributeDefinitions.1.member.attributeName") +
                         "; " + null_at("attributeDefinitions.1.member.attributeType") + "; "));
  CHECK(text.ends_with("; " + null_at("attributeDefinitions.5.member.attributeType")));
}

TEST_CASE("The name of a table in data operations") {
  for (const auto* name : {"GetItem", "UpdateItem", "DeleteItem"}) {
    CAPTURE(name);
    CHECK(refusal(name, R"({"Key": {}})") == kOne + null_at("tableName"));
    CHECK(refusal(name, R"({"TableName": "", "ReturnConsumedCapacity": "x"})") ==
          kOne + newer_at("TableName") + length_min(1));
    CHECK(refusal(name, R"({"Key": {}, "TableName": "a/b"})") == kOne + value_at("a/b", "tableName") + kNamePattern);
    CHECK(refusal(name, R"({"Key": {}, "TableName": "ab"})") == kOne + value_at("ab", "tableName") + length_min(3));
    CHECK(refusal(name, R"({"Key": {}, "TableName": "abc"})") == "accepted");
    const std::string longest(255, 'a');
    CHECK(refusal(name, R"({"Key": {}, "TableName": ")" + longest + R"("})") == "accepted");
    CHECK(refusal(name, R"({"Key": {}, "TableName": "a)" + longest + R"("})") ==
          kOne + value_at("a" + longest, "tableName") + length_max(255));
  }
  for (const auto* name : {"PutItem", "Query", "Scan"}) {
    CHECK(refusal(name, R"({"TableName": "", "Item": {}})") == kOne + newer_at("TableName") + length_min(1));
  }
}

TEST_CASE("The name of a table in control operations") {
  for (const auto* name : {"CreateTable", "DeleteTable", "DescribeTable", "UpdateTable", "DescribeTimeToLive"}) {
    CAPTURE(name);
    CHECK(refusal(name, "{}") == "The parameter 'TableName' is required but was not present in the request");
    CHECK(refusal(name, R"({"BillingMode": "x"})") ==
          "The parameter 'TableName' is required but was not present in the request");
  }
  for (const auto* name : {"DeleteTable", "DescribeTable", "UpdateTable", "DescribeTimeToLive"}) {
    CAPTURE(name);
    CHECK(
        refusal(name, R"({"TableName": "ab"})") ==
        "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length "
        "greater than or equal to 3");
    CHECK(refusal(name, R"({"TableName": "a b"})") == kOne + value_at("a b", "tableName") + kNamePattern);
    CHECK(refusal(name, R"({"TableName": "a!"})") == "2 validation errors detected: " + value_at("a!", "tableName") +
                                                         kNamePattern + "; " + value_at("a!", "tableName") +
                                                         length_min(3));
  }
  CHECK(refusal("UpdateTimeToLive", "{}") ==
        "2 validation errors detected: " + null_at("tableName") + "; " + null_at("timeToLiveSpecification"));
}

TEST_CASE("An ARN stands for a name, but for the name of a new table") {
  const std::string arn = R"("arn:aws:dynamodb:us-east-1:000000000000:table/Music")";
  CHECK(refusal("GetItem", R"({"Key": {}, "TableName": )" + arn + "}") == "accepted");
  CHECK(refusal("DescribeTable", R"({"TableName": )" + arn + "}") == "accepted");
  CHECK(refusal("BatchGetItem", R"({"RequestItems": {)" + arn + R"(: {"Keys": [{}]}}})") == "accepted");
  CHECK(refusal("TransactGetItems", R"({"TransactItems": [{"Get": {"Key": {}, "TableName": )" + arn + "}}]}") ==
        "accepted");
  CHECK(refusal("DescribeTable", R"({"TableName": "arn:)" + std::string(1020, 'x') + R"("})") == "accepted");
  CHECK(refusal("DescribeTable", R"({"TableName": "arn:)" + std::string(1021, 'x') + R"("})") ==
        kOne + value_at("arn:" + std::string(1021, 'x'), "tableName") + length_max(1024));
  CHECK(refusal("CreateTable", R"({"AttributeDefinitions": [], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
                                   "TableName": "arn:x"})") == kOne + value_at("arn:x", "tableName") + kNamePattern);
}

TEST_CASE("CreateTable reports in its order") {
  CHECK(refusal("CreateTable", R"({"TableName": "a;", "BillingMode": "x", "ProvisionedThroughput":
                                   {"ReadCapacityUnits": -1}, "AttributeDefinitions": [{"AttributeType": "X"}]})") ==
        "8 validation errors detected: " + null_at("attributeDefinitions.1.member.attributeName") + "; " +
            value_at("X", "attributeDefinitions.1.member.attributeType") + enumeration("B, N, S") + "; " +
            value_at("a;", "tableName") + kNamePattern + "; " + value_at("a;", "tableName") + length_min(3) + "; " +
            value_at("x", "billingMode") + enumeration("PROVISIONED, PAY_PER_REQUEST") + "; " +
            null_at("provisionedThroughput.writeCapacityUnits") + "; " +
            value_at("-1", "provisionedThroughput.readCapacityUnits") + value_min(1) + "; " + null_at("keySchema"));
  CHECK(refusal("CreateTable", R"({"TableName": "Music"})") ==
        "2 validation errors detected: " + null_at("attributeDefinitions") + "; " + null_at("keySchema"));
}

TEST_CASE("The indexes of CreateTable: paths, order, and the key schema's length") {
  const auto create = [](const std::string& more) {
    return R"({"TableName": "Music", "AttributeDefinitions": [], )" + more + "}";
  };
  const std::string hash = R"({"AttributeName": "a", "KeyType": "HASH"})";
  const std::string schema = R"("KeySchema": [)" + hash + "], ";
  CHECK(refusal("CreateTable", create(schema + R"("LocalSecondaryIndexes": [{"IndexName": "h;", "KeySchema": [],
                   "Projection": {"ProjectionType": "a", "NonKeyAttributes": []}}, {}])")) ==
        "8 validation errors detected: " + value_at("h;", "localSecondaryIndexes.1.member.indexName") + kNamePattern +
            "; " + value_at("h;", "localSecondaryIndexes.1.member.indexName") + length_min(3) + "; " +
            value_at("[]", "localSecondaryIndexes.1.member.keySchema") + length_min(1) + "; " +
            value_at("a", "localSecondaryIndexes.1.member.projection.projectionType") +
            enumeration("ALL, INCLUDE, KEYS_ONLY") + "; " +
            value_at("[]", "localSecondaryIndexes.1.member.projection.nonKeyAttributes") + length_min(1) + "; " +
            null_at("localSecondaryIndexes.2.member.indexName") + "; " +
            null_at("localSecondaryIndexes.2.member.keySchema") + "; " +
            null_at("localSecondaryIndexes.2.member.projection"));
  CHECK(refusal("CreateTable",
                create(schema + R"("GlobalSecondaryIndexes": [{"IndexName": "abc", "KeySchema": [)" + hash +
                       R"(], "Projection": {"ProjectionType": "x"}, "ProvisionedThroughput":
                          {"WriteCapacityUnits": 0, "ReadCapacityUnits": 1}}])")) ==
        "2 validation errors detected: " + value_at("x", "globalSecondaryIndexes.1.member.projection.projectionType") +
            enumeration("ALL, INCLUDE, KEYS_ONLY") + "; " +
            value_at("0", "globalSecondaryIndexes.1.member.provisionedThroughput.writeCapacityUnits") + value_min(1));

  const std::string pk = R"({"AttributeName": "pk", "KeyType": "HASH"})";
  const std::string echo = "KeySchemaElement(attributeName=pk, keyType=HASH)";
  CHECK(refusal("CreateTable", create(R"("KeySchema": [)" + repeated(3, pk) + "]")) ==
        kOne + value_at("[" + echo + ", " + echo + ", " + echo + "]", "keySchema") + length_max(2));
  CHECK(refusal("CreateTable", create(R"("KeySchema": [{"AttributeName": "pk", "KeyType": "hash"}, {}])")) ==
        "3 validation errors detected: " + value_at("hash", "keySchema.1.member.keyType") + enumeration("HASH, RANGE") +
            "; " + null_at("keySchema.2.member.attributeName") + "; " + null_at("keySchema.2.member.keyType"));
  // The keys of global indexes may have up to eight attributes.
  CHECK(refusal("CreateTable", create(schema + R"("GlobalSecondaryIndexes": [{"IndexName": "abc", "Projection": {},
                                                   "KeySchema": [)" +
                                      repeated(8, hash) + "]}]")) == "accepted");
}

TEST_CASE("UpdateTable reports in its order") {
  CHECK(refusal("UpdateTable", R"({"TableName": "ab", "ProvisionedThroughput": {}, "BillingMode": "x",
                                   "GlobalSecondaryIndexUpdates": [{"Delete": {}, "Create": {"IndexName": "a"},
                                   "Update": {"IndexName": "abc", "ProvisionedThroughput": {"ReadCapacityUnits": 0,
                                   "WriteCapacityUnits": 1}}}]})") ==
        "9 validation errors detected: " + value_at("ab", "tableName") + length_min(3) + "; " +
            null_at("provisionedThroughput.writeCapacityUnits") + "; " +
            null_at("provisionedThroughput.readCapacityUnits") + "; " + value_at("x", "billingMode") +
            enumeration("PROVISIONED, PAY_PER_REQUEST") + "; " +
            value_at("0", "globalSecondaryIndexUpdates.1.member.update.provisionedThroughput.readCapacityUnits") +
            value_min(1) + "; " + value_at("a", "globalSecondaryIndexUpdates.1.member.create.indexName") +
            length_min(3) + "; " + null_at("globalSecondaryIndexUpdates.1.member.create.keySchema") + "; " +
            null_at("globalSecondaryIndexUpdates.1.member.create.projection") + "; " +
            null_at("globalSecondaryIndexUpdates.1.member.delete.indexName"));
}

TEST_CASE("ListTables") {
  CHECK(refusal("ListTables", R"({"Limit": 0, "ExclusiveStartTableName": ""})") ==
        "3 validation errors detected: " + value_at("0", "limit") + value_min(1) + "; " +
            value_at("", "exclusiveStartTableName") + kNamePattern + "; " + value_at("", "exclusiveStartTableName") +
            length_min(3));
  CHECK(refusal("ListTables", R"({"Limit": 101})") == kOne + value_at("101", "limit") + value_max(100));
  CHECK(refusal("ListTables", R"({"Limit": 100, "ExclusiveStartTableName": "abc"})") == "accepted");
}

TEST_CASE("A limit of nothing") {
  for (const auto* name : {"Query", "Scan"}) {
    CHECK(refusal(name, query(R"("Limit": 0)")) ==
          "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater "
          "than or equal to 1");
  }
}

TEST_CASE("AttributesToGet has 1 to 255 names") {
  const auto names = [](std::size_t count) { return R"("AttributesToGet": [)" + repeated(count, R"("a")") + "]"; };
  CHECK(refusal("GetItem", get(names(255))) == "accepted");
  const auto text = refusal("GetItem", get(names(256)));
  CHECK(text.starts_with(kOne + "Value '[a, a, "));
  CHECK(text.ends_with(", a]' at 'attributesToGet'" + kFailed + length_max(255)));
}

TEST_CASE("BatchGetItem") {
  const auto batch = [](const std::string& items) { return R"({"RequestItems": )" + items + "}"; };
  CHECK(refusal("BatchGetItem", "{}") == kOne + null_at("requestItems"));
  CHECK(refusal("BatchGetItem", batch("{}")) ==
        "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length "
        "greater than or equal to 1");
  CHECK(refusal("BatchGetItem", batch(R"({"tab": {}})")) == kOne + null_at("requestItems.tab.member.keys"));
  CHECK(refusal("BatchGetItem", batch(R"({"tab": {"Keys": []}})")) ==
        kOne + value_at("[]", "requestItems.tab.member.keys") + length_min(1));
  CHECK(refusal("BatchGetItem", batch(R"({"tab": {"Keys": [)" + repeated(100, "{}") + "]}}")) == "accepted");
  CHECK(refusal("BatchGetItem", batch(R"({"tab": {"Keys": [)" + repeated(101, "{}") + "]}}")) ==
        "1 validation error detected: Value at 'RequestItems.tab.member.Keys' failed to satisfy constraint: Member "
        "must have length less than or equal to 100");
  CHECK(refusal("BatchGetItem", R"({"ReturnConsumedCapacity": "x", "RequestItems":
                                    {"tab": {"AttributesToGet": []}, "tbl": {"Keys": [null]}}})") ==
        "4 validation errors detected: " + value_at("x", "returnConsumedCapacity") + kCapacity + "; " +
            null_at("requestItems.tab.member.keys") + "; " + value_at("[]", "requestItems.tab.member.attributesToGet") +
            length_min(1) + "; " + null_at("requestItems.tbl.member.keys.1.member"));
  CHECK(refusal("BatchGetItem", batch(R"({"tab": null})")) == kOne + null_at("requestItems.tab.member"));
}

TEST_CASE("A bad table name in a batch") {
  const std::string keys =
      "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length "
      "greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]";
  CHECK(refusal("BatchGetItem", R"({"RequestItems": {"ab": {"Keys": [{}]}}})") ==
        kOne +
            value_at("{ab=KeysAndAttributes(keys=[{}], attributesToGet=null, consistentRead=null, "
                     "expressionAttributeNames=null, projectionExpression=null)}",
                     "requestItems") +
            keys);
  CHECK(refusal("BatchWriteItem", R"({"RequestItems": {"a;b": [{"DeleteRequest": {"Key": {"pk": {"S": "x"}}}}]}})") ==
        kOne +
            value_at("{a;b=[WriteRequest(deleteRequest=DeleteRequest(key={pk=AttributeValue(s=x, n=null, b=null, "
                     "sS=null, nS=null, bS=null, m=null, l=null, nULL=null, bOOL=null)}), putRequest=null)]}",
                     "requestItems") +
            keys);
}

TEST_CASE("BatchWriteItem") {
  const auto batch = [](const std::string& items) { return R"({"RequestItems": )" + items + "}"; };
  const std::string values =
      "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length "
      "greater than or equal to 1]";
  CHECK(refusal("BatchWriteItem", "{}") == kOne + null_at("requestItems"));
  CHECK(refusal("BatchWriteItem", batch("{}")) == kOne + newer_at("RequestItems") + length_min(1));
  CHECK(refusal("BatchWriteItem", batch(R"({"tab": []})")) == kOne + value_at("{tab=[]}", "requestItems") + values);
  CHECK(refusal("BatchWriteItem", batch(R"({"tab": [)" + repeated(25, "{}") + "]}")) == "accepted");
  CHECK(refusal("BatchWriteItem", batch(R"({"tab": [)" + repeated(26, "{}") + "]}")) ==
        "1 validation error detected: Value at 'RequestItems.tab.member' failed to satisfy constraint: Member must "
        "have length less than or equal to 25");
  CHECK(refusal("BatchWriteItem",
                R"({"ReturnItemCollectionMetrics": "m", "ReturnConsumedCapacity": "c", "RequestItems":
                    {"tab": [{"PutRequest": {}, "DeleteRequest": {}}, {"PutRequest": {}}]}})") ==
        "5 validation errors detected: " + value_at("c", "returnConsumedCapacity") + kCapacity + "; " +
            value_at("m", "returnItemCollectionMetrics") + kSize + "; " +
            null_at("requestItems.tab.member.1.member.deleteRequest.key") + "; " +
            null_at("requestItems.tab.member.1.member.putRequest.item") + "; " +
            null_at("requestItems.tab.member.2.member.putRequest.item"));
}

TEST_CASE("Transactions") {
  const auto items = [](const std::string& list) { return R"({"TransactItems": [)" + list + "]}"; };
  for (const auto* name : {"TransactWriteItems", "TransactGetItems"}) {
    CHECK(refusal(name, "{}") == kOne + null_at("transactItems"));
    CHECK(refusal(name, items("")) == kOne + newer_at("TransactItems") + length_min(1));
    const auto many = refusal(name, items(repeated(101, R"({"Get": {"TableName": "abc", "Key": {}}})")));
    CHECK(many == kOne + newer_at("TransactItems") + length_max(100));
  }
  CHECK(refusal("TransactGetItems", items("{}")) == kOne + null_at("transactItems.1.member.get"));
  CHECK(refusal("TransactWriteItems", items("{}")) == "accepted");  // What an action lacks, the operation says.
  CHECK(refusal("TransactWriteItems", items(R"({"ConditionCheck": {"TableName": "abc", "Key": {}}})")) ==
        kOne + null_at("transactItems.1.member.conditionCheck.conditionExpression"));
  CHECK(refusal("TransactWriteItems", items(R"({"Update": {"TableName": "abc", "Key": {}}})")) ==
        kOne + null_at("transactItems.1.member.update.updateExpression"));
  CHECK(refusal("TransactWriteItems", items(R"({"Put": {"TableName": "abc", "Item": {},
                                                "ReturnValuesOnConditionCheckFailure": "x"}}, {"Delete": {}})")) ==
        "3 validation errors detected: " +
            value_at("x", "transactItems.1.member.put.returnValuesOnConditionCheckFailure") +
            enumeration("ALL_OLD, NONE") + "; " + null_at("transactItems.2.member.delete.key") + "; " +
            null_at("transactItems.2.member.delete.tableName"));
}

TEST_CASE("The token of a transaction has 1 to 36 characters") {
  const auto token = [](const std::string& text) {
    return R"({"TransactItems": [{}], "ClientRequestToken": ")" + text + R"("})";
  };
  CHECK(refusal("TransactWriteItems", token(std::string(36, 'a'))) == "accepted");
  CHECK(refusal("TransactWriteItems", token(std::string(37, 'a'))) ==
        "1 validation error detected: Value at 'ClientRequestToken' failed to satisfy constraint: Member must have "
        "length less than or equal to 36");
  CHECK(refusal("TransactWriteItems", token("")) == kOne + value_at("", "clientRequestToken") + length_min(1));
}

TEST_CASE("Lengths are in characters as Java counts them") {
  const auto token = [](const std::string& character, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += character;
    return refusal("TransactWriteItems", R"({"TransactItems": [{}], "ClientRequestToken": ")" + text + R"("})");
  };
  CHECK(token("\u00e9", 36) == "accepted");
  CHECK(token("\u20ac", 36) == "accepted");
  CHECK(token("\u20ac", 37) != "accepted");
  CHECK(token("\U0001F3B5", 18) == "accepted");
  CHECK(token("\U0001F3B5", 19) != "accepted");
}

TEST_CASE("PartiQL's parameters are not empty when they are there") {
  CHECK(refusal("ExecuteStatement", R"({"Statement": "SELECT", "Parameters": []})") ==
        "1 validation error detected: Value '[]' at 'parameters' failed to satisfy constraint: Member must have length "
        "greater than or equal to 1");
  CHECK(refusal("BatchExecuteStatement", R"({"Statements": []})") ==
        kOne + value_at("[]", "statements") + length_min(1));
}

TEST_CASE("A missing ARN of tags has its own message, missing tags the model's") {
  CHECK(refusal("TagResource", "{}") == "Invalid TableArn");
  CHECK(refusal("UntagResource", "{}") == "Invalid TableArn");
  CHECK(refusal("ListTagsOfResource", "{}") == "Invalid TableArn");
  CHECK(refusal("TagResource", R"({"ResourceArn": "arn:x"})") == kOne + null_at("tags"));
}

TEST_CASE("Elements of a list of texts are refused where the list is") {
  CHECK(refusal("UntagResource", R"({"ResourceArn": "arn:x", "TagKeys": ["a", ""]})") ==
        kOne + value_at("[a, ]", "tagKeys") +
            "Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have "
            "length greater than or equal to 1]");
  CHECK(refusal("UntagResource", R"({"ResourceArn": "arn:x", "TagKeys": ["a", null]})") ==
        kOne + null_at("tagKeys.2.member"));
}

TEST_CASE("Streams are checked alike") {
  CHECK(refusal("GetShardIterator", R"({"ShardId": "short", "ShardIteratorType": "x"})") ==
        "3 validation errors detected: " + value_at("short", "shardId") + length_min(28) + "; " +
            value_at("x", "shardIteratorType") +
            enumeration("TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, AT_TIMESTAMP") + "; " +
            null_at("streamArn"));
  CHECK(refusal("GetRecords", R"({"ShardIterator": "x", "Limit": 0})") == kOne + value_at("0", "limit") + value_min(1));
}

TEST_CASE("What is echoed is cut off, between characters") {
  std::string name;
  for (int i = 0; i < 100'000; ++i) name += "\u20ac";
  const auto text = refusal("DescribeTable", R"({"TableName": ")" + name + R"("})");
  CHECK(text.size() < 200'000);
  CHECK(text.find("\u20ac' at 'tableName' failed") != text.npos);

  // A key of nothing takes 3 bytes of a request and far more of an echo.
  const auto batch =
      refusal("BatchGetItem", R"({"RequestItems": {"ab": {"Keys": [)" + repeated(100'000, R"({"a":{}})") + "]}}}");
  CHECK(batch.size() < 200'000);
  CHECK(batch.find("Map keys must satisfy constraint") != batch.npos);
}

}  // namespace shoal::model

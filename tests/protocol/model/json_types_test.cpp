#include <catch2/catch.hpp>

#include "refusal.h"

namespace shoal::model {
namespace {

// The message of the SerializationException.
std::string serialization(std::string_view name, std::string_view body) {
  const std::string text = refusal(name, body);
  const std::string type = "SerializationException: ";
  return text.starts_with(type) ? text.substr(type.size()) : "no SerializationException but: " + text;
}

constexpr auto kParameterized =
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
    "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
    "loader 'bootstrap')";

std::string put(std::string_view value) {
  return R"({"TableName": "Music", "Item": {"a": )" + std::string(value) + "}}";
}

TEST_CASE("What is no string cannot be converted to one") {
  CHECK(serialization("GetItem", R"({"TableName": 23})") == "NUMBER_VALUE cannot be converted to String");
  CHECK(serialization("GetItem", R"({"TableName": 23.5})") == "DECIMAL_VALUE cannot be converted to String");
  CHECK(serialization("GetItem", R"({"TableName": true})") == "TRUE_VALUE cannot be converted to String");
  CHECK(serialization("GetItem", R"({"TableName": false})") == "FALSE_VALUE cannot be converted to String");
  CHECK(serialization("GetItem", R"({"TableName": []})") == "Unrecognized collection type class java.lang.String");
  CHECK(serialization("GetItem", R"({"TableName": {}})") == "Start of structure or map found where not expected");
  CHECK(serialization("Query", R"({"AttributesToGet": [1]})") == "NUMBER_VALUE cannot be converted to String");
}

TEST_CASE("What is no number cannot be converted to one of its declared type") {
  CHECK(serialization("Query", R"({"Limit": "5"})") == "STRING_VALUE cannot be converted to Integer");
  CHECK(serialization("Scan", R"({"Segment": "5"})") == "STRING_VALUE cannot be converted to Integer");
  CHECK(serialization("Scan", R"({"TotalSegments": true})") == "TRUE_VALUE cannot be converted to Integer");
  CHECK(serialization("ListTables", R"({"Limit": false})") == "FALSE_VALUE cannot be converted to Integer");
  CHECK(serialization("CreateTable", R"({"ProvisionedThroughput": {"ReadCapacityUnits": "1"}})") ==
        "STRING_VALUE cannot be converted to Long");
  CHECK(serialization("CreateTable", R"({"ProvisionedThroughput": {"WriteCapacityUnits": true}})") ==
        "TRUE_VALUE cannot be converted to Long");
  CHECK(serialization("Query", R"({"Limit": []})") == "Unrecognized collection type class java.lang.Integer");
  CHECK(serialization("CreateTable", R"({"ProvisionedThroughput": {"ReadCapacityUnits": [1]}})") ==
        "Unrecognized collection type class java.lang.Long");
  CHECK(serialization("Query", R"({"Limit": {}})") == "Start of structure or map found where not expected");
  CHECK(serialization("UpdateTableReplicaAutoScaling",
                      R"({"ProvisionedWriteCapacityAutoScalingUpdate": {"ScalingPolicyUpdate":
                          {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": "x"}}}})") ==
        "STRING_VALUE cannot be converted to Double");
}

TEST_CASE("A fraction is cut off an integer") {
  CHECK(refusal("ListTables", R"({"Limit": 1.9})") == "accepted");
  CHECK(refusal("ListTables", R"({"Limit": 100.9})") == "accepted");
  CHECK(refusal("ListTables", R"({"Limit": 0.9})") ==
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value "
        "greater than or equal to 1");
}

TEST_CASE("A boolean may be a word, but no number") {
  const auto get = [](std::string_view consistent) {
    return R"({"TableName": "Music", "Key": {}, "ConsistentRead": )" + std::string(consistent) + "}";
  };
  for (const auto* word : {"true", "false", R"("true")", R"("FALSE")", R"("1")", R"("0")", R"("Yes")", R"("no")"}) {
    CHECK(refusal("GetItem", get(word)) == "accepted");
  }
  CHECK(serialization("GetItem", get("1")) == "NUMBER_VALUE cannot be converted to Boolean");
  CHECK(serialization("GetItem", get("1.5")) == "DECIMAL_VALUE cannot be converted to Boolean");
  CHECK(serialization("GetItem", get(R"("maybe")")) == "Unexpected token received from parser");
  CHECK(serialization("GetItem", get(R"("truest")")) == "Unexpected token received from parser");
  CHECK(serialization("GetItem", get(R"("")")) == "Unexpected token received from parser");
  CHECK(serialization("GetItem", get("[]")) == "Unrecognized collection type class java.lang.Boolean");
  CHECK(serialization("GetItem", get("{}")) == "Start of structure or map found where not expected");
}

TEST_CASE("A scalar is no structure, list or map") {
  CHECK(serialization("GetItem", R"({"Key": "x"})") == "Unexpected field type");
  CHECK(serialization("PutItem", R"({"Item": 5})") == "Unexpected field type");
  CHECK(serialization("GetItem", R"({"AttributesToGet": "x"})") == "Unexpected field type");
  CHECK(serialization("CreateTable", R"({"ProvisionedThroughput": true})") == "Unexpected field type");
  CHECK(serialization("CreateTable", R"({"KeySchema": [5]})") == "Unexpected value type in payload");
  CHECK(serialization("GetItem", R"({"Key": {"a": "x"}})") == "Unexpected value type in payload");
  CHECK(serialization("PutItem", put(R"({"L": [5]})")) == "Unexpected value type in payload");
  CHECK(serialization("PutItem", put(R"({"M": {"b": true}})")) == "Unexpected value type in payload");
  CHECK(serialization("Query", R"({"QueryFilter": {"a": 1}})") == "Unexpected value type in payload");
  CHECK(serialization("PutItem", R"({"Expected": {"a": {"Value": 1}}})") == "Unexpected field type");
}

TEST_CASE("A scalar is no typed collection inside another, nor a nested key or item") {
  CHECK(serialization("BatchGetItem", R"({"RequestItems": {"t": {"Keys": ["x"]}}})") == kParameterized);
  CHECK(serialization("BatchWriteItem", R"({"RequestItems": {"t": "x"}})") == kParameterized);
  CHECK(serialization("BatchWriteItem", R"({"RequestItems": {"t": [{"PutRequest": {"Item": 1}}]}})") == kParameterized);
  CHECK(serialization("BatchWriteItem", R"({"RequestItems": {"t": [{"DeleteRequest": {"Key": 1}}]}})") ==
        kParameterized);
  CHECK(serialization("TransactWriteItems", R"({"TransactItems": [{"Put": {"Item": "x"}}]})") == kParameterized);
  CHECK(serialization("BatchGetItem", R"({"RequestItems": {"t": {"Keys": "x"}}})") == "Unexpected field type");
  CHECK(serialization("BatchWriteItem", R"({"RequestItems": "x"})") == "Unexpected field type");
}

TEST_CASE("An object is no list, a list no structure or map") {
  const std::string start = "Start of structure or map found where not expected";
  CHECK(serialization("GetItem", R"({"AttributesToGet": {}})") == start);
  CHECK(serialization("PutItem", put(R"({"SS": {}})")) == start);
  CHECK(serialization("PutItem", put(R"({"L": {}})")) == start);

  const std::string unrecognized = "Unrecognized collection type ";
  const std::string package = "com.amazonaws.dynamodb.v20120810.";
  CHECK(serialization("GetItem", R"({"Key": {"a": []}})") == unrecognized + "class " + package + "AttributeValue");
  CHECK(serialization("BatchGetItem", R"({"RequestItems": {"t": []}})") ==
        unrecognized + "class " + package + "KeysAndAttributes");
  CHECK(serialization("Query", R"({"KeyConditions": {"a": []}})") == unrecognized + "class " + package + "Condition");
  CHECK(serialization("PutItem", R"({"Expected": {"a": []}})") ==
        unrecognized + "class " + package + "ExpectedAttributeValue");
  CHECK(serialization("CreateTable", R"({"ProvisionedThroughput": []})") ==
        unrecognized + "class " + package + "ProvisionedThroughput");
  CHECK(serialization("CreateTable", R"({"LocalSecondaryIndexes": [{"Projection": []}]})") ==
        unrecognized + "class " + package + "Projection");

  const std::string map = unrecognized + "java.util.Map<java.lang.String, ";
  CHECK(serialization("GetItem", R"({"Key": []})") == map + package + "AttributeValue>");
  CHECK(serialization("PutItem", put(R"({"M": []})")) == map + package + "AttributeValue>");
  CHECK(serialization("Query", R"({"ExpressionAttributeNames": []})") == map + "java.lang.String>");
  CHECK(serialization("BatchWriteItem", R"({"RequestItems": []})") ==
        map + "java.util.List<" + package + "WriteRequest>>");
}

TEST_CASE("Attribute values are checked to the bottom") {
  CHECK(serialization("PutItem", put(R"({"S": 5})")) == "NUMBER_VALUE cannot be converted to String");
  CHECK(serialization("PutItem", put(R"({"N": 5})")) == "NUMBER_VALUE cannot be converted to String");
  CHECK(serialization("PutItem", put(R"({"N": 1.5})")) == "DECIMAL_VALUE cannot be converted to String");
  CHECK(serialization("PutItem", put(R"({"SS": [true]})")) == "TRUE_VALUE cannot be converted to String");
  CHECK(serialization("PutItem", put(R"({"NS": [1]})")) == "NUMBER_VALUE cannot be converted to String");
  CHECK(serialization("PutItem", put(R"({"SS": "a"})")) == "Unexpected field type");
  CHECK(serialization("PutItem", put(R"({"BOOL": 1})")) == "NUMBER_VALUE cannot be converted to Boolean");
  CHECK(serialization("PutItem", put(R"({"NULL": "x"})")) == "Unexpected token received from parser");
  CHECK(serialization("PutItem", put(R"({"M": {"b": {"L": [{"S": []}]}}})")) ==
        "Unrecognized collection type class java.lang.String");
  CHECK(serialization("UpdateItem", R"({"ExpressionAttributeValues": {":v": {"S": 1}}})") ==
        "NUMBER_VALUE cannot be converted to String");
  CHECK(serialization("TransactWriteItems", R"({"TransactItems": [{"Delete": {"Key": {"a": {"N": 1}}}}]})") ==
        "NUMBER_VALUE cannot be converted to String");

  CHECK(refusal("PutItem", put(R"({"M": {"b": {"L": [{"S": ""}, {"B": ""}, {"NS": ["1"]}, {"NULL": true}]}}})")) ==
        "accepted");
}

TEST_CASE("Binaries are base64") {
  const std::string length = "Base64 encoded length is expected a multiple of 4 bytes but found: ";
  CHECK(serialization("PutItem", put(R"({"B": "abc"})")) == length + "3");
  CHECK(serialization("PutItem", put(R"({"BS": ["AAAA", "abcde"]})")) == length + "5");
  const std::string last = "Invalid last non-pad Base64 character dectected";
  CHECK(serialization("PutItem", put(R"({"B": "ab=="})")) == last);
  CHECK(serialization("PutItem", put(R"({"B": "AAab"})")) == "no SerializationException but: accepted");
  CHECK(serialization("PutItem", put(R"({"B": "AAB="})")) == last);
  const std::string only = "only base-64-encoded strings are convertible to bytes";
  CHECK(serialization("PutItem", put(R"({"B": 1})")) == only);
  CHECK(serialization("PutItem", put(R"({"B": true})")) == only);
  CHECK(serialization("PutItem", put(R"({"B": "AA*A"})")) == only);
  CHECK(serialization("PutItem", put(R"({"B": "A==="})")) == only);
  CHECK(serialization("PutItem", put(R"({"B": "===="})")) == only);
  CHECK(serialization("PutItem", put(R"({"B": []})")) == "Unrecognized collection type class java.nio.ByteBuffer");
  CHECK(serialization("PutItem", put(R"({"B": {}})")) == "Start of structure or map found where not expected");

  for (const auto* good : {"", "AAAA", "AA==", "AAA=", "/w==", "+/+/"}) {
    CHECK(refusal("PutItem", put(R"({"B": ")" + std::string(good) + R"("})")) == "accepted");
  }
}

TEST_CASE("Sets hold no null") {
  for (const auto* set : {"SS", "NS", "BS"}) {
    CHECK(refusal("PutItem", put(R"({")" + std::string(set) + R"(": [null]})")) ==
          "One or more parameter values were invalid: A set may not have a null as a member");
  }
}

TEST_CASE("The first failure in order of the text is the one reported") {
  CHECK(serialization("GetItem", R"({"Key": {"a": {"S": 1}}, "TableName": true})") ==
        "NUMBER_VALUE cannot be converted to String");
  CHECK(serialization("GetItem", R"({"TableName": true, "Key": {"a": {"S": 1}}})") ==
        "TRUE_VALUE cannot be converted to String");
  CHECK(serialization("PutItem", R"({"Item": {"a": {"M": {"b": {"S": true}}}, "c": {"S": 1}}})") ==
        "TRUE_VALUE cannot be converted to String");
}

TEST_CASE("JSON types come before constraints") {
  CHECK(serialization("GetItem", R"({"TableName": "x", "ReturnConsumedCapacity": "bad", "Key": 1})") ==
        "Unexpected field type");
}

TEST_CASE("Unknown members are ignored and null is absent") {
  CHECK(refusal("GetItem", R"({"TableName": "Music", "Key": {"a": {"S": "x", "T": 5}}, "Nonsense": [5]})") ==
        "accepted");
  CHECK(refusal("GetItem", R"({"TableName": "Music", "Key": {}, "AttributesToGet": null, "ConsistentRead": null})") ==
        "accepted");
  CHECK(refusal("GetItem", R"({"TableName": "Music", "Key": null})") ==
        "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null");
  CHECK(refusal("GetItem", R"({"TableName": "Music", "Key": {}, "Key": null})") ==
        "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null");
}

TEST_CASE("A request that is no object is a SerializationException without a message") {
  json::Parser parser;
  for (const auto* body : {"[]", "5", "\"x\"", "null", "true"}) {
    const auto input = parser.parse(body);
    try {
      validate(operation("ListTables"), *input);
      FAIL("accepted " << body);
    } catch (const Error& error) {
      CHECK(error.type().name == "SerializationException");
      CHECK_FALSE(error.has_message());
    }
  }
}

TEST_CASE("Values nested as deep as the parser lets them do no harm") {
  std::string value = R"({"S": 5})";
  for (int i = 0; i < 500; ++i) value = R"({"L": [)" + value + "]}";
  CHECK(serialization("PutItem", put(value)) == "NUMBER_VALUE cannot be converted to String");
}

}  // namespace
}  // namespace shoal::model

"""Which of several mistakes in one request is told: the order in which production looks.

The steps, each shown by requests that make two mistakes: HTTP, JSON, target, signature, JSON types, constraints of the model (all of
them together, in each operation's own order), parameters that do not mix, values, the operation's own rules, legacy parameters,
expressions, the table, its keys, the condition, the change.
"""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item
from support.shoal_process import JSON_TYPE, sign

KEY = item(p="a", c=1)


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N", gsi={"gsi": ("g:S", "KEYS_ONLY")})
    shoal.put(name, {**KEY, **item(s="text", g="g")})
    return name


# ---- Before the model

def test_the_steps_before_the_model(shoal):
    """Each request makes one mistake less than the one before it."""
    address = f"{shoal.host}:{shoal.port}"
    body, bad = b'{"TableName": 5}', b"no json"

    def send(content, content_type=JSON_TYPE, target="DynamoDB_20120810.GetItem", signed=True):
        headers = {"Host": address, "Content-Type": content_type, **({"X-Amz-Target": target} if target else {})}
        if signed:
            headers = sign(headers, content)
        return shoal.post(content, headers)

    reply = send(bad, "text/plain", "no.such.target", signed=False)
    assert (reply.status, reply.body) == (404, b"<UnknownOperationException/>\n")
    expect_error(send(bad, target="no.such.target", signed=False), None, "SerializationException")
    expect_error(send(body, target="no.such.target", signed=False), None, "UnknownOperationException")
    expect_error(send(body, target=None, signed=False), None, "UnknownOperationException")
    assert send(body, signed=False).type == "MissingAuthenticationTokenException"
    expect_error(send(body), "NUMBER_VALUE cannot be converted to String", "SerializationException")
    expect_error(send(b"{}"), "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: "
                              "Member must not be null; Value null at 'key' failed to satisfy constraint: "
                              "Member must not be null")


def test_types_come_before_constraints(shoal):
    expect_error(shoal.call("GetItem", {"TableName": None, "Key": {"p": {"S": 5}}}),
                 "NUMBER_VALUE cannot be converted to String", "SerializationException")


# ---- Constraints: all together, in each operation's order

def null(path):
    return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def enum(path, values):
    return f"Value 'x' at '{path}' failed to satisfy constraint: Member must satisfy enum value set: [{values}]"


CAPACITY = enum("returnConsumedCapacity", "INDEXES, TOTAL, NONE")
METRICS = enum("returnItemCollectionMetrics", "SIZE, NONE")
RETURNED = ("Failed to satisfy constraint: Member must satisfy enum value set: "
            "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]")
JOIN = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"
COMPARISONS = "IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS"
SELECT = enum("select", "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES")


def too_low(path, value, least):
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value greater than or equal to {least}"


EMPTY_LIST = "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"
SHORT_INDEX = "Value 'i' at 'indexName' failed to satisfy constraint: Member must have length greater than or equal to 3"
LIMIT = "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"


@pytest.mark.parametrize("operation, body, failures", [
    ("GetItem", {"AttributesToGet": [], "ReturnConsumedCapacity": "x"},
     [CAPACITY, EMPTY_LIST, null("tableName"), null("key")]),
    ("PutItem", {"ReturnItemCollectionMetrics": "x", "ReturnValues": "x", "ConditionalOperator": "x", "ReturnConsumedCapacity": "x",
                 "Expected": {"a": {"ComparisonOperator": "x"}}},
     [CAPACITY, null("tableName"), null("item"), JOIN, enum("expected.a.member.comparisonOperator", COMPARISONS), RETURNED,
      METRICS]),
    ("DeleteItem", {"ReturnItemCollectionMetrics": "x", "ReturnValues": "x", "ConditionalOperator": "x", "ReturnConsumedCapacity": "x",
                    "Expected": {"a": {"ComparisonOperator": "x"}}},
     [CAPACITY, null("tableName"), RETURNED, METRICS, null("key"), JOIN,
      enum("expected.a.member.comparisonOperator", COMPARISONS)]),
    ("UpdateItem", {"ReturnItemCollectionMetrics": "x", "ConditionalOperator": "x", "ReturnConsumedCapacity": "x",
                    "Expected": {"a": {"ComparisonOperator": "x"}}},
     [CAPACITY, null("tableName"), METRICS, null("key"), JOIN, enum("expected.a.member.comparisonOperator", COMPARISONS)]),
    ("UpdateItem", {"ReturnItemCollectionMetrics": "x", "ReturnValues": "x"}, [RETURNED]),  # reports this one only
    ("Scan", {"AttributesToGet": [], "Limit": 0, "Segment": -1, "ScanFilter": {"a": {}}, "TotalSegments": 0, "Select": "x",
              "ReturnConsumedCapacity": "x", "IndexName": "i"},
     [SELECT, SHORT_INDEX, too_low("totalSegments", 0, 1), CAPACITY, null("tableName"),
      null("scanFilter.a.member.comparisonOperator"), too_low("segment", -1, 0), LIMIT, EMPTY_LIST]),
    ("Query", {"AttributesToGet": [], "Limit": 0, "QueryFilter": {"a": {}}, "KeyConditions": {"a": {}}, "Select": "x",
               "ReturnConsumedCapacity": "x", "IndexName": "i"},
     [SELECT, SHORT_INDEX, CAPACITY, null("queryFilter.a.member.comparisonOperator"), null("tableName"), EMPTY_LIST, LIMIT,
      null("keyConditions.a.member.comparisonOperator")]),
    ("BatchGetItem", {"ReturnConsumedCapacity": "x"}, [CAPACITY, null("requestItems")]),
    ("BatchWriteItem", {"ReturnItemCollectionMetrics": "x", "ReturnConsumedCapacity": "x"}, [CAPACITY, METRICS, null("requestItems")]),
])
def test_constraints_are_told_in_order(shoal, operation, body, failures):
    count = "1 validation error" if len(failures) == 1 else f"{len(failures)} validation errors"
    expect_error(shoal.call(operation, body), f"{count} detected: " + "; ".join(failures))


def test_at_most_ten_failures_are_told(shoal):
    requests = [{"PutRequest": {}} for _ in range(12)]
    reply = shoal.call("BatchWriteItem", {"RequestItems": {"tab": requests}})
    assert reply.message.startswith("10 validation errors detected: ")
    assert reply.message.count("failed to satisfy constraint") == 10


# ---- Then one after the other

BOTH = "Can not use both expression and non-expression parameters in the same request: "
MIXED = {"Expected": {"a": {}}, "ConditionExpression": "bad syntax"}
MIXED_TOLD = BOTH + "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"
BAD_NUMBER = {"n": {"N": "x"}}
NO_NUMBER = "The parameter cannot be converted to a numeric value: x"
SYNTAX = 'Syntax error; token: "syntax", near: "bad syntax"'
LONG = {"v": {"S": "x" * 409_600}}
UNUSED_NAMES = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}"
NOT_FOUND = "Requested resource not found"
EMPTY_KEY = ("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
             "string value. Key: p")

STEPS = {
    # What each step changes in the request of the step before it (None: takes away), and what is told then.
    "PutItem": [
        ({**MIXED, "Item": {**item(p=""), **BAD_NUMBER, **LONG}, "ReturnValues": "x"}, ENVELOPE + RETURNED),
        ({"ReturnValues": "ALL_NEW"}, ENVELOPE + MIXED_TOLD),
        ({"Expected": None}, ENVELOPE + NO_NUMBER),
        ({"Item": {**item(p=""), **LONG}}, ENVELOPE + "ReturnValues can only be ALL_OLD or NONE"),
        ({"ReturnValues": None}, ENVELOPE + "Item size has exceeded the maximum allowed size"),
        ({"Item": item(p="", g=1), "ExpressionAttributeNames": {"u": "u"}, "ExpressionAttributeValues": {":a": {"N": "x"}}},
         ENVELOPE + 'ExpressionAttributeNames contains invalid key: Syntax error; key: "u"'),
        ({"ExpressionAttributeNames": {"#u": "u"}}, ENVELOPE + NO_NUMBER),
        ({"ExpressionAttributeValues": {":a": {"S": "a"}, ":u": {"S": "u"}}},
         ENVELOPE + 'Invalid ConditionExpression: ' + SYNTAX),
        ({"ConditionExpression": "p.x = :a"}, ENVELOPE + UNUSED_NAMES),
        ({"ExpressionAttributeNames": None}, ENVELOPE + "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}"),
        ({"ExpressionAttributeValues": {":a": {"S": "a"}}, "TableName": "nosuch"}, NOT_FOUND),
        ({"TableName": "T"}, "One or more parameter values were invalid: Missing the key c in the item"),
        ({"Item": item(p="", c=1, g=1)}, EMPTY_KEY),
        ({"Item": item(p="a", c=1, g=1)}, "One or more parameter values were invalid: Type mismatch for Index Key g "
                                          "Expected: S Actual: N IndexName: gsi"),
        ({"Item": item(p="a", c=1)}, "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                                     "allowed: Key: p"),
        ({"ConditionExpression": "s = :a"}, "The conditional request failed"),
    ],
    "UpdateItem": [
        ({"ReturnValues": "x"}, ENVELOPE + RETURNED),
        ({"ReturnValues": "NONE", "AttributeUpdates": {"a": {}}, "Expected": {"a": {}}, "UpdateExpression": "bad syntax",
          "ConditionExpression": "bad syntax", "Key": {**item(p="", c=1), **BAD_NUMBER}},
         ENVELOPE + BOTH + "Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: "
                           "{UpdateExpression, ConditionExpression}"),
        ({"UpdateExpression": None, "ConditionExpression": None}, ENVELOPE + NO_NUMBER),
        ({"Key": item(p="")}, ENVELOPE + "One or more parameter values were invalid: Only DELETE action is allowed when no "
                                         "attribute value is specified"),
        ({"AttributeUpdates": {"p": {"Value": {"S": "x"}}}},
         ENVELOPE + "One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: a"),
        ({"AttributeUpdates": None, "Expected": None, "UpdateExpression": "bad syntax", "ConditionExpression": "bad syntax",
          "ExpressionAttributeNames": {"u": "u"}}, ENVELOPE + 'ExpressionAttributeNames contains invalid key: Syntax error; key: "u"'),
        ({"ExpressionAttributeNames": {"#u": "u"}, "ExpressionAttributeValues": {":x": {"N": "x"}}}, ENVELOPE + NO_NUMBER),
        ({"ExpressionAttributeValues": {":x": {"N": "1"}}},
         ENVELOPE + 'Invalid UpdateExpression: Syntax error; token: "bad", near: "bad syntax"'),
        ({"UpdateExpression": "SET p = s + :x"}, ENVELOPE + "Invalid ConditionExpression: " + SYNTAX),
        ({"ConditionExpression": "attribute_exists(nosuch)"}, ENVELOPE + UNUSED_NAMES),
        ({"ExpressionAttributeNames": None, "TableName": "nosuch"}, NOT_FOUND),
        ({"TableName": "T"}, "The provided key element does not match the schema"),
        ({"Key": item(p="", c=1)}, EMPTY_KEY),
        ({"Key": KEY}, "One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"),
        ({"UpdateExpression": "SET v = s + :x"}, "The conditional request failed"),
        ({"ConditionExpression": "attribute_exists(s)"}, "An operand in the update expression has an incorrect data type"),
    ],
    "DeleteItem": [
        ({**MIXED, "Key": {**item(p=""), **BAD_NUMBER}, "ReturnValues": "ALL_NEW"}, ENVELOPE + MIXED_TOLD),
        ({"Expected": None}, ENVELOPE + NO_NUMBER),
        ({"Key": item(p="")}, ENVELOPE + "ReturnValues can only be ALL_OLD or NONE"),
        ({"ReturnValues": "NONE"}, ENVELOPE + "Invalid ConditionExpression: " + SYNTAX),
        ({"ConditionExpression": "p.x = s", "ExpressionAttributeNames": {"#u": "u"}}, ENVELOPE + UNUSED_NAMES),
        ({"ExpressionAttributeNames": None, "TableName": "nosuch"}, NOT_FOUND),
        ({"TableName": "T"}, "The provided key element does not match the schema"),
        ({"Key": item(p="", c=1)}, EMPTY_KEY),
        ({"Key": KEY}, "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"),
        ({"ConditionExpression": "s = g"}, "The conditional request failed"),
    ],
    "GetItem": [
        ({"AttributesToGet": ["a", "a"], "ProjectionExpression": "bad syntax", "Key": BAD_NUMBER},
         BOTH + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"),
        ({"AttributesToGet": None}, NO_NUMBER),
        ({"Key": item(p=""), "ExpressionAttributeNames": {"u": "u"}},
         'ExpressionAttributeNames contains invalid key: Syntax error; key: "u"'),
        ({"ExpressionAttributeNames": {"#u": "u"}}, "Invalid ProjectionExpression: " + SYNTAX),
        ({"ProjectionExpression": "p.x"}, UNUSED_NAMES),
        ({"ExpressionAttributeNames": None, "TableName": "nosuch"}, NOT_FOUND),
        ({"TableName": "T"}, "The provided key element does not match the schema"),
        ({"Key": item(p="", c=1)}, EMPTY_KEY),
        ({"Key": KEY}, "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"),
    ],
    "Query": [
        ({"QueryFilter": {"a": {"ComparisonOperator": "EQ"}}, "FilterExpression": "bad syntax",
          "KeyConditionExpression": "bad syntax", "ProjectionExpression": "bad syntax", "ExclusiveStartKey": BAD_NUMBER},
         BOTH + "Non-expression parameters: {QueryFilter} Expression parameters: "
                "{ProjectionExpression, FilterExpression, KeyConditionExpression}"),
        ({"QueryFilter": None}, NO_NUMBER),
        ({"ExclusiveStartKey": item(p="b", c=9), "ExpressionAttributeNames": {"u": "u"}},
         'ExpressionAttributeNames contains invalid key: Syntax error; key: "u"'),
        ({"ExpressionAttributeNames": {"#u": "u"}, "ExpressionAttributeValues": {":p": {"N": "x"}}}, NO_NUMBER),
        ({"ExpressionAttributeValues": {":p": {"S": "a"}, ":n": {"N": "1"}}}, "Invalid KeyConditionExpression: " + SYNTAX),
        ({"KeyConditionExpression": "v = :n"}, "Invalid FilterExpression: " + SYNTAX),
        ({"FilterExpression": "p.x = :p"}, "Invalid ProjectionExpression: " + SYNTAX),
        ({"ProjectionExpression": "c.x"}, UNUSED_NAMES),
        ({"ExpressionAttributeNames": None, "TableName": "nosuch", "IndexName": "nosuch"}, NOT_FOUND),
        ({"TableName": "T", "ConsistentRead": True}, "The table does not have the specified index: nosuch"),
        ({"IndexName": "gsi"}, "Consistent reads are not supported on global secondary indexes"),
        ({"IndexName": None, "ExclusiveStartKey": item(p="b")}, "The provided starting key is invalid"),
        ({"ExclusiveStartKey": item(p="b", c=9)}, "Query condition missed key schema element: p"),
        ({"KeyConditionExpression": "p = :n"}, "One or more parameter values were invalid: Condition parameter type does not "
                                               "match schema type"),
        ({"KeyConditionExpression": "p > :p AND c < :n"}, "Query key condition not supported"),
        ({"KeyConditionExpression": "p = :p AND c < :n"},
         "The provided starting key is outside query boundaries based on provided conditions"),
    ],
    "Scan": [
        ({"ScanFilter": {"a": {"ComparisonOperator": "EQ"}}, "FilterExpression": "bad syntax", "ProjectionExpression": "bad syntax",
          "ExclusiveStartKey": BAD_NUMBER, "Segment": 5, "TotalSegments": 5},
         BOTH + "Non-expression parameters: {ScanFilter} Expression parameters: {ProjectionExpression, FilterExpression}"),
        ({"ScanFilter": None}, NO_NUMBER),
        ({"ExclusiveStartKey": item(p="b"), "ExpressionAttributeNames": {"u": "u"}},
         "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than "
         "TotalSegments: 5"),
        ({"Segment": None, "TotalSegments": None}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "u"'),
        ({"ExpressionAttributeNames": {"#u": "u"}}, "Invalid FilterExpression: " + SYNTAX),
        ({"FilterExpression": "attribute_exists(c.x)"}, "Invalid ProjectionExpression: " + SYNTAX),
        ({"ProjectionExpression": "p.x"}, UNUSED_NAMES),
        ({"ExpressionAttributeNames": None, "TableName": "nosuch", "IndexName": "nosuch"}, NOT_FOUND),
        ({"TableName": "T", "ConsistentRead": True}, "The table does not have the specified index: nosuch"),
        ({"IndexName": "gsi"}, "Consistent reads are not supported on global secondary indexes"),
        ({"IndexName": None}, "The provided starting key is invalid: The provided key element does not match the schema"),
        ({"ExclusiveStartKey": None}, "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                                      "allowed: Key: p"),
    ],
}


@pytest.mark.parametrize("operation, step", [(operation, n) for operation, steps in STEPS.items() for n in range(len(steps))])
def test_the_first_mistake_is_told(shoal, table, operation, step):
    """Every step mends the mistake that was told in the one before it, and only that: the next one is told."""
    body = {"TableName": "T", "Key": KEY}
    for changes, _ in STEPS[operation][:step + 1]:
        body |= changes
    body = {name: value for name, value in body.items() if value is not None}
    message = STEPS[operation][step][1]
    kind = ("ResourceNotFoundException" if message == NOT_FOUND else
            "ConditionalCheckFailedException" if message == "The conditional request failed" else "ValidationException")
    expect_error(shoal.call(operation, fill(body, table)), message, kind)

"""DeleteItem, from outside."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

MISMATCH = "The provided key element does not match the schema"


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S c:N")


def test_what_was_deleted_is_gone_and_can_be_returned(shoal, table):
    shoal.put(table, item(p="gone", c=1, v="old"))
    got = shoal.ok("DeleteItem", {"TableName": table, "Key": item(p="gone", c=1), "ReturnValues": "ALL_OLD"})
    assert got == {"Attributes": item(p="gone", c=1, v="old")}
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="gone", c=1)}) == {}


def test_deleting_what_is_not_there_succeeds_and_answers_nothing(shoal, table):
    got = shoal.ok("DeleteItem", {"TableName": table, "Key": item(p="nobody", c=1), "ReturnValues": "ALL_OLD"})
    assert got == {}


def test_a_condition_decides(shoal, table):
    shoal.put(table, item(p="kept", c=1, v=1))
    body = {"TableName": table, "Key": item(p="kept", c=1), "ConditionExpression": "v = :v",
            "ExpressionAttributeValues": {":v": {"N": "2"}}, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    reply = shoal.call("DeleteItem", body)
    expect_error(reply, "The conditional request failed", "ConditionalCheckFailedException")
    assert reply.json["Item"] == item(p="kept", c=1, v=1)
    shoal.ok("DeleteItem", {**body, "ExpressionAttributeValues": {":v": {"N": "1"}}})
    expect_error(shoal.call("DeleteItem", {"TableName": table, "Key": item(p="kept", c=1),
                                           "ConditionExpression": "attribute_exists(p)"}),
                 "The conditional request failed", "ConditionalCheckFailedException")


@pytest.mark.parametrize("body, message", [
    ({"Key": {}}, ENVELOPE + "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T"}, ENVELOPE + "Value null at 'key' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T", "Key": {}, "ReturnValues": "x"},
     ENVELOPE + "Failed to satisfy constraint: Member must satisfy enum value set: "
                "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"),
    ({"TableName": "T", "Key": {}, "ReturnItemCollectionMetrics": "x"},
     ENVELOPE + "Value 'x' at 'returnItemCollectionMetrics' failed to satisfy constraint: "
                "Member must satisfy enum value set: [SIZE, NONE]"),
    ({"TableName": "T", "Key": {}}, MISMATCH),
    ({"TableName": "T", "Key": item(p="a")}, MISMATCH),
    ({"TableName": "T", "Key": item(p=1, c=1)}, MISMATCH),
    ({"TableName": "T", "Key": item(p="a", c=1, d=1)}, MISMATCH),
    ({"TableName": "T", "Key": item(p="", c=1)},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
     "string value. Key: p"),
    ({"TableName": "T", "Key": item(p="a", c=1), "ConditionExpression": "attribute_exists(p)",
      "Expected": {"a": {"Exists": False}}},
     ENVELOPE + "Can not use both expression and non-expression parameters in the same request: "
                "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"),
])
def test_errors(shoal, table, body, message):
    expect_error(shoal.call("DeleteItem", fill(body, table)), message)


@pytest.mark.parametrize("returned", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_only_the_old_item_can_be_returned(shoal, table, returned):
    reply = shoal.call("DeleteItem", {"TableName": table, "Key": item(p="a", c=1), "ReturnValues": returned})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert "ReturnValues can only be ALL_OLD or NONE" in reply.message


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("DeleteItem", {"TableName": "nosuch", "Key": item(p="a")}), "Requested resource not found",
                 "ResourceNotFoundException")


def test_it_costs_by_the_size_of_what_was_there(shoal):
    table = shoal.create_table("p:S c:N", gsi={"gsi": "g:S"}, lsi={"lsi": "p:S l:S"})
    shoal.put(table, item(p="a", c=1, g="x", l="y", v="x" * 2000))
    body = {"TableName": table, "Key": item(p="a", c=1), "ReturnConsumedCapacity": "INDEXES",
            "ReturnItemCollectionMetrics": "SIZE"}
    first = shoal.ok("DeleteItem", body)
    assert first == {
        "ConsumedCapacity": {"TableName": table, "CapacityUnits": 6, "Table": {"CapacityUnits": 2},
                             "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 2}},
                             "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 2}}},
        "ItemCollectionMetrics": {"ItemCollectionKey": item(p="a"), "SizeEstimateRangeGB": [0.0, 1.0]}}
    again = shoal.ok("DeleteItem", body)
    assert again["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}

"""GetItem, from outside."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

MISMATCH = "The provided key element does not match the schema"


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N")
    shoal.put(name, {**item(p="a", c=1, s="text", n=2, l=["zero", "one", "two"]),
                     "m": {"M": item(x="1", y="2", deep={"M": item(z="3")})}})
    return name


def test_a_missing_item_is_no_item(shoal, table):
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="a", c=99)}) == {}


def test_what_was_put_is_read_both_ways(shoal, table):
    for consistent in (True, False):
        got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="a", c=1), "ConsistentRead": consistent})
        assert got["Item"]["s"] == {"S": "text"}


@pytest.mark.parametrize("projection, expected", [
    ("s", item(s="text")),
    ("s, n", item(s="text", n=2)),
    ("m.x", {"m": {"M": item(x="1")}}),
    ("m.x, m.deep.z", {"m": {"M": {**item(x="1"), "deep": {"M": item(z="3")}}}}),
    ("l[0]", {"l": {"L": [{"S": "zero"}]}}),
    ("l[2], l[0]", {"l": {"L": [{"S": "zero"}, {"S": "two"}]}}),
    ("l[9]", {}),
    ("absent, m.absent.x, s.x, l[0].x", {}),
])
def test_a_projection_returns_the_skeleton_of_what_it_names(shoal, table, projection, expected):
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="a", c=1), "ProjectionExpression": projection})
    assert got == {"Item": expected}


def test_names_can_be_substituted(shoal, table):
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="a", c=1), "ProjectionExpression": "#m.#x",
                               "ExpressionAttributeNames": {"#m": "m", "#x": "x"}})
    assert got == {"Item": {"m": {"M": item(x="1")}}}


@pytest.mark.parametrize("body, message", [
    ({"Key": {}}, ENVELOPE + "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "", "Key": {}}, ENVELOPE + "Value at 'TableName' failed to satisfy constraint: "
                                              "Member must have length greater than or equal to 1"),
    ({"TableName": "T"}, ENVELOPE + "Value null at 'key' failed to satisfy constraint: Member must not be null"),
    ({}, "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be "
         "null; Value null at 'key' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "a*b", "Key": {}}, ENVELOPE + "Value 'a*b' at 'tableName' failed to satisfy constraint: "
                                                 "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    ({"TableName": "T", "Key": {}, "ReturnConsumedCapacity": "x"},
     ENVELOPE + "Value 'x' at 'returnConsumedCapacity' failed to satisfy constraint: "
                "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"),
    ({"TableName": "T", "Key": {}}, MISMATCH),
    ({"TableName": "T", "Key": item(p="a")}, MISMATCH),
    ({"TableName": "T", "Key": item(p="a", c="1")}, MISMATCH),
    ({"TableName": "T", "Key": item(p="a", x=1)}, MISMATCH),
    ({"TableName": "T", "Key": item(p="a", c=1, x=1)}, MISMATCH),
    ({"TableName": "T", "Key": item(p=[], c=1)}, MISMATCH),
    ({"TableName": "T", "Key": item(p="", c=1)},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
     "string value. Key: p"),
    ({"TableName": "T", "Key": item(p="x" * 2049, c=1)},
     "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    ({"TableName": "T", "Key": {"p": {"S": "a"}, "c": {}}},
     "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"TableName": "T", "Key": {"p": {"S": "a"}, "c": {"N": "x"}}},
     "The parameter cannot be converted to a numeric value: x"),
    ({"TableName": "T", "Key": item(p="a", c=1), "ExpressionAttributeNames": {"#a": "a"}},
     "ExpressionAttributeNames can only be specified when using expressions"),
    ({"TableName": "T", "Key": item(p="a", c=1), "ProjectionExpression": "a", "ExpressionAttributeNames": {}},
     "ExpressionAttributeNames must not be empty"),
    ({"TableName": "T", "Key": item(p="a", c=1), "ProjectionExpression": "a", "AttributesToGet": ["a"]},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"),
])
def test_errors(shoal, table, body, message):
    expect_error(shoal.call("GetItem", fill(body, table)), message)


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("GetItem", {"TableName": "nosuch", "Key": item(p="a")}), "Requested resource not found",
                 "ResourceNotFoundException")


def test_a_bad_projection_is_told_before_the_table_is_looked_for(shoal):
    expect_error(shoal.call("GetItem", {"TableName": "nosuch", "Key": item(p="a"), "ProjectionExpression": ""}),
                 "Invalid ProjectionExpression: The expression can not be empty;")


@pytest.mark.parametrize("size, consistent, units", [
    (10, False, 0.5), (10, True, 1), (4096, False, 0.5), (4096, True, 1), (4097, False, 1), (4097, True, 2)])
def test_it_costs_by_4_kb_and_half_when_eventually_consistent(shoal, size, consistent, units):
    table = shoal.create_table("p:S")
    shoal.put(table, item(p="a", v="x" * (size - 3)))
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="a"), "ConsistentRead": consistent,
                               "ReturnConsumedCapacity": "TOTAL", "ProjectionExpression": "p"})
    assert got["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": units}


@pytest.mark.parametrize("consistent, units", [(False, 0.5), (True, 1)])
def test_a_missing_item_costs_the_minimum(shoal, table, consistent, units):
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="nobody", c=1), "ConsistentRead": consistent,
                               "ReturnConsumedCapacity": "INDEXES"})
    assert got == {"ConsumedCapacity": {"TableName": table, "CapacityUnits": units, "Table": {"CapacityUnits": units}}}


HASH_SIZE = "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
RANGE_SIZE = "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
EMPTY = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {} value. Key: {}"


@pytest.mark.parametrize("key, message", [
    ({"p": {"S": ""}, "c": {"B": "AA=="}}, EMPTY.format("string", "p")), ({"p": {"S": "a"}, "c": {"B": ""}}, EMPTY.format("binary", "c")),
    ({"p": {"S": "x" * 2049}, "c": {"B": "AA=="}}, HASH_SIZE), ({"p": {"S": "a"}, "c": {"B": "AAAA" * 342}}, RANGE_SIZE),
    ({"p": {"S": "a"}}, MISMATCH), ({"p": {"S": "a"}, "c": {"S": "x"}}, MISMATCH), ({"p": {"NULL": True}, "c": {"B": "AA=="}}, MISMATCH),
    ({"p": {"SS": ["a"]}, "c": {"B": "AA=="}}, MISMATCH), ({"p": {"M": {}}, "c": {"B": "AA=="}}, MISMATCH),
    ({"p": {"S": "a"}, "d": {"B": "AA=="}}, MISMATCH), ({"p": {"S": "a"}, "c": {"B": "AA=="}, "d": {"S": "x"}}, MISMATCH), ({}, MISMATCH)],
    ids=range(12))
def test_a_bad_key_is_told_alike_by_all_who_take_one(shoal, key, message):
    """Batches and transactions too; of a transaction what is wrong with one item is its reason."""
    table = shoal.create_table("p:S c:B")
    one = {"TableName": table, "Key": key}
    for operation, body in (("GetItem", one), ("DeleteItem", one), ("UpdateItem", one),
                            ("BatchGetItem", {"RequestItems": {table: {"Keys": [key]}}}),
                            ("BatchWriteItem", {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}})):
        expect_error(shoal.call(operation, body), message)
    for operation, action in (("TransactGetItems", {"Get": one}), ("TransactWriteItems", {"Delete": one}),
                              ("TransactWriteItems", {"Update": {**one, "UpdateExpression": "REMOVE x"}}),
                              ("TransactWriteItems", {"ConditionCheck": {**one, "ConditionExpression": "attribute_exists(p)"}})):
        reply = shoal.call(operation, {"TransactItems": [action]})
        if "empty" in message:
            expect_error(reply, message)
        else:
            assert reply.type == "TransactionCanceledException", reply.body
            assert reply.json["CancellationReasons"] == [{"Code": "ValidationError", "Message": message}]

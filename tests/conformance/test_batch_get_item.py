"""BatchGetItem, from outside."""

import re

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

MISMATCH = "The provided key element does not match the schema"


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N")
    for c in range(110):
        shoal.put(name, item(p="a", c=c, v=f"v{c}", w="w"))
    return name


def keys(count, start=0):
    return [item(p="a", c=c) for c in range(start, start + count)]


def test_a_hundred_items_come_at_once(shoal, table):
    got = shoal.ok("BatchGetItem", {"RequestItems": {table: {"Keys": keys(100)}}})
    assert got["UnprocessedKeys"] == {}
    assert sorted(int(entry["c"]["N"]) for entry in got["Responses"][table]) == list(range(100))


def test_missing_items_are_left_out_and_their_table_is_named(shoal, table):
    got = shoal.ok("BatchGetItem", {"RequestItems": {table: {"Keys": keys(2, 1000)}}})
    assert got == {"Responses": {table: []}, "UnprocessedKeys": {}}


def test_several_tables_each_with_its_own_projection(shoal, table):
    other = shoal.create_table("q:N")
    shoal.put(other, item(q=1, x="x", y="y"))
    got = shoal.ok("BatchGetItem", {"RequestItems": {
        table: {"Keys": keys(1), "ProjectionExpression": "#v", "ExpressionAttributeNames": {"#v": "v"}},
        other: {"Keys": [item(q=1)], "ProjectionExpression": "x", "ConsistentRead": True}}})
    assert got == {"Responses": {table: [item(v="v0")], other: [item(x="x")]}, "UnprocessedKeys": {}}


def test_what_exceeds_16_mb_is_left_for_the_next_request(shoal):
    table = shoal.create_table("p:S")
    for n in range(50):
        shoal.put(table, item(p=str(n), v="x" * 399_000))
    asked = {"Keys": [item(p=str(n)) for n in range(50)], "ConsistentRead": True, "ProjectionExpression": "p, #v",
             "ExpressionAttributeNames": {"#v": "v"}}
    seen, requests = [], 0
    wanted = {table: asked}
    while wanted:
        got = shoal.ok("BatchGetItem", {"RequestItems": wanted})
        requests += 1
        seen += [entry["p"]["S"] for entry in got["Responses"][table]]
        wanted = got["UnprocessedKeys"]
        if wanted:
            assert {name: wanted[table][name] for name in wanted[table] if name != "Keys"} == {
                name: asked[name] for name in asked if name != "Keys"}
    assert sorted(seen) == sorted(str(n) for n in range(50))
    assert requests == 2


NULL = " failed to satisfy constraint: Member must not be null"


@pytest.mark.parametrize("body, message", [
    ({}, ENVELOPE + "Value null at 'requestItems'" + NULL),
    ({"RequestItems": {}}, ENVELOPE + "Value at 'RequestItems' failed to satisfy constraint: "
                                      "Member must have length greater than or equal to 1"),
    ({"RequestItems": {"T": {}}}, ENVELOPE + "Value null at 'requestItems.T.member.keys'" + NULL),
    ({"RequestItems": {"T": {"Keys": keys(101)}}},
     ENVELOPE + "Value at 'RequestItems.T.member.Keys' failed to satisfy constraint: "
                "Member must have length less than or equal to 100"),
    ({"RequestItems": {"T": {"Keys": keys(60)}, "OTHER": {"Keys": keys(60)}}},
     "Too many items requested for the BatchGetItem call"),
    ({"RequestItems": {"T": {"Keys": [item(p="a", c=1), {"p": {"S": "a"}, "c": {"N": "1.0"}}]}}},
     "Provided list of item keys contains duplicates"),
    ({"RequestItems": {"T": {"Keys": [{}]}}}, MISMATCH),
    ({"RequestItems": {"T": {"Keys": [item(p="a", c="1")]}}}, MISMATCH),
    ({"RequestItems": {"T": {"Keys": [item(p="a", c=1, x=1)]}}}, MISMATCH),
    ({"RequestItems": {"T": {"Keys": [item(p="", c=1)]}}},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
     "string value. Key: p"),
    ({"RequestItems": {"T": {"Keys": [{"p": {"S": "a"}, "c": {}}]}}},
     "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"RequestItems": {"T": {"Keys": keys(1), "ProjectionExpression": ""}}},
     "Invalid ProjectionExpression: The expression can not be empty;"),
    ({"RequestItems": {"T": {"Keys": keys(1), "ProjectionExpression": "a", "AttributesToGet": ["a"]}}},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"),
    ({"RequestItems": {"T": {"Keys": keys(1), "ProjectionExpression": "a"}, "OTHER": {"Keys": keys(1), "AttributesToGet": ["a"]}}},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"),
    ({"RequestItems": {"T": {"Keys": keys(1), "ExpressionAttributeNames": {"#a": "a"}}}},
     "ExpressionAttributeNames can only be specified when using expressions"),
])
def test_errors(shoal, table, body, message):
    other = shoal.create_table("p:S c:N") if "OTHER" in body.get("RequestItems", {}) else None
    body = fill(body, table)
    if other:
        body["RequestItems"][other] = body["RequestItems"].pop("OTHER")
    expect_error(shoal.call("BatchGetItem", body), message.replace(".T.", f".{table}."))


def test_too_many_keys_are_told_before_expressions_and_after_wrong_keys(shoal, table):
    other = shoal.create_table("p:S c:N")
    some = {table: {"Keys": keys(60)}, other: {"Keys": keys(60)}}
    some[table]["ProjectionExpression"] = "a a"
    expect_error(shoal.call("BatchGetItem", {"RequestItems": some}), "Too many items requested for the BatchGetItem call")
    some[other]["Keys"][7] = {"p": {"SS": []}}
    expect_error(shoal.call("BatchGetItem", {"RequestItems": some}), "One or more parameter values were invalid: An string set  may not be empty")


def test_a_bad_table_name_is_told_by_the_rule_of_map_keys(shoal):
    reply = shoal.call("BatchGetItem", {"RequestItems": {"a;b": {"Keys": keys(1)}}})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+" in reply.message


def test_one_missing_table_fails_the_whole_batch(shoal, table):
    expect_error(shoal.call("BatchGetItem", {"RequestItems": {table: {"Keys": keys(1)}, "nosuch": {"Keys": keys(1)}}}),
                 "Requested resource not found", "ResourceNotFoundException")


def test_it_costs_item_by_item_and_tells_each_table(shoal, table):
    body = {"RequestItems": {table: {"Keys": keys(3) + [item(p="nobody", c=1)]}}, "ReturnConsumedCapacity": "TOTAL"}
    assert shoal.ok("BatchGetItem", body)["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 2}]
    body["RequestItems"][table]["ConsistentRead"] = True
    assert shoal.ok("BatchGetItem", body)["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 4}]


def test_unprocessed_keys_echo_the_list_of_attributes(shoal):
    table = shoal.create_table("p:S")
    for n in range(45):
        shoal.put(table, item(p=str(n), v="x" * 399_000))
    asked = {"Keys": [item(p=str(n)) for n in range(45)], "AttributesToGet": ["p", "v"], "ConsistentRead": False}
    got = shoal.ok("BatchGetItem", {"RequestItems": {table: asked}})
    left = got["UnprocessedKeys"][table]
    assert left["AttributesToGet"] == ["p", "v"] and left.get("ConsistentRead", False) is False
    assert len(left["Keys"]) + len(got["Responses"][table]) == 45


def test_no_keys_at_all(shoal, table):
    reply = shoal.call("BatchGetItem", {"RequestItems": {table: {"Keys": []}}})
    assert reply.type == "ValidationException"
    assert re.fullmatch(re.escape(ENVELOPE) + r"Value.* at '[rR]equestItems\." + table + r"\.member\.[kK]eys' failed to satisfy constraint: "
                        "Member must have length greater than or equal to 1", reply.message), reply.message

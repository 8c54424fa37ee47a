"""BatchWriteItem, from outside."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

MISMATCH = "The provided key element does not match the schema"


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S c:N", gsi={"gsi": "g:S"}, lsi={"lsi": "p:S l:S"})


def put(**attributes):
    return {"PutRequest": {"Item": item(**attributes)}}


def delete(**key):
    return {"DeleteRequest": {"Key": item(**key)}}


def puts(count, start=0):
    return [put(p="a", c=c) for c in range(start, start + count)]


def test_puts_and_deletes_of_several_tables(shoal, table):
    other = shoal.create_table("q:N")
    shoal.put(table, item(p="go", c=1))
    got = shoal.ok("BatchWriteItem", {"RequestItems": {table: [put(p="come", c=1, g="g"), delete(p="go", c=1),
                                                               delete(p="nobody", c=1)], other: [put(q=1)]}})
    assert got == {"UnprocessedItems": {}}
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="go", c=1)}) == {}
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="come", c=1)})["Item"] == item(p="come", c=1, g="g")
    assert shoal.ok("Scan", {"TableName": table, "IndexName": "gsi"})["Items"] == [item(p="come", c=1, g="g")]
    assert shoal.ok("Scan", {"TableName": other})["Count"] == 1


def test_25_items_at_once(shoal, table):
    assert shoal.ok("BatchWriteItem", {"RequestItems": {table: puts(25)}}) == {"UnprocessedItems": {}}
    got = shoal.ok("Query", {"TableName": table, "KeyConditionExpression": "p = :p",
                             "ExpressionAttributeValues": {":p": {"S": "a"}}})
    assert got["Count"] == 25


NULL = " failed to satisfy constraint: Member must not be null"


@pytest.mark.parametrize("body, message", [
    ({}, ENVELOPE + "Value null at 'requestItems'" + NULL),
    ({"RequestItems": {"T": [{"PutRequest": {}}]}},
     ENVELOPE + "Value null at 'requestItems.T.member.1.member.putRequest.item'" + NULL),
    ({"RequestItems": {"T": [{"DeleteRequest": {}}]}},
     ENVELOPE + "Value null at 'requestItems.T.member.1.member.deleteRequest.key'" + NULL),
    ({"RequestItems": {"T": puts(20), "OTHER": puts(20)}}, "Too many items requested for the BatchWriteItem call"),
    ({"RequestItems": {"T": [{}]}}, "Supplied AttributeValue has more than one datatypes set, must contain exactly "
                                    "one of the supported datatypes"),
    ({"RequestItems": {"T": [{**put(p="a", c=1), **delete(p="a", c=1)}]}},
     "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"),
    ({"RequestItems": {"T": [put(p="a", c=1), put(p="a", c=1.0)]}}, "Provided list of item keys contains duplicates"),
    ({"RequestItems": {"T": [put(p="a", c=1), delete(p="a", c=1)]}}, "Provided list of item keys contains duplicates"),
    ({"RequestItems": {"T": [put(p="a")]}}, MISMATCH),
    ({"RequestItems": {"T": [put(p=1, c=1)]}}, MISMATCH),
    ({"RequestItems": {"T": [delete(p="a")]}}, MISMATCH),
    ({"RequestItems": {"T": [delete(p="a", c="1")]}}, MISMATCH),
    ({"RequestItems": {"T": [delete(p="a", c=1, x=1)]}}, MISMATCH),
    ({"RequestItems": {"T": [put(p="", c=1)]}},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
     "string value. Key: p"),
    ({"RequestItems": {"T": [put(p="a", c=1, g=1)]}},
     "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi"),
    ({"RequestItems": {"T": [put(p="a", c=1, v="x" * 409_600)]}}, "Item size has exceeded the maximum allowed size"),
    ({"RequestItems": {"T": [put(p="a", c=1, v={"N": ""})]}}, "The parameter cannot be converted to a numeric value"),
    ({"RequestItems": {"T": [put(p="a", c=1, v={"SS": []})]}},
     "One or more parameter values were invalid: An string set  may not be empty"),
    ({"RequestItems": {"T": [put(p="a", c=1, v={"SS": ["b", "a", "b"]})]}},
     "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates."),
    ({"RequestItems": {"T": [put(p="a", c=1, v={"BS": ["/w==", "AA==", "AA=="]})]}},
     "One or more parameter values were invalid: Input collection [/w==, AA==, AA==]of type BS contains duplicates."),
    ({"RequestItems": {"T": [put(p="a", c=1, v={"NS": ["1", "1.0"]})]}}, "Input collection contains duplicates"),
])
def test_errors(shoal, table, body, message):
    other = shoal.create_table("p:S c:N") if "OTHER" in body.get("RequestItems", {}) else None
    body = fill(body, table)
    if other:
        body["RequestItems"][other] = body["RequestItems"].pop("OTHER")
    expect_error(shoal.call("BatchWriteItem", body), message.replace(".T.", f".{table}."))


def test_an_empty_batch_is_refused(shoal):
    reply = shoal.call("BatchWriteItem", {"RequestItems": {}})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert ("The requestItems parameter is required for BatchWriteItem" == reply.message
            or "Member must have length greater than or equal to 1" in reply.message), reply.body


@pytest.mark.parametrize("count, rule", [(0, "greater than or equal to 1"), (26, "less than or equal to 25")])
def test_one_to_25_requests_go_to_a_table(shoal, table, count, rule):
    reply = shoal.call("BatchWriteItem", {"RequestItems": {table: puts(count)}})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert f"Member must have length {rule}" in reply.message


def test_what_is_wrong_with_one_request_writes_none(shoal, table):
    shoal.call("BatchWriteItem", {"RequestItems": {table: [put(p="whole", c=1), put(p="whole", c=2, g=1)]}})
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="whole", c=1)}) == {}
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: [put(p="whole", c=1)], "nosuch": [put(p="a")]}}),
                 "Requested resource not found", "ResourceNotFoundException")
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="whole", c=1)}) == {}


def test_a_bad_table_name_is_told_by_the_rule_of_map_keys(shoal):
    reply = shoal.call("BatchWriteItem", {"RequestItems": {"a;b": puts(1)}})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+" in reply.message


def test_it_costs_each_request_by_itself(shoal, table):
    shoal.put(table, item(p="cost", c=9, v="x" * 1500))
    body = {"RequestItems": {table: [put(p="cost", c=1, v="x" * 1100, g="g"), put(p="cost", c=2),
                                     delete(p="cost", c=9), delete(p="cost", c=10)]},
            "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE"}
    got = shoal.ok("BatchWriteItem", body)
    assert got["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 8, "Table": {"CapacityUnits": 6},
                                        "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 2}}}]
    metrics = got["ItemCollectionMetrics"][table]
    assert metrics and all(entry == {"ItemCollectionKey": item(p="cost"), "SizeEstimateRangeGB": [0.0, 1.0]}
                           for entry in metrics)


@pytest.mark.parametrize("item_, message", [
    (item(p="x" * 2049, c=1), "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    (item(p="a", c=1, g=""), "One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
                             "The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi, IndexKey: g"),
    (item(p="a", c=1, l=1), "One or more parameter values were invalid: Type mismatch for Index Key l Expected: S Actual: N IndexName: lsi"),
    (item(p=None, c=1), MISMATCH), ({}, MISMATCH)])
def test_more_that_is_wrong_with_a_put(shoal, table, item_, message):
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": item_}}]}}), message)


def test_an_item_of_exactly_400_kb_is_accepted(shoal, table):
    room = 409_600 - len("p" "full" "c" "v") - 2
    assert shoal.ok("BatchWriteItem", {"RequestItems": {table: [put(p="full", c=1, v="x" * room)]}}) == {"UnprocessedItems": {}}
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: [put(p="full", c=1, v="x" * (room + 1))]}}),
                 "Item size has exceeded the maximum allowed size")


@pytest.mark.parametrize("operation, entry", [("BatchWriteItem", puts(1)), ("BatchGetItem", {"Keys": [item(p="a", c=1)]})])
@pytest.mark.parametrize("name", ["a;b", "ab", "x" * 256])
def test_names_of_tables_are_held_against_all_their_rules_at_once(shoal, operation, entry, name):
    reply = shoal.call(operation, {"RequestItems": {name: entry}})
    assert reply.type == "ValidationException"
    assert reply.message.startswith(ENVELOPE + "Value '{")
    assert reply.message.endswith(
        "' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal "
        "to 255, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]")


def test_the_rules_of_map_values(shoal, table):
    reply = shoal.call("BatchWriteItem", {"RequestItems": {table: []}})
    assert reply.message.startswith(ENVELOPE) and reply.message.endswith(
        "' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal "
        "to 25, Member must have length greater than or equal to 1]"), reply.message
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: puts(26)}}),
                 ENVELOPE + f"Value at 'RequestItems.{table}.member' failed to satisfy constraint: Member must have length less than or equal to 25")


def test_a_table_by_its_name_and_its_arn_is_one_table(shoal, table):
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["TableArn"]
    reply = shoal.call("BatchWriteItem", {"RequestItems": {table: [put(p="arn", c=1)], arn: [put(p="arn", c=1)]}})
    assert (reply.status, reply.type) == (400, "ValidationException"), reply.body

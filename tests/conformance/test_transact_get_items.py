"""TransactGetItems: up to 100 items as of one moment."""

import threading

import pytest

from support.expect import ENVELOPE, expect_error, fill, item
from support.shoal_process import Wire

KEY_MISMATCH = "The provided key element does not match the schema"
NULL_AT = "Value null at '{}' failed to satisfy constraint: Member must not be null"


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N")
    shoal.put(name, item(p="a", c=1, v="one", n=1, m={"M": item(x="x", y="y")}, l=["0", "1"]))
    shoal.put(name, item(p="a", c=2, v="two"))
    return name


def get(p, c=1, table="T", **more):
    return {"Get": {"TableName": table, "Key": item(p=p, c=c), **more}}


def transact(shoal, table, *gets, **more):
    return shoal.call("TransactGetItems", {"TransactItems": fill(list(gets), table), **more})


def succeed(shoal, table, *gets, **more):
    reply = transact(shoal, table, *gets, **more)
    assert reply.status == 200, reply.body
    return reply.json


def expect_cancelled(reply, *reasons):
    codes = ", ".join(reason["Code"] for reason in reasons)
    expect_error(reply, f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
                 "TransactionCanceledException")
    assert reply.json["CancellationReasons"] == list(reasons)


def test_answers_come_in_the_order_asked(shoal, table):
    assert succeed(shoal, table, get("a", 2), get("nosuch"), get("a", 1, ProjectionExpression="v")) == {
        "Responses": [{"Item": item(p="a", c=2, v="two")}, {}, {"Item": item(v="one")}]}


def test_an_item_may_be_asked_for_twice(shoal, table):
    assert succeed(shoal, table, get("a", 2), get("a", 2, ProjectionExpression="v")) == {
        "Responses": [{"Item": item(p="a", c=2, v="two")}, {"Item": item(v="two")}]}


def test_it_goes_across_tables(shoal, table):
    other = shoal.create_table("p:S")
    shoal.put(other, item(p="a", v="other"))
    assert succeed(shoal, table, get("a", 2), {"Get": {"TableName": other, "Key": item(p="a")}}) == {
        "Responses": [{"Item": item(p="a", c=2, v="two")}, {"Item": item(p="a", v="other")}]}


def test_a_hundred_at_once(shoal, table):
    assert succeed(shoal, table, *[get("a", n) for n in range(100)])["Responses"].count({}) == 98


@pytest.mark.parametrize("projection, expected", [
    ("m.x", {"m": {"M": item(x="x")}}), ("l[1], n", {"l": {"L": [{"S": "1"}]}, **item(n=1)}), ("nosuch", {}),
])
def test_projections(shoal, table, projection, expected):
    assert succeed(shoal, table, get("a", 1, ProjectionExpression=projection)) == {"Responses": [{"Item": expected}]}


def test_names_can_be_substituted(shoal, table):
    assert succeed(shoal, table, get("a", 1, ProjectionExpression="#v", ExpressionAttributeNames={"#v": "v"})) == {
        "Responses": [{"Item": item(v="one")}]}


@pytest.mark.parametrize("body, message", [
    ({}, ENVELOPE + NULL_AT.format("transactItems")),
    ({"TransactItems": []}, ENVELOPE + "Value at 'TransactItems' failed to satisfy constraint: "
                                       "Member must have length greater than or equal to 1"),
    ({"TransactItems": [get("a", n) for n in range(101)]},
     ENVELOPE + "Value at 'TransactItems' failed to satisfy constraint: Member must have length less than or equal to 100"),
    ({"TransactItems": [{}]}, ENVELOPE + NULL_AT.format("transactItems.1.member.get")),
    ({"TransactItems": [get("a"), {"Get": {"TableName": "T"}}]},
     ENVELOPE + NULL_AT.format("transactItems.2.member.get.key")),
    ({"TransactItems": [{"Get": {"Key": item(p="a", c=1)}}]},
     ENVELOPE + NULL_AT.format("transactItems.1.member.get.tableName")),
    ({"TransactItems": [{"Get": {"TableName": "T"}}, {"Get": {"Key": {}}}]},
     "2 validation errors detected: " + NULL_AT.format("transactItems.1.member.get.key") + "; " +
     NULL_AT.format("transactItems.2.member.get.tableName")),
    ({"TransactItems": [get("a")], "ReturnConsumedCapacity": "x"},
     ENVELOPE + "Value 'x' at 'returnConsumedCapacity' failed to satisfy constraint: "
                "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"),
    ({"TransactItems": [get("a", ProjectionExpression="")]},
     "Invalid ProjectionExpression: The expression can not be empty;"),
    ({"TransactItems": [get("a", ProjectionExpression="x y")]},
     'Invalid ProjectionExpression: Syntax error; token: "y", near: "x y"'),
    ({"TransactItems": [get("a", ProjectionExpression="x, x")]},
     "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these "
     "paths; path one: [x], path two: [x]"),
    ({"TransactItems": [get("a", ProjectionExpression="#x", ExpressionAttributeNames={"#y": "y"})]},
     "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; "
     "attribute name: #x"),
    ({"TransactItems": [get("a", ProjectionExpression="x", ExpressionAttributeNames={"#y": "y"})]},
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#y}"),
    ({"TransactItems": [get("a", ExpressionAttributeNames={"#y": "y"})]},
     "ExpressionAttributeNames can only be specified when using expressions"),
    ({"TransactItems": [get("")]}, "One or more parameter values are not valid. The AttributeValue for a key attribute "
                                   "cannot contain an empty string value. Key: p"),
    ({"TransactItems": [get("a", c=None), {"Get": {"TableName": "T", "Key": {"p": {"S": "a"}, "c": {"N": "x"}}}}]},
     "The parameter cannot be converted to a numeric value: x"),
])
def test_errors(shoal, table, body, message):
    expect_error(shoal.call("TransactGetItems", fill(body, table)), message)


@pytest.mark.parametrize("key", [item(p="a"), item(p="a", c="1"), item(p="a", c=1, x=1), item(q="a", c=1), {}])
def test_a_key_that_does_not_match_cancels_it(shoal, table, key):
    expect_cancelled(transact(shoal, table, get("a"), {"Get": {"TableName": "T", "Key": key}}, get("nosuch")),
                     {"Code": "None"}, {"Code": "ValidationError", "Message": KEY_MISMATCH}, {"Code": "None"})


def test_a_missing_table_is_not_found(shoal, table):
    expect_error(transact(shoal, table, get("a", "not the schema's"), get("a", table="nosuch")),
                 "Requested resource not found", "ResourceNotFoundException")


def test_what_exceeds_4_mb_is_refused(shoal):
    table = shoal.create_table("p:S c:N")

    def put(c, size):
        shoal.put(table, item(p="large", c=c, v="x" * (size - len("plargecv") - (1 if c == 0 else 2))))

    for c in range(1, 11):
        put(c, 409_600)
    put(0, 4 * 1024 * 1024 - 4_096_000)
    gets = [get("large", c) for c in range(11)]
    assert len(succeed(shoal, table, *gets)["Responses"]) == 11
    put(0, 4 * 1024 * 1024 - 4_096_000 + 1)
    expect_error(transact(shoal, table, *gets), "Transaction payload size cannot exceed 4MB. Payload Size: 4194305")


def test_all_items_are_of_one_moment(shoal, table):
    """While a writer changes two items together, a reader never sees one of the old and one of the new."""
    other = shoal.create_table("p:S c:N")
    stop = threading.Event()
    failures = []

    def write():
        wire = Wire(shoal.host, shoal.port)
        n = 0
        while not stop.is_set():
            n += 1
            reply = wire.call("TransactWriteItems", {"TransactItems": [
                {"Put": {"TableName": name, "Item": item(p="pair", c=1, n=n)}} for name in (table, other)]})
            if reply.status != 200:
                failures.append(reply.body)
                return
        wire.close()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    try:
        for _ in range(300):
            one, two = succeed(shoal, table, get("pair"), get("pair", table=other))["Responses"]
            assert one == two
            seen.add(str(one))
    finally:
        stop.set()
        writer.join()
    assert not failures
    assert len(seen) > 1, "the writer never came between two reads: nothing was tested"

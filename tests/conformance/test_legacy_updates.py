"""AttributeUpdates: what UpdateItem did before there were expressions."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

INVALID = ENVELOPE + "One or more parameter values were invalid: "
KEY = item(p="a")
BEFORE = item(s="text", n=10, l=["0"], m={"M": item(x="x")}) | {
    "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AQ=="]}}


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S", gsi={"gsi": "g:S"})


def action(name, value=None):
    return {**({"Action": name} if name else {}), **({"Value": value} if value is not None else {})}


def update(shoal, table, updates, **more):
    return shoal.call("UpdateItem", {"TableName": table, "Key": KEY, "AttributeUpdates": updates, **more})


@pytest.mark.parametrize("updates, after", [
    ({"s": action("PUT", {"S": "new"})}, {"s": {"S": "new"}}),
    ({"s": action(None, {"S": "new"})}, {"s": {"S": "new"}}),  # PUT is the default
    ({"s": action("PUT", {"N": "1"})}, {"s": {"N": "1"}}),
    ({"fresh": action("PUT", {"M": {}})}, {"fresh": {"M": {}}}),
    ({"s": action("DELETE")}, {"s": None}), ({"nosuch": action("DELETE")}, {}),
    ({"ss": action("DELETE", {"SS": ["a", "z"]})}, {"ss": {"SS": ["b"]}}),
    ({"ss": action("DELETE", {"SS": ["a", "b"]})}, {"ss": None}),  # no empty set stays
    ({"nosuch": action("DELETE", {"SS": ["a"]})}, {}),
    ({"ns": action("DELETE", {"NS": ["2.0"]})}, {"ns": {"NS": ["1"]}}),
    ({"n": action("ADD", {"N": "-3"})}, {"n": {"N": "7"}}), ({"fresh": action("ADD", {"N": "5"})}, {"fresh": {"N": "5"}}),
    ({"ss": action("ADD", {"SS": ["b", "c"]})}, {"ss": {"SS": ["a", "b", "c"]}}),
    ({"fresh": action("ADD", {"NS": ["5"]})}, {"fresh": {"NS": ["5"]}}),
    ({"bs": action("ADD", {"BS": ["Ag=="]})}, {"bs": {"BS": ["AQ==", "Ag=="]}}),
    ({"l": action("ADD", {"L": [{"S": "1"}]})}, {"l": {"L": [{"S": "0"}, {"S": "1"}]}}),
    ({"fresh": action("ADD", {"L": [{"S": "1"}]})}, {"fresh": {"L": [{"S": "1"}]}}),
    ({"s": action("DELETE"), "n": action("ADD", {"N": "1"}), "x": action("PUT", {"S": "x"})},
     {"s": None, "n": {"N": "11"}, "x": {"S": "x"}}),
    # Names are to the letter.
    ({"m.x": action("PUT", {"S": "dotted"})}, {"m.x": {"S": "dotted"}}),
    ({"#n": action("PUT", {"S": "sharp"})}, {"#n": {"S": "sharp"}}),
    ({"l[0]": action("PUT", {"S": "index"})}, {"l[0]": {"S": "index"}}),
    ({}, {}),
])
def test_actions(shoal, table, updates, after):
    shoal.put(table, {**KEY, **BEFORE})
    reply = update(shoal, table, updates, ReturnValues="ALL_NEW")
    assert reply.status == 200, reply.body
    expected = {name: value for name, value in {**KEY, **BEFORE, **after}.items() if value is not None}
    got = reply.json["Attributes"]
    for value in (*got.values(), *expected.values()):
        for kind in ("SS", "NS", "BS"):
            if kind in value:
                value[kind] = sorted(value[kind])
    assert got == expected


@pytest.mark.parametrize("updates, created", [
    ({"v": action("PUT", {"S": "v"})}, True), ({"n": action("ADD", {"N": "1"})}, True),
    ({"l": action("ADD", {"L": []})}, True), ({}, True),
    ({"v": action("DELETE")}, False), ({"v": action("DELETE", {"SS": ["a"]})}, False),
])
def test_which_actions_create_an_item(shoal, table, updates, created):
    key = item(p="created")
    shoal.ok("DeleteItem", {"TableName": table, "Key": key})
    shoal.ok("UpdateItem", {"TableName": table, "Key": key, "AttributeUpdates": updates})
    assert ("Item" in shoal.ok("GetItem", {"TableName": table, "Key": key, "ConsistentRead": True})) is created


@pytest.mark.parametrize("updates, returned, expected", [
    ({"n": action("ADD", {"N": "1"})}, "UPDATED_NEW", item(n=11)), ({"n": action("ADD", {"N": "1"})}, "UPDATED_OLD", item(n=10)),
    ({"s": action("DELETE")}, "UPDATED_OLD", item(s="text")), ({"s": action("DELETE")}, "UPDATED_NEW", None),
    ({"fresh": action("PUT", {"S": "x"})}, "UPDATED_OLD", None), ({"s": action("DELETE")}, "NONE", None),
])
def test_what_it_returns(shoal, table, updates, returned, expected):
    shoal.put(table, {**KEY, **BEFORE})
    reply = update(shoal, table, updates, ReturnValues=returned)
    assert reply.json == ({} if expected is None else {"Attributes": expected})


@pytest.mark.parametrize("updates, message", [
    ({"s": action("PUT")}, "Only DELETE action is allowed when no attribute value is specified"),
    ({"s": action("ADD")}, "Only DELETE action is allowed when no attribute value is specified"),
    ({"s": {}}, "Only DELETE action is allowed when no attribute value is specified"),
] + [({"x": action("ADD", value)}, f"ADD action is not supported for the type {kind}")
     for kind, value in (("S", {"S": "x"}), ("B", {"B": "AQ=="}), ("M", {"M": {}}), ("BOOL", {"BOOL": True}),
                         ("NULL", {"NULL": True}))
] + [({"x": action("DELETE", value)}, f"DELETE action with value is not supported for the type {kind}")
     for kind, value in (("S", {"S": "x"}), ("N", {"N": "1"}), ("B", {"B": "AQ=="}), ("L", {"L": []}), ("M", {"M": {}}),
                         ("BOOL", {"BOOL": True}), ("NULL", {"NULL": True}))])
def test_errors_of_the_actions(shoal, table, updates, message):
    expect_error(update(shoal, table, updates), INVALID + message)


@pytest.mark.parametrize("more, message", [
    ({"AttributeUpdates": {"s": {"Action": "x", "Value": {"S": "a"}}}},
     "Value 'x' at 'attributeUpdates.s.member.action' failed to satisfy constraint: "
     "Member must satisfy enum value set: [ADD, PUT, DELETE]"),
    ({"AttributeUpdates": {"s": action("PUT", {"N": "x"})}}, "The parameter cannot be converted to a numeric value: x"),
    ({"AttributeUpdates": {"s": action("PUT", {"SS": []})}},
     "One or more parameter values were invalid: An string set  may not be empty"),
    ({"AttributeUpdates": {"s": action("PUT", {"S": "a"})}, "UpdateExpression": "REMOVE s"},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}"),
    ({"AttributeUpdates": {}, "Expected": {}, "ConditionalOperator": "AND", "UpdateExpression": "REMOVE s",
      "ConditionExpression": "attribute_exists(s)"},
     "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
     "{AttributeUpdates, Expected, ConditionalOperator} Expression parameters: {UpdateExpression, ConditionExpression}"),
    ({"AttributeUpdates": {"s": action("PUT", {"S": "a"})}, "ConditionExpression": "attribute_exists(s)"},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {AttributeUpdates} Expression parameters: {ConditionExpression}"),
    # The updates are read before the conditions.
    ({"AttributeUpdates": {"s": action("PUT")}, "Expected": {"a": {}}},
     "One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified"),
])
def test_errors_of_the_request(shoal, table, more, message):
    expect_error(shoal.call("UpdateItem", {"TableName": table, "Key": KEY, **more}), ENVELOPE + message)


@pytest.mark.parametrize("updates", [
    {"s": action("ADD", {"N": "1"})}, {"n": action("ADD", {"SS": ["a"]})}, {"ss": action("ADD", {"NS": ["1"]})},
    {"s": action("ADD", {"L": []})}, {"ss": action("DELETE", {"NS": ["1"]})}, {"n": action("DELETE", {"NS": ["1"]})},
])
def test_the_stored_value_must_be_of_the_type(shoal, table, updates):
    shoal.put(table, {**KEY, **BEFORE})
    expect_error(update(shoal, table, updates), "Type mismatch for attribute to update")


CANNOT_UPDATE = "One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"


@pytest.mark.parametrize("updates, message", [
    ({"p": action("PUT", {"S": "b"})}, CANNOT_UPDATE), ({"p": action("DELETE")}, CANNOT_UPDATE),
    ({"g": action("PUT", {"N": "1"})},
     "The update expression attempted to update the secondary index key to unsupported type"),
    ({"n": action("ADD", {"N": "9.9e125"})},
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ({"x": action("PUT", {"S": "x" * 409_600})}, "Item size to update has exceeded the maximum allowed size"),
])
def test_errors_that_table_and_item_make(shoal, table, updates, message):
    shoal.put(table, {**KEY, **BEFORE, "n": {"N": "9.9e125"}})
    expect_error(update(shoal, table, updates), message)

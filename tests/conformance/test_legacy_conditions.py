"""Expected and ConditionalOperator: conditions of writes as they were before there were expressions."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

INVALID = ENVELOPE + "One or more parameter values were invalid: "
KEY = item(p="a")
STORED = {**KEY, **item(s="abc", n=5, m={"M": item(x="x")}, l=["a", 1], t=True, z=None), "b": {"B": "AQID"},
          "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AQ==", "Ag=="]}, "m.x": {"S": "dotted"}}


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S")
    shoal.put(name, STORED)
    return name


def holds(shoal, table, expected, **more):
    """Whether the condition lets a write pass that changes nothing."""
    reply = shoal.call("PutItem", {"TableName": table, "Item": STORED, "Expected": expected, **more})
    if reply.status == 200:
        return True
    expect_error(reply, "The conditional request failed", "ConditionalCheckFailedException")
    return False


def compare(operator, *values):
    return {"ComparisonOperator": operator, **({"AttributeValueList": list(values)} if values else {})}


S, N, B = (lambda v: {"S": v}), (lambda v: {"N": str(v)}), (lambda v: {"B": v})


@pytest.mark.parametrize("expected, result", [
    ({"s": {"Value": S("abc")}}, True), ({"s": {"Value": S("x")}}, False), ({"s": {"Value": S("abc"), "Exists": True}}, True),
    ({"s": {"Value": N(5)}}, False), ({"n": {"Value": N("5.0")}}, True), ({"nosuch": {"Value": S("a")}}, False),
    ({"nosuch": {"Exists": False}}, True), ({"s": {"Exists": False}}, False),
    ({"m": {"Value": {"M": item(x="x")}}}, True), ({"l": {"Value": {"L": [S("a"), N(1)]}}}, True),
    ({"ss": {"Value": {"SS": ["b", "a"]}}}, True), ({"t": {"Value": {"BOOL": True}}}, True),
    ({"z": {"Value": {"NULL": True}}}, True),
    # Names are to the letter: m.x is not x of m.
    ({"m.x": {"Value": S("dotted")}}, True),
    # Value may take the place of a list of one.
    ({"n": {"ComparisonOperator": "GT", "Value": N(4)}}, True), ({"n": {"ComparisonOperator": "GT", "Value": N(5)}}, False),
])
def test_value_and_exists(shoal, table, expected, result):
    assert holds(shoal, table, expected) is result


@pytest.mark.parametrize("attribute, condition, result", [
    ("s", compare("EQ", S("abc")), True), ("s", compare("EQ", N(5)), False), ("nosuch", compare("EQ", S("a")), False),
    ("s", compare("NE", S("x")), True), ("s", compare("NE", S("abc")), False), ("s", compare("NE", N(1)), True),
    ("n", compare("LT", N(6)), True), ("n", compare("LT", N(5)), False), ("n", compare("LT", S("6")), False),
    ("n", compare("LE", N(5)), True), ("n", compare("LE", N(4)), False),
    ("n", compare("GT", N(4)), True), ("n", compare("GT", N(5)), False),
    ("n", compare("GE", N(5)), True), ("n", compare("GE", N(6)), False),
    ("n", compare("GT", N(-4)), True), ("n", compare("LT", N("1e1")), True),  # by value, not by text
    ("s", compare("GT", S("abb")), True), ("b", compare("GE", B("AQID")), True), ("b", compare("LT", B("Ag==")), True),
    ("nosuch", compare("LT", N(6)), False),
    ("s", compare("NOT_NULL"), True), ("nosuch", compare("NOT_NULL"), False), ("z", compare("NOT_NULL"), True),
    ("s", compare("NULL"), False), ("nosuch", compare("NULL"), True), ("z", compare("NULL"), False),
    ("s", compare("CONTAINS", S("bc")), True), ("s", compare("CONTAINS", S("x")), False),
    ("ss", compare("CONTAINS", S("a")), True), ("ss", compare("CONTAINS", S("c")), False),
    ("ns", compare("CONTAINS", N("1.0")), True), ("bs", compare("CONTAINS", B("AQ==")), True),
    ("b", compare("CONTAINS", B("AgM=")), True), ("l", compare("CONTAINS", N(1)), True), ("n", compare("CONTAINS", N(5)), False),
    ("nosuch", compare("CONTAINS", S("a")), False),
    ("s", compare("NOT_CONTAINS", S("x")), True), ("s", compare("NOT_CONTAINS", S("bc")), False),
    ("ss", compare("NOT_CONTAINS", S("c")), True), ("nosuch", compare("NOT_CONTAINS", S("a")), False),
    ("s", compare("BEGINS_WITH", S("ab")), True), ("s", compare("BEGINS_WITH", S("b")), False),
    ("b", compare("BEGINS_WITH", B("AQ==")), True), ("n", compare("BEGINS_WITH", S("5")), False),
    ("s", compare("IN", S("x"), S("abc")), True), ("s", compare("IN", S("x")), False), ("n", compare("IN", N("5.0")), True),
    ("n", compare("BETWEEN", N(5), N(5)), True), ("n", compare("BETWEEN", N(1), N(4)), False),
    ("s", compare("BETWEEN", S("a"), S("b")), True), ("s", compare("BETWEEN", N(1), N(9)), False),
    ("t", compare("EQ", {"BOOL": True}), True), ("ss", compare("EQ", {"SS": ["b", "a"]}), True),
    ("ss", compare("NE", {"SS": ["a"]}), True),
])
def test_comparisons(shoal, table, attribute, condition, result):
    assert holds(shoal, table, {attribute: condition}) is result


TRUE_, FALSE_ = {"s": compare("NOT_NULL")}, {"n": compare("EQ", N(6))}


@pytest.mark.parametrize("expected, operator, result", [
    ({**TRUE_, **FALSE_}, None, False), ({**TRUE_, **FALSE_}, "AND", False), ({**TRUE_, **FALSE_}, "OR", True),
    ({**TRUE_, "m": compare("NOT_NULL")}, "AND", True), ({**FALSE_, "nosuch": compare("NOT_NULL")}, "OR", False),
    ({}, None, True),
])
def test_conditions_are_joined_by_the_operator(shoal, table, expected, operator, result):
    assert holds(shoal, table, expected, **({"ConditionalOperator": operator} if operator else {})) is result


ERRORS = [
    ({"a": {}}, "Value must be provided when Exists is null for Attribute: a"),
    ({"a": {"Exists": True}}, "Value must be provided when Exists is true for Attribute: a"),
    ({"a": {"Exists": False, "Value": S("x")}}, "Value cannot be used when Exists is false for Attribute: a"),
    ({"a": {"Value": S("x"), "AttributeValueList": [S("x")], "ComparisonOperator": "EQ"}},
     "Value and AttributeValueList cannot be used together for Attribute: a"),
    ({"a": {"Value": S("x"), "AttributeValueList": [S("x")]}},
     "Value and AttributeValueList cannot be used together for Attribute: a"),
    ({"a": {"Exists": True, "ComparisonOperator": "EQ", "AttributeValueList": [S("x")]}},
     "Exists and ComparisonOperator cannot be used together for Attribute: a"),
    ({"a": {"Exists": False, "ComparisonOperator": "NULL"}},
     "Exists and ComparisonOperator cannot be used together for Attribute: a"),
    ({"a": {"AttributeValueList": [S("x")]}}, "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"),
] + [({"a": compare(name)}, f"Value or AttributeValueList must be used with ComparisonOperator: {name} for Attribute: a")
     for name in ("EQ", "NE", "LE", "LT", "GE", "GT", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN", "BETWEEN")
] + [({"a": compare(name, S("x"), S("y"))}, f"Invalid number of argument(s) for the {name} ComparisonOperator")
     for name in ("EQ", "NE", "LE", "LT", "GE", "GT", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH")
] + [({"a": {"ComparisonOperator": name, "AttributeValueList": []}},
      f"Invalid number of argument(s) for the {name} ComparisonOperator")
     for name in ("EQ", "NE", "LE", "LT", "GE", "GT", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN", "BETWEEN")
] + [({"a": compare(name, S("x"))}, f"Invalid number of argument(s) for the {name} ComparisonOperator")
     for name in ("NULL", "NOT_NULL", "BETWEEN")
] + [
    ({"a": compare("BETWEEN", S("x"), S("y"), S("z"))}, "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
    ({"a": compare("BETWEEN", S("x"), N(1))}, "AttributeValues inside AttributeValueList must be of same type"),
    ({"a": compare("BETWEEN", S("x"), {"NS": ["1"]})}, "ComparisonOperator BETWEEN is not valid for NS AttributeValue type"),
    ({"a": compare("IN", S("x"), {"L": []}, N(1))}, "ComparisonOperator IN is not valid for L AttributeValue type"),
    ({"a": compare("IN", S("x"), N(1), {"L": []})}, "AttributeValues inside AttributeValueList must be of same type"),
    ({"a": compare("IN", S("x"), N(1))}, "AttributeValues inside AttributeValueList must be of same type"),
] + [({"a": compare(name, value)}, f"ComparisonOperator {name} is not valid for {kind} AttributeValue type")
     for name in ("LE", "LT", "GE", "GT", "IN")
     for kind, value in (("SS", {"SS": ["x"]}), ("NS", {"NS": ["1"]}), ("BS", {"BS": ["AQ=="]}), ("L", {"L": []}),
                         ("M", {"M": {}}), ("BOOL", {"BOOL": True}), ("NULL", {"NULL": True}))
] + [({"a": compare("BETWEEN", {"SS": ["x"]}, {"SS": ["y"]})}, "ComparisonOperator BETWEEN is not valid for SS AttributeValue type"),
     ({"a": compare("CONTAINS", {"SS": ["x"]})}, "ComparisonOperator CONTAINS is not valid for SS AttributeValue type"),
     ({"a": compare("CONTAINS", {"L": []})}, "ComparisonOperator CONTAINS is not valid for L AttributeValue type"),
     ({"a": compare("NOT_CONTAINS", {"M": {}})}, "ComparisonOperator NOT_CONTAINS is not valid for M AttributeValue type"),
     ({"a": compare("BEGINS_WITH", N(1))}, "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
     ({"a": compare("BEGINS_WITH", {"SS": ["x"]})}, "ComparisonOperator BEGINS_WITH is not valid for SS AttributeValue type"),
]


@pytest.mark.parametrize("expected, message", ERRORS)
def test_errors_of_the_conditions(shoal, table, expected, message):
    for operation, body in (("PutItem", {"Item": KEY}), ("DeleteItem", {"Key": KEY}), ("UpdateItem", {"Key": KEY})):
        expect_error(shoal.call(operation, {"TableName": table, **body, "Expected": expected}), INVALID + message)


VALUE = {"s": {"Value": S("x")}}


@pytest.mark.parametrize("more, message", [
    ({"Expected": {"a": compare("BETWEEN", N(2), N(1))}},
     "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"),
    ({"Expected": {"a": {"Value": {"N": "x"}}}}, "The parameter cannot be converted to a numeric value: x"),
    ({"Expected": {"a": compare("EQ", {})}},
     "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"ConditionalOperator": "AND"}, "ConditionalOperator cannot be used without Filter or Expected"),
    ({"ConditionalOperator": "OR", "Expected": {}}, "ConditionalOperator cannot be used without Filter or Expected"),
    ({"ConditionalOperator": "OR", "Expected": VALUE},
     "ConditionalOperator can only be used when Filter or Expected has two or more elements"),
    ({"ConditionalOperator": "x", "Expected": VALUE},
     "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"),
    ({"Expected": {"a": {"ComparisonOperator": "x"}}},
     "Value 'x' at 'expected.a.member.comparisonOperator' failed to satisfy constraint: Member must satisfy enum value "
     "set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"),
    ({"Expected": VALUE, "ConditionExpression": "attribute_exists(p)"},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"),
    ({"Expected": VALUE, "ConditionalOperator": "OR", "ConditionExpression": "attribute_exists(p)"},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {Expected, ConditionalOperator} Expression parameters: {ConditionExpression}"),
    ({"Expected": VALUE, "ExpressionAttributeNames": {"#a": "a"}},
     "ExpressionAttributeNames can only be specified when using expressions"),
    ({"Expected": VALUE, "ExpressionAttributeValues": {":a": S("a")}},
     "ExpressionAttributeValues can only be specified when using expressions"),
])
def test_errors_beside_the_conditions(shoal, table, more, message):
    for operation, body in (("PutItem", {"Item": KEY}), ("DeleteItem", {"Key": KEY}), ("UpdateItem", {"Key": KEY})):
        expect_error(shoal.call(operation, {"TableName": table, **body, **more}), ENVELOPE + message)


def test_update_and_delete_obey_them(shoal):
    table = shoal.create_table("p:S")
    shoal.put(table, item(p="a", n=1))
    bump = {"TableName": table, "Key": KEY, "AttributeUpdates": {"n": {"Action": "ADD", "Value": N(1)}}}
    failed = ("The conditional request failed", "ConditionalCheckFailedException")
    expect_error(shoal.call("UpdateItem", {**bump, "Expected": {"n": {"Value": N(2)}}}), *failed)
    shoal.ok("UpdateItem", {**bump, "Expected": {"n": {"Value": N(1)}}})
    delete = {"TableName": table, "Key": KEY}
    expect_error(shoal.call("DeleteItem", {**delete, "Expected": {"n": {"Value": N(1)}}}), *failed)
    assert shoal.ok("DeleteItem", {**delete, "Expected": {"n": {"Value": N(2)}}, "ReturnValues": "ALL_OLD"}) == {
        "Attributes": item(p="a", n=2)}


def test_the_item_is_returned_with_the_failure_when_asked_for(shoal, table):
    reply = shoal.call("DeleteItem", {"TableName": table, "Key": KEY, "Expected": {"s": {"Exists": False}},
                                      "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    assert reply.type == "ConditionalCheckFailedException" and reply.json["Item"]["s"] == S("abc")


def test_conditions_are_wrong_before_the_table_is_missing(shoal):
    expect_error(shoal.call("PutItem", {"TableName": "nosuch", "Item": KEY, "Expected": {"a": {}}}),
                 INVALID + "Value must be provided when Exists is null for Attribute: a")

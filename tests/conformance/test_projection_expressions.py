"""Projections: every error, in the words of the operation that has it. What they return: test_get_item.py."""

import pytest

from support.expect import expect_error, item

OVERLAP = ("Two document paths overlap with each other; must remove or rewrite one of these paths; "
           "path one: {}, path two: {}")

ERRORS = [
    ("", "The expression can not be empty;"),
    ("a,", 'Syntax error; token: "<EOF>", near: ","'),
    ("a b", 'Syntax error; token: "b", near: "a b"'),
    ("a..b", 'Syntax error; token: ".", near: "..b"'),
    ("a[x]", 'Syntax error; token: "x", near: "[x]"'),
    ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("a.status", "Attribute name is a reserved keyword; reserved keyword: status"),
    ("#n", "An expression attribute name used in the document path is not defined; attribute name: #n"),
    ("a, a", OVERLAP.format("[a]", "[a]")), ("a.b, a", OVERLAP.format("[a, b]", "[a]")),
    ("a, a[0]", OVERLAP.format("[a]", "[a, [0]]")),
    ("a.b, a[0]", "Two document paths conflict with each other; must remove or rewrite one of these paths; "
                  "path one: [a, b], path two: [a, [0]]"),
    ("a[99999999999]", "List index is not within the allowable range; index: [99999999999]"),
    (".".join(["a"] * 33), "The document path has too many nesting levels; nesting levels: 33"),
    ("a" * 4097, "Expression size has exceeded the maximum allowed size; expression size: 4097"),
]


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S")


@pytest.mark.parametrize("expression, message", ERRORS, ids=[expression[:30] for expression, _ in ERRORS])
def test_errors(shoal, table, expression, message):
    message = "Invalid ProjectionExpression: " + message
    projection = {"ProjectionExpression": expression}
    expect_error(shoal.call("GetItem", {"TableName": table, "Key": item(p="a"), **projection}), message)
    expect_error(shoal.call("Scan", {"TableName": table, **projection}), message)
    expect_error(shoal.call("Query", {"TableName": table, "KeyConditionExpression": "p = :p", **projection,
                                      "ExpressionAttributeValues": {":p": {"S": "a"}}}), message)
    expect_error(shoal.call("BatchGetItem", {"RequestItems": {table: {"Keys": [item(p="a")], **projection}}}), message)


@pytest.mark.parametrize("expression", ["p.x", "p[0]"])
def test_keys_are_scalars(shoal, table, expression):
    message = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"
    expect_error(shoal.call("GetItem", {"TableName": table, "Key": item(p="a"), "ProjectionExpression": expression}), message)
    expect_error(shoal.call("Scan", {"TableName": table, "ProjectionExpression": expression}), message)


def test_unused_names_are_told(shoal, table):
    expect_error(shoal.call("GetItem", {"TableName": table, "Key": item(p="a"), "ProjectionExpression": "#a",
                                        "ExpressionAttributeNames": {"#a": "a", "#b": "b", "#c": "c"}}),
                 "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b, #c}")


@pytest.mark.parametrize("index, allowed", [(0, True), (2**31 - 1, True), (2**31, False), (2**32, False), (2**63, False)])
def test_indexes_have_31_bits(shoal, table, index, allowed):
    reply = shoal.call("GetItem", {"TableName": table, "Key": item(p="a"), "ProjectionExpression": f"x[{index}]"})
    if allowed:
        assert reply.status == 200
    else:
        expect_error(reply, f"Invalid ProjectionExpression: List index is not within the allowable range; index: [{index}]")

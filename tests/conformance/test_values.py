"""Attribute values as the three layers of production read them: what is refused, in each one's words."""

import pytest

from support.expect import ENVELOPE, expect_error, item

INVALID = "One or more parameter values were invalid: "
NOT_NUMERIC = "The parameter cannot be converted to a numeric value: "
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
DIGITS = "Attempting to store more than 38 significant digits in a Number"

# value, newer words, older words where they differ
REFUSED = [
    ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes", None),
    ({"S": "a", "N": "1"}, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
                           "supported datatypes", None),
    ({"NULL": False}, INVALID + "Null attribute value types must have the value of true", None),
    ({"SS": []}, INVALID + "An string set  may not be empty", None),
    ({"NS": []}, INVALID + "An number set  may not be empty", None),
    ({"BS": []}, INVALID + "Binary sets should not be empty", None),
    ({"SS": ["b", "a", "b"]}, INVALID + 'Input collection ["a", "b", "b"] contains duplicates.',
     INVALID + "Input collection [b, a, b] contains duplicates."),
    ({"SS": ["c", "b", "a", "b", "a"]}, INVALID + 'Input collection ["a", "b", "c", "b", "a"] contains duplicates.',
     INVALID + "Input collection [c, b, a, b, a] contains duplicates."),
    ({"BS": ["/w==", "AA==", "AA=="]}, INVALID + 'Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.',
     INVALID + "Input collection [/w==, AA==, AA==]of type BS contains duplicates."),
    ({"NS": ["1", "2", "1.0"]}, INVALID + "Input collection contains duplicates.", "Input collection contains duplicates"),
    ({"N": ""}, NOT_NUMERIC, NOT_NUMERIC[:-2]),
    ({"N": "abc"}, NOT_NUMERIC + "abc", None), ({"N": " 1"}, NOT_NUMERIC + " 1", None),
    ({"N": "1 "}, NOT_NUMERIC + "1 ", None), ({"N": "0x1"}, NOT_NUMERIC + "0x1", None),
    ({"N": "NaN"}, NOT_NUMERIC + "NaN", None), ({"N": "Infinity"}, NOT_NUMERIC + "Infinity", None),
    ({"N": "1e"}, NOT_NUMERIC + "1e", None), ({"N": "1_0"}, NOT_NUMERIC + "1_0", None),
    ({"N": "1,000"}, NOT_NUMERIC + "1,000", None), ({"N": "--1"}, NOT_NUMERIC + "--1", None),
    ({"N": "."}, NOT_NUMERIC + ".", None), ({"N": "1.2.3"}, NOT_NUMERIC + "1.2.3", None),
    ({"NS": ["1", "x"]}, NOT_NUMERIC + "x", None), ({"NS": ["x", "x"]}, NOT_NUMERIC + "x", None),
    ({"N": "1" * 39}, DIGITS, None), ({"N": "0." + "1" * 39}, DIGITS, None), ({"NS": ["1" * 39]}, DIGITS, None),
    ({"N": "1E126"}, OVERFLOW, None), ({"N": "-1E126"}, OVERFLOW, None), ({"N": "9" * 38 + "E89"}, OVERFLOW, None),
    ({"N": "1E-131"}, UNDERFLOW, None), ({"N": "-1E-131"}, UNDERFLOW, None),
]


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S")


def ids(cases):
    return [str(case[0])[:50] for case in cases]


@pytest.mark.parametrize("nested", [False, True], ids=["plain", "nested"])
@pytest.mark.parametrize("value, newer, older", REFUSED, ids=ids(REFUSED))
def test_in_an_item_to_be_put(shoal, table, value, newer, older, nested):
    attribute = {"L": [{"M": {"x": value}}]} if nested else value
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": {**item(p="a"), "v": attribute}}), ENVELOPE + newer)


@pytest.mark.parametrize("value, newer, older", REFUSED, ids=ids(REFUSED))
def test_in_a_batch(shoal, table, value, newer, older):
    put = {"PutRequest": {"Item": {**item(p="a"), "v": value}}}
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: [put]}}), older or newer)


@pytest.mark.parametrize("value, newer, older", REFUSED, ids=ids(REFUSED))
def test_in_a_value_of_an_expression(shoal, table, value, newer, older):
    values = {"ExpressionAttributeValues": {":v": value}}
    expect_error(shoal.call("UpdateItem", {"TableName": table, "Key": item(p="a"), "UpdateExpression": "SET v = :v", **values}),
                 ENVELOPE + newer)
    expect_error(shoal.call("Query", {"TableName": table, "KeyConditionExpression": "p = :v", **values}), newer)
    expect_error(shoal.call("Scan", {"TableName": table, "FilterExpression": "v = :v", **values}),
                 f"ExpressionAttributeValues contains invalid value: {older or newer} for key :v")


def test_the_first_bad_attribute_is_told(shoal, table):
    body = b'{"TableName": "%s", "Item": {"p": {"S": "a"}, "v": {"L": [{"N": "x"}]}, "w": {"N": "y"}}}' % table.encode()
    expect_error(shoal.call("PutItem", body), ENVELOPE + NOT_NUMERIC + "x")


@pytest.mark.parametrize("name, message", [
    ("", "Empty attribute name"), ("x" * 65536, "Attribute name is too large, must be less than 65536 bytes")])
def test_names_of_attributes_are_bounded(shoal, table, name, message):
    reply = shoal.call("PutItem", {"TableName": table, "Item": {**item(p="a"), name: {"S": ""}}})
    assert reply.type == "ValidationException" and message in reply.message, reply.body[:300]


def test_a_name_of_65535_bytes_is_accepted(shoal, table):
    shoal.put(table, {**item(p="long name"), "x" * 65535: {"S": "v"}})
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="long name")})["Item"]["x" * 65535] == {"S": "v"}


@pytest.mark.parametrize("given, count", [("0e125", 1), ("1" + "0" * 100, 1)])
def test_zeros_do_not_count_as_digits(shoal, table, given, count):
    shoal.put(table, {**item(p="zeros"), "v": {"N": given}})


@pytest.mark.parametrize("given, message", [("0e126", OVERFLOW), ("0e-131", UNDERFLOW), ("1e2147483647", OVERFLOW)])
def test_exponents_are_checked_by_the_newer_layer_even_of_zero(shoal, table, given, message):
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": {**item(p="a"), "v": {"N": given}}}), ENVELOPE + message)


@pytest.mark.parametrize("attributes, size", [
    ({}, 0), (item(s="grüße"), 1 + 7), (item(n=123456), 1 + 4), (item(n=3.14159), 1 + 5), (item(n=0), 1 + 1),
    (item(n=-5), 1 + 3), ({"n": {"N": "1E125"}}, 1 + 2), ({"b": {"B": "AAECAw=="}}, 1 + 4), (item(t=True), 1 + 1),
    (item(z=None), 1 + 1), ({"ss": {"SS": ["a", "bc"]}}, 2 + 3), ({"l": {"L": []}}, 1 + 3),
    ({"l": {"L": [{"S": "ab"}, {"BOOL": True}]}}, 1 + 3 + 3 + 2), ({"m": {"M": {"ab": {"S": "c"}}}}, 1 + 3 + 1 + 2 + 1),
], ids=str)
def test_sizes_are_productions(shoal, table, attributes, size):
    """Found by filling up to 409,600 bytes: one byte more is refused."""
    room = 409_600 - (1 + 4) - size - 1
    put = lambda extra: shoal.call("PutItem", {"TableName": table,
                                               "Item": {**item(p="size"), **attributes, "x": {"S": "x" * (room + extra)}}})
    assert (put(0).status, put(1).status) == (200, 400)


OLDER_ONLY = [  # The older layer keeps an exponent as 32 bits do, and takes any exponent of zero.
    ({"N": "0e200"}, None), ({"N": "0e-200"}, None), ({"N": "0e126"}, None), ({"N": "0e-131"}, None),
    ({"N": "1e2147483647"}, UNDERFLOW), ({"N": "1e126"}, OVERFLOW), ({"N": "1e-131"}, UNDERFLOW),
    ({"N": "1e99999999999"}, NOT_NUMERIC + "1e99999999999")]


@pytest.mark.parametrize("value, message", OLDER_ONLY, ids=ids(OLDER_ONLY))
def test_exponents_in_the_older_layer(shoal, table, value, message):
    put = {"Item": {**item(p="older"), "v": value}}
    replies = [(shoal.call("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": put}]}}), message),
               (shoal.call("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": table, **put}}]}), message),
               (shoal.call("Scan", {"TableName": table, "FilterExpression": "v = :v", "ExpressionAttributeValues": {":v": value}}),
                message and f"ExpressionAttributeValues contains invalid value: {message} for key :v")]
    for reply, told in replies:
        if told is None:
            assert reply.status == 200, reply.body
        else:
            expect_error(reply, told)
    if message is None:
        assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="older")})["Item"]["v"] == {"N": "0"}


def test_an_exponent_beyond_64_bits_is_no_number(shoal, table):
    for text in ("1e99999999999999999999", "0e99999999999999999999"):
        expect_error(shoal.call("PutItem", {"TableName": table, "Item": {**item(p="a"), "v": {"N": text}}}),
                     ENVELOPE + NOT_NUMERIC + text)


@pytest.mark.parametrize("value", [
    {"S": ""}, {"B": ""}, {"L": []}, {"M": {}}, {"SS": [""]}, {"BS": [""]}, {"SS": ["", "a"]}, {"L": [{"S": ""}, {"B": ""}, {"L": []}]},
    {"M": {"x": {"S": ""}, "y": {"M": {}}}}], ids=str)
def test_what_may_be_empty(shoal, table, value):
    shoal.put(table, {**item(p="empty"), "v": value})
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="empty")})["Item"]["v"] == value
    shoal.ok("UpdateItem", {"TableName": table, "Key": item(p="empty"), "UpdateExpression": "SET w = :w",
                            "ExpressionAttributeValues": {":w": value}})


@pytest.mark.parametrize("value, message", [
    ({"M": {"": {"S": "x"}}}, "Empty attribute name"), ({"L": [{"M": {"": {"S": "x"}}}]}, "Empty attribute name"),
    ({"M": {"x" * 65536: {"S": "x"}}}, "Attribute name is too large, must be less than 65536 bytes")], ids=["map", "list", "long"])
def test_names_within_maps_are_bounded_too(shoal, table, value, message):
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": {**item(p="a"), "v": value}}), ENVELOPE + message)
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": {**item(p="a"), "v": value}}}]}}), message)
    expect_error(shoal.call("UpdateItem", {"TableName": table, "Key": item(p="a"), "UpdateExpression": "SET v = :v",
                                           "ExpressionAttributeValues": {":v": value}}), ENVELOPE + message)


def deep(levels):
    value = {"S": "x"}
    for level in range(levels - 1):
        value = {"L": [value]} if level % 2 else {"M": {"a": value}}
    return value


TOO_DEEP = ("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
            "limit")


def test_values_have_32_levels_wherever_they_stand(shoal, table):
    def calls(value):
        new = {**item(p="deep"), "v": value}
        update = {"TableName": table, "Key": item(p="deep"), "UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": value}}
        return [("PutItem", {"TableName": table, "Item": new}, ENVELOPE + TOO_DEEP),
                ("UpdateItem", update, ENVELOPE + TOO_DEEP),
                ("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": new}}]}}, TOO_DEEP),
                ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": table, "Item": new}}]}, TOO_DEEP),
                ("Scan", {"TableName": table, "FilterExpression": "v = :v", "ExpressionAttributeValues": {":v": value}},
                 f"ExpressionAttributeValues contains invalid value: {TOO_DEEP} for key :v"),
                ("Query", {"TableName": table, "KeyConditionExpression": "p = :p", "FilterExpression": "v = :v",
                           "ExpressionAttributeValues": {":p": {"S": "a"}, ":v": value}}, TOO_DEEP)]

    for operation, body, _ in calls(deep(32)):
        assert shoal.call(operation, body).status == 200, operation
    for operation, body, message in calls(deep(33)):
        expect_error(shoal.call(operation, body), message)


def test_an_update_may_not_nest_what_is_there_too_deep(shoal, table):
    """The value is within its bounds, the place where it is put takes it beyond."""
    shoal.put(table, {**item(p="nest"), "m": {"M": {"x": {"M": {}}}}})
    def update(levels):
        return shoal.call("UpdateItem", {"TableName": table, "Key": item(p="nest"), "UpdateExpression": "SET m.x.y = :v",
                                         "ExpressionAttributeValues": {":v": deep(levels)}})
    assert update(30).status == 200
    expect_error(update(31), TOO_DEEP)


@pytest.mark.parametrize("given, size", [
    ("10000000000", 2), ("1234500000", 4), ("0.00012", 2), ("100.001", 5), ("-0.5", 3), ("12345678901234567890123456789012345678", 20),
    ("9" * 37 + ".9", 21), ("-" + "1" * 37 + ".1", 22), ("1E-130", 2), ("0", 1), ("000.000", 1)])
def test_numbers_have_productions_size(shoal, table, given, size):
    """Zeros at both ends trimmed, pairs of digits counted from the decimal point, one more for the number, one for a sign."""
    body = {"TableName": table, "Item": {**item(p="n"), "n": {"N": given}, "x": {"S": "x" * (1024 - 2 - 1 - size - 1)}},
            "ReturnConsumedCapacity": "TOTAL"}
    assert shoal.ok("PutItem", body)["ConsumedCapacity"]["CapacityUnits"] == 1
    shoal.ok("DeleteItem", {"TableName": table, "Key": item(p="n")})
    body["Item"]["x"]["S"] += "x"
    assert shoal.ok("PutItem", body)["ConsumedCapacity"]["CapacityUnits"] == 2
    shoal.ok("DeleteItem", {"TableName": table, "Key": item(p="n")})

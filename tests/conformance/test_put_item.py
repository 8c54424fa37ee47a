"""PutItem, from outside: what it stores and answers, and every error that is its own."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

NAME_RULE = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S c:N")


@pytest.fixture(scope="module")
def indexed(shoal):
    return shoal.create_table("p:S", gsi={"gsi": "g:S r:N"})


@pytest.fixture(scope="module")
def with_lsi(shoal):
    return shoal.create_table("p:S c:N", lsi={"lsi": "p:S l:S"})


def test_an_item_of_all_ten_types_comes_back_as_it_was_put(shoal, table):
    everything = {
        "p": {"S": "types"}, "c": {"N": "1"}, "s": {"S": "grüße 😀"}, "empty": {"S": ""}, "n": {"N": "-12.5"},
        "b": {"B": "AAECAw=="}, "empty_b": {"B": ""}, "t": {"BOOL": True}, "f": {"BOOL": False}, "z": {"NULL": True},
        "l": {"L": [{"S": "x"}, {"N": "1"}, {"L": []}, {"M": {}}]}, "m": {"M": {"a": {"M": {"b": {"S": ""}}}}},
        "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AA==", "AQ=="]}}
    assert shoal.ok("PutItem", {"TableName": table, "Item": everything}) == {}
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="types", c=1)})["Item"]
    for name in ("ss", "ns", "bs"):
        kind = name.upper()
        assert sorted(got[name][kind]) == sorted(everything[name][kind])
        got[name] = everything[name]
    assert got == everything


@pytest.mark.parametrize("given, stored", [
    ("1.0", "1"), ("0042.1200", "42.12"), ("-0", "0"), ("0e10", "0"), ("1E3", "1000"), (".5", "0.5"), ("5.", "5"),
    ("1e-2", "0.01"), ("1E125", "1" + "0" * 125), ("1E-130", "0." + "0" * 129 + "1"), ("+7", "7"),
    ("-9.9999999999999999999999999999999999999E+125", "-" + "9" * 38 + "0" * 88),
    ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ("1" + "0" * 60, "1" + "0" * 60)])
def test_numbers_come_back_normalised(shoal, table, given, stored):
    shoal.put(table, {"p": {"S": "number"}, "c": {"N": "1"}, "n": {"N": given}})
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="number", c=1)})["Item"]["n"] == {"N": stored}


def test_a_put_replaces_the_whole_item_and_can_return_the_old_one(shoal, table):
    key = item(p="replaced", c=1)
    first = shoal.ok("PutItem", {"TableName": table, "Item": {**key, **item(a="1")}, "ReturnValues": "ALL_OLD"})
    assert first == {}
    second = shoal.ok("PutItem", {"TableName": table, "Item": {**key, **item(b="2")}, "ReturnValues": "ALL_OLD"})
    assert second == {"Attributes": {**key, **item(a="1")}}
    assert shoal.ok("GetItem", {"TableName": table, "Key": key}) == {"Item": {**key, **item(b="2")}}


def test_keys_that_are_numerically_equal_are_one_key(shoal, table):
    shoal.put(table, {"p": {"S": "equal"}, "c": {"N": "1.0"}, "v": {"S": "first"}})
    old = shoal.ok("PutItem", {"TableName": table, "Item": {"p": {"S": "equal"}, "c": {"N": "1e0"}},
                               "ReturnValues": "ALL_OLD"})
    assert old["Attributes"] == {"p": {"S": "equal"}, "c": {"N": "1"}, "v": {"S": "first"}}


def test_a_condition_decides_whether_it_is_written(shoal, table):
    new = {"TableName": table, "Item": item(p="conditional", c=1, v=1), "ConditionExpression": "attribute_not_exists(p)"}
    shoal.ok("PutItem", new)
    expect_error(shoal.call("PutItem", new), "The conditional request failed", "ConditionalCheckFailedException")
    shoal.ok("PutItem", {"TableName": table, "Item": item(p="conditional", c=1, v=2), "ConditionExpression": "v = :one",
                         "ExpressionAttributeValues": {":one": {"N": "1"}}})


def test_a_failed_condition_returns_the_item_when_asked_to(shoal, table):
    shoal.put(table, item(p="failing", c=1, v=1))
    body = {"TableName": table, "Item": item(p="failing", c=1), "ConditionExpression": "attribute_not_exists(p)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    assert shoal.call("PutItem", body).json == {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed", "Item": item(p="failing", c=1, v=1)}
    missing = {**body, "Item": item(p="nobody", c=1), "ConditionExpression": "attribute_exists(p)"}
    assert "Item" not in shoal.call("PutItem", missing).json


def test_an_item_of_exactly_400_kb_is_accepted_and_one_byte_more_is_not(shoal, table):
    # p (1) + "big" (3) + c (1) + 1 (2) + v (1) + the text
    room = 409_600 - 1 - 3 - 1 - 2 - 1
    shoal.put(table, item(p="big", c=1, v="x" * room))
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": item(p="big", c=1, v="x" * (room + 1))}),
                 ENVELOPE + "Item size has exceeded the maximum allowed size")


def test_an_item_may_be_nested_to_32_levels(shoal, table):
    def nested(levels):
        value = {"S": "leaf"}
        for level in range(levels):
            value = {"L": [value]} if level % 2 else {"M": {"a": value}}
        return {"p": {"S": "deep"}, "c": {"N": "1"}, "v": value}

    shoal.put(table, nested(31))
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": nested(32)}),
                 ENVELOPE + "Nesting Levels have exceeded supported limits: "
                            "Attributes in the item have nested levels beyond supported limit")


def test_keys_may_have_2048_and_1024_bytes(shoal):
    table = shoal.create_table("p:S c:S")
    shoal.put(table, item(p="é" * 1024, c="x" * 1024))
    assert "Item" in shoal.ok("GetItem", {"TableName": table, "Key": item(p="é" * 1024, c="x" * 1024)})
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": item(p="x" * 2049, c="a")}),
                 "One or more parameter values were invalid: "
                 "Size of hashkey has exceeded the maximum size limit of2048 bytes")
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": item(p="a", c="x" * 1025)}),
                 "One or more parameter values were invalid: "
                 "Aggregated size of all range keys has exceeded the size limit of 1024 bytes")


@pytest.mark.parametrize("body, message", [
    ({"Item": {}}, "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "", "Item": {}}, "Value at 'TableName' failed to satisfy constraint: "
                                    "Member must have length greater than or equal to 1"),
    ({"TableName": "x" * 256, "Item": {}}, f"Value '{'x' * 256}' at 'tableName' failed to satisfy constraint: "
                                           "Member must have length less than or equal to 255"),
    ({"TableName": "a;b", "Item": {}}, f"Value 'a;b' at 'tableName' failed to satisfy constraint: {NAME_RULE}"),
    ({"TableName": "T"}, "Value null at 'item' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T", "Item": {}, "ReturnConsumedCapacity": "ALL"},
     "Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: "
     "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"),
    ({"TableName": "T", "Item": {}, "ReturnItemCollectionMetrics": "ALL"},
     "Value 'ALL' at 'returnItemCollectionMetrics' failed to satisfy constraint: "
     "Member must satisfy enum value set: [SIZE, NONE]"),
    ({"TableName": "T", "Item": {}, "ReturnValues": "SOME"},
     "Failed to satisfy constraint: Member must satisfy enum value set: "
     "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"),
])
def test_one_constraint_fails(shoal, table, body, message):
    expect_error(shoal.call("PutItem", fill(body, table)), ENVELOPE + message)


def test_several_failed_constraints_are_told_together(shoal):
    expect_error(
        shoal.call("PutItem", {"TableName": "abc", "Item": {}, "ReturnConsumedCapacity": "INVALID",
                               "ReturnValues": "INVALID", "ReturnItemCollectionMetrics": "INVALID"}),
        "3 validation errors detected: Value 'INVALID' at 'returnConsumedCapacity' failed to satisfy constraint: "
        "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; "
        "Failed to satisfy constraint: Member must satisfy enum value set: "
        "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]; "
        "Value 'INVALID' at 'returnItemCollectionMetrics' failed to satisfy constraint: "
        "Member must satisfy enum value set: [SIZE, NONE]")


@pytest.mark.parametrize("returned", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_only_the_old_item_can_be_returned(shoal, table, returned):
    reply = shoal.call("PutItem", {"TableName": table, "Item": item(p="a", c=1), "ReturnValues": returned})
    assert reply.message in ("ReturnValues can only be ALL_OLD or NONE",
                             ENVELOPE + "ReturnValues can only be ALL_OLD or NONE"), reply.body
    assert reply.type == "ValidationException"


KEYS = "One or more parameter values were invalid: "
EMPTY_KEY = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "


@pytest.mark.parametrize("value, message", [
    ({}, KEYS + "Missing the key p in the item"),
    (item(p="a"), KEYS + "Missing the key c in the item"),
    (item(p=1, c=1), KEYS + "Type mismatch for key p expected: S actual: N"),
    (item(p="a", c="1"), KEYS + "Type mismatch for key c expected: N actual: S"),
    (item(p=None, c=1), KEYS + "Type mismatch for key p expected: S actual: NULL"),
    (item(p=[], c=1), KEYS + "Type mismatch for key p expected: S actual: L"),
    (item(p="", c=1), EMPTY_KEY + "string value. Key: p"),
])
def test_the_key_of_the_item_is_checked(shoal, table, value, message):
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": value}), message)


def test_an_empty_binary_key_is_refused(shoal):
    table = shoal.create_table("p:B")
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": {"p": {"B": ""}}}), EMPTY_KEY + "binary value. Key: p")


@pytest.mark.parametrize("attributes, message", [
    (item(g=1, r=1), KEYS + "Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi"),
    (item(g=None), KEYS + "Type mismatch for Index Key g Expected: S Actual: NULL IndexName: gsi"),
    (item(g="a", r="b"), KEYS + "Type mismatch for Index Key r Expected: N Actual: S IndexName: gsi"),
    (item(g=""), "One or more parameter values are not valid. A value specified for a secondary index key is not "
                 "supported. The AttributeValue for a key attribute cannot contain an empty string value. "
                 "IndexName: gsi, IndexKey: g"),
])
def test_the_keys_of_its_indexes_are_checked(shoal, indexed, attributes, message):
    expect_error(shoal.call("PutItem", {"TableName": indexed, "Item": {**item(p="a"), **attributes}}), message)


def test_an_index_key_too_long_is_refused(shoal, indexed):
    reply = shoal.call("PutItem", {"TableName": indexed, "Item": item(p="a", g="x" * 2049)})
    assert (reply.status, reply.type) == (400, "ValidationException")


def test_an_item_without_the_index_key_is_kept_out_of_the_index(shoal, indexed):
    shoal.put(indexed, item(p="sparse", g="only"))  # r is missing
    assert shoal.ok("Scan", {"TableName": indexed, "IndexName": "gsi"})["Count"] == 0


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("PutItem", {"TableName": "nosuch", "Item": item(p="a")}), "Requested resource not found",
                 "ResourceNotFoundException")


def test_the_tables_arn_stands_for_its_name(shoal, table):
    arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}"
    shoal.ok("PutItem", {"TableName": arn, "Item": item(p="by arn", c=1)})
    assert "Item" in shoal.ok("GetItem", {"TableName": table, "Key": item(p="by arn", c=1)})


@pytest.mark.parametrize("size, units", [(1, 1), (1024, 1), (1025, 2), (5000, 5)])
def test_it_costs_a_write_unit_for_each_started_kilobyte(shoal, table, size, units):
    text = "x" * (size - 1 - 4 - 1 - 2 - 1) if size > 9 else ""
    put = {"TableName": table, "Item": item(p=f"c{size:03}"[:4], c=1, v=text), "ReturnConsumedCapacity": "TOTAL"}
    assert shoal.ok("PutItem", put) == {"ConsumedCapacity": {"TableName": table, "CapacityUnits": units}}


def test_it_costs_the_larger_of_the_old_and_the_new_item(shoal, table):
    shoal.put(table, item(p="shrinks", c=1, v="x" * 3000))
    small = {"TableName": table, "Item": item(p="shrinks", c=1), "ReturnConsumedCapacity": "TOTAL"}
    assert shoal.ok("PutItem", small)["ConsumedCapacity"]["CapacityUnits"] == 3
    assert shoal.ok("PutItem", small)["ConsumedCapacity"]["CapacityUnits"] == 1


def test_index_writes_cost_by_what_changes_in_the_entry(shoal):
    table = shoal.create_table("p:S", gsi={"gsi": ("g:S", ["v"])})

    def cost(**attributes):
        capacity = shoal.ok("PutItem", {"TableName": table, "Item": item(p="a", **attributes),
                                        "ReturnConsumedCapacity": "INDEXES"})["ConsumedCapacity"]
        index = capacity.get("GlobalSecondaryIndexes", {}).get("gsi", {}).get("CapacityUnits", 0)
        assert capacity["Table"] == {"CapacityUnits": 1}
        assert capacity["CapacityUnits"] == 1 + index
        return index

    assert cost() == 0  # no entry
    assert cost(g="1", v="1") == 1  # appears
    assert cost(g="1", v="1") == 0  # nothing in it changes
    assert cost(g="1", v="1", x="1") == 0  # not projected
    assert cost(g="1", v="2") == 1  # projected
    assert cost(g="2", v="2") == 2  # its key changes
    assert cost() == 1  # disappears


def test_local_index_writes_cost_alike(shoal, with_lsi):
    put = {"TableName": with_lsi, "Item": item(p="cost", c=1, l="x"), "ReturnConsumedCapacity": "INDEXES"}
    assert shoal.ok("PutItem", put)["ConsumedCapacity"] == {
        "TableName": with_lsi, "CapacityUnits": 2, "Table": {"CapacityUnits": 1},
        "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 1}}}


def test_collection_metrics_are_for_tables_with_a_local_index(shoal, table, with_lsi):
    asked = {"Item": item(p="a", c=1), "ReturnItemCollectionMetrics": "SIZE"}
    assert shoal.ok("PutItem", {"TableName": table, **asked}) == {}
    assert shoal.ok("PutItem", {"TableName": with_lsi, **asked}) == {
        "ItemCollectionMetrics": {"ItemCollectionKey": item(p="a"), "SizeEstimateRangeGB": [0.0, 1.0]}}


@pytest.mark.parametrize("legacy", [{"Expected": {"a": {"Exists": False}}}, {"ConditionalOperator": "AND"}])
def test_both_styles_of_parameters_in_one_request_are_refused(shoal, table, legacy):
    expect_error(
        shoal.call("PutItem", {"TableName": table, "Item": item(p="a", c=1),
                               "ConditionExpression": "attribute_not_exists(p)", **legacy}),
        ENVELOPE + "Can not use both expression and non-expression parameters in the same request: "
                   f"Non-expression parameters: {{{next(iter(legacy))}}} Expression parameters: {{ConditionExpression}}")


INDEX_KEY = "One or more parameter values were invalid: "


@pytest.mark.parametrize("attributes", [item(g="x" * 2049, r=1), item(g="x" * 2049)])
def test_a_partition_key_of_an_index_is_bounded_like_a_tables(shoal, indexed, attributes):
    reply = shoal.call("PutItem", {"TableName": indexed, "Item": {**item(p="a"), **attributes}})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert "hashkey has exceeded the maximum size limit of2048 bytes" in reply.message, reply.message


def test_a_sort_key_of_an_index_is_bounded_like_a_tables(shoal):
    table = shoal.create_table("p:S", gsi={"gsi": "g:S r:S"})
    shoal.put(table, item(p="a", g="x" * 2048, r="x" * 1024))
    reply = shoal.call("PutItem", {"TableName": table, "Item": item(p="a", g="g", r="x" * 1025)})
    assert (reply.status, reply.type) == (400, "ValidationException")
    assert "Aggregated size of all range keys has exceeded the size limit of 1024 bytes" in reply.message, reply.message


def test_an_empty_binary_index_key_is_refused(shoal):
    table = shoal.create_table("p:S", gsi={"gsi": "g:B"})
    told = ("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
            "AttributeValue for a key attribute cannot contain an empty binary value. IndexName: gsi, IndexKey: g")
    new = {**item(p="a"), "g": {"B": ""}}
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": new}), told)
    expect_error(shoal.call("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": new}}]}}), told)


def test_the_keys_of_a_local_index_are_checked(shoal, with_lsi):
    expect_error(shoal.call("PutItem", {"TableName": with_lsi, "Item": item(p="a", c=1, l=1)}),
                 INDEX_KEY + "Type mismatch for Index Key l Expected: S Actual: N IndexName: lsi")
    expect_error(shoal.call("PutItem", {"TableName": with_lsi, "Item": item(p="a", c=1, l="")}),
                 "One or more parameter values are not valid. A value specified for a secondary index key is not "
                 "supported. The AttributeValue for a key attribute cannot contain an empty string value. "
                 "IndexName: lsi, IndexKey: l")


@pytest.mark.parametrize("value, kind", [({"B": "AA=="}, "B"), ({"BOOL": True}, "BOOL"), ({"SS": ["a"]}, "SS"), ({"NS": ["1"]}, "NS"),
                                         ({"BS": ["AA=="]}, "BS"), ({"M": {}}, "M"), ({"L": []}, "L"), ({"NULL": True}, "NULL")])
def test_keys_of_every_wrong_type(shoal, table, indexed, value, kind):
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": {"p": value, "c": {"N": "1"}}}),
                 INDEX_KEY + f"Type mismatch for key p expected: S actual: {kind}")
    expect_error(shoal.call("PutItem", {"TableName": indexed, "Item": {**item(p="a"), "g": value}}),
                 INDEX_KEY + f"Type mismatch for Index Key g Expected: S Actual: {kind} IndexName: gsi")


def test_an_item_and_its_local_entries_fit_400_kb_together(shoal, with_lsi):
    """The entry of an index that projects all is as large as the item itself."""
    half = 204_800 - len("p" "a" "c" "l" "x" "v") - 2
    shoal.put(with_lsi, item(p="a", c=1, l="x", v="v" * half))
    expect_error(shoal.call("PutItem", {"TableName": with_lsi, "Item": item(p="a", c=1, l="x", v="v" * (half + 1))}),
                 "Item size has exceeded the maximum allowed size")
    shoal.put(with_lsi, item(p="a", c=1, v="v" * (half + 1)))  # without an entry


@pytest.mark.parametrize("name", ["ab", "a"])
def test_short_names_are_of_no_table(shoal, name):
    """The model allows one character, for ARNs."""
    reply = shoal.call("PutItem", {"TableName": name, "Item": item(p="a", c=1)})
    assert (reply.type, reply.message) in (
        ("ResourceNotFoundException", "Requested resource not found"),
        ("ValidationException", ENVELOPE + f"Value '{name}' at 'tableName' failed to satisfy constraint: "
                                           "Member must have length greater than or equal to 3"))


EMPTY_NAME = ENVELOPE + "Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1"


@pytest.mark.parametrize("operation", ["PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan"])
def test_an_empty_table_name_is_told_alone(shoal, operation):
    expect_error(shoal.call(operation, {"TableName": "", "ReturnConsumedCapacity": "x", "Limit": 0, "Key": None}), EMPTY_NAME)

"""KeyConditions, QueryFilter, ScanFilter, ConditionalOperator and AttributesToGet: reading before there were expressions."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

INVALID = "One or more parameter values were invalid: "


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N", gsi={"gsi": ("g:S c:N", "KEYS_ONLY")}, lsi={"lsi": "p:S l:S"})
    for c in range(10):
        shoal.put(name, item(p="a", c=c, v=f"v{c}", even=c % 2 == 0, g="g", l=f"l{c}", **({"odd": "x"} if c % 2 else {})))
    shoal.put(name, item(p="b", c=1))
    shoal.put(name, {**item(p="dots", c=1), "m.x": {"S": "dotted"}, "m": {"M": item(x="nested")}})
    return name


@pytest.fixture(scope="module")
def text_table(shoal):
    name = shoal.create_table("p:S c:S")
    for c in ("a", "ab", "abc", "b"):
        shoal.put(name, item(p="a", c=c))
    return name


def compare(operator, *values):
    return {"ComparisonOperator": operator, **({"AttributeValueList": list(values)} if values else {})}


S, N = (lambda v: {"S": v}), (lambda v: {"N": str(v)})
OF_A = {"p": compare("EQ", S("a"))}


def query(shoal, table, conditions, **more):
    return shoal.ok("Query", {"TableName": table, "KeyConditions": conditions, **more})


def numbers(answer):
    return [int(entry["c"]["N"]) for entry in answer["Items"]]


@pytest.mark.parametrize("condition, expected", [
    (None, range(10)), (compare("EQ", N(3)), [3]), (compare("EQ", N("3.0")), [3]), (compare("LT", N(3)), [0, 1, 2]),
    (compare("LE", N(3)), [0, 1, 2, 3]), (compare("GT", N(7)), [8, 9]), (compare("GE", N(7)), [7, 8, 9]),
    (compare("BETWEEN", N(3), N(5)), [3, 4, 5]), (compare("EQ", N(99)), []),
])
def test_key_conditions_cut_ranges(shoal, table, condition, expected):
    conditions = {**OF_A, **({"c": condition} if condition else {})}
    assert numbers(query(shoal, table, conditions)) == list(expected)
    assert numbers(query(shoal, table, conditions, ScanIndexForward=False)) == list(expected)[::-1]


def test_begins_with(shoal, text_table):
    found = query(shoal, text_table, {**OF_A, "c": compare("BEGINS_WITH", S("ab"))})["Items"]
    assert [entry["c"]["S"] for entry in found] == ["ab", "abc"]


def test_an_index_by_its_keys(shoal, table):
    assert numbers(query(shoal, table, {"g": compare("EQ", S("g")), "c": compare("GT", N(7))}, IndexName="gsi")) == [8, 9]
    assert numbers(query(shoal, table, {**OF_A, "l": compare("LE", S("l1"))}, IndexName="lsi")) == [0, 1]


def test_pages_join(shoal, table):
    seen, start = [], {}
    while True:
        page = query(shoal, table, OF_A, Limit=3, **start)
        seen += numbers(page)
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert seen == list(range(10))


@pytest.mark.parametrize("filter, operator, expected", [
    ({"even": compare("EQ", {"BOOL": True})}, None, [0, 2, 4, 6, 8]),
    ({"odd": compare("NOT_NULL")}, None, [1, 3, 5, 7, 9]), ({"odd": compare("NULL")}, None, [0, 2, 4, 6, 8]),
    ({"v": compare("IN", S("v1"), S("v4"))}, None, [1, 4]), ({"v": compare("CONTAINS", S("7"))}, None, [7]),
    ({"odd": compare("NOT_CONTAINS", S("y"))}, None, [1, 3, 5, 7, 9]),
    ({"v": compare("BETWEEN", S("v3"), S("v4"))}, None, [3, 4]),
    ({"odd": compare("NOT_NULL"), "v": compare("GT", S("v5"))}, None, [7, 9]),
    ({"odd": compare("NOT_NULL"), "v": compare("GT", S("v5"))}, "AND", [7, 9]),
    ({"odd": compare("NOT_NULL"), "v": compare("GT", S("v7"))}, "OR", [1, 3, 5, 7, 8, 9]),
])
def test_a_query_filter(shoal, table, filter, operator, expected):
    more = {"ConditionalOperator": operator} if operator else {}
    answer = query(shoal, table, OF_A, QueryFilter=filter, **more)
    assert numbers(answer) == expected
    assert (answer["Count"], answer["ScannedCount"]) == (len(expected), 10)


def test_a_scan_filter(shoal, table):
    def scan(filter, **more):
        return sorted(numbers(shoal.ok("Scan", {"TableName": table, "ScanFilter": filter, **more})))

    assert scan({"odd": compare("NOT_NULL")}) == [1, 3, 5, 7, 9]
    assert scan({"p": compare("EQ", S("b"))}) == [1]  # keys too
    assert scan({"p": compare("EQ", S("b")), "v": compare("EQ", S("v5"))}, ConditionalOperator="OR") == [1, 5]
    assert scan({"m.x": compare("EQ", S("dotted"))}) == [1]  # a name to the letter
    assert scan({"m.x": compare("EQ", S("nested"))}) == []
    assert len(scan({})) == 12


def test_attributes_to_get(shoal, table):
    key = item(p="a", c=3)
    wanted = {"v": S("v3"), "odd": S("x")}
    assert shoal.ok("GetItem", {"TableName": table, "Key": key, "AttributesToGet": ["v", "odd", "nosuch"]})["Item"] == wanted
    batch = shoal.ok("BatchGetItem", {"RequestItems": {table: {"Keys": [key], "AttributesToGet": ["v", "odd"]}}})
    assert batch["Responses"][table] == [wanted]
    three = {**OF_A, "c": compare("EQ", N(3))}
    assert query(shoal, table, three, AttributesToGet=["v", "odd"])["Items"] == [wanted]
    assert query(shoal, table, three, AttributesToGet=["v", "odd"], Select="SPECIFIC_ATTRIBUTES")["Items"] == [wanted]
    found = shoal.ok("Scan", {"TableName": table, "ScanFilter": {"v": compare("EQ", S("v3"))}, "AttributesToGet": ["v", "odd"]})
    assert found["Items"] == [wanted]


def test_attributes_to_get_are_names_to_the_letter(shoal, table):
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="dots", c=1), "AttributesToGet": ["m.x"]})
    assert got["Item"] == {"m.x": S("dotted")}


def test_key_conditions_may_stand_beside_expressions(shoal, table):
    answer = query(shoal, table, OF_A, FilterExpression="attribute_exists(odd)", ProjectionExpression="c")
    assert answer["Items"] == [item(c=c) for c in (1, 3, 5, 7, 9)]


NOT_INDEXABLE = "Attempted conditional constraint is not an indexable operation"


@pytest.mark.parametrize("conditions, message", [
    ({}, "Conditions can be of length 1 or 2 only"),
    ({"c": compare("EQ", N(1))}, "Query condition missed key schema element: p"),
    ({**OF_A, "v": compare("EQ", S("x"))}, "Query condition missed key schema element: c"),
    ({"p": compare("GT", S("a"))}, "Query key condition not supported"),
    ({"p": compare("BEGINS_WITH", S("a")), "c": compare("EQ", N(1))}, "Query key condition not supported"),
    ({"p": compare("EQ", N(1))}, INVALID + "Condition parameter type does not match schema type"),
    ({**OF_A, "c": compare("EQ", S("1"))}, INVALID + "Condition parameter type does not match schema type"),
    ({**OF_A, "c": compare("BETWEEN", S("1"), S("2"))}, INVALID + "Condition parameter type does not match schema type"),
    ({"p": compare("EQ", S(""))}, "One or more parameter values are not valid. The AttributeValue for a key attribute "
                                  "cannot contain an empty string value. Key: p"),
    ({**OF_A, "c": compare("NE", N(1))}, NOT_INDEXABLE), ({**OF_A, "c": compare("IN", N(1))}, NOT_INDEXABLE),
    ({**OF_A, "c": compare("NULL")}, NOT_INDEXABLE), ({**OF_A, "c": compare("NOT_NULL")}, NOT_INDEXABLE),
    ({**OF_A, "c": compare("CONTAINS", N(1))}, NOT_INDEXABLE), ({**OF_A, "c": compare("NOT_CONTAINS", N(1))}, NOT_INDEXABLE),
    ({"p": compare("NE", S("a"))}, NOT_INDEXABLE),
    ({"c": compare("NE", N(1))}, "Query condition missed key schema element: p"),
    ({**OF_A, "v": compare("NE", S("x"))}, "Query condition missed key schema element: c"),
    ({**OF_A, "c": compare("IN", S("1"))}, NOT_INDEXABLE),
    ({**OF_A, "c": compare("EQ")}, INVALID + "Invalid number of argument(s) for the EQ ComparisonOperator"),
    ({**OF_A, "c": compare("EQ", N(1), N(2))}, INVALID + "Invalid number of argument(s) for the EQ ComparisonOperator"),
    ({**OF_A, "c": compare("BETWEEN", N(1))}, INVALID + "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
    ({**OF_A, "c": compare("BETWEEN", N(1), S("2"))}, INVALID + "AttributeValues inside AttributeValueList must be of same type"),
    ({**OF_A, "c": compare("BETWEEN", N(2), N(1))},
     "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"),
    ({**OF_A, "c": compare("LT", {"SS": ["x"]})}, INVALID + "ComparisonOperator LT is not valid for SS AttributeValue type"),
    ({**OF_A, "c": compare("BEGINS_WITH", N(1))}, INVALID + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
    ({**OF_A, "c": compare("EQ", {"N": "x"})}, "The parameter cannot be converted to a numeric value: x"),
])
def test_errors_of_key_conditions(shoal, table, conditions, message):
    expect_error(shoal.call("Query", {"TableName": table, "KeyConditions": conditions}), message)


@pytest.mark.parametrize("operation, more", [
    ("Scan", {"AttributesToGet": [""]}), ("Scan", {"ScanFilter": {"": compare("NULL")}}), ("Query", {"KeyConditions": {**OF_A, "": compare("EQ", S("x"))}}),
    ("GetItem", {"Key": item(p="a", c=1), "AttributesToGet": ["v", ""]}),
    ("PutItem", {"Item": item(p="a", c=1), "Expected": {"": {"Exists": False}}}),
    ("UpdateItem", {"Key": item(p="a", c=1), "AttributeUpdates": {"": {"Action": "DELETE"}}}),
])
def test_an_attribute_has_a_name(shoal, table, operation, more):
    reply = shoal.call(operation, {"TableName": table, **more})
    assert (reply.status, reply.message.removeprefix(ENVELOPE)) == (400, "Empty attribute name")


def test_what_is_not_indexable_is_told_once_the_schema_is_known(shoal):
    body = {"KeyConditions": {**OF_A, "c": compare("NE", N(1))}}
    expect_error(shoal.call("Query", {"TableName": "nosuch", **body}), "Requested resource not found", "ResourceNotFoundException")
    expect_error(shoal.call("Query", {"TableName": shoal.create_table("p:S"), **body}), "Query key condition not supported")


def test_three_conditions_are_one_too_many(shoal, table):
    conditions = {**OF_A, "c": compare("EQ", N(1)), "v": compare("EQ", S("x"))}
    expect_error(shoal.call("Query", {"TableName": table, "KeyConditions": conditions}),
                 "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)")


BOTH = "Can not use both expression and non-expression parameters in the same request: "


@pytest.mark.parametrize("operation, body, message", [
    ("Query", {}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
    ("Query", {"KeyConditions": OF_A, "KeyConditionExpression": "p = :p"},
     BOTH + "Non-expression parameters: {KeyConditions} Expression parameters: {KeyConditionExpression}"),
    ("Query", {"KeyConditions": OF_A, "QueryFilter": {}, "AttributesToGet": ["a"], "ConditionalOperator": "AND",
               "ProjectionExpression": "a", "FilterExpression": "b = :b", "KeyConditionExpression": "p = :p"},
     BOTH + "Non-expression parameters: {AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions} "
            "Expression parameters: {ProjectionExpression, FilterExpression, KeyConditionExpression}"),
    ("Query", {"KeyConditions": OF_A, "QueryFilter": {}, "FilterExpression": "b = :b"},
     BOTH + "Non-expression parameters: {QueryFilter} Expression parameters: {FilterExpression}"),
    ("Query", {"KeyConditions": OF_A, "QueryFilter": {"c": compare("EQ", N(1))}},
     "QueryFilter can only contain non-primary key attributes: Primary key attribute: c"),
    ("Query", {"KeyConditions": OF_A, "QueryFilter": {"p": compare("EQ", S("a"))}},
     "QueryFilter can only contain non-primary key attributes: Primary key attribute: p"),
    ("Query", {"KeyConditions": OF_A, "QueryFilter": {"x": compare("LT", {"BOOL": True})}},
     INVALID + "ComparisonOperator LT is not valid for BOOL AttributeValue type"),
    ("Query", {"KeyConditions": OF_A, "ConditionalOperator": "OR"},
     "ConditionalOperator cannot be used without Filter or Expected"),
    ("Query", {"KeyConditions": OF_A, "ConditionalOperator": "OR", "QueryFilter": {"x": compare("NULL")}},
     "ConditionalOperator can only be used when Filter or Expected has two or more elements"),
    ("Query", {"KeyConditions": OF_A, "ConditionalOperator": "x"},
     "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"),
    ("Query", {"KeyConditions": {"p": {"AttributeValueList": [S("a")]}}},
     ENVELOPE + "Value null at 'keyConditions.p.member.comparisonOperator' failed to satisfy constraint: "
                "Member must not be null"),
    ("Query", {"KeyConditions": OF_A, "QueryFilter": {"x": {}}},
     ENVELOPE + "Value null at 'queryFilter.x.member.comparisonOperator' failed to satisfy constraint: "
                "Member must not be null"),
    ("Query", {"KeyConditions": OF_A, "AttributesToGet": ["a", "b", "a"]},
     INVALID + "Duplicate value in attribute name: a"),
    ("Query", {"KeyConditions": OF_A, "AttributesToGet": ["a"], "Select": "ALL_ATTRIBUTES"},
     ENVELOPE + "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES"),
    ("Query", {"KeyConditions": OF_A, "AttributesToGet": ["a"], "Select": "COUNT"},
     ENVELOPE + "Cannot specify the AttributesToGet when choosing to get only the Count"),
    ("Query", {"KeyConditions": {"g": compare("EQ", S("g"))}, "IndexName": "gsi", "AttributesToGet": ["v", "p"]},
     INVALID + "Global secondary index gsi does not project [v]"),
    ("Query", {"KeyConditions": {"g": compare("EQ", S("g"))}, "IndexName": "gsi", "QueryFilter": {"v": compare("NULL")}},
     INVALID + "Secondary index gsi does not project one or more filter attributes: [v]"),
    # A filter is read before the key conditions are.
    ("Query", {"KeyConditions": {}, "QueryFilter": {"x": compare("EQ")}},
     INVALID + "Invalid number of argument(s) for the EQ ComparisonOperator"),
    ("Scan", {"ScanFilter": {}, "FilterExpression": "b = :b"},
     BOTH + "Non-expression parameters: {ScanFilter} Expression parameters: {FilterExpression}"),
    ("Scan", {"ScanFilter": {}, "AttributesToGet": ["a"], "ConditionalOperator": "AND", "ProjectionExpression": "a",
              "FilterExpression": "b = :b"},
     BOTH + "Non-expression parameters: {AttributesToGet, ScanFilter, ConditionalOperator} "
            "Expression parameters: {ProjectionExpression, FilterExpression}"),
    ("Scan", {"ScanFilter": {"x": compare("IN", S("a"), N(1))}},
     INVALID + "AttributeValues inside AttributeValueList must be of same type"),
    ("Scan", {"ConditionalOperator": "AND"}, "ConditionalOperator cannot be used without Filter or Expected"),
    ("Scan", {"ConditionalOperator": "AND", "ScanFilter": {"x": compare("NULL")}},
     "ConditionalOperator can only be used when Filter or Expected has two or more elements"),
    ("Scan", {"AttributesToGet": ["a", "a"]}, INVALID + "Duplicate value in attribute name: a"),
    ("Scan", {"AttributesToGet": ["a"], "Select": "ALL_ATTRIBUTES"},
     "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES"),
    ("Scan", {"AttributesToGet": []},
     ENVELOPE + "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ("GetItem", {"Key": item(p="a", c=1), "AttributesToGet": ["a", "a"]},
     INVALID + "Duplicate value in attribute name: a"),
    ("GetItem", {"Key": item(p="a", c=1), "AttributesToGet": []},
     ENVELOPE + "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ("GetItem", {"Key": item(p="a", c=1), "AttributesToGet": ["a"], "ProjectionExpression": "a"},
     BOTH + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"),
    ("GetItem", {"Key": item(p="a", c=1), "AttributesToGet": ["a"], "ExpressionAttributeNames": {"#a": "a"}},
     "ExpressionAttributeNames can only be specified when using expressions"),
])
def test_errors(shoal, table, operation, body, message):
    expect_error(shoal.call(operation, fill({"TableName": "T", **body}, table)), message)


def test_attributes_to_get_in_a_batch(shoal, table):
    def batch(**more):
        return shoal.call("BatchGetItem", {"RequestItems": {table: {"Keys": [item(p="a", c=1)], **more}}})

    expect_error(batch(AttributesToGet=["a", "a"]), INVALID + "Duplicate value in attribute name: a")
    expect_error(batch(AttributesToGet=["a"], ProjectionExpression="a"),
                 BOTH + "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}")

"""Query, from outside: ranges, pages, indexes, capacity, and every error of key conditions."""

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

KEYCOND = "Invalid KeyConditionExpression: "


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N", gsi={"gsi": ("g:S c:N", ["x"]), "all": "g:S"}, lsi={"lsi": ("p:S l:S", "KEYS_ONLY")})
    for c in range(10):
        shoal.put(name, item(p="a", c=c, g=f"g{c % 2}", l=f"l{9 - c}", x=c, y=f"y{c}"))
    shoal.put(name, item(p="b", c=1))
    return name


@pytest.fixture(scope="module")
def hash_only(shoal):
    name = shoal.create_table("p:S")
    shoal.put(name, item(p="a"))
    return name


def query(table, condition=None, values=None, **more):
    body = {"TableName": table, **more}
    if condition is not None:
        body["KeyConditionExpression"] = condition
    if values is not None:
        body["ExpressionAttributeValues"] = values
    return body


A = {":p": {"S": "a"}}


def numbers(result, name="c"):
    return [int(entry[name]["N"]) for entry in result["Items"]]


@pytest.mark.parametrize("condition, values, expected", [
    ("p = :p", {}, range(10)), (":p = p", {}, range(10)), ("(p = :p)", {}, range(10)),
    ("p = :p AND c = :c", {":c": 3}, [3]), ("p = :p AND c < :c", {":c": 3}, [0, 1, 2]),
    ("p = :p AND c <= :c", {":c": 3}, [0, 1, 2, 3]), ("p = :p AND c > :c", {":c": 7}, [8, 9]),
    ("p = :p and c >= :c", {":c": 7}, [7, 8, 9]), ("c BETWEEN :c AND :d AND p = :p", {":c": 2, ":d": 4}, [2, 3, 4]),
    ("p = :p AND :c < c", {":c": 7}, [8, 9]), ("(p = :p) AND (c = :c)", {":c": 3}, [3]),
    ("p = :p AND c = :c", {":c": 99}, []), ("p = :p AND c BETWEEN :c AND :d", {":c": 2.5, ":d": 2.6}, []),
    ("p = :p AND c > :c", {":c": -5}, range(10)),
])
def test_key_conditions_cut_ranges_in_order(shoal, table, condition, values, expected):
    substituted = {**A, **{name: {"N": str(value)} for name, value in values.items()}}
    got = shoal.ok("Query", query(table, condition, substituted))
    assert numbers(got) == list(expected)
    assert (got["Count"], got["ScannedCount"]) == (len(expected), len(expected))
    assert "LastEvaluatedKey" not in got
    backwards = shoal.ok("Query", query(table, condition, substituted, ScanIndexForward=False))
    assert numbers(backwards) == list(reversed(expected))


def test_names_can_be_substituted_in_key_conditions(shoal, table):
    got = shoal.ok("Query", query(table, "#p = :p AND #c < :c", {**A, ":c": {"N": "2"}},
                                  ExpressionAttributeNames={"#p": "p", "#c": "c"}))
    assert numbers(got) == [0, 1]


def test_sort_keys_are_in_order_of_value(shoal):
    numeric = shoal.create_table("p:S c:N")
    values = ["-1E125", "-100", "-2", "-1.5", "-1E-130", "0", "1E-130", "0.5", "1", "9", "10", "11.5", "1E125"]
    for value in reversed(values):
        shoal.put(numeric, {"p": {"S": "a"}, "c": {"N": value}, "v": {"S": value}})
    got = shoal.ok("Query", query(numeric, "p = :p", A))
    assert [entry["v"]["S"] for entry in got["Items"]] == values

    text = shoal.create_table("p:S c:S")
    words = ["A", "Z", "a", "a\u0000", "a\u0001", "aa", "b", "é", "\uffff", "😀"]
    for word in reversed(words):
        shoal.put(text, item(p="a", c=word))
    got = shoal.ok("Query", query(text, "p = :p", A))
    assert [entry["c"]["S"] for entry in got["Items"]] == sorted(words, key=lambda word: word.encode())

    binary = shoal.create_table("p:S c:B")
    for value in ("/w==", "AA==", "AAA=", "gA==", "AQ=="):
        shoal.put(binary, {"p": {"S": "a"}, "c": {"B": value}})
    got = shoal.ok("Query", query(binary, "p = :p", A))
    assert [entry["c"]["B"] for entry in got["Items"]] == ["AA==", "AAA=", "AQ==", "gA==", "/w=="]


def test_begins_with_is_a_range_of_the_sort_key(shoal):
    table = shoal.create_table("p:S c:S")
    for word in ("a", "ab", "abc", "abd", "b", "ab\uffff"):
        shoal.put(table, item(p="a", c=word))
    got = shoal.ok("Query", query(table, "p = :p AND begins_with(c, :ab)", {**A, ":ab": {"S": "ab"}}))
    assert [entry["c"]["S"] for entry in got["Items"]] == ["ab", "abc", "abd", "ab\uffff"]


# ---- Pages

@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("limit", [1, 3, 7, 10, 11])
def test_pages_join_to_the_whole(shoal, table, forward, limit):
    seen, start, pages = [], None, 0
    while True:
        body = query(table, "p = :p", A, Limit=limit, ScanIndexForward=forward)
        if start:
            body["ExclusiveStartKey"] = start
        got = shoal.ok("Query", body)
        seen += numbers(got)
        pages += 1
        start = got.get("LastEvaluatedKey")
        if not start:
            break
        assert start == item(p="a", c=seen[-1])
    assert seen == (list(range(10)) if forward else list(range(9, -1, -1)))
    assert pages == 10 // limit + 1  # A last page that is just filled still has a key to go on from.


@pytest.mark.parametrize("index, key", [("gsi", "g:S c:N p:S"), ("all", "g:S p:S c:N"), ("lsi", "p:S l:S c:N")])
def test_pages_of_an_index_go_on_from_keys_of_index_and_table(shoal, table, index, key):
    condition, values = ("p = :v", {":v": {"S": "a"}}) if index == "lsi" else ("g = :v", {":v": {"S": "g0"}})
    whole = shoal.ok("Query", query(table, condition, values, IndexName=index))["Items"]
    paged, start = [], None
    while True:
        body = query(table, condition, values, IndexName=index, Limit=2, **({"ExclusiveStartKey": start} if start else {}))
        got = shoal.ok("Query", body)
        paged += got["Items"]
        start = got.get("LastEvaluatedKey")
        if not start:
            break
        assert set(start) == {part.split(":")[0] for part in key.split()}
    assert paged == whole


def test_a_page_ends_with_the_item_that_reaches_1_mb(shoal):
    table = shoal.create_table("p:S c:N")
    for c in range(5):
        shoal.put(table, item(p="a", c=c, v="x" * 300_000))
    got = shoal.ok("Query", query(table, "p = :p", A))
    assert (got["Count"], got["LastEvaluatedKey"]) == (4, item(p="a", c=3))
    rest = shoal.ok("Query", query(table, "p = :p", A, ExclusiveStartKey=got["LastEvaluatedKey"]))
    assert (numbers(rest), "LastEvaluatedKey" in rest) == ([4], False)
    # The filter is applied to what was read: an empty page is followed by more.
    filtered = shoal.ok("Query", query(table, "p = :p", {**A, ":n": {"N": "1"}}, FilterExpression="z = :n"))
    assert (filtered["Count"], filtered["ScannedCount"], filtered["Items"]) == (0, 4, [])
    assert filtered["LastEvaluatedKey"] == item(p="a", c=3)


def test_one_may_go_on_from_the_key_of_an_item_that_is_gone(shoal, table):
    got = shoal.ok("Query", query(table, "p = :p", A, ExclusiveStartKey={"p": {"S": "a"}, "c": {"N": "4.5"}}))
    assert numbers(got) == [5, 6, 7, 8, 9]


# ---- Filters, projections, selections

def test_a_filter_counts_what_it_read_and_what_it_kept(shoal, table):
    got = shoal.ok("Query", query(table, "p = :p", {**A, ":x": {"N": "7"}}, FilterExpression="x >= :x"))
    assert (numbers(got), got["Count"], got["ScannedCount"]) == ([7, 8, 9], 3, 10)
    limited = shoal.ok("Query", query(table, "p = :p", {**A, ":x": {"N": "7"}}, FilterExpression="x >= :x", Limit=8))
    assert (numbers(limited), limited["ScannedCount"], limited["LastEvaluatedKey"]) == ([7], 8, item(p="a", c=7))


def test_count_alone(shoal, table):
    assert shoal.ok("Query", query(table, "p = :p", A, Select="COUNT")) == {"Count": 10, "ScannedCount": 10}


def test_a_projection(shoal, table):
    got = shoal.ok("Query", query(table, "p = :p AND c < :c", {**A, ":c": {"N": "2"}}, ProjectionExpression="x"))
    assert got["Items"] == [item(x=0), item(x=1)]
    same = shoal.ok("Query", query(table, "p = :p AND c < :c", {**A, ":c": {"N": "2"}}, ProjectionExpression="x",
                                   Select="SPECIFIC_ATTRIBUTES"))
    assert same == got


def test_a_global_index_gives_what_it_projects(shoal, table):
    got = shoal.ok("Query", query(table, "g = :g AND c < :c", {":g": {"S": "g0"}, ":c": {"N": "3"}}, IndexName="gsi"))
    assert got["Items"] == [item(p="a", c=0, g="g0", x=0), item(p="a", c=2, g="g0", x=2)]
    every = shoal.ok("Query", query(table, "g = :g", {":g": {"S": "g1"}}, IndexName="all"))
    assert sorted(numbers(every)) == [1, 3, 5, 7, 9]
    assert all(set(entry) == {"p", "c", "g", "l", "x", "y"} for entry in every["Items"])


def test_a_local_index_gives_its_projection_and_fetches_the_rest_when_asked(shoal, table):
    condition, values = "p = :p AND l < :l", {**A, ":l": {"S": "l2"}}
    got = shoal.ok("Query", query(table, condition, values, IndexName="lsi", ConsistentRead=True))
    assert got["Items"] == [item(p="a", c=9, l="l0"), item(p="a", c=8, l="l1")]
    full = shoal.ok("Query", query(table, condition, values, IndexName="lsi", Select="ALL_ATTRIBUTES",
                                   ReturnConsumedCapacity="INDEXES"))
    assert [entry["y"]["S"] for entry in full["Items"]] == ["y9", "y8"]
    assert full["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 1.5, "Table": {"CapacityUnits": 1},
                                        "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 0.5}}}
    some = shoal.ok("Query", query(table, condition, values, IndexName="lsi", ProjectionExpression="y"))
    assert some["Items"] == [item(y="y9"), item(y="y8")]
    projected = shoal.ok("Query", query(table, condition, values, IndexName="lsi", Select="ALL_PROJECTED_ATTRIBUTES"))
    assert projected["Items"] == got["Items"]


def test_a_filter_on_what_a_local_index_does_not_keep_shows_no_more_of_it(shoal, table):
    entry = [item(p="a", c=5, l="l4")]
    for filtered in ({"KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {**A, ":y": {"S": "y5"}}},
                     {"ExpressionAttributeValues": {":y": {"S": "y5"}}}):
        operation = "Query" if "KeyConditionExpression" in filtered else "Scan"
        found = shoal.ok(operation, {"TableName": table, "IndexName": "lsi", "FilterExpression": "y = :y", **filtered})
        assert found["Items"] == entry


# ---- Capacity

def test_it_costs_by_the_sum_of_what_it_read(shoal):
    table = shoal.create_table("p:S c:N", gsi={"gsi": "g:S"})
    for c in range(4):
        shoal.put(table, item(p="a", c=c, g="g", v="x" * 3000))  # 4 x about 3 KB: 12 KB, 3 units
    consumed = {"ReturnConsumedCapacity": "TOTAL"}
    assert shoal.ok("Query", query(table, "p = :p", A, ConsistentRead=True, **consumed))["ConsumedCapacity"] == {
        "TableName": table, "CapacityUnits": 3}
    assert shoal.ok("Query", query(table, "p = :p", A, **consumed))["ConsumedCapacity"]["CapacityUnits"] == 1.5
    counted = query(table, "p = :p", A, Select="COUNT", **consumed)
    assert shoal.ok("Query", counted)["ConsumedCapacity"]["CapacityUnits"] == 1.5
    nothing = query(table, "p = :p", {":p": {"S": "nobody"}}, **consumed)
    assert shoal.ok("Query", nothing)["ConsumedCapacity"]["CapacityUnits"] == 0.5
    assert shoal.ok("Query", {**nothing, "ConsistentRead": True})["ConsumedCapacity"]["CapacityUnits"] == 1
    index = query(table, "g = :g", {":g": {"S": "g"}}, IndexName="gsi", ReturnConsumedCapacity="INDEXES")
    assert shoal.ok("Query", index)["ConsumedCapacity"] == {
        "TableName": table, "CapacityUnits": 1.5, "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 1.5}}}


# ---- Errors

@pytest.mark.parametrize("body, message", [
    ({"KeyConditionExpression": "p = :p"},
     ENVELOPE + "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T", "Select": "x"},
     ENVELOPE + "Value 'x' at 'select' failed to satisfy constraint: Member must satisfy enum value set: "
                "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"),
    ({"TableName": "T", "Limit": 0},
     ENVELOPE + "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ({"TableName": "T"},
     "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
    ({"TableName": "T", "KeyConditionExpression": "p = :p", "KeyConditions": {}, "QueryFilter": {}},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {QueryFilter, KeyConditions} Expression parameters: {KeyConditionExpression}"),
    ({"TableName": "T", "KeyConditionExpression": ""}, KEYCOND + "The expression can not be empty;"),
    ({"TableName": "nosuch", "KeyConditionExpression": ""}, KEYCOND + "The expression can not be empty;"),
])
def test_errors_of_the_request(shoal, table, body, message):
    expect_error(shoal.call("Query", fill(body, table)), message)


TEN = {":p": {"S": "a"}, ":c": {"N": "1"}, ":d": {"N": "0"}, ":s": {"S": "x"}, ":ss": {"SS": ["a"]}, ":b": {"BOOL": True}}
SCALARS = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"


def named(expression):
    import re
    return {name: TEN[name] for name in set(re.findall(r":\w+", expression)) if name in TEN}


@pytest.mark.parametrize("condition, message", [
    ("c = :c", "Query condition missed key schema element: p"),
    ("p = :p AND x = :c", "Query condition missed key schema element: c"),
    ("p > :p", "Query key condition not supported"),
    ("p BETWEEN :p AND :s", "Query key condition not supported"),
    ("begins_with(p, :p)", "Query key condition not supported"),
    ("p = :p OR c = :c", KEYCOND + "Invalid operator used in KeyConditionExpression: OR"),
    ("NOT p = :p", KEYCOND + "Invalid operator used in KeyConditionExpression: NOT"),
    ("p IN (:p)", KEYCOND + "Invalid operator used in KeyConditionExpression: IN"),
    ("p <> :p", KEYCOND + "Invalid operator used in KeyConditionExpression: <>"),
    ("p = :p AND attribute_exists(c)", KEYCOND + "Invalid operator used in KeyConditionExpression: attribute_exists"),
    ("p = :p AND attribute_not_exists(c)",
     KEYCOND + "Invalid operator used in KeyConditionExpression: attribute_not_exists"),
    ("p = :p AND contains(c, :c)", KEYCOND + "Invalid operator used in KeyConditionExpression: contains"),
    ("p = :p AND size(c) = :c", KEYCOND + "KeyConditionExpressions cannot contain nested operations"),
    (":p = :p", KEYCOND + "Invalid condition in KeyConditionExpression: No key attribute specified"),
    ("p = c", KEYCOND + "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
    ("p = :p AND :c BETWEEN c AND :d",
     KEYCOND + "Invalid condition in KeyConditionExpression: "
               "BETWEEN operator must have the key attribute as its first operand"),
    ("p = :p AND begins_with(:s, c)",
     KEYCOND + "Invalid condition in KeyConditionExpression: "
               "begins_with operator must have the key attribute as its first operand"),
    ("p = :p AND c > :c AND c < :d", KEYCOND + "KeyConditionExpressions must only contain one condition per key"),
    ("p = :p AND c = :c AND x = :d",
     "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)"),
    ("p = :c", "One or more parameter values were invalid: Condition parameter type does not match schema type"),
    ("p = :p AND c = :s", "One or more parameter values were invalid: "
                          "Condition parameter type does not match schema type"),
    ("p = :ss", "One or more parameter values were invalid: Condition parameter type does not match schema type"),
    ("p = :p AND c < :b",
     KEYCOND + "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"),
    ("p = :p AND begins_with(c, :c)",
     KEYCOND + "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
    ("p = :p AND c BETWEEN :c AND :d",
     KEYCOND + "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
               "lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {N:0}"),
    ("p = :p AND c BETWEEN :c AND :s",
     KEYCOND + "The BETWEEN operator requires same data type for lower and upper bounds; "
               "lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}"),
    ("p = :p AND", KEYCOND + 'Syntax error; token: "<EOF>", near: "AND"'),
    ("p = :zz", KEYCOND + "An expression attribute value used in expression is not defined; attribute value: :zz"),
    ("#zz = :p", KEYCOND + "An expression attribute name used in the document path is not defined; "
                           "attribute name: #zz"),
    ("p = :p AND name = :s", KEYCOND + "Attribute name is a reserved keyword; reserved keyword: name"),
    ("((p = :p))", KEYCOND + "The expression has redundant parentheses;"),
])
def test_errors_of_the_key_condition(shoal, table, condition, message):
    body = query(table, condition, named(condition) or {":unused": {"S": ""}})
    expect_error(shoal.call("Query", body), message)


def test_a_nested_path_is_no_key(shoal, table):
    reply = shoal.call("Query", query(table, "p.x = :p", A))
    assert reply.message in (SCALARS, KEYCOND + "KeyConditionExpressions cannot have conditions on nested attributes")


def test_an_empty_key_value_is_refused(shoal, table):
    expect_error(shoal.call("Query", query(table, "p = :p", {":p": {"S": ""}})),
                 "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                 "empty string value. Key: p")


def test_a_table_without_sort_key_takes_one_condition(shoal, hash_only):
    assert shoal.ok("Query", query(hash_only, "p = :p", A))["Count"] == 1
    reply = shoal.call("Query", query(hash_only, "p = :p AND c = :c", {**A, ":c": {"N": "1"}}))
    assert reply.message in ("Query key condition not supported",
                             "The number of query conditions (2) exceeds the number of key attributes defined in the "
                             "schema (1)"), reply.body


@pytest.mark.parametrize("more, message", [
    ({"IndexName": "nope"}, "The table does not have the specified index: nope"),
    ({"Select": "ALL_ATTRIBUTES", "ProjectionExpression": "x"},
     ENVELOPE + "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"),
    ({"Select": "ALL_PROJECTED_ATTRIBUTES", "ProjectionExpression": "x", "IndexName": "lsi"},
     ENVELOPE + "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES"),
    ({"Select": "COUNT", "ProjectionExpression": "x"},
     ENVELOPE + "Cannot specify the ProjectionExpression when choosing to get only the Count"),
    ({"Select": "SPECIFIC_ATTRIBUTES"},
     ENVELOPE + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
    ({"Select": "ALL_PROJECTED_ATTRIBUTES"},
     ENVELOPE + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    ({"FilterExpression": "p = :p"},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: p"),
    ({"FilterExpression": "attribute_exists(c)"},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: c"),
    ({"FilterExpression": "attribute_exists(l)", "IndexName": "lsi"},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: l"),
    ({"FilterExpression": ""}, "Invalid FilterExpression: The expression can not be empty;"),
    ({"ProjectionExpression": "x, x"},
     "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these "
     "paths; path one: [x], path two: [x]"),
    ({"ProjectionExpression": "p.x"}, SCALARS),
    ({"ExpressionAttributeNames": {"#a": "a"}},
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"),
    ({"ExclusiveStartKey": {}}, "The provided starting key is invalid"),
    ({"ExclusiveStartKey": item(p="a")}, "The provided starting key is invalid"),
    ({"ExclusiveStartKey": item(p="a", c=1, x=1)}, "The provided starting key is invalid"),
    ({"ExclusiveStartKey": item(p="a", c="1")},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"ExclusiveStartKey": item(p="", c=1)},
     "The provided starting key is invalid: One or more parameter values are not valid. The AttributeValue for a key "
     "attribute cannot contain an empty string value. Key: p"),
    ({"ExclusiveStartKey": item(p="b", c=1)},
     "The provided starting key is outside query boundaries based on provided conditions"),
    ({"ExclusiveStartKey": {"p": {"S": "a"}, "c": {}}},
     "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the "
     "supported datatypes"),
    ({"ExclusiveStartKey": {"p": {"S": "a"}, "c": {"N": "x"}}},
     "The parameter cannot be converted to a numeric value: x"),
])
def test_errors_of_the_other_parameters(shoal, table, more, message):
    expect_error(shoal.call("Query", query(table, "p = :p", A, **more)), message)


@pytest.mark.parametrize("more, message", [
    ({"ConsistentRead": True}, "Consistent reads are not supported on global secondary indexes"),
    ({"Select": "ALL_ATTRIBUTES"},
     "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary "
     "index gsi because its projection type is not ALL"),
    ({"ProjectionExpression": "y"},
     "One or more parameter values were invalid: Global secondary index gsi does not project [y]"),
    ({"FilterExpression": "attribute_exists(y)"},
     "One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: "
     "[y]"),
    ({"FilterExpression": "attribute_exists(g)"},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: g"),
    ({"ExclusiveStartKey": item(p="a", c=1)}, "The provided starting key is invalid"),
])
def test_errors_on_a_global_index(shoal, table, more, message):
    expect_error(shoal.call("Query", query(table, "g = :g", {":g": {"S": "g0"}}, IndexName="gsi", **more)), message)


def test_the_starting_key_must_lie_in_the_range(shoal, table):
    values = {**A, ":c": {"N": "5"}}
    expect_error(shoal.call("Query", query(table, "p = :p AND c > :c", values, ExclusiveStartKey=item(p="a", c=2))),
                 "The provided starting key does not match the range key predicate")
    expect_error(shoal.call("Query", query(table, "p = :p AND c = :c", values, ExclusiveStartKey=item(p="b", c=5))),
                 "The query can return at most one row and cannot be restarted")


@pytest.mark.parametrize("condition, message", [
    ("g.a = :v", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g"),
    ("g = :v AND p[0] = :v", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"),
    ("g = :v AND x.a = :v", "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes"),
    ("x[1] = :v", "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes"),
])
def test_key_conditions_of_an_index_name_attributes(shoal, table, condition, message):
    expect_error(shoal.call("Query", query(table, condition, {":v": {"S": "x"}}, IndexName="all")), message)


def test_of_an_index_many_items_may_have_one_key(shoal, table):
    elsewhere = query(table, "g = :g", {":g": {"S": "g0"}}, IndexName="all", ExclusiveStartKey=item(p="a", c=1, g="g1"))
    expect_error(shoal.call("Query", elsewhere), "The provided starting key is outside query boundaries based on provided conditions")
    elsewhere = query(table, "p = :p AND l = :l", {**A, ":l": {"S": "l1"}}, IndexName="lsi", ExclusiveStartKey=item(p="b", c=1, l="l1"))
    expect_error(shoal.call("Query", elsewhere), "The provided starting key is outside query boundaries based on provided conditions")


@pytest.mark.parametrize("more, message", [
    ({"FilterExpression": "size(y"}, 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "y"'),
    ({"ProjectionExpression": "y, y"}, "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of "
                                       "these paths; path one: [y], path two: [y]"),
    ({"FilterExpression": "y = x"}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
])
def test_that_no_key_condition_is_given_is_told_after_the_other_expressions(shoal, table, more, message):
    expect_error(shoal.call("Query", query(table, **more)), message)


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("Query", query("nosuch", "p = :p", A)), "Requested resource not found",
                 "ResourceNotFoundException")


KEY_SCALAR = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
NUMERIC = "The parameter cannot be converted to a numeric value: x"
BAD_VALUES = [  # of a starting key: these come bare, ...
    ({"N": "x"}, NUMERIC), ({"NS": ["1", "x"]}, NUMERIC), ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
    ({"N": "1E126"}, "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ({"N": "1E-131"}, "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
    ({"NS": []}, "One or more parameter values were invalid: An number set  may not be empty"),
    ({"SS": ["a", "a"]}, 'One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates.'),
    ({"NS": ["1", "1.0"]}, "One or more parameter values were invalid: Input collection contains duplicates."),
    # ... all others after a preface.
    ({}, "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"S": "a", "N": "1"}, "The provided starting key is invalid: Supplied AttributeValue has more than one datatypes set, must contain "
                           "exactly one of the supported datatypes"),
    ({"NULL": False}, "The provided starting key is invalid: One or more parameter values were invalid: Null attribute value types must "
                      "have the value of true"),
    ({"SS": []}, "The provided starting key is invalid: One or more parameter values were invalid: An string set  may not be empty"),
    ({"BS": []}, "The provided starting key is invalid: One or more parameter values were invalid: Binary sets should not be empty"),
]


@pytest.mark.parametrize("value, message", BAD_VALUES, ids=[str(case[0])[:40] for case in BAD_VALUES])
def test_bad_values_in_a_starting_key(shoal, table, value, message):
    start = {"p": {"S": "a"}, "c": value}
    expect_error(shoal.call("Query", query(table, "p = :p", A, ExclusiveStartKey=start)), message)
    older = {'["a", "a"] contains': "[a, a] contains", "One or more parameter values were invalid: Input collection contains duplicates.":
             "Input collection contains duplicates"}
    for newer, words in older.items():
        message = message.replace(newer, words)
    expect_error(shoal.call("Scan", {"TableName": table, "ExclusiveStartKey": start}), message)


@pytest.mark.parametrize("condition, numbers_", [
    (":c < c AND p = :p", [6, 7, 8, 9]), (":c <= c AND :p = p", [5, 6, 7, 8, 9]), ("p = :p AND :c > c", [0, 1, 2, 3, 4]),
    ("p = :p AND :c >= c", [0, 1, 2, 3, 4, 5]), ("(p = :p) AND (c = :c)", [5]), ("(p = :p AND c = :c)", [5])])
def test_operands_may_be_swapped_and_conditions_stand_in_parentheses(shoal, table, condition, numbers_):
    assert numbers(shoal.ok("Query", query(table, condition, {**A, ":c": {"N": "5"}}))) == numbers_


@pytest.mark.parametrize("condition, message", [
    ("p = :p AND attribute_type(c, :s)", KEYCOND + "Invalid operator used in KeyConditionExpression: attribute_type"),
    ("p = :p AND NOT c = :c", KEYCOND + "Invalid operator used in KeyConditionExpression: NOT"),
    ("p = :p AND c <> :c", KEYCOND + "Invalid operator used in KeyConditionExpression: <>"),
    ("p = :p AND c IN (:c)", KEYCOND + "Invalid operator used in KeyConditionExpression: IN"),
    ("p = :p AND c BETWEEN :c AND c", None), ("p = :p AND :c = :c", KEYCOND + "Invalid condition in KeyConditionExpression: No key "
                                                                              "attribute specified"),
    ("p = :p AND x = y", KEYCOND + "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
])
def test_more_errors_of_the_key_condition(shoal, table, condition, message):
    values = {**A, ":c": {"N": "1"}, ":s": {"S": "S"}}
    values = {name: value for name, value in values.items() if name in condition}
    reply = shoal.call("Query", query(table, condition, values))
    if message:
        expect_error(reply, message)
    else:
        assert (reply.status, reply.type) == (400, "ValidationException") and reply.message.startswith(KEYCOND)


@pytest.mark.parametrize("values, message", [
    ({":a": {"B": "Ag=="}, ":b": {"B": "AQ=="}}, "lower bound operand: AttributeValue: {B:Ag==}, upper bound operand: AttributeValue: {B:AQ==}"),
    ({":a": {"S": "b"}, ":b": {"S": "a"}}, "lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}")])
def test_bounds_are_shown_as_they_are(shoal, table, values, message):
    told = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; " + message
    expect_error(shoal.call("Query", query(table, "p = :p AND c BETWEEN :a AND :b", {**A, **values})), KEYCOND + told)
    expect_error(shoal.call("Query", query(table, "p = :p", {**A, **values}, FilterExpression="y BETWEEN :a AND :b")),
                 "Invalid FilterExpression: " + told)


@pytest.mark.parametrize("value", [{"S": ""}, {"N": "1"}, {"BOOL": True}, {"NULL": True}, {"L": []}, {"M": {}}, {"SS": ["a"]}, {"NS": ["1"]}])
def test_key_values_of_another_type_or_empty(shoal, table, value):
    told = ("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
            if value == {"S": ""} else "One or more parameter values were invalid: Condition parameter type does not match schema type")
    expect_error(shoal.call("Query", query(table, "p = :p", {":p": value})), told)


def test_a_key_condition_on_a_nested_path(shoal, table):
    expect_error(shoal.call("Query", query(table, "p = :p AND c.x = :c", {**A, ":c": {"N": "1"}})), KEY_SCALAR + "Key: c")


@pytest.mark.parametrize("more, message", [
    ({"FilterExpression": "l.x = :p"}, KEY_SCALAR + "IndexKey: l"), ({"ProjectionExpression": "g[0]"}, KEY_SCALAR + "IndexKey: g"),
    ({"FilterExpression": "p.x = :p"}, None)])
def test_nested_paths_of_filters_and_projections(shoal, table, more, message):
    reply = shoal.call("Query", query(table, "p = :p", A, **more))
    told = {message} if message else {KEY_SCALAR + "Key: p",
                                      "Filter Expression can only contain non-primary key attributes: Primary key attribute: p"}
    assert reply.message in told, reply.body


def test_the_tables_sort_key_may_be_filtered_in_a_local_index(shoal, table):
    got = shoal.ok("Query", query(table, "p = :p", {**A, ":c": {"N": "5"}}, IndexName="lsi", FilterExpression="c < :c"))
    assert sorted(numbers(got)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("select, told", [
    ("ALL_ATTRIBUTES", "ALL_ATTRIBUTES"), ("ALL_PROJECTED_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"), ("COUNT", "only the Count")])
def test_a_list_of_attributes_conflicts_with_selections(shoal, table, select, told):
    told = f"Cannot specify the AttributesToGet when choosing to get {told}"
    condition = {"p": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}
    body = {"TableName": table, "IndexName": "lsi", "Select": select, "AttributesToGet": ["x"]}
    expect_error(shoal.call("Query", {**body, "KeyConditions": condition}), ENVELOPE + told)
    expect_error(shoal.call("Scan", body), told)

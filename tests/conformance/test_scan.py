"""Scan, from outside: whole tables and indexes, in pages and in segments."""

import concurrent.futures

import pytest

from support.expect import ENVELOPE, expect_error, fill, item, sort_items
from support.shoal_process import Wire

COUNT = 200


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S", gsi={"gsi": ("g:S", "KEYS_ONLY")}, lsi=None)
    for n in range(COUNT):
        shoal.put(name, item(p=f"p{n}", n=n, **({"g": f"g{n % 5}"} if n % 2 else {})))
    return name


def pages(wire, body):
    start = None
    while True:
        got = wire.ok("Scan", {**body, **({"ExclusiveStartKey": start} if start else {})})
        yield got
        start = got.get("LastEvaluatedKey")
        if not start:
            return


def test_every_item_once(shoal, table):
    got = shoal.ok("Scan", {"TableName": table})
    assert (got["Count"], got["ScannedCount"], "LastEvaluatedKey" in got) == (COUNT, COUNT, False)
    assert {entry["p"]["S"] for entry in got["Items"]} == {f"p{n}" for n in range(COUNT)}


@pytest.mark.parametrize("limit", [1, 7, COUNT, COUNT + 1])
def test_pages_join_to_the_whole_in_the_same_order(shoal, table, limit):
    whole = shoal.ok("Scan", {"TableName": table})["Items"]
    assert [entry for page in pages(shoal, {"TableName": table, "Limit": limit}) for entry in page["Items"]] == whole


@pytest.mark.parametrize("segments", [1, 2, 7, 100])
def test_segments_share_the_table_without_overlap(shoal, table, segments):
    seen = []
    for segment in range(segments):
        for page in pages(shoal, {"TableName": table, "TotalSegments": segments, "Segment": segment, "Limit": 9}):
            seen += [entry["p"]["S"] for entry in page["Items"]]
    assert sorted(seen) == sorted(f"p{n}" for n in range(COUNT))


def test_segments_can_be_read_side_by_side(shoal, table):
    def read(segment):
        wire = Wire(shoal.host, shoal.port)
        found = [entry for page in pages(wire, {"TableName": table, "TotalSegments": 8, "Segment": segment})
                 for entry in page["Items"]]
        wire.close()
        return found

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(read, range(8)))
    assert sum(map(len, parts)) == COUNT
    assert sum(1 for part in parts if part) > 4, "segments are to be of about equal size"


def test_an_index_holds_those_that_have_its_key(shoal, table):
    got = shoal.ok("Scan", {"TableName": table, "IndexName": "gsi"})
    assert sort_items(got["Items"]) == sort_items([item(p=f"p{n}", g=f"g{n % 5}") for n in range(1, COUNT, 2)])
    paged = [entry for page in pages(shoal, {"TableName": table, "IndexName": "gsi", "Limit": 3}) for entry in page["Items"]]
    assert paged == got["Items"]


def test_a_filter_may_name_keys(shoal, table):
    got = shoal.ok("Scan", {"TableName": table, "FilterExpression": "p = :p OR n < :n",
                            "ExpressionAttributeValues": {":p": {"S": "p50"}, ":n": {"N": "3"}}})
    assert ({entry["p"]["S"] for entry in got["Items"]}, got["Count"], got["ScannedCount"]) == (
        {"p0", "p1", "p2", "p50"}, 4, COUNT)


def test_count_alone(shoal, table):
    assert shoal.ok("Scan", {"TableName": table, "Select": "COUNT"}) == {"Count": COUNT, "ScannedCount": COUNT}


def test_a_projection(shoal, table):
    got = shoal.ok("Scan", {"TableName": table, "ProjectionExpression": "n", "Limit": 5})
    assert all(set(entry) == {"n"} for entry in got["Items"])


def test_a_page_ends_with_the_item_that_reaches_1_mb(shoal):
    table = shoal.create_table("p:S")
    for n in range(5):
        shoal.put(table, item(p=str(n), v="x" * 300_000))
    counts = [page["Count"] for page in pages(shoal, {"TableName": table})]
    assert counts == [4, 1]


@pytest.mark.parametrize("body, message", [
    ({}, ENVELOPE + "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T", "Limit": 0},
     ENVELOPE + "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ({"TableName": "T", "Select": "x"},
     ENVELOPE + "Value 'x' at 'select' failed to satisfy constraint: Member must satisfy enum value set: "
                "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"),
    ({"TableName": "T", "Segment": 0},
     "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"),
    ({"TableName": "T", "TotalSegments": 2},
     "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"),
    ({"TableName": "T", "Segment": 5, "TotalSegments": 5},
     "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than "
     "TotalSegments: 5"),
    ({"TableName": "T", "Segment": -1, "TotalSegments": 5},
     ENVELOPE + "Value '-1' at 'segment' failed to satisfy constraint: "
                "Member must have value greater than or equal to 0"),
    ({"TableName": "T", "Segment": 0, "TotalSegments": 0},
     ENVELOPE + "Value '0' at 'totalSegments' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1"),
    ({"TableName": "T", "Segment": 0, "TotalSegments": 1000001},
     ENVELOPE + "Value '1000001' at 'totalSegments' failed to satisfy constraint: "
                "Member must have value less than or equal to 1000000"),
    ({"TableName": "T", "IndexName": "nope"}, "The table does not have the specified index: nope"),
    ({"TableName": "T", "IndexName": "gsi", "ConsistentRead": True},
     "Consistent reads are not supported on global secondary indexes"),
    ({"TableName": "T", "IndexName": "gsi", "Select": "ALL_ATTRIBUTES"},
     "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary "
     "index gsi because its projection type is not ALL"),
    ({"TableName": "T", "IndexName": "gsi", "ProjectionExpression": "n"},
     "One or more parameter values were invalid: Global secondary index gsi does not project [n]"),
    ({"TableName": "T", "Select": "SPECIFIC_ATTRIBUTES"},
     "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
    ({"TableName": "T", "Select": "COUNT", "ProjectionExpression": "n"},
     "Cannot specify the ProjectionExpression when choosing to get only the Count"),
    ({"TableName": "T", "Select": "ALL_ATTRIBUTES", "ProjectionExpression": "n"},
     "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"),
    ({"TableName": "T", "Select": "ALL_PROJECTED_ATTRIBUTES"},
     "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    ({"TableName": "T", "FilterExpression": "a = :a", "ScanFilter": {}, "AttributesToGet": ["a"]},
     "Can not use both expression and non-expression parameters in the same request: "
     "Non-expression parameters: {AttributesToGet, ScanFilter} Expression parameters: {FilterExpression}"),
    ({"TableName": "T", "ExpressionAttributeValues": {":a": {"S": "a"}}},
     "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"),
    ({"TableName": "T", "ExpressionAttributeNames": {"#a": "a"}},
     "ExpressionAttributeNames can only be specified when using expressions"),
    ({"TableName": "T", "FilterExpression": "a = :a", "ExpressionAttributeValues": {":a": {"N": "x"}}},
     "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for "
     "key :a"),
    ({"TableName": "T", "FilterExpression": "p.x = :a", "ExpressionAttributeValues": {":a": {"S": "x"}}},
     "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"),
    ({"TableName": "T", "FilterExpression": "g.x = :a", "ExpressionAttributeValues": {":a": {"S": "x"}}},
     "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g"),
    ({"TableName": "T", "ExclusiveStartKey": item(x="a")},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"TableName": "T", "ExclusiveStartKey": item(p=1)},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"TableName": "T", "ExclusiveStartKey": {"p": {}}},
     "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the "
     "supported datatypes"),
    ({"TableName": "nosuch", "Segment": 1, "TotalSegments": 1},
     "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 1 is not less than "
     "TotalSegments: 1"),
])
def test_errors(shoal, table, body, message):
    expect_error(shoal.call("Scan", fill(body, table)), message)


def test_a_starting_key_of_another_segment_is_refused(shoal, table):
    first = {"TableName": table, "TotalSegments": 2, "Limit": 1}
    keys = [shoal.ok("Scan", {**first, "Segment": segment})["LastEvaluatedKey"] for segment in (0, 1)]
    expect_error(shoal.call("Scan", {**first, "Segment": 0, "ExclusiveStartKey": keys[1]}),
                 "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with "
                 "correct Segment. TotalSegments: 2 Segment: 0")


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("Scan", {"TableName": "nosuch"}), "Requested resource not found", "ResourceNotFoundException")


def test_it_costs_by_the_sum_of_what_it_read(shoal):
    table = shoal.create_table("p:S", gsi={"gsi": ("g:S", "KEYS_ONLY")})
    scan = {"TableName": table, "ReturnConsumedCapacity": "INDEXES"}
    assert shoal.ok("Scan", scan)["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 0.5,
                                                          "Table": {"CapacityUnits": 0.5}}
    for n in range(4):
        shoal.put(table, item(p=str(n), g="g", v="x" * 3000))
    assert shoal.ok("Scan", scan)["ConsumedCapacity"]["CapacityUnits"] == 1.5
    assert shoal.ok("Scan", {**scan, "ConsistentRead": True})["ConsumedCapacity"]["CapacityUnits"] == 3
    assert shoal.ok("Scan", {**scan, "IndexName": "gsi"})["ConsumedCapacity"] == {
        "TableName": table, "CapacityUnits": 0.5, "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 0.5}}}


@pytest.mark.parametrize("more, message", [
    ({"Segment": 1_000_000, "TotalSegments": 1_000_000},
     ENVELOPE + "Value '1000000' at 'segment' failed to satisfy constraint: Member must have value less than or equal to 999999"),
    ({"Select": "ALL_PROJECTED_ATTRIBUTES", "ProjectionExpression": "n", "IndexName": "gsi"},
     "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES"),
    ({"IndexName": "gsi", "FilterExpression": "attribute_exists(n)"},
     "One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [n]"),
    ({"IndexName": "gsi", "ProjectionExpression": "n, p, m"},
     "One or more parameter values were invalid: Global secondary index gsi does not project [n, m]"),
    ({"IndexName": "gsi", "ExclusiveStartKey": item(p="p1")},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"IndexName": "gsi", "ExclusiveStartKey": item(p="p1", g=1)},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"IndexName": "gsi", "ExclusiveStartKey": item(p="p1", g="")},
     "The provided starting key is invalid: One or more parameter values are not valid. A value specified for a secondary index "
     "key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi, "
     "IndexKey: g"),
    ({"ExclusiveStartKey": item(p="p1", n=1)},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"ExclusiveStartKey": {}}, "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"ExclusiveStartKey": item(p="")},
     "The provided starting key is invalid: One or more parameter values are not valid. The AttributeValue for a key "
     "attribute cannot contain an empty string value. Key: p"),
    ({"ProjectionExpression": "g.x"},
     "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g"),
])
def test_more_errors(shoal, table, more, message):
    expect_error(shoal.call("Scan", {"TableName": table, **more}), message)


def test_a_million_segments_are_not_too_many(shoal, table):
    assert shoal.ok("Scan", {"TableName": table, "Segment": 999_999, "TotalSegments": 1_000_000})["ScannedCount"] <= 1


def test_a_page_may_be_its_last_without_saying_so(shoal):
    """A page that is just as large as the data ends with a key: the next page is empty."""
    table = shoal.create_table("p:S")
    for n in range(3):
        shoal.put(table, item(p=str(n)))
    page = shoal.ok("Scan", {"TableName": table, "Limit": 3})
    rest = shoal.ok("Scan", {"TableName": table, "Limit": 3, "ExclusiveStartKey": page["LastEvaluatedKey"]})
    assert rest == {"Items": [], "Count": 0, "ScannedCount": 0}
    assert "LastEvaluatedKey" not in shoal.ok("Scan", {"TableName": table, "Limit": 4})

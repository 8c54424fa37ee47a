"""CreateTable and DescribeTable, from outside: what a table is said to be, and every error in production's order."""

import re
import time

import pytest

from support.expect import ENVELOPE, expect_error, item

INVALID = "One or more parameter values were invalid: "
NULL = " failed to satisfy constraint: Member must not be null"


def name(_count=[0]):
    _count[0] += 1
    return f"create{_count[0]}"


def attributes(text):
    return [{"AttributeName": part.split(":")[0], "AttributeType": part.split(":")[1]} for part in text.split()]


def schema(text):
    return [{"AttributeName": part, "KeyType": kind} for part, kind in zip(text.split(), ("HASH", "RANGE"))]


def index(index_name, key, projection="ALL", **more):
    return {"IndexName": index_name, "KeySchema": schema(key), "Projection": {"ProjectionType": projection}, **more}


def table(definitions="p:S", key="p", **more):
    return {"TableName": name(), "AttributeDefinitions": attributes(definitions), "KeySchema": schema(key),
            "BillingMode": "PAY_PER_REQUEST", **more}


THROUGHPUT = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def test_a_provisioned_table_is_described_in_full(shoal):
    body = table("p:S c:N", "p c", BillingMode="PROVISIONED", ProvisionedThroughput=THROUGHPUT)
    created = shoal.ok("CreateTable", body)["TableDescription"]
    described = shoal.ok("DescribeTable", {"TableName": body["TableName"]})["Table"]
    assert created["TableStatus"] in ("CREATING", "ACTIVE")
    assert abs(described.pop("CreationDateTime") - time.time()) < 60
    assert re.fullmatch(UUID, described.pop("TableId"))
    described.pop("WarmThroughput", None)
    assert described == {
        "AttributeDefinitions": body["AttributeDefinitions"], "TableName": body["TableName"],
        "KeySchema": body["KeySchema"], "TableStatus": "ACTIVE", "TableSizeBytes": 0, "ItemCount": 0,
        "ProvisionedThroughput": {**THROUGHPUT, "NumberOfDecreasesToday": 0},
        "TableArn": f"arn:aws:dynamodb:us-east-1:000000000000:table/{body['TableName']}",
        "DeletionProtectionEnabled": False}


def test_an_on_demand_table_with_indexes_is_described_in_full(shoal):
    body = table("p:S c:N g:B l:S", "p c",
                 GlobalSecondaryIndexes=[index("by_g", "g c", "INCLUDE")], LocalSecondaryIndexes=[index("by_l", "p l", "KEYS_ONLY")],
                 TableClass="STANDARD_INFREQUENT_ACCESS", DeletionProtectionEnabled=True,
                 SSESpecification={"Enabled": True, "SSEType": "KMS"}, Tags=[{"Key": "team", "Value": "blue"}])
    body["GlobalSecondaryIndexes"][0]["Projection"]["NonKeyAttributes"] = ["x", "y"]
    shoal.ok("CreateTable", body)
    described = shoal.ok("DescribeTable", {"TableName": body["TableName"]})["Table"]
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert described["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    assert described["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert described["DeletionProtectionEnabled"] is True
    assert described["SSEDescription"]["Status"] == "ENABLED" and described["SSEDescription"]["SSEType"] == "KMS"
    arn = described["TableArn"]
    [gsi], [lsi] = described["GlobalSecondaryIndexes"], described["LocalSecondaryIndexes"]
    gsi.pop("WarmThroughput", None)
    assert gsi == {"IndexName": "by_g", "KeySchema": schema("g c"), "IndexStatus": "ACTIVE", "IndexSizeBytes": 0,
                   "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]}, "ItemCount": 0,
                   "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
                   "IndexArn": arn + "/index/by_g"}
    assert lsi == {"IndexName": "by_l", "KeySchema": schema("p l"), "Projection": {"ProjectionType": "KEYS_ONLY"},
                   "IndexSizeBytes": 0, "ItemCount": 0, "IndexArn": arn + "/index/by_l"}
    assert shoal.ok("ListTagsOfResource", {"ResourceArn": arn}) == {"Tags": [{"Key": "team", "Value": "blue"}]}


def test_counts_and_sizes_are_true(shoal):
    created = shoal.create_table("p:S", gsi={"gsi": ("g:S", "KEYS_ONLY")})
    for n in range(10):
        shoal.put(created, item(p=f"p{n}", v="x" * 10, **({"g": "g"} if n < 3 else {})))
    shoal.ok("DeleteItem", {"TableName": created, "Key": item(p="p9")})
    described = shoal.ok("DescribeTable", {"TableName": created})["Table"]
    assert (described["ItemCount"], described["TableSizeBytes"]) == (9, 9 * (1 + 2 + 1 + 10) + 3 * 2)
    [gsi] = described["GlobalSecondaryIndexes"]
    assert (gsi["ItemCount"], gsi["IndexSizeBytes"]) == (3, 3 * (1 + 2 + 1 + 1))


def test_a_table_may_have_20_global_and_5_local_indexes(shoal):
    body = table("p:S c:S g:S", "p c", GlobalSecondaryIndexes=[index(f"gsi{n}", "g c") for n in range(20)],
                 LocalSecondaryIndexes=[index(f"lsi{n}", "p g") for n in range(5)])
    shoal.ok("CreateTable", body)
    shoal.put(body["TableName"], item(p="a", c="b", g="c"))
    for n in (0, 19):
        assert shoal.ok("Scan", {"TableName": body["TableName"], "IndexName": f"gsi{n}"})["Count"] == 1


def test_a_table_of_that_name_is_in_use(shoal):
    body = table()
    shoal.ok("CreateTable", body)
    expect_error(shoal.call("CreateTable", body), f"Table already exists: {body['TableName']}", "ResourceInUseException")


# ---- Constraints

@pytest.mark.parametrize("change, message", [
    ({"AttributeDefinitions": None}, f"Value null at 'attributeDefinitions'{NULL}"),
    ({"KeySchema": None}, f"Value null at 'keySchema'{NULL}"),
    ({"KeySchema": []}, "Value '[]' at 'keySchema' failed to satisfy constraint: "
                        "Member must have length greater than or equal to 1"),
    ({"BillingMode": "FREE"}, "Value 'FREE' at 'billingMode' failed to satisfy constraint: "
                              "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"),
    ({"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "X"}]},
     "Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: "
     "Member must satisfy enum value set: [B, N, S]"),
    ({"AttributeDefinitions": [{"AttributeType": "S"}]},
     f"Value null at 'attributeDefinitions.1.member.attributeName'{NULL}"),
    ({"KeySchema": [{"AttributeName": "p", "KeyType": "X"}]},
     "Value 'X' at 'keySchema.1.member.keyType' failed to satisfy constraint: "
     "Member must satisfy enum value set: [HASH, RANGE]"),
    ({"ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1}},
     "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: "
     "Member must have value greater than or equal to 1"),
    ({"ProvisionedThroughput": {"WriteCapacityUnits": 1}},
     f"Value null at 'provisionedThroughput.readCapacityUnits'{NULL}"),
    ({"GlobalSecondaryIndexes": [{"IndexName": "abc", "KeySchema": schema("p"), "Projection": {"ProjectionType": "X"}}]},
     "Value 'X' at 'globalSecondaryIndexes.1.member.projection.projectionType' failed to satisfy constraint: "
     "Member must satisfy enum value set: [ALL, INCLUDE, KEYS_ONLY]"),
    ({"GlobalSecondaryIndexes": [{"IndexName": "abc", "KeySchema": schema("p")}]},
     f"Value null at 'globalSecondaryIndexes.1.member.projection'{NULL}"),
    ({"LocalSecondaryIndexes": [{"IndexName": "ab", "KeySchema": schema("p"), "Projection": {}}]},
     "Value 'ab' at 'localSecondaryIndexes.1.member.indexName' failed to satisfy constraint: "
     "Member must have length greater than or equal to 3"),
])
def test_one_constraint_fails(shoal, change, message):
    body = {key: value for key, value in {**table(), **change}.items() if value is not None}
    expect_error(shoal.call("CreateTable", body), ENVELOPE + message)


def test_several_failed_constraints_are_told_in_productions_order(shoal):
    expect_error(shoal.call("CreateTable", {"TableName": "a;b", "BillingMode": "FREE",
                                            "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}}),
                 f"6 validation errors detected: Value null at 'attributeDefinitions'{NULL}; "
                 "Value 'a;b' at 'tableName' failed to satisfy constraint: "
                 "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
                 "Value 'FREE' at 'billingMode' failed to satisfy constraint: "
                 "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]; "
                 "Value '0' at 'provisionedThroughput.writeCapacityUnits' failed to satisfy constraint: "
                 "Member must have value greater than or equal to 1; "
                 "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: "
                 "Member must have value greater than or equal to 1; "
                 f"Value null at 'keySchema'{NULL}")


# ---- Table names of the operations on tables

@pytest.mark.parametrize("operation", ["CreateTable", "DescribeTable", "DeleteTable", "UpdateTable"])
def test_the_tables_name_is_checked(shoal, operation):
    more = {**table(), "TableName": None} if operation == "CreateTable" else {}
    more.pop("TableName", None)
    expect_error(shoal.call(operation, more),
                 "The parameter 'TableName' is required but was not present in the request")
    expect_error(shoal.call(operation, {**more, "TableName": "a;bc"}),
                 ENVELOPE + "Value 'a;bc' at 'tableName' failed to satisfy constraint: "
                            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
    expect_error(shoal.call(operation, {**more, "TableName": "ab"}),
                 ENVELOPE + "Value 'ab' at 'tableName' failed to satisfy constraint: "
                            "Member must have length greater than or equal to 3")
    reply = shoal.call(operation, {**more, "TableName": "x" * 256})
    assert reply.type == "ValidationException" and "less than or equal to 255" in reply.message or \
        "at most 255 characters" in reply.message


# ---- The rules of tables, in order

UNDEFINED = INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]"
TWO_KEYS = {"key": "p c", "definitions": "p:S c:S"}


@pytest.mark.parametrize("body, message", [
    (dict(ProvisionedThroughput=THROUGHPUT),
     INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
    (dict(BillingMode="PROVISIONED"),
     INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 10**12 + 1, "WriteCapacityUnits": 1}),
     "Given value 1000000000001 for ReadCapacityUnits is out of bounds"),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 10**12 + 1}),
     "Given value 1000000000001 for WriteCapacityUnits is out of bounds"),
    (dict(key="p c"), "Invalid KeySchema: Some index key attribute have no definition"),
    (dict(key="p p"), "Invalid KeySchema: Some index key attribute have no definition"),
    (dict(key="q"), UNDEFINED.format("q", "p")),
    (dict(definitions="p:S q:S", key="p p"), "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    (dict(KeySchema=[{"AttributeName": "p", "KeyType": "RANGE"}]),
     "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    (dict(definitions="p:S c:S", KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "HASH"}]),
     "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
    (dict(definitions="p:S q:S"),
     INVALID + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"),
    # local indexes
    (dict(**TWO_KEYS, LocalSecondaryIndexes=[]), INVALID + "List of LocalSecondaryIndexes is empty"),
    (dict(LocalSecondaryIndexes=[index("lsi", "p")]),
     INVALID + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"),
    (dict(**TWO_KEYS, LocalSecondaryIndexes=[index("lsi", "p")]),
     INVALID + "Index KeySchema does not have a range key for index: lsi"),
    (dict(key="p c", definitions="p:S c:S g:S", LocalSecondaryIndexes=[index("lsi", "g c")]),
     INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for index: lsi. "
               "index hash key: g, table hash key: p"),
    (dict(key="p c", definitions="p:S c:S l:S", LocalSecondaryIndexes=[index("lsi", "p l"), index("lsi", "p l")]),
     INVALID + "Duplicate index name: lsi"),
    (dict(key="p c", definitions="p:S c:S l:S", LocalSecondaryIndexes=[index(f"lsi{n}", "p l") for n in range(6)]),
     INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
    (dict(**TWO_KEYS, LocalSecondaryIndexes=[{**index("lsi", "p c"), "Projection": {}}]),
     INVALID + "Unknown ProjectionType: null"),
    (dict(**TWO_KEYS, LocalSecondaryIndexes=[{**index("lsi", "p c"), "Projection": {"ProjectionType": "ALL",
                                                                                   "NonKeyAttributes": ["x"]}}]),
     INVALID + "ProjectionType is ALL, but NonKeyAttributes is specified"),
    # global indexes
    (dict(GlobalSecondaryIndexes=[]), INVALID + "List of GlobalSecondaryIndexes is empty"),
    (dict(GlobalSecondaryIndexes=[index("gsi", "q")]), UNDEFINED.format("q", "p")),
    (dict(GlobalSecondaryIndexes=[index("gsi", "p p")]),
     "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    (dict(GlobalSecondaryIndexes=[{**index("gsi", "p"), "KeySchema": [{"AttributeName": "p", "KeyType": "RANGE"}]}]),
     "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    (dict(GlobalSecondaryIndexes=[{**index("gsi", "p"), "Projection": {}}]), INVALID + "Unknown ProjectionType: null"),
    (dict(GlobalSecondaryIndexes=[{**index("gsi", "p"), "Projection": {"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["x"]}}]),
     INVALID + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"),
    (dict(GlobalSecondaryIndexes=[index("gsi", "p", ProvisionedThroughput=THROUGHPUT)]),
     INVALID + "ProvisionedThroughput should not be specified for index: gsi when BillingMode is PAY_PER_REQUEST"),
    (dict(GlobalSecondaryIndexes=[index("gsi", "p"), index("gsi", "p")]), INVALID + "Duplicate index name: gsi"),
    (dict(**TWO_KEYS, GlobalSecondaryIndexes=[index("same", "p")], LocalSecondaryIndexes=[index("same", "p c")]),
     INVALID + "Duplicate index name: same"),
    (dict(GlobalSecondaryIndexes=[index(f"gsi{n}", "p") for n in range(21)]),
     INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    (dict(definitions="p:S q:S", GlobalSecondaryIndexes=[index("gsi", "p")]),
     INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: [p, q], keys used: [p]"),
])
def test_rules(shoal, body, message):
    expect_error(shoal.call("CreateTable", table(**body)), message)


def test_include_needs_attributes(shoal):
    reply = shoal.call("CreateTable", table(GlobalSecondaryIndexes=[index("gsi", "p", "INCLUDE")]))
    assert (reply.status, reply.type) == (400, "ValidationException")


def test_a_provisioned_index_needs_throughput(shoal):
    reply = shoal.call("CreateTable", table(BillingMode="PROVISIONED", ProvisionedThroughput=THROUGHPUT,
                                            GlobalSecondaryIndexes=[index("gsi", "p")]))
    assert (reply.status, reply.type) == (400, "ValidationException")


def test_projected_attributes_are_counted_over_all_indexes(shoal):
    def include(index_name, count):
        made = index(index_name, "p", "INCLUDE")
        made["Projection"]["NonKeyAttributes"] = [f"{index_name}{n}" for n in range(count)]
        return made

    shoal.ok("CreateTable", table(GlobalSecondaryIndexes=[include(f"gsi{n}", 20) for n in range(5)]))
    reply = shoal.call("CreateTable", table(GlobalSecondaryIndexes=[include(f"gsi{n}", 20) for n in range(5)] + [include("one", 1)]))
    assert (reply.status, reply.type) == (400, "ValidationException")


def test_describing_what_is_missing(shoal):
    expect_error(shoal.call("DescribeTable", {"TableName": "nosuch"}),
                 "Requested resource not found: Table: nosuch not found", "ResourceNotFoundException")


def test_a_table_takes_its_time_when_told_to(start_shoal):
    shoal = start_shoal("--table-delay-ms=700")
    body = table()
    assert shoal.ok("CreateTable", body)["TableDescription"]["TableStatus"] == "CREATING"
    described = shoal.ok("DescribeTable", {"TableName": body["TableName"]})["Table"]
    assert described["TableStatus"] == "CREATING"
    expect_error(shoal.call("PutItem", {"TableName": body["TableName"], "Item": item(p="a")}),
                 "Requested resource not found", "ResourceNotFoundException")
    expect_error(shoal.call("DeleteTable", {"TableName": body["TableName"]}),
                 f"Attempt to change a resource which is still in use: Table is being created: {body['TableName']}",
                 "ResourceInUseException")
    deadline = time.time() + 10
    while shoal.ok("DescribeTable", {"TableName": body["TableName"]})["Table"]["TableStatus"] != "ACTIVE":
        assert time.time() < deadline
        time.sleep(0.05)
    shoal.put(body["TableName"], item(p="a"))
    assert shoal.ok("DeleteTable", {"TableName": body["TableName"]})["TableDescription"]["TableStatus"] == "DELETING"
    assert shoal.ok("DescribeTable", {"TableName": body["TableName"]})["Table"]["TableStatus"] == "DELETING"
    while shoal.call("DescribeTable", {"TableName": body["TableName"]}).status == 200:
        assert time.time() < deadline
        time.sleep(0.05)


# ---- Names and lengths

LONG = "n" * 255


def test_names_may_have_255_characters(shoal):
    body = table(f"{LONG}:S g:S", LONG, GlobalSecondaryIndexes=[index("i" * 255, "g")])
    body["TableName"] = "t" * 255
    shoal.ok("CreateTable", body)
    shoal.put(body["TableName"], {LONG: {"S": "a"}, "g": {"S": "g"}})
    assert shoal.ok("Scan", {"TableName": "t" * 255, "IndexName": "i" * 255})["Count"] == 1
    shoal.ok("DeleteTable", {"TableName": "t" * 255})


TOO_LONG = "failed to satisfy constraint: Member must have length less than or equal to 255"


@pytest.mark.parametrize("change, message", [
    ({"TableName": "t" * 256}, None),
    ({"AttributeDefinitions": attributes(LONG + "n:S"), "KeySchema": schema(LONG + "n")}, None),
    ({"GlobalSecondaryIndexes": [index("i" * 256, "p")]}, f"Value '{'i' * 256}' at 'globalSecondaryIndexes.1.member.indexName' {TOO_LONG}"),
    ({"GlobalSecondaryIndexes": [{**index("gsi", "p"), "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": [LONG + "n"]}}]}, None),
    ({"GlobalSecondaryIndexes": [{**index("gsi", "p"), "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": [""]}}]}, None),
    ({"GlobalSecondaryIndexes": [{**index("gsi", "p"), "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": []}}]},
     "Value '[]' at 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to satisfy constraint: "
     "Member must have length greater than or equal to 1"),
    ({"GlobalSecondaryIndexes": [{**index("gsi", "p"), "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list("abcdefghijklmnopqrstu")}}]},
     None),
], ids=range(7))
def test_names_that_are_too_long_or_too_many(shoal, change, message):
    reply = shoal.call("CreateTable", {**table(), **change})
    assert (reply.status, reply.type) == (400, "ValidationException"), reply.body
    if message:
        expect_error(reply, ENVELOPE + message)


# ---- The rules of indexes, each in the words of both kinds

@pytest.mark.parametrize("lsi, message", [
    (index("lsi", "p q"), UNDEFINED.format("p, q", "p, c")),
    (index("lsi", "p p"), "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    ({**index("lsi", "p c"), "KeySchema": [{"AttributeName": "p", "KeyType": "RANGE"}, {"AttributeName": "c", "KeyType": "RANGE"}]},
     "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    ({**index("lsi", "p c"), "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "HASH"}]},
     "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
    ({**index("lsi", "p c"), "Projection": {"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["x"]}},
     INVALID + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"),
    ({**index("lsi", "p c"), "Projection": {"ProjectionType": "INCLUDE"}},
     INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
])
def test_rules_of_local_indexes(shoal, lsi, message):
    expect_error(shoal.call("CreateTable", table(**TWO_KEYS, LocalSecondaryIndexes=[lsi])), message)


@pytest.mark.parametrize("body, message", [
    (dict(GlobalSecondaryIndexes=[index("gsi", "p", "INCLUDE")]),
     INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput=THROUGHPUT, GlobalSecondaryIndexes=[index("gsi", "p")]),
     INVALID + "ProvisionedThroughput must be specified for index: gsi"),
    # Of several mistakes the one of the earlier step.
    (dict(definitions="p:S q:S", key="z", ProvisionedThroughput=THROUGHPUT),
     INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
    (dict(key="q", GlobalSecondaryIndexes=[]), UNDEFINED.format("q", "p")),
    (dict(**TWO_KEYS, GlobalSecondaryIndexes=[index("gsi", "q")], LocalSecondaryIndexes=[index("lsi", "q c")]), UNDEFINED.format("q", "p, c")),
    (dict(definitions="p:S c:S q:S", key="p c", GlobalSecondaryIndexes=[index("gsi", "p"), index("gsi", "p")]),
     INVALID + "Duplicate index name: gsi"),  # before the definition that nobody uses
    (dict(definitions="p:S c:S q:S", key="p c", LocalSecondaryIndexes=[index("lsi", "p c")]),
     INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: [p, c, q], keys used: [p, c]"),
])
def test_more_rules(shoal, body, message):
    expect_error(shoal.call("CreateTable", table(**body)), message)


@pytest.mark.parametrize("specification, message", [
    ({"StreamEnabled": True}, "Invalid StreamViewType: Stream ViewType must not be null or empty when enabling streams."),
    ({"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"},
     "Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was present.")])
def test_streams_have_a_view_exactly_when_they_are_on(shoal, specification, message):
    reply = shoal.call("CreateTable", table(StreamSpecification=specification))
    assert reply.type == "ValidationException" and message in reply.message, reply.message


def test_keys_of_every_type_may_stand_in_every_place(shoal):
    body = table("p:B c:N g:N l:B", "p c", GlobalSecondaryIndexes=[index("gsi", "g p")], LocalSecondaryIndexes=[index("lsi", "p l")])
    shoal.ok("CreateTable", body)
    shoal.put(body["TableName"], {"p": {"B": "AA=="}, "c": {"N": "1"}, "g": {"N": "2"}, "l": {"B": "AQ=="}})
    assert [shoal.ok("Scan", {"TableName": body["TableName"], "IndexName": name})["Count"] for name in ("gsi", "lsi")] == [1, 1]

"""UpdateTable, from outside: billing, throughput, indexes with their backfill, protection, class."""

import time

import pytest

from support.expect import ENVELOPE, expect_error, item
from support.shoal_process import Shoal

INVALID = "One or more parameter values were invalid: "
BY_G = {"IndexName": "by_g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
DEFINES_G = [{"AttributeName": "g", "AttributeType": "S"}]


def describe(shoal, table):
    return shoal.ok("DescribeTable", {"TableName": table})["Table"]


def wait_until(shoal, table, holds, seconds=30):
    deadline = time.time() + seconds
    while not holds(described := describe(shoal, table)):
        assert time.time() < deadline, described
        time.sleep(0.02)
    return described


def index_of(described, name):
    return next((index for index in described.get("GlobalSecondaryIndexes", []) if index["IndexName"] == name), None)


def provisioned(shoal, read=5, write=5, **more):
    return shoal.create_table("p:S", BillingMode="PROVISIONED",
                              ProvisionedThroughput={"ReadCapacityUnits": read, "WriteCapacityUnits": write}, **more)


def test_throughput_goes_up_and_down_and_is_counted(shoal):
    table = provisioned(shoal)
    shoal.ok("UpdateTable", {"TableName": table, "ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}})
    described = wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")["ProvisionedThroughput"]
    assert (described["ReadCapacityUnits"], described["NumberOfDecreasesToday"]) == (10, 0)
    assert abs(described["LastIncreaseDateTime"] - time.time()) < 60
    shoal.ok("UpdateTable", {"TableName": table, "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}})
    described = wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")["ProvisionedThroughput"]
    assert (described["ReadCapacityUnits"], described["WriteCapacityUnits"], described["NumberOfDecreasesToday"]) == (1, 1, 1)
    assert abs(described["LastDecreaseDateTime"] - time.time()) < 60


def test_billing_can_be_switched(shoal):
    table = provisioned(shoal)
    assert "BillingModeSummary" not in describe(shoal, table)
    shoal.ok("UpdateTable", {"TableName": table, "BillingMode": "PAY_PER_REQUEST"})
    described = wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert described["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    shoal.ok("UpdateTable", {"TableName": table, "BillingMode": "PROVISIONED",
                             "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}})
    described = wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")
    assert described["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 3


def test_class_and_protection_can_be_changed(shoal):
    table = shoal.create_table("p:S")
    shoal.ok("UpdateTable", {"TableName": table, "TableClass": "STANDARD_INFREQUENT_ACCESS"})
    wait_until(shoal, table, lambda t: t.get("TableClassSummary", {}).get("TableClass") == "STANDARD_INFREQUENT_ACCESS")
    shoal.ok("UpdateTable", {"TableName": table, "DeletionProtectionEnabled": True})
    assert describe(shoal, table)["DeletionProtectionEnabled"] is True


def test_an_index_is_filled_with_what_the_table_holds_while_writes_go_on(shoal):
    table = shoal.create_table("p:S")
    for start in range(0, 2000, 25):
        shoal.ok("BatchWriteItem", {"RequestItems": {table: [
            {"PutRequest": {"Item": item(p=f"p{n}", g=f"g{n % 10}", n=n)}} for n in range(start, start + 25)]}})
    shoal.put(table, item(p="wrong type", g=5))  # no entry: such items are passed over
    shoal.put(table, item(p="no g"))
    got = shoal.ok("UpdateTable", {"TableName": table, "AttributeDefinitions": DEFINES_G,
                                   "GlobalSecondaryIndexUpdates": [{"Create": BY_G}]})["TableDescription"]
    assert index_of(got, "by_g")["IndexStatus"] == "CREATING"
    for n in range(100):  # while it may still be filling
        shoal.put(table, item(p=f"p{n}", g="moved", n=n))
        shoal.ok("DeleteItem", {"TableName": table, "Key": item(p=f"p{1000 + n}")})
    described = wait_until(shoal, table, lambda t: index_of(t, "by_g")["IndexStatus"] == "ACTIVE" and t["TableStatus"] == "ACTIVE")
    assert {"AttributeName": "g", "AttributeType": "S"} in described["AttributeDefinitions"]
    entries, start = [], None
    while True:
        page = shoal.ok("Scan", {"TableName": table, "IndexName": "by_g", **({"ExclusiveStartKey": start} if start else {})})
        entries += page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            break
    expected = {f"p{n}": "moved" if n < 100 else f"g{n % 10}" for n in range(2000) if not 1000 <= n < 1100}
    assert {entry["p"]["S"]: entry["g"]["S"] for entry in entries} == expected
    assert len(entries) == len(expected)
    assert index_of(describe(shoal, table), "by_g")["ItemCount"] == len(expected)


def test_a_backfill_goes_on_after_a_kill(tmp_path):
    with Shoal.start(f"--data-dir={tmp_path}", "--durability=relaxed") as shoal:
        table = shoal.create_table("p:S")
        for start in range(0, 5000, 25):
            shoal.ok("BatchWriteItem", {"RequestItems": {table: [
                {"PutRequest": {"Item": item(p=f"p{n}", g=f"g{n % 7}", v="x" * 200)}} for n in range(start, start + 25)]}})
        shoal.ok("UpdateTable", {"TableName": table, "AttributeDefinitions": DEFINES_G,
                                 "GlobalSecondaryIndexUpdates": [{"Create": BY_G}]})
        shoal.kill()
    with Shoal.start(f"--data-dir={tmp_path}") as shoal:
        wait_until(shoal, table, lambda t: index_of(t, "by_g")["IndexStatus"] == "ACTIVE")
        assert index_of(describe(shoal, table), "by_g")["ItemCount"] == 5000
        total = 0
        for g in range(7):
            got = shoal.ok("Query", {"TableName": table, "IndexName": "by_g", "KeyConditionExpression": "g = :g",
                                     "ExpressionAttributeValues": {":g": {"S": f"g{g}"}}, "Select": "COUNT"})
            total += got["Count"]
        assert total == 5000


def test_an_index_can_be_deleted(shoal):
    table = shoal.create_table("p:S", gsi={"by_g": "g:S"})
    shoal.put(table, item(p="a", g="g"))
    got = shoal.ok("UpdateTable", {"TableName": table, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by_g"}}]})
    assert index_of(got["TableDescription"], "by_g")["IndexStatus"] == "DELETING"
    described = wait_until(shoal, table, lambda t: index_of(t, "by_g") is None)
    assert described["AttributeDefinitions"] == [{"AttributeName": "p", "AttributeType": "S"}]
    expect_error(shoal.call("Scan", {"TableName": table, "IndexName": "by_g"}),
                 "The table does not have the specified index: by_g")


def test_an_index_that_is_filling_can_not_be_read_and_is_alone(start_shoal):
    shoal = start_shoal("--table-delay-ms=1500")
    table = shoal.create_table("p:S", gsi=None)
    wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")
    create = {"TableName": table, "AttributeDefinitions": DEFINES_G, "GlobalSecondaryIndexUpdates": [{"Create": BY_G}]}
    shoal.ok("UpdateTable", create)
    described = describe(shoal, table)
    assert index_of(described, "by_g")["IndexStatus"] == "CREATING"
    assert isinstance(index_of(described, "by_g")["Backfilling"], bool)
    reply = shoal.call("Scan", {"TableName": table, "IndexName": "by_g"})
    assert (reply.status, reply.type) == (400, "ValidationException")
    second = {**create, "GlobalSecondaryIndexUpdates": [{"Create": {**BY_G, "IndexName": "other"}}]}
    reply = shoal.call("UpdateTable", second)
    assert reply.type in ("LimitExceededException", "ResourceInUseException"), reply.body
    shoal.put(table, item(p="a", g="g"))  # writes go on
    wait_until(shoal, table, lambda t: index_of(t, "by_g")["IndexStatus"] == "ACTIVE")
    assert shoal.ok("Scan", {"TableName": table, "IndexName": "by_g"})["Count"] == 1


@pytest.mark.parametrize("body, message", [
    ({}, "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
         "SSESpecification or ReplicaUpdates is required"),
    ({"BillingMode": "PROVISIONED"},
     INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
    ({"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
     INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
    ({"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}},
     "The provisioned throughput for the table will not change. The requested value equals the current value. Current "
     "ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits "
     "provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide for "
     "current limits and how to request higher limits."),
    ({"ProvisionedThroughput": {"ReadCapacityUnits": 10**12 + 1, "WriteCapacityUnits": 5}},
     "Given value 1000000000001 for ReadCapacityUnits is out of bounds"),
    ({"ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 5}},
     ENVELOPE + "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1"),
    ({"GlobalSecondaryIndexUpdates": [{}]},
     INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
               "GlobalSecondaryIndexUpdate.Delete must not be null"),
    ({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}, {"Delete": {"IndexName": "abc"}}]},
     INVALID + "Only one global secondary index update per index is allowed simultaneously. Index: abc"),
])
def test_errors(shoal, body, message):
    table = provisioned(shoal)
    expect_error(shoal.call("UpdateTable", {"TableName": table, **body}), message)


def test_two_indexes_at_once_are_over_the_limit(shoal):
    table = shoal.create_table("p:S")
    create = [{"Create": BY_G}, {"Create": {**BY_G, "IndexName": "other"}}]
    expect_error(shoal.call("UpdateTable", {"TableName": table, "AttributeDefinitions": DEFINES_G,
                                            "GlobalSecondaryIndexUpdates": create}),
                 "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
                 "LimitExceededException")


def test_indexes_that_are_or_are_not_there(shoal):
    table = shoal.create_table("p:S c:S", gsi={"by_g": "g:S"}, lsi={"lsi": "p:S c:S"})
    reply = shoal.call("UpdateTable", {"TableName": table, "AttributeDefinitions": DEFINES_G,
                                       "GlobalSecondaryIndexUpdates": [{"Create": BY_G}]})
    assert reply.type == "ValidationException" and "already exists" in reply.message
    expect_error(shoal.call("UpdateTable", {"TableName": table, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "nosuch"}}]}),
                 "Requested resource not found", "ResourceNotFoundException")
    reply = shoal.call("UpdateTable", {"TableName": table, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "lsi"}}]})
    assert (reply.status, reply.type) == (400, "ValidationException")


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("UpdateTable", {"TableName": "nosuch", "DeletionProtectionEnabled": True}),
                 "Requested resource not found: Table: nosuch not found", "ResourceNotFoundException")


# ---- Quotas of changes (by the hour and the day: tests/server/operations/account_quotas_test.cpp)

SUBSCRIBER = "Subscriber limit exceeded: "


def test_units_have_a_quota(shoal):
    table = provisioned(shoal)
    told = SUBSCRIBER + "{} of table {} and its global secondary indexes come to 40001, where 40000 are allowed for one table"
    for read, write, member in ((40_001, 5, "ReadCapacityUnits"), (5, 40_001, "WriteCapacityUnits")):
        expect_error(shoal.call("UpdateTable", {"TableName": table, "ProvisionedThroughput": {
            "ReadCapacityUnits": read, "WriteCapacityUnits": write}}), told.format(member, table), "LimitExceededException")
    shoal.ok("UpdateTable", {"TableName": table, "ProvisionedThroughput": {"ReadCapacityUnits": 40_000, "WriteCapacityUnits": 5}})
    shoal.ok("DeleteTable", {"TableName": table})


def test_the_fifth_switch_to_on_demand_of_a_day_is_refused(shoal):
    table = provisioned(shoal)
    back = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}
    for _ in range(4):
        shoal.ok("UpdateTable", {"TableName": table, "BillingMode": "PAY_PER_REQUEST"})
        shoal.ok("UpdateTable", {"TableName": table, **back})
    reply = shoal.call("UpdateTable", {"TableName": table, "BillingMode": "PAY_PER_REQUEST"})
    assert reply.type == "LimitExceededException"
    assert reply.message.startswith(SUBSCRIBER + "Update to PayPerRequest mode are limited to 4 times in 1 day(s). Last update at ")


def test_the_fifth_decrease_of_a_day_is_refused(shoal):
    table = provisioned(shoal, 10, 10)
    for read in (9, 8, 7, 6):
        shoal.ok("UpdateTable", {"TableName": table, "ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": 10}})
    reply = shoal.call("UpdateTable", {"TableName": table, "ProvisionedThroughput": {"ReadCapacityUnits": 6, "WriteCapacityUnits": 9}})
    if describe(shoal, table)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4:  # unless midnight came between
        assert reply.type == "LimitExceededException"
        assert reply.message.startswith(
            SUBSCRIBER + "Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each "
            "subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. "
            "Last decrease at ")
    shoal.ok("UpdateTable", {"TableName": table, "ProvisionedThroughput": {"ReadCapacityUnits": 20, "WriteCapacityUnits": 10}})


# ---- What an index is in the way of

def test_words_for_indexes_that_are_or_are_not_there(shoal):
    table = shoal.create_table("p:S c:S", gsi={"by_g": "g:S"}, lsi={"lsi": "p:S c:S"})
    def update(**each):
        return shoal.call("UpdateTable", {"TableName": table, "AttributeDefinitions": DEFINES_G, "GlobalSecondaryIndexUpdates": [each]})
    expect_error(update(Create=BY_G), "Attempting to create an index which already exists")
    expect_error(update(Delete={"IndexName": "lsi"}), "Cannot delete an index that is not a GlobalSecondaryIndex")
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    expect_error(update(Update={"IndexName": "nosuch", "ProvisionedThroughput": units}), "Requested resource not found",
                 "ResourceNotFoundException")


def test_a_table_whose_index_is_busy_is_in_use(start_shoal):
    shoal = start_shoal("--table-delay-ms=1500")
    table = shoal.create_table("p:S", gsi={"by_g": "g:S"})
    in_use = "Attempt to change a resource which is still in use: "
    expect_error(shoal.call("UpdateTable", {"TableName": table, "DeletionProtectionEnabled": True}),
                 in_use + f"Table is being created: {table}", "ResourceInUseException")
    wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")
    shoal.ok("UpdateTable", {"TableName": table, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by_g"}}]})
    replies = [shoal.call("DeleteTable", {"TableName": table}),
               shoal.call("UpdateTable", {"TableName": table, "DeletionProtectionEnabled": True})]
    for reply in replies:
        assert reply.type == "ResourceInUseException"
        assert reply.message in (in_use + f"Table is being updated: {table}",
                                 in_use + f"Index is being updated.  Table: {table} Index: by_g")
    wait_until(shoal, table, lambda t: t["TableStatus"] == "ACTIVE")
    shoal.ok("DeleteTable", {"TableName": table})
    expect_error(shoal.call("UpdateTable", {"TableName": table, "DeletionProtectionEnabled": True}),
                 in_use + f"Table is being deleted: {table}", "ResourceInUseException")

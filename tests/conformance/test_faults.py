"""Faults on demand, as programs meet them: over the wire, and through boto3 and its retries."""

import json
import threading
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest

from support.expect import item

JSON = {"Content-Type": "application/json"}
ON_DEMAND = ("Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your "
             "table or index so please try again shortly. If exceptions persist, check if you have a hot key: "
             "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.")
PROVISIONED = ("The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
               "provisioning level with the UpdateTable API.")


@pytest.fixture(scope="module")
def server(start_shoal):
    return start_shoal()


class Faults:
    def __init__(self, shoal):
        self.shoal = shoal

    def __call__(self, fault, **parameters):
        reply = self.shoal.post(json.dumps({"fault": fault, **parameters}).encode(), JSON, path="/_shoal/faults")
        assert reply.status == 200, reply.body
        return reply.json["rules"]

    def rules(self):
        return self.shoal.post(b"", {}, method="GET", path="/_shoal/faults").json["rules"]

    def clear(self):
        assert self.shoal.post(b"", {}, method="DELETE", path="/_shoal/faults").json == {"rules": []}


@pytest.fixture
def faults(server):
    yield Faults(server)
    Faults(server).clear()


@pytest.fixture
def table(server):
    return server.create_table("p:S")


def sdk(server, attempts=1, **config):
    return boto3.client("dynamodb", endpoint_url=server.url, region_name="us-east-1", aws_access_key_id="local",
                        aws_secret_access_key="local",
                        config=botocore.config.Config(retries={"total_max_attempts": attempts}, **config))


def names_of(reply):
    return [name for name in reply.headers]


def test_retries_get_through_two_throttles(server, faults, table):
    faults("throttle", table=table, next=2)
    answer = sdk(server, attempts=3).put_item(TableName=table, Item=item(p="a"))
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert faults.rules()[0]["struck"] == 2
    assert faults.rules()[0]["next"] == 0


def test_without_retries_a_throttle_is_seen_and_nothing_is_written(server, faults, table):
    faults("throttle", table=table, operation="PutItem")
    client = sdk(server)
    with pytest.raises(client.exceptions.ThrottlingException) as raised:
        client.put_item(TableName=table, Item=item(p="a"))
    error = raised.value.response
    assert error["Error"]["Message"] == ON_DEMAND
    assert error["throttlingReasons"] == [
        {"reason": "TableWriteKeyRangeThroughputExceeded",
         "resource": f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}"}]
    assert "Item" not in client.get_item(TableName=table, Key=item(p="a"))


def test_a_provisioned_table_names_its_throughput(server, faults):
    table = server.create_table("p:S", BillingMode="PROVISIONED",
                                ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1})
    faults("throttle", table=table)
    client = sdk(server)
    with pytest.raises(client.exceptions.ProvisionedThroughputExceededException) as raised:
        client.scan(TableName=table)
    assert raised.value.response["Error"]["Message"] == PROVISIONED
    assert raised.value.response["ThrottlingReasons"][0]["reason"] == "TableReadProvisionedThroughputExceeded"


def test_a_struck_answer_has_the_headers_of_any_other(server, faults, table):
    refused = server.call("PutItem", {"TableName": table, "Item": item(p="a"), "ConditionExpression":
                                      "attribute_exists(p)"})
    faults("throttle")
    struck = server.call("PutItem", {"TableName": table, "Item": item(p="a")})
    assert struck.status == refused.status == 400
    assert names_of(struck) == names_of(refused)
    assert b"shoal" not in json.dumps(struck.headers).lower().encode()


def test_an_internal_error_is_retried_and_writes_nothing(server, faults, table):
    faults("internal_error", operation="UpdateItem", next=1)
    request = {"TableName": table, "Key": item(p="n"), "UpdateExpression": "ADD n :one",
               "ExpressionAttributeValues": {":one": {"N": "1"}}}
    answer = sdk(server, attempts=2).update_item(**request, ReturnValues="ALL_NEW")
    assert answer["Attributes"]["n"] == {"N": "1"}
    faults("internal_error", operation="UpdateItem", next=1)
    reply = server.call("UpdateItem", request)
    assert (reply.status, reply.body) == (500, b'{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError",'
                                               b'"message":"Internal server error"}')


def test_latency_outlasts_a_client_s_patience_but_holds_up_nobody_else(server, faults, table):
    server.put(table, item(p="a"))
    faults("latency", table=table, latency_ms=600)
    others = server.create_table("p:S")
    began = time.monotonic()
    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        sdk(server, read_timeout=0.2).get_item(TableName=table, Key=item(p="a"))
    assert time.monotonic() - began < 0.6
    took = []

    def slow():
        began = time.monotonic()
        sdk(server).get_item(TableName=table, Key=item(p="a"))
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=slow) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        began = time.monotonic()
        server.ok("GetItem", {"TableName": others, "Key": item(p="a")})
        assert time.monotonic() - began < 0.5
    for thread in threads:
        thread.join()
    assert min(took) >= 0.6 and len(took) == 8


def test_a_write_whose_answer_came_too_late_has_happened(server, faults, table):
    """Which is what programs forget that retry after a timeout."""
    faults("latency", operation="PutItem", latency_ms=500)
    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        sdk(server, read_timeout=0.1).put_item(TableName=table, Item=item(p="a"))
    assert "Item" in server.ok("GetItem", {"TableName": table, "Key": item(p="a")})


def test_a_conflict_is_an_exception_of_single_writes_and_a_reason_of_transactions(server, faults, table):
    client = sdk(server)
    faults("transaction_conflict", table=table)
    with pytest.raises(client.exceptions.TransactionConflictException) as raised:
        client.put_item(TableName=table, Item=item(p="a"))
    assert raised.value.response["Error"]["Message"] == "Transaction is ongoing for the item"
    other = server.create_table("p:S")
    put = lambda name: {"Put": {"TableName": name, "Item": item(p="a")}}
    with pytest.raises(client.exceptions.TransactionCanceledException) as raised:
        client.transact_write_items(TransactItems=[put(other), put(table)])
    assert raised.value.response["CancellationReasons"] == [
        {"Code": "None"}, {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item."}]
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": item(p="a")}}])
    assert "Item" not in client.get_item(TableName=other, Key=item(p="a"))
    client.scan(TableName=table)


def test_a_transaction_in_progress_is_done_in_the_end(server, faults, table):
    faults("transaction_in_progress", next=2)
    request = {"TransactItems": [{"Put": {"TableName": table, "Item": item(p="a")}}], "ClientRequestToken": "once"}
    client = sdk(server)
    for _ in range(2):
        with pytest.raises(client.exceptions.TransactionInProgressException):
            client.transact_write_items(**request)
    client.transact_write_items(**request)
    client.transact_write_items(**request)
    assert client.scan(TableName=table)["Count"] == 1


def test_a_throttled_transaction_says_which_action(server, faults, table):
    faults("throttle", table=table)
    other = server.create_table("p:S")
    client = sdk(server)
    with pytest.raises(client.exceptions.TransactionCanceledException) as raised:
        client.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item(p="a")}},
                                                   {"Put": {"TableName": other, "Item": item(p="a")}}])
    assert raised.value.response["CancellationReasons"] == [{"Code": "ThrottlingError", "Message": ON_DEMAND},
                                                            {"Code": "None"}]


def test_boto3_s_batch_writer_gets_to_the_end(server, faults, table):
    faults("unprocessed", table=table, fraction=0.5)
    resource = boto3.resource("dynamodb", endpoint_url=server.url, region_name="us-east-1", aws_access_key_id="local",
                              aws_secret_access_key="local")
    with resource.Table(table).batch_writer() as writer:
        for number in range(60):
            writer.put_item(Item={"p": str(number)})
    assert faults.rules()[0]["struck"] > 3
    assert server.ok("Scan", {"TableName": table, "Select": "COUNT"})["Count"] == 60


def test_who_forgets_unprocessed_items_loses_them(server, faults, table):
    faults("unprocessed", operation="BatchWriteItem", count=2, next=1)
    puts = [{"PutRequest": {"Item": item(p=str(n), data="x")}} for n in range(5)]
    answer = server.ok("BatchWriteItem", {"RequestItems": {table: puts}})
    assert answer["UnprocessedItems"] == {table: puts[3:]}
    assert server.ok("Scan", {"TableName": table})["Count"] == 3
    assert server.ok("BatchWriteItem", {"RequestItems": answer["UnprocessedItems"]})["UnprocessedItems"] == {}
    assert server.ok("Scan", {"TableName": table})["Count"] == 5


def test_unprocessed_keys_can_be_sent_again_as_they_are(server, faults, table):
    for n in range(4):
        server.put(table, item(p=str(n), data="x"))
    faults("unprocessed", operation="BatchGetItem", count=3, next=1)
    asked = {"Keys": [item(p=str(n)) for n in range(4)], "ConsistentRead": True, "ProjectionExpression": "#d",
             "ExpressionAttributeNames": {"#d": "data"}}
    answer = server.ok("BatchGetItem", {"RequestItems": {table: asked}})
    assert len(answer["Responses"][table]) == 1
    assert answer["UnprocessedKeys"] == {table: {**asked, "Keys": asked["Keys"][1:]}}
    rest = server.ok("BatchGetItem", {"RequestItems": answer["UnprocessedKeys"]})
    assert len(rest["Responses"][table]) == 3


def test_a_batch_of_which_nothing_is_done_is_throttled(server, faults, table):
    faults("unprocessed", fraction=1)
    reply = server.call("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": item(p="a")}}]}})
    assert (reply.type, reply.message) == ("ThrottlingException", ON_DEMAND)


def test_the_forgotten_consistent_read_is_found(server, faults, table):
    server.put(table, item(p="a", v=1))
    faults("stale_reads", table=table, age_ms=400)
    server.put(table, item(p="a", v=2))
    written = time.monotonic()
    get = {"TableName": table, "Key": item(p="a")}
    value = lambda **more: server.ok("GetItem", {**get, **more})["Item"]["v"]["N"]
    assert value(ConsistentRead=True) == "2"
    assert value() == "1"
    assert value(ConsistentRead=False) == "1"
    keys = {"KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}
    for operation, more in (("Query", keys), ("Scan", {})):
        old = server.ok(operation, {"TableName": table, **more})["Items"]
        new = server.ok(operation, {"TableName": table, "ConsistentRead": True, **more})["Items"]
        assert (old[0]["v"]["N"], new[0]["v"]["N"]) == ("1", "2")
    batch = lambda **more: server.ok("BatchGetItem", {"RequestItems": {table: {"Keys": [item(p="a")], **more}}})
    assert batch()["Responses"][table][0]["v"]["N"] == "1"
    assert batch(ConsistentRead=True)["Responses"][table][0]["v"]["N"] == "2"
    while value() == "1":
        assert time.monotonic() - written < 5
        time.sleep(0.01)
    assert time.monotonic() - written >= 0.4
    # Writes, and the conditions they have, see the present.
    server.ok("PutItem", {"TableName": table, "Item": item(p="a", v=3), "ConditionExpression": "v = :v",
                          "ExpressionAttributeValues": {":v": {"N": "2"}}})


def test_moving_the_clock_makes_stale_reads_catch_up(start_shoal):
    shoal = start_shoal()
    table = shoal.create_table("p:S")
    Faults(shoal)("stale_reads", age_ms=3_600_000)
    shoal.put(table, item(p="a"))
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="a")}) == {}
    shoal.post(b'{"advance_seconds": 3600}', JSON, path="/_shoal/clock")
    assert "Item" in shoal.ok("GetItem", {"TableName": table, "Key": item(p="a")})
    shoal.stop()


def test_an_index_lags_behind_its_table(server, faults):
    table = server.create_table("p:S", gsi={"by_g": "g:S"})
    faults("index_lag", table=table, lag_ms=300)
    server.put(table, item(p="a", g="x"))
    written = time.monotonic()
    query = {"TableName": table, "IndexName": "by_g", "KeyConditionExpression": "g = :g",
             "ExpressionAttributeValues": {":g": {"S": "x"}}}
    assert server.ok("Query", query)["Count"] == 0
    assert server.ok("Scan", {"TableName": table})["Count"] == 1
    assert "Item" in server.ok("GetItem", {"TableName": table, "Key": item(p="a")})
    while server.ok("Query", query)["Count"] == 0:
        assert time.monotonic() - written < 5
        time.sleep(0.01)
    assert time.monotonic() - written >= 0.3


def test_stale_reads_go_on_under_writes_from_all_sides(server, faults, table):
    """Readers of one held snapshot share it while the store moves on beneath."""
    faults("stale_reads", table=table, age_ms=20)
    failures, done = [], threading.Event()

    def read():
        client = sdk(server)
        try:
            while not done.is_set():
                items = client.scan(TableName=table)["Items"]
                # The counter of all items was raised in one transaction: a snapshot never shows half of it.
                assert len({entry["v"]["N"] for entry in items}) <= 1
        except Exception as failure:  # noqa: BLE001 - shown by the test's own thread
            failures.append(failure)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for value in range(150):
        server.ok("TransactWriteItems", {"TransactItems": [
            {"Put": {"TableName": table, "Item": item(p=p, v=value, pad="x" * 500)}} for p in "abcd"]})
    done.set()
    for reader in readers:
        reader.join()
    assert not failures


def test_chance_is_had_again_by_its_seed(server, faults, table):
    def struck():
        faults("throttle", table=table, operation="GetItem", probability=0.3, seed=7)
        return [server.call("GetItem", {"TableName": table, "Key": item(p="a")}).status for _ in range(60)]

    first = struck()
    assert 8 <= first.count(400) <= 28
    assert struck() == first


def test_the_next_requests_are_counted_exactly_under_concurrency(server, faults, table):
    faults("throttle", table=table, operation="GetItem", next=37)
    statuses = []

    def read():
        client = sdk(server)
        for _ in range(40):
            try:
                client.get_item(TableName=table, Key=item(p="a"))
                statuses.append(200)
            except client.exceptions.ThrottlingException:
                statuses.append(400)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (statuses.count(400), len(statuses)) == (37, 160)


def test_a_rule_that_makes_no_sense_says_why(server, faults):
    reply = server.post(b'{"fault": "unprocessed", "operation": "PutItem", "count": 1}', JSON, path="/_shoal/faults")
    assert (reply.status, reply.message) == (400, "unprocessed cannot strike PutItem, only BatchGetItem, BatchWriteItem")
    assert faults.rules() == []

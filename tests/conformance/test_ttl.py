"""UpdateTimeToLive, DescribeTimeToLive and the sweep, from outside."""

import time

import pytest

from support.expect import expect_error, item

FIVE_YEARS = 5 * 365 * 24 * 3600


@pytest.fixture
def server(start_shoal):
    return start_shoal("--ttl-change-interval-seconds=0")


def set_ttl(server, table, enabled=True, attribute="t"):
    return server.call("UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": attribute}})


def names(server, table):
    return sorted(found["p"]["S"] for found in server.ok("Scan", {"TableName": table})["Items"])


def advance(server, seconds):
    reply = server.post(b'{"advance_seconds": %d}' % seconds, {"Content-Type": "application/json"}, path="/_shoal/clock")
    assert reply.status == 200, reply.body


def wait_until(holds, seconds=10):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_time_to_live_is_described(server):
    table = server.create_table("p:S")
    describe = lambda: server.ok("DescribeTimeToLive", {"TableName": table})["TimeToLiveDescription"]
    assert describe() == {"TimeToLiveStatus": "DISABLED"}
    assert set_ttl(server, table).json == {"TimeToLiveSpecification": {"AttributeName": "t", "Enabled": True}}
    assert describe() == {"AttributeName": "t", "TimeToLiveStatus": "ENABLED"}
    set_ttl(server, table, False)
    assert describe() == {"TimeToLiveStatus": "DISABLED"}


def test_refusals(server, shoal):
    table = server.create_table("p:S")
    expect_error(set_ttl(server, table, False), "TimeToLive is already disabled")
    set_ttl(server, table)
    expect_error(set_ttl(server, table), "TimeToLive is already enabled")
    expect_error(set_ttl(server, table, True, "u"), "TimeToLive is active on a different AttributeName")
    expect_error(set_ttl(server, table, False, "u"), "TimeToLive is active on a different AttributeName")
    missing = "Requested resource not found: Table: no-such-table not found"
    expect_error(set_ttl(server, "no-such-table"), missing, "ResourceNotFoundException")
    expect_error(server.call("DescribeTimeToLive", {"TableName": "no-such-table"}), missing, "ResourceNotFoundException")
    # With the interval of production, one change an hour.
    table = shoal.create_table("p:S")
    set_ttl(shoal, table)
    expect_error(set_ttl(shoal, table, False), "Time to live has been modified multiple times within a fixed interval")


def test_items_expire_and_the_stream_tells_who_deleted_them(server, boto):
    table = server.create_table("p:S", gsi={"by_g": ("g:S", "ALL")},
                                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    set_ttl(server, table)
    now = int(time.time())
    due = item(p="due", t=now + 1, g="g")
    for entry in (due, item(p="later", t=now + 1000), item(p="text", t=str(now - 10)), item(p="none"),
                  item(p="ancient", t=now - FIVE_YEARS - 100), item(p="ms", t=now * 1000), item(p="negative", t=-5)):
        server.put(table, entry)
    began = time.monotonic()
    wait_until(lambda: "due" not in names(server, table))
    assert time.monotonic() - began < 3
    assert names(server, table) == ["ancient", "later", "ms", "negative", "none", "text"]
    assert server.ok("Scan", {"TableName": table, "IndexName": "by_g"})["Count"] == 0
    streams = boto("dynamodbstreams", url=server.url)
    arn = server.ok("DescribeTable", {"TableName": table})["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    last = streams.get_records(ShardIterator=iterator)["Records"][-1]
    assert last["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}
    assert last["eventName"] == "REMOVE" and last["dynamodb"]["OldImage"] == due


def test_a_moved_clock_expires_at_once(server):
    table = server.create_table("p:S")
    set_ttl(server, table)
    now = int(time.time())
    for n in range(300):
        server.put(table, item(p=f"a{n:03}", t=now + 86_400))
    server.put(table, item(p="b", t=now + 86_400))
    server.put(table, item(p="b", t=now + 200_000))
    server.put(table, item(p="c", t=now + 86_400))
    server.ok("UpdateItem", {"TableName": table, "Key": item(p="c"), "UpdateExpression": "REMOVE t"})
    advance(server, 86_401)
    wait_until(lambda: names(server, table) == ["b", "c"], 2)


def test_items_of_before_the_change_expire_too(server):
    table = server.create_table("p:S")
    now = int(time.time())
    for start in range(0, 1500, 25):
        server.ok("BatchWriteItem", {"RequestItems": {table: [
            {"PutRequest": {"Item": item(p=str(n), t=now - 5)}} for n in range(start, start + 25)]}})
    server.put(table, item(p="stays", t=now + 5000))
    set_ttl(server, table)
    wait_until(lambda: names(server, table) == ["stays"])


def test_what_is_switched_off_expires_no_more(server):
    table = server.create_table("p:S")
    set_ttl(server, table)
    now = int(time.time())
    server.put(table, item(p="a", t=now + 1000, u=now + 5000))
    set_ttl(server, table, False)
    advance(server, 2000)
    time.sleep(0.6)
    assert names(server, table) == ["a"]
    set_ttl(server, table, True, "u")
    time.sleep(0.6)
    assert names(server, table) == ["a"]
    advance(server, 4000)
    wait_until(lambda: names(server, table) == [], 2)

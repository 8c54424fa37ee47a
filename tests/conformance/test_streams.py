"""DynamoDB Streams, from outside with boto3: what a reader sees of every kind of write, and every refusal."""

import time

import botocore.exceptions
import pytest

from support.expect import ENVELOPE, item

INVALID = "One or more parameter values were invalid: "
NOWHERE = "arn:aws:dynamodb:us-east-1:000000000000:table/nowhere/stream/2026-11-23T01:08:49.107"


@pytest.fixture
def streams(boto):
    return boto("dynamodbstreams")


@pytest.fixture
def make_table(shoal, client):
    def make(view="NEW_AND_OLD_IMAGES"):
        table = shoal.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
        return table, client.describe_table(TableName=table)["Table"]["LatestStreamArn"]

    return make


def shards_of(streams, arn):
    return streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]


def read_shard(streams, arn, shard, **start):
    start = start or {"ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, **start)["ShardIterator"]
    records = []
    while iterator:
        page = streams.get_records(ShardIterator=iterator)
        records += page["Records"]
        iterator = page.get("NextShardIterator")
        if not page["Records"]:
            break
    return records


def read_all(streams, arn):
    return [record for shard in shards_of(streams, arn) for record in read_shard(streams, arn, shard["ShardId"])]


def refused(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as refusal:
        call(**parameters)
    return refusal.value.response["Error"]["Code"], refusal.value.response["Error"]["Message"]


def test_a_table_tells_of_its_stream(client, make_table):
    table, arn = make_table("KEYS_ONLY")
    described = client.describe_table(TableName=table)["Table"]
    assert described["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    assert described["LatestStreamArn"] == f"{described['TableArn']}/stream/{described['LatestStreamLabel']}" == arn


@pytest.mark.parametrize("view, images", [("KEYS_ONLY", ([], [], [])), ("NEW_IMAGE", (["NewImage"], ["NewImage"], [])),
                                          ("OLD_IMAGE", ([], ["OldImage"], ["OldImage"])),
                                          ("NEW_AND_OLD_IMAGES", (["NewImage"], ["NewImage", "OldImage"], ["OldImage"]))])
def test_each_view_shows_its_images(client, streams, make_table, view, images):
    table, arn = make_table(view)
    before = int(time.time())
    client.put_item(TableName=table, Item=item(p="a", x="1"))
    client.put_item(TableName=table, Item=item(p="a", x="22"))
    client.delete_item(TableName=table, Key=item(p="a"))
    records = read_all(streams, arn)
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    states = {"NewImage": [item(p="a", x="1"), item(p="a", x="22"), None], "OldImage": [None, item(p="a", x="1"), item(p="a", x="22")]}
    sizes = {"NewImage": [4, 5, 0], "OldImage": [0, 4, 5]}
    for n, record in enumerate(records):
        change = record["dynamodb"]
        assert sorted(name for name in change if name.endswith("Image")) == images[n]
        assert change["Keys"] == item(p="a") and change["StreamViewType"] == view
        assert change["SizeBytes"] == 2 + sum(sizes[name][n] for name in images[n])
        assert all(change[name] == states[name][n] for name in images[n])
        assert before <= change["ApproximateCreationDateTime"].timestamp() <= time.time()
        assert (record["eventVersion"], record["eventSource"], record["awsRegion"]) == ("1.1", "aws:dynamodb", "us-east-1")
        assert len(record["eventID"]) == 32 and set(record["eventID"]) <= set("0123456789abcdef")
        assert "userIdentity" not in record and len(change["SequenceNumber"]) == 21
    assert len({record["eventID"] for record in records}) == 3
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    assert numbers == sorted(set(numbers))
    assert read_all(streams, arn) == records, "a record reads the same each time"


def test_what_changes_nothing_leaves_no_record(client, streams, make_table):
    table, arn = make_table()
    client.put_item(TableName=table, Item={"p": {"S": "a"}, "s": {"NS": ["1", "2"]}})
    client.put_item(TableName=table, Item={"p": {"S": "a"}, "s": {"NS": ["2.0", "1"]}})
    client.update_item(TableName=table, Key=item(p="a"), UpdateExpression="REMOVE nothing")
    client.delete_item(TableName=table, Key=item(p="absent"))
    assert refused(client.put_item, TableName=table, Item=item(p="a"), ConditionExpression="attribute_not_exists(p)")[0] == "ConditionalCheckFailedException"
    assert [record["eventName"] for record in read_all(streams, arn)] == ["INSERT"]


def test_batches_and_transactions_are_recorded_item_by_item(client, streams, make_table):
    table, arn = make_table("KEYS_ONLY")
    client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item(p=f"b{n}")}} for n in range(3)]})
    client.transact_write_items(TransactItems=[
        {"Delete": {"TableName": table, "Key": item(p="b0")}}, {"Put": {"TableName": table, "Item": item(p="t")}},
        {"Update": {"TableName": table, "Key": item(p="b1"), "UpdateExpression": "SET x = :x", "ExpressionAttributeValues": {":x": {"S": "y"}}}},
        {"ConditionCheck": {"TableName": table, "Key": item(p="b2"), "ConditionExpression": "attribute_exists(p)"}}])
    seen = [(record["eventName"], record["dynamodb"]["Keys"]["p"]["S"]) for record in read_all(streams, arn)]
    assert seen[:3] == [("INSERT", "b0"), ("INSERT", "b1"), ("INSERT", "b2")]
    assert sorted(seen[3:]) == [("INSERT", "t"), ("MODIFY", "b1"), ("REMOVE", "b0")]


def test_iterators_of_every_type(client, streams, make_table):
    table, arn = make_table("KEYS_ONLY")
    shard = shards_of(streams, arn)[0]["ShardId"]
    put = lambda name: client.put_item(TableName=table, Item=item(p=name))
    for name in "abc":
        put(name)
    records = read_shard(streams, arn, shard)
    middle = records[1]["dynamodb"]["SequenceNumber"]
    names = lambda found: "".join(record["dynamodb"]["Keys"]["p"]["S"] for record in found)
    read = lambda **start: names(read_shard(streams, arn, shard, **start))
    latest = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    put("d")
    assert names(streams.get_records(ShardIterator=latest)["Records"]) == "d"
    assert read(ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=middle) == "bcd"
    assert read(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=middle) == "cd"
    first = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    page = streams.get_records(ShardIterator=first, Limit=2)
    assert names(page["Records"]) == "ab"
    assert names(streams.get_records(ShardIterator=page["NextShardIterator"])["Records"]) == "cd"


def test_a_stream_that_is_disabled_can_still_be_read(client, streams, make_table):
    table, arn = make_table("KEYS_ONLY")
    client.put_item(TableName=table, Item=item(p="a"))
    assert refused(client.update_table, TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}) == (
        "ValidationException", "Table already has an enabled stream")
    client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})
    assert refused(client.update_table, TableName=table, StreamSpecification={"StreamEnabled": False}) == (
        "ValidationException", "Table has no stream to disable")
    client.put_item(TableName=table, Item=item(p="unseen"))
    described = client.describe_table(TableName=table)["Table"]
    assert "StreamSpecification" not in described and described["LatestStreamArn"] == arn
    description = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    assert description["StreamStatus"] == "DISABLED"
    ranges = [shard["SequenceNumberRange"] for shard in description["Shards"]]
    records = read_all(streams, arn)
    assert [record["dynamodb"]["Keys"] for record in records] == [item(p="a")]
    assert [entry["EndingSequenceNumber"] for entry in ranges] == [records[0]["dynamodb"]["SequenceNumber"]]

    client.update_table(TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    again = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    assert again != arn and read_all(streams, again) == []
    client.delete_table(TableName=table)
    assert [stream["StreamArn"] for stream in streams.list_streams(TableName=table)["Streams"]] == [arn, again]
    assert len(read_all(streams, arn)) == 1


def test_streams_are_listed_in_pages(streams, make_table):
    wanted = {make_table("KEYS_ONLY")[1] for _ in range(3)}
    found, start = [], {}
    while True:
        page = streams.list_streams(Limit=2, **start)
        assert len(page["Streams"]) <= 2
        found += [stream["StreamArn"] for stream in page["Streams"]]
        if "LastEvaluatedStreamArn" not in page:
            break
        start = {"ExclusiveStartStreamArn": page["LastEvaluatedStreamArn"]}
    assert wanted <= set(found) and len(found) == len(set(found))
    assert streams.list_streams(TableName="no-such-table")["Streams"] == []


def test_refusals(streams, make_table):
    _, arn = make_table("KEYS_ONLY")
    shard = shards_of(streams, arn)[0]["ShardId"]
    nobody = "shardId-00000000000000000001-0000abcd"
    missing = ("ResourceNotFoundException", f"Requested resource not found: Stream: {NOWHERE} not found")
    assert refused(streams.describe_stream, StreamArn=NOWHERE) == missing
    assert refused(streams.get_shard_iterator, StreamArn=NOWHERE, ShardId=shard, ShardIteratorType="LATEST") == missing
    assert refused(streams.describe_stream, StreamArn="x" * 40) == ("ValidationException", "Invalid StreamArn")
    assert refused(streams.list_streams, ExclusiveStartStreamArn="x" * 40) == ("ValidationException", "Invalid StreamArn")
    assert refused(streams.describe_stream, StreamArn=arn, Limit=101) == (
        "ValidationException", INVALID + "Limit cannot be greater than the maximum: 100")
    assert refused(streams.list_streams, Limit=101) == (
        "ValidationException", INVALID + "Limit cannot be greater than the maximum allowed size: 100")
    assert refused(streams.describe_stream, StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS"}) == (
        "ValidationException", ENVELOPE + "Value null at 'shardFilter.shardId' failed to satisfy constraint: Member must not be null")
    start = lambda **more: refused(streams.get_shard_iterator, **{"StreamArn": arn, "ShardId": shard, **more})
    assert start(ShardId=nobody, ShardIteratorType="LATEST") == (
        "ResourceNotFoundException", f"Requested resource not found: Shard: {nobody} in Stream: {arn} not found")
    assert start(ShardIteratorType="AT_SEQUENCE_NUMBER") == ("ValidationException", INVALID + "Invalid SequenceNumber")
    assert start(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber="x" * 21) == ("ValidationException", INVALID + "Invalid SequenceNumber")
    assert start(ShardIteratorType="LATEST", SequenceNumber="1" * 21) == (
        "ValidationException", INVALID + "SequenceNumber should not be passed for this iterator type")
    assert start(ShardIteratorType="SIDEWAYS")[1].startswith(ENVELOPE + "Value 'SIDEWAYS' at 'shardIteratorType' failed to satisfy constraint")
    assert refused(streams.get_records, ShardIterator="nonsense") == ("ValidationException", "Invalid ShardIterator")
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    assert refused(streams.get_records, ShardIterator=iterator, Limit=1001) == (
        "ValidationException", INVALID + "Limit should be less than or equal to 1000")


def test_a_page_holds_a_megabyte(client, streams, make_table):
    table, arn = make_table("NEW_IMAGE")
    for n in range(5):
        client.put_item(TableName=table, Item=item(p=str(n), x="x" * 390_000))
    shard = shards_of(streams, arn)[0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert len(streams.get_records(ShardIterator=iterator)["Records"]) == 2
    assert len(read_shard(streams, arn, shard)) == 5


def advance(server, seconds):
    reply = server.post(b'{"advance_seconds": %d}' % seconds, {"Content-Type": "application/json"}, path="/_shoal/clock")
    assert reply.status == 200, reply.body


@pytest.fixture
def moved(start_shoal, boto):
    """A server whose clock may be moved, its clients, and a table with a stream."""
    server = start_shoal("--shard-rollover-minutes=240")
    client, streams = boto(url=server.url), boto("dynamodbstreams", url=server.url)
    table = server.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    return server, client, streams, table, client.describe_table(TableName=table)["Table"]["LatestStreamArn"]


def wait_until(holds, seconds=10):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_iterators_expire_and_records_are_trimmed(moved):
    server, client, streams, table, arn = moved
    client.put_item(TableName=table, Item=item(p="a"))
    shard = shards_of(streams, arn)[0]["ShardId"]
    number = read_shard(streams, arn, shard)[0]["dynamodb"]["SequenceNumber"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    advance(server, 899)
    assert len(streams.get_records(ShardIterator=iterator)["Records"]) == 1
    advance(server, 2)
    assert refused(streams.get_records, ShardIterator=iterator) == (
        "ExpiredIteratorException", "The provided iterator exceeds the maximum age allowed.")
    advance(server, 24 * 3600)
    assert refused(streams.get_shard_iterator, StreamArn=arn, ShardId=shard, ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=number) == (
        "TrimmedDataAccessException", "The data you are trying to access has been trimmed.")
    assert read_shard(streams, arn, shard) == []


def test_shards_roll_over_and_keep_the_order(moved):
    server, client, streams, table, arn = moved
    for n in range(3):
        client.put_item(TableName=table, Item=item(p="a", n=n))
        advance(server, 4 * 3600 + 1)
        wait_until(lambda: len(shards_of(streams, arn)) == n + 2)
    shards = shards_of(streams, arn)
    assert [shard.get("ParentShardId") for shard in shards] == [None] + [shard["ShardId"] for shard in shards[:-1]]
    assert ["EndingSequenceNumber" in shard["SequenceNumberRange"] for shard in shards] == [True, True, True, False]
    assert [record["eventName"] for record in read_all(streams, arn)] == ["INSERT", "MODIFY", "MODIFY"]
    children = streams.describe_stream(StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": shards[0]["ShardId"]})
    assert [shard["ShardId"] for shard in children["StreamDescription"]["Shards"]] == [shards[1]["ShardId"]]
    page = streams.describe_stream(StreamArn=arn, Limit=3)["StreamDescription"]
    assert page["LastEvaluatedShardId"] == shards[2]["ShardId"]
    rest = streams.describe_stream(StreamArn=arn, ExclusiveStartShardId=shards[2]["ShardId"])["StreamDescription"]["Shards"]
    assert rest == shards[3:]
    advance(server, 24 * 3600)
    wait_until(lambda: len(shards_of(streams, arn)) == 1 or shards_of(streams, arn)[0]["ShardId"] != shards[0]["ShardId"])


def test_a_disabled_stream_is_forgotten_after_a_day(moved):
    server, client, streams, table, arn = moved
    client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})
    advance(server, 24 * 3600 - 60)
    assert streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamStatus"] == "DISABLED"
    advance(server, 120)
    assert refused(streams.describe_stream, StreamArn=arn)[0] == "ResourceNotFoundException"
    assert streams.list_streams()["Streams"] == []

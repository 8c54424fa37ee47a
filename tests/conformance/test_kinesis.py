"""Kinesis destinations, from outside: a table's changes in the stream of a Kinesis that somebody else wrote (moto's)."""

import base64
import collections
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time

import boto3
import pytest

from support.expect import item
from support.shoal_process import Shoal
from support.until import until

ACCOUNT = "123456789012"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Kinesis:
    """moto's server in a process of its own, and what its streams hold."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "MOTO_CALL_RESET_API": "false"})
        self.client = boto3.client("kinesis", endpoint_url=self.url, region_name="us-east-1",
                                   aws_access_key_id="local", aws_secret_access_key="local")
        until(self._is_up)

    def _is_up(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            assert self.process.poll() is None, "moto's server ended"
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def make_stream(self, name, shards=2):
        self.client.create_stream(StreamName=name, ShardCount=shards)
        return self.client.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"]

    def read(self, name):
        """The records of each shard, in their order."""
        shards = []
        for shard in self.client.describe_stream(StreamName=name)["StreamDescription"]["Shards"]:
            iterator = self.client.get_shard_iterator(StreamName=name, ShardId=shard["ShardId"],
                                                      ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            shards.append([])
            while True:
                page = self.client.get_records(ShardIterator=iterator, Limit=10_000)
                shards[-1] += page["Records"]
                iterator = page.get("NextShardIterator")
                if not page["Records"] or not iterator:
                    break
        return shards

    def changes(self, name):
        return [json.loads(record["Data"]) for shard in self.read(name) for record in shard]

    def versions(self, name):
        """Item -> the versions of it that arrived, in order."""
        seen = collections.defaultdict(list)
        for change in self.changes(name):
            seen[change["dynamodb"]["Keys"]["p"]["S"]].append(int(change["dynamodb"]["NewImage"]["v"]["N"]))
        return seen


@pytest.fixture(scope="module")
def kinesis():
    server = Kinesis()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def delivering(start_shoal, kinesis):
    return start_shoal(f"--kinesis-endpoint={kinesis.url}")


@pytest.fixture(scope="module")
def client(boto, delivering):
    return boto(url=delivering.url)


def status_of(client, table, index=0):
    return client.describe_kinesis_streaming_destination(TableName=table)["KinesisDataStreamDestinations"][index]["DestinationStatus"]


def count_up(client, table, name, versions):
    for version in versions:
        client.put_item(TableName=table, Item={"p": {"S": name}, "v": {"N": str(version)}})


def test_changes_arrive_as_production_tells_them(delivering, client, kinesis):
    table, arn = delivering.create_table("p:S"), kinesis.make_stream("told")
    answer = client.enable_kinesis_streaming_destination(TableName=table, StreamArn=arn)
    assert {name: answer[name] for name in ("TableName", "StreamArn", "DestinationStatus")} == {
        "TableName": table, "StreamArn": arn, "DestinationStatus": "ENABLING"}
    assert status_of(client, table) == "ACTIVE"
    before = int(time.time() * 1000)
    client.put_item(TableName=table, Item={"p": {"S": "a"}, "b": {"B": b"\x00\xff"}, "s": {"SS": ["x", "y"]}})
    client.put_item(TableName=table, Item={"p": {"S": "a"}, "b": {"B": b"\x00\xff"}, "s": {"SS": ["y", "x"]}})  # No change.
    client.update_item(TableName=table, Key=item(p="a"), UpdateExpression="SET b = :b",
                       ExpressionAttributeValues={":b": {"NULL": True}})
    client.delete_item(TableName=table, Key=item(p="a"))
    changes = until(lambda: len(found := kinesis.changes("told")) >= 3 and found)
    assert [change["eventName"] for change in changes] == ["INSERT", "MODIFY", "REMOVE"]
    first = {"p": {"S": "a"}, "b": {"B": "AP8="}, "s": {"SS": ["x", "y"]}}
    second = {**first, "b": {"NULL": True}}
    images = [(change["dynamodb"].get("OldImage"), change["dynamodb"].get("NewImage")) for change in changes]
    assert images == [(None, first), (first, second), (second, None)]
    for change in changes:
        assert sorted(change) == ["awsRegion", "dynamodb", "eventID", "eventName", "eventSource", "recordFormat", "tableName", "userIdentity"]
        assert (change["awsRegion"], change["eventSource"], change["recordFormat"], change["tableName"], change["userIdentity"]) == (
            "us-east-1", "aws:dynamodb", "application/json", table, None)
        assert change["dynamodb"]["Keys"] == item(p="a")
        assert before <= change["dynamodb"]["ApproximateCreationDateTime"] <= time.time() * 1000
    assert [change["dynamodb"]["SizeBytes"] for change in changes] == [10, 17, 9]
    assert len({change["eventID"] for change in changes}) == 3


def test_microseconds_when_they_are_asked_for(delivering, client, kinesis):
    table, arn = delivering.create_table("p:S"), kinesis.make_stream("micro")
    client.enable_kinesis_streaming_destination(
        TableName=table, StreamArn=arn, EnableKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"})
    client.put_item(TableName=table, Item=item(p="a"))
    change = until(lambda: kinesis.changes("micro"))[0]["dynamodb"]
    assert change["ApproximateCreationDateTimePrecision"] == "MICROSECOND"
    assert abs(change["ApproximateCreationDateTime"] / 1e6 - time.time()) < 60
    updated = client.update_kinesis_streaming_destination(
        TableName=table, StreamArn=arn, UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MILLISECOND"})
    assert updated["DestinationStatus"] == "UPDATING"
    client.put_item(TableName=table, Item=item(p="b"))
    change = until(lambda: [each for each in kinesis.changes("micro") if each["dynamodb"]["Keys"] == item(p="b")])[0]["dynamodb"]
    assert "ApproximateCreationDateTimePrecision" not in change
    assert abs(change["ApproximateCreationDateTime"] / 1e3 - time.time()) < 60


def test_writers_side_by_side_and_splits_keep_each_items_order(delivering, client, boto, kinesis):
    table, arn = delivering.create_table("p:S"), kinesis.make_stream("order", shards=4)
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=arn)
    names = [f"item{n}" for n in range(8)]
    writers = [threading.Thread(target=count_up, args=(boto(url=delivering.url), table, name, range(60))) for name in names]
    for writer in writers:
        writer.start()
    for _ in range(4):
        time.sleep(0.05)
        reply = delivering.post(json.dumps({"table": table}).encode(), {"Content-Type": "application/json"}, path="/_shoal/split")
        assert reply.status == 200
    for writer in writers:
        writer.join()
    until(lambda: sum(map(len, kinesis.versions("order").values())) >= 8 * 60)
    assert kinesis.versions("order") == {name: list(range(60)) for name in names}


def test_what_is_changed_after_disabling_is_not_delivered(delivering, client, kinesis):
    table, arn = delivering.create_table("p:S"), kinesis.make_stream("ended")
    count_up(client, table, "before", [0])
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=arn)
    count_up(client, table, "while", range(20))
    assert client.disable_kinesis_streaming_destination(TableName=table, StreamArn=arn)["DestinationStatus"] == "DISABLING"
    count_up(client, table, "after", [0])
    until(lambda: status_of(client, table) == "DISABLED")
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=arn)
    count_up(client, table, "again", [0])
    until(lambda: "again" in kinesis.versions("ended"))
    assert kinesis.versions("ended") == {"while": list(range(20)), "again": [0]}


def test_time_to_live_and_a_stream_beside_it(delivering, client, boto, kinesis):
    table = delivering.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=kinesis.make_stream("expiry"))
    client.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ends"})
    client.put_item(TableName=table, Item={"p": {"S": "a"}, "ends": {"N": str(int(time.time()) - 5)}})
    changes = until(lambda: len(found := kinesis.changes("expiry")) == 2 and found)
    assert changes[1]["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    streams = boto("dynamodbstreams", url=delivering.url)
    arn = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [record["eventName"] for record in streams.get_records(ShardIterator=iterator)["Records"]] == ["INSERT", "REMOVE"]


def test_a_stream_that_is_not_there_yet(delivering, client, kinesis):
    table = delivering.create_table("p:S")
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/later")
    count_up(client, table, "a", range(3))
    time.sleep(0.3)
    kinesis.make_stream("later")
    until(lambda: kinesis.versions("later") == {"a": [0, 1, 2]})
    assert "ResourceNotFoundException" in delivering.log()


def test_a_restart_neither_loses_nor_repeats(boto, kinesis, tmp_path):
    flags = (f"--data-dir={tmp_path}", f"--kinesis-endpoint={kinesis.url}")
    arn = kinesis.make_stream("restart")
    with Shoal.start(*flags) as first:
        table = first.create_table("p:S")
        client = boto(url=first.url)
        client.enable_kinesis_streaming_destination(TableName=table, StreamArn=arn)
        count_up(client, table, "a", range(40))
    with Shoal.start(*flags) as second:
        count_up(boto(url=second.url), table, "a", range(40, 80))
        until(lambda: len(kinesis.versions("restart")["a"]) >= 80)
    assert kinesis.versions("restart") == {"a": list(range(80))}


def test_a_killed_process_repeats_at_most(boto, kinesis, tmp_path):
    flags = (f"--data-dir={tmp_path}", f"--kinesis-endpoint={kinesis.url}")
    arn = kinesis.make_stream("killed")
    table, written = None, 0
    for _ in range(5):
        shoal = Shoal.start(*flags)
        client = boto(url=shoal.url)
        if table is None:
            table = shoal.create_table("p:S")
            client.enable_kinesis_streaming_destination(TableName=table, StreamArn=arn)
        count_up(client, table, "a", range(written, written + 50))
        written += 50
        shoal.kill()
    with Shoal.start(*flags):
        seen = lambda: kinesis.versions("killed")["a"]
        until(lambda: seen() and seen()[-1] == written - 1)
    versions = seen()
    # What is repeated is repeated from some point on, in order: no change appears before its predecessor has.
    assert set(versions) == set(range(written))
    furthest = -1
    for version in versions:
        assert version <= furthest + 1
        furthest = max(furthest, version)


def test_changes_wait_for_a_kinesis_that_is_down(boto, start_shoal):
    port = free_port()
    shoal = start_shoal(f"--kinesis-endpoint=http://127.0.0.1:{port}")
    client, table = boto(url=shoal.url), shoal.create_table("p:S")
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/down")
    began = time.monotonic()
    count_up(client, table, "a", range(50))
    assert time.monotonic() - began < 10, "nobody waits for Kinesis"
    until(lambda: "Connection refused" in shoal.log())
    kinesis = Kinesis(port)
    try:
        kinesis.make_stream("down")
        until(lambda: kinesis.versions("down") == {"a": list(range(50))})
    finally:
        kinesis.stop()


class FlakyKinesis(http.server.BaseHTTPRequestHandler):
    """Takes some records of each call and not others, now and then none, and keeps what it took."""
    protocol_version = "HTTP/1.1"
    calls, taken, largest, headers_seen = 0, [], 0, None

    def do_POST(self):
        cls = type(self)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        cls.calls += 1
        cls.headers_seen = dict(self.headers)
        cls.largest = max(cls.largest, len(body["Records"]))
        if cls.calls % 7 == 0:
            return self.answer(500, {"__type": "InternalFailure"})
        if cls.calls % 11 == 0:
            self.close_connection = True
            return None
        results = []
        for n, record in enumerate(body["Records"]):
            if (n + cls.calls) % 3 == 0:
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"})
                continue
            change = json.loads(base64.b64decode(record["Data"]))["dynamodb"]
            cls.taken.append((change["Keys"]["p"]["S"], int(change["NewImage"]["v"]["N"])))
            results.append({"SequenceNumber": str(len(cls.taken)), "ShardId": "shardId-000000000000"})
        return self.answer(200, {"FailedRecordCount": sum("ErrorCode" in each for each in results), "Records": results})

    def answer(self, status, value):
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def test_records_that_are_not_taken_do_not_change_an_items_order(boto, start_shoal):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FlakyKinesis)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shoal = start_shoal(f"--kinesis-endpoint=http://127.0.0.1:{server.server_port}/base", "--kinesis-access-key=AKIDEXAMPLE")
    client, table = boto(url=shoal.url), shoal.create_table("p:S")
    client.enable_kinesis_streaming_destination(TableName=table, StreamArn=f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/flaky")
    for version in range(12):
        client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": {"p": {"S": f"item{n}"}, "v": {"N": str(version)}}}}
                                                      for n in range(6)]})
    until(lambda: len(FlakyKinesis.taken) >= 72, patience=60)
    server.shutdown()
    seen = collections.defaultdict(list)
    for name, version in FlakyKinesis.taken:
        seen[name].append(version)
    assert {name: sorted(set(versions)) for name, versions in seen.items()} == {f"item{n}": list(range(12)) for n in range(6)}
    assert all(versions == sorted(versions) for versions in seen.values())
    assert "Credential=AKIDEXAMPLE/" in FlakyKinesis.headers_seen["Authorization"]
    assert "/us-east-1/kinesis/aws4_request" in FlakyKinesis.headers_seen["Authorization"]
    assert FlakyKinesis.headers_seen["X-Amz-Target"] == "Kinesis_20131202.PutRecords"

"""In place of DynamoDB Local: the words that people give it, typed as they are, and the clients that they point at it."""

import contextlib
import socket
import subprocess
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest

from support.shoal_process import binary

TABLE = {"TableName": "Music", "BillingMode": "PAY_PER_REQUEST",
         "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
         "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]}


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def local(*words, folder):
    """DynamoDB Local's own command line, after `java`."""
    port = free_port()
    process = subprocess.Popen([binary(), "-Djava.library.path=./DynamoDBLocal_lib", "-Xmx256m", "-jar", "DynamoDBLocal.jar",
                                *words, "-port", str(port)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            if subprocess.run([binary(), "health", f"--port={port}"], capture_output=True, timeout=10).returncode == 0:
                break
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def client(port, access_key="fakeMyKeyId", region="us-west-2"):
    return boto3.client("dynamodb", endpoint_url=f"http://localhost:{port}", region_name=region, aws_access_key_id=access_key,
                        aws_secret_access_key="fakeSecretAccessKey", config=botocore.config.Config(retries={"total_max_attempts": 1}))


def test_in_memory_and_shared(tmp_path):
    with local("-inMemory", "-sharedDb", "-disableTelemetry", folder=tmp_path) as port:
        client(port).create_table(**TABLE)
        client(port).put_item(TableName="Music", Item={"p": {"S": "1"}})
        for key, region in (("other", "eu-central-1"), ("000000000042", "us-east-1")):
            assert client(port, key, region).list_tables()["TableNames"] == ["Music"]
    assert list(tmp_path.iterdir()) == []


def test_kept_in_the_folder_that_is_named(tmp_path):
    for words in (("-sharedDb", "-dbPath", "./data"), ("-dbPath=./data", "-sharedDb", "-optimizeDbBeforeStartup")):
        with local(*words, folder=tmp_path) as port:
            with contextlib.suppress(botocore.exceptions.ClientError):
                client(port).create_table(**TABLE)
            assert client(port).list_tables()["TableNames"] == ["Music"]
    assert (tmp_path / "data/data.mdb").exists()


def test_states_that_pass_can_be_delayed(tmp_path):
    with local("-inMemory", "-delayTransientStatuses", folder=tmp_path) as port:
        assert client(port).create_table(**TABLE)["TableDescription"]["TableStatus"] == "CREATING"
        client(port).get_waiter("table_exists").wait(TableName="Music", WaiterConfig={"Delay": 1, "MaxAttempts": 10})


def test_an_account_is_an_access_key_of_twelve_digits(shoal):
    one, other = (client(shoal.port, key, "us-east-1") for key in ("000000000101", "000000000102"))
    one.create_table(**TABLE)
    assert one.list_tables()["TableNames"] == ["Music"] and other.list_tables()["TableNames"] == []
    other.create_table(**TABLE)
    one.delete_table(TableName="Music")
    assert other.describe_table(TableName="Music")["Table"]["TableArn"].split(":")[4] == "000000000102"


def test_what_is_neither_theirs_nor_ours_is_refused(tmp_path):
    run = subprocess.run([binary(), "-inMemory", "-noSuchFlag"], capture_output=True, text=True, timeout=10)
    assert run.returncode == 1 and "-noSuchFlag" in run.stderr


@pytest.mark.parametrize("items", [10, 20_000])
def test_reset_and_restore_take_moments_however_much_there_is(start_shoal, items, note):
    server = start_shoal()
    table = server.create_table("p:S", gsi={"by_g": "g:S"})
    batches = [{"RequestItems": {table: [{"PutRequest": {"Item": {"p": {"S": f"{n}"}, "g": {"S": "g"}, "v": {"S": "x" * 500}}}}
                                         for n in range(first, min(first + 25, items))]}} for first in range(0, items, 25)]
    for batch in batches:
        server.ok("BatchWriteItem", batch)

    def post(path, body):
        began = time.monotonic()
        reply = server.post(body, {"Content-Type": "application/json"}, path=f"/_shoal/{path}")
        assert reply.status == 200, reply.body
        return (time.monotonic() - began) * 1000

    taken = post("snapshot", b'{"name": "seeded"}')
    for round_ in range(3):
        server.put(table, {"p": {"S": f"new{round_}"}})
        server.ok("DeleteItem", {"TableName": table, "Key": {"p": {"S": "1"}}})
        restored = post("restore", b'{"name": "seeded"}')
        assert server.ok("DescribeTable", {"TableName": table})["Table"]["ItemCount"] == items
        assert "Item" in server.ok("GetItem", {"TableName": table, "Key": {"p": {"S": "1"}}})
    emptied = post("reset", b"{}")
    assert server.ok("ListTables", {})["TableNames"] == []
    note(f"{items:,} items: snapshot {taken:.1f} ms, restore {restored:.1f} ms, reset {emptied:.1f} ms")

"""Triggers, from outside: mappings set up by boto3 and the AWS CLI, and a Lambda runtime (a fake one, that does what a test
wants of it) that is called with the changes. tests/consumers/test_lambda.py has a real runtime."""

import collections
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import botocore.exceptions
import pytest

from support.expect import item
from support.shoal_process import Shoal
from support.until import until

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
Answer = collections.namedtuple("Answer", "status body headers", defaults=(200, None, {}))


class Runtime:
    """Functions that are Python functions from an event to an Answer (or to what they return)."""

    def __init__(self, port=0):
        self.functions, self.calls, self.reports = {}, collections.defaultdict(list), []
        self.headers = {}
        self.running, self.most_running = collections.Counter(), collections.Counter()
        self.lock = threading.Lock()
        runtime = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path = urllib.parse.urlparse(self.path).path
                if path.startswith("/reports"):
                    runtime.reports.append((self.path, body))
                    return self.answer(Answer())
                parts = path.split("/")
                if parts[:3] != ["", "2015-03-31", "functions"] or parts[4:] != ["invocations"]:
                    return self.answer(Answer(404, {"message": self.path}))
                runtime.headers = dict(self.headers)
                result = runtime.run(urllib.parse.unquote(parts[3]), body)
                return self.answer(result if isinstance(result, Answer) else Answer(body=result))

            def answer(self, result):
                content = json.dumps(result.body).encode()
                self.send_response(result.status)
                for name, value in {"Content-Length": str(len(content)), **result.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def run(self, name, event):
        with self.lock:
            self.calls[name].append(event)
            self.running[name] += 1
            self.most_running[name] = max(self.most_running[name], self.running[name])
        try:
            function = self.functions.get(name)
            return function(event) if function else None
        finally:
            with self.lock:
                self.running[name] -= 1

    def records(self, name):
        with self.lock:
            return [record for event in self.calls[name] for record in event["Records"]]

    def versions(self, name):
        """Item -> its versions in the order in which they were taken."""
        seen = collections.defaultdict(list)
        for record in self.records(name):
            seen[record["dynamodb"]["Keys"]["p"]["S"]].append(int(record["dynamodb"]["NewImage"]["v"]["N"]))
        return seen

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def runtime():
    server = Runtime()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("failures")


@pytest.fixture(scope="module")
def calling(start_shoal, runtime, files):
    return start_shoal(f"--lambda-endpoint={runtime.url}", f"--failure-dir={files}")


@pytest.fixture(scope="module")
def client(boto, calling):
    return boto(url=calling.url)


@pytest.fixture(scope="module")
def lambdas(boto, calling):
    return boto("lambda", url=calling.url)


@pytest.fixture
def table(calling):
    """A table with a stream, and a function's name of its own: table.name, table.arn, table.function."""
    name = calling.create_table("p:S", StreamSpecification=STREAM)
    arn = calling.ok("DescribeTable", {"TableName": name})["Table"]["LatestStreamArn"]
    return collections.namedtuple("Table", "name arn function")(name, arn, f"f-{name}")


def mapped(lambdas, table, **settings):
    return lambdas.create_event_source_mapping(**{"EventSourceArn": table.arn, "FunctionName": table.function,
                                                  "StartingPosition": "TRIM_HORIZON", **settings})["UUID"]


def count_up(client, table, name, versions):
    for version in versions:
        client.put_item(TableName=table, Item={"p": {"S": name}, "v": {"N": str(version)}})


def advance(shoal, seconds):
    reply = shoal.post(json.dumps({"advance_seconds": seconds}).encode(), {"Content-Type": "application/json"}, path="/_shoal/clock")
    assert reply.status == 200, reply.body


def error_of(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


def test_a_function_is_called_with_the_changes(client, lambdas, runtime, table):
    uuid = mapped(lambdas, table)
    client.put_item(TableName=table.name, Item={"p": {"S": "a"}, "b": {"B": b"\x00\xff"}})
    client.update_item(TableName=table.name, Key=item(p="a"), UpdateExpression="SET b = :b", ExpressionAttributeValues={":b": {"N": "1"}})
    client.delete_item(TableName=table.name, Key=item(p="a"))
    records = until(lambda: len(found := runtime.records(table.function)) == 3 and found)
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    first, second = {"p": {"S": "a"}, "b": {"B": "AP8="}}, {"p": {"S": "a"}, "b": {"N": "1"}}
    assert [(record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage")) for record in records] == [
        (None, first), (first, second), (second, None)]
    for record in records:
        assert set(record) == {"eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb", "eventSourceARN"}
        assert (record["eventVersion"], record["eventSource"], record["awsRegion"], record["eventSourceARN"]) == (
            "1.1", "aws:dynamodb", "us-east-1", table.arn)
        assert record["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], int)
    assert runtime.headers["X-Amz-Invocation-Type"] == "RequestResponse" and runtime.headers["Content-Type"] == "application/json"
    assert "/us-east-1/lambda/aws4_request" in runtime.headers["Authorization"]
    until(lambda: lambdas.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "OK")


def test_the_life_of_a_mapping(client, lambdas, runtime, table):
    created = lambdas.create_event_source_mapping(EventSourceArn=table.arn, FunctionName=table.function, StartingPosition="LATEST",
                                                  BatchSize=5, Tags={"team": "a"})
    assert created["ResponseMetadata"]["HTTPStatusCode"] == 202
    uuid = created["UUID"]
    assert (created["State"], created["BatchSize"], created["MaximumRetryAttempts"]) == ("Creating", 5, -1)
    assert created["FunctionArn"] == f"arn:aws:lambda:us-east-1:000000000000:function:{table.function}"
    assert abs(created["LastModified"].timestamp() - time.time()) < 60
    assert lambdas.get_event_source_mapping(UUID=uuid)["State"] == "Enabled"
    assert [each["UUID"] for each in lambdas.list_event_source_mappings(EventSourceArn=table.arn)["EventSourceMappings"]] == [uuid]
    assert [each["UUID"] for each in lambdas.list_event_source_mappings(FunctionName=table.function)["EventSourceMappings"]] == [uuid]
    pages = lambdas.get_paginator("list_event_source_mappings").paginate(PaginationConfig={"PageSize": 1})
    assert uuid in [each["UUID"] for page in pages for each in page["EventSourceMappings"]]
    assert error_of(lambdas.create_event_source_mapping, EventSourceArn=table.arn, FunctionName=table.function,
                    StartingPosition="LATEST") == (
        409, "ResourceConflictException", f'The event source arn (" {table.arn} ") and function (" {table.function} ") provided '
        f"mapping already exists. Please update or delete the existing mapping with UUID {uuid}")
    arn = created["EventSourceMappingArn"]
    lambdas.tag_resource(Resource=arn, Tags={"b": "c"})
    lambdas.untag_resource(Resource=arn, TagKeys=["team"])
    assert lambdas.list_tags(Resource=arn)["Tags"] == {"b": "c"}
    assert lambdas.update_event_source_mapping(UUID=uuid, Enabled=False)["State"] == "Disabling"
    assert lambdas.get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    count_up(client, table.name, "a", [1])
    assert lambdas.update_event_source_mapping(UUID=uuid, Enabled=True)["State"] == "Enabling"
    until(lambda: runtime.versions(table.function) == {"a": [1]})
    assert lambdas.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    for call in (lambdas.get_event_source_mapping, lambdas.delete_event_source_mapping, lambdas.update_event_source_mapping):
        assert error_of(call, UUID=uuid) == (404, "ResourceNotFoundException", "The resource you requested does not exist.")
    count_up(client, table.name, "a", [2])
    time.sleep(0.3)
    assert runtime.versions(table.function) == {"a": [1]}


def test_what_is_refused(lambdas, table):
    def refused(**settings):
        return error_of(lambdas.create_event_source_mapping, **{
            "EventSourceArn": table.arn, "FunctionName": table.function, "StartingPosition": "TRIM_HORIZON", **settings})

    assert refused(BatchSize=10_001) == (
        400, "ValidationException", "1 validation error detected: Value '10001' at 'batchSize' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000")
    assert refused(StartingPosition="AT_TIMESTAMP") == (
        400, "InvalidParameterValueException", "AT_TIMESTAMP is not a valid starting position for DynamoDB streams.")
    missing = table.arn[:-4] + ".000"
    assert refused(EventSourceArn=missing) == (400, "InvalidParameterValueException", f"Stream not found: {missing}")
    assert refused(EventSourceArn="arn:aws:sqs:us-east-1:000000000000:q") == (
        400, "InvalidParameterValueException", "Unrecognized event source, must be a DynamoDB stream.")
    assert refused(FilterCriteria={"Filters": [{"Pattern": "{}"}]}) == (
        400, "InvalidParameterValueException", "Invalid filter pattern definition.")
    assert refused(DestinationConfig={"OnFailure": {"Destination": "file:///etc/cron.d/x"}})[1] == "InvalidParameterValueException"
    assert lambdas.list_event_source_mappings(EventSourceArn=table.arn)["EventSourceMappings"] == []


def test_a_wrong_signature_is_refused(boto, calling):
    for secret, access_key in (("wrong", "local"),):
        stranger = boto("lambda", url=calling.url, access_key=access_key, secret_key=secret)
        status, code, _ = error_of(stranger.list_event_source_mappings)
        assert (status, code) == (403, "InvalidSignatureException")
    dynamodb = calling.post(b"", {"Host": "x"}, method="GET", path="/2015-03-31/event-source-mappings")
    assert (dynamodb.status, dynamodb.headers["x-amzn-errortype"]) == (403, "MissingAuthenticationTokenException")


def test_no_web_page_of_anybody_sets_up_a_trigger(calling):
    reply = calling.post(b"{}", {"Origin": "https://evil.example"}, path="/2015-03-31/event-source-mappings")
    assert (reply.status, reply.headers["x-amzn-errortype"]) == (403, "AccessDeniedException")


def test_the_aws_cli_sets_up_a_trigger(calling, runtime, table, client):
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1",
                   "AWS_ENDPOINT_URL": calling.url, "AWS_PAGER": ""}

    def aws(*arguments):
        return json.loads(subprocess.run([sys.executable, "-m", "awscli", "lambda", *arguments], env=environment, check=True,
                                         capture_output=True, timeout=60).stdout or "null")

    uuid = aws("create-event-source-mapping", "--event-source-arn", table.arn, "--function-name", table.function,
               "--starting-position", "TRIM_HORIZON", "--batch-size", "10")["UUID"]
    count_up(client, table.name, "a", [1, 2])
    until(lambda: runtime.versions(table.function) == {"a": [1, 2]})
    assert aws("get-event-source-mapping", "--uuid", uuid)["BatchSize"] == 10
    assert aws("delete-event-source-mapping", "--uuid", uuid)["State"] == "Deleting"


def test_time_to_live_is_told_of_with_its_identity(client, lambdas, runtime, table):
    service = {"userIdentity": {"type": ["Service"], "principalId": ["dynamodb.amazonaws.com"]}}
    mapped(lambdas, table, FilterCriteria={"Filters": [{"Pattern": json.dumps(service)}]})
    client.update_time_to_live(TableName=table.name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ends"})
    client.put_item(TableName=table.name, Item={"p": {"S": "a"}, "ends": {"N": str(int(time.time()) - 5)}})
    record = until(lambda: runtime.records(table.function))[0]
    assert (record["eventName"], record["userIdentity"]) == ("REMOVE", {"type": "Service", "principalId": "dynamodb.amazonaws.com"})
    assert len(runtime.records(table.function)) == 1


def test_batches_and_their_window(calling, client, lambdas, runtime, table):
    mapped(lambdas, table, BatchSize=4, MaximumBatchingWindowInSeconds=300)
    count_up(client, table.name, "a", range(10))
    until(lambda: len(runtime.calls[table.function]) == 2)
    time.sleep(0.3)
    assert [len(event["Records"]) for event in runtime.calls[table.function]] == [4, 4]
    advance(calling, 301)
    moved = time.monotonic()
    until(lambda: len(runtime.calls[table.function]) == 3)
    assert time.monotonic() - moved < 1, "what became due runs within a second"
    assert runtime.versions(table.function) == {"a": list(range(10))}


def test_failures_are_retried_in_order_then_given_up_and_told_of(client, lambdas, runtime, files, table):
    destination = files / f"{table.name}.jsonl"
    runtime.functions[table.function] = lambda event: Answer(
        200, {"errorMessage": "no"}, {"X-Amz-Function-Error": "Unhandled"}) if runtime_versions(event)[0] == 0 else None
    mapped(lambdas, table, BatchSize=2, MaximumRetryAttempts=2, DestinationConfig={"OnFailure": {"Destination": f"file://{destination}"}})
    client.transact_write_items(TransactItems=[{"Put": {"TableName": table.name, "Item": {"p": {"S": "a"}, "v": {"N": "0"}}}}])
    until(destination.exists)
    count_up(client, table.name, "a", [1, 2])
    until(lambda: runtime.versions(table.function)["a"][-1] == 2)
    assert runtime.versions(table.function) == {"a": [0, 0, 0, 1, 2]}
    report, = map(json.loads, destination.read_text().splitlines())
    assert report["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert report["requestContext"]["approximateInvokeCount"] == 3
    assert report["requestContext"]["functionArn"].endswith(f":function:{table.function}")
    assert report["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert report["DDBStreamBatchInfo"]["streamArn"] == table.arn and report["DDBStreamBatchInfo"]["batchSize"] == 1
    assert json.loads(report["payload"])["Records"][0]["dynamodb"]["Keys"] == item(p="a")


def runtime_versions(event):
    return [int(record["dynamodb"]["NewImage"]["v"]["N"]) for record in event["Records"]]


def test_bisecting_isolates_the_change_that_fails(client, lambdas, runtime, table):
    runtime.functions[table.function] = lambda event: Answer(500, "boom") if 5 in runtime_versions(event) else None
    uuid = mapped(lambdas, table, Enabled=False, BatchSize=8, MaximumRetryAttempts=0, BisectBatchOnFunctionError=True,
                  DestinationConfig={"OnFailure": {"Destination": f"{runtime.url}/reports?of={table.name}"}})
    count_up(client, table.name, "a", range(8))
    lambdas.update_event_source_mapping(UUID=uuid, Enabled=True)
    mine = lambda: [body for path, body in runtime.reports if table.name in path]
    until(mine)
    until(lambda: runtime_versions(runtime.calls[table.function][-1])[-1] == 7)
    assert [runtime_versions(event) for event in runtime.calls[table.function]] == [
        [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]]
    assert [report["DDBStreamBatchInfo"]["batchSize"] for report in mine()] == [1]


def test_partial_batch_responses(client, lambdas, runtime, table):
    tries = collections.Counter()

    def handler(event):
        for record in event["Records"]:
            version = int(record["dynamodb"]["NewImage"]["v"]["N"])
            tries[version] += 1
            if version == 2 and tries[version] < 3:
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": []}

    runtime.functions[table.function] = handler
    uuid = mapped(lambdas, table, Enabled=False, BatchSize=5, FunctionResponseTypes=["ReportBatchItemFailures"])
    count_up(client, table.name, "a", range(5))
    lambdas.update_event_source_mapping(UUID=uuid, Enabled=True)
    until(lambda: tries[4])
    assert [runtime_versions(event) for event in runtime.calls[table.function]] == [[0, 1, 2, 3, 4], [2, 3, 4], [2, 3, 4]]


def test_records_that_grow_too_old_are_given_up_when_the_clock_is_moved(calling, client, lambdas, runtime, table):
    failing = threading.Event()
    failing.set()
    runtime.functions[table.function] = lambda event: Answer(500, "boom") if failing.is_set() else None
    uuid = mapped(lambdas, table, MaximumRecordAgeInSeconds=60,
                  DestinationConfig={"OnFailure": {"Destination": f"{runtime.url}/reports?of={table.name}"}})
    count_up(client, table.name, "a", [0])
    until(lambda: len(runtime.calls[table.function]) >= 2)
    assert lambdas.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "PROBLEM: Function call failed"
    advance(calling, 61)
    moved = time.monotonic()
    report = until(lambda: [body for path, body in runtime.reports if table.name in path])[0]
    assert time.monotonic() - moved < 1
    assert report["requestContext"]["condition"] == "RecordAgeExceeded"
    failing.clear()
    count_up(client, table.name, "a", [1])
    until(lambda: 1 in runtime.versions(table.function)["a"])


def test_parallelization_calls_at_once_and_keeps_each_items_order(boto, calling, client, lambdas, runtime, table):
    runtime.functions[table.function] = lambda event: time.sleep(0.05)
    mapped(lambdas, table, ParallelizationFactor=5, BatchSize=3)
    names = [f"item{n}" for n in range(20)]
    writers = [threading.Thread(target=lambda part: [count_up(boto(url=calling.url), table.name, name, range(6)) for name in part],
                                args=(names[n::4],)) for n in range(4)]
    for writer in writers:
        writer.start()
    calling.post(json.dumps({"table": table.name}).encode(), {"Content-Type": "application/json"}, path="/_shoal/split")
    for writer in writers:
        writer.join()
    until(lambda: len(runtime.records(table.function)) >= 120)
    assert runtime.versions(table.function) == {name: list(range(6)) for name in names}
    assert runtime.most_running[table.function] > 1


def test_a_tumbling_window(calling, client, lambdas, runtime, table):
    def handler(event):
        if event["isFinalInvokeForWindow"]:
            return {}
        return {"state": {"count": event["state"].get("count", 0) + len(event["Records"])}}

    runtime.functions[table.function] = handler
    mapped(lambdas, table, TumblingWindowInSeconds=900, BatchSize=2)
    count_up(client, table.name, "a", range(5))
    until(lambda: len(runtime.records(table.function)) == 5)
    time.sleep(0.2)
    advance(calling, 900)
    moved = time.monotonic()
    finals = until(lambda: [event for event in runtime.calls[table.function] if event["isFinalInvokeForWindow"]])
    assert time.monotonic() - moved < 1
    # All five are counted, in one window (or in two, when the quarter of an hour ended among them).
    until(lambda: sum(event["state"]["count"] for event in runtime.calls[table.function] if event["isFinalInvokeForWindow"]) == 5)
    assert finals[0]["Records"] == [] and finals[0]["isWindowTerminatedEarly"] is False
    assert finals[0]["eventSourceARN"] == table.arn and finals[0]["shardId"].startswith("shardId-0")
    assert finals[0]["window"]["start"].endswith("Z") and finals[0]["window"]["start"] < finals[0]["window"]["end"]


def test_a_file_declares_triggers(boto, start_shoal, runtime, tmp_path):
    file = tmp_path / "triggers.json"
    file.write_text(json.dumps({"triggers": [{"TableName": "Declared", "FunctionName": "declared", "StartingPosition": "TRIM_HORIZON"}]}))
    shoal = start_shoal(f"--triggers={file}", f"--lambda-endpoint=declared={runtime.url}")
    client = boto(url=shoal.url)
    client.create_table(TableName="Declared", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
                        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}], StreamSpecification=STREAM)
    count_up(client, "Declared", "a", [1])
    until(lambda: runtime.versions("declared") == {"a": [1]})
    assert len(boto("lambda", url=shoal.url).list_event_source_mappings()["EventSourceMappings"]) == 1


def test_a_file_that_is_wrong_is_said_so(start_shoal, tmp_path):
    file = tmp_path / "triggers.json"
    file.write_text('{"triggers": [{"TableName": "Things", "FunctionName": "f"}]}')
    with pytest.raises(RuntimeError, match="trigger 1: 1 validation error detected: Value null at 'startingPosition'"):
        start_shoal(f"--triggers={file}")


def test_a_restart_neither_loses_nor_repeats(boto, runtime, tmp_path):
    flags = (f"--data-dir={tmp_path}", f"--lambda-endpoint={runtime.url}")
    with Shoal.start(*flags) as first:
        name = first.create_table("p:S", StreamSpecification=STREAM)
        arn = first.ok("DescribeTable", {"TableName": name})["Table"]["LatestStreamArn"]
        boto("lambda", url=first.url).create_event_source_mapping(EventSourceArn=arn, FunctionName="restart",
                                                                  StartingPosition="TRIM_HORIZON", BatchSize=7)
        count_up(boto(url=first.url), name, "a", range(40))
    with Shoal.start(*flags) as second:
        count_up(boto(url=second.url), name, "a", range(40, 80))
        until(lambda: len(runtime.versions("restart")["a"]) >= 80)
    assert runtime.versions("restart") == {"a": list(range(80))}


def test_a_killed_process_repeats_the_call_that_was_under_way_at_most(boto, runtime, tmp_path):
    flags = (f"--data-dir={tmp_path}", f"--lambda-endpoint={runtime.url}")
    runtime.functions["killed"] = lambda event: time.sleep(0.01)
    name, written = None, 0
    for _ in range(5):
        shoal = Shoal.start(*flags)
        if name is None:
            name = shoal.create_table("p:S", StreamSpecification=STREAM)
            arn = shoal.ok("DescribeTable", {"TableName": name})["Table"]["LatestStreamArn"]
            boto("lambda", url=shoal.url).create_event_source_mapping(EventSourceArn=arn, FunctionName="killed",
                                                                      StartingPosition="TRIM_HORIZON", BatchSize=3)
        count_up(boto(url=shoal.url), name, "a", range(written, written + 40))
        written += 40
        shoal.kill()
    with Shoal.start(*flags):
        until(lambda: written - 1 in runtime.versions("killed")["a"])
    batches = [runtime_versions(event) for event in runtime.calls["killed"]]
    # Each call begins where the last one ended, or is the last one once more (it may have grown meanwhile).
    repeats = 0
    for before, after in zip(batches, batches[1:]):
        if after[0] == before[-1] + 1:
            continue
        assert after[0] == before[0], (before, after)
        repeats += 1
    assert repeats <= 5
    assert sorted(set(sum(batches, []))) == list(range(written))


def test_changes_wait_for_a_runtime_that_is_down(boto, start_shoal):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    shoal = start_shoal(f"--lambda-endpoint=http://127.0.0.1:{port}")
    name = shoal.create_table("p:S", StreamSpecification=STREAM)
    arn = shoal.ok("DescribeTable", {"TableName": name})["Table"]["LatestStreamArn"]
    lambdas = boto("lambda", url=shoal.url)
    uuid = lambdas.create_event_source_mapping(EventSourceArn=arn, FunctionName="down", StartingPosition="TRIM_HORIZON",
                                               MaximumRetryAttempts=0)["UUID"]
    began = time.monotonic()
    count_up(boto(url=shoal.url), name, "a", range(30))
    assert time.monotonic() - began < 10, "nobody waits for a function"
    until(lambda: lambdas.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "PROBLEM: Function could not be called")
    assert "Connection refused" in shoal.log()
    late = Runtime(port)
    try:
        until(lambda: late.versions("down") == {"a": list(range(30))})
    finally:
        late.stop()


def test_the_process_ends_soon_while_a_function_runs(boto, runtime):
    release = threading.Event()
    runtime.functions["slow"] = lambda event: release.wait(60)
    shoal = Shoal.start(f"--lambda-endpoint={runtime.url}")
    name = shoal.create_table("p:S", StreamSpecification=STREAM)
    arn = shoal.ok("DescribeTable", {"TableName": name})["Table"]["LatestStreamArn"]
    boto("lambda", url=shoal.url).create_event_source_mapping(EventSourceArn=arn, FunctionName="slow", StartingPosition="TRIM_HORIZON")
    count_up(boto(url=shoal.url), name, "a", [1])
    until(lambda: runtime.running["slow"])
    began = time.monotonic()
    assert shoal.stop() == 0
    assert time.monotonic() - began < 5
    release.set()

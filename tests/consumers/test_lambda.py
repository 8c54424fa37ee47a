"""A Python function under AWS's own Lambda runtime client and Runtime Interface Emulator is called with a stream's changes."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys

import boto3
import pytest

from support.shoal_process import ROOT
from support.until import until

HERE = pathlib.Path(__file__).parent / "lambda"


@pytest.fixture(scope="session")
def packages():
    """The folder of the emulator's and the runtime client's packages, fetched once."""
    folder, wanted = ROOT / ".cache/lambda", HERE / "requirements.txt"
    complete = folder / "complete"
    if not complete.exists() or complete.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--upgrade",
                        "--target", str(folder), "-r", str(wanted)], check=True, timeout=600)
        complete.touch()
    return folder


class Emulator:
    def __init__(self, packages, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.records_file, self.mended_file = folder / "records", folder / "mended"
        emulator = packages / "samcli/local/rapid/aws-lambda-rie-x86_64"
        emulator.chmod(0o755)
        self.process = subprocess.Popen(
            [emulator, "--runtime-interface-emulator-address", f"127.0.0.1:{self.port}", sys.executable, "-m", "awslambdaric",
             "handler.handle"],
            cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(packages), "RECORDS_FILE": str(self.records_file),
                 "MENDED_FILE": str(self.mended_file), "AWS_LAMBDA_FUNCTION_TIMEOUT": "10"})

    def lines(self):
        if not self.records_file.exists():
            return []
        return [json.loads(line) for line in self.records_file.read_text().splitlines()]

    def records(self):
        return [line for line in self.lines() if "failed" not in line]

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def emulator(packages, tmp_path):
    started = Emulator(packages, tmp_path)
    yield started
    started.stop()


def test_a_python_function_gets_every_change_in_order(start_shoal, emulator):
    shoal = start_shoal(f"--lambda-endpoint={emulator.url}")
    settings = dict(endpoint_url=shoal.url, region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local")
    table = shoal.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["LatestStreamArn"]
    lambdas = boto3.client("lambda", **settings)
    # The emulator knows its function by this name alone. It takes one call at a time and ends at a second one, and Shoal
    # knows: four lanes, and as many mappings as there are shards, share it.
    uuid = lambdas.create_event_source_mapping(EventSourceArn=arn, FunctionName="function", StartingPosition="TRIM_HORIZON",
                                               BatchSize=10, ParallelizationFactor=4)["UUID"]

    def put(name, version, fails=False):
        shoal.ok("PutItem", {"TableName": table, "Item": {"p": {"S": name}, "v": {"N": str(version)}, "fails": {"BOOL": fails}}})

    names = [f"item{n}" for n in range(10)]
    for version in range(10):
        for name in names:
            put(name, version)
        if version == 5:
            shoal.post(json.dumps({"table": table}).encode(), {"Content-Type": "application/json"}, path="/_shoal/split")
    until(lambda: len(emulator.records()) >= 100)
    for name in names:
        mine = [record for record in emulator.records() if record["dynamodb"]["Keys"]["p"]["S"] == name]
        assert [int(record["dynamodb"]["NewImage"]["v"]["N"]) for record in mine] == list(range(10))
        assert [record["eventName"] for record in mine] == ["INSERT"] + ["MODIFY"] * 9
    assert lambdas.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "OK"

    # What it raises is a failure, though the emulator answers 200.
    put("item0", 10, fails=True)
    put("item0", 11)
    until(lambda: sum("failed" in line for line in emulator.lines()) >= 3)
    assert lambdas.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "PROBLEM: Function call failed"
    emulator.mended_file.touch()
    until(lambda: len(emulator.records()) >= 102)
    assert [int(record["dynamodb"]["NewImage"]["v"]["N"]) for record in emulator.records()[-2:]] == [10, 11]
    assert emulator.process.poll() is None

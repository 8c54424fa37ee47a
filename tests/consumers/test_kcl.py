"""The Kinesis Client Library, through AWS's dynamodb-streams-kinesis-adapter, reads a stream while its shards roll over and
split, a writer writes, and its worker is stopped and replaced by another: it is given each change, those of an item in order,
and finishes parents before their children. (A killed worker's place as the leader is free only after two minutes.)

kcl/StreamConsumer.java is the application; its leases are in a table of the same Shoal. KCL promises each change at least once.
"""

import collections
import json
import os
import pathlib
import random
import subprocess
import threading
import time

import pytest

from support.shoal_process import ROOT, Wire

HERE = pathlib.Path(__file__).parent / "kcl"
STREAMS = "DynamoDBStreams_20120810"
SECONDS = 80  # The whole test, once the jars are there; it needs about half of it.
ITEMS = 40


@pytest.fixture(scope="session")
def jars():
    """The adapter and what it needs, fetched with Maven once."""
    folder, wanted = ROOT / ".cache/kcl", HERE / "pom.xml"
    complete = folder / "complete"
    if not complete.exists() or complete.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run(["mvn", "-q", "-B", "-f", str(wanted), "dependency:copy-dependencies", f"-DoutputDirectory={folder}/lib",
                        "-DincludeScope=runtime"], check=True, timeout=600)
        complete.touch()
    return f"{folder}/lib/*"


class Told:
    """What the workers of an application told."""

    def __init__(self):
        self.seen = collections.defaultdict(list)  # The versions of each item in the order of reading, repeats left out.
        self.records_of = collections.Counter()  # By shard.
        self.repeats = 0
        self.shards = []  # ("lease", shard) and its like, in the order of telling.

    def take(self, line):
        what, shard, *rest = line.rstrip("\n").split("\t")
        if what != "record":
            self.shards.append((what, shard))
            return
        _, _, item, version = rest
        versions = self.seen[item]
        self.records_of[shard] += 1
        if versions and int(version) <= versions[-1]:
            self.repeats += 1
        else:
            versions.append(int(version))


class Worker:
    """One process of the application."""

    def __init__(self, jars, log, told, *arguments):
        self.log, self.told = log, told
        self.process = subprocess.Popen(
            ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.showDateTime=true", "-cp", jars,
             "StreamConsumer.java", *arguments],
            cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log.open("w"), text=True,
            env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true"})
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.told.take(line)

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            self.reader.join(10)


class Writer(threading.Thread):
    """Counts up versions of items until it is stopped."""

    def __init__(self, shoal, table):
        super().__init__(daemon=True)
        self.wire, self.table, self.stop, self.failure = Wire(shoal.host, shoal.port), table, threading.Event(), None
        self.versions = collections.Counter()

    def run(self):
        dice = random.Random(7)
        while not self.stop.is_set() and not self.failure:
            name = f"item{dice.randrange(ITEMS)}"
            reply = self.wire.call("PutItem", {"TableName": self.table, "Item": {"p": {"S": name}, "v": {"N": str(self.versions[name] + 1)}}})
            if reply.status != 200:
                self.failure = reply.body
            else:
                self.versions[name] += 1
            time.sleep(0.004)


def control(shoal, path, body):
    reply = shoal.post(json.dumps(body).encode(), {"Content-Type": "application/json"}, path=path)
    assert reply.status == 200, reply.body


def shards_of(shoal, arn):
    return shoal.ok("DescribeStream", {"StreamArn": arn}, target=STREAMS)["StreamDescription"]["Shards"]


def test_an_application_reads_through_a_roll_over_a_split_and_a_restart(start_shoal, jars, tmp_path, note):
    shoal = start_shoal("--shard-rollover-minutes=240")
    table = shoal.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["LatestStreamArn"]
    began = time.monotonic()
    writer, told = Writer(shoal, table), Told()
    writer.start()
    worker = Worker(jars, tmp_path / "first.log", told, shoal.url, arn, "kcl-test")

    def wait_until(holds, what):
        while not holds():
            failed = worker.process.poll() is not None or time.monotonic() - began > SECONDS
            assert not failed, f"not {what}; last told was {told.shards[-5:]}\n{worker.log.read_text()[-3000:]}"
            assert not writer.failure, writer.failure
            time.sleep(0.05)

    try:
        wait_until(lambda: len(told.seen) == ITEMS, "every item seen")
        control(shoal, "/_shoal/clock", {"advance_seconds": 4 * 3600 + 1})
        wait_until(lambda: len(shards_of(shoal, arn)) == 2, "a roll-over")
        second = shards_of(shoal, arn)[1]["ShardId"]
        wait_until(lambda: told.records_of[second] > 100, "records of the child seen")
        control(shoal, "/_shoal/split", {"table": table, "partition": 0})
        halves = {shard["ShardId"] for shard in shards_of(shoal, arn)[2:]}
        assert len(halves) == 2
        wait_until(lambda: all(told.records_of[half] > 100 for half in halves), "records of both halves seen")
        worker.stop()
        before = sum(told.records_of.values())
        worker = Worker(jars, tmp_path / "second.log", told, shoal.url, arn, "kcl-test")
        wait_until(lambda: sum(told.records_of.values()) > before + 100, "records seen by the next worker")
        writer.stop.set()
        writer.join(10)
        changes = sum(writer.versions.values())
        wait_until(lambda: sum(map(len, told.seen.values())) >= changes, "every change seen")
    finally:
        writer.stop.set()
        worker.stop()

    assert told.seen == {name: list(range(1, version + 1)) for name, version in writer.versions.items()}
    assert told.repeats < changes / 2, "the second worker began where the first had said that it was"
    shards = shards_of(shoal, arn)
    parents = {shard["ShardId"]: shard.get("ParentShardId") for shard in shards}
    closed = {shard["ShardId"] for shard in shards if "EndingSequenceNumber" in shard["SequenceNumberRange"]}
    assert len(shards) == 4 and {shard for what, shard in told.shards if what == "lease"} == set(parents)
    assert {shard for what, shard in told.shards if what == "end"} == closed
    for shard, parent in parents.items():
        if parent:
            assert told.shards.index(("end", parent)) < told.shards.index(("lease", shard))
    assert halves <= {item["leaseKey"]["S"] for item in shoal.ok("Scan", {"TableName": "kcl-test"})["Items"]}
    note(f"KCL: {changes} changes in {len(shards)} shards, {told.repeats} told again, {time.monotonic() - began:.0f} s")

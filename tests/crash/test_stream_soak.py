"""Writers at full speed, three readers of the table's stream, shards that roll over and split, and kill -9 in between: in the
end each reader has read exactly the changes that were made, each once and those of an item in order.

Each writer counts up versions in items of its own, one at a time or several in a transaction, so what was acknowledged is known
to the change, and of what was under way when the server died the table tells whether it happened. The readers keep what a consumer keeps: the sequence number of
the last record that they have seen of each shard, and which shards they have finished. They read parents before children.

SHOAL_STREAM_SOAK_SECONDS (2.4 for each of SHOAL_CRASH_ROUNDS unless set: 20 s for 8 rounds, two minutes for 50) and
SHOAL_CRASH_SEED (random unless set) are read from the environment.
"""

import http.client
import json
import os
import random
import threading
import time

from support.shoal_process import Shoal, Wire

SECONDS = float(os.environ.get("SHOAL_STREAM_SOAK_SECONDS") or 2.4 * int(os.environ.get("SHOAL_CRASH_ROUNDS") or 8))
SEED = int(os.environ.get("SHOAL_CRASH_SEED") or random.SystemRandom().randrange(2**32))
STREAMS = "DynamoDBStreams_20120810"
WRITERS, READERS, ITEMS = 4, 3, 25
GONE = (OSError, http.client.HTTPException)


class Worker(threading.Thread):
    """Works until the server is gone or `stop` is set; what it knows goes to the next one of its kind."""

    def __init__(self, shoal):
        super().__init__(daemon=True)
        self.wire, self.stop, self.failure = Wire(shoal.host, shoal.port), threading.Event(), None

    def run(self):
        try:
            while not self.stop.is_set():
                self.step()
        except GONE:
            pass
        except Exception as failure:
            self.failure = failure
        finally:
            self.wire.close()


class Writer(Worker):
    """`versions` is what was acknowledged of each item; `under_way` the items whose next versions may be there, all or none."""

    def __init__(self, shoal, number, versions, dice):
        super().__init__(shoal)
        self.number, self.versions, self.dice, self.under_way = number, versions, dice, []

    def step(self):
        names = [f"w{self.number}-{item}" for item in self.dice.sample(range(ITEMS), 1 if self.dice.random() < 0.8 else 3)]
        self.under_way = names
        updates = [{"TableName": "soak", "Key": {"p": {"S": name}}, "UpdateExpression": "SET v = :v",
                    "ExpressionAttributeValues": {":v": {"N": str(self.versions.get(name, 0) + 1)}}} for name in names]
        if len(updates) == 1:
            reply = self.wire.call("UpdateItem", updates[0])
        else:
            reply = self.wire.call("TransactWriteItems", {"TransactItems": [{"Update": update} for update in updates]})
        assert reply.status == 200, reply.body
        for name in names:
            self.versions[name] = self.versions.get(name, 0) + 1
        self.under_way = []


class Reader(Worker):
    """`seen` is the versions of each item in the order of reading; `checkpoints` the last sequence number of each shard."""

    def __init__(self, shoal, arn, known=None):
        super().__init__(shoal)
        self.arn = arn
        self.seen, self.checkpoints, self.finished = known or ({}, {}, set())
        self.idle = False

    def ask(self, operation, body):
        reply = self.wire.call(operation, body, target=STREAMS)
        assert reply.status == 200, f"{operation} {json.dumps(body)}: {reply.body!r}"
        return reply.json

    def shards(self):
        start = {}
        while True:
            page = self.ask("DescribeStream", {"StreamArn": self.arn, **start})["StreamDescription"]
            yield from page["Shards"]
            if "LastEvaluatedShardId" not in page:
                return
            start = {"ExclusiveStartShardId": page["LastEvaluatedShardId"]}

    def step(self):
        found = 0
        for shard in self.shards():
            parent = shard.get("ParentShardId")
            if shard["ShardId"] not in self.finished and (parent is None or parent in self.finished):
                found += self.read(shard["ShardId"])
        self.idle = found == 0
        if self.idle:
            time.sleep(0.02)

    def read(self, shard):
        last = self.checkpoints.get(shard)
        start = ({"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last} if last else {"ShardIteratorType": "TRIM_HORIZON"})
        iterator = self.ask("GetShardIterator", {"StreamArn": self.arn, "ShardId": shard, **start})["ShardIterator"]
        found = 0
        while True:
            reply = self.wire.call("GetRecords", {"ShardIterator": iterator, "Limit": 500}, target=STREAMS)
            if reply.type == "ExpiredIteratorException":  # The clock was moved: the next step asks for a new one.
                return found
            assert reply.status == 200, f"GetRecords of {shard}: {reply.body!r}"
            page = reply.json
            for record in page["Records"]:
                change = record["dynamodb"]
                assert last is None or int(change["SequenceNumber"]) > int(last), f"{shard}: {change['SequenceNumber']} after {last}"
                last = self.checkpoints[shard] = change["SequenceNumber"]
                version, before = int(change["NewImage"]["v"]["N"]), int(change.get("OldImage", {"v": {"N": "0"}})["v"]["N"])
                assert before == version - 1, f"version {version} replaces {before}"
                self.seen.setdefault(change["Keys"]["p"]["S"], []).append(version)
            found += len(page["Records"])
            if "NextShardIterator" not in page:
                self.finished.add(shard)
                return found
            if not page["Records"] or self.stop.is_set():
                return found
            iterator = page["NextShardIterator"]


def control(shoal, path, body):
    reply = Wire(shoal.host, shoal.port).post(json.dumps(body).encode(), {"Content-Type": "application/json"}, path=path)
    assert reply.status == 200, reply.body
    return reply.json


def settle(shoal, writers):
    """Takes over from the table whether what was under way at the kill has happened."""
    for writer in writers:
        happened = []
        for name in writer.under_way:
            found = shoal.ok("GetItem", {"TableName": "soak", "Key": {"p": {"S": name}}, "ConsistentRead": True})
            version, before = int(found["Item"]["v"]["N"]) if "Item" in found else 0, writer.versions.get(name, 0)
            assert version in (before, before + 1), f"{name}: {version} where {before} was acknowledged"
            happened.append(version == before + 1)
        assert len(set(happened)) <= 1, f"{writer.under_way} have changed: {happened}"
        if any(happened):
            writer.versions.update({name: writer.versions.get(name, 0) + 1 for name in writer.under_way})


def join(workers):
    for worker in workers:
        worker.join(30)
        assert not worker.is_alive()
        if worker.failure:
            raise worker.failure


def test_each_reader_ends_with_exactly_the_log(tmp_path, note):
    print(f"SHOAL_CRASH_SEED={SEED}")
    dice = random.Random(SEED)
    versions, known, arn, life = [{} for _ in range(WRITERS)], [None] * READERS, None, 0
    partitions = 1
    writers, ends = [], time.monotonic() + SECONDS
    while True:
        shoal = Shoal.start(f"--data-dir={tmp_path / 'data'}", "--durability=relaxed", "--shard-rollover-minutes=1")
        try:
            if life == 0:
                shoal.create_table("p:S", name="soak", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
                arn = shoal.ok("DescribeTable", {"TableName": "soak"})["Table"]["LatestStreamArn"]
            settle(shoal, writers)
            life += 1
            readers = [Reader(shoal, arn, known[n]) for n in range(READERS)]
            if time.monotonic() >= ends and life > 2:
                finish(readers, versions)
                break
            writers = [Writer(shoal, n, versions[n], random.Random(dice.random())) for n in range(WRITERS)]
            for worker in readers + writers:
                worker.start()
            time.sleep(0.5 + dice.random() * 2)
            # The clock of each life begins with the real time, the shards are as old as in the life before.
            control(shoal, "/_shoal/clock", {"advance_seconds": 61 * life})
            if dice.random() < 0.7:
                partitions = control(shoal, "/_shoal/split", {"table": "soak", "partition": dice.randrange(partitions)})["partitions"]
            time.sleep(0.3 + dice.random())
            shoal.kill()
            join(readers + writers)
            known = [(reader.seen, reader.checkpoints, reader.finished) for reader in readers]
        except AssertionError as failure:
            raise AssertionError(f"seed {SEED}, life {life}: {failure}\n{shoal.log()[-2000:]}") from failure
        finally:
            shoal.kill()
    changes = sum(sum(each.values()) for each in versions)
    assert changes > 100 * life, "the writers wrote next to nothing: the test shows nothing"
    shards = max(len(reader.checkpoints) for reader in readers)
    assert shards >= life, "the shards did not roll over"
    note(f"stream soak: {life - 1} kills, {changes} changes in {shards} shards, {READERS} readers")


def finish(readers, versions):
    """Lets the readers read to the end, and compares."""
    expected = {name: list(range(1, version + 1)) for each in versions for name, version in each.items()}
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + 60
    while not all(reader.seen == expected for reader in readers) and time.monotonic() < deadline:
        if any(reader.failure for reader in readers):
            break
        if all(reader.idle for reader in readers) and sum(map(len, readers[0].seen.values())) >= sum(map(len, expected.values())):
            break
        time.sleep(0.05)
    for reader in readers:
        reader.stop.set()
    join(readers)
    for reader in readers:
        wrong = {name: (reader.seen.get(name, [])[-5:], versions_[-3:]) for name, versions_ in expected.items() if reader.seen.get(name) != versions_}
        assert not wrong and set(reader.seen) == set(expected), f"a reader saw (its end, what was made): {wrong}"

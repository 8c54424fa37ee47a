"""kill -9 at random moments under load: what was acknowledged is there after the restart, and every index agrees.

Writes are single, in batches and in transactions; meanwhile tables and an index come and go, and a time to live sweeps.

Writers of several kinds, each with keys of its own, note what was acknowledged and what was under way. After each restart
`shoal check` reads the folder as the kill left it; after the restart the whole table is compared with their notes (what was under way may have happened or not, but a transaction whole or not at
all), every index with the table, and the counts with what a scan finds. The next round goes on with the same folder.

SHOAL_CRASH_ROUNDS (50 unless set) and SHOAL_CRASH_SEED (random unless set) are read from the environment.
"""

import http.client
import os
import random
import subprocess
import threading
import time

import pytest

from support.shoal_process import Shoal, Wire, binary

ROUNDS = int(os.environ.get("SHOAL_CRASH_ROUNDS") or 50)
SEED = int(os.environ.get("SHOAL_CRASH_SEED") or random.SystemRandom().randrange(2**32))
WRITERS = 6
KEYS_OF_A_WRITER = 120
INDEXES = {"by_g": ("GLOBAL", ("g",), "ALL"), "by_h": ("GLOBAL", ("h", "c"), ["v"]), "by_l": ("LOCAL", ("p", "l"), "KEYS_ONLY")}
EXTRA = {"extra": ("GLOBAL", ("x",), "ALL")}


def key_of(entry):
    return entry["p"]["S"], entry["c"]["N"]


class UntilKilled(threading.Thread):
    """Goes on by steps, over a `wire` of its own, until the server dies; `failure` is what it met that it must not meet."""

    pause = 0  # Seconds between two steps.

    def __init__(self):
        super().__init__(daemon=True)
        self.failure = None

    def run(self):
        try:
            while True:
                self.step()
                time.sleep(self.pause)
        except (OSError, http.client.HTTPException):
            pass  # The server was killed.
        except Exception as failure:  # An error answer: none is expected.
            self.failure = failure
        finally:
            self.wire.close()


class Writer(UntilKilled):
    """Writes until the server dies. `acknowledged` is its items by key; `under_way` what the last, unanswered request
    would have made of some of them (None: deleted)."""

    def __init__(self, number, seed):
        super().__init__()
        self.number = number
        self.random = random.Random(seed)
        self.acknowledged, self.under_way, self.atomic = {}, {}, False
        self.writes = 0

    def begin(self, shoal, seed):
        again = Writer(self.number, seed)
        again.acknowledged = self.acknowledged
        again.wire = Wire(shoal.host, shoal.port)
        again.start()
        return again

    def fresh_key(self):
        return f"w{self.number}-{self.random.randrange(8)}", str(self.random.randrange(KEYS_OF_A_WRITER // 8))

    def fresh_item(self, key):
        value = {"p": {"S": key[0]}, "c": {"N": key[1]}, "v": {"S": str(self.random.random())}}
        for name in ("g", "h", "l", "x"):
            if self.random.random() < 0.6:
                value[name] = {"S": f"{name}{self.random.randrange(5)}"}
        if self.random.random() < 0.1:
            value["long"] = {"S": "x" * self.random.randrange(20_000)}
        return value

    def send(self, operation, body, changes, atomic=False):
        self.under_way, self.atomic = changes, atomic
        reply = self.wire.call(operation, body)
        if reply.status != 200:
            raise AssertionError(f"{operation}: {reply.status} {reply.body!r}")
        for key, value in changes.items():
            if value is None:
                self.acknowledged.pop(key, None)
            else:
                self.acknowledged[key] = value
        self.under_way = {}
        self.writes += len(changes)

    def step(self):
        kind = self.random.choice(("put", "put", "update", "delete", "batch", "transaction"))
        key = self.fresh_key()
        key_json = {"p": {"S": key[0]}, "c": {"N": key[1]}}
        if kind == "put":
            value = self.fresh_item(key)
            self.send("PutItem", {"TableName": "crash", "Item": value}, {key: value})
        elif kind == "delete":
            self.send("DeleteItem", {"TableName": "crash", "Key": key_json}, {key: None})
        elif kind == "update":
            old = self.acknowledged.get(key, key_json)
            value = {**old, "n": {"N": str(int(old.get("n", {"N": "0"})["N"]) + 1)}, "g": {"S": f"g{self.random.randrange(5)}"}}
            value.pop("l", None)
            self.send("UpdateItem", {"TableName": "crash", "Key": key_json, "UpdateExpression": "ADD n :one SET g = :g REMOVE l",
                                     "ExpressionAttributeValues": {":one": {"N": "1"}, ":g": value["g"]}}, {key: value})
        else:
            keys = {self.fresh_key() for _ in range(self.random.randrange(2, 20))}
            changes = {k: self.fresh_item(k) if self.random.random() < 0.8 else None for k in keys}
            if kind == "batch":
                requests = [{"PutRequest": {"Item": value}} if value else {"DeleteRequest": {"Key": {"p": {"S": k[0]}, "c": {"N": k[1]}}}}
                            for k, value in changes.items()]
                self.send("BatchWriteItem", {"RequestItems": {"crash": requests}}, changes)
            else:
                actions = [{"Put": {"TableName": "crash", "Item": value}} if value else
                           {"Delete": {"TableName": "crash", "Key": {"p": {"S": k[0]}, "c": {"N": k[1]}}}} for k, value in changes.items()]
                self.send("TransactWriteItems", {"TransactItems": actions}, changes, atomic=True)

    def settle(self, found):
        """Checks the notes against what the table holds, and takes over what happened to the unanswered request."""
        mine = {key: value for key, value in found.items() if key[0].startswith(f"w{self.number}-")}
        happened = []
        for key, value in self.under_way.items():
            before, now = self.acknowledged.get(key), mine.get(key)
            assert now in (before, value), f"{key}: {now} is neither {before} nor {value}, which was under way"
            if before != value:
                happened.append(now == value)
        if self.atomic:
            assert len(set(happened)) <= 1, f"half of a transaction happened: {happened}"
        expected = {key: value for key, value in self.acknowledged.items() if key not in self.under_way}
        rest = {key: value for key, value in mine.items() if key not in self.under_way}
        assert rest == expected, "\n".join(f"{key}: {rest.get(key)} where {expected.get(key)} was acknowledged"
                                          for key in {*rest, *expected} if rest.get(key) != expected.get(key))
        self.acknowledged = mine


class TableMaker(UntilKilled):
    """Makes and deletes tables, and adds and removes one index of the table that all write to."""

    pause = 0.01

    def __init__(self, shoal, tables, seed):
        super().__init__()
        self.wire, self.tables, self.random = Wire(shoal.host, shoal.port), tables, random.Random(seed)
        self.under_way = None
        self.start()

    def step(self):
        if self.random.random() < 0.3:
            self.toggle_index()
            return
        name = f"churn{self.random.randrange(10)}"
        self.under_way = name
        if name in self.tables:
            self.wire.ok("DeleteTable", {"TableName": name})
            self.tables.discard(name)
        else:
            self.wire.ok("CreateTable", {"TableName": name, "BillingMode": "PAY_PER_REQUEST",
                                         "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
                                         "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}]})
            self.tables.add(name)
        self.under_way = None

    def toggle_index(self):
        described = self.wire.ok("DescribeTable", {"TableName": "crash"})["Table"]
        extra = [index for index in described["GlobalSecondaryIndexes"] if index["IndexName"] == "extra"]
        if described["TableStatus"] != "ACTIVE" or any(index["IndexStatus"] != "ACTIVE" for index in extra):
            return
        change = ({"Delete": {"IndexName": "extra"}} if extra else
                  {"Create": {"IndexName": "extra", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}],
                              "Projection": {"ProjectionType": "ALL"}}})
        self.wire.ok("UpdateTable", {"TableName": "crash", "GlobalSecondaryIndexUpdates": [change],
                                     **({} if extra else {"AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}]})})


class Expirer(UntilKilled):
    """Writes items that live for a second at most, or for ever. `lasting` is what must stay, `passing` what must go."""

    pause = 0.002

    def __init__(self, number=0):
        super().__init__()
        self.lasting, self.passing, self.under_way, self.number = set(), set(), None, number

    def begin(self, shoal):
        again = Expirer(self.number)
        again.lasting, again.passing = self.lasting, self.passing
        again.wire = Wire(shoal.host, shoal.port)
        again.start()
        return again

    def step(self):
        self.number += 1
        self.under_way = key = str(self.number)
        passes = self.number % 4 != 0
        until = int(time.time()) + (self.number % 3 - 1 if passes else 1_000_000)
        self.wire.ok("PutItem", {"TableName": "sweep", "Item": {"p": {"S": key}, "until": {"N": str(until)}, "g": {"S": f"g{until % 2}"}}})
        (self.passing if passes else self.lasting).add(key)
        self.under_way = None

    def check(self, shoal):
        deadline = time.monotonic() + 20
        while True:
            found = {entry["p"]["S"] for entry in scan(shoal, "sweep")} - {self.under_way}
            assert self.lasting <= found, f"swept before their time: {self.lasting - found}"
            if found == self.lasting:
                break
            assert time.monotonic() < deadline, f"not swept: {found - self.lasting}"
            time.sleep(0.05)
        if self.under_way and self.number % 4 == 0:
            self.lasting |= {self.under_way} & {entry["p"]["S"] for entry in scan(shoal, "sweep")}
        self.passing.clear()


def scan(shoal, table="crash", **more):
    start, entries = None, []
    while True:
        page = shoal.ok("Scan", {"TableName": table, "ConsistentRead": "IndexName" not in more, **more,
                                 **({"ExclusiveStartKey": start} if start else {})})
        entries += page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            return entries


def check_indexes(shoal, found):
    """Waits for a backfill that was under way, then compares each index with what it should hold."""
    deadline = time.monotonic() + 30
    while True:
        described = shoal.ok("DescribeTable", {"TableName": "crash"})["Table"]
        states = {index["IndexName"]: index["IndexStatus"] for index in described["GlobalSecondaryIndexes"]}
        if set(states.values()) == {"ACTIVE"} and described["TableStatus"] == "ACTIVE":
            break
        assert time.monotonic() < deadline, f"not active after the restart: {states}"
        time.sleep(0.02)
    assert described["ItemCount"] == len(found)
    counts = {index["IndexName"]: index["ItemCount"]
              for index in described["GlobalSecondaryIndexes"] + described["LocalSecondaryIndexes"]}
    for name, (_, key, projection) in {**INDEXES, **(EXTRA if "extra" in states else {})}.items():
        kept = {"p", "c", *key, *(projection if isinstance(projection, list) else ())}
        expected = {k: value if projection == "ALL" else {a: v for a, v in value.items() if a in kept}
                    for k, value in found.items() if all(attribute in value for attribute in key)}
        entries = scan(shoal, IndexName=name)
        assert len(entries) == len(expected) == counts[name], f"{name}: {len(entries)} entries, {len(expected)} expected, {counts[name]} counted"
        assert {key_of(entry): entry for entry in entries} == expected, name


@pytest.mark.parametrize("durability", ["sync", "relaxed"])
def test_nothing_acknowledged_is_lost(tmp_path, durability, note):
    rounds = max(1, ROUNDS // 2)
    print(f"SHOAL_CRASH_SEED={SEED}")
    dice = random.Random(f"{SEED}{durability}")
    writers, tables, writes, restarts = [Writer(n, 0) for n in range(WRITERS)], set(), 0, []
    expirer, swept = Expirer(), 0
    for round_ in range(rounds + 1):
        # A log so small that memtables become runs all the time, and runs are merged.
        shoal = Shoal.start(f"--data-dir={tmp_path / 'data'}", f"--durability={durability}", "--wal-mb=1")
        try:
            restarts.append(shoal.ready_seconds)
            if round_ == 0:
                make_table(shoal)
            else:
                check(shoal, writers, tables, maker)
                swept += len(expirer.passing)
                expirer.check(shoal)
            if round_ == rounds:
                break
            writers = [writer.begin(shoal, dice.random()) for writer in writers]
            maker = TableMaker(shoal, tables, dice.random())
            expirer = expirer.begin(shoal)
            time.sleep(dice.choice((0.02, 0.1, 0.3, 0.6, 1.0)) * (0.5 + dice.random()))
            shoal.kill()
            for thread in [*writers, maker, expirer]:
                thread.join(20)
                assert not thread.is_alive()
                assert thread.failure is None, f"seed {SEED}, round {round_}: {thread.failure}"
            writes += sum(writer.writes for writer in writers)
            check_folder(tmp_path / "data")
        except AssertionError as failure:
            raise AssertionError(f"seed {SEED}, {durability}, round {round_}: {failure}\n{shoal.log()[-2000:]}") from failure
        finally:
            shoal.kill()
    assert writes > rounds * 10, "the writers wrote next to nothing: the test shows nothing"
    note(f"crash: {rounds} kills, {writes} acknowledged writes, {swept} items swept, slowest restart {max(restarts) * 1000:.0f} ms ({durability})")


def make_table(shoal):
    gsi = {name: (" ".join(f"{a}:{'N' if a == 'c' else 'S'}" for a in key), projection)
           for name, (kind, key, projection) in INDEXES.items() if kind == "GLOBAL"}
    shoal.create_table("p:S c:N", name="crash", gsi=gsi, lsi={"by_l": ("p:S l:S", "KEYS_ONLY")})
    shoal.create_table("p:S", name="sweep", gsi={"by_g": "g:S"},
                       StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    shoal.ok("UpdateTimeToLive", {"TableName": "sweep", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}})


def check_folder(folder):
    run = subprocess.run([binary(), "check", f"--data-dir={folder}"], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, f"shoal check says:\n{run.stdout[-3000:]}{run.stderr[-1000:]}"


def check(shoal, writers, tables, maker):
    found = {key_of(entry): entry for entry in scan(shoal)}
    for writer in writers:
        writer.settle(found)
    check_indexes(shoal, found)
    there = {name for name in shoal.ok("ListTables", {})["TableNames"] if name.startswith("churn")}
    assert there - {maker.under_way} == tables - {maker.under_way}
    tables.clear()
    tables.update(there)
    for name in there:
        shoal.put(name, {"p": {"S": "writable"}})

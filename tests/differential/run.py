"""Sends the same random requests to Shoal and to DynamoDB Local and compares the answers.

    scripts/python tests/differential/run.py --requests 50000 --seed 7

Prints its seed, and each unexplained difference with the few requests that show it: JSON lines, operation and body,
which `run.py --replay FILE` sends again.
"""

import argparse
import collections
import copy
import decimal
import itertools
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from differential.known_differences import TABLE_CHANGES, explained  # noqa: E402
from differential.requests import Requests, Tables  # noqa: E402
from support.shoal_process import Shoal, Wire  # noqa: E402

REQUESTS_OF_A_CASE = 250  # between new tables
PAGES_MAX = 200
STREAMS_TARGET = "DynamoDBStreams_20120810"
STREAM_OPERATIONS = {"DescribeStream", "GetShardIterator", "GetRecords", "ListStreams"}
NO_STREAM = "arn:aws:dynamodb:ddblocal:000000000000:table/Nosuch/stream/2020-01-01T00:00:00.000"


class DynamoDbLocal:
    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.process = subprocess.Popen([str(ROOT / "bench/dynamodb-local"), str(port)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "JAVA_TOOL_OPTIONS": "-Xmx512m"})
        self.wire = Wire("127.0.0.1", port)
        for _ in range(3000):
            try:
                self.wire.call("ListTables", {})
                return self.wire
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("DynamoDB Local did not start: run bench/dynamodb-local by hand to see why") from None
                time.sleep(0.1)
        self.process.kill()
        raise RuntimeError("DynamoDB Local did not answer within five minutes")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


# ---- answers, comparable

NOT_COMPARED = {  # Ids, times and names that are each one's own; Local knows nothing of the others.
    "TableArn", "TableId", "IndexArn", "CreationDateTime", "LatestStreamArn", "LatestStreamLabel", "WarmThroughput", "TableSizeBytes",
    "IndexSizeBytes", "ItemCount", "LastIncreaseDateTime", "LastDecreaseDateTime", "NumberOfDecreasesToday",
    "LastUpdateToPayPerRequestDateTime", "TableThroughputModeSummary", "Backfilling"}


def with_maps(value):
    """Local's records leave the M of an empty map out."""
    if isinstance(value, dict):
        return {name: {"M": {}} if member == {} and name != "M" else with_maps(member) for name, member in value.items()}
    return [{"M": {}} if each == {} else with_maps(each) for each in value] if isinstance(value, list) else value


NOT_COMPARED_OF_RECORDS = {"SequenceNumber", "ApproximateCreationDateTime"}


def _stream_answer(operation, answer):
    """Of descriptions what the table's definition says. What records there are, "@Records" compares."""
    if operation != "DescribeStream":
        return {}
    told = answer["StreamDescription"]
    return {name: canonical(told.get(name)) for name in ("StreamStatus", "StreamViewType", "TableName", "KeySchema")}


def canonical(value, name=None):
    """The answer without what is each one's own affair: orders of sets and of unordered lists."""
    if isinstance(value, dict):
        return {k: canonical(v, k) for k, v in sorted(value.items())}
    if isinstance(value, list):
        members = [canonical(v) for v in value]
        if name == "NS":
            members = [plain(member) for member in members]
        unordered = ("SS", "NS", "BS", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "NonKeyAttributes")
        return sorted(members, key=json.dumps) if name in unordered else members
    return plain(value) if name == "N" else value


def described(value):
    """A table's description without NOT_COMPARED."""
    if isinstance(value, dict):
        return {k: described(v) for k, v in value.items() if k not in NOT_COMPARED}
    return [described(v) for v in value] if isinstance(value, list) else value


def plain(number):
    """limits, 1: 'Canonical output: plain decimal expansion with trimmed zeros, no exponent'; Local prints some as they came."""
    try:
        exact = decimal.Context(prec=200).create_decimal(number).normalize(decimal.Context(prec=200))
        return "0" if exact == 0 else format(exact, "f")
    except (decimal.DecimalException, TypeError):
        return number


def in_any_order(operation, body):
    """Items with one index key have no order among them."""
    return operation.endswith("Scan") or (operation.endswith("Query") and "IndexName" in body)


def outcome(operation, body, reply):
    """Status, error type and message, or the answer, comparable."""
    try:
        answer = reply.json
    except ValueError:
        return {"error": f"HTTP {reply.status} {reply.body[:80]}", "message": "", "item": None, "reasons": []}
    if reply.status != 200:
        return {"error": reply.type, "message": reply.message or "", "item": canonical(answer.get("Item")),
                "reasons": [(r.get("Code"), canonical(r.get("Item")), r.get("Message")) for r in answer.get("CancellationReasons", [])]}
    answer = canonical(answer)
    if in_any_order(operation, body) and "Items" in answer:
        answer["Items"].sort(key=json.dumps)
    if operation == "BatchGetItem":
        for items in answer["Responses"].values():
            items.sort(key=json.dumps)
    if isinstance(answer.get("ConsumedCapacity"), list):
        answer["ConsumedCapacity"].sort(key=lambda each: each["TableName"])
    if operation.endswith("Table"):
        answer = described(answer)
    return {"answer": answer}


class Pair:
    """Both servers, with the tables of one case."""

    nonces = itertools.count(int(time.time() * 1000))

    def __init__(self, shoal, local):
        self.shoal, self.local = shoal, local

    def begin(self, creations):
        self.creations, self.token = creations, str(next(self.nonces))
        self.streams, self.seen = {}, set()
        for wire in (self.shoal, self.local):
            for name in wire.ok("ListTables", {})["TableNames"]:
                wire.call("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
                wire.ok("DeleteTable", {"TableName": name})
            for body in creations:
                description = wire.ok("CreateTable", body)["TableDescription"]
                # Local tells of the stream that an earlier table of this name had.
                self.streams[wire, body["TableName"]] = description["LatestStreamArn"] if "StreamSpecification" in body else NO_STREAM

    def send(self, operation, body):
        """The kind of the difference, or None, and the two outcomes."""
        ours, theirs = (self.ask(wire, operation, body) for wire in (self.shoal, self.local))
        kind = explained(operation, body, ours, theirs)
        if kind and kind.endswith("(diverges)"):
            self.level(operation, body)
        return kind, ours, theirs

    def ask(self, wire, operation, body):
        if operation == "@Contents":
            return {"answer": self.contents(wire)}
        if operation == "@Records":
            return {"answer": self.records(wire)}
        if operation in STREAM_OPERATIONS:
            return self.ask_stream(wire, operation, body)
        if operation == "@Scan" and "TotalSegments" in body:
            return self.merged([self.pages(wire, operation, {**body, "Segment": i}) for i in range(body["TotalSegments"])])
        if operation in ("@Scan", "@Query"):
            found = self.pages(wire, operation, body)
            return self.merged([found]) if in_any_order(operation, body) else found
        if "ClientRequestToken" in body:
            body = {**body, "ClientRequestToken": f"{body['ClientRequestToken']}-{self.token}"}
        return outcome(operation, body, wire.call(operation, body))

    @staticmethod
    def pages(wire, operation, body):
        """Page after page until the last one; `ConsumedCapacity` is the table of Local's roundings, and is left out."""
        items, counts, body = [], collections.Counter(), dict(body)
        for _ in range(PAGES_MAX):
            page = outcome(operation, body, wire.call(operation[1:], body))
            if "error" in page:
                return page
            answer = page["answer"]
            items += answer.get("Items", [])
            counts.update({name: answer[name] for name in ("Count", "ScannedCount")})
            body["ExclusiveStartKey"] = answer.get("LastEvaluatedKey")
            if not body["ExclusiveStartKey"]:
                return {"answer": {"Items": items, **counts}}
        return {"error": f"no end after {PAGES_MAX} pages", "message": "", "item": None, "reasons": []}

    @staticmethod
    def merged(parts):
        for part in parts:
            if "error" in part:
                return part
        items = sorted((item for part in parts for item in part["answer"]["Items"]), key=json.dumps)
        return {"answer": {"Items": items, **{name: sum(part["answer"][name] for part in parts) for name in ("Count", "ScannedCount")}}}

    def contents(self, wire):
        """Every item of every table and index of the case."""
        found = {}
        for table in self.creations:
            for index in [None] + [i["IndexName"] for m in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes") for i in table.get(m, [])]:
                body = {"TableName": table["TableName"], **({"IndexName": index} if index else {})}
                found[f"{table['TableName']} {index or ''}"] = self.merged([self.pages(wire, "@Scan", body)])["answer"]["Items"]
        return found

    # ---- streams

    def ask_stream(self, wire, operation, body):
        """With each server's own names for what the request calls "@"."""
        stream = self.streams.get((wire, str(body.get("StreamArn", f"@{body.get('TableName')}"))[1:]), NO_STREAM)
        body, names = dict(body), {}
        if operation == "GetRecords":
            body.pop("TableName", None)
        for member, value in body.items():
            if isinstance(value, str) and value.startswith("@"):
                body[member] = self.name_of(wire, stream, value)
                names[body[member]] = value
        reply = wire.call(operation, body, target=STREAMS_TARGET)
        if reply.status == 200:
            return {"answer": _stream_answer(operation, reply.json)}
        found = outcome(operation, body, reply)
        for name, value in sorted(names.items(), key=lambda pair: -len(pair[0])):
            found["message"] = found["message"].replace(name, value)
        return found

    def name_of(self, wire, stream, what):
        ask = lambda operation, body: wire.call(operation, body, target=STREAMS_TARGET).json
        shards = ask("DescribeStream", {"StreamArn": stream}).get("StreamDescription", {}).get("Shards", [])
        if what.startswith("@Table"):
            return stream
        if not shards:
            return "shardId-00000000000000000000-00000000"
        shard = shards[0]["ShardId"]
        start = {"StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        if what == "@shard":
            return shard
        iterator = ask("GetShardIterator", start)["ShardIterator"]
        if what == "@iterator":
            return iterator
        records = ask("GetRecords", {"ShardIterator": iterator})["Records"]
        return records[0]["dynamodb"]["SequenceNumber"] if records else shards[0]["SequenceNumberRange"]["StartingSequenceNumber"]

    def records(self, wire):
        """What the streams of the case's tables tell since they were read before: of each item in order."""
        found = collections.defaultdict(list)
        ask = lambda operation, body: wire.ok(operation, body, target=STREAMS_TARGET)
        for table in self.creations:
            stream = self.streams[wire, table["TableName"]]
            for shard in ask("DescribeStream", {"StreamArn": stream})["StreamDescription"]["Shards"] if stream != NO_STREAM else []:
                start = {"StreamArn": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
                iterator, before = ask("GetShardIterator", start)["ShardIterator"], None
                while iterator:
                    page = ask("GetRecords", {"ShardIterator": iterator})
                    for record in page["Records"]:
                        place = (wire, stream, record["dynamodb"]["SequenceNumber"])
                        if place not in self.seen:
                            self.seen.add(place)
                            change = canonical({name: value for name, value in record["dynamodb"].items() if name not in NOT_COMPARED_OF_RECORDS})
                            change = with_maps(change)
                            found[f"{table['TableName']} {json.dumps(change.get('Keys'))}"].append({"eventName": record["eventName"], **change})
                    iterator = page.get("NextShardIterator") if page["Records"] else None
        return dict(found)

    # ---- what is known to differ shall differ no more in what follows

    def level(self, operation, body):
        if operation in TABLE_CHANGES:
            return self.forget(body.get("TableName"))
        self.copy(body)
        for wire in (self.shoal, self.local):
            self.records(wire)

    def forget(self, name):
        """A table of which the two know different things is a table of neither."""
        for wire in (self.shoal, self.local):
            wire.call("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
            wire.call("DeleteTable", {"TableName": name})

    def copy(self, body):
        """Local gets what Shoal has, so that what is known to differ here differs no more in what follows."""
        text = json.dumps(body)
        for table in self.creations:
            if table["TableName"] not in text:
                continue
            name, key = table["TableName"], [element["AttributeName"] for element in table["KeySchema"]]
            key_of = lambda item: json.dumps({part: item[part] for part in key})
            ours, theirs = ({key_of(item): item for item in self.pages(wire, "@Scan", {"TableName": name})["answer"]["Items"]}
                            for wire in (self.shoal, self.local))
            for each in theirs.keys() - ours.keys():
                self.local.ok("DeleteItem", {"TableName": name, "Key": json.loads(each)})
            for each, item in ours.items():
                if theirs.get(each) != item:
                    self.local.ok("PutItem", {"TableName": name, "Item": item})

    def replay(self, creations, requests):
        self.begin(creations)
        found = None
        for operation, body in requests:
            found = self.send(operation, body)
        return found


def shrunk(pair, creations, requests, kind):
    """A shorter list of requests whose last one still differs in this way."""
    step = max(1, len(requests) // 2)
    while step >= 1:
        at = 0
        while at < len(requests) - 1:
            trial = requests[:at] + requests[min(at + step, len(requests) - 1):]
            if pair.replay(creations, trial)[0] == kind:
                requests = trial
            else:
                at += step
        step //= 2
    return requests


def run(shoal, local, seed, count, stop_after=10, shrink=True, say=print):
    """How many requests were sent, Counter of explained kinds of differences, and the list of unexplained ones."""
    pair = Pair(shoal, local)
    kinds, unexplained, sent = collections.Counter(), [], 0
    began = time.monotonic()
    for case in itertools.count():
        if sent >= count or len(unexplained) >= stop_after:
            return sent, kinds, unexplained
        generator = random.Random(f"{seed}/{case}")
        tables = Tables(generator)
        creations, requests, history = tables.creations(), Requests(generator, tables), []
        pair.begin(creations)
        of_case = min(REQUESTS_OF_A_CASE, count - sent)
        for number in range(of_case):
            operation, body = requests.next() if number < of_case - 2 else ("@Records" if number == of_case - 2 else "@Contents", {})
            history.append((operation, copy.deepcopy(body)))
            sent += 1
            kind, ours, theirs = pair.send(operation, body)
            if kind is None:
                continue
            if kind.startswith("known: "):
                kinds[kind.removesuffix(" (diverges)")] += 1
                continue
            found = {"kind": kind, "tables": creations, "requests": history[-1:], "shoal": ours, "local": theirs}
            unexplained.append(found)
            if shrink:
                found["requests"] = shrunk(pair, creations, history, kind)
                _, found["shoal"], found["local"] = pair.replay(creations, found["requests"])
                break
        if case % 20 == 19:
            say(f"{sent} requests, {sum(kinds.values())} explained differences, {len(unexplained)} unexplained, "
                f"{time.monotonic() - began:.0f} s", flush=True)


def tell(found):
    print(f"\nUNEXPLAINED {found['kind']}")
    for table in found["tables"]:
        print(json.dumps(["CreateTable", table]))
    for request in found["requests"]:
        print(json.dumps(request))
    print("  Shoal:", json.dumps(found["shoal"])[:1500])
    print("  Local:", json.dumps(found["local"])[:1500])


def send_again(shoal, local, lines):
    """Prints what each server says to the requests of `lines`, as they were printed."""
    requests = [json.loads(line) for line in lines if line.startswith("[")]
    pair = Pair(shoal, local)
    pair.begin([body for operation, body in requests if operation == "CreateTable" and body["TableName"].startswith("Table")])
    for operation, body in requests:
        if operation == "CreateTable" and body["TableName"].startswith("Table"):
            continue
        kind, ours, theirs = pair.send(operation, body)
        print(f"{operation} {json.dumps(body)[:300]}\n  {kind}\n  Shoal: {json.dumps(ours)[:1500]}\n  Local: {json.dumps(theirs)[:1500]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--stop-after", type=int, default=10, help="so many unexplained differences")
    parser.add_argument("--no-shrink", action="store_true", help="only the request that differs, for a first look at many")
    parser.add_argument("--replay", type=argparse.FileType(), help="send the requests of this file, as printed by a run")
    options = parser.parse_args()
    with Shoal.start("--log-level=error") as shoal, DynamoDbLocal() as local:
        if options.replay:
            return send_again(shoal, local, options.replay.read().splitlines())
        print(f"seed {options.seed}", flush=True)
        sent, kinds, unexplained = run(shoal, local, options.seed, options.requests, options.stop_after, not options.no_shrink)
    for kind, number in kinds.most_common():
        print(f"{number:7} {kind}")
    for found in unexplained:
        tell(found)
    print(f"\nseed {options.seed}: {sent} requests, {sum(kinds.values())} explained differences, {len(unexplained)} unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())

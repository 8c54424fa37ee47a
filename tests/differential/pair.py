"""Shoal and DynamoDB Local, asked the same: pages are read to their end, streams under each server's own names, and
where the two are known to part, Local is given what Shoal has."""

import collections
import itertools
import json
import time

from differential.known_differences import TABLE_CHANGES, explained
from differential.outcomes import NOT_COMPARED_OF_RECORDS, canonical, in_any_order, outcome, stream_answer, with_maps

PAGES_MAX = 200
STREAMS_TARGET = "DynamoDBStreams_20120810"
STREAM_OPERATIONS = {"DescribeStream", "GetShardIterator", "GetRecords", "ListStreams"}
NO_STREAM = "arn:aws:dynamodb:ddblocal:000000000000:table/Nosuch/stream/2020-01-01T00:00:00.000"


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
            return {"answer": stream_answer(operation, reply.json)}
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

"""Sends the same random requests to Shoal and to DynamoDB Local and compares the answers.

    scripts/python tests/differential/run.py --requests 50000 --seed 7

Prints its seed, and each unexplained difference with the few requests that show it: JSON lines, operation and body.
"""

import argparse
import collections
import decimal
import json
import pathlib
import random
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from differential.known_differences import explained  # noqa: E402
from differential.requests import Requests, Tables  # noqa: E402
from support.shoal_process import Shoal, Wire  # noqa: E402

REQUESTS_OF_A_CASE = 250  # between new tables


class DynamoDbLocal:
    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.process = subprocess.Popen([str(ROOT / "bench/dynamodb-local"), str(port)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wire = Wire("127.0.0.1", port)
        for _ in range(1200):
            try:
                self.wire.call("ListTables", {})
                return self.wire
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("DynamoDB Local did not start: run bench/dynamodb-local by hand to see why") from None
                time.sleep(0.1)
        raise RuntimeError("DynamoDB Local did not answer within two minutes")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def canonical(value, name=None):
    """The answer without what is each one's own affair: orders of sets and of unordered items."""
    if isinstance(value, dict):
        return {k: canonical(v, k) for k, v in sorted(value.items())}
    if isinstance(value, list):
        members = [canonical(v) for v in value]
        if name == "NS":
            members = [plain(member) for member in members]
        return sorted(members, key=json.dumps) if name in ("SS", "NS", "BS") else members
    return plain(value) if name == "N" else value


def plain(number):
    """limits, 1: 'Canonical output: plain decimal expansion with trimmed zeros, no exponent'; Local prints some as they came."""
    try:
        exact = decimal.Context(prec=200).create_decimal(number).normalize(decimal.Context(prec=200))
        return "0" if exact == 0 else format(exact, "f")
    except (decimal.DecimalException, TypeError):
        return number


def outcome(operation, body, reply):
    """Status, error type and message, and the answer, comparable."""
    answer = reply.json
    if reply.status != 200:
        kind = reply.type
        return {"error": kind, "message": reply.message or "", "item": canonical(answer.get("Item")),
                "reasons": [(r.get("Code"), canonical(r.get("Item"))) for r in answer.get("CancellationReasons", [])]}
    answer = canonical(answer)
    unordered = operation == "Scan" or (operation == "Query" and body.get("IndexName", "").startswith("Global"))
    if unordered and "Items" in answer:
        answer["Items"].sort(key=json.dumps)
    if operation == "BatchGetItem":
        for items in answer["Responses"].values():
            items.sort(key=json.dumps)
    return {"answer": answer}


def replay(shoal, local, creations, requests):
    """The differences of the last request, after the ones before it on new tables."""
    for wire in (shoal, local):
        for name in wire.ok("ListTables", {})["TableNames"]:
            wire.ok("DeleteTable", {"TableName": name})
        for body in creations:
            wire.ok("CreateTable", body)
    found = None
    for operation, body in requests:
        ours, theirs = (outcome(operation, body, wire.call(operation, body)) for wire in (shoal, local))
        found = explained(operation, body, ours, theirs)
    return found


def shrunk(shoal, local, creations, requests, kind):
    """A shorter list of requests whose last one still differs in this way."""
    shows = lambda trial: replay(shoal, local, creations, trial) == kind
    step = max(1, len(requests) // 2)
    while step >= 1:
        at = 0
        while at < len(requests) - 1:
            trial = requests[:at] + requests[min(at + step, len(requests) - 1):]
            if shows(trial):
                requests = trial
            else:
                at += step
        step //= 2
    return requests


def run(shoal, local, seed, count, stop_after=10, say=print):
    """Counter of explained kinds of differences, and the list of unexplained ones."""
    kinds, unexplained, sent = collections.Counter(), [], 0
    began = time.monotonic()
    case = 0
    while sent < count and len(unexplained) < stop_after:
        generator = random.Random(f"{seed}/{case}")
        case += 1
        tables = Tables(generator)
        creations = list(tables.creations())
        requests, history = Requests(generator, tables), []
        replay(shoal, local, creations, [])
        for _ in range(min(REQUESTS_OF_A_CASE, count - sent)):
            operation, body = requests.next()
            history.append((operation, body))
            sent += 1
            ours, theirs = (outcome(operation, body, wire.call(operation, body)) for wire in (shoal, local))
            kind = explained(operation, body, ours, theirs)
            if kind is None:
                continue
            if kind.startswith("known: "):
                kinds[kind] += 1
                if kind.endswith("(diverges)"):
                    break  # What follows would differ by it.
                continue
            short = shrunk(shoal, local, creations, history, kind)
            replay(shoal, local, creations, short[:-1])
            operation, body = short[-1]
            pair = [outcome(operation, body, wire.call(operation, body)) for wire in (shoal, local)]
            unexplained.append({"kind": kind, "tables": creations, "requests": short, "shoal": pair[0], "local": pair[1]})
            break
        if case % 20 == 0:
            say(f"{sent} requests, {sum(kinds.values())} explained differences, {len(unexplained)} unexplained, "
                f"{time.monotonic() - began:.0f} s", flush=True)
    return sent, kinds, unexplained


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--stop-after", type=int, default=10, help="so many unexplained differences")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with Shoal.start("--log-level=error") as shoal, DynamoDbLocal() as local:
        sent, kinds, unexplained = run(shoal, local, options.seed, options.requests, options.stop_after)
    for kind, number in kinds.most_common():
        print(f"{number:7} {kind}")
    for each in unexplained:
        print(f"\nUNEXPLAINED {each['kind']}")
        for table in each["tables"]:
            print(json.dumps(["CreateTable", table]))
        for request in each["requests"]:
            print(json.dumps(request)[:2000])
        print("  Shoal:", json.dumps(each["shoal"])[:1500])
        print("  Local:", json.dumps(each["local"])[:1500])
    print(f"\nseed {options.seed}: {sent} requests, {sum(kinds.values())} explained differences, {len(unexplained)} unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())

"""Sends the same random requests to Shoal and to DynamoDB Local and compares the answers.

    scripts/python tests/differential/run.py --requests 50000 --seed 7

Prints its seed, and each unexplained difference with the few requests that show it: JSON lines, operation and body,
which `run.py --replay FILE` sends again.
"""

import argparse
import collections
import copy
import itertools
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from differential.dynamodb_local import DynamoDbLocal  # noqa: E402
from differential.pair import Pair  # noqa: E402
from differential.requests import Requests, Tables  # noqa: E402
from support.shoal_process import Shoal  # noqa: E402

REQUESTS_OF_A_CASE = 250  # between new tables


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

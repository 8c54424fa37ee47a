"""Whether memory stays what it is under load: see bench/soak."""

import argparse
import sys
import tempfile
import time

from keyed_load import Load, request, wrk_keys
from run import ROOT, Shoal, Wire
from scale import TEXT, batches, load

KEYS = 10_000
WARM_SECONDS = 120
SLICE_SECONDS = 20


def mix():
    """Ordinary work and a share of what is wrong or large."""
    key = {"p": {"S": "item########"}}
    whole = {**key, "g": {"S": "g########"}, "n": {"N": "1########"}, "text": {"S": TEXT}}
    work = {
        "GetItem": (40, {"TableName": "Mixed", "Key": key}),
        "PutItem": (20, {"TableName": "Mixed", "Item": whole}),
        "UpdateItem": (15, {"TableName": "Mixed", "Key": key, "UpdateExpression": "SET n = n + :one, g = :g",
                            "ExpressionAttributeValues": {":one": {"N": "1"}, ":g": {"S": "g########"}}}),
        "DeleteItem": (3, {"TableName": "Mixed", "Key": key}),
        "Query": (10, {"TableName": "Mixed", "IndexName": "by_g", "KeyConditionExpression": "g = :g",
                       "ExpressionAttributeValues": {":g": {"S": "g########"}}}),
        "BatchGetItem": (4, {"RequestItems": {"Mixed": {"Keys": [{"p": {"S": f"item000{n:02}###"}} for n in range(20)]}}}),
        "TransactWriteItems": (3, {"TransactItems": [{"Put": {"TableName": "Mixed", "Item": {**whole, "p": {"S": f"{n}em########"}}}} for n in "ab"]}),
        "ExecuteStatement": (3, {"Statement": "SELECT * FROM \"Mixed\" WHERE p = 'item########'"}),
        "Scan": (1, {"TableName": "Mixed", "Limit": 500}),
        "DescribeTable": (1, {"TableName": "Mixed"}),
        "Nonsense": (1, {"TableName": "########"}),
    }
    return [Load(request(operation, body), weight) for operation, (weight, body) in work.items()]


def main():
    parser = argparse.ArgumentParser(prog="bench/soak")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--durability", default="sync", choices=["sync", "relaxed", "in-memory"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        flags = ["--in-memory"] if options.durability == "in-memory" else [f"--data-dir={folder}/data", f"--durability={options.durability}"]
        with Shoal.start(*flags) as shoal:
            idle = shoal.memory_bytes()
            Shoal.create_table(Wire(shoal.host, shoal.port), "p:S", name="Mixed", gsi={"by_g": "g:S"})
            load(shoal, batches("Mixed", 0, KEYS, lambda key: {"p": {"S": f"item{key}"}, "g": {"S": f"g{key}"}, "n": {"N": "0"}, "text": {"S": TEXT}}))
            loads, began, samples, served = mix(), time.monotonic(), [], 0
            print(f"idle {idle / 2**20:.1f} MB", flush=True)
            while time.monotonic() - began < options.minutes * 60:
                found = wrk_keys(shoal, KEYS, loads, options.connections, SLICE_SECONDS)
                served += found["requests"]
                samples.append((time.monotonic() - began, shoal.memory_bytes()))
                print(f"{samples[-1][0]:6.0f} s: {samples[-1][1] / 2**20:8.1f} MB, {found['per_second']:>9,.0f} requests/s, p99 {found['p99_us'] / 1000:.1f} ms", flush=True)
    second_minute = max(memory for at, memory in samples if at <= WARM_SECONDS + SLICE_SECONDS)
    last = samples[-1][1]
    print(f"{served:,} requests of {options.connections} connections; from {second_minute / 2**20:.1f} MB at its second minute to {last / 2**20:.1f} MB: "
          f"{(last / second_minute - 1) * 100:+.1f} %")
    sys.exit(0 if last <= 1.1 * second_minute else "memory grew by more than a tenth")


if __name__ == "__main__":
    main()

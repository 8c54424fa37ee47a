"""What a request costs: see bench/run."""

import argparse
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from support.shoal_process import JSON_TYPE, TARGET, Shoal, Wire, sign  # noqa: E402

ITEMS = 10_000  # of 1 KB
STREAMS = "DynamoDBStreams_20120810"
STREAM = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}}
WARM_SECONDS = 12  # DynamoDB Local's CPU per request falls for about ten.
LONGEST_SECONDS = 30  # When nothing was answered in the time given: DynamoDB Local takes seconds for 32 scans at once.
TABLES = {
    "Items": {"key": "p:S"}, "Inserted": {"key": "p:S"}, "Counters": {"key": "p:S"}, "Series": {"key": "p:S c:N"},
    "Indexed": {"key": "p:S", "gsi": {f"by-{name}": (f"{name}:S", "KEYS_ONLY") for name in "xyz"}},
    "Streamed": {"key": "p:S", **STREAM}, "Events": {"key": "p:S", **STREAM},
}


def item_1kb(number):
    return {"p": {"S": f"item{number:08}"}, "name": {"S": f"name of {number}"}, "count": {"N": str(number)},
            "active": {"BOOL": True}, "tags": {"L": [{"S": "red"}, {"S": "blue"}]},
            "address": {"M": {"city": {"S": "Wien"}, "zip": {"S": "1010"}}}, "text": {"S": "x" * 900}}


def new_item():
    """For one of few keys, so that a put seldom writes what is there already."""
    number = random.randrange(ITEMS // 20)
    return {**item_1kb(number), "count": {"N": str(random.randrange(10**9))}, "text": {"S": f"{random.getrandbits(128):032x}" * 28}}


def random_key():
    return {"p": {"S": f"item{random.randrange(ITEMS):08}"}}


def random_keys(count):
    return [{"p": {"S": f"item{number:08}"}} for number in random.sample(range(ITEMS), count)]


def never_seen(item):
    return {**item, "p": {"S": f"new{random.getrandbits(64):016x}"}}


def insert(item):
    fields = ", ".join(f"'{name}': ?" for name in item)
    return {"Statement": f'INSERT INTO "Inserted" VALUE {{{fields}}}', "Parameters": list(item.values())}


# An INSERT of what is there is refused, so each of its requests is sent once, for as long as there are any.
ONCE, ONCE_SECONDS = ("PutItem, new", "INSERT"), 1
# What PartiQL adds to the operation whose plan it is, and a stream with both images to the writes that it shows.
ADDED = {"SELECT point": "GetItem 1 KB", "INSERT": "PutItem, new", "PutItem, stream": "PutItem 1 KB"}
# name: (operation, a body, how many to sign)
ROWS = {
    "GetItem 1 KB": ("GetItem", lambda: {"TableName": "Items", "Key": random_key()}, 4000),
    "PutItem 1 KB": ("PutItem", lambda: {"TableName": "Items", "Item": new_item()}, 4000),
    "PutItem, stream": ("PutItem", lambda: {"TableName": "Streamed", "Item": new_item()}, 4000),
    "GetRecords of 1000": ("GetRecords", dict, 10),
    "SELECT point": ("ExecuteStatement", lambda: {
        "Statement": 'SELECT * FROM "Items" WHERE p = ?', "Parameters": [random_key()["p"]]}, 4000),
    "PutItem, new": ("PutItem", lambda: {"TableName": "Inserted", "Item": never_seen(new_item())}, 80_000),
    "INSERT": ("ExecuteStatement", lambda: insert(never_seen(new_item())), 80_000),
    "UpdateItem counter": ("UpdateItem", lambda: {
        "TableName": "Counters", "Key": {"p": {"S": f"counter{random.randrange(1000)}"}}, "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}}}, 2000),
    "Query of 10": ("Query", lambda: {
        "TableName": "Series", "KeyConditionExpression": "p = :p AND c >= :c",
        "ExpressionAttributeValues": {":p": {"S": f"series{random.randrange(1000)}"}, ":c": {"N": "0"}}}, 2000),
    "Scan of 1 MB": ("Scan", lambda: {"TableName": "Items"}, 1),
    "BatchWriteItem 25": ("BatchWriteItem", lambda: {"RequestItems": {"Items": [
        {"PutRequest": {"Item": {**new_item(), **key}}} for key in random_keys(25)]}}, 200),
    "BatchGetItem 100": ("BatchGetItem", lambda: {"RequestItems": {"Items": {"Keys": [
        *random_keys(100)]}}}, 200),
    "UpdateItem, condition": ("UpdateItem", lambda: {
        "TableName": "Items", "Key": random_key(), "UpdateExpression": "SET #c = :c",
        "ConditionExpression": "attribute_exists(p) AND active = :yes", "ExpressionAttributeNames": {"#c": "count"},
        "ExpressionAttributeValues": {":c": {"N": str(random.randrange(10**9))}, ":yes": {"BOOL": True}}}, 4000),
    "TransactWrite of 4": ("TransactWriteItems", lambda: {"TransactItems": [
        {"Put": {"TableName": "Items", "Item": {**new_item(), **key}}} for key in random_keys(4)]}, 1000),
    "PutItem, 3 indexes": ("PutItem", lambda: {"TableName": "Indexed", "Item": {
        **new_item(), **{name: {"S": f"{name}{random.randrange(1000)}"} for name in "xyz"}}}, 4000),
}


class Process:
    """A server that is not ours, started and measured like a Shoal."""

    cpu_seconds = Shoal.cpu_seconds
    memory_bytes = Shoal.memory_bytes
    is_bare = False  # Answers nothing that means anything.

    def __init__(self, command, port, ready_path="/"):
        self.host, self.port = "127.0.0.1", port
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        self.ready_seconds = wait_for_answer(self, began)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def wait_for_answer(server, began):
    """Seconds from `began` until the server answered a call of any kind."""
    while time.monotonic() - began < 60:
        try:
            wire = Wire(server.host, server.port)
            wire.call("ListTables", {})
            wire.close()
            return time.monotonic() - began
        except OSError:
            if server.process.poll() is not None:
                sys.exit(f"the server ended with {server.process.returncode}")
            time.sleep(0.001)
    sys.exit("the server did not answer within a minute")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def start_shoal(*flags):
    port = free_port()
    began = time.monotonic()
    shoal = Shoal.start(*flags, f"--port={port}")
    shoal.ready_seconds = wait_for_answer(shoal, began)
    return shoal


def fill(server):
    wire = Wire(server.host, server.port)
    for name, table in TABLES.items():
        Shoal.create_table(wire, name=name, **table)
    def write(table, items):
        for start in range(0, len(items), 25):
            wire.ok("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": item}} for item in items[start:start + 25]]}})
    write("Items", [item_1kb(number) for number in range(ITEMS)])
    write("Series", [{"p": {"S": f"series{n}"}, "c": {"N": str(c)}, "v": {"S": "x" * 90}} for n in range(1000) for c in range(10)])
    write("Events", [{"p": {"S": f"event{n:08}"}, "v": {"S": "x" * 90}, "n": {"N": str(n)}} for n in range(1200)])
    wire.close()


def target_of(operation):
    return STREAMS if operation == "GetRecords" else TARGET


def start_of_events(server):
    if getattr(server, "is_bare", False):
        return "x" * 120
    wire = Wire(server.host, server.port)
    arn = wire.ok("DescribeTable", {"TableName": "Events"})["Table"]["LatestStreamArn"]
    shards = wire.ok("DescribeStream", {"StreamArn": arn}, target=STREAMS)["StreamDescription"]["Shards"]
    started = {"StreamArn": arn, "ShardIteratorType": "TRIM_HORIZON"}
    # DynamoDB Local opens several, of which one takes the changes of the table.
    for shard in shards:
        iterator = wire.ok("GetShardIterator", {**started, "ShardId": shard["ShardId"]}, target=STREAMS)["ShardIterator"]
        if len(wire.ok("GetRecords", {"ShardIterator": iterator}, target=STREAMS)["Records"]) == 1000:
            wire.close()
            return iterator
    sys.exit("no shard of Events has a thousand records")


def signed_requests(server, row, file, count_max=1_000_000):
    """Writes the row's requests to `file` as they go over the wire; answers an example's operation and body."""
    operation, body_of, count = ROWS[row]
    if operation == "GetRecords":
        start = {"ShardIterator": start_of_events(server)}
        body_of = lambda: start
    for _ in range(min(count, count_max)):
        body = json.dumps(body_of()).encode()
        headers = sign({"Host": f"{server.host}:{server.port}", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{target_of(operation)}.{operation}"}, body)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        whole = f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body
        file.write(f"{len(whole)}\n".encode() + whole)
    file.flush()
    return operation, body_of()


def wrk(server, file, connections, seconds, order="random"):
    return run_wrk(server, "requests.lua", [file, order], connections, seconds)


def run_wrk(server, script, words, connections, seconds):
    """Requests a second, latencies and the server's CPU, over so many connections; `words` are the script's."""
    url = f"http://{server.host}:{server.port}/"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(ROOT / "bench" / script), url, "--", *words]
    cpu = server.cpu_seconds()
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
    cpu = server.cpu_seconds() - cpu
    summary = json.loads(re.search(r"SUMMARY (.*)", ran.stdout)[1])
    if summary["requests"] == 0:
        if seconds >= LONGEST_SECONDS:
            sys.exit(f"wrk made no request: {ran.stdout}{ran.stderr}")
        return run_wrk(server, script, words, connections, LONGEST_SECONDS)
    return {"requests": summary["requests"], "per_second": summary["requests"] / summary["seconds"], "p50_us": summary["p50_us"], "p99_us": summary["p99_us"],
            "cpu_us": cpu / summary["requests"] * 1e6, "failed": summary["refused"] + summary["broken"], "memory": server.memory_bytes()}


def measure(server, row, connections, seconds):
    with tempfile.NamedTemporaryFile() as file:
        operation, body = signed_requests(server, row, file)
        answer = None
        if isinstance(server, Shoal) or connections == 1:
            wire = Wire(server.host, server.port)
            reply = wire.call(operation, body, target=target_of(operation))
            wire.close()
            answer = len(reply.body)
        if row in ONCE:
            return {**wrk(server, file.name, connections, min(seconds, ONCE_SECONDS), "once"), "answer_bytes": answer}
        wrk(server, file.name, connections, 1)  # warm
        return {**wrk(server, file.name, connections, seconds), "answer_bytes": answer}


def measure_bare(server, body_bytes, row, connections, seconds):
    """The ceiling: the same requests, answered by as many bytes of nothing."""
    port = free_port()
    bare = Process([str(ROOT / "build/release" / server), str(port), str(body_bytes)], port)
    bare.is_bare = True
    try:
        with tempfile.NamedTemporaryFile() as file:
            signed_requests(bare, row, file, 4000)
            wrk(bare, file.name, connections, 1)
            return wrk(bare, file.name, connections, seconds)
    finally:
        bare.stop()


def compare_dynamodb_local(row, ours, seconds):
    """A JVM is measured twice: as it was started, by the rule for all (a second to warm up), which is how a CI job meets it;
    and when its compiler is done with what is hot, which is how it is after a while of the same load."""
    port = free_port()
    local = Process([str(ROOT / "bench/dynamodb-local"), str(port)], port)
    print(f"DynamoDB Local, empty, in memory: first answer after {local.ready_seconds * 1000:.0f} ms, {local.memory_bytes() / 2**20:.1f} MB in memory")
    figures = []
    try:
        fill(local)
        fresh = measure(local, row, 32, seconds)
        measure(local, row, 32, WARM_SECONDS)
        for figure in reversed(ours):
            connections = figure["connections"]
            runs = {"DynamoDB Local": fresh} if connections == 32 else {}
            runs["warmed"] = measure(local, row, connections, seconds)
            for who, theirs in runs.items():
                show(row, connections, who, theirs, f"1/{theirs['cpu_us'] / figure['shoal']['cpu_us']:.1f} of its")
                figures.append({"row": row, "connections": connections, who: theirs})
    finally:
        local.stop()
    return figures


def show(row, connections, who, figures, note=""):
    print(f"{row:20} {connections:>3} {who:15} {figures['per_second']:>9,.0f} {figures['p50_us'] / 1000:>8.2f} {figures['p99_us'] / 1000:>8.2f} "
          f"{figures['cpu_us']:>9.1f} {figures['memory'] / 2**20:>7.0f}  {note}{' FAILED: %d' % figures['failed'] if figures['failed'] else ''}", flush=True)


def compare_rows(figures, row, connections):
    cpu = {figure["row"]: figure["shoal"]["cpu_us"] for figure in figures if figure["connections"] == connections and "shoal" in figure}
    if ADDED.get(row) in cpu:
        print(f"{'':20} {connections:>3} {row} takes {cpu[row] / cpu[ADDED[row]]:.2f} times the CPU of {ADDED[row]}", flush=True)


def idle():
    """Start to first answer, the median of five, and memory before any data."""
    starts, memory = [], 0
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            shoal = start_shoal(f"--data-dir={folder}/data")
            starts.append(shoal.ready_seconds)
            memory = shoal.memory_bytes()
            shoal.stop()
    return sorted(starts)[2], memory


def back_to_the_start(with_dynamodb_local):
    """What a test waits for before it begins: a server, an empty one, one with the tables and items above."""
    shoal = start_shoal("--in-memory")
    control = lambda what, body=b"{}": milliseconds(lambda: post_control(shoal, what, body))
    try:
        fill(shoal)
        control("snapshot", b'{"name": "filled"}')
        found = {"Shoal": {"start": shoal.ready_seconds * 1000, "filled again": [], "emptied": []}}
        for _ in range(5):
            found["Shoal"]["emptied"].append(control("reset"))
            found["Shoal"]["filled again"].append(control("restore", b'{"name": "filled"}'))
    finally:
        shoal.stop()
    if with_dynamodb_local:
        port = free_port()
        local = Process([str(ROOT / "bench/dynamodb-local"), str(port)], port)
        try:
            found["DynamoDB Local"] = times = {"start": local.ready_seconds * 1000, "filled again": [], "emptied": []}
            fill(local)
            for _ in range(5):
                times["emptied"].append(milliseconds(lambda: delete_tables(local)))
                times["filled again"].append(times["emptied"][-1] + milliseconds(lambda: fill(local)))
        finally:
            local.stop()
    print(f"\nBefore a test, with {len(TABLES)} tables of {2 * ITEMS + 1200:,} items, in milliseconds (median of 5 but for the start):")
    print(f"{'':20} {'start to first answer':>22} {'to an empty server':>22} {'to the filled one':>22}")
    for who, times in found.items():
        times.update({what: sorted(each)[2] for what, each in times.items() if what != "start"})
        print(f"{who:20} {times['start']:>22.1f} {times['emptied']:>22.1f} {times['filled again']:>22.1f}", flush=True)
    return found


def post_control(shoal, what, body):
    wire = Wire(shoal.host, shoal.port)
    reply = wire.post(body, {"Content-Type": "application/json"}, path=f"/_shoal/{what}")
    wire.close()
    if reply.status != 200:
        sys.exit(f"{what} was refused: {reply.body}")


def delete_tables(server):
    wire = Wire(server.host, server.port)
    for name in TABLES:
        wire.ok("DeleteTable", {"TableName": name})
    wire.close()


def milliseconds(do):
    began = time.monotonic()
    do()
    return (time.monotonic() - began) * 1000


def durable_commits(seconds):
    """Without HTTP: what the disk, LMDB by itself, and Shoal's engine make of puts that are to be durable."""
    print("\nPuts of 1 KB, durable, without HTTP:")
    found = []
    for keys in (10_000, 1_000_000):
        for at_a_time in (1, 32, 64):
            with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
                ran = subprocess.run([ROOT / "build/release/durable_commit", folder, str(at_a_time), str(keys), str(seconds)], capture_output=True,
                                     text=True, check=True, timeout=600)
            figures = json.loads(ran.stdout)
            found.append({"keys": keys, "at_a_time": at_a_time, **figures})
            print(f"{keys:>9,} keys, {at_a_time:>2} at a time: {figures['engine_puts']:>8,.0f}/s; LMDB's own commits {figures['lmdb_puts']:>7,.0f}/s "
                  f"({figures['engine_puts'] / figures['lmdb_puts']:.1f} times its); one sync of as many bytes {figures['sync_us'] / 1000:.2f} ms", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(prog="bench/run")
    parser.add_argument("--quick", action="store_true", help="GetItem and PutItem alone, two seconds each")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--only", help="rows, by the beginning of their names, separated by commas")
    parser.add_argument("--without-dynamodb-local", action="store_true")
    parser.add_argument("--json", help="write the figures to this file, too")
    options = parser.parse_args()
    rows = [row for row in ROWS if not options.only or any(row.startswith(part) for part in options.only.split(","))]
    if options.quick:
        rows, options.seconds = [row for row in rows if row in ("GetItem 1 KB", "PutItem 1 KB")], 2

    start_seconds, idle_memory = idle()
    print(f"Shoal, empty, on disk: first answer {start_seconds * 1000:.0f} ms after the start (median of 5), {idle_memory / 2**20:.1f} MB in memory")
    shoal = start_shoal("--in-memory")
    fill(shoal)
    if not options.without_dynamodb_local:
        subprocess.run([ROOT / "scripts/install", "bench"], check=True)

    print(f"\n{'':20} {'con':>3} {'':15} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>9} {'MB':>7}  CPU of Shoal, compared")
    figures = []
    try:
        for row in rows:
            for connections in (1, 32):
                ours = measure(shoal, row, connections, options.seconds)
                show(row, connections, "Shoal", ours)
                figure = {"row": row, "connections": connections, "shoal": ours}
                for server in ("bare_server", "bare_epoll"):
                    bare = figure[server] = measure_bare(server, ours["answer_bytes"], row, connections, options.seconds)
                    show(row, connections, server.replace("_", " "), bare, f"{ours['cpu_us'] / bare['cpu_us']:.2f} times its")
                figures.append(figure)
                compare_rows(figures, row, connections)
            if not options.without_dynamodb_local:
                figures += compare_dynamodb_local(row, [figure for figure in figures if figure["row"] == row], options.seconds)
    finally:
        shoal.stop()

    print("\nShoal on disk, where an acknowledged write is durable:")
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        for durability in ("sync", "relaxed"):
            shoal = start_shoal(f"--data-dir={folder}/{durability}", f"--durability={durability}")
            try:
                fill(shoal)
                for row in (row for row in rows if row.startswith(("PutItem 1 KB", "GetItem"))):
                    for connections in (1, 32):
                        ours = measure(shoal, row, connections, options.seconds)
                        show(row, connections, durability, ours)
                        figures.append({"row": row, "connections": connections, durability: ours})
            finally:
                shoal.stop()
    before_tests = back_to_the_start(not options.without_dynamodb_local)
    durable = [] if options.quick else durable_commits(options.seconds)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(
            {"start_seconds": start_seconds, "idle_memory": idle_memory, "rows": figures, "before_tests": before_tests,
             "durable_commits": durable}, indent=1))


if __name__ == "__main__":
    if os.environ.get("SHOAL_BINARY") is None and not (ROOT / "build/release/shoal").exists():
        sys.exit("build it first: scripts/build")
    main()

"""Whether cost stays what it is as data grows: see bench/scale."""

import argparse
import json
import pathlib
import selectors
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from run import ROOT, Shoal, Wire, sign, wait_for_answer
from keyed_load import Load, request, wrk_keys

BATCH = 25
IN_FLIGHT = 16
# What a larger table may cost: a point operation's CPU to that of the smallest, and the speed that a load loses on its way.
MOST_RATIO = 2
MOST_SLOPE = 0.2
TEXT = "x" * 880


def item(key):
    return {"p": {"S": f"item{key}"}, "count": {"N": "1"}, "active": {"BOOL": True}, "text": {"S": TEXT}}


OPERATIONS = {
    "GetItem": lambda: {"TableName": "Items", "Key": {"p": {"S": "item########"}}},
    "PutItem": lambda: {"TableName": "Items", "Item": {**item("########"), "other": {"S": "########"}}},
    "UpdateItem": lambda: {"TableName": "Items", "Key": {"p": {"S": "item########"}}, "UpdateExpression": "ADD #c :one",
                           "ExpressionAttributeNames": {"#c": "count"}, "ExpressionAttributeValues": {":one": {"N": "1"}}},
}
COLLECTION = {
    "Query": lambda: {"TableName": "Collections", "KeyConditionExpression": "p = :p AND c > :c", "Limit": 10,
                            "ExpressionAttributeValues": {":p": {"S": "P"}, ":c": {"N": "1########"}}},
    "PutItem": lambda: {"TableName": "Collections", "Item": {"p": {"S": "P"}, "c": {"N": "1########"}, "l": {"S": "########"}}},
}


class Start:
    """A server on a folder of its own, and how long it took to answer."""

    def __init__(self, folder):
        began = time.monotonic()
        self.shoal = Shoal.start(f"--data-dir={folder}", "--table-units-max=0")
        self.seconds = wait_for_answer(self.shoal, began)

    def __enter__(self):
        return self.shoal

    def __exit__(self, *_):
        self.shoal.stop()


def batches(table, first, last, item_of):
    """BatchWriteItem requests of the items `first` to `last`, as they go over the wire."""
    template = request("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": item_of("########")}}] * BATCH}})
    pieces = template.split(b"########")
    each = (len(pieces) - 1) // BATCH  # places of a key in one item
    for start in range(first, last, BATCH):
        out = [pieces[0]]
        for place, piece in enumerate(pieces[1:]):
            out += (b"%08d" % (start + place // each), piece)
        yield b"".join(out)


def load(shoal, requests):
    """Sends them over a few connections at once; each has to be answered with 200 and nothing left unprocessed."""
    selector, sent = selectors.DefaultSelector(), 0
    sockets = [socket.create_connection((shoal.host, shoal.port)) for _ in range(IN_FLIGHT)]
    for each in sockets:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    requests, busy = iter(requests), 0
    for each in sockets:
        following = next(requests, None)
        if following is not None:
            each.sendall(following)
            selector.register(each, selectors.EVENT_READ)
            busy += 1
    while busy:
        for key, _ in selector.select():
            answer = key.fileobj.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200") or b'"UnprocessedItems":{}' not in answer:
                sys.exit(f"a batch was refused: {answer[:600]!r}")
            sent += 1
            following = next(requests, None)
            if following is None:
                selector.unregister(key.fileobj)
                busy -= 1
            else:
                key.fileobj.sendall(following)
    for each in sockets:
        each.close()
    return sent


def merge(shoal):
    """Waits until all that was written is in the data file; the CPU that took, in seconds."""
    cpu, end = shoal.cpu_seconds(), time.monotonic() + 900
    while True:
        with urllib.request.urlopen(f"http://{shoal.host}:{shoal.port}/metrics") as answer:
            if b"shoal_run_bytes 0\n" in answer.read():
                return shoal.cpu_seconds() - cpu
        if time.monotonic() > end:
            sys.exit("the runs are not merged after fifteen minutes")
        time.sleep(0.2)


def megabytes(folder):
    return sum(file.stat().st_blocks * 512 for file in pathlib.Path(folder).iterdir()) / 2**20


def touch_memory(folder):
    """Fills the free memory with the pages of an empty file, which make room for others as these come. A virtual machine
    may hand free memory back to its host, and then the first to touch a page pays for that page's return: measured at
    12 us for 4 KB, as much as the server spends on four items, where a page from the cache costs nothing."""
    free = next(int(line.split()[1]) * 1024 for line in pathlib.Path("/proc/meminfo").open() if line.startswith("MemFree"))
    hole = tempfile.NamedTemporaryFile(dir=folder)
    hole.truncate(max(0, free - 2 * 2**30))
    print(f"touching {free / 2**30:.0f} GB of free memory ...", flush=True)
    with open(hole.name, "rb", buffering=0) as file:
        buffer = bytearray(2**20)
        while file.readinto(buffer):
            pass
    return hole


def slope(rates):
    """What the least-squares line through the rates of equal slices gains or loses from the first slice to the last, as a
    share of their mean."""
    mean, middle = sum(rates) / len(rates), (len(rates) - 1) / 2
    per_slice = sum((n - middle) * rate for n, rate in enumerate(rates)) / sum((n - middle) ** 2 for n in range(len(rates)))
    return per_slice * (len(rates) - 1) / mean


def point_operations(folder, sizes, seconds, missed):
    print(f"{'items':>12} {'operation':12} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>8} {'merging':>8}  both to the smallest's")
    loaded, first, figures = 0, {}, []
    for size in sizes:
        with Start(folder) as shoal:
            if loaded == 0:
                Shoal.create_table(Wire(shoal.host, shoal.port), "p:S", name="Items")
            slices, began, rates = max(1, (size - loaded) // 1_000_000), time.monotonic(), []
            for part in range(slices):
                begin, end = (loaded + (size - loaded) * n // slices for n in (part, part + 1))
                started = time.monotonic()
                load(shoal, batches("Items", begin, end, item))
                rates.append((end - begin) / (time.monotonic() - started))
                print(f"  loaded {end:,} items: {rates[-1]:,.0f} a second, {megabytes(folder):,.0f} MB on disk, "
                      f"{shoal.memory_bytes() / 2**20:,.0f} MB in memory", flush=True)
            if slices > 1:
                print(f"  from the first slice to the last a slope of {slope(rates):+.0%}")
                if slope(rates) < -MOST_SLOPE:
                    missed.append(f"loading {size:,} items has a slope of {slope(rates):+.0%}")
        loaded = size
        with Start(folder) as shoal:
            for state in ("as it was loaded", "merged"):
                for name, body in OPERATIONS.items():
                    load_ = Load(request(name, body()))
                    # Writes for so long that memtables become runs again and again.
                    rounds = 0 if name == "GetItem" else size // 500_000
                    wrk_keys(shoal, size, [load_], 32, 2)
                    found = wrk_keys(shoal, size, [load_], 32, seconds + rounds)
                    # What writes leave to do belongs to them.
                    later = merge(shoal) / found["per_second"] / (seconds + rounds) * 1e6 if rounds and state == "merged" else 0
                    if state == "merged":
                        first.setdefault(name, found["cpu_us"] + later)
                        if found["cpu_us"] + later > MOST_RATIO * first[name]:
                            missed.append(f"{name} at {size:,} items takes over {MOST_RATIO} times the CPU")
                    print(f"{size:>12,} {name:12} {found['per_second']:>9,.0f} {found['p50_us'] / 1000:>8.2f} {found['p99_us'] / 1000:>8.2f} "
                          f"{found['cpu_us']:>8.1f} {later:>8.1f}  {(found['cpu_us'] + later) / first.get(name, found['cpu_us']):.2f} {state}"
                          f"{' FAILED' if found['failed'] else ''}", flush=True)
                    figures.append({"items": size, "operation": name, "state": state, "load_per_second": rates, "merge_cpu_us": later, **found})
                if state != "merged":
                    began, cpu = time.monotonic(), merge(shoal)
                    print(f"{size:>12,} all merged after {time.monotonic() - began:.0f} s more, for {cpu:.0f} s of CPU; "
                          f"{megabytes(folder):,.0f} MB on disk", flush=True)
        with Start(folder) as shoal:
            pass
        began = Start(folder)
        print(f"{size:>12,} start with {megabytes(folder):,.0f} MB to the first answer: {began.seconds * 1000:.0f} ms", flush=True)
        began.shoal.stop()
        figures.append({"items": size, "start_seconds": began.seconds})
    return figures


def collections(folder, seconds):
    figures = []
    with Start(folder) as shoal:
        Shoal.create_table(Wire(shoal.host, shoal.port), "p:S c:N", name="Collections", lsi={"by_l": "p:S l:S"})
        element = lambda key: {"p": {"S": "P"}, "c": {"N": f"1{key}"}, "l": {"S": key}}
        loaded, first = 0, {}
        for size in (1_000, 1_000_000):
            load(shoal, batches("Collections", loaded, size, element))
            loaded = size
            for name, body in COLLECTION.items():
                found = wrk_keys(shoal, size, [Load(request(name, body()))], 32, seconds)
                first.setdefault(name, found["cpu_us"])
                print(f"{size:>12,} items of one partition key, {name:12} {found['per_second']:>9,.0f}/s {found['cpu_us']:>8.1f} us of CPU, "
                      f"{found['cpu_us'] / first[name]:.2f} to the smallest{' FAILED' if found['failed'] else ''}", flush=True)
                figures.append({"collection": size, "operation": name, **found})
    return figures


def tables(folder, seconds):
    with Start(folder) as shoal:
        wire, times = Wire(shoal.host, shoal.port), []
        for number in range(2_500):
            began = time.monotonic()
            Shoal.create_table(wire, "p:S", name=f"table-{number:08}", gsi={"by_g": "g:S"})
            times.append(time.monotonic() - began)
        figures = {"first_hundred_ms": sum(times[:100]) * 10, "last_hundred_ms": sum(times[-100:]) * 10}
        for many, table in ((1, "table-00000000"), (2_500, "table-########")):
            body = {"TableName": table, "Item": {"p": {"S": "p########"}, "g": {"S": "########"}}}
            found = wrk_keys(shoal, 2_500, [Load(request("PutItem", body))], 32, seconds)
            figures[f"put_in_{many}"] = found
            print(f"PutItem into {many:>5,} of 2,500 tables with an index: {found['per_second']:>9,.0f}/s {found['cpu_us']:>8.1f} us of CPU"
                  f"{' FAILED' if found['failed'] else ''}", flush=True)
    began = Start(folder)
    began.shoal.stop()
    figures["start_seconds"] = began.seconds
    print(f"CreateTable, first hundred {figures['first_hundred_ms']:.2f} ms each, last hundred of 2,500 {figures['last_hundred_ms']:.2f} ms; "
          f"start with 2,500 tables {began.seconds * 1000:.0f} ms", flush=True)
    return figures


def main():
    parser = argparse.ArgumentParser(prog="bench/scale")
    parser.add_argument("--items", default="10000,1000000,10000000", help="sizes of the table, rising")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--folder", default=str(ROOT / "build"), help="where there is room: 10 million items take 15 GB")
    parser.add_argument("--keep", help="keep the folder of the items under this name")
    parser.add_argument("--json", help="write the figures to this file, too")
    options = parser.parse_args()
    subprocess.run([ROOT / "scripts/install", "bench"], check=True)
    missed = []
    with touch_memory(options.folder), tempfile.TemporaryDirectory(dir=options.folder) as folder:
        figures = {"tables": tables(f"{folder}/tables", options.seconds), "collections": collections(f"{folder}/collections", options.seconds),
                   "points": point_operations(options.keep or f"{folder}/items", [int(size) for size in options.items.split(",")], options.seconds, missed)}
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(figures, indent=1))
    if missed:
        sys.exit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()

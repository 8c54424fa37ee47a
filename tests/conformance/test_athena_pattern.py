"""docs/examples/athena_scan.py: what Athena's DynamoDB connector asks of a table, checked against the table's rows."""

import importlib.util
import json
import random
import subprocess
import sys

import pytest

from support.shoal_process import ROOT

EXAMPLE = ROOT / "docs/examples/athena_scan.py"
COLUMNS = ["country", "id", "name", "people"]


@pytest.fixture(scope="module")
def athena():
    spec = importlib.util.spec_from_file_location("athena_scan", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table(shoal):
    """2,000 cities of 20 countries, 1.6 MB: more than a page. Some have no people."""
    name = shoal.create_table("country:S id:N", gsi={"by_size": ("size:S people:N", ["name"])})
    rng = random.Random(7)
    for start in range(0, 2000, 25):
        items = [{"country": {"S": f"country{i % 20}"}, "id": {"N": str(i)}, "name": {"S": f"city {i}"},
                  "size": {"S": rng.choice(["small", "large"])}, "text": {"S": "x" * 750},
                  **({"people": {"N": str(rng.randrange(100_000))}} if i % 7 else {})} for i in range(start, start + 25)]
        shoal.ok("BatchWriteItem", {"RequestItems": {name: [{"PutRequest": {"Item": item}} for item in items]}})
    return name


@pytest.mark.parametrize("predicates, operation, requests", [
    ([], "scan", 5),
    ([("people", ">", 50_000)], "scan", 5),
    ([("people", "<>", 50_000), ("name", "IN", ["city 1", "city 8", "city 14"])], "scan", 5),
    ([("id", "=", 8)], "scan", 5),
    ([("country", "=", "country3")], "query", 1),
    ([("country", "=", "country3"), ("id", ">=", 1000), ("people", "<", 20_000)], "query", 1),
    ([("country", "IN", ["country3", "country4", "nowhere"])], "query", 3),
    ([("size", "=", "small"), ("people", ">", 90_000)], "query", 1),
    ([("country", "=", "country3"), ("id", ">", 100), ("id", "<", 500)], "scan", 5),
])
def test_the_rows_are_those_of_the_table(athena, client, table, predicates, operation, requests):
    columns = COLUMNS if not any(name == "size" for name, _, _ in predicates) else ["name", "people"]
    rows, sent = athena.read(client, table, columns, predicates, segments=5)
    assert {name for name, _ in sent} == {operation} and len(sent) == requests
    wanted = list(athena.expected(client, table, columns, predicates))
    assert wanted and athena.ordered(rows) == athena.ordered(wanted)


@pytest.mark.parametrize("segments", [1, 2, 3, 16, 1000])
def test_any_number_of_segments_holds_every_row_once(athena, client, table, segments):
    rows, _ = athena.read(client, table, ["id"], [], segments)
    assert sorted(int(row["id"]) for row in rows) == list(range(2000))


@pytest.mark.parametrize("where, predicates", [
    ("country = 'country3' AND people > 50000", [("country", "=", "country3"), ("people", ">", 50_000)]),
    ("country IN ['country3', 'country9'] AND id < 500", [("country", "IN", ["country3", "country9"]), ("id", "<", 500)]),
    ("people > 99000", [("people", ">", 99_000)]),
    ("name IN ['city 1', 'city 8']", [("name", "IN", ["city 1", "city 8"])]),
])
def test_a_statement_passed_through_finds_the_same_rows(athena, client, table, where, predicates):
    rows = athena.passthrough(client, f'SELECT {", ".join(COLUMNS)} FROM "{table}" WHERE {where}')
    assert athena.ordered(rows) == athena.ordered(athena.expected(client, table, COLUMNS, predicates))


def test_the_example_runs_by_itself(shoal, table):
    ran = subprocess.run([sys.executable, EXAMPLE, "--endpoint-url", shoal.url, "--table", table, "--columns", "name,people",
                          "--where", "country", "=", "country3", "--where", "people", ">", "90000", "--check"],
                         capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert rows and all(int(row["people"]) > 90_000 for row in rows)
    ran = subprocess.run([sys.executable, EXAMPLE, "--endpoint-url", shoal.url, "--statement",
                          f"SELECT name FROM \"{table}\" WHERE country = 'country3' AND id = 3"], capture_output=True, text=True,
                         timeout=120)
    assert [json.loads(line) for line in ran.stdout.splitlines()] == [{"name": "city 3"}]

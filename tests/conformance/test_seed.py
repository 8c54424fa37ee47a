"""shoal seed: tables and items from the files that people and other tools write."""

import json
import subprocess

import pytest

from support.shoal_process import binary

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Resources:
  Songs:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "songs-${Stage}"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: artist, AttributeType: S}
        - {AttributeName: year, AttributeType: N}
      KeySchema:
        - {AttributeName: artist, KeyType: HASH}
        - {AttributeName: year, KeyType: RANGE}
      TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
      StreamSpecification: {StreamViewType: KEYS_ONLY}
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
  Albums:
    Type: AWS::Serverless::SimpleTable
"""
PLAN = {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [
    {"address": "aws_dynamodb_table.t", "type": "aws_dynamodb_table", "values": {
        "name": "Planned", "hash_key": "p", "billing_mode": "PAY_PER_REQUEST", "attribute": [{"name": "p", "type": "B"}]}},
    {"address": "aws_dynamodb_table_item.i", "type": "aws_dynamodb_table_item", "values": {
        "table_name": "Planned", "hash_key": "p", "item": '{"p": {"B": "AQI="}}'}}]}}}
DEFINITION = {"TableName": "Plain", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
              "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}]}


@pytest.fixture
def server(start_shoal):
    return start_shoal("--table-delay-ms=0")


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))


def seed(server, *words):
    return subprocess.run([binary(), "seed", f"--url={server.url}", *map(str, words)], capture_output=True, text=True, timeout=60)


def items(server, table):
    return sorted(server.ok("Scan", {"TableName": table})["Items"], key=json.dumps)


def test_a_folder_of_everything(server, tmp_path):
    write(tmp_path, {
        "template.yaml": TEMPLATE,
        "terraform/plan.json": PLAN,
        "tables/plain.json": DEFINITION,
        "songs-test.csv": "artist,year,title,sold:BOOL\nAcme,1993,\"Tide, high\",true\nAcme,1994,Reef,\n",
        "Albums.jsonl": '{"id": "1", "price": 0.1}\n\n{"Item": {"id": {"S": "2"}, "tags": {"SS": ["a", "b"]}}}\n',
        "items/Plain.more.json": [{"p": "x", "n": 12345678901234567890123456789012345678}, {"p": {"S": "y"}}],
        "batch.json": {"Plain": [{"PutRequest": {"Item": {"p": {"S": "z"}}}}]},
        "README.md": "not read",
    })
    done = seed(server, tmp_path, "--parameter", "Stage=test")
    assert done.returncode == 0, done.stderr
    assert "songs-test is made without its PointInTimeRecoverySpecification" in done.stderr
    assert "seeded 8 items of 4 tables" in done.stderr
    assert sorted(server.ok("ListTables", {})["TableNames"]) == ["Albums", "Plain", "Planned", "songs-test"]
    assert items(server, "songs-test") == [
        {"artist": {"S": "Acme"}, "sold": {"BOOL": True}, "title": {"S": "Tide, high"}, "year": {"N": "1993"}},
        {"artist": {"S": "Acme"}, "title": {"S": "Reef"}, "year": {"N": "1994"}}]
    assert items(server, "Albums") == [{"id": {"S": "1"}, "price": {"N": "0.1"}}, {"id": {"S": "2"}, "tags": {"SS": ["a", "b"]}}]
    assert items(server, "Plain") == [{"n": {"N": "12345678901234567890123456789012345678"}, "p": {"S": "x"}}, {"p": {"S": "y"}}, {"p": {"S": "z"}}]
    assert items(server, "Planned") == [{"p": {"B": "AQI="}}]
    described = server.ok("DescribeTable", {"TableName": "songs-test"})["Table"]
    assert described["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    assert server.ok("DescribeTimeToLive", {"TableName": "songs-test"})["TimeToLiveDescription"]["AttributeName"] == "expires"


def test_into_tables_that_are_there(server, tmp_path):
    write(tmp_path, {"plain.table.json": DEFINITION, "Plain.csv": "p,v\n1,a\n"})
    assert seed(server, tmp_path).returncode == 0
    again = seed(server, tmp_path)
    assert again.returncode == 1 and "Plain is there already: --into-existing adds to it" in again.stderr
    write(tmp_path, {"Plain.csv": "p,v\n1,b\n2,c\n"})
    assert seed(server, "--into-existing", tmp_path / "plain.table.json", tmp_path / "Plain.csv").returncode == 0
    assert seed(server, tmp_path / "Plain.csv").returncode == 0  # Items alone need no definition.
    assert items(server, "Plain") == [{"p": {"S": "1"}, "v": {"S": "b"}}, {"p": {"S": "2"}, "v": {"S": "c"}}]


@pytest.mark.parametrize("files, words, said", [
    ({"Nowhere.csv": "p\n1\n"}, (), "Nowhere.csv: there is no table Nowhere for these items"),
    ({"t.json": "{"}, (), "t.json: no JSON"),
    ({"t.yaml": "a: [1"}, (), "t.yaml: no YAML: line"),
    ({"t.yaml": TEMPLATE}, (), "t.yaml: Songs: TableName: parameter Stage has no default: --parameter Stage=..."),
    ({"t.yaml": TEMPLATE}, ("--parameter", "Stage"), "--parameter takes Name=Value, not Stage"),
    ({"a.json": DEFINITION, "Plain.jsonl": '{"p": "1"}\n{"p": \n'}, (), "Plain.jsonl: line 2: no JSON"),
    ({"a.json": DEFINITION, "Plain.csv": "p,q\n1\n"}, (), "Plain.csv: row 2: 1 cells, where the first row has 2"),
    ({"a.json": DEFINITION, "Plain.json": [{"q": "1"}]}, (), "BatchWriteItem: ValidationException: "),
    ({"a.json": {**DEFINITION, "KeySchema": []}}, (), "CreateTable: ValidationException: "),
])
def test_what_cannot_be_seeded_is_told(server, tmp_path, files, words, said):
    write(tmp_path, files)
    refused = seed(server, tmp_path, *words)
    assert refused.returncode == 1 and said in refused.stderr, refused.stderr


def test_without_a_folder(server):
    assert seed(server).returncode == 2
    nowhere = seed(server, "/nowhere")
    assert nowhere.returncode == 1 and "/nowhere: cannot be read" in nowhere.stderr

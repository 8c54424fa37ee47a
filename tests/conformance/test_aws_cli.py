"""The AWS CLI runs against Shoal with nothing changed but the endpoint."""

import json
import os
import subprocess
import sys
import pathlib

import pytest


@pytest.fixture(scope="module")
def aws(shoal):
    """aws("get-item", "--table-name", "x") is the parsed output of the command."""
    program = pathlib.Path(sys.executable).parent / "aws"
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
                   "AWS_DEFAULT_REGION": "us-west-2", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                   "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}

    def run(*arguments, check=True):
        ran = subprocess.run([program, "dynamodb", *arguments, "--endpoint-url", shoal.url, "--output", "json"], env=environment,
                             capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        if not check:
            return ran
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout) if ran.stdout.strip() else {}

    return run


def test_a_table_is_made_filled_read_and_deleted(aws):
    created = aws("create-table", "--table-name", "Music", "--billing-mode", "PAY_PER_REQUEST",
                  "--attribute-definitions", "AttributeName=Artist,AttributeType=S", "AttributeName=Song,AttributeType=S",
                  "AttributeName=Year,AttributeType=N",
                  "--key-schema", "AttributeName=Artist,KeyType=HASH", "AttributeName=Song,KeyType=RANGE",
                  "--global-secondary-indexes",
                  "IndexName=by-year,KeySchema=[{AttributeName=Year,KeyType=HASH}],Projection={ProjectionType=ALL}",
                  "--tags", "Key=team,Value=blue")
    assert created["TableDescription"]["TableArn"] == "arn:aws:dynamodb:us-west-2:000000000000:table/Music"
    aws("wait", "table-exists", "--table-name", "Music")
    assert aws("list-tables")["TableNames"] == ["Music"]

    for song, year in (("One", 1991), ("Two", 1991), ("Three", 1999)):
        aws("put-item", "--table-name", "Music", "--item",
            json.dumps({"Artist": {"S": "Acme"}, "Song": {"S": song}, "Year": {"N": str(year)}}))
    got = aws("get-item", "--table-name", "Music", "--key", '{"Artist": {"S": "Acme"}, "Song": {"S": "Two"}}', "--consistent-read")
    assert got["Item"]["Year"] == {"N": "1991"}

    queried = aws("query", "--table-name", "Music", "--key-condition-expression", "Artist = :a and begins_with(Song, :t)",
                  "--expression-attribute-values", '{":a": {"S": "Acme"}, ":t": {"S": "T"}}')
    assert [entry["Song"]["S"] for entry in queried["Items"]] == ["Three", "Two"]
    by_year = aws("query", "--table-name", "Music", "--index-name", "by-year", "--key-condition-expression", "#y = :y",
                  "--expression-attribute-names", '{"#y": "Year"}', "--expression-attribute-values", '{":y": {"N": "1991"}}')
    assert by_year["Count"] == 2
    paged = aws("scan", "--table-name", "Music", "--page-size", "1")
    assert (paged["Count"], paged["ScannedCount"]) == (3, 3)

    updated = aws("update-item", "--table-name", "Music", "--key", '{"Artist": {"S": "Acme"}, "Song": {"S": "Two"}}',
                  "--update-expression", "ADD plays :one", "--expression-attribute-values", '{":one": {"N": "1"}}',
                  "--return-values", "UPDATED_NEW")
    assert updated == {"Attributes": {"plays": {"N": "1"}}}
    aws("delete-item", "--table-name", "Music", "--key", '{"Artist": {"S": "Acme"}, "Song": {"S": "Two"}}')
    batch = aws("batch-get-item", "--request-items", json.dumps({"Music": {"Keys": [
        {"Artist": {"S": "Acme"}, "Song": {"S": "One"}}, {"Artist": {"S": "Acme"}, "Song": {"S": "Two"}}]}}))
    assert len(batch["Responses"]["Music"]) == 1

    arn = created["TableDescription"]["TableArn"]
    aws("tag-resource", "--resource-arn", arn, "--tags", "Key=env,Value=test")
    assert {tag["Key"] for tag in aws("list-tags-of-resource", "--resource-arn", arn)["Tags"]} == {"team", "env"}
    aws("delete-table", "--table-name", "Music")
    aws("wait", "table-not-exists", "--table-name", "Music")
    assert aws("list-tables")["TableNames"] == []


def test_statements_are_executed(aws):
    aws("create-table", "--table-name", "Said", "--billing-mode", "PAY_PER_REQUEST",
        "--attribute-definitions", "AttributeName=p,AttributeType=S", "--key-schema", "AttributeName=p,KeyType=HASH")
    for p in "abc":
        assert aws("execute-statement", "--statement", "INSERT INTO Said VALUE {'p': ?, 'n': 1}", "--parameters",
                   json.dumps([{"S": p}])) == {"Items": []}
    found = aws("execute-statement", "--statement", "SELECT p FROM Said WHERE p IN ['a', 'c'] ORDER BY p DESC", "--limit", "1")
    assert found["Items"] == [{"p": {"S": "c"}}] and "NextToken" in found
    batch = aws("batch-execute-statement", "--statements", json.dumps([{"Statement": "SELECT * FROM Said WHERE p = 'a'"},
                                                                       {"Statement": "SELECT * FROM Said"}]))
    assert batch["Responses"][0] == {"TableName": "Said", "Item": {"p": {"S": "a"}, "n": {"N": "1"}}}
    assert batch["Responses"][1]["Error"]["Code"] == "ValidationError"
    aws("execute-transaction", "--transact-statements", json.dumps([
        {"Statement": "UPDATE Said SET n = n + 1 WHERE p = 'a'"}, {"Statement": "DELETE FROM Said WHERE p = 'b'"}]))
    ran = aws("execute-statement", "--statement", "INSERT INTO Said VALUE {'p': 'a'}", check=False)
    assert "An error occurred (DuplicateItemException) when calling the ExecuteStatement operation" in ran.stderr
    aws("delete-table", "--table-name", "Said")


def test_an_error_reads_as_amazons_does(aws):
    ran = aws("get-item", "--table-name", "nosuch", "--key", '{"a": {"S": "b"}}', check=False)
    assert ran.returncode != 0
    assert ("An error occurred (ResourceNotFoundException) when calling the GetItem operation: Requested resource not found"
            in ran.stderr)


def test_what_is_not_built_says_so(aws):
    ran = aws("list-backups", check=False)
    assert "UnknownOperationException" in ran.stderr

"""BatchExecuteStatement: all reads or all writes, each with its own fate."""

import pytest

from support.expect import N, S, expect_error, item
from support.partiql import Statements, statements_on_items

NOT_ONE = "Select statements within BatchExecuteStatement must specify the primary key in the where clause."


@pytest.fixture
def run(shoal):
    return statements_on_items(shoal, 4)


def responses(run, *statements, **more):
    reply = run.batch(*statements, **more)
    assert reply.status == 200, reply.body
    return reply.json["Responses"]


def error(code, message, **more):
    return {"Error": {"Code": code, "Message": message, **more.pop("inner", {})}, **more}


def test_reads_answer_item_by_item(run):
    here = {"TableName": run.table}
    assert responses(
        run, "SELECT * FROM T WHERE p = 'a' AND c = 1", "SELECT x FROM T WHERE c = 2 AND p = 'a'",
        "SELECT * FROM T WHERE p = 'a' AND c = 99", "SELECT * FROM T WHERE p = 'a'", "SELECT * FROM Nowhere WHERE p = 'a'",
        {"Statement": "SELECT c FROM T WHERE p = ? AND c = ?", "Parameters": [S("a"), N(3)], "ConsistentRead": True},
    ) == [{**here, "Item": item(p="a", c=1, x=1)}, {**here, "Item": item(x=2)}, here, error("ValidationError", NOT_ONE),
          error("ResourceNotFound", "Requested resource not found"), {**here, "Item": item(c=3)}]


@pytest.mark.parametrize("statement", [
    "SELECT * FROM T", "SELECT * FROM T WHERE p = 'a'", "SELECT * FROM T WHERE p = 'a' AND c > 1",
    "SELECT * FROM T WHERE p = 'a' AND c IN [1]", "SELECT * FROM T WHERE p = 'a' AND c = 1 AND x = 1",
    "SELECT * FROM T.gsi WHERE g = 'g'",
])
def test_a_read_is_of_one_item(run, statement):
    assert responses(run, statement) == [error("ValidationError", NOT_ONE)]


def test_statements_fail_each_for_itself(run):
    results = responses(
        run, "SELECT p FROM", {"Statement": "SELECT * FROM T WHERE p = ? AND c = 1"}, "SELECT * FROM T WHERE p = 1 AND c = 1",
        "SELECT * FROM T WHERE p = 'a' AND c = 1")
    assert [result.get("Error", {}).get("Code") for result in results] == ["ValidationError"] * 3 + [None]
    assert results[0]["Error"]["Message"].startswith("Statement wasn't well formed, can't be processed:")
    assert results[1]["Error"]["Message"] == "Number of parameters in request and statement don't match."
    assert results[2]["Error"]["Message"] == "Key attribute's data type should match its data type in table's schema: Key p"
    assert responses(run, "EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 1 AND x = 1)") == [
        error("ValidationError", "EXISTS can only be used in ExecuteTransaction write requests.")]


def test_writes_succeed_and_fail_side_by_side(run):
    here = {"TableName": run.table}
    results = responses(
        run, "INSERT INTO T VALUE {'p': 'new', 'c': 1}", "INSERT INTO T VALUE {'p': 'a', 'c': 0}",
        "UPDATE T SET x = 9 WHERE p = 'a' AND c = 1 RETURNING ALL NEW *", "UPDATE T SET x = 9 WHERE p = 'nobody' AND c = 1",
        {"Statement": "DELETE FROM T WHERE p = 'a' AND c = 2 AND x = 99", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
        "DELETE FROM T WHERE p = 'a' AND c = 3 RETURNING ALL OLD *", "UPDATE T SET x = 1 WHERE p = 'a'",
        "INSERT INTO Nowhere VALUE {'p': 'a'}", "UPDATE T SET x = nothing WHERE p = 'new' AND c = 2",
        "INSERT INTO T VALUE {'p': 'no c'}")
    failed = "The conditional request failed"
    assert results == [
        here, error("DuplicateItem", "Duplicate primary key exists in table", **here), {**here, "Item": item(p="a", c=1, x=9)},
        error("ConditionalCheckFailed", failed, **here),
        error("ConditionalCheckFailed", failed, inner={"Item": item(p="a", c=2, x=2)}, **here),
        {**here, "Item": item(p="a", c=3, x=3)},
        error("ValidationError", "Where clause does not contain a mandatory equality on all key attributes"),
        error("ResourceNotFound", "Requested resource not found"), error("ConditionalCheckFailed", failed, **here),
        error("ValidationError", "Key attribute should be present in the item: Key c")]
    assert [entry["c"]["N"] for entry in run.items("SELECT c FROM T WHERE p = 'a'")] == ["0", "1", "2"]
    assert run.items("SELECT x FROM T WHERE p = 'a' AND c = 1") == [item(x=9)]


def test_reads_and_writes_do_not_mix(run):
    expect_error(run.batch("SELECT * FROM T WHERE p = 'a' AND c = 1", "DELETE FROM T WHERE p = 'a' AND c = 1"),
                 "Read and write requests together in the same batch is not supported.")
    assert run.items("SELECT x FROM T WHERE p = 'a' AND c = 1") == [item(x=1)]


@pytest.mark.parametrize("statements", [
    ("SELECT * FROM T WHERE p = 'a' AND c = 1", "SELECT x FROM T WHERE p = 'a' AND c = 1.0"),
    ("UPDATE T SET x = 5 WHERE p = 'a' AND c = 1", "DELETE FROM T WHERE p = 'a' AND c = 1"),
])
def test_items_are_different(run, statements):
    expect_error(run.batch(*statements), "Provided list of item keys contains duplicates")
    assert run.items("SELECT x FROM T WHERE p = 'a' AND c = 1") == [item(x=1)]


def test_there_are_1_to_25_statements(run):
    prefix = "1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: "
    expect_error(run.batch(), prefix + "Member must have length greater than or equal to 1")
    many = [f"SELECT * FROM T WHERE p = 'a' AND c = {c}" for c in range(26)]
    assert len(responses(run, *many[:25])) == 25
    reply = run.batch(*many)
    assert reply.type == "ValidationException" and reply.message.endswith("Member must have length less than or equal to 25")


def test_capacity_is_told_table_by_table(run):
    other = Statements(run.shoal, run.shoal.create_table("p:S"))
    other("INSERT INTO T VALUE {'p': 'o'}")
    reads = ["SELECT * FROM T WHERE p = 'a' AND c = 1", other.text("SELECT * FROM T WHERE p = 'o'"),
             {"Statement": "SELECT * FROM T WHERE p = 'a' AND c = 2", "ConsistentRead": True}, "SELECT * FROM T WHERE p = 'a' AND c = 9"]
    reply = run.batch(*reads, ReturnConsumedCapacity="TOTAL").json
    assert reply["ConsumedCapacity"] == [{"TableName": run.table, "CapacityUnits": 2.0},
                                         {"TableName": other.table, "CapacityUnits": 0.5}]
    writes = ["INSERT INTO T VALUE {'p': 'w', 'c': 1, 'g': 'x'}", "DELETE FROM T WHERE p = 'a' AND c = 0"]
    reply = run.batch(*writes, ReturnConsumedCapacity="INDEXES").json
    assert reply["ConsumedCapacity"] == [{"TableName": run.table, "CapacityUnits": 3.0, "Table": {"CapacityUnits": 2.0},
                                          "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 1.0}}}]
    assert "ConsumedCapacity" not in run.batch(*writes).json


def test_boto3_runs_a_batch(client, run):
    answer = client.batch_execute_statement(Statements=[
        {"Statement": run.text("SELECT x FROM T WHERE p = ? AND c = ?"), "Parameters": [S("a"), N(c)]} for c in range(4)])
    assert [response["Item"] for response in answer["Responses"]] == [item(x=c) for c in range(4)]

"""ExecuteTransaction: all statements or none."""

import uuid

import pytest

from support.expect import N, S, expect_error, item
from support.partiql import Statements, statements_on_items

WRITES_FAILED = "Transaction cancelled, please refer cancellation reasons for specific reasons "
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
NONE = {"Code": "None"}
IN_FIRST = "Validation failed in TransactStatements[0]: "
NOT_ONE = "Select statements within ExecuteTransaction must specify the primary key in the where clause."
NO_CHECK = "EXISTS() must contain a single item read with additional condition"


@pytest.fixture
def run(shoal):
    return statements_on_items(shoal, 3)


def ok(run, *statements, **more):
    reply = run.transact(*statements, **more)
    assert reply.status == 200, reply.body
    return reply.json


def cancelled(run, *statements):
    reply = run.transact(*statements)
    assert (reply.status, reply.type) == (400, "TransactionCanceledException"), reply.body
    reasons = reply.json["CancellationReasons"]
    assert reply.message == WRITES_FAILED + "[" + ", ".join(reason["Code"] for reason in reasons) + "]"
    return reasons


def everything(run):
    return run.items("SELECT * FROM T WHERE p IN ['a', 'new']")


def test_reads_answer_each_in_its_place(run):
    assert ok(run, "SELECT * FROM T WHERE p = 'a' AND c = 1", "SELECT x FROM T WHERE c = 2 AND p = 'a'",
              "SELECT * FROM T WHERE p = 'a' AND c = 99",
              {"Statement": "SELECT c FROM T WHERE p = ? AND c = ?", "Parameters": [S("a"), N(0)]}) == {
        "Responses": [{"Item": item(p="a", c=1, x=1)}, {"Item": item(x=2)}, {}, {"Item": item(c=0)}]}


def test_writes_happen_together(run):
    assert ok(run, "INSERT INTO T VALUE {'p': 'new', 'c': 1}", "UPDATE T SET x = 9 WHERE p = 'a' AND c = 0",
              "DELETE FROM T WHERE p = 'a' AND c = 1", "EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 2 AND x = 2)") == {"Responses": []}
    assert everything(run) == [item(p="a", c=0, x=9), item(p="a", c=2, x=2), item(p="new", c=1)]


@pytest.mark.parametrize("statement, reason", [
    ("EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 2 AND x = 99)", FAILED),
    ("EXISTS(SELECT * FROM T WHERE p = 'nobody' AND c = 2 AND x IS MISSING)", FAILED),
    ("INSERT INTO T VALUE {'p': 'a', 'c': 0}", {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}),
    ("UPDATE T SET x = 1 WHERE p = 'nobody' AND c = 0", FAILED),
    ("DELETE FROM T WHERE p = 'a' AND c = 0 AND x = 99", FAILED),
    ({"Statement": "DELETE FROM T WHERE p = 'a' AND c = 0 AND x = 99", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
     {**FAILED, "Item": item(p="a", c=0, x=0)}),
    ("UPDATE T SET c = 5 WHERE p = 'a' AND c = 0", {
        "Code": "ValidationError",
        "Message": "One or more parameter values were invalid: Cannot update attribute c. This attribute is part of the key"}),
    ("UPDATE T SET x = nothing WHERE p = 'a' AND c = 0", {
        "Code": "ValidationError", "Message": "The provided expression refers to an attribute that does not exist in the item"}),
    ("UPDATE T SET x = 1 WHERE p = 'a'", {
        "Code": "ValidationError", "Message": "Where clause does not contain a mandatory equality on all key attributes"}),
    ("INSERT INTO T VALUE {'p': 'a'}", {"Code": "ValidationError", "Message": "Key attribute should be present in the item: Key c"}),
    ("INSERT INTO T VALUE {'p': 'a', 'c': 'x'}", {
        "Code": "ValidationError", "Message": "Key attribute's data type should match its data type in table's schema: Key c"}),
])
def test_one_failure_cancels_all(run, statement, reason):
    before = everything(run)
    assert cancelled(run, "INSERT INTO T VALUE {'p': 'new', 'c': 1}", statement, "DELETE FROM T WHERE p = 'a' AND c = 1") == [
        NONE, reason, NONE]
    assert everything(run) == before


@pytest.mark.parametrize("statement, message", [
    ("SELECT * FROM T WHERE p = 'a'", IN_FIRST + NOT_ONE),
    ("SELECT * FROM T", IN_FIRST + NOT_ONE),
    ("SELECT * FROM T WHERE p = 'a' AND c = 1 AND x = 1", IN_FIRST + NOT_ONE),
    ("SELECT * FROM T.gsi WHERE g = 'g'", IN_FIRST + "Reads on indices are not supported within transactions."),
    ("EXISTS(SELECT * FROM T.gsi WHERE g = 'g' AND x = 1)", IN_FIRST + "Operations on indices are not supported in transactions"),
    ("EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 1)", IN_FIRST + NO_CHECK),
    ("EXISTS(SELECT * FROM T WHERE p = 'a' AND x = 1)", IN_FIRST + NO_CHECK),
    ("DELETE FROM T WHERE p = 'a' AND c = 1 RETURNING ALL OLD *", IN_FIRST + "RETURNING clause is not supported in ExecuteTransaction."),
    ("UPDATE T SET x = 1 WHERE p = 'a' AND c = 1 RETURNING ALL NEW *",
     IN_FIRST + "RETURNING clause is not supported in ExecuteTransaction."),
    ({"Statement": "SELECT * FROM T WHERE p = ? AND c = 1"}, IN_FIRST + "Number of parameters in request and statement don't match."),
])
def test_what_a_transaction_does_not_do(run, statement, message):
    expect_error(run.transact(statement), message)


def test_the_place_of_a_mistake_is_told(run):
    expect_error(run.transact("SELECT * FROM T WHERE p = 'a' AND c = 1", "SELECT * FROM T"),
                 "Validation failed in TransactStatements[1]: " + NOT_ONE)


def test_reads_and_writes_do_not_mix(run):
    message = "ExecuteTransaction API does not support both read and write operations in the same request."
    expect_error(run.transact("SELECT * FROM T WHERE p = 'a' AND c = 1", "DELETE FROM T WHERE p = 'a' AND c = 1"), message)
    expect_error(run.transact("EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 1 AND x = 1)", "SELECT * FROM T WHERE p = 'a' AND c = 1"),
                 message)


def test_one_write_for_an_item(run):
    expect_error(run.transact("UPDATE T SET x = 1 WHERE p = 'a' AND c = 1", "DELETE FROM T WHERE p = 'a' AND c = 1"),
                 "Transaction request cannot include multiple operations on one item")


def test_tables_that_are_not_there(run):
    expect_error(run.transact("SELECT * FROM T WHERE p = 'a' AND c = 1", "SELECT * FROM Nowhere WHERE p = 'a'"),
                 "Requested resource not found", "ResourceNotFoundException")


def test_a_token_makes_a_repetition_harmless(run):
    token = str(uuid.uuid4())
    add = "UPDATE T SET x = x + 1 WHERE p = 'a' AND c = 1"
    costs = [ok(run, add, ClientRequestToken=token, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] for _ in range(3)]
    assert run.items("SELECT x FROM T WHERE p = 'a' AND c = 1") == [item(x=2)]
    assert costs[0] == [{"TableName": run.table, "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}]
    assert costs[1] == costs[2] == [{"TableName": run.table, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}]
    reply = run.transact("UPDATE T SET x = x + 2 WHERE p = 'a' AND c = 1", ClientRequestToken=token)
    assert reply.type == "IdempotentParameterMismatchException"


def test_tokens_are_those_of_transact_write_items(run):
    token = str(uuid.uuid4())
    ok(run, "DELETE FROM T WHERE p = 'a' AND c = 1", ClientRequestToken=token)
    reply = run.shoal.call("TransactWriteItems", {"ClientRequestToken": token, "TransactItems": [
        {"Delete": {"TableName": run.table, "Key": item(p="a", c=1)}}]})
    assert reply.type == "IdempotentParameterMismatchException"


def test_capacity_is_doubled(run):
    other = Statements(run.shoal, run.shoal.create_table("p:S"))
    reads = ok(run, "SELECT * FROM T WHERE p = 'a' AND c = 1", "SELECT * FROM T WHERE p = 'a' AND c = 99",
               other.text("SELECT * FROM T WHERE p = 'x'"), ReturnConsumedCapacity="TOTAL")
    assert reads["ConsumedCapacity"] == [{"TableName": run.table, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0},
                                         {"TableName": other.table, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}]
    writes = ok(run, "INSERT INTO T VALUE {'p': 'new', 'c': 1, 'g': 'g'}", "DELETE FROM T WHERE p = 'a' AND c = 1",
                "EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 2 AND x = 2)", ReturnConsumedCapacity="TOTAL")
    assert writes["ConsumedCapacity"] == [{"TableName": run.table, "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0}]


def test_there_are_1_to_100_statements(run):
    reply = run.transact()
    assert reply.type == "ValidationException" and "greater than or equal to 1" in reply.message
    inserts = [f"INSERT INTO T VALUE {{'p': 'many', 'c': {c}}}" for c in range(101)]
    reply = run.transact(*inserts)
    assert reply.type == "ValidationException" and "less than or equal to 100" in reply.message
    ok(run, *inserts[:100])
    assert len(run.items("SELECT c FROM T WHERE p = 'many'")) == 100


def test_boto3_runs_a_transaction(client, run):
    client.execute_transaction(TransactStatements=[{"Statement": run.text("INSERT INTO T VALUE {'p': ?, 'c': ?}"),
                                                    "Parameters": [S("boto"), N(1)]}])
    with pytest.raises(client.exceptions.TransactionCanceledException) as raised:
        client.execute_transaction(TransactStatements=[{"Statement": run.text("INSERT INTO T VALUE {'p': 'boto', 'c': 1}")}])
    assert raised.value.response["CancellationReasons"][0]["Code"] == "DuplicateItem"

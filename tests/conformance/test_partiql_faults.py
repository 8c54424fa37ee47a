"""Faults on demand strike statements as they strike the operations whose plans they run."""

import json
import time
import uuid

import pytest

from support.expect import item
from support.partiql import Statements

ON_DEMAND = "Throughput exceeds the current capacity of your table or index."


@pytest.fixture(scope="module")
def server(start_shoal):
    return start_shoal()


@pytest.fixture
def run(server):
    run = Statements(server, server.create_table("p:S", gsi={"gsi": "g:S"}))
    run("INSERT INTO T VALUE {'p': 'a', 'g': 'x', 'n': 1}")
    return run


@pytest.fixture
def faults(server):
    def control(method, body=b""):
        return server.post(body, {"Content-Type": "application/json"}, method=method, path="/_shoal/faults")

    def set_fault(fault, **parameters):
        reply = control("POST", json.dumps({"fault": fault, **parameters}).encode())
        assert reply.status == 200, reply.body

    set_fault.struck = lambda: sum(rule["struck"] for rule in control("GET").json["rules"])
    yield set_fault
    control("DELETE")


def test_a_throttle_strikes_statements_on_its_table(server, run, faults):
    faults("throttle", table=run.table)
    for statement, access in (("SELECT * FROM T WHERE p = 'a'", "Read"), ("DELETE FROM T WHERE p = 'a'", "Write")):
        reply = run.call(statement)
        assert reply.type == "ThrottlingException" and reply.message.startswith(ON_DEMAND)
        assert reply.json["throttlingReasons"][0]["reason"] == f"Table{access}KeyRangeThroughputExceeded"
    reply = run.call("SELECT * FROM T.gsi WHERE g = 'x'")
    assert reply.json["throttlingReasons"][0]["resource"].endswith("/index/gsi")
    other = Statements(server, server.create_table("p:S"))
    assert other("SELECT * FROM T") == {"Items": []}


def test_a_throttle_strikes_a_batch_statement_by_statement(server, run, faults):
    other = Statements(server, server.create_table("p:S"))
    faults("throttle", table=run.table)
    replies = run.batch("INSERT INTO T VALUE {'p': 'b'}", other.text("INSERT INTO T VALUE {'p': 'b'}")).json["Responses"]
    assert replies[0]["Error"]["Code"] == "ThrottlingError" and replies[0]["Error"]["Message"].startswith(ON_DEMAND)
    assert replies[0]["Error"].keys() == {"Code", "Message"}
    assert replies[1] == {"TableName": other.table}
    assert run.batch("SELECT * FROM T WHERE p = 'a'").json["Responses"][0]["Error"]["Code"] == "ThrottlingError"
    faults("throttle", table=run.table, next=1)
    run.batch("SELECT * FROM T WHERE p = 'a'")
    assert len(run.items("SELECT * FROM T")) == 1


def test_a_conflict_strikes_writes_and_transactions_but_no_read(run, faults):
    faults("transaction_conflict", table=run.table)
    reply = run.call("UPDATE T SET n = 2 WHERE p = 'a'")
    assert (reply.type, reply.message) == ("TransactionConflictException", "Transaction is ongoing for the item")
    assert run.batch("UPDATE T SET n = 2 WHERE p = 'a'").json["Responses"] == [
        {"Error": {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}, "TableName": run.table}]
    for statement in ("SELECT * FROM T WHERE p = 'a'", "UPDATE T SET n = 2 WHERE p = 'a'"):
        reply = run.transact(statement)
        assert reply.json["CancellationReasons"] == [
            {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item."}]
    struck = faults.struck()
    assert run.items("SELECT n FROM T WHERE p = 'a'") == [item(n=1)]
    assert run.batch("SELECT n FROM T WHERE p = 'a'").json["Responses"][0]["Item"] == item(n=1)
    assert faults.struck() == struck == 4


def test_a_transaction_in_progress(run, faults):
    faults("transaction_in_progress", next=1)
    statement = "UPDATE T SET n = n + 1 WHERE p = 'a'"
    token = str(uuid.uuid4())
    assert run.transact(statement).status == 200
    assert run.transact(statement, ClientRequestToken=token).type == "TransactionInProgressException"
    assert run.transact(statement, ClientRequestToken=token).status == 200
    assert run.items("SELECT n FROM T WHERE p = 'a'") == [item(n=3)]


def test_an_internal_error_writes_nothing(run, faults):
    faults("internal_error", operation="ExecuteStatement", next=1)
    assert run.call("INSERT INTO T VALUE {'p': 'b'}").status == 500
    assert run("INSERT INTO T VALUE {'p': 'b'}") == {"Items": []}


def test_stale_reads(run, faults):
    faults("stale_reads", table=run.table, age_ms=60_000)
    time.sleep(0.1)
    run("UPDATE T SET n = 9 WHERE p = 'a'")
    assert run.items("SELECT n FROM T WHERE p = 'a'") == [item(n=1)]
    assert run.items("SELECT n FROM T WHERE p = 'a'", ConsistentRead=True) == [item(n=9)]
    assert run.batch("SELECT n FROM T WHERE p = 'a'").json["Responses"][0]["Item"] == item(n=1)


def test_an_index_lags(run, faults):
    faults("index_lag", table=run.table, lag_ms=60_000)
    time.sleep(0.1)
    run("UPDATE T SET n = 9 WHERE p = 'a'")
    assert run.items("SELECT n FROM T.gsi WHERE g = 'x'") == [item(n=1)]
    assert run.items("SELECT n FROM T WHERE p = 'a'") == [item(n=9)]


def test_a_statement_that_is_wrong_is_not_struck(run, faults):
    faults("throttle", table=run.table, operation="ExecuteStatement")
    assert run.call("SELECT * FROM T WHERE p = 1").type == "ValidationException"
    assert run.call("SELECT * FROM").type == "ValidationException"
    assert faults.struck() == 0

"""The journal: what requests there were and what they used, for tests that count."""

import json

import pytest


def ask(server, method, body=b""):
    return server.post(body, {"Content-Type": "application/json"}, method=method, path="/_shoal/journal")


@pytest.fixture()
def server(start_shoal):
    return start_shoal()


def journal(server):
    reply = ask(server, "GET")
    assert reply.status == 200, reply.body
    return reply.json


def test_this_test_made_three_queries_no_scan_and_cost_so_many_units(server):
    table = server.create_table("p:S c:N", gsi={"by_g": "g:S"})
    for number in range(3):
        server.put(table, {"p": {"S": "a"}, "c": {"N": str(number)}, "g": {"S": "g"}, "v": {"S": "x" * 6000}})
    assert ask(server, "POST", b"{}").status == 200
    query = {"TableName": table, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}
    for consistent in (False, False, True):
        server.ok("Query", {**query, "ConsistentRead": consistent})
    server.ok("PutItem", {"TableName": table, "Item": {"p": {"S": "b"}, "c": {"N": "1"}, "g": {"S": "g"}}})
    found = journal(server)
    assert found["totals"] == {"requests": 4, "read_units": 2.5 + 2.5 + 5, "write_units": 2, "operations": {"Query": 3, "PutItem": 1}, "errors": {}}
    first = found["requests"][0]
    assert first["operation"] == "Query" and first["tables"] == [table] and first["read_units"] == 2.5 and first["status"] == 200
    assert first["account"] == "000000000000" and first["region"] == "us-east-1" and len(first["request_id"]) == 52
    assert first["milliseconds"] > 0


def test_units_agree_with_what_is_told_whoever_asks(server):
    table = server.create_table("p:S", gsi={"by_g": "g:S"})
    item = lambda number: {"p": {"S": str(number)}, "g": {"S": "g"}, "v": {"S": "x" * 3000}}
    key = {"p": {"S": "1"}}
    writes = [("PutItem", {"TableName": table, "Item": item(1)}),
              ("UpdateItem", {"TableName": table, "Key": key, "UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}),
              ("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": item(n)}} for n in range(5)]}}),
              ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": table, "Item": item(n)}} for n in range(5, 8)]}),
              ("ExecuteStatement", {"Statement": f"UPDATE \"{table}\" SET n = 2 WHERE p = '1'"}),
              ("BatchExecuteStatement", {"Statements": [{"Statement": f"UPDATE \"{table}\" SET n = 3 WHERE p = '{n}'"} for n in range(3)]}),
              ("ExecuteTransaction", {"TransactStatements": [{"Statement": f"UPDATE \"{table}\" SET n = 4 WHERE p = '{n}'"} for n in range(3)]}),
              ("DeleteItem", {"TableName": table, "Key": key})]
    reads = [("GetItem", {"TableName": table, "Key": {"p": {"S": "2"}}}), ("Scan", {"TableName": table}),
             ("BatchGetItem", {"RequestItems": {table: {"Keys": [{"p": {"S": str(n)}} for n in range(4)]}}}),
             ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": table, "Key": {"p": {"S": "2"}}}}]}),
             ("ExecuteStatement", {"Statement": f'SELECT * FROM "{table}"'}),
             ("BatchExecuteStatement", {"Statements": [{"Statement": f"SELECT * FROM \"{table}\" WHERE p = '{n}'"} for n in range(3)]}),
             ("ExecuteTransaction", {"TransactStatements": [{"Statement": f"SELECT * FROM \"{table}\" WHERE p = '{n}'"} for n in range(3)]})]
    for kind, calls in (("write_units", writes), ("read_units", reads)):
        for operation, body in calls:
            told = []
            for detail in ("TOTAL", "NONE"):
                ask(server, "POST", b"{}")
                if operation == "PutItem":
                    server.ok("DeleteItem", {"TableName": table, "Key": key})
                    ask(server, "POST", b"{}")
                answer = server.ok(operation, {**body, "ReturnConsumedCapacity": detail})
                record = journal(server)["requests"][-1]
                told.append((answer.get("ConsumedCapacity"), record[kind], record["write_units"] + record["read_units"]))
            consumed = told[0][0]
            units = sum(each["CapacityUnits"] for each in (consumed if isinstance(consumed, list) else [consumed]))
            assert told[0][1:] == (units, units), (operation, told)
            if operation in ("GetItem", "Scan", "BatchGetItem", "TransactGetItems", "ExecuteStatement", "BatchExecuteStatement"):
                assert told[1][1] > 0, (operation, told)


def test_refusals_are_noted_with_their_error_and_without_units(server):
    ask(server, "POST", b"{}")
    assert server.call("GetItem", {"TableName": "Nowhere", "Key": {"p": {"S": "1"}}}).status == 400
    assert server.call("NoSuchOperation", {}).status == 400
    found = journal(server)
    assert found["totals"]["errors"] == {"ResourceNotFoundException": 1, "UnknownOperationException": 1}
    assert found["requests"][0]["tables"] == ["Nowhere"] and found["totals"]["read_units"] == 0


def test_the_oldest_go_and_nothing_is_noted_when_it_is_over(server):
    assert ask(server, "GET").status == 400
    assert ask(server, "POST", b'{"requests_max": 2}').status == 200
    for _ in range(5):
        server.ok("ListTables", {})
    assert journal(server)["left_out"] == 3 and len(journal(server)["requests"]) == 2
    assert ask(server, "DELETE").status == 200
    server.ok("ListTables", {})
    assert ask(server, "GET").status == 400
    for bad in ({"requests_max": 0}, {"max": 1}, [], {"requests_max": 1.5}):
        assert ask(server, "POST", json.dumps(bad).encode()).status == 400


def test_metrics_are_what_prometheus_reads(server):
    table = server.create_table("p:S")
    for number in range(5):
        server.put(table, {"p": {"S": str(number)}})
    server.call("GetItem", {"TableName": "Nowhere", "Key": {"p": {"S": "1"}}})
    for path in ("/metrics", "/_shoal/metrics"):
        reply = server.post(b"", {}, method="GET", path=path)
        assert reply.status == 200 and reply.headers["content-type"].startswith("text/plain")
        lines = reply.body.decode().splitlines()
        assert 'shoal_request_duration_seconds_count{operation="PutItem"} 5' in lines
        assert 'shoal_request_errors_total{operation="GetItem",type="ResourceNotFoundException"} 1' in lines
        assert f'shoal_table_items{{account="000000000000",region="us-east-1",table="{table}"}} 5' in lines
        values = {line.split()[0]: float(line.split()[1]) for line in lines if line and not line.startswith("#") and "{" not in line}
        assert values["shoal_writer_writes_total"] >= 5 and values["shoal_writer_busy_seconds_total"] > 0
        assert values["shoal_writer_queue_length"] == 0 and values["shoal_connections"] >= 1 and values["shoal_tables"] == 1
    page = server.post(b"", {"Origin": "http://localhost"}, method="GET", path="/metrics")
    assert page.status == 403

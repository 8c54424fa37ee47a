"""ListTables, from outside: on a server of its own, so that the whole list is known."""

import pytest

from support.expect import ENVELOPE, expect_error


@pytest.fixture(scope="module")
def server(start_shoal):
    shoal = start_shoal()
    for name in ("delta", "Alpha", "charlie", "bravo_1", "bravo.2"):
        shoal.create_table("p:S", name=name)
    return shoal


NAMES = ["Alpha", "bravo.2", "bravo_1", "charlie", "delta"]  # in the order of their bytes


def test_names_come_in_order(server):
    assert server.ok("ListTables", {}) == {"TableNames": NAMES}


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 100])
def test_pages_join_to_the_whole(server, limit):
    seen, start = [], None
    while True:
        got = server.ok("ListTables", {"Limit": limit, **({"ExclusiveStartTableName": start} if start else {})})
        seen += got["TableNames"]
        start = got.get("LastEvaluatedTableName")
        if not start:
            break
        assert start == got["TableNames"][-1]
    assert seen == NAMES


def test_one_may_start_after_a_name_that_does_not_exist(server):
    assert server.ok("ListTables", {"ExclusiveStartTableName": "bzz"}) == {"TableNames": ["charlie", "delta"]}


@pytest.mark.parametrize("body, message", [
    ({"Limit": 0}, "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ({"Limit": 101}, "Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100"),
    ({"ExclusiveStartTableName": "a;bc"}, "Value 'a;bc' at 'exclusiveStartTableName' failed to satisfy constraint: "
                                          "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    ({"ExclusiveStartTableName": "ab"}, "Value 'ab' at 'exclusiveStartTableName' failed to satisfy constraint: "
                                        "Member must have length greater than or equal to 3"),
])
def test_errors(server, body, message):
    expect_error(server.call("ListTables", body), ENVELOPE + message)


def test_regions_have_tables_of_their_own_and_a_mistaken_region_is_hinted_at(server):
    assert server.ok("ListTables", {}, region="eu-west-1") == {"TableNames": []}
    reply = server.call("DescribeTable", {"TableName": "delta"}, region="eu-west-1")
    expect_error(reply, "Requested resource not found: Table: delta not found", "ResourceNotFoundException")
    assert "us-east-1" in reply.headers["x-shoal-hint"]
    reply = server.call("Scan", {"TableName": "delta"}, region="eu-west-1")
    assert "us-east-1" in reply.headers["x-shoal-hint"]
    assert "x-shoal-hint" not in server.call("Scan", {"TableName": "nosuch"}).headers


def test_all_keys_are_one_account_without_a_credentials_file(server):
    for key in ("AKIDEXAMPLE", "any-thing_at.all"):
        assert server.ok("ListTables", {}, access_key=key, secret_key="whatever") == {"TableNames": NAMES}


def test_regions_can_be_shared(start_shoal):
    shoal = start_shoal("--shared-regions")
    shoal.create_table("p:S", name="everywhere")
    assert shoal.ok("ListTables", {}, region="eu-west-1") == {"TableNames": ["everywhere"]}
    assert shoal.ok("Scan", {"TableName": "everywhere"}, region="ap-south-1")["Count"] == 0


def test_a_page_has_a_hundred_names_unless_fewer_are_asked_for(start_shoal):
    shoal = start_shoal()
    names = [f"table{n:03}" for n in range(101)]
    for name in names:
        shoal.create_table("p:S", name=name)
    assert shoal.ok("ListTables", {}) == {"TableNames": names[:100], "LastEvaluatedTableName": "table099"}
    assert shoal.ok("ListTables", {"ExclusiveStartTableName": "table099"}) == {"TableNames": ["table100"]}

"""INSERT, UPDATE and DELETE: one item each, by its whole key."""

import pytest

from support.expect import N, S, expect_error, item
from support.partiql import Statements

NO_KEY = "Where clause does not contain a mandatory equality on all key attributes"
TYPE = "Key attribute's data type should match its data type in table's schema: Key "
FAILED = ("The conditional request failed", "ConditionalCheckFailedException")


@pytest.fixture(scope="module")
def run(shoal):
    return Statements(shoal, shoal.create_table("p:S c:N", gsi={"gsi": ("g:S", "KEYS_ONLY")}, lsi={"lsi": "p:S k:N"}))


def get(run, p, c=1):
    return run.shoal.ok("GetItem", {"TableName": run.table, "Key": item(p=p, c=c), "ConsistentRead": True}).get("Item")


def put(run, p, c=1, **more):
    run.shoal.put(run.table, item(p=p, c=c, **more))


# ---- INSERT


def test_insert_makes_an_item_of_every_type(run):
    assert run("INSERT INTO T VALUE {'p': 'new', 'c': 1, 's': 'it''s', 'n': -1.50, 'yes': TRUE, 'none': NULL, 'l': [1, ['x']], "
               "'m': {'k': {'deep': 1e2}}, 'ss': <<'b', 'a'>>, 'ns': <<2, 1>>, 'b': ?, 'e': '', 'le': [], 'me': {}}",
               {"B": "AAE="}) == {"Items": []}
    stored = get(run, "new")
    assert sorted(stored.pop("ss")["SS"]) == ["a", "b"] and sorted(stored.pop("ns")["NS"]) == ["1", "2"]
    assert stored == item(p="new", c=1, s="it's", n="", yes=True, none=None, l=[1, ["x"]], e="", le=[],
                          m={"M": {"k": {"M": {"deep": N(100)}}}}, b={"B": "AAE="}, me={"M": {}}) | {"n": N("-1.5")}


def test_insert_never_replaces(run):
    put(run, "there", x=1)
    for more in ({}, {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}):
        reply = run.call("INSERT INTO T VALUE {'p': 'there', 'c': 1}", **more)
        expect_error(reply, "Duplicate primary key exists in table", "DuplicateItemException")
        assert "Item" not in reply.json
    assert get(run, "there") == item(p="there", c=1, x=1)


def test_boto3_knows_a_duplicate(client, run):
    put(run, "known")
    with pytest.raises(client.exceptions.DuplicateItemException):
        client.execute_statement(Statement=run.text("INSERT INTO T VALUE {'p': ?, 'c': ?}"), Parameters=[S("known"), N(1)])


@pytest.mark.parametrize("value, message", [
    ("{'p': 'a'}", "Key attribute should be present in the item: Key c"),
    ("{'c': 1}", "Key attribute should be present in the item: Key p"),
    ("{'p': 1, 'c': 1}", TYPE + "p"),
    ("{'p': 'a', 'c': '1'}", TYPE + "c"),
    ("{'p': '', 'c': 1}", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                          "empty string value. Key: p"),
    ("{'p': 'a', 'c': 1, 'g': 1}", "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S "
                                   "Actual: N IndexName: gsi"),
    ("{'p': 'a', 'c': 1, 'g': ''}", "One or more parameter values are not valid. A value specified for a secondary index key is "
                                    "not supported. The AttributeValue for a key attribute cannot contain an empty string value. "
                                    "IndexName: gsi, IndexKey: g"),
])
def test_an_inserted_item_has_its_keys(run, value, message):
    expect_error(run.call(f"INSERT INTO T VALUE {value}"), message)


def test_an_inserted_item_fits_400_kb(run):
    expect_error(run.call("INSERT INTO T VALUE {'p': 'big', 'c': 1, 't': ?}", S("x" * 409_600)),
                 "Item size has exceeded the maximum allowed size")
    room = 409_600 - len("p" "big" "c" "t") - 2
    assert run("INSERT INTO T VALUE {'p': 'big', 'c': 1, 't': ?}", S("x" * room))


def test_indexes_follow_an_insert(run):
    run("INSERT INTO T VALUE {'p': 'ix', 'c': 1, 'g': 'ixg', 'k': 5}")
    assert run.items("SELECT * FROM T.gsi WHERE g = 'ixg'") == [item(p="ix", c=1, g="ixg")]
    assert run.items("SELECT c FROM T.lsi WHERE p = 'ix' AND k = 5") == [item(c=1)]
    run("UPDATE T SET g = 'other' REMOVE k WHERE p = 'ix' AND c = 1")
    assert run.items("SELECT * FROM T.gsi WHERE g = 'ixg'") == run.items("SELECT * FROM T.lsi WHERE p = 'ix'") == []
    run("DELETE FROM T WHERE p = 'ix' AND c = 1")
    assert run.items("SELECT * FROM T.gsi WHERE g = 'other'") == []


# ---- UPDATE


def test_update_sets_and_removes(run):
    put(run, "u", n=1, l=[1], m={"M": {"a": N(1), "b": N(2)}}, gone=1, s={"SS": ["a", "b"]})
    assert run("UPDATE T SET n = n + 5, m.a = n - 1 SET new = 'x' REMOVE gone, m.b WHERE p = 'u' AND c = 1") == {"Items": []}
    assert get(run, "u") == item(p="u", c=1, n=6, l=[1], m={"M": {"a": N(0)}}, new="x", s={"SS": ["a", "b"]})


@pytest.mark.parametrize("clause, attribute, value", [
    ("SET l = list_append(l, [2])", "l", item(v=[1, 2])["v"]),
    ("SET l = list_append([0], l)", "l", item(v=[0, 1])["v"]),
    ("SET l[0] = 9", "l", item(v=[9])["v"]),
    ("SET n = if_not_exists(zz, 7)", "n", N(7)),
    ("SET n = if_not_exists(n, 7)", "n", N(1)),
    ("SET n = if_not_exists(n, 7) + 1", "n", N(2)),
    ("SET s = set_add(s, <<'c'>>)", "s", {"SS": ["a", "b", "c"]}),
    ("SET s = set_delete(s, <<'a'>>)", "s", {"SS": ["b"]}),
    ("SET ns = SET_ADD(ns, <<2>>)", "ns", {"NS": ["1", "2"]}),
    ("SET s = set_delete(s, <<'a', 'b'>>)", "s", None),
    ("SET fresh = set_add(fresh, <<'a'>>)", "fresh", {"SS": ["a"]}),
    ("REMOVE l[0]", "l", {"L": []}),
    ("REMOVE zz", "zz", None),
    ("SET m = {'a': [TRUE, NULL]}", "m", {"M": {"a": {"L": [{"BOOL": True}, {"NULL": True}]}}}),
    ("SET n = ?", "n", S("a parameter")),
])
def test_functions_of_set(run, clause, attribute, value):
    put(run, "f", n=1, l=[1], s={"SS": ["a", "b"]}, ns={"NS": ["1"]})
    run(f"UPDATE T {clause} WHERE p = 'f' AND c = 1", *([S("a parameter")] if "?" in clause else []))
    stored = get(run, "f").get(attribute)
    if stored and ("SS" in stored or "NS" in stored):
        stored = {kind: sorted(members) for kind, members in stored.items()}
    assert stored == value


@pytest.mark.parametrize("returning, returned", [
    ("ALL OLD *", [item(p="r", c=1, n=1, keep="k")]),
    ("ALL NEW *", [item(p="r", c=1, n=2, keep="k", new=5)]),
    ("MODIFIED OLD *", [item(n=1)]),
    ("MODIFIED NEW *", [item(n=2, new=5)]),
    ("modified new *", [item(n=2, new=5)]),
])
def test_update_returns(run, returning, returned):
    put(run, "r", n=1, keep="k")
    assert run.items(f"UPDATE T SET n = n + 1, new = 5 WHERE p = 'r' AND c = 1 RETURNING {returning}") == returned


def test_update_returns_nothing_where_nothing_was(run):
    put(run, "r", n=1)
    assert run.items("UPDATE T SET new = 5 WHERE p = 'r' AND c = 1 RETURNING MODIFIED OLD *") == []
    assert run.items("UPDATE T REMOVE n WHERE p = 'r' AND c = 1 RETURNING MODIFIED NEW *") == []


def test_update_of_what_is_not_there_fails(run):
    for condition in ("", " AND attribute_not_exists(p)", " AND x IS MISSING"):
        expect_error(run.call(f"UPDATE T SET x = 1 WHERE p = 'nobody' AND c = 1{condition}"), *FAILED)
    assert get(run, "nobody") is None


def test_the_rest_of_where_is_a_condition(run):
    put(run, "cond", n=1)
    run("UPDATE T SET n = 2 WHERE p = 'cond' AND c = 1 AND n = 1")
    reply = run.call("UPDATE T SET n = 3 WHERE p = 'cond' AND c = 1 AND n = 1")
    expect_error(reply, *FAILED)
    assert "Item" not in reply.json
    reply = run.call("UPDATE T SET n = 3 WHERE n = 1 AND c = 1 AND p = 'cond'", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    expect_error(reply, *FAILED)
    assert reply.json["Item"] == item(p="cond", c=1, n=2)
    run("UPDATE T SET n = 4 WHERE (p = 'cond' AND 1 = c) AND (n = 99 OR n = 2)")
    assert get(run, "cond")["n"] == N(4)


@pytest.mark.parametrize("verb", ["UPDATE T SET x = 1", "DELETE FROM T"])
@pytest.mark.parametrize("where, message", [
    ("", NO_KEY),
    ("WHERE p = 'a'", NO_KEY),
    ("WHERE p = 'a' AND c > 1", NO_KEY),
    ("WHERE p = 'a' OR c = 1", NO_KEY),
    ("WHERE p IN ['a'] AND c = 1", NO_KEY),
    ("WHERE NOT (p = 'a') AND c = 1", NO_KEY),
    ("WHERE p = 'a' AND c = 1 AND c = 2", "Multiple conditions on same key c. Only single item Update/Insert/Delete are supported"),
    ("WHERE p = 1 AND c = 1", TYPE + "p"),
    ("WHERE p = 'a' AND c = 'x'", TYPE + "c"),
    ("WHERE p = '' AND c = 1", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                               "an empty string value. Key: p"),
])
def test_where_names_the_whole_key(run, verb, where, message):
    expect_error(run.call(f"{verb} {where}"), message)


@pytest.mark.parametrize("clause, message", [
    ("SET c = 2", "One or more parameter values were invalid: Cannot update attribute c. This attribute is part of the key"),
    ("REMOVE p", "One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"),
    ("SET n = nothing", "The provided expression refers to an attribute that does not exist in the item"),
    ("SET n = n + s", "An operand in the update expression has an incorrect data type"),
    ("SET zz.a.b = 1", "The document path provided in the update expression is invalid for update"),
    ("SET g = 5", "The update expression attempted to update the secondary index key to unsupported type"),
])
def test_updates_fail_as_natively(run, clause, message):
    put(run, "e", n=1, s="text")
    reply = run.call(f"UPDATE T {clause} WHERE p = 'e' AND c = 1")
    assert reply.type == "ValidationException" and reply.message.endswith(message), reply.body
    assert get(run, "e") == item(p="e", c=1, n=1, s="text")


# ---- DELETE


def test_delete(run):
    put(run, "d", n=1)
    assert run("DELETE FROM T WHERE p = 'd' AND c = 1") == {"Items": []}
    assert get(run, "d") is None
    assert run("DELETE FROM T WHERE p = 'd' AND c = 1") == {"Items": []}
    assert run("DELETE FROM T WHERE p = 'd' AND c = 1 AND n = 1") == {"Items": []}  # Nothing is there to ask.


def test_delete_under_a_condition(run):
    put(run, "d", n=1)
    expect_error(run.call("DELETE FROM T WHERE p = 'd' AND c = 1 AND n = 2"), *FAILED)
    reply = run.call("DELETE FROM T WHERE p = 'd' AND c = 1 AND n = 2", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert reply.json["Item"] == item(p="d", c=1, n=1)
    assert run.items("DELETE FROM T WHERE p = 'd' AND c = 1 AND n = 1 RETURNING ALL OLD *") == [item(p="d", c=1, n=1)]
    assert run.items("DELETE FROM T WHERE p = 'd' AND c = 1 RETURNING ALL OLD *") == []


@pytest.mark.parametrize("returning", ["ALL NEW", "MODIFIED OLD", "MODIFIED NEW"])
def test_delete_returns_all_old_alone(run, returning):
    expect_error(run.call(f"DELETE FROM T WHERE p = 'd' AND c = 1 RETURNING {returning} *"),
                 f"Invalid returning clause: RETURNING {returning} *. Only RETURNING ALL OLD * is allowed in DELETE statements.")


# ---- All of them


@pytest.mark.parametrize("statement", ["UPDATE T.gsi SET x = 1 WHERE g = 'g'", "DELETE FROM T.gsi WHERE g = 'g'"])
def test_an_index_is_not_written(run, statement):
    statement = run.text(statement)
    expect_error(run.shoal.call("ExecuteStatement", {"Statement": statement}), "This operation is not supported on an index")


def test_tables_that_are_not_there(run):
    for statement in ("INSERT INTO Nowhere VALUE {'p': 'a'}", "UPDATE Nowhere SET x = 1 WHERE p = 'a'",
                      "DELETE FROM Nowhere WHERE p = 'a'"):
        expect_error(run.call(statement), "Requested resource not found", "ResourceNotFoundException")


def test_parameters_are_as_many_as_question_marks(run):
    message = "Number of parameters in request and statement don't match."
    expect_error(run.call("INSERT INTO T VALUE {'p': ?, 'c': ?}", S("a")), message)
    expect_error(run.call("UPDATE T SET x = ? WHERE p = 'a' AND c = 1"), message)
    expect_error(run.call("DELETE FROM T WHERE p = ? AND c = ?"), message)


def test_writes_cost_as_natively(run):
    def consumed(statement):
        return run(statement, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]

    table = {"TableName": run.table}
    assert consumed("INSERT INTO T VALUE {'p': 'cost', 'c': 1, 'g': 'v', 'k': 1}") == {
        **table, "CapacityUnits": 3.0, "Table": {"CapacityUnits": 1.0}, "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 1.0}},
        "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 1.0}}}
    assert consumed("UPDATE T SET g = 'w' WHERE p = 'cost' AND c = 1") == {
        **table, "CapacityUnits": 4.0, "Table": {"CapacityUnits": 1.0}, "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 2.0}},
        "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 1.0}}}
    assert consumed("DELETE FROM T WHERE p = 'nobody' AND c = 1") == {
        **table, "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}}
    assert run("INSERT INTO T VALUE {'p': 'cost', 'c': 2}", ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == {
        **table, "CapacityUnits": 1.0}


def test_changes_appear_in_the_stream(shoal):
    name = shoal.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    run = Statements(shoal, name)
    run("INSERT INTO T VALUE {'p': 'a', 'n': 1}")
    run("UPDATE T SET n = 2 WHERE p = 'a'")
    run("DELETE FROM T WHERE p = 'a'")
    streams = "DynamoDBStreams_20120810"
    arn = shoal.ok("DescribeTable", {"TableName": name})["Table"]["LatestStreamArn"]
    [shard] = shoal.ok("DescribeStream", {"StreamArn": arn}, target=streams)["StreamDescription"]["Shards"]
    iterator = shoal.ok("GetShardIterator", {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"},
                        target=streams)["ShardIterator"]
    records = shoal.ok("GetRecords", {"ShardIterator": iterator}, target=streams)["Records"]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert records[1]["dynamodb"]["NewImage"] == item(p="a", n=2)

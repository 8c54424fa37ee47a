"""SELECT: what it reads and how, what it answers, how it goes on, what it costs and what is wrong with it."""

import base64

import pytest

from support.expect import N, S, expect_error, item, sort_items
from support.partiql import Statements

TYPE = "Key attribute's data type should match its data type in table's schema: Key "
Y = "y" * 1500


def row(p, c):
    return item(p=p, c=c, g=f"g{c % 2}", l=10 - c, x=c, y=Y, tags=[1, "two"], none=None, yes=True,
                m={"M": {"a": N(c), "deep": {"M": {"b": S("q")}}}})


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S c:N", gsi={"gsi": ("g:S c:N", ["x"]), "all": "g:S"},
                              lsi={"lsi": ("p:S l:N", "KEYS_ONLY")})
    for p in "abcd":
        for c in range(5):
            shoal.put(name, row(p, c))
    return name


@pytest.fixture(scope="module")
def run(shoal, table):
    return Statements(shoal, table)


@pytest.fixture(scope="module")
def plain(shoal):
    """Items a to d of a table without a sort key."""
    name = shoal.create_table("p:S")
    for p in "abcd":
        shoal.put(name, item(p=p, x=1))
    return Statements(shoal, name)


def keys(items):
    return " ".join(entry["p"]["S"] + entry["c"]["N"] for entry in items)


# ---- What it answers


def test_a_whole_key_gives_the_item(run):
    assert run("SELECT * FROM T WHERE p = 'a' AND c = 1") == {"Items": [row("a", 1)]}


def test_what_is_not_there_gives_an_empty_list(run):
    assert run("SELECT * FROM T WHERE p = 'a' AND c = 99") == {"Items": []}
    assert run("SELECT * FROM T WHERE p = 'nobody'") == {"Items": []}


def test_a_projection_names_values_after_the_last_step_of_their_path(run):
    assert run.items("SELECT p, m.a, m.deep.b, tags[1] FROM T WHERE p = 'a' AND c = 3") == [
        {"p": S("a"), "a": N(3), "b": S("q"), "tags[1]": S("two")}]
    assert run.items("SELECT nothing FROM T WHERE p = 'a' AND c = 3") == [{}]


def test_two_paths_with_one_last_step_are_refused(run):
    expect_error(run.call("SELECT x, m.x FROM T WHERE p = 'a'"), "Duplicate identifiers in select clause: x")


def test_a_path_within_another_is_refused(run):
    expect_error(run.call("SELECT m, m.a FROM T WHERE p = 'a'"), "Two document paths overlap with each other; must remove or "
                 "rewrite one of these paths; path one: [m], path two: [m, a]")


@pytest.mark.parametrize("where, found", [
    ("x = 1", "1"), ("x <> 1", "0 2 3 4"), ("x != 1", "0 2 3 4"), ("x < 2", "0 1"), ("x <= 2", "0 1 2"),
    ("x > 2", "3 4"), ("x >= 2", "2 3 4"), ("2 < x", "3 4"), ("NOT x = 1", "0 2 3 4"), ("x = 1 OR x = 3", "1 3"),
    ("x = 1 OR x = 3 AND yes = TRUE", "1 3"), ("(x = 1 OR x = 3) AND c > 1", "3"), ("x BETWEEN 1 AND 3", "1 2 3"),
    ("x IN [1, 3, 99]", "1 3"), ("x IN (1, 3)", "1 3"), ("g = 'g1'", "1 3"), ("yes = true", "0 1 2 3 4"),
    ("yes = FALSE", ""), ("none IS NULL", "0 1 2 3 4"), ("x IS NOT NULL", "0 1 2 3 4"), ("none = NULL", "0 1 2 3 4"),
    ("zz IS MISSING", "0 1 2 3 4"), ("x IS MISSING", ""), ("x IS NOT MISSING", "0 1 2 3 4"),
    ("begins_with(g, 'g1')", "1 3"), ("BEGINS_WITH(\"g\", 'g')", "0 1 2 3 4"), ("contains(g, '0')", "0 2 4"),
    ("contains(tags, 'two')", "0 1 2 3 4"), ("size(y) = 1500", "0 1 2 3 4"), ("size(y) < 1500", ""),
    ("attribute_type(x, 'N')", "0 1 2 3 4"), ("attribute_type(x, 'S')", ""), ("attribute_exists(x)", "0 1 2 3 4"),
    ("attribute_not_exists(x)", ""), ("m.a = 2", "2"), ("m.deep.b = 'q'", "0 1 2 3 4"), ("tags[1] = 'two'", "0 1 2 3 4"),
    ("tags = [1, 'two']", "0 1 2 3 4"), ("m = {'a': 2, 'deep': {'b': 'q'}}", "2"), ("x = m.a", "0 1 2 3 4"),
    ("x = 1.0", "1"), ("x = 10e-1", "1"),
])
def test_the_rest_of_where_filters(run, where, found):
    items = run.items(f"SELECT c FROM T WHERE p = 'a' AND ({where})")
    assert " ".join(entry["c"]["N"] for entry in items) == found


def test_parameters_stand_for_values_of_every_type(run, shoal):
    name = shoal.create_table("p:S")
    values = {"s": S("it's"), "n": N(-2.5), "b": {"B": base64.b64encode(b"\0\xff").decode()}, "o": {"BOOL": False},
              "u": {"NULL": True}, "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AA=="]},
              "l": {"L": [S("x"), {"L": []}]}, "m": {"M": {"k": {"M": {}}}}}
    shoal.put(name, {"p": S("all"), **values})
    statements = Statements(shoal, name)
    where = " AND ".join(f'"{attribute}" = ?' for attribute in values)
    assert statements.items(f"SELECT p FROM T WHERE {where}", *values.values()) == [{"p": S("all")}]
    assert statements.items(f"SELECT p FROM T WHERE p = ? AND {where}", S("all"), *values.values()) == [{"p": S("all")}]


def test_names_keep_their_case_and_keywords_do_not(run):
    assert run.items("select P, p, C, c from T where p = 'a' and c in [1] Order By c DESC") == [item(p="a", c=1)]


def test_a_statement_may_end_with_a_semicolon_and_hold_comments(run):
    assert keys(run.items("SELECT p, c -- the key\nFROM T /* of\nall */ WHERE p = 'a' AND c = 1;")) == "a1"


# ---- How it reads: the price tells


def units(run, statement, *parameters, **more):
    consumed = run(statement, *parameters, ReturnConsumedCapacity="TOTAL", **more)["ConsumedCapacity"]
    assert consumed["TableName"] == run.table
    return consumed["CapacityUnits"]


@pytest.mark.parametrize("where, price", [
    ("p = 'a' AND c = 1", 0.5),                        # one item of 1.6 KB
    ("c = 1 AND 'a' = p", 0.5),
    ("p = 'a' AND c = 1 AND x = 99", 0.5),             # read, and filtered out
    ("p = 'a' AND c = 99", 0.5),                       # nothing there
    ("p = 'a'", 1.0),                                  # five items, 7.9 KB
    ("p = 'a' AND c >= 3", 0.5),
    ("p = 'a' AND c > 0 AND c < 3", 0.5),
    ("p = 'a' AND c BETWEEN 0 AND 1", 0.5),
    ("p = 'a' AND (c = 1 OR c = 2)", 1.0),             # of the sort key, a query takes one stretch
    ("p = 'a' AND NOT (c > 1)", 1.0),
    ("p IN ['a', 'b']", 2.0),
    ("p IN ['a', 'a']", 1.0),
    ("p IN ['a', 'b', 'nobody'] AND c = 1", 1.5),
    ("p = 'a' OR p = 'b'", 2.0),
    ("(p = 'a' AND x = 1) OR (p = 'b' AND x = 2)", 2.0),
    ("p = 'a' OR x = 1", 4.0),                         # all twenty, 31.6 KB
    ("x = 1", 4.0),
    ("p > 'a'", 4.0),
    ("begins_with(p, 'a')", 4.0),
    ("NOT p = 'a'", 4.0),
])
def test_a_where_that_fixes_the_key_does_not_scan(run, where, price):
    assert units(run, f"SELECT p FROM T WHERE {where}") == price
    assert units(run, f"SELECT p FROM T WHERE {where}", ConsistentRead=True) == 2 * price


def test_capacity_is_told_as_natively(run):
    assert "ConsumedCapacity" not in run("SELECT * FROM T WHERE p = 'a'")
    assert "ConsumedCapacity" not in run("SELECT * FROM T WHERE p = 'a'", ReturnConsumedCapacity="NONE")
    told = run("SELECT * FROM T.gsi WHERE g = 'g1'", ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert told == {"TableName": run.table, "CapacityUnits": 0.5, "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 0.5}}}
    told = run("SELECT y FROM T.lsi WHERE p = 'a'", ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert told == {"TableName": run.table, "CapacityUnits": 3.0, "Table": {"CapacityUnits": 2.5},
                    "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 0.5}}}
    told = run("SELECT * FROM T", ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert told == {"TableName": run.table, "CapacityUnits": 4.0, "Table": {"CapacityUnits": 4.0}}


def test_several_partition_keys_come_in_their_order(run):
    assert keys(run.items("SELECT p, c FROM T WHERE p IN ['c', 'a'] AND c < 2")) == "a0 a1 c0 c1"
    assert keys(run.items("SELECT p, c FROM T WHERE p IN ['c', 'a'] AND c < 2 ORDER BY p DESC")) == "c0 c1 a0 a1"
    assert keys(run.items("SELECT p, c FROM T WHERE p IN ['c', 'a'] AND c < 2 ORDER BY p DESC, c DESC")) == "c1 c0 a1 a0"
    assert keys(run.items("SELECT p, c FROM T WHERE p IN ['c', 'a'] AND c < 2 ORDER BY c DESC")) == "a1 a0 c1 c0"
    assert keys(run.items("SELECT p, c FROM T WHERE (p = 'c' OR p = 'a') AND c < 2")) == "a0 a1 c0 c1"


def test_a_table_without_a_sort_key(plain):
    assert plain.items("SELECT * FROM T WHERE p = 'a'") == [item(p="a", x=1)]
    assert [entry["p"]["S"] for entry in plain.items("SELECT p FROM T WHERE p IN ['d', 'zz', 'b']")] == ["b", "d"]
    assert units(plain, "SELECT p FROM T WHERE p IN ['d', 'zz', 'b']") == 1.5
    assert len(plain.items("SELECT * FROM T")) == 4


# ---- ORDER BY


def test_order_by_the_sort_key(run):
    assert keys(run.items("SELECT p, c FROM T WHERE p = 'a' ORDER BY c")) == "a0 a1 a2 a3 a4"
    assert keys(run.items("SELECT p, c FROM T WHERE p = 'a' ORDER BY c ASC")) == "a0 a1 a2 a3 a4"
    assert keys(run.items("SELECT p, c FROM T WHERE p = 'a' ORDER BY c DESC")) == "a4 a3 a2 a1 a0"
    assert keys(run.items("SELECT p, c FROM T WHERE p = 'a' AND c < 3 ORDER BY p, c DESC")) == "a2 a1 a0"
    assert keys(run.items("SELECT p, c FROM T.lsi WHERE p = 'a' AND l > 8 ORDER BY l DESC")) == "a0 a1"
    assert keys(run.items("SELECT p, c FROM T.lsi WHERE p = 'a' AND l > 8 ORDER BY l")) == "a1 a0"


@pytest.mark.parametrize("rest, message", [
    ("ORDER BY c", "Must have WHERE clause in the statement when using ORDER BY clause."),
    ("WHERE p = 'a' ORDER BY x", "Variable reference x in ORDER BY clause must be part of the primary key"),
    ("WHERE c = 1 ORDER BY c",
     "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."),
    ("WHERE p = 'a' OR x = 1 ORDER BY c",
     "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."),
])
def test_order_by_needs_the_partition_key(run, rest, message):
    expect_error(run.call(f"SELECT * FROM T {rest}"), message)


# ---- Indexes


def test_an_index_is_queried_and_scanned(run):
    found = run.items("SELECT * FROM T.gsi WHERE g = 'g1' AND c = 1")
    assert sort_items(found) == [item(p=p, c=1, g="g1", x=1) for p in "abcd"]
    assert len(run.items(f'SELECT p FROM "{run.table}"."gsi"')) == 20
    assert len(run.items("SELECT p FROM T.gsi WHERE p = 'a'")) == 5
    assert run.items("SELECT * FROM T.lsi WHERE p = 'a' AND l = 9") == [item(p="a", c=1, l=9)]
    assert run.items("SELECT x FROM T.lsi WHERE p = 'a' AND l = 9") == [item(x=1)]


def test_an_index_that_is_not_there_or_cannot_be_read_so(run):
    expect_error(run.call("SELECT * FROM T.nope"), "The table does not have the specified index")
    expect_error(run.call("SELECT * FROM T.gsi WHERE g = 'g1'", ConsistentRead=True),
                 "Strongly consistent read is not supported on Global Secondary Indexes")
    expect_error(run.call("SELECT y FROM T.gsi WHERE g = 'g1'"),
                 "One or more parameter values were invalid: Global secondary index gsi does not project [y]")
    assert run.items("SELECT p FROM T.gsi WHERE g = 'g1' AND y = 'y'") == []
    assert len(run.items("SELECT * FROM T.lsi WHERE p = 'a'", ConsistentRead=True)) == 5


# ---- Pages


@pytest.mark.parametrize("statement", [
    "SELECT p, c FROM T", "SELECT p, c FROM T WHERE x > 2", "SELECT p, c FROM T WHERE p = 'a'",
    "SELECT p, c FROM T WHERE p = 'a' ORDER BY c DESC", "SELECT p, c FROM T WHERE p IN ['a', 'b', 'c']",
    "SELECT p, c FROM T WHERE p IN ['a', 'b', 'c'] ORDER BY p DESC, c DESC", "SELECT p, c FROM T WHERE p = 'a' OR p = 'd'",
    "SELECT p, c FROM T WHERE p IN ['a', 'd', 'zz'] AND c = 2", "SELECT p, c FROM T.gsi WHERE g = 'g0'",
    "SELECT p, c FROM T.gsi", "SELECT p, c FROM T.all WHERE g IN ['g0', 'g1']", "SELECT p, c FROM T.lsi WHERE p = 'b' ORDER BY l DESC",
    "SELECT p, c FROM T WHERE p = 'a' AND c = 1",
])
def test_pages_hold_every_item_once_in_order(run, statement):
    whole = keys(run.items(statement))
    assert whole
    for limit in (1, 2, 3, 7, 100):
        pages = run.pages(statement, Limit=limit)
        assert keys(entry for page in pages for entry in page) == whole
        assert all(len(page) <= limit for page in pages)


def test_limit_counts_what_is_evaluated(run):
    answer = run("SELECT p, c FROM T WHERE p = 'a' AND x = 2", Limit=2)
    assert answer["Items"] == [] and answer["LastEvaluatedKey"] == item(p="a", c=1)
    answer = run("SELECT p, c FROM T WHERE p = 'a' AND x = 2", Limit=2, NextToken=answer["NextToken"])
    assert keys(answer["Items"]) == "a2" and "NextToken" in answer


def test_the_last_evaluated_key_of_an_index_has_both_keys(run):
    assert run("SELECT * FROM T.gsi WHERE g = 'g1'", Limit=1)["LastEvaluatedKey"].keys() == {"p", "c", "g"}


def test_a_page_ends_at_one_megabyte(shoal):
    name = shoal.create_table("p:S c:N")
    for c in range(4):
        shoal.put(name, item(p="a", c=c, text="x" * 400_000))
    run = Statements(shoal, name)
    answer = run("SELECT c FROM T WHERE p = 'a'", ReturnConsumedCapacity="TOTAL")
    assert [entry["c"]["N"] for entry in answer["Items"]] == ["0", "1", "2"]
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 146.5
    assert [len(page) for page in run.pages("SELECT c FROM T WHERE p = 'a'")] == [3, 1]


def test_a_next_token_is_for_its_statement_alone(run, plain):
    token = run("SELECT * FROM T", Limit=1)["NextToken"]
    for statement in ("SELECT p FROM T", "SELECT * FROM T WHERE p = 'a'"):
        expect_error(run.call(statement, NextToken=token), "Invalid NextToken")
    expect_error(plain.call("SELECT * FROM T", NextToken=token), "Invalid NextToken")
    token = run("SELECT * FROM T WHERE p = ?", S("a"), Limit=1)["NextToken"]
    expect_error(run.call("SELECT * FROM T WHERE p = ?", S("b"), NextToken=token), "Invalid NextToken")
    assert run("SELECT * FROM T WHERE p = ?", S("a"), NextToken=token)["Items"]


def test_what_is_no_next_token(run):
    token = run("SELECT * FROM T", Limit=1)["NextToken"]
    for bad in ("abc", "AAAA", token[:-4], token[:8], "!" * 20, base64.b64encode(base64.b64decode(token)[:-3]).decode(),
                base64.b64encode(base64.b64decode(token)[:17] + b"\xff" * 9).decode()):
        reply = run.call("SELECT * FROM T", NextToken=bad)
        if reply.status == 200:  # A key cut short may still be a place between two others.
            assert len(base64.b64decode(bad)) > 17
        else:
            expect_error(reply, "Invalid NextToken")
    for bad in ("abc", "AAAA", token[:8], "!" * 20, base64.b64encode(base64.b64decode(token)[:17] + b"\xff" * 9).decode()):
        expect_error(run.call("SELECT * FROM T", NextToken=bad), "Invalid NextToken")


def test_a_table_made_anew_does_not_take_old_tokens(shoal):
    name = shoal.create_table("p:S")
    for p in "abc":
        shoal.put(name, item(p=p))
    token = Statements(shoal, name)("SELECT * FROM T", Limit=1)["NextToken"]
    shoal.ok("DeleteTable", {"TableName": name})
    shoal.create_table("p:S", name=name)
    expect_error(Statements(shoal, name).call("SELECT * FROM T", NextToken=token), "Invalid NextToken")


# ---- What is wrong with it


@pytest.mark.parametrize("where, key", [
    ("p = 1", "p"), ("p = NULL", "p"), ("p IN ['a', 1]", "p"), ("p = 'a' AND c = 'x'", "c"), ("p = 'a' AND c > 'x'", "c"),
    ("p = 'a' AND c BETWEEN 'a' AND 'b'", "c"), ("p = 'a' AND begins_with(c, '1')", "c"),
])
def test_values_of_the_key_have_its_type(run, where, key):
    expect_error(run.call(f"SELECT * FROM T WHERE {where}"), TYPE + key)


def test_key_values_are_not_empty_and_keys_are_not_documents(run):
    expect_error(run.call("SELECT * FROM T WHERE p = ''"),
                 "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                 "string value. Key: p")
    for statement in ("SELECT * FROM T WHERE p.x = 'a'", "SELECT p.x FROM T", "SELECT p FROM T WHERE p = 'a' AND p[0] = 1"):
        expect_error(run.call(statement), "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                                          "not allowed: Key: p")


def test_at_most_fifty_partition_keys(plain):
    some = ", ".join(f"'k{i}'" for i in range(50))
    assert plain.items(f"SELECT * FROM T WHERE p IN [{some}]") == []
    expect_error(plain.call(f"SELECT * FROM T WHERE p IN [{some}, 'a']"),
                 "The IN operator is provided with too many operands; number of operands: 51")


def test_tables_that_are_not_there(run):
    expect_error(run.call("SELECT * FROM Nowhere"), "Requested resource not found", "ResourceNotFoundException")
    for name in ("ab", '"a b c"', '"arn:aws:dynamodb:us-east-1:000000000000:table/Music"'):
        expect_error(run.call(f"SELECT * FROM {name}"),
                     "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.")


def test_parameters_are_as_many_as_question_marks(run):
    message = "Number of parameters in request and statement don't match."
    expect_error(run.call("SELECT * FROM T WHERE p = ?"), message)
    expect_error(run.call("SELECT * FROM T WHERE p = ? AND c = ?", S("a")), message)
    assert run.items("SELECT c FROM T WHERE p = ? AND c = ?", S("a"), N(1), N(2)) == [item(c=1)]  # More do no harm.


def test_what_the_model_says(shoal, run):
    expect_error(shoal.call("ExecuteStatement", {}),
                 "1 validation error detected: Value null at 'statement' failed to satisfy constraint: Member must not be null")
    expect_error(run.call("SELECT * FROM T", Parameters=[]),
                 "1 validation error detected: Value '[]' at 'parameters' failed to satisfy constraint: Member must have "
                 "length greater than or equal to 1")
    expect_error(run.call("SELECT * FROM T", Limit=0),
                 "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value "
                 "greater than or equal to 1")
    reply = run.call("SELECT * FROM T WHERE p = '" + "x" * 8192 + "'")
    assert reply.type == "ValidationException" and "less than or equal to 8192" in reply.message


def test_exists_is_for_transactions(run):
    expect_error(run.call("EXISTS(SELECT * FROM T WHERE p = 'a' AND c = 1 AND x = 1)"),
                 "EXISTS can only be used in ExecuteTransaction write requests.")


# ---- The log


def test_a_scan_is_told_once_for_its_shape(start_shoal):
    shoal = start_shoal()
    name = shoal.create_table("p:S c:N", gsi={"by_g": "g:S"})
    run = Statements(shoal, name)

    def told():
        return [line.partition("ExecuteStatement: ")[2] for line in shoal.log().splitlines() if "reads the whole" in line]

    for x in range(3):
        run(f"SELECT * FROM T WHERE x = {x} AND y > 'b{x}'")
    assert told() == [f'SELECT * FROM "{name}" WHERE x = ? AND y > ? reads the whole of {name}; a global secondary index with '
                      "the partition key x (N) and the sort key y would serve it"]
    run("SELECT p FROM T WHERE g = ?", S("v"))
    assert told()[1:] == [f'SELECT p FROM "{name}" WHERE g = ? reads the whole of {name}; its index by_g would serve it: '
                          f'FROM "{name}"."by_g"']
    run("SELECT * FROM T WHERE p = 'a' AND x = 1")
    run("SELECT * FROM T.by_g WHERE g = 'a' AND x = 1")
    run("SELECT * FROM T")
    assert len(told()) == 2
    run("SELECT * FROM T.by_g WHERE p = 'a'")
    assert told()[2].endswith(f"reads the whole of {name}.by_g; the table itself would serve it")


# ---- Through boto3


def test_boto3_pages_through_a_select(client, run):
    found = []
    arguments = {"Statement": run.text("SELECT p, c FROM T WHERE x >= ?"), "Parameters": [N(3)], "Limit": 3}
    while True:
        answer = client.execute_statement(**arguments)
        found += answer["Items"]
        if "NextToken" not in answer:
            break
        arguments["NextToken"] = answer["NextToken"]
    assert sorted(keys(found).split()) == ["a3", "a4", "b3", "b4", "c3", "c4", "d3", "d4"]

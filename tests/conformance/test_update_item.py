"""UpdateItem, from outside: its semantics, its answers and every error that is its own."""

import base64

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

UPDATE = ENVELOPE + "Invalid UpdateExpression: "
MISSING = "The provided expression refers to an attribute that does not exist in the item"
WRONG_TYPE = "An operand in the update expression has an incorrect data type"
INVALID_PATH = "The document path provided in the update expression is invalid for update"


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S c:N", gsi={"gsi": "g:S"})


KEY = item(p="a", c=1)


def update(table, expression=None, values=None, names=None, **more):
    body = {"TableName": table, "Key": KEY, **more}
    if expression is not None:
        body["UpdateExpression"] = expression
    if values:
        body["ExpressionAttributeValues"] = values
    if names:
        body["ExpressionAttributeNames"] = names
    return body


def strings(*texts):
    return {"L": [{"S": text} for text in texts]}


V = {":a": {"S": "A"}, ":b": {"S": "B"}, ":c": {"S": "C"}, ":n": {"N": "5"}, ":l": strings("x", "y"),
     ":ss": {"SS": ["s", "t"]}, ":ns": {"NS": ["1", "2"]}, ":m": {"M": {}}, ":e": {"L": []}}


def used(expression):
    """Those of V that the expression names."""
    return {name: value for name, value in V.items()
            if any(expression[i:i + len(name)] == name and not expression[i + len(name):i + len(name) + 1].isalnum()
                   for i in range(len(expression)))}


BEFORE = {**item(s="text", n=10), "l": strings("0", "1", "2"), "m": {"M": item(x="1", y=2)},
          "ss": {"SS": ["r", "s"]}, "ns": {"NS": ["2", "3"]}}


@pytest.mark.parametrize("expression, changed", [
    ("SET s = :a", {"s": {"S": "A"}}),
    ("set s = :a", {"s": {"S": "A"}}),
    ("SET fresh = :a, second_one = :b", item(fresh="A", second_one="B")),
    ("SET n = n + :n", item(n=15)),
    ("SET n = n - :n", item(n=5)),
    ("SET n = :n - n", item(n=-5)),
    ("SET x = if_not_exists(x, :n) + :n", item(x=10)),
    ("SET n = if_not_exists(n, :n) + :n", item(n=15)),
    ("SET x = s, s = :b", item(x="text", s="B")),  # right-hand sides see the item as it was
    ("SET l[0] = l[1], l[1] = l[0]", {"l": strings("1", "0", "2")}),
    ("SET l[1] = :a", {"l": strings("0", "A", "2")}),
    ("SET l[9] = :a, l[7] = :b", {"l": strings("0", "1", "2", "B", "A")}),
    ("SET l = list_append(l, :l)", {"l": strings("0", "1", "2", "x", "y")}),
    ("SET l = list_append(:l, l)", {"l": strings("x", "y", "0", "1", "2")}),
    ("SET k = list_append(if_not_exists(k, :e), :l)", {"k": strings("x", "y")}),
    ("SET m.x = :a", {"m": {"M": item(x="A", y=2)}}),
    ("SET m.z = m.x", {"m": {"M": item(x="1", y=2, z="1")}}),
    ("SET k = m", {"k": {"M": item(x="1", y=2)}}),
    ("SET m.l = :e", {"m": {"M": {**item(x="1", y=2), "l": {"L": []}}}}),
    ("SET n = (n + :n)", item(n=15)),
    ("REMOVE s", {"s": None}),
    ("REMOVE absent", {}),
    ("REMOVE m.x", {"m": {"M": item(y=2)}}),
    ("REMOVE m.absent", {}),
    ("REMOVE l[0], l[1]", {"l": strings("2")}),
    ("REMOVE l[1], l[0]", {"l": strings("2")}),
    ("REMOVE l[9]", {}),
    ("SET l[1] = :a REMOVE l[0]", {"l": strings("A", "2")}),
    ("ADD n :n", item(n=15)),
    ("ADD x :n", item(x=5)),
    ("ADD ss :ss", {"ss": {"SS": ["r", "s", "t"]}}),
    ("ADD x :ns", {"x": {"NS": ["1", "2"]}}),
    ("ADD m.y :n", {"m": {"M": item(x="1", y=7)}}),
    ("DELETE ss :ss", {"ss": {"SS": ["r"]}}),
    ("DELETE ns :ns", {"ns": {"NS": ["3"]}}),
    ("DELETE absent :ss", {}),
    ("SET s = :a REMOVE n ADD x :n DELETE ss :ss", {"s": {"S": "A"}, "n": None, "x": {"N": "5"}, "ss": {"SS": ["r"]}}),
    ("DELETE ss :ss ADD x :n REMOVE n SET s = :a", {"s": {"S": "A"}, "n": None, "x": {"N": "5"}, "ss": {"SS": ["r"]}}),
])
def test_what_an_expression_makes_of_an_item(shoal, table, expression, changed):
    shoal.put(table, {**KEY, **BEFORE})
    got = shoal.ok("UpdateItem", update(table, expression, used(expression), ReturnValues="ALL_NEW"))["Attributes"]
    expected = {name: value for name, value in {**KEY, **BEFORE, **changed}.items() if value is not None}
    for attributes in (got, expected):
        for value in attributes.values():
            for kind in ("SS", "NS"):
                if kind in value:
                    value[kind].sort()
    assert got == expected


def test_a_set_that_becomes_empty_goes(shoal, table):
    shoal.put(table, {**KEY, "ss": {"SS": ["s"]}})
    got = shoal.ok("UpdateItem", update(table, "DELETE ss :ss", {":ss": {"SS": ["s", "t"]}}, ReturnValues="ALL_NEW"))
    assert got == {"Attributes": KEY}


@pytest.mark.parametrize("first, operation, second, result", [
    ("5", "-", "0.1", "4.9"), ("99999999999999999999999999999999999999", "-", "1", "9" * 37 + "8"),
    ("0.1", "+", "0.2", "0.3"), ("1E125", "-", "1E125", "0"), ("-1", "+", "1", "0"), ("1e-130", "+", "1e-130", "2E-130")])
def test_arithmetic_is_exact(shoal, table, first, operation, second, result):
    shoal.put(table, {**KEY, "n": {"N": first}})
    got = shoal.ok("UpdateItem", update(table, f"SET n = n {operation} :v", {":v": {"N": second}},
                                        ReturnValues="UPDATED_NEW"))
    number = got["Attributes"]["n"]["N"]
    assert number == (result if "E" not in result else "0." + "0" * 129 + "2")


@pytest.mark.parametrize("stored, expression, value, message", [
    ("9E125", "SET n = n + :v", "9E125",
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ("9E125", "ADD n :v", "9E125",
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ("1E50", "SET n = n + :v", "1", "Attempting to store more than 38 significant digits in a Number"),
    ("1.5E-130", "SET n = n - :v", "1E-130",
     "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
    ("1.5E-130", "ADD n :v", "-1E-130",
     "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
    ("-9E125", "SET n = n - :v", "9E125",
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ("1E50", "ADD n :v", "1", "Attempting to store more than 38 significant digits in a Number"),
])
def test_results_outside_of_the_range_of_numbers_are_refused(shoal, table, stored, expression, value, message):
    shoal.put(table, {**KEY, "n": {"N": stored}})
    reply = shoal.call("UpdateItem", update(table, expression, {":v": {"N": value}}))
    assert (reply.type, reply.message) == ("ValidationException", message)
    assert "n" in shoal.ok("GetItem", {"TableName": table, "Key": KEY})["Item"]


# ---- Creation

def test_it_creates_what_is_not_there(shoal, table):
    shoal.ok("DeleteItem", {"TableName": table, "Key": KEY})
    assert shoal.ok("UpdateItem", update(table, "SET s = :a", {":a": {"S": "A"}}, ReturnValues="ALL_NEW")) == {
        "Attributes": {**KEY, **item(s="A")}}


@pytest.mark.parametrize("returned", ["ALL_OLD", "UPDATED_OLD"])
def test_a_new_item_has_no_old_attributes(shoal, table, returned):
    shoal.ok("DeleteItem", {"TableName": table, "Key": KEY})
    assert shoal.ok("UpdateItem", update(table, "SET s = :a", {":a": {"S": "A"}}, ReturnValues=returned)) == {}


def test_without_an_expression_it_makes_an_item_of_the_key_alone(shoal, table):
    shoal.ok("DeleteItem", {"TableName": table, "Key": KEY})
    assert shoal.ok("UpdateItem", update(table, ReturnValues="ALL_NEW")) == {"Attributes": KEY}
    assert shoal.ok("GetItem", {"TableName": table, "Key": KEY}) == {"Item": KEY}


@pytest.mark.parametrize("expression", ["REMOVE a", "DELETE ss :ss", "REMOVE a DELETE ss :ss", "REMOVE a.b.c"])
def test_removing_from_an_item_that_is_not_there_does_not_create_it(shoal, table, expression):
    shoal.ok("DeleteItem", {"TableName": table, "Key": KEY})
    assert shoal.ok("UpdateItem", update(table, expression, used(expression), ReturnValues="ALL_NEW")) == {}
    assert shoal.ok("GetItem", {"TableName": table, "Key": KEY}) == {}


def test_a_condition_decides(shoal, table):
    shoal.put(table, {**KEY, **item(v=1)})
    body = update(table, "SET v = v + :one", {":one": {"N": "1"}, ":old": {"N": "7"}}, ConditionExpression="v = :old",
                  ReturnValuesOnConditionCheckFailure="ALL_OLD")
    reply = shoal.call("UpdateItem", body)
    expect_error(reply, "The conditional request failed", "ConditionalCheckFailedException")
    assert reply.json["Item"] == {**KEY, **item(v=1)}
    shoal.ok("UpdateItem", {**body, "ExpressionAttributeValues": {":one": {"N": "1"}, ":old": {"N": "1"}}})
    assert shoal.ok("GetItem", {"TableName": table, "Key": KEY})["Item"]["v"] == {"N": "2"}


# ---- ReturnValues

@pytest.mark.parametrize("expression, returned, expected", [
    ("SET s = :a", "NONE", None),
    ("SET s = :a", "UPDATED_OLD", item(s="text")),
    ("SET s = :a", "UPDATED_NEW", item(s="A")),
    ("SET fresh = :a", "UPDATED_OLD", None),
    ("SET fresh = :a", "UPDATED_NEW", item(fresh="A")),
    ("REMOVE s", "UPDATED_NEW", None),
    ("REMOVE s", "UPDATED_OLD", item(s="text")),
    ("SET m.x = :a", "UPDATED_OLD", {"m": {"M": item(x="1")}}),
    ("SET m.x = :a", "UPDATED_NEW", {"m": {"M": item(x="A")}}),
    ("SET l[1] = :a", "UPDATED_NEW", {"l": strings("A")}),
    ("SET l[1] = :a", "UPDATED_OLD", {"l": strings("1")}),
    ("SET l[9] = :a", "UPDATED_NEW", None),
    ("REMOVE l[1]", "UPDATED_NEW", {"l": strings("2")}),
    ("REMOVE l[1]", "UPDATED_OLD", {"l": strings("1")}),
    ("SET s = :a, m.x = :b REMOVE n", "UPDATED_NEW", {**item(s="A"), "m": {"M": item(x="B")}}),
    ("SET n = n", "UPDATED_NEW", item(n=10)),  # nothing changes: told all the same
    ("ADD n :n", "UPDATED_OLD", item(n=10)),
])
def test_what_it_returns(shoal, table, expression, returned, expected):
    shoal.put(table, {**KEY, **BEFORE})
    got = shoal.ok("UpdateItem", update(table, expression, used(expression), ReturnValues=returned))
    assert got == ({} if expected is None else {"Attributes": expected})


# ---- Errors of the request

@pytest.mark.parametrize("body, message", [
    ({"Key": {}}, ENVELOPE + "Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T"}, ENVELOPE + "Value null at 'key' failed to satisfy constraint: Member must not be null"),
    ({"TableName": "T", "Key": {}, "ReturnValues": "x"},
     ENVELOPE + "Failed to satisfy constraint: Member must satisfy enum value set: "
                "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"),
    ({"TableName": "T", "Key": {}}, "The provided key element does not match the schema"),
    ({"TableName": "T", "Key": item(p="a")}, "The provided key element does not match the schema"),
    ({"TableName": "T", "Key": item(p="a", c="1")}, "The provided key element does not match the schema"),
    ({"TableName": "T", "Key": item(p="", c=1)},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
     "string value. Key: p"),
    ({"TableName": "T", "Key": KEY, "UpdateExpression": "REMOVE a", "AttributeUpdates": {}, "Expected": {}},
     ENVELOPE + "Can not use both expression and non-expression parameters in the same request: "
                "Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression}"),
    ({"TableName": "T", "Key": KEY, "ExpressionAttributeValues": {":a": {"S": "a"}}},
     ENVELOPE + "ExpressionAttributeValues can only be specified when using expressions"),
    ({"TableName": "T", "Key": KEY, "ExpressionAttributeNames": {"#a": "a"}},
     ENVELOPE + "ExpressionAttributeNames can only be specified when using expressions"),
])
def test_errors_of_the_request(shoal, table, body, message):
    expect_error(shoal.call("UpdateItem", fill(body, table)), message)


def test_a_missing_table_is_not_found(shoal):
    expect_error(shoal.call("UpdateItem", {"TableName": "nosuch", "Key": KEY}), "Requested resource not found",
                 "ResourceNotFoundException")


# ---- Errors of the expression

@pytest.mark.parametrize("expression, message", [
    ("", "The expression can not be empty;"),
    ("SET x = ", 'Syntax error; token: "<EOF>", near: "= "'),
    ("SET x :a", 'Syntax error; token: ":a", near: "x :a"'),
    ("SET x = :n + :n + :n", 'Syntax error; token: "+", near: ":n + :n"'),
    ("SET x = :n * :n", 'Syntax error; token: "*", near: ":n * :n"'),
    ("SET (x) = :a", 'Syntax error; token: "(", near: "SET (x"'),
    ("SET x = :a SET y = :b", 'The "SET" section can only be used once in an update expression;'),
    ("REMOVE x REMOVE y", 'The "REMOVE" section can only be used once in an update expression;'),
    ("ADD x :n ADD y :n", 'The "ADD" section can only be used once in an update expression;'),
    ("DELETE x :ss DELETE y :ss", 'The "DELETE" section can only be used once in an update expression;'),
    ("SET size = :a", "Attribute name is a reserved keyword; reserved keyword: size"),
    ("SET x.status = :a", "Attribute name is a reserved keyword; reserved keyword: status"),
    ("SET Name = :a", "Attribute name is a reserved keyword; reserved keyword: Name"),
    ("SET x = f(:a)", "Invalid function name; function: f"),
    ("SET x = size(y)", "The function is not allowed in an update expression; function: size"),
    ("SET x = attribute_exists(y)", "The function is not allowed in an update expression; function: attribute_exists"),
    ("SET x = if_not_exists(x)",
     "Incorrect number of operands for operator or function; "
     "operator or function: if_not_exists, number of operands: 1"),
    ("SET x = list_append(:l)",
     "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1"),
    ("SET x = list_append(:l, :l, :l)",
     "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 3"),
    ("SET x = if_not_exists(:a, :b)",
     "Operator or function requires a document path; operator or function: if_not_exists"),
    ("SET x = :a + n", "Incorrect operand type for operator or function; operator or function: +, operand type: S"),
    ("SET x = n - :a", "Incorrect operand type for operator or function; operator or function: -, operand type: S"),
    ("SET x = list_append(l, :n)",
     "Incorrect operand type for operator or function; operator or function: list_append, operand type: N"),
    ("ADD x :a", "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
                 "typeSet: ALLOWED_FOR_ADD_OPERAND"),
    ("ADD x :l", "Incorrect operand type for operator or function; operator: ADD, operand type: LIST, "
                 "typeSet: ALLOWED_FOR_ADD_OPERAND"),
    ("ADD x :m", "Incorrect operand type for operator or function; operator: ADD, operand type: MAP, "
                 "typeSet: ALLOWED_FOR_ADD_OPERAND"),
    ("DELETE x :n", "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, "
                    "typeSet: ALLOWED_FOR_DELETE_OPERAND"),
    ("SET x = #n", "An expression attribute name used in the document path is not defined; attribute name: #n"),
    ("SET x = :z", "An expression attribute value used in expression is not defined; attribute value: :z"),
    ("SET x = :a, x = :b",
     "Two document paths overlap with each other; must remove or rewrite one of these paths; "
     "path one: [x], path two: [x]"),
    ("SET x.y = :a REMOVE x",
     "Two document paths overlap with each other; must remove or rewrite one of these paths; "
     "path one: [x, y], path two: [x]"),
    ("SET x.y = :a, x[0] = :b",
     "Two document paths conflict with each other; must remove or rewrite one of these paths; "
     "path one: [x, y], path two: [x, [0]]"),
    ("SET x[99999999999] = :a", "List index is not within the allowable range; index: [99999999999]"),
    ("REMOVE " + ".".join(["a"] * 33), "The document path has too many nesting levels; nesting levels: 33"),
    ("ADD x y", 'Syntax error; token: "y", near: "x y"'),
    ("SET x = ((:a))", "The expression has redundant parentheses;"),
])
def test_errors_of_the_expression(shoal, table, expression, message):
    values = {name: value for name, value in used(expression).items()}
    expect_error(shoal.call("UpdateItem", update(table, expression, values)), UPDATE + message)


def test_an_expression_may_have_4_kb(shoal, table):
    at_limit = "REMOVE " + "a" * (4096 - 7)
    shoal.ok("UpdateItem", update(table, at_limit))
    expect_error(shoal.call("UpdateItem", update(table, at_limit + "a")),
                 UPDATE + "Expression size has exceeded the maximum allowed size; expression size: 4097")


@pytest.mark.parametrize("names, values, message", [
    ({"#x": "x", "#a": "a", "#b": "b"}, {":a": {"S": "a"}},
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}"),
    ({"#x": "x"}, {":a": {"S": "a"}, ":b": {"S": "b"}, ":c": {"S": "c"}},
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b, :c}"),
    ({"#x": "x", "#b": "b"}, {":a": {"S": "a"}, ":b": {"S": "b"}},  # names first
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"),
    ({"x": "x"}, {":a": {"S": "a"}}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "x"'),
    ({"#x": "x"}, {"a": {"S": "a"}}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'),
    ({"#": "x"}, {":a": {"S": "a"}}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'),
    ({"#x": ""}, {":a": {"S": "a"}},
     "ExpressionAttributeNames contains invalid value: Empty attribute name for key #x"),
    ({"#x": "x"}, {}, "ExpressionAttributeValues must not be empty"),
    ({}, {":a": {"S": "a"}}, "ExpressionAttributeNames must not be empty"),
    ({"#x": "x"}, {":a": {}}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"#x": "x"}, {":a": {"N": "x"}}, "The parameter cannot be converted to a numeric value: x"),
    ({"#x": "x"}, {":a": {"SS": ["a", "a"]}},
     'One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates.'),
])
def test_errors_of_the_substitutions(shoal, table, names, values, message):
    body = {"TableName": table, "Key": KEY, "UpdateExpression": "SET #x = :a", "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values}
    expect_error(shoal.call("UpdateItem", body), ENVELOPE + message)


# ---- Errors that need the item or the table

@pytest.mark.parametrize("expression, message", [
    ("SET x = nosuch", MISSING), ("SET x = nosuch + :n", MISSING), ("SET x = list_append(nosuch, :l)", MISSING),
    ("SET x = if_not_exists(nosuch, nosuch2)", MISSING), ("SET x = m.nosuch", MISSING), ("SET x = l[9]", MISSING),
    ("SET x = s + :n", WRONG_TYPE), ("SET x = :n - l", WRONG_TYPE), ("SET x = list_append(s, :l)", WRONG_TYPE),
    ("ADD s :n", WRONG_TYPE), ("ADD n :ss", WRONG_TYPE), ("ADD ss :ns", WRONG_TYPE), ("ADD ss :n", WRONG_TYPE),
    ("DELETE ss :ns", WRONG_TYPE), ("DELETE n :ns", WRONG_TYPE),
    ("SET nosuch.x = :a", INVALID_PATH), ("SET m.nosuch.x = :a", INVALID_PATH), ("SET l.x = :a", INVALID_PATH),
    ("SET m[0] = :a", INVALID_PATH), ("SET s.x = :a", INVALID_PATH), ("SET nosuch[0] = :a", INVALID_PATH),
    ("ADD nosuch.x :n", INVALID_PATH), ("REMOVE nosuch.x", INVALID_PATH), ("REMOVE l.x", INVALID_PATH),
    ("REMOVE m[0]", INVALID_PATH),
])
def test_errors_that_the_stored_item_makes(shoal, table, expression, message):
    shoal.put(table, {**KEY, **BEFORE})
    expect_error(shoal.call("UpdateItem", update(table, expression, used(expression))), message)
    assert shoal.ok("GetItem", {"TableName": table, "Key": KEY})["Item"]["s"] == {"S": "text"}


CANNOT_UPDATE = "One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of the key"


@pytest.mark.parametrize("expression, message", [
    ("SET p = :a", CANNOT_UPDATE.format("p")), ("REMOVE c", CANNOT_UPDATE.format("c")),
    ("ADD c :n", CANNOT_UPDATE.format("c")), ("SET p.x = :a", CANNOT_UPDATE.format("p")),
    ("SET g = :n", "The update expression attempted to update the secondary index key to unsupported type"),
    ("SET g = :l", "The update expression attempted to update the secondary index key to unsupported type"),
    ("ADD g :n", "The update expression attempted to update the secondary index key to unsupported type"),
    ("SET x = g.x", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g"),
    ("SET x = if_not_exists(p[0], :a)",
     "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"),
    ("SET x = list_append(l, c.x)",
     "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: c"),
    ("SET g.x = :a", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
                     "IndexKey: g"),
])
def test_keys_of_table_and_index_are_guarded(shoal, table, expression, message):
    expect_error(shoal.call("UpdateItem", update(table, expression, used(expression))), message)


@pytest.mark.parametrize("value, message", [
    ({"S": ""}, "One or more parameter values are not valid. The update expression attempted to update a secondary "
                "index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an "
                "empty string value."),
    ({"S": "x" * 2049}, "The update expression attempted to update the secondary index key beyond allowed size limits"),
])
def test_values_of_index_keys_are_checked(shoal, table, value, message):
    expect_error(shoal.call("UpdateItem", update(table, "SET g = :v", {":v": value})), message)


def test_the_result_may_not_exceed_400_kb(shoal, table):
    shoal.put(table, {**KEY, **item(v="x" * 300_000)})
    expect_error(shoal.call("UpdateItem", update(table, "SET w = v")),
                 "Item size to update has exceeded the maximum allowed size")
    shoal.ok("UpdateItem", update(table, "SET w = :w", {":w": {"S": "x" * 100_000}}))


def test_index_entries_follow_the_update(shoal, table):
    shoal.put(table, {**KEY, **item(g="before", v=1)})
    shoal.ok("UpdateItem", update(table, "SET g = :g", {":g": {"S": "after"}}))

    def count(g):
        return shoal.ok("Query", {"TableName": table, "IndexName": "gsi", "KeyConditionExpression": "g = :g",
                                  "ExpressionAttributeValues": {":g": {"S": g}}})["Count"]

    assert (count("before"), count("after")) == (0, 1)
    shoal.ok("UpdateItem", update(table, "REMOVE g"))
    assert count("after") == 0


def test_it_costs_by_the_larger_of_both_items(shoal, table):
    shoal.put(table, {**KEY, **item(v="x" * 2500)})
    body = update(table, "SET v = :v", {":v": {"S": "x"}}, ReturnConsumedCapacity="TOTAL")
    assert shoal.ok("UpdateItem", body) == {"ConsumedCapacity": {"TableName": table, "CapacityUnits": 3}}
    assert shoal.ok("UpdateItem", body) == {"ConsumedCapacity": {"TableName": table, "CapacityUnits": 1}}
    with_index = update(table, "SET g = :g", {":g": {"S": "cost"}}, ReturnConsumedCapacity="INDEXES")
    assert shoal.ok("UpdateItem", with_index) == {"ConsumedCapacity": {
        "TableName": table, "CapacityUnits": 2, "Table": {"CapacityUnits": 1},
        "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 1}}}}


def test_counters_of_many_writers_lose_no_count(shoal, table):
    import concurrent.futures
    from support.shoal_process import Wire

    shoal.put(table, {**KEY, **item(n=0)})

    def count_up(_):
        wire = Wire(shoal.host, shoal.port)
        for _ in range(50):
            wire.ok("UpdateItem", update(table, "ADD n :one", {":one": {"N": "1"}}))
        wire.close()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(8)))
    assert shoal.ok("GetItem", {"TableName": table, "Key": KEY, "ConsistentRead": True})["Item"]["n"] == {"N": "400"}


@pytest.mark.parametrize("value, name", [
    ({"S": "x"}, "STRING"), ({"B": "AA=="}, "BINARY"), ({"BOOL": True}, "BOOLEAN"), ({"NULL": True}, "NULL"), ({"L": []}, "LIST"),
    ({"M": {}}, "MAP"), ({"N": "1"}, "NUMBER")])
def test_operands_of_add_and_delete_by_type(shoal, table, value, name):
    told = "Incorrect operand type for operator or function; operator: {0}, operand type: {1}, typeSet: ALLOWED_FOR_{0}_OPERAND"
    if name != "NUMBER":
        expect_error(shoal.call("UpdateItem", update(table, "ADD x :v", {":v": value})), UPDATE + told.format("ADD", name))
    expect_error(shoal.call("UpdateItem", update(table, "DELETE x :v", {":v": value})), UPDATE + told.format("DELETE", name))


def test_the_result_may_have_exactly_400_kb(shoal, table):
    # p (1) + "a" (1) + c (1) + 1 (2) + v (1) + the text
    room = 409_600 - 1 - 1 - 1 - 2 - 1
    shoal.ok("DeleteItem", {"TableName": table, "Key": KEY})
    shoal.ok("UpdateItem", update(table, "SET v = :v", {":v": {"S": "x" * room}}))
    expect_error(shoal.call("UpdateItem", update(table, "SET v = :v", {":v": {"S": "x" * (room + 1)}})),
                 "Item size to update has exceeded the maximum allowed size")
    assert len(shoal.ok("GetItem", {"TableName": table, "Key": KEY})["Item"]["v"]["S"]) == room


def test_a_fallback_that_is_not_there_fails_though_it_is_not_needed(shoal, table):
    shoal.put(table, {**KEY, **item(n=1)})
    expect_error(shoal.call("UpdateItem", update(table, "SET x = if_not_exists(n, zz)")), MISSING)


@pytest.mark.parametrize("value, message", [
    ({"B": ""}, "One or more parameter values are not valid. The update expression attempted to update a secondary "
                "index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an "
                "empty binary value."),
    ({"B": "A" * 2732}, None),  # 2,049 bytes of base64
    ({"S": "x"}, "The update expression attempted to update the secondary index key to unsupported type"),
])
def test_binary_and_sort_keys_of_an_index(shoal, value, message):
    table = shoal.create_table("p:S", gsi={"gsi": "h:B r:B"})
    body = {"TableName": table, "Key": item(p="a"), "UpdateExpression": "SET h = :h, r = :r"}
    long = "The update expression attempted to update the secondary index key beyond allowed size limits"
    for values in ({":h": value, ":r": {"B": "AA=="}}, {":h": {"B": "AA=="}, ":r": value}):
        expect_error(shoal.call("UpdateItem", {**body, "ExpressionAttributeValues": values}), message or long)
    just = {":h": {"B": base64.b64encode(b"x" * 2048).decode()}, ":r": {"B": base64.b64encode(b"x" * 1024).decode()}}
    shoal.ok("UpdateItem", {**body, "ExpressionAttributeValues": just})
    above = {**just, ":r": {"B": base64.b64encode(b"x" * 1025).decode()}}
    expect_error(shoal.call("UpdateItem", {**body, "ExpressionAttributeValues": above}), long)


def test_a_key_too_long_is_told_as_in_other_operations(shoal):
    table = shoal.create_table("p:S c:S")
    expect_error(shoal.call("UpdateItem", {"TableName": table, "Key": item(p="x" * 2049, c="c")}),
                 "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
    expect_error(shoal.call("UpdateItem", {"TableName": table, "Key": item(p="p", c="x" * 1025)}),
                 "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes")


def test_returned_paths_of_several_depths(shoal, table):
    """Only the touched leaves, inside their parents; of lists only the touched elements."""
    shoal.put(table, {**KEY, "m": {"M": {"a": {"M": item(x=1, y=2)}, "l": {"L": [{"N": "0"}, {"N": "1"}, {"M": item(z=3, w=4)}]}}}})
    expression = "SET m.a.x = :a, m.l[0] = :b, m.l[2].z = :a REMOVE m.a.y"
    values = {":a": {"S": "A"}, ":b": {"S": "B"}}
    def attempt(returned):
        got = shoal.ok("UpdateItem", update(table, expression, values, ReturnValues=returned, ConditionExpression="attribute_exists(p)"))
        return got["Attributes"]
    assert attempt("UPDATED_OLD") == {"m": {"M": {"a": {"M": item(x=1, y=2)}, "l": {"L": [{"N": "0"}, {"M": item(z=3)}]}}}}
    assert attempt("UPDATED_NEW") == {"m": {"M": {"a": {"M": item(x="A")}, "l": {"L": [{"S": "B"}, {"M": item(z="A")}]}}}}


def test_a_bad_wish_for_the_item_of_a_failure(shoal, table):
    told = (ENVELOPE + "Value 'x' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: "
                       "Member must satisfy enum value set: [ALL_OLD, NONE]")
    for operation, body in (("UpdateItem", {"Key": KEY}), ("DeleteItem", {"Key": KEY}), ("PutItem", {"Item": KEY})):
        expect_error(shoal.call(operation, {"TableName": table, **body, "ReturnValuesOnConditionCheckFailure": "x"}), told)

"""Conditions and filters: what they mean, and every error, in the words of the operation that has them."""

import re

import pytest

from support.expect import ENVELOPE, expect_error, item

VALUES = {":a": {"S": "A"}, ":b": {"S": "B"}, ":empty": {"S": ""}, ":1": {"N": "1"}, ":2": {"N": "2"}, ":3": {"N": "3"},
          ":bin": {"B": "AQI="}, ":bin1": {"B": "AQ=="}, ":t": {"BOOL": True}, ":null": {"NULL": True},
          ":ss": {"SS": ["x", "y"]}, ":ss_other_order": {"SS": ["y", "x"]}, ":ns": {"NS": ["1.0", "2"]},
          ":list": {"L": [{"S": "A"}, {"N": "1"}]}, ":map": {"M": {"k": {"S": "v"}}}, ":type_s": {"S": "S"},
          ":type_l": {"S": "L"}, ":bad_type": {"S": "Z"}, ":te": {"S": "te"}, ":x": {"S": "x"}}

ITEM = {"p": {"S": "a"}, "s": {"S": "text"}, "n": {"N": "2"}, "bin": {"B": "AQI="}, "t": {"BOOL": True},
        "z": {"NULL": True}, "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]},
        "l": {"L": [{"S": "A"}, {"N": "1"}, {"L": []}]}, "m": {"M": {"k": {"S": "v"}, "n": {"N": "2"}}},
        "e": {"S": ""}, "emoji": {"S": "é"}}


def used(expression):
    return {name: VALUES[name] for name in set(re.findall(r":\w+", expression)) if name in VALUES}


@pytest.fixture(scope="module")
def table(shoal):
    name = shoal.create_table("p:S", gsi={"gsi": "g:S"})
    shoal.put(name, ITEM)
    return name


def scan(table, expression, names=None):
    body = {"TableName": table, "FilterExpression": expression}
    if used(expression):
        body["ExpressionAttributeValues"] = used(expression)
    if names:
        body["ExpressionAttributeNames"] = names
    return body


@pytest.mark.parametrize("expression, holds", [
    # comparisons
    ("n = :2", True), ("n = :1", False), ("n <> :1", True), ("n < :3", True), ("n < :2", False), ("n <= :2", True),
    ("n > :1", True), ("n >= :3", False), (":1 < n", True), ("s = :a", False), ("s > :a", True), ("bin > :bin1", True),
    ("bin = :bin", True), ("t = :t", True), ("z = :null", True), ("ss = :ss_other_order", True), ("ns = :ns", True),
    ("m.k = :x", False), ("l[0] = :a", True), ("l[1] = :1", True), ("n = m.n", True), ("l[0] <> s", True),
    (":a = :a", True), (":a = :b", False),
    # what is not there, and what is of another type
    ("absent = :a", False), ("absent <> :a", True), ("absent < :a", False), ("NOT (absent = :a)", True),
    ("absent = nowhere", False), ("m.absent.deeper = :a", False), ("l[9] = :a", False), ("s.k = :a", False),
    ("n = :a", False), ("n <> :a", True), ("n < :a", False), ("NOT n < :a", True), ("n > :a", False), ("t < n", False),
    # between, in
    ("n BETWEEN :1 AND :3", True), ("n BETWEEN :2 AND :2", True), ("n BETWEEN :3 AND :3", False),
    ("n BETWEEN :1 AND m.n", True), ("s BETWEEN :1 AND :3", False), ("absent BETWEEN :1 AND :3", False),
    ("n IN (:1, :2)", True), ("n IN (:1)", False), ("n IN (:a, :2)", True), ("absent IN (:1)", False), ("n in (m.n)", True),
    # functions
    ("attribute_exists(s)", True), ("attribute_exists(z)", True), ("attribute_exists(m.k)", True),
    ("attribute_exists(m.x)", False), ("attribute_exists(l[2])", True), ("attribute_not_exists(absent)", True),
    ("attribute_not_exists(absent.deeper[1])", True), ("attribute_not_exists(s)", False),
    ("attribute_type(s, :type_s)", True), ("attribute_type(n, :type_s)", False), ("attribute_type(l, :type_l)", True),
    ("attribute_type(absent, :type_s)", False),
    ("begins_with(s, :te)", True), ("begins_with(s, :empty)", True), ("begins_with(s, :a)", False),
    ("begins_with(bin, :bin1)", True), ("begins_with(n, :a)", False), ("begins_with(absent, :a)", False),
    ("contains(s, :te)", True), ("contains(s, :x)", True), ("contains(s, :a)", False), ("contains(s, :empty)", True),
    ("contains(ss, :x)", True), ("contains(ss, :a)", False), ("contains(ns, :1)", True), ("contains(ns, :3)", False),
    ("contains(l, :1)", True), ("contains(l, :2)", False), ("contains(m, :a)", False), ("contains(n, :2)", False),
    ("contains(bin, :bin1)", True), ("contains(:list, l[0])", True), ("contains(s, :1)", False),
    ("size(s) > :3", True), ("size(l) = :3", True), ("size(m) = :2", True), ("size(ss) = :2", True),
    ("size(bin) = :2", True), ("size(emoji) = :1", True), ("size(n) < :3", False), ("size(absent) < :3", False),
    ("size(e) < :1", True), ("size(l) BETWEEN :1 AND :3", True), (":2 <= size(l)", True),
    # logic
    ("n = :2 AND s <> :a", True), ("n = :1 OR s <> :a", True), ("n = :1 OR n = :3", False), ("NOT n = :1", True),
    ("NOT NOT n = :2", True), ("n = :2 OR n = :1 AND n = :3", True), ("(n = :2 OR n = :1) AND n = :3", False),
    ("NOT n = :1 AND n = :3", False), ("not (n = :1 and n = :3)", True), ("n = (:2)", True), ("(n) = :2", True),
    ("n=:2", True), ("  n\n=\t:2 ", True), ("l [ 0 ] = :a", True),
])
def test_what_holds(shoal, table, expression, holds):
    assert shoal.ok("Scan", scan(table, expression))["Count"] == int(holds)
    condition = {"TableName": table, "Item": ITEM, "ConditionExpression": expression}
    if used(expression):
        condition["ExpressionAttributeValues"] = used(expression)
    assert shoal.call("PutItem", condition).status == (200 if holds else 400)


def test_conditions_on_what_is_not_there_see_no_attributes(shoal, table):
    body = {"TableName": table, "Item": item(p="nobody"), "ConditionExpression": "attribute_exists(p) OR p = :a",
            "ExpressionAttributeValues": {":a": VALUES[":a"]}}
    expect_error(shoal.call("PutItem", body), "The conditional request failed", "ConditionalCheckFailedException")
    shoal.ok("DeleteItem", {"TableName": table, "Key": item(p="nobody"), "ConditionExpression": "attribute_not_exists(p)"})


WRONG_TYPE = "Incorrect operand type for operator or function; operator or function: {}, operand type: {}"
COUNT = "Incorrect number of operands for operator or function; operator or function: {}, number of operands: {}"
DISTINCT = ("The first operand must be distinct from the remaining operands for this operator or function; "
            "operator: {}, first operand: {}")

ERRORS = [
    ("", "The expression can not be empty;"),
    # the examples of the rule for syntax errors
    ("x", 'Syntax error; token: "<EOF>", near: "x"'),
    ("x = = :a", 'Syntax error; token: "=", near: "= = :a"'),
    ("AND x = :a", 'Syntax error; token: "AND", near: "AND x"'),
    ("x = :a x", 'Syntax error; token: "x", near: ":a x"'),
    (" AND x = :a", 'Syntax error; token: "AND", near: " AND x"'),
    ("x.and = :a", 'Syntax error; token: "and", near: ".and ="'),
    ("set = :a", 'Syntax error; token: "set", near: "set ="'),
    ("x != :a", 'Syntax error; token: "!", near: "x !="'),
    ("x[0 = :a", 'Syntax error; token: "=", near: "0 = :a"'),
    ("x[-1] = :a", 'Syntax error; token: "-", near: "[-1"'),
    ("x = :a AND", 'Syntax error; token: "<EOF>", near: "AND"'),
    ('x = "a"', 'Syntax error; token: """, near: "= "a"'),
    ("x+:a = :a", 'Syntax error; token: "+", near: "x+:a"'),
    ("x IN ()", 'Syntax error; token: ")", near: "()"'),
    ("_x = :a", 'Syntax error; token: "_", near: "_x"'),
    ("((x = :a))", "The expression has redundant parentheses;"),
    ("((x)) = :a", "The expression has redundant parentheses;"),
    # names
    ("name = :a", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("x.Status = :a", "Attribute name is a reserved keyword; reserved keyword: Status"),
    ("#n = :a", "An expression attribute name used in the document path is not defined; attribute name: #n"),
    ("x = :zz", "An expression attribute value used in expression is not defined; attribute value: :zz"),
    # functions
    ("f(x)", "Invalid function name; function: f"),
    ("SIZE(x) = :1", "Invalid function name; function: SIZE"),
    ("f(name)", "Invalid function name; function: f"),
    ("if_not_exists(x, :a) = :a", "The function is not allowed in a condition expression; function: if_not_exists"),
    ("list_append(x, :a) = :a", "The function is not allowed in a condition expression; function: list_append"),
    ("size(x)", "The function is not allowed to be used this way in an expression; function: size"),
    ("attribute_exists(x) = :t", "The function is not allowed to be used this way in an expression; "
                                 "function: attribute_exists"),
    ("begins_with(x)", COUNT.format("begins_with", 1)), ("contains(x)", COUNT.format("contains", 1)),
    ("contains(x, :a, :b)", COUNT.format("contains", 3)), ("size(x, y) = :1", COUNT.format("size", 2)),
    ("attribute_exists(x, y)", COUNT.format("attribute_exists", 2)), ("attribute_type(x)", COUNT.format("attribute_type", 1)),
    ("attribute_exists(:a)", "Operator or function requires a document path; operator or function: attribute_exists"),
    ("attribute_not_exists(:a)", "Operator or function requires a document path; "
                                 "operator or function: attribute_not_exists"),
    ("attribute_type(:a, :type_s)", "Operator or function requires a document path; operator or function: attribute_type"),
    ("begins_with(x, :1)", WRONG_TYPE.format("begins_with", "N")),
    ("begins_with(:1, x)", WRONG_TYPE.format("begins_with", "N")),
    ("begins_with(x, :ss)", WRONG_TYPE.format("begins_with", "SS")),
    ("attribute_type(x, :1)", WRONG_TYPE.format("attribute_type", "N")),
    ("size(:1) = :1", WRONG_TYPE.format("size", "N")), ("size(:t) = :1", WRONG_TYPE.format("size", "BOOL")),
    ("size(:null) = :1", WRONG_TYPE.format("size", "NULL")),
    ("x < :t", WRONG_TYPE.format("<", "BOOL")), ("x <= :null", WRONG_TYPE.format("<=", "NULL")),
    ("x > :ss", WRONG_TYPE.format(">", "SS")), ("x >= :list", WRONG_TYPE.format(">=", "L")),
    ("x < :map", WRONG_TYPE.format("<", "M")), ("x BETWEEN :t AND :t", WRONG_TYPE.format("BETWEEN", "BOOL")),
    # operands
    ("x = x", DISTINCT.format("=", "[x]")), ("x.y[0] < x.y[0]", DISTINCT.format("<", "[x, y, [0]]")),
    ("contains(x, x)", DISTINCT.format("contains", "[x]")), ("begins_with(x, x)", DISTINCT.format("begins_with", "[x]")),
    ("x IN (:a, x)", DISTINCT.format("IN", "[x]")), ("x BETWEEN x AND :a", DISTINCT.format("BETWEEN", "[x]")),
    ("x BETWEEN :2 AND :1", "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
                            "lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"),
    ("x BETWEEN :2 AND :a", "The BETWEEN operator requires same data type for lower and upper bounds; "
                            "lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:A}"),
    # limits
    ("x[99999999999] = :a", "List index is not within the allowable range; index: [99999999999]"),
    (".".join(["x"] * 33) + " = :a", "The document path has too many nesting levels; nesting levels: 33"),
    ("x IN (" + ", ".join([":a"] * 101) + ")",
     "The IN operator is provided with too many operands; number of operands: 101"),
    (" OR ".join(["x=:a"] * 151), "The expression contains too many operators; operator count: 301"),
    # the first failure from left to right wins
    ("x = :zz AND begins_with(x, :1)", "An expression attribute value used in expression is not defined; "
                                       "attribute value: :zz"),
    ("begins_with(x, :1) AND x = :zz", WRONG_TYPE.format("begins_with", "N")),
    ("begins_with(:1)", COUNT.format("begins_with", 1)),
    ("((name = :zz))", "The expression has redundant parentheses;"),
]


@pytest.mark.parametrize("expression, message", ERRORS, ids=[expression[:40] for expression, _ in ERRORS])
def test_errors(shoal, table, expression, message):
    values = {"ExpressionAttributeValues": used(expression)} if used(expression) else {}
    expect_error(shoal.call("Scan", scan(table, expression)), "Invalid FilterExpression: " + message)
    query = {"TableName": table, "KeyConditionExpression": "p = :key", "FilterExpression": expression,
             "ExpressionAttributeValues": {":key": {"S": "a"}, **used(expression)}}
    expect_error(shoal.call("Query", query), "Invalid FilterExpression: " + message)
    for operation, key in (("PutItem", "Item"), ("UpdateItem", "Key"), ("DeleteItem", "Key")):
        body = {"TableName": table, key: item(p="a"), "ConditionExpression": expression, **values}
        expect_error(shoal.call(operation, body), ENVELOPE + "Invalid ConditionExpression: " + message)


def test_a_wrong_type_name_lists_the_right_ones(shoal, table):
    reply = shoal.call("Scan", scan(table, "attribute_type(x, :bad_type)"))
    assert reply.message.startswith("Invalid FilterExpression: Invalid attribute type name found; type: Z, valid types: {")
    assert set(re.search(r"\{(.*)\}", reply.message)[1].split(",")) == {"B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"}


def test_limits_are_inclusive(shoal, table):
    shoal.ok("Scan", scan(table, " OR ".join(["x=:a"] * 150)))  # 150 comparisons and 149 ORs
    shoal.ok("Scan", scan(table, "x IN (" + ", ".join([":a"] * 100) + ")"))
    shoal.ok("Scan", scan(table, ".".join(["x"] * 32) + " = :a"))
    longest = "attribute_exists(" + "x" * (4096 - 18) + ")"
    shoal.ok("Scan", scan(table, longest))
    reply = shoal.call("Scan", scan(table, longest + " "))
    assert reply.message.startswith("Invalid FilterExpression: Expression size has exceeded the maximum allowed size")


@pytest.mark.parametrize("name", ["ABORT", "abort", "Data", "zone", "VALUES", "Year", "counter", "ttl", "items"])
def test_reserved_words_in_any_case(shoal, table, name):
    expect_error(shoal.call("Scan", scan(table, f"{name} = :a")),
                 f"Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: {name}")
    shoal.ok("Scan", scan(table, "#n = :a", {"#n": name}))


def test_a_placeholder_stands_for_one_path_element_even_with_dots(shoal, table):
    shoal.put(table, {**item(p="dots"), "x.y": {"S": "A"}})
    assert shoal.ok("Scan", scan(table, "#n = :a", {"#n": "x.y"}))["Count"] == 1


SUBSTITUTIONS = [
    ({"#x": "x", "#a": "a"}, {":a": {"S": "A"}}, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"),
    ({"#x": "x"}, {":a": {"S": "A"}, ":b": {"S": "B"}},
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"),
    ({}, {":a": {"S": "A"}}, "ExpressionAttributeNames must not be empty"),
    ({"#x": "x"}, {}, "ExpressionAttributeValues must not be empty"),
    ({"x": "x"}, {":a": {"S": "A"}}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "x"'),
    ({"#x-y": "x"}, {":a": {"S": "A"}}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#x-y"'),
    ({"#x": "x"}, {":": {"S": "A"}}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":"'),
    ({"#x": ""}, {":a": {"S": "A"}}, "ExpressionAttributeNames contains invalid value: Empty attribute name for key #x"),
    ({"#" + "x" * 256: "x"}, {":a": {"S": "A"}},
     "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; "
     "size of key: 257"),
]


@pytest.mark.parametrize("names, values, message", SUBSTITUTIONS, ids=[case[2][:60] for case in SUBSTITUTIONS])
def test_errors_of_the_substitutions(shoal, table, names, values, message):
    maps = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    expect_error(shoal.call("Scan", {"TableName": table, "FilterExpression": "#x = :a", **maps}), message)
    expect_error(shoal.call("DeleteItem", {"TableName": table, "Key": item(p="a"), "ConditionExpression": "#x = :a", **maps}),
                 ENVELOPE + message)


@pytest.mark.parametrize("operation, body, nothing", [
    ("PutItem", {"Item": item(p="a")}, ""), ("DeleteItem", {"Key": item(p="a")}, ""), ("UpdateItem", {"Key": item(p="a")}, "")])
def test_substitutions_without_an_expression_are_refused(shoal, table, operation, body, nothing):
    body = {"TableName": table, **body}
    expect_error(shoal.call(operation, {**body, "ExpressionAttributeValues": {":a": {"S": "A"}}}),
                 ENVELOPE + "ExpressionAttributeValues can only be specified when using expressions")
    expect_error(shoal.call(operation, {**body, "ExpressionAttributeNames": {"#a": "a"}}),
                 ENVELOPE + "ExpressionAttributeNames can only be specified when using expressions")


@pytest.mark.parametrize("path, key", [("p.x", "Key: p"), ("p[0]", "Key: p"), ("g.x", "IndexKey: g")])
def test_keys_are_scalars(shoal, table, path, key):
    message = f"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {key}"
    expect_error(shoal.call("Scan", scan(table, f"{path} = :a")), message)
    expect_error(shoal.call("PutItem", {"TableName": table, "Item": item(p="a"), "ConditionExpression": f"{path} = :a",
                                        "ExpressionAttributeValues": used(":a")}), message)


MORE_ERRORS = [
    # Tokens: integers, commas and dots where none can be, placeholders that swallow what follows, ...
    ("x = 1", 'Syntax error; token: "1", near: "= 1"'), ("x = :a,", 'Syntax error; token: ",", near: ":a,"'),
    ("x.0 = :a", 'Syntax error; token: "0", near: ".0 ="'), ("x[:a] = :a", 'Syntax error; token: ":a", near: "[:a]"'),
    ("x = :aAND y = :b", 'Syntax error; token: "y", near: ":aAND y ="'),
    ("x = :a OR", 'Syntax error; token: "<EOF>", near: "OR"'), ("(x = :a", 'Syntax error; token: "<EOF>", near: ":a"'),
    ("x = :a)", 'Syntax error; token: ")", near: ":a)"'), ("NOT", 'Syntax error; token: "<EOF>", near: "NOT"'),
    ("x = 'a'", "Syntax error; token: \"'\", near: \"= 'a\""), ("x == :a", 'Syntax error; token: "=", near: "== :a"'),
    ("x BETWEEN :1", 'Syntax error; token: "<EOF>", near: ":1"'), ("size() = :1", None), ("x = :a -- y", 'Syntax error; token: "-", near: ":a --"'),
    # ... one kind of function in place of another, ...
    ("size(attribute_exists(x)) = :1", "The function is not allowed to be used this way in an expression; function: attribute_exists"),
    ("begins_with(x, :a) = :t", "The function is not allowed to be used this way in an expression; function: begins_with"),
    ("contains(x, :a) OR size(y)", "The function is not allowed to be used this way in an expression; function: size"),
    ("x BETWEEN attribute_type(x, :a) AND :a", "The function is not allowed to be used this way in an expression; function: attribute_type"),
    ("Attribute_Exists(x)", "Invalid function name; function: Attribute_Exists"),
    # ... types of every operator's literals, on either side, ...
    (":t < x", WRONG_TYPE.format("<", "BOOL")), (":list >= :1", WRONG_TYPE.format(">=", "L")),
    ("x BETWEEN :1 AND :map", WRONG_TYPE.format("BETWEEN", "M")), ("begins_with(x, :list)", WRONG_TYPE.format("begins_with", "L")),
    ("begins_with(x, :null)", WRONG_TYPE.format("begins_with", "NULL")),
    ("attribute_type(x, :list)", WRONG_TYPE.format("attribute_type", "L")),
    # ... the same operand twice, wherever it stands.
    ("x <> x", DISTINCT.format("<>", "[x]")), ("x >= x", DISTINCT.format(">=", "[x]")), ("#x.y = x.y", DISTINCT.format("=", "[x, y]")),
    ("x BETWEEN :a AND x", DISTINCT.format("BETWEEN", "[x]")), ("x IN (:a, :b, x)", DISTINCT.format("IN", "[x]")),
    ("size(x) = size(x)", None),
]


@pytest.mark.parametrize("expression, message", MORE_ERRORS, ids=[expression[:40] for expression, _ in MORE_ERRORS])
def test_more_errors(shoal, table, expression, message):
    names = {"#x": "x"} if "#x" in expression else None
    reply = shoal.call("Scan", scan(table, expression, names))
    if message is None:
        assert reply.status == 400 or "size(x) = size(x)" == expression
    else:
        expect_error(reply, "Invalid FilterExpression: " + message)


@pytest.mark.parametrize("expression, first", [
    ("f(x) AND name = :a", "Invalid function name; function: f"), ("name = :a AND f(x)", "Invalid function name; function: f"),
    ("size(x) AND name = :a", "The function is not allowed to be used this way in an expression; function: size"),
    ("((x = :a)) AND name = :a", "The expression has redundant parentheses;"), ("((x = :a)) AND", 'Syntax error; token: "<EOF>", near: "AND"'),
    ("#undefined = :a AND x[99999999999] = :a", None), ("x = :undefined AND contains(y)",
     "An expression attribute value used in expression is not defined; attribute value: :undefined"),
    ("contains(y) AND x = :undefined", COUNT.format("contains", 1)), ("x = x AND #undefined = :a", DISTINCT.format("=", "[x]"))])
def test_the_first_mistake_of_an_expression_is_told(shoal, table, expression, first):
    reply = shoal.call("Scan", scan(table, expression))
    assert reply.type == "ValidationException"
    if first:
        expect_error(reply, "Invalid FilterExpression: " + first)


def test_placeholders_may_have_256_characters(shoal, table):
    name, value = "#" + "n" * 255, ":" + "v" * 255
    body = {"TableName": table, "FilterExpression": f"{name} = {value}", "ExpressionAttributeNames": {name: "s"},
            "ExpressionAttributeValues": {value: {"S": "text"}}}
    shoal.ok("Scan", body)
    longer = {**body, "FilterExpression": f"{name} = {value}v", "ExpressionAttributeValues": {value + "v": {"S": "text"}}}
    reply = shoal.call("Scan", longer)
    assert reply.type == "ValidationException"
    assert reply.message.startswith("ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that is too long;")


@pytest.mark.parametrize("kind", ["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"])
def test_literals_of_any_type_may_be_compared_for_equality(shoal, table, kind):
    value = {"S": {"S": ""}, "N": {"N": "0"}, "B": {"B": ""}, "BOOL": {"BOOL": False}, "NULL": {"NULL": True}, "L": {"L": []}, "M": {"M": {}},
             "SS": {"SS": ["a"]}, "NS": {"NS": ["1"]}, "BS": {"BS": ["AA=="]}}[kind]
    for expression in ("zz = :v", "zz <> :v", "zz IN (:v)", "contains(zz, :v)", ":v = :v", "contains(:v, zz)"):
        body = {"TableName": table, "FilterExpression": expression, "ExpressionAttributeValues": {":v": value}}
        assert shoal.call("Scan", body).status == 200, expression
    sized = shoal.call("Scan", {"TableName": table, "FilterExpression": "size(:v) >= size(:v)", "ExpressionAttributeValues": {":v": value}})
    if kind in ("N", "BOOL", "NULL"):
        expect_error(sized, "Invalid FilterExpression: " + WRONG_TYPE.format("size", kind))
    else:
        assert sized.status == 200


def test_index_keys_are_scalars_in_every_condition(shoal, table):
    told = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
    for path, key in (("p.x", "Key: p"), ("g[0]", "IndexKey: g")):
        condition = {"ConditionExpression": f"attribute_exists({path})"}
        expect_error(shoal.call("PutItem", {"TableName": table, "Item": item(p="a"), **condition}), told + key)
        expect_error(shoal.call("DeleteItem", {"TableName": table, "Key": item(p="a"), **condition}), told + key)
        expect_error(shoal.call("Query", {"TableName": table, "KeyConditionExpression": "p = :p", "ProjectionExpression": path,
                                          "ExpressionAttributeValues": {":p": {"S": "a"}}}), told + key)
        expect_error(shoal.call("GetItem", {"TableName": table, "Key": item(p="a"), "ProjectionExpression": path}), told + key)
        expect_error(shoal.call("BatchGetItem", {"RequestItems": {table: {"Keys": [item(p="a")], "ProjectionExpression": path}}}), told + key)


def test_substitutions_may_have_2_mb_together(shoal, table):
    """The words for more are not known; that more is refused is."""
    def call(sizes):
        values = {f":v{n}": {"S": "x" * (size - 3)} for n, size in enumerate(sizes)}
        expression = " OR ".join(f"s = {name}" for name in values)
        return shoal.call("Scan", {"TableName": table, "FilterExpression": expression, "ExpressionAttributeValues": values})

    assert call([400_000] * 5 + [97_152]).status == 200
    reply = call([400_000] * 5 + [97_153])
    assert (reply.status, reply.type) == (400, "ValidationException") and "maximum allowed size" in reply.message

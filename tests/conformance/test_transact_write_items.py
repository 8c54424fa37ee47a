"""TransactWriteItems: all actions or none, why none, what repeats, what it costs."""

import uuid

import pytest

from support.expect import ENVELOPE, expect_error, fill, item

KEY_MISMATCH = "The provided key element does not match the schema"
ONE_OF = "TransactItems can only contain one of Check, Put, Update or Delete"
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
NONE = {"Code": "None"}
TOO_LARGE = "Item size has exceeded the maximum allowed size"


@pytest.fixture(scope="module")
def table(shoal):
    return shoal.create_table("p:S c:N", gsi={"gsi": "g:S"})


@pytest.fixture(scope="module")
def hash_only(shoal):
    return shoal.create_table("p:S")


@pytest.fixture(scope="module")
def with_lsi(shoal):
    return shoal.create_table("p:S c:N", lsi={"lsi": "p:S l:S"})


def put(p, table="T", c=1, more=None, **attributes):
    return {"Put": {"TableName": table, "Item": item(p=p, c=c, **attributes), **(more or {})}}


def update(p, expression, values=None, table="T", c=1, **more):
    values = {"ExpressionAttributeValues": values} if values else {}
    return {"Update": {"TableName": table, "Key": item(p=p, c=c), "UpdateExpression": expression, **values, **more}}


def delete(p, table="T", c=1, **more):
    return {"Delete": {"TableName": table, "Key": item(p=p, c=c), **more}}


def check(p, expression="attribute_exists(p)", table="T", c=1, **more):
    return {"ConditionCheck": {"TableName": table, "Key": item(p=p, c=c), "ConditionExpression": expression, **more}}


def transact(shoal, table, *actions, **more):
    return shoal.call("TransactWriteItems", {"TransactItems": fill(list(actions), table), **more})


def succeed(shoal, table, *actions, **more):
    reply = transact(shoal, table, *actions, **more)
    assert reply.status == 200, reply.body
    return reply.json


def get(shoal, table, p, c=1):
    return shoal.ok("GetItem", {"TableName": table, "Key": item(p=p, c=c), "ConsistentRead": True}).get("Item")


def expect_cancelled(reply, *reasons):
    codes = ", ".join(reason["Code"] for reason in reasons)
    expect_error(reply, f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
                 "TransactionCanceledException")
    assert reply.json == {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": reply.message,
        "CancellationReasons": list(reasons)}


def invalid(message):
    return {"Code": "ValidationError", "Message": message}


# ---- What it does

def test_all_four_actions_happen_together(shoal, table):
    shoal.put(table, item(p="all-update", c=1, n=1))
    shoal.put(table, item(p="all-delete", c=1))
    shoal.put(table, item(p="all-check", c=1, v="kept"))
    assert succeed(shoal, table, put("all-put", v="new"), update("all-update", "ADD n :one", {":one": {"N": "1"}}),
                   delete("all-delete"), check("all-check")) == {}
    assert get(shoal, table, "all-put") == item(p="all-put", c=1, v="new")
    assert get(shoal, table, "all-update") == item(p="all-update", c=1, n=2)
    assert get(shoal, table, "all-delete") is None
    assert get(shoal, table, "all-check") == item(p="all-check", c=1, v="kept")


def test_it_goes_across_tables(shoal, table, hash_only):
    succeed(shoal, table, put("across"), {"Put": {"TableName": hash_only, "Item": item(p="across", v="there")}})
    assert get(shoal, table, "across") == item(p="across", c=1)
    assert shoal.ok("GetItem", {"TableName": hash_only, "Key": item(p="across")})["Item"] == item(p="across", v="there")


def test_a_table_may_be_named_by_its_arn(shoal, table):
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["TableArn"]
    succeed(shoal, table, put("by-arn", table=arn))
    assert get(shoal, table, "by-arn")


def test_one_item_by_name_and_by_arn_is_one_item(shoal, table):
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["TableArn"]
    expect_error(transact(shoal, table, put("twice"), delete("twice", table=arn)),
                 "Transaction request cannot include multiple operations on one item")


def test_an_update_creates_what_is_not_there(shoal, table):
    succeed(shoal, table, update("fresh-update", "SET v = :v", {":v": {"S": "new"}}))
    assert get(shoal, table, "fresh-update") == item(p="fresh-update", c=1, v="new")


def test_an_update_that_only_removes_creates_nothing(shoal, table):
    succeed(shoal, table, update("only-removes", "REMOVE v"))
    assert get(shoal, table, "only-removes") is None


def test_deleting_what_is_not_there_succeeds(shoal, table):
    assert succeed(shoal, table, delete("nosuch")) == {}


def test_a_check_writes_nothing(shoal, table):
    succeed(shoal, table, check("nosuch", "attribute_not_exists(p)"))
    assert get(shoal, table, "nosuch") is None


def test_conditions_see_the_items_as_they_were_before_it(shoal, table):
    """An action cannot see what another action of the same transaction does: every condition is evaluated first."""
    shoal.put(table, item(p="before", c=1))
    expect_cancelled(transact(shoal, table, delete("before"), put("before", c=2, more={
        "ConditionExpression": "attribute_exists(p)"})), NONE, FAILED)


def test_index_entries_follow_it(shoal, table):
    shoal.put(table, item(p="indexed", c=1, g="old"))
    succeed(shoal, table, update("indexed", "SET g = :g", {":g": {"S": "new"}}), put("indexed", c=2, g="new"))

    def count(g):
        return shoal.ok("Query", {"TableName": table, "IndexName": "gsi", "KeyConditionExpression": "g = :g",
                                  "ExpressionAttributeValues": {":g": {"S": g}}})["Count"]

    assert (count("old"), count("new")) == (0, 2)


def test_a_hundred_actions(shoal, table):
    succeed(shoal, table, *[put("hundred", c=n) for n in range(100)])
    assert shoal.ok("Query", {"TableName": table, "KeyConditionExpression": "p = :p", "Select": "COUNT",
                              "ExpressionAttributeValues": {":p": {"S": "hundred"}}})["Count"] == 100


# ---- Cancelled

@pytest.mark.parametrize("refused", [
    put("x", more={"ConditionExpression": "attribute_exists(p)"}),
    update("x", "SET v = :v", {":v": {"S": "v"}}, ConditionExpression="attribute_exists(p)"),
    delete("x", ConditionExpression="attribute_exists(p)"),
    check("x"),
])
def test_a_failed_condition_cancels_all_of_it(shoal, table, refused):
    expect_cancelled(transact(shoal, table, put("cancelled"), refused, put("cancelled", c=2)), NONE, FAILED, NONE)
    assert get(shoal, table, "cancelled") is None
    assert get(shoal, table, "cancelled", 2) is None


def test_reasons_come_in_the_order_of_the_actions(shoal, table):
    expect_cancelled(transact(shoal, table, check("nosuch"), put("cancelled"), check("nosuch", c=2),
                              update("cancelled", "SET c = :n", {":n": {"N": "1"}}, c=2)),
                     FAILED, NONE, FAILED,
                     invalid("One or more parameter values were invalid: Cannot update attribute c. "
                             "This attribute is part of the key"))


@pytest.mark.parametrize("action", [
    lambda more: put("returned", more={"ConditionExpression": "attribute_not_exists(p)", **more}),
    lambda more: update("returned", "REMOVE v", ConditionExpression="attribute_not_exists(p)", **more),
    lambda more: delete("returned", ConditionExpression="attribute_not_exists(p)", **more),
    lambda more: check("returned", "attribute_not_exists(p)", **more),
])
def test_the_item_is_returned_with_its_reason_when_asked_for(shoal, table, action):
    stored = item(p="returned", c=1, v="stored")
    shoal.put(table, stored)
    wish = "ReturnValuesOnConditionCheckFailure"
    expect_cancelled(transact(shoal, table, action({wish: "ALL_OLD"})), {**FAILED, "Item": stored})
    expect_cancelled(transact(shoal, table, action({wish: "NONE"})), FAILED)
    expect_cancelled(transact(shoal, table, action({})), FAILED)


def test_there_is_no_item_to_return_where_there_is_none(shoal, table):
    expect_cancelled(transact(shoal, table, check("nosuch", ReturnValuesOnConditionCheckFailure="ALL_OLD")), FAILED)


SET_V = {":v": {"S": "v"}}
NUMBER = {":n": {"N": "1"}}


@pytest.mark.parametrize("action, message", [
    ({"Put": {"TableName": "T", "Item": item(p="a")}},
     "One or more parameter values were invalid: Missing the key c in the item"),
    ({"Put": {"TableName": "T", "Item": item(p="a", c="1")}},
     "One or more parameter values were invalid: Type mismatch for key c expected: N actual: S"),
    ({"Put": {"TableName": "T", "Item": item(p="a", c=1, g=1)}},
     "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi"),
    ({"Put": {"TableName": "T", "Item": item(p="x" * 2049, c=1)}},
     "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    ({"Update": {"TableName": "T", "Key": item(p="a"), "UpdateExpression": "REMOVE v"}}, KEY_MISMATCH),
    ({"Update": {"TableName": "T", "Key": item(p="a", c="1"), "UpdateExpression": "REMOVE v"}}, KEY_MISMATCH),
    ({"Delete": {"TableName": "T", "Key": item(p="a", c=1, x=1)}}, KEY_MISMATCH),
    ({"Delete": {"TableName": "T", "Key": {}}}, KEY_MISMATCH),
    ({"ConditionCheck": {"TableName": "T", "Key": item(p=1, c=1), "ConditionExpression": "attribute_exists(p)"}},
     KEY_MISMATCH),
    (update("stored", "SET p = :v", SET_V),
     "One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"),
    (update("stored", "REMOVE c"),
     "One or more parameter values were invalid: Cannot update attribute c. This attribute is part of the key"),
    (update("stored", "SET g = :n", NUMBER),
     "The update expression attempted to update the secondary index key to unsupported type"),
    (update("stored", "SET v = nosuch"), "The provided expression refers to an attribute that does not exist in the item"),
    (update("stored", "SET v = s + :n", NUMBER), "An operand in the update expression has an incorrect data type"),
    (update("stored", "SET nosuch.x = :v", SET_V),
     "The document path provided in the update expression is invalid for update"),
    (update("stored", "SET big2 = big"), "Item size to update has exceeded the maximum allowed size"),
    (update("stored", "SET n = n + :n", {":n": {"N": "9.9e125"}}),
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
])
def test_what_is_wrong_with_an_item_cancels_it(shoal, table, action, message):
    shoal.put(table, item(p="stored", c=1, s="text", big="x" * 250_000, n="x") | {"n": {"N": "9.9e125"}})
    expect_cancelled(transact(shoal, table, put("cancelled"), action), NONE, invalid(message))
    assert get(shoal, table, "cancelled") is None


# ---- Refused as a whole

NULL_AT = "Value null at '{}' failed to satisfy constraint: Member must not be null"


@pytest.mark.parametrize("body, message", [
    ({}, ENVELOPE + NULL_AT.format("transactItems")),
    ({"TransactItems": None}, ENVELOPE + NULL_AT.format("transactItems")),
    ({"TransactItems": []}, ENVELOPE + "Value at 'TransactItems' failed to satisfy constraint: "
                                       "Member must have length greater than or equal to 1"),
    ({"TransactItems": [put("a", c=n) for n in range(101)]},
     ENVELOPE + "Value at 'TransactItems' failed to satisfy constraint: Member must have length less than or equal to 100"),
    ({"TransactItems": [put("a")], "ClientRequestToken": "x" * 37},
     ENVELOPE + "Value at 'ClientRequestToken' failed to satisfy constraint: "
                "Member must have length less than or equal to 36"),
    ({"TransactItems": [put("a")], "ReturnConsumedCapacity": "x"},
     ENVELOPE + "Value 'x' at 'returnConsumedCapacity' failed to satisfy constraint: "
                "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"),
    ({"TransactItems": [put("a")], "ReturnItemCollectionMetrics": "x"},
     ENVELOPE + "Value 'x' at 'returnItemCollectionMetrics' failed to satisfy constraint: "
                "Member must satisfy enum value set: [SIZE, NONE]"),
    ({"TransactItems": [put("a"), put("b", more={"ReturnValuesOnConditionCheckFailure": "x"})]},
     ENVELOPE + "Value 'x' at 'transactItems.2.member.put.returnValuesOnConditionCheckFailure' failed to satisfy "
                "constraint: Member must satisfy enum value set: [ALL_OLD, NONE]"),
    ({"TransactItems": [{"ConditionCheck": {"TableName": "T", "Key": item(p="a", c=1)}}]},
     ENVELOPE + NULL_AT.format("transactItems.1.member.conditionCheck.conditionExpression")),
    ({"TransactItems": [{"Update": {"TableName": "T", "Key": item(p="a", c=1)}}]},
     ENVELOPE + NULL_AT.format("transactItems.1.member.update.updateExpression")),
    ({"TransactItems": [{"Put": {"TableName": "T"}}]}, ENVELOPE + NULL_AT.format("transactItems.1.member.put.item")),
    ({"TransactItems": [put("a"), {"Delete": {"TableName": "T"}}]},
     ENVELOPE + NULL_AT.format("transactItems.2.member.delete.key")),
    ({"TransactItems": [{"Delete": {"Key": item(p="a", c=1)}}]},
     ENVELOPE + NULL_AT.format("transactItems.1.member.delete.tableName")),
    # Constraints of all actions are told together.
    ({"TransactItems": [{"Put": {"TableName": "T"}}, {"Delete": {"TableName": "T"}}]},
     "2 validation errors detected: " + NULL_AT.format("transactItems.1.member.put.item") + "; " +
     NULL_AT.format("transactItems.2.member.delete.key")),
])
def test_constraints(shoal, table, body, message):
    expect_error(shoal.call("TransactWriteItems", fill(body, table)), message)


@pytest.mark.parametrize("action, message", [
    ({}, ONE_OF),
    ({**put("a"), **delete("a")}, ONE_OF),
    ({**put("a"), **check("b")}, ONE_OF),
    (put("a", more={"ConditionExpression": "p = "}),
     'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "= "'),
    (put("a", more={"ConditionExpression": ""}), "Invalid ConditionExpression: The expression can not be empty;"),
    (check("a", ""), "Invalid ConditionExpression: The expression can not be empty;"),
    (update("a", ""), "Invalid UpdateExpression: The expression can not be empty;"),
    (update("a", "SET v = :z", SET_V),
     "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :z"),
    (update("a", "REMOVE v", SET_V), "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
    (delete("a", ConditionExpression="attribute_exists(p)", ExpressionAttributeNames={"#p": "p"}),
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#p}"),
    (delete("a", ExpressionAttributeNames={"#p": "p"}),
     "ExpressionAttributeNames can only be specified when using expressions"),
    (delete("a", ExpressionAttributeValues=SET_V),
     "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"),
    (put("a", more={"ExpressionAttributeValues": SET_V}),
     "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"),
    (update("a", "SET v = :v", {":v": {"N": "x"}}),
     "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x "
     "for key :v"),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "n": {"N": "x"}}}},
     "The parameter cannot be converted to a numeric value: x"),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "n": {"N": ""}}}},
     "The parameter cannot be converted to a numeric value"),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "s": {"SS": ["b", "a", "b"]}}}},
     "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates."),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "s": {"NS": ["1", "1.0"]}}}},
     "Input collection contains duplicates"),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "x": {}}}},
     "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    (put("a", v="x" * 409_600), TOO_LARGE),
    (put(""), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
              "empty string value. Key: p"),
    (update("", "REMOVE v"), "One or more parameter values are not valid. The AttributeValue for a key attribute "
                             "cannot contain an empty string value. Key: p"),
    (delete(""), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                 "an empty string value. Key: p"),
    (check(""), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                "an empty string value. Key: p"),
    (put("first"), "Transaction request cannot include multiple operations on one item"),
    (check("first"), "Transaction request cannot include multiple operations on one item"),
])
def test_what_refuses_the_whole_transaction(shoal, table, action, message):
    expect_error(transact(shoal, table, put("first"), action), message)
    assert get(shoal, table, "first") is None


def test_numerically_equal_keys_are_one_item(shoal, table):
    expect_error(transact(shoal, table, delete("a"),
                          {"Delete": {"TableName": "T", "Key": {"p": {"S": "a"}, "c": {"N": "1.00"}}}}),
                 "Transaction request cannot include multiple operations on one item")


def test_too_deep_an_item_is_refused(shoal, table):
    def nested(levels):
        value = {"S": "x"}
        for _ in range(levels - 1):
            value = {"L": [value]}
        return {"Put": {"TableName": "T", "Item": {**item(p="deep", c=1), "v": value}}}

    succeed(shoal, table, nested(32))
    expect_error(transact(shoal, table, nested(33)),
                 "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
                 "supported limit")


def test_a_missing_table_is_not_found(shoal, table):
    expect_error(transact(shoal, table, put("a"), put("a", table="nosuch")), "Requested resource not found",
                 "ResourceNotFoundException")


@pytest.mark.parametrize("actions, message, kind", [
    # Anything wrong with an action's own words is told before the tables are looked for, ...
    ([put("a", table="nosuch"), check("b", "bad syntax")],
     'Invalid ConditionExpression: Syntax error; token: "syntax", near: "bad syntax"', "ValidationException"),
    # ... a missing table before keys that mismatch or repeat, ...
    ([delete("a", c="x"), put("b", table="nosuch")], "Requested resource not found", "ResourceNotFoundException"),
    ([put("a"), put("a"), put("b", table="nosuch")], "Requested resource not found", "ResourceNotFoundException"),
    # ... and repeated items before anything of the items.
    ([put("a"), put("a"), check("nosuch")], "Transaction request cannot include multiple operations on one item",
     "ValidationException"),
    # Of two actions the first.
    ([check("a", "x = "), put("b", v="x" * 409_600)], 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "= "',
     "ValidationException"),
    ([put("b", v="x" * 409_600), check("a", "x = ")], TOO_LARGE, "ValidationException"),
])
def test_the_order_of_checks(shoal, table, actions, message, kind):
    expect_error(transact(shoal, table, *actions), message, kind)


def test_4_mb_at_once(shoal, table):
    """Ten items of 400 KB and one of the rest: 4,194,304 bytes, and not one more."""
    def large(n, bytes):
        return put("large", c=n, v="x" * (bytes - len("p" "large" "c" "v") - (1 if n == 0 else 2)))

    full = [large(n, 409_600) for n in range(1, 11)]
    succeed(shoal, table, *full, large(0, 4 * 1024 * 1024 - 4_096_000))
    expect_error(transact(shoal, table, *full, large(0, 4 * 1024 * 1024 - 4_096_000 + 1)),
                 "Transaction payload size cannot exceed 4MB. Payload Size: 4194305")


# ---- Tokens

def token():
    return str(uuid.uuid4())


MISMATCH = ("The request was rejected because the parameters of the request do not match those of the earlier request "
            "with the same client token")


def test_a_repeated_token_does_not_repeat_the_transaction(shoal, table):
    shoal.put(table, item(p="counted", c=1, n=0))
    mine = token()
    for _ in range(3):
        assert succeed(shoal, table, update("counted", "ADD n :one", {":one": {"N": "1"}}), ClientRequestToken=mine) == {}
    assert get(shoal, table, "counted")["n"] == {"N": "1"}
    succeed(shoal, table, update("counted", "ADD n :one", {":one": {"N": "1"}}), ClientRequestToken=token())
    assert get(shoal, table, "counted")["n"] == {"N": "2"}


def test_a_replay_does_not_ask_its_conditions_again(shoal, table):
    create = put("once-" + token(), more={"ConditionExpression": "attribute_not_exists(p)"})
    mine = token()
    succeed(shoal, table, create, ClientRequestToken=mine)
    succeed(shoal, table, create, ClientRequestToken=mine)
    expect_cancelled(transact(shoal, table, create), FAILED)


@pytest.mark.parametrize("other", [
    [put("token", v="other")], [put("token", v="same"), put("token", c=2)], [delete("token")],
    [put("token", v="same", more={"ConditionExpression": "attribute_exists(p)"})],
])
def test_a_token_stands_for_its_parameters(shoal, table, other):
    mine = token()
    succeed(shoal, table, put("token", v="same"), ClientRequestToken=mine)
    reply = transact(shoal, table, *other, ClientRequestToken=mine)
    expect_error(reply, MISMATCH, "IdempotentParameterMismatchException")
    assert "Message" in reply.json and "message" not in reply.json
    assert get(shoal, table, "token") == item(p="token", c=1, v="same")


def test_parameters_in_another_order_are_the_same(shoal, table):
    """Applications and SDKs print maps in whatever order."""
    def body(turned):
        values = {":a": {"S": "a"}, ":b": {"S": "b"}}
        update = {"TableName": table, "Key": item(p="order", c=1), "UpdateExpression": "SET a = :a, b = :b ADD n :n",
                  "ExpressionAttributeValues": {**values, ":n": {"N": "1"}}}
        if turned:
            update = {name: dict(reversed(value.items())) if isinstance(value, dict) else value
                      for name, value in reversed(update.items())}
        return {"TransactItems": [{"Update": update}], "ClientRequestToken": mine}

    mine = token()
    shoal.ok("TransactWriteItems", body(False))
    shoal.ok("TransactWriteItems", body(True))
    assert get(shoal, table, "order")["n"] == {"N": "1"}


def test_a_null_parameter_is_none(shoal, table):
    mine = token()
    succeed(shoal, table, put("null"), ClientRequestToken=mine)
    succeed(shoal, table, put("null", more={"ConditionExpression": None}), ClientRequestToken=mine)


def test_what_is_asked_of_the_answer_may_differ_in_a_replay(shoal, table):
    mine = token()
    succeed(shoal, table, put("asks"), ClientRequestToken=mine)
    assert "ConsumedCapacity" in succeed(shoal, table, put("asks"), ClientRequestToken=mine, ReturnConsumedCapacity="TOTAL")


def test_a_cancelled_transaction_frees_its_token(shoal, table):
    mine, name = token(), "freed-" + token()
    guarded = put(name, more={"ConditionExpression": "attribute_exists(p)"})
    expect_cancelled(transact(shoal, table, guarded, ClientRequestToken=mine), FAILED)
    succeed(shoal, table, put(name), ClientRequestToken=mine)
    assert get(shoal, table, name)


def test_a_refused_transaction_takes_no_token(shoal, table):
    mine = token()
    assert transact(shoal, table, put("a"), put("a"), ClientRequestToken=mine).status == 400
    succeed(shoal, table, put("a"), ClientRequestToken=mine)


def test_a_token_is_of_its_region(shoal, table, boto):
    there = boto(region="eu-west-1")
    there.create_table(TableName=table, BillingMode="PAY_PER_REQUEST", KeySchema=[
        {"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "N"}])
    mine = token()
    body = {"TransactItems": fill([put("region")], table), "ClientRequestToken": mine}
    shoal.ok("TransactWriteItems", body)
    shoal.ok("TransactWriteItems", body, region="eu-west-1")
    assert there.get_item(TableName=table, Key=item(p="region", c=1)).get("Item")


def test_many_at_once_with_one_token_are_one(shoal, table):
    """Whoever comes while the first is under way waits for it, and is a replay."""
    import concurrent.futures
    from support.shoal_process import Wire

    shoal.put(table, item(p="rush", c=1, n=0))
    body = {"TransactItems": fill([update("rush", "ADD n :one", {":one": {"N": "1"}})], table), "ClientRequestToken": token()}

    def send(_):
        wire = Wire(shoal.host, shoal.port)
        reply = wire.call("TransactWriteItems", body)
        wire.close()
        return reply.status, reply.type

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        replies = set(pool.map(send, range(64)))
    assert replies <= {(200, ""), (400, "TransactionInProgressException")}
    assert get(shoal, table, "rush")["n"] == {"N": "1"}


# ---- What it costs (capacity.md has the single cases in test_capacity.py)

def test_a_replay_costs_reads(shoal, table):
    mine = token()
    asked = {"ClientRequestToken": mine, "ReturnConsumedCapacity": "TOTAL"}
    action = put("replayed", v="x" * 5000)
    assert succeed(shoal, table, action, **asked) == {
        "ConsumedCapacity": [{"TableName": table, "CapacityUnits": 10, "WriteCapacityUnits": 10}]}
    assert succeed(shoal, table, action, **asked) == {
        "ConsumedCapacity": [{"TableName": table, "CapacityUnits": 4, "ReadCapacityUnits": 4}]}


def test_collection_metrics_come_by_table(shoal, table, with_lsi):
    metrics = succeed(shoal, table, put("metrics"), put("metrics", table=with_lsi), put("metrics", table=with_lsi, c=2),
                      put("other", table=with_lsi), ReturnItemCollectionMetrics="SIZE")
    one = {"SizeEstimateRangeGB": [0.0, 1.0]}
    assert metrics == {"ItemCollectionMetrics": {with_lsi: [
        {"ItemCollectionKey": item(p="metrics"), **one}, {"ItemCollectionKey": item(p="metrics"), **one},
        {"ItemCollectionKey": item(p="other"), **one}]}}


def test_legacy_parameters_are_unknown_to_it(shoal, table):
    """Members that the model does not have are ignored."""
    succeed(shoal, table, put("legacy", more={"Expected": {"p": {"Exists": False}}}))
    succeed(shoal, table, put("legacy", more={"Expected": {"p": {"Exists": False}}}))


# ---- What reasons there can be beside failed conditions, at every kind of action

@pytest.mark.parametrize("action, message", [
    (put("a", g=""), "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
                     "AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi, IndexKey: g"),
    (update("a", "SET g = :v", {":v": {"S": ""}}),
     "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not "
     "supported. The AttributeValue for a key attribute cannot contain an empty string value."),
    (update("a", "SET g = :v", {":v": {"S": "x" * 2049}}),
     "The update expression attempted to update the secondary index key beyond allowed size limits"),
    ({"Delete": {"TableName": "T", "Key": item(p="x" * 2049, c=1)}},
     "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"),
    (update("a", "SET l = list_append(s, :l)", {":l": {"L": []}}),
     "The provided expression refers to an attribute that does not exist in the item"),
])
def test_more_that_is_wrong_with_an_item(shoal, table, action, message):
    reply = transact(shoal, table, put("b"), action)
    assert reply.type in ("TransactionCanceledException", "ValidationException")
    if reply.type == "TransactionCanceledException":
        expect_cancelled(reply, NONE, invalid(message))
    else:
        expect_error(reply, message)


@pytest.mark.parametrize("action, path, key", [
    (lambda e: check("a", e), "p.x", "Key: p"), (lambda e: put("a", more={"ConditionExpression": e}), "g[0]", "IndexKey: g"),
    (lambda e: delete("a", ConditionExpression=e), "c.x", "Key: c"), (lambda e: update("a", "REMOVE v", ConditionExpression=e), "g.x", "IndexKey: g")])
def test_keys_are_scalars(shoal, table, action, path, key):
    message = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " + key
    reply = transact(shoal, table, action(f"attribute_exists({path})"))
    if reply.type == "TransactionCanceledException":
        expect_cancelled(reply, invalid(message))
    else:
        expect_error(reply, message)


@pytest.mark.parametrize("action, message", [
    (update("a", "REMOVE v", {":v": {"S": "v"}}, ConditionExpression="v = :x"),
     "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x"),
    (update("a", "SET v = :v", {":v": {"SS": []}}),
     "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :v"),
    (update("a", "SET v = :v", {":v": {}}),
     "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported "
     "datatypes for key :v"),
    (update("a", "SET v = :v", {"v": {"S": "x"}}), 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'),
    (update("a", "SET v = :v", {":v": {"S": "x"}}, ExpressionAttributeNames={}), "ExpressionAttributeNames must not be empty"),
    (check("a", "((v = :v))", ExpressionAttributeValues=SET_V), "Invalid ConditionExpression: The expression has redundant parentheses;"),
    (update("a", "SET v = :v SET w = :v", SET_V),
     'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "n": {"NULL": False}}}},
     "One or more parameter values were invalid: Null attribute value types must have the value of true"),
    ({"Put": {"TableName": "T", "Item": {**item(p="a", c=1), "": {"S": "x"}}}}, "Empty attribute name"),
])
def test_more_that_refuses_the_whole_transaction(shoal, table, action, message):
    expect_error(transact(shoal, table, put("first"), action), message)


def test_what_an_update_writes_counts_to_the_4_mb(shoal, table):
    """Eleven updates of 390 KB each: the items come to more than 4 MB, however small they were."""
    updates = [update("payload", "SET v = :v", {":v": {"S": "x" * 390_000}}, c=n) for n in range(11)]
    reply = transact(shoal, table, *updates)
    assert reply.type == "ValidationException" and reply.message.startswith("Transaction payload size cannot exceed 4MB. Payload Size: ")
    succeed(shoal, table, *updates[:10])


def test_a_bad_wish_for_the_item_of_each_action(shoal, table):
    more = {"ReturnValuesOnConditionCheckFailure": "x"}
    actions = [put("a", more=more), update("b", "REMOVE v", **more), delete("c", **more), check("d", **more)]
    expect_error(transact(shoal, table, *actions), "4 validation errors detected: " + "; ".join(
        f"Value 'x' at 'transactItems.{n}.member.{kind}.returnValuesOnConditionCheckFailure' failed to satisfy constraint: "
        "Member must satisfy enum value set: [ALL_OLD, NONE]"
        for n, kind in enumerate(("put", "update", "delete", "conditionCheck"), 1)))


def test_an_empty_token_is_refused(shoal, table):
    reply = transact(shoal, table, put("a"), ClientRequestToken="")
    assert reply.type == "ValidationException" and "Member must have length greater than or equal to 1" in reply.message
    succeed(shoal, table, put("a"), ClientRequestToken="x" * 36)

"""ReturnItemCollectionMetrics: of tables with a local index, of every operation that writes."""

import pytest

from support.expect import item

SMALL = [0.0, 1.0]


@pytest.fixture(scope="module")
def with_lsi(shoal):
    return shoal.create_table("p:S c:N", lsi={"lsi": "p:S l:S"}, gsi={"gsi": "g:S"})


@pytest.fixture(scope="module")
def without(shoal):
    return shoal.create_table("p:S c:N", gsi={"gsi": "g:S"})


def metrics(p):
    return {"ItemCollectionKey": item(p=p), "SizeEstimateRangeGB": SMALL}


def singles(table):
    key = item(p="a", c=1)
    return [("PutItem", {"TableName": table, "Item": {**key, **item(l="l", v="v")}}),
            ("UpdateItem", {"TableName": table, "Key": key, "UpdateExpression": "REMOVE v"}),
            ("DeleteItem", {"TableName": table, "Key": key}),
            ("DeleteItem", {"TableName": table, "Key": key})]  # of what is not there any more


def test_single_writes(shoal, with_lsi):
    for operation, body in singles(with_lsi):
        assert shoal.ok(operation, {**body, "ReturnItemCollectionMetrics": "SIZE"}) == {"ItemCollectionMetrics": metrics("a")}


def test_batches(shoal, with_lsi, without):
    body = {"RequestItems": {with_lsi: [{"PutRequest": {"Item": item(p="a", c=1)}}, {"DeleteRequest": {"Key": item(p="b", c=1)}}],
                             without: [{"PutRequest": {"Item": item(p="a", c=1)}}]}}
    answer = shoal.ok("BatchWriteItem", {**body, "ReturnItemCollectionMetrics": "SIZE"})
    assert answer["ItemCollectionMetrics"] == {with_lsi: [metrics("a"), metrics("b")]}


def test_transactions(shoal, with_lsi, without):
    def key(table, p):
        return {"TableName": table, "Key": item(p=p, c=1)}

    body = {"TransactItems": [
        {"Put": {"TableName": with_lsi, "Item": item(p="a", c=1)}}, {"Delete": key(with_lsi, "b")},
        {"Put": {"TableName": without, "Item": item(p="c", c=1)}},
        {"Update": {**key(with_lsi, "d"), "UpdateExpression": "REMOVE v"}}]}
    answer = shoal.ok("TransactWriteItems", {**body, "ReturnItemCollectionMetrics": "SIZE"})
    assert answer == {"ItemCollectionMetrics": {with_lsi: [metrics("a"), metrics("b"), metrics("d")]}}


@pytest.mark.parametrize("wish", [{}, {"ReturnItemCollectionMetrics": "NONE"}])
def test_only_when_asked_for(shoal, with_lsi, wish):
    for operation, body in singles(with_lsi):
        assert shoal.ok(operation, {**body, **wish}) == {}
    assert "ItemCollectionMetrics" not in shoal.ok("BatchWriteItem", {
        "RequestItems": {with_lsi: [{"PutRequest": {"Item": item(p="a", c=1)}}]}, **wish})
    assert shoal.ok("TransactWriteItems", {
        "TransactItems": [{"Put": {"TableName": with_lsi, "Item": item(p="a", c=1)}}], **wish}) == {}


def test_not_without_a_local_index(shoal, without):
    wish = {"ReturnItemCollectionMetrics": "SIZE"}
    for operation, body in singles(without):
        assert shoal.ok(operation, {**body, **wish}) == {}
    assert "ItemCollectionMetrics" not in shoal.ok("BatchWriteItem", {
        "RequestItems": {without: [{"PutRequest": {"Item": item(p="a", c=1)}}]}, **wish})
    assert shoal.ok("TransactWriteItems", {
        "TransactItems": [{"Put": {"TableName": without, "Item": item(p="a", c=1)}}], **wish}) == {}


def test_a_failed_write_has_none(shoal, with_lsi):
    reply = shoal.call("PutItem", {"TableName": with_lsi, "Item": item(p="nosuch", c=9), "ReturnItemCollectionMetrics": "SIZE",
                                   "ConditionExpression": "attribute_exists(p)"})
    assert reply.type == "ConditionalCheckFailedException" and "ItemCollectionMetrics" not in reply.json


def test_the_estimate_is_of_decimals(shoal, with_lsi):
    body = {"TableName": with_lsi, "Item": item(p="a", c=1), "ReturnItemCollectionMetrics": "SIZE"}
    assert b'"SizeEstimateRangeGB":[0.0,1.0]' in shoal.call("PutItem", body).body

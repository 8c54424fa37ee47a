"""Tokens of transactions outlive kill -9: within ten minutes of the clock a replay is a replay."""

import json
import uuid

import pytest

from support.shoal_process import Shoal

MISMATCH = ("The request was rejected because the parameters of the request do not match those of the earlier request "
            "with the same client token")
FLAGS = "--control=open",


@pytest.fixture(params=["sync", "relaxed"])
def start(tmp_path, request):
    """start() kills the server, if there is one, and starts it on the same folder."""
    running = []

    def start():
        if running:
            running.pop().kill()
        running.append(Shoal.start(f"--data-dir={tmp_path / 'data'}", f"--durability={request.param}", *FLAGS))
        return running[0]

    yield start
    for shoal in running:
        shoal.kill()


def count_up(shoal, token, step=1, condition=None):
    update = {"TableName": "counters", "Key": {"p": {"S": "a"}}, "UpdateExpression": "ADD n :step",
              "ExpressionAttributeValues": {":step": {"N": str(step)}}}
    if condition:
        update["ConditionExpression"] = condition
    return shoal.call("TransactWriteItems", {"TransactItems": [{"Update": update}], "ClientRequestToken": token,
                                             "ReturnConsumedCapacity": "TOTAL"})


def count(shoal):
    found = shoal.ok("GetItem", {"TableName": "counters", "Key": {"p": {"S": "a"}}, "ConsistentRead": True})
    return int(found["Item"]["n"]["N"]) if "Item" in found else 0


def advance(shoal, seconds):
    reply = shoal.post(json.dumps({"advance_seconds": seconds}).encode(), {"Host": "localhost", "Content-Type": "application/json"},
                       path="/_shoal/clock")
    assert reply.status == 200, reply.body


def is_replay(reply):
    assert reply.status == 200, reply.body
    (capacity,) = reply.json["ConsumedCapacity"]
    return "ReadCapacityUnits" in capacity


def test_a_replay_after_the_kill_is_a_replay(start):
    shoal, token = start(), str(uuid.uuid4())
    shoal.create_table("p:S", name="counters")
    assert not is_replay(count_up(shoal, token))
    for _ in range(3):
        shoal = start()
        assert is_replay(count_up(shoal, token))
    assert count(shoal) == 1


def test_other_parameters_are_a_mismatch_after_the_kill(start):
    shoal, token = start(), str(uuid.uuid4())
    shoal.create_table("p:S", name="counters")
    assert not is_replay(count_up(shoal, token))
    shoal = start()
    reply = count_up(shoal, token, step=2)
    assert (reply.status, reply.type, reply.message) == (400, "IdempotentParameterMismatchException", MISMATCH)
    assert count(shoal) == 1
    assert is_replay(count_up(shoal, token)), "a mismatch must not take the token from its transaction"


def test_the_token_ends_ten_minutes_after_its_transaction(start):
    shoal, token = start(), str(uuid.uuid4())
    shoal.create_table("p:S", name="counters")
    assert not is_replay(count_up(shoal, token))
    shoal = start()
    advance(shoal, 590)
    assert is_replay(count_up(shoal, token)), "a replay must not have been forgotten after 590 seconds"
    advance(shoal, 11)
    assert not is_replay(count_up(shoal, token)), "after 601 seconds it is a transaction of its own"
    assert count(shoal) == 2
    assert is_replay(count_up(shoal, token))


def test_an_ended_token_may_stand_for_another_transaction(start):
    shoal, token = start(), str(uuid.uuid4())
    shoal.create_table("p:S", name="counters")
    assert not is_replay(count_up(shoal, token))
    advance(shoal, 601)
    assert not is_replay(count_up(shoal, token, step=10))
    assert count(shoal) == 11


def test_a_cancelled_transaction_frees_its_token(start):
    shoal, token = start(), str(uuid.uuid4())
    shoal.create_table("p:S", name="counters")
    assert count_up(shoal, token, condition="attribute_exists(n)").type == "TransactionCanceledException"
    shoal = start()
    assert not is_replay(count_up(shoal, token))
    shoal = start()
    assert is_replay(count_up(shoal, token))
    assert count(shoal) == 1

"""Concurrent transactions, single writes and reads leave a history that is strictly serializable.

SHOAL_HISTORY_SEED (random unless set) seeds the clients' choices.
"""

import itertools
import os
import random
import threading
import time

import pytest

from support.history import History, NotSerializable
from support.shoal_process import Wire

SEED = int(os.environ.get("SHOAL_HISTORY_SEED") or random.SystemRandom().randrange(2**32))
CLIENTS, TRANSACTIONS_OF_EACH = 12, 80
ITEMS = [f"item{n}" for n in range(6)]


# ---- The checker finds what it is there to find

def history(*transactions):
    result = History()
    for name, began, ended, reads, writes in transactions:
        result.add(name, began, ended, reads, writes)
    return result


def test_a_serial_history_passes():
    history(("a", 0, 1, {"x": 0}, ["x"]), ("b", 2, 3, {"x": 1, "y": 0}, ["y"]), ("r", 4, 5, {"x": 1, "y": 1}, [])).check(
        {"x": ["a"], "y": ["b"]})


def test_concurrent_transactions_may_come_in_either_order():
    history(("a", 0, 9, {"x": 0}, ["y"]), ("b", 0, 9, {"x": 0}, ["x"])).check({"x": ["b"], "y": ["a"]})


@pytest.mark.parametrize("name, transactions, final", [
    ("lost update", [("a", 0, 9, {"x": 0}, ["x"]), ("b", 0, 9, {"x": 0}, ["x"])], {"x": ["a", "b"]}),
    ("write skew", [("a", 0, 9, {"x": 0, "y": 0}, ["x"]), ("b", 0, 9, {"x": 0, "y": 0}, ["y"])], {"x": ["a"], "y": ["b"]}),
    ("a read of half of a transaction", [("a", 0, 9, {}, ["x", "y"]), ("r", 0, 9, {"x": 1, "y": 0}, [])], {"x": ["a"], "y": ["a"]}),
    ("two readers that disagree", [("a", 0, 9, {}, ["x"]), ("b", 0, 9, {}, ["y"]), ("r", 0, 9, {"x": 1, "y": 0}, []),
                                   ("s", 0, 9, {"x": 0, "y": 1}, [])], {"x": ["a"], "y": ["b"]}),
    ("a stale read", [("a", 0, 1, {}, ["x"]), ("r", 2, 3, {"x": 0}, [])], {"x": ["a"]}),
    ("a read of the future", [("r", 0, 1, {"x": 1}, []), ("a", 2, 3, {}, ["x"])], {"x": ["a"]}),
    ("writes against time", [("a", 0, 1, {}, ["x"]), ("b", 2, 3, {}, ["x"])], {"x": ["b", "a"]}),
    ("two orders of two", [("a", 0, 9, {}, ["x", "y"]), ("b", 0, 9, {}, ["x", "y"])], {"x": ["a", "b"], "y": ["b", "a"]}),
    ("a write that is lost", [("a", 0, 1, {}, ["x"])], {"x": []}),
    ("a write that happened twice", [("a", 0, 1, {}, ["x"])], {"x": ["a", "a"]}),
    ("a cancelled write that happened", [], {"x": ["a"]}),
])
def test_what_is_not_serializable_is_found(name, transactions, final):
    with pytest.raises(NotSerializable):
        history(*transactions).check(final)


# ---- The server passes

class Client:
    def __init__(self, shoal, table, number):
        self.wire, self.table, self.number = Wire(shoal.host, shoal.port), table, number
        self.random = random.Random(f"{SEED}-{number}")
        self.done, self.cancelled = [], 0
        self.names = (f"c{number}-{n}" for n in itertools.count())

    def key(self, item):
        return {"TableName": self.table, "Key": {"p": {"S": item}}}

    def append(self, item, name, **more):
        values = {":id": {"L": [{"S": name}]}, **more.pop("values", {})}
        return {**self.key(item), "UpdateExpression": "SET h = list_append(h, :id)", "ExpressionAttributeValues": values, **more}

    def call(self, operation, body):
        began = time.monotonic()
        reply = self.wire.call(operation, body)
        ended = time.monotonic()
        assert reply.status == 200 or reply.type in ("TransactionCanceledException", "ConditionalCheckFailedException"), reply.body
        return reply, began, ended

    def note(self, name, began, ended, reads, writes):
        self.done.append((name, began, ended, reads, writes))

    def read(self, items):
        reply, began, ended = self.call("TransactGetItems", {"TransactItems": [{"Get": self.key(item)} for item in items]})
        lengths = {item: len(r["Item"]["h"]["L"]) for item, r in zip(items, reply.json["Responses"])}
        self.note(next(self.names), began, ended, lengths, [])
        return lengths

    def read_modify_write(self):
        """Reads some items, then writes some of them if none of those it read has changed since."""
        items = self.random.sample(ITEMS, self.random.randrange(2, 5))
        lengths = self.read(items)
        writes = set(self.random.sample(items, self.random.randrange(1, len(items) + 1)))
        name, actions = next(self.names), []
        for item, length in lengths.items():
            unchanged = {"ConditionExpression": "size(h) = :n"}
            n = {":n": {"N": str(length)}}
            actions.append({"Update": self.append(item, name, values=n, **unchanged)} if item in writes else
                           {"ConditionCheck": {**self.key(item), **unchanged, "ExpressionAttributeValues": n}})
        reply, began, ended = self.call("TransactWriteItems", {"TransactItems": actions})
        if reply.status == 200:
            self.note(name, began, ended, lengths, writes)
        else:
            self.cancelled += 1

    def blind_write(self):
        items, name = self.random.sample(ITEMS, self.random.randrange(1, 4)), next(self.names)
        _, began, ended = self.call("TransactWriteItems", {"TransactItems": [{"Update": self.append(i, name)} for i in items]})
        self.note(name, began, ended, {}, items)

    def single_write(self):
        item, name = self.random.choice(ITEMS), next(self.names)
        reply, began, ended = self.call("UpdateItem", self.append(item, name, ReturnValues="UPDATED_OLD"))
        self.note(name, began, ended, {item: len(reply.json["Attributes"]["h"]["L"])}, [item])

    def single_read(self):
        item = self.random.choice(ITEMS)
        reply, began, ended = self.call("GetItem", {**self.key(item), "ConsistentRead": True})
        self.note(next(self.names), began, ended, {item: len(reply.json["Item"]["h"]["L"])}, [])

    def run(self):
        for _ in range(TRANSACTIONS_OF_EACH):
            self.random.choice((self.read_modify_write, self.read_modify_write, self.blind_write, self.single_write,
                                self.single_read, lambda: self.read(self.random.sample(ITEMS, 3))))()
        self.wire.close()


def test_concurrent_transactions_are_strictly_serializable(shoal, note):
    table = shoal.create_table("p:S")
    for item in ITEMS:
        shoal.put(table, {"p": {"S": item}, "h": {"L": []}})
    clients, failures = [Client(shoal, table, n) for n in range(CLIENTS)], []

    def run(client):
        try:
            client.run()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, f"SHOAL_HISTORY_SEED={SEED}: {failures[0]!r}"

    history = History()
    for client in clients:
        for transaction in client.done:
            history.add(*transaction)
    final = {item: [e["S"] for e in shoal.ok("GetItem", {"TableName": table, "Key": {"p": {"S": item}},
                                                         "ConsistentRead": True})["Item"]["h"]["L"]] for item in ITEMS}
    try:
        history.check(final)
    except NotSerializable as failure:
        raise AssertionError(f"SHOAL_HISTORY_SEED={SEED}: {failure}") from failure
    cancelled = sum(client.cancelled for client in clients)
    assert cancelled > 10, "the clients hardly met: nothing was tested"
    note(f"serializability: {len(history.transactions)} transactions in order, {cancelled} cancelled")

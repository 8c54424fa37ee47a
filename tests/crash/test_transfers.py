"""Money moves among accounts by transactions while the server is killed again and again: none is lost, none is made.

A transfer takes from one account, gives to another, and counts itself in a ledger, in one transaction with a token. A client that
gets no answer sends it again after the restart, under the same token, until it is told how it ended. After each restart the
balances must be those of the ledger, which they are only if every transaction is there whole or not at all, and once; at the end
the ledger must hold exactly the transfers that were acknowledged.

SHOAL_TRANSFER_SECONDS (30 unless set) and SHOAL_CRASH_SEED (random unless set) are read from the environment.
"""

import collections
import http.client
import os
import random
import threading
import time

import pytest

from support.shoal_process import Shoal, Wire

SECONDS = float(os.environ.get("SHOAL_TRANSFER_SECONDS") or 30)
SEED = int(os.environ.get("SHOAL_CRASH_SEED") or random.SystemRandom().randrange(2**32))
CLIENTS, ACCOUNTS, OPENING = 32, 100, 50


class Bank:
    """The server of the moment: clients wait here while there is none."""

    def __init__(self):
        self.opened, self.shoal, self.closing = threading.Condition(), None, False

    def open(self, shoal):
        with self.opened:
            self.shoal = shoal
            self.opened.notify_all()

    def close(self):
        with self.opened:
            self.shoal = None

    def wire(self):
        with self.opened:
            self.opened.wait_for(lambda: self.shoal)
            return Wire(self.shoal.host, self.shoal.port)


class Client(threading.Thread):
    def __init__(self, bank, number):
        super().__init__(daemon=True)
        self.bank, self.number, self.random = bank, number, random.Random(f"{SEED}-{number}")
        self.acknowledged, self.cancelled, self.retried, self.failure = {}, 0, 0, None

    def run(self):
        try:
            wire, count = self.bank.wire(), 0
            while not self.bank.closing:
                source, target = self.random.sample(range(ACCOUNTS), 2)
                name, amount = f"{self.number}-{count}", self.random.randrange(1, 40)
                count += 1
                body = transfer(name, source, target, amount)
                while True:
                    try:
                        reply = wire.call("TransactWriteItems", body)
                        break
                    except (OSError, http.client.HTTPException):  # Killed: nobody knows whether it happened.
                        wire.close()
                        self.retried += 1
                        wire = self.bank.wire()
                self.settle(name, (source, target, amount), reply)
            wire.close()
        except Exception as failure:
            self.failure = failure

    def settle(self, name, what, reply):
        if reply.status == 200:
            self.acknowledged[name] = what
            return
        codes = [reason["Code"] for reason in reply.json.get("CancellationReasons", [])]
        assert codes == ["ConditionalCheckFailed", "None", "None"], reply.body  # not enough money
        self.cancelled += 1


def transfer(name, source, target, amount):
    def account(number, **more):
        return {"Update": {"TableName": "accounts", "Key": {"p": {"N": str(number)}}, **more}}

    change = {":amount": {"N": str(amount)}}
    return {"ClientRequestToken": f"transfer-{name}", "TransactItems": [
        account(source, UpdateExpression="SET money = money - :amount", ConditionExpression="money >= :amount",
                ExpressionAttributeValues=change),
        account(target, UpdateExpression="SET money = money + :amount", ExpressionAttributeValues=change),
        # No condition: a second time would count two.
        {"Update": {"TableName": "ledger", "Key": {"p": {"S": name}},
                    "UpdateExpression": "ADD times :one SET payer = :source, payee = :target, amount = :amount",
                    "ExpressionAttributeValues": {**change, ":one": {"N": "1"}, ":source": {"N": str(source)},
                                                  ":target": {"N": str(target)}}}}]}


def scan(shoal, table):
    start, items = {}, []
    while True:
        page = shoal.ok("Scan", {"TableName": table, "ConsistentRead": True, **start})
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def check_books(shoal):
    """That the balances are those of the ledger. Returns the ledger."""
    expected = collections.Counter({n: OPENING for n in range(ACCOUNTS)})
    ledger = {}
    for entry in scan(shoal, "ledger"):
        source, target, amount = (int(entry[name]["N"]) for name in ("payer", "payee", "amount"))
        assert entry["times"] == {"N": "1"}, f"a transfer happened more than once: {entry}"
        ledger[entry["p"]["S"]] = (source, target, amount)
        expected[source] -= amount
        expected[target] += amount
    money = {int(account["p"]["N"]): int(account["money"]["N"]) for account in scan(shoal, "accounts")}
    assert sum(money.values()) == ACCOUNTS * OPENING, "money was lost or made"
    assert min(money.values()) >= 0
    assert money == dict(expected), "a transaction is there by half"
    return ledger


@pytest.mark.parametrize("durability", ["sync", "relaxed"])
def test_the_sum_never_changes(tmp_path, durability, note):
    print(f"SHOAL_CRASH_SEED={SEED}")
    dice, bank, kills = random.Random(f"{SEED}-{durability}"), Bank(), 0
    flags = f"--data-dir={tmp_path / 'data'}", f"--durability={durability}"
    clients = [Client(bank, n) for n in range(CLIENTS)]
    try:
        shoal = Shoal.start(*flags)
        shoal.create_table("p:N", name="accounts")
        shoal.create_table("p:S", name="ledger")
        for n in range(ACCOUNTS):
            shoal.put("accounts", {"p": {"N": str(n)}, "money": {"N": str(OPENING)}})
        for client in clients:
            client.start()
        end = time.monotonic() + SECONDS / 2
        while time.monotonic() < end:
            bank.open(shoal)
            time.sleep(dice.choice((0.05, 0.2, 0.5, 1.0, 1.5)))  # how long it is left to work, not a wait for anything
            bank.close()
            shoal.kill()
            kills += 1
            shoal = Shoal.start(*flags)
            check_books(shoal)
        bank.closing = True
        bank.open(shoal)
        for client in clients:
            client.join(30)
            assert not client.is_alive(), "a client got no answer"
            assert client.failure is None, repr(client.failure)
        ledger = check_books(shoal)
        acknowledged = {name: what for client in clients for name, what in client.acknowledged.items()}
        assert ledger == acknowledged, (f"acknowledged and gone: {sorted(acknowledged.keys() - ledger.keys())[:5]}, "
                                        f"refused and there: {sorted(ledger.keys() - acknowledged.keys())[:5]}")
    except AssertionError as failure:
        raise AssertionError(f"SHOAL_CRASH_SEED={SEED}, {durability}, after {kills} kills: {failure}\n{shoal.log()[-2000:]}") from failure
    finally:
        bank.closing = True
        shoal.kill()
    retried, cancelled = sum(c.retried for c in clients), sum(c.cancelled for c in clients)
    assert retried > 0 and cancelled > 0 and len(acknowledged) > 100, "hardly anything happened: the test shows nothing"
    note(f"transfers: {len(acknowledged)} acknowledged, {cancelled} refused, {retried} sent again over {kills} kills ({durability})")

"""Bad input of every kind: each gets an error or a closed connection, the process lives on and its memory is bounded.

The random part prints its seed; SHOAL_ABUSE_SEED repeats it, SHOAL_ABUSE_ROUNDS makes it longer. At the end the number of
inputs that were tried is printed.
"""

import copy
import json
import os
import random
import socket
import struct
import time

import pytest

from support.expect import item
from support.shoal_process import JSON_TYPE, TARGET, sign

SEED = int(os.environ.get("SHOAL_ABUSE_SEED") or random.SystemRandom().randrange(2**32))
ROUNDS = int(os.environ.get("SHOAL_ABUSE_ROUNDS") or 20000)
tried = {"count": 0}


def make_target(shoal):
    """The table that the bad input is about; a mutated request may delete it."""
    if shoal.call("DescribeTable", {"TableName": "target"}).status != 200:
        shoal.create_table("p:S c:N", gsi={"gsi": "g:S"}, lsi={"lsi": "p:S l:S"}, name="target")


@pytest.fixture(scope="module")
def server(start_shoal, note):
    shoal = start_shoal("--header-timeout-ms=1500", "--body-timeout-ms=1500", "--idle-timeout-ms=5000")
    make_target(shoal)
    shoal.create_table("p:S", name="canary", DeletionProtectionEnabled=True)
    shoal.put("canary", item(p="a", v="sings"))
    yield shoal
    note(f"abuse: {tried['count']} bad inputs were tried (seed {SEED}), {shoal.memory_bytes() >> 20} MB in use afterwards")


@pytest.fixture(autouse=True)
def serves_afterwards(server):
    yield
    assert server.running(), server.log()[-3000:]
    assert server.ok("GetItem", {"TableName": "canary", "Key": item(p="a")})["Item"] == item(p="a", v="sings")
    assert server.memory_bytes() < 400 << 20


def send(server, data, *, shut=True, timeout=8) -> bytes:
    """All that comes back for raw bytes; a closed connection is an answer, a silent open one is not."""
    tried["count"] += 1
    with socket.create_connection((server.host, server.port), timeout=timeout) as peer:
        got = b""
        try:
            for start in range(0, len(data), 1 << 16):
                peer.sendall(data[start:start + (1 << 16)])
            if shut:
                peer.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # Closed while we were still sending: fine.
        try:
            while part := peer.recv(65536):
                got += part
        except ConnectionError:
            pass
        return got


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0


def http_request(server, body: bytes, operation="PutItem", **fields) -> bytes:
    headers = sign({"Host": f"{server.host}:{server.port}", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.{operation}"}, body)
    headers = {**headers, "Content-Length": len(body), **fields}
    return b"POST / HTTP/1.1\r\n" + b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in headers.items()) + b"\r\n" + body


GOOD = json.dumps({"TableName": "target", "Item": item(p="x", c=1)}).encode()

BROKEN_HTTP = {
    "nothing": b"", "a newline": b"\r\n", "noise": bytes(range(256)) * 8, "zeros": b"\0" * 4096,
    "no version": b"POST /\r\n\r\n", "bad version": b"POST / HTTP/9.9\r\n\r\n", "lower case": b"post / http/1.1\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nHost\r\n\r\n", "space before colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n", "empty name": b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    "control in header": b"GET / HTTP/1.1\r\nHost: a\x01b\r\n\r\n", "bare lf": b"GET / HTTP/1.1\nHost: x\n\n",
    "nul in target": b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", "long target": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n",
    "negative length": b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "length not a number": b"POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
    "huge length": b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999999\r\n\r\n",
    "64-bit length": b"POST / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown transfer": b"POST / HTTP/1.1\r\nTransfer-Encoding: magic\r\n\r\n{}",
    "bad chunk size": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "huge chunk size": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "negative chunk": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    "endless trailer": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 50_000,
    "tls": bytes.fromhex("16030100f5010000f10303") + os.urandom(200),
    "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(50),
    "upgrade": b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "connect": b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "unknown encoding": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
    "not gzip": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("data", BROKEN_HTTP.values(), ids=BROKEN_HTTP.keys())
def test_broken_http(server, data):
    answer = send(server, data)
    assert status(answer) != 500, answer[:300]


def test_a_request_cut_off_anywhere(server):
    whole = http_request(server, GOOD)
    for end in range(0, len(whole), 7):
        assert status(send(server, whole[:end])) not in (200, 500)


def test_slow_and_silent_clients_are_let_go(server):
    begun = time.monotonic()
    for data in (b"POST / HT", b"POST / HTTP/1.1\r\nHost: x\r\n", http_request(server, GOOD)[:-5]):
        answer = send(server, data, shut=False)
        assert status(answer) not in (200, 500)
    assert time.monotonic() - begun < 15


def test_connections_reset_in_the_midst(server):
    whole = http_request(server, GOOD)
    for cut in list(range(1, len(whole), 23)) + [len(whole)] * 20:
        tried["count"] += 1
        peer = socket.create_connection((server.host, server.port), timeout=5)
        peer.sendall(whole[:cut])
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()


@pytest.mark.parametrize("size", [16 * 1024 * 1024 + 1, 17 * 1024 * 1024, 40 * 1024 * 1024])
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_too_large(server, size, chunked):
    if chunked:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        data = head + b"".join(b"100000\r\n" + b" " * 0x100000 + b"\r\n" for _ in range(size // 0x100000 + 1)) + b"0\r\n\r\n"
    else:
        data = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size + b" " * size
    assert status(send(server, data)) in (0, 413)


def nest(opening, closing, levels):
    return opening * levels + closing * levels


BAD_JSON = {
    "broken utf-8 in a value": b'{"TableName": "target", "Item": {"p": {"S": "\xc3\x28"}, "c": {"N": "1"}}}',
    "broken utf-8 in a name": b'{"TableName": "target", "Item": {"\xff": {"S": "a"}}}',
    "overlong utf-8": b'{"TableName": "\xc0\xaf"}', "a surrogate in utf-8": b'{"TableName": "\xed\xa0\x80"}',
    "beyond unicode": b'{"TableName": "\xf4\x90\x80\x80"}', "cut off utf-8": b'{"TableName": "\xe2\x82',
    "a lone surrogate": b'{"TableName": "\\ud800"}', "a wrong pair": b'{"TableName": "\\ud800\\u0041"}',
    "a bad escape": b'{"TableName": "\\x41"}', "a raw newline": b'{"TableName": "a\nb"}', "a nul": b'{"TableName": "a\0b"}',
    "utf-16": '{"TableName": "target"}'.encode("utf-16"), "a byte order mark": b"\xef\xbb\xbf{}",
    "deep lists": nest(b"[", b"]", 100_000), "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep and open": b"[" * 1_000_000,
    "a deep value": b'{"TableName": "target", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "d": ' + nest(b'{"L": [', b"]}", 5000) + b"}}",
    "a deep value of 400": b'{"TableName": "target", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "d": ' + b'{"L": [' * 400 + b'{"S": ""}' + b"]}" * 400 + b"}}",
    "a deep unknown member": b'{"Unknown": ' + nest(b"[", b"]", 900) + b"}",
    "a huge number": b'{"Limit": ' + b"9" * 100_000 + b"}", "a huge exponent": b'{"Limit": 1e999999}',
    "many members": b'{"a": 1' + b"".join(b', "m%d": 1' % n for n in range(200_000)) + b"}",
    "one member many times": b'{"TableName": "target"' + b', "TableName": "x"' * 100_000 + b"}",
    "many attributes": b'{"TableName": "target", "Item": {"p": {"S": "a"}' + b"".join(b', "m%d": {"S": ""}' % n for n in range(100_000)) + b"}}",
    "a long number": b'{"TableName": "target", "Item": {"p": {"S": "a"}, "c": {"N": "' + b"1" * 1_000_000 + b'"}}}',
    "a long exponent": b'{"TableName": "target", "Item": {"p": {"S": "a"}, "c": {"N": "1e' + b"9" * 100_000 + b'"}}}',
    "an endless negative exponent": b'{"TableName": "target", "Item": {"p": {"S": "a"}, "c": {"N": "1e-99999999999999999999"}}}',
    "bad base64": b'{"TableName": "target", "Item": {"p": {"B": "####"}}}',
    "a set of a million": b'{"TableName": "target", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "s": {"NS": [' + b",".join(b'"%d"' % n for n in range(300_000)) + b"]}}}",
}


@pytest.mark.parametrize("body", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_bad_json(server, body):
    tried["count"] += 1
    began = time.monotonic()
    reply = server.call("PutItem", body)
    assert reply.status in (400, 413), (reply.status, reply.body[:300])
    assert time.monotonic() - began < 5


EXPRESSIONS = {
    "parentheses": "(" * 4000, "nots": "NOT " * 1000 + "a = :a", "dots": "a" + ".a" * 2000, "indexes": "a" + "[0]" * 1300,
    "ors": " OR ".join(["a=:a"] * 800), "nested functions": "size(" * 800 + "a" + ")" * 800, "noise": "\u0000\u0001\uffff😀" * 300,
    "huge index": "a[" + "9" * 4000 + "]", "commas": "," * 4000, "colons": ":" * 4000, "hashes": "#" * 4000, "too long": "a" * 1_000_000,
    "balanced": "(" * 2000 + ")" * 2000, "nested lists": "list_append(" * 300 + ":a" + ", :a)" * 300,
}


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_bad_expressions(server, expression):
    values = {"ExpressionAttributeValues": {":a": {"S": "a"}}}
    for operation, key, body in (
            ("PutItem", "ConditionExpression", {"Item": item(p="x", c=1)}), ("UpdateItem", "UpdateExpression", {"Key": item(p="x", c=1)}),
            ("UpdateItem", "UpdateExpression", {"Key": item(p="x", c=1), "prefix": "SET x = "}),
            ("Query", "KeyConditionExpression", {}), ("Scan", "FilterExpression", {}), ("Scan", "ProjectionExpression", {})):
        tried["count"] += 1
        text = body.pop("prefix", "") + expression
        reply = server.call(operation, {"TableName": "target", key: text, **body, **values})
        assert (reply.status, reply.type) == (400, "ValidationException"), reply.body[:300]


def test_every_operation_with_every_wrong_type(server):
    wrong = [None, True, 0, -1, 1.5, 1e300, "", "x", [], {}, [None], [[]], [{}], {"x": None}, {"": {}}, {"a": {"S": 1}}, 2**70]
    for operation, good in VALID:
        for path in paths(good):
            for value in wrong:
                body = copy.deepcopy(good)
                place(body, path, value)
                tried["count"] += 1
                reply = server.call(operation, body)
                assert reply.status in (200, 400), (operation, path, value, reply.body[:300])


KEY = item(p="a", c=1)
VALUES = {":a": {"S": "a"}, ":n": {"N": "1"}}
VALID = [
    ("PutItem", {"TableName": "target", "Item": {**KEY, "m": {"M": {"l": {"L": [{"NS": ["1"]}, {"B": "AA=="}]}}}},
                 "ConditionExpression": "#a = :a OR attribute_not_exists(b)", "ExpressionAttributeNames": {"#a": "a"},
                 "ExpressionAttributeValues": {":a": {"S": "a"}}, "ReturnValues": "ALL_OLD", "ReturnConsumedCapacity": "INDEXES",
                 "ReturnItemCollectionMetrics": "SIZE", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("GetItem", {"TableName": "target", "Key": KEY, "ConsistentRead": True, "ProjectionExpression": "a, #b[0].c",
                 "ExpressionAttributeNames": {"#b": "b"}}),
    ("UpdateItem", {"TableName": "target", "Key": item(p="z", c=1), "UpdateExpression": "SET a = :a, b = if_not_exists(b, :n) REMOVE d ADD e :n",
                    "ExpressionAttributeValues": VALUES, "ReturnValues": "UPDATED_NEW"}),
    ("DeleteItem", {"TableName": "target", "Key": item(p="y", c=1), "ConditionExpression": "attribute_not_exists(a)"}),
    ("Query", {"TableName": "target", "IndexName": "lsi", "KeyConditionExpression": "p = :a AND begins_with(l, :a)",
               "FilterExpression": "size(x) > :n", "ExpressionAttributeValues": VALUES, "Limit": 5, "ScanIndexForward": False,
               "Select": "ALL_ATTRIBUTES", "ExclusiveStartKey": item(p="a", c=1, l="al")}),
    ("Scan", {"TableName": "target", "FilterExpression": "a BETWEEN :a AND :a", "ExpressionAttributeValues": {":a": {"S": "a"}},
              "Segment": 0, "TotalSegments": 2, "Limit": 3, "Select": "COUNT"}),
    ("BatchGetItem", {"RequestItems": {"target": {"Keys": [KEY], "ProjectionExpression": "a", "ConsistentRead": True}}}),
    ("BatchWriteItem", {"RequestItems": {"target": [{"PutRequest": {"Item": item(p="w", c=1)}}, {"DeleteRequest": {"Key": item(p="v", c=1)}}]}}),
    ("CreateTable", {"TableName": "created", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
                     "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "BillingMode": "PROVISIONED",
                     "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                     "GlobalSecondaryIndexes": [{"IndexName": "gsi", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
                                                 "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
                                                 "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}],
                     "Tags": [{"Key": "a", "Value": "b"}], "SSESpecification": {"Enabled": True, "SSEType": "KMS"},
                     "StreamSpecification": {"StreamEnabled": False}, "TableClass": "STANDARD", "DeletionProtectionEnabled": False}),
    ("UpdateTable", {"TableName": "created", "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}],
                     "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "gsi", "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}}}],
                     "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}}),
    ("DescribeTable", {"TableName": "target"}), ("ListTables", {"Limit": 1, "ExclusiveStartTableName": "abc"}),
    ("TagResource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/target", "Tags": [{"Key": "a", "Value": "b"}]}),
    ("UntagResource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/target", "TagKeys": ["a"]}),
    ("ListTagsOfResource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/target"}),
    ("DescribeLimits", {}), ("DescribeEndpoints", {}), ("DeleteTable", {"TableName": "created"}),
    ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "target", "Item": item(p="t", c=1)}},
                                              {"ConditionCheck": {"TableName": "target", "Key": KEY, "ConditionExpression": "attribute_exists(p)"}},
                                              {"Update": {"TableName": "target", "Key": item(p="u", c=1), "UpdateExpression": "SET a = :a",
                                                          "ExpressionAttributeValues": {":a": {"S": "a"}}}}], "ClientRequestToken": "token"}),
    ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "target", "Key": KEY}}]}),
]


def paths(value, prefix=()):
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*prefix, key)
        yield from paths(member, (*prefix, key))


def place(body, path, value):
    for key in path[:-1]:
        body = body[key]
    body[path[-1]] = value


JUNK = ["", "\0", "a" * 300, "é" * 2000, "😀", "1e126", "-0", "NaN", "SELECT", "#a", ":a", "a.b[0]", "p", "target", "gsi", "((", "size(a)",
        "SET a = :a", "REMOVE a", None, True, 0, -1, 2**31, 2**63, 1e308, [], {}, [{}], {"S": "a"}, {"N": "x"}, {"L": [{}]}, {"SS": []}]


def mutate_bytes(random_, data):
    data = bytearray(data)
    for _ in range(random_.choice((1, 1, 2, 5, 20))):
        at = random_.randrange(len(data) + 1)
        what = random_.randrange(5)
        if what == 0 and data:
            data[at % len(data)] = random_.randrange(256)
        elif what == 1:
            data[at:at] = bytes(random_.randrange(256) for _ in range(random_.randrange(8)))
        elif what == 2:
            del data[at:at + random_.randrange(20)]
        elif what == 3:
            data[at:at] = random_.choice((b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\u", b"null", b"1e9"))
        else:
            other = random_.randrange(len(data) + 1)
            data[at:at] = data[other:other + random_.randrange(30)]
    return bytes(data)


def mutate_json(random_, body):
    body = copy.deepcopy(body)
    for _ in range(random_.choice((1, 1, 2, 3))):
        places = list(paths(body))
        if not places:
            break
        path = random_.choice(places)
        if random_.random() < 0.15:
            parent = body
            for key in path[:-1]:
                parent = parent[key]
            del parent[path[-1]]
        elif random_.random() < 0.2:
            source = random_.choice(places)
            value = body
            for key in source:
                value = value[key]
            place(body, path, copy.deepcopy(value))
        else:
            place(body, path, copy.deepcopy(random_.choice(JUNK)))
    return body


def test_random_mutations_of_valid_requests(server):
    random_ = random.Random(SEED)
    print(f"SHOAL_ABUSE_SEED={SEED}")
    for round_ in range(ROUNDS):
        if round_ % 200 == 0:
            make_target(server)
        operation, good = random_.choice(VALID)
        body = (mutate_bytes(random_, json.dumps(good).encode()) if random_.random() < 0.4
                else json.dumps(mutate_json(random_, good)).encode())
        tried["count"] += 1
        reply = server.call(operation, body)
        assert reply.status in (200, 400, 413), f"seed {SEED}, round {round_}: {operation} {body!r} -> {reply.status} {reply.body[:300]!r}"
        if reply.status == 400:
            assert reply.json["__type"], reply.body


def test_random_mutations_of_whole_http_requests(server):
    random_ = random.Random(SEED + 1)
    print(f"SHOAL_ABUSE_SEED={SEED}")
    for _ in range(ROUNDS // 8):
        operation, good = random_.choice(VALID)
        if operation in ("DeleteTable", "DeleteItem"):
            continue
        whole = http_request(server, json.dumps(good).encode(), operation)
        cut = whole.index(b"\r\n\r\n") + 4
        data = mutate_bytes(random_, whole[:cut]) + whole[cut:]
        assert status(send(server, data)) != 500, data


def test_a_thousand_connections_at_once(server):
    peers = []
    try:
        for _ in range(1000):
            tried["count"] += 1
            peers.append(socket.create_connection((server.host, server.port), timeout=5))
        for peer in peers[::2]:
            peer.sendall(b"POST / HTTP/1.1\r\n")
        assert server.ok("ListTables", {"Limit": 1})
    finally:
        for peer in peers:
            peer.close()

"""HTTP as production speaks it: order of checks, headers, error bodies, CORS, compression, JSON types."""

import base64
import email.utils
import gzip
import json
import re
import socket
import time
import zlib

import pytest

from support.expect import ENVELOPE, expect_error, item
from support.shoal_process import JSON_TYPE, TARGET, sign


def exchange(shoal, data: bytes, replies=1) -> bytes:
    """Sends raw bytes, reads until the peer closes or `replies` answers came."""
    with socket.create_connection((shoal.host, shoal.port), timeout=10) as peer:
        peer.sendall(data)
        got = b""
        while True:
            part = peer.recv(65536)
            got += part
            if not part or sum(1 for _ in split(got)) >= replies:
                return got


def split(data: bytes):
    """The complete answers (head, body) in `data`; each has a Content-Length."""
    while b"\r\n\r\n" in data:
        head, _, rest = data.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        if len(rest) < length:
            return
        if not head.startswith(b"HTTP/1.1 100"):
            yield head, rest[:length]
        data = rest[length:] if not head.startswith(b"HTTP/1.1 100") else rest


def headers(shoal, operation="ListTables", body=b"{}", **more):
    return sign({"Host": f"{shoal.host}:{shoal.port}", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.{operation}",
                 **more}, body)


def request(shoal, body=b"{}", method="POST", path="/", **fields) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_every_answer_has_an_id_and_a_right_checksum(shoal):
    ids = set()
    for operation, body in (("ListTables", {}), ("DescribeTable", {"TableName": "nosuch"}), ("Nonsense", {})):
        reply = shoal.call(operation, body)
        assert int(reply.headers["x-amz-crc32"]) == zlib.crc32(reply.body)
        assert reply.headers["content-type"] == JSON_TYPE
        assert len(reply.headers["x-amzn-requestid"]) == 52 and reply.headers["x-amzn-requestid"].isalnum()
        assert reply.headers["x-amzn-requestid"] == reply.headers["x-amzn-requestid"].upper()
        ids.add(reply.headers["x-amzn-requestid"])
    assert len(ids) == 3


def test_get_says_healthy(shoal):
    for path in ("/", "/any/path"):
        reply = shoal.post(b"", {}, method="GET", path=path)
        assert (reply.status, reply.body) == (200, b"healthy: dynamodb.us-east-1.amazonaws.com ")
        assert reply.headers["content-type"].startswith("text/") and "x-amzn-requestid" in reply.headers
        assert int(reply.headers["x-amz-crc32"]) == zlib.crc32(reply.body)
    assert shoal.post(b"", {}, method="GET", path="/_shoal/health").status == 200


NOT_FOUND = b"<UnknownOperationException/>\n"


@pytest.mark.parametrize("method, content_type", [
    ("POST", "application/x-amz-json-1.1"), ("POST", "text/plain"), ("POST", None), ("PUT", JSON_TYPE), ("DELETE", JSON_TYPE),
    ("OPTIONS", JSON_TYPE)])
def test_another_content_type_or_method_is_not_found(shoal, method, content_type):
    fields = headers(shoal)
    del fields["Content-Type"]
    if content_type:
        fields["Content-Type"] = content_type
    reply = shoal.post(b"{}", fields, method=method)
    assert (reply.status, reply.body) == (404, NOT_FOUND)
    assert reply.headers["x-amz-crc32"] == "3552371480"


@pytest.mark.parametrize("content_type, answered", [
    ("application/json", "application/json"), ("application/x-amz-json-1.0; charset=utf-8", JSON_TYPE)])
def test_json_by_its_other_names(shoal, content_type, answered):
    reply = shoal.call("ListTables", {}, headers={"Content-Type": content_type})
    assert (reply.status, reply.headers["content-type"]) == (200, answered)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'"x"', b"null", b'{"a": \xff}', b'{"a": "\xff"}', b'{"a": "\\q"}',
                                  b'{"a": 1,}', b"{'a': 1}", b'{"a": 01}', b'{"TableName": "x"} {}'])
def test_what_is_no_json_object_is_a_serialization_error_without_message(shoal, body):
    reply = shoal.call("ListTables", body)
    assert (reply.status, reply.json) == (400, {"__type": "com.amazon.coral.service#SerializationException"})
    assert reply.headers["x-amz-crc32"] == "3948637019"


@pytest.mark.parametrize("target", ["", "ListTables", "DynamoDB_20120810.", "DynamoDB_20120810.Nonsense", "Nonsense.ListTables",
                                    "DynamoDB_20120810.ListTables.x", "dynamodb_20120810.ListTables", "DynamoDB_20120810.listTables",
                                    "DynamoDBStreams_20120810.ListTables"])
def test_an_unknown_target_is_an_unknown_operation(shoal, target):
    reply = shoal.call("", {}, headers={"X-Amz-Target": target})
    assert reply.status == 400
    assert reply.json == {"__type": "com.amazon.coral.service#UnknownOperationException"}
    assert reply.headers["x-amz-crc32"] == "1368724161"


def test_no_target_at_all(shoal):
    reply = shoal.post(b"{}", {"Content-Type": JSON_TYPE})
    assert (reply.status, reply.json) == (400, {"__type": "com.amazon.coral.service#UnknownOperationException"})


def test_an_empty_post_without_target_is_an_unknown_operation(shoal):
    reply = shoal.post(b"", {})
    assert (reply.status, reply.json) == (400, {"__type": "com.amazon.coral.service#UnknownOperationException"})


def test_json_is_checked_before_the_target_and_the_target_before_the_signature(shoal):
    assert shoal.post(b"{", {"Content-Type": JSON_TYPE}).type == "SerializationException"
    assert shoal.post(b"{}", {"Content-Type": JSON_TYPE, "X-Amz-Target": "x.y"}).type == "UnknownOperationException"
    assert shoal.post(b"{}", {"Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.PutItem"}).type == \
        "MissingAuthenticationTokenException"
    bad = shoal.call("PutItem", {"TableName": 5}, access_key="local", secret_key="wrong")
    assert bad.type == "InvalidSignatureException"


def test_modelled_errors_name_the_service_and_validation_names_the_framework(shoal):
    assert shoal.call("DescribeTable", {"TableName": "nosuch"}).json["__type"] == \
        "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
    assert shoal.call("GetItem", {}).json["__type"] == "com.amazon.coral.validate#ValidationException"


# ---- Sizes and framing

def test_16_mb_are_accepted_and_one_byte_more_is_refused(shoal):
    table = shoal.create_table("p:S")
    def padded(size):
        body = json.dumps({"TableName": table, "Key": item(p="a")}).encode()
        return body + b" " * (size - len(body))
    assert shoal.call("GetItem", padded(16 * 1024 * 1024)).status == 200
    reply = shoal.call("GetItem", padded(16 * 1024 * 1024 + 1))
    assert (reply.status, reply.body) == (413, b"")
    assert shoal.call("ListTables", {}).status == 200


def test_a_chunked_body(shoal):
    body = b'{"Limit": 1}'
    fields = headers(shoal, body=body)
    data = request(shoal, b"5\r\n" + body[:5] + b"\r\n" + b"%x;ext=1\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n\r\n",
                   **{**fields, "Transfer-Encoding": "chunked"})
    [(head, _)] = split(exchange(shoal, data))
    assert head.startswith(b"HTTP/1.1 200")


def test_requests_sent_at_once_are_answered_in_order(shoal):
    table = shoal.create_table("p:S")
    data = b""
    for n in range(50):
        operation, body = ("PutItem", {"TableName": table, "Item": item(p=str(n))}) if n % 2 else (
            "GetItem", {"TableName": table, "Key": item(p=str(n - 1)), "ReturnConsumedCapacity": "TOTAL"})
        content = json.dumps(body).encode()
        data += request(shoal, content, **headers(shoal, operation, content), **{"Content-Length": len(content)})
    answers = list(split(exchange(shoal, data, replies=50)))
    assert len(answers) == 50
    for n, (head, body) in enumerate(answers):
        assert head.startswith(b"HTTP/1.1 200"), body
        assert (b"ConsumedCapacity" in body) == (n % 2 == 0)


def test_expect_100_continue(shoal):
    body = b"{}"
    with socket.create_connection((shoal.host, shoal.port), timeout=10) as peer:
        fields = {**headers(shoal, body=body), "Content-Length": len(body), "Expect": "100-continue"}
        peer.sendall(request(shoal, b"", **fields))
        assert peer.recv(100).startswith(b"HTTP/1.1 100")
        peer.sendall(body)
        assert peer.recv(65536).startswith(b"HTTP/1.1 200")


def test_connection_close_and_http_1_0(shoal):
    body = b"{}"
    fields = {**headers(shoal, body=body), "Content-Length": 2}
    closed = exchange(shoal, request(shoal, body, **fields, Connection="close"), replies=2)
    assert closed.startswith(b"HTTP/1.1 200")
    old = request(shoal, body, **fields).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    assert b" 200 " in exchange(shoal, old, replies=2).split(b"\r\n")[0]


def deflated(data):
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


@pytest.mark.parametrize("encoding, compress", [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", deflated)])
def test_compressed_request_bodies(shoal, encoding, compress):
    body = json.dumps({"Limit": 3, "padding": "x" * 10000}).encode()
    assert shoal.call("ListTables", compress(body), headers={"Content-Encoding": encoding}).status == 200


def test_a_compressed_body_may_not_swell_beyond_16_mb(shoal):
    bomb = gzip.compress(b"{" + b" " * (64 * 1024 * 1024) + b"}")
    assert shoal.call("ListTables", bomb, headers={"Content-Encoding": "gzip"}).status == 413
    broken = gzip.compress(b"{}")[:-6] + b"xxxxxx"
    assert shoal.call("ListTables", broken, headers={"Content-Encoding": "gzip"}).status == 400


# ---- Browsers

def test_a_page_of_this_machine_may_call(shoal):
    reply = shoal.call("ListTables", {}, headers={"Origin": "http://localhost:3000"})
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] in ("*", "http://localhost:3000")
    assert "x-amzn-requestid" in reply.headers["access-control-expose-headers"].lower()


def test_a_preflight_is_answered(shoal):
    reply = shoal.post(b"", {"Origin": "http://127.0.0.1:8080", "Access-Control-Request-Method": "POST",
                             "Access-Control-Request-Headers": "x-amz-target,authorization"}, method="OPTIONS")
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["access-control-max-age"] == "172800"
    assert reply.headers["access-control-allow-headers"] == "x-amz-target,authorization"
    assert reply.headers["access-control-allow-methods"] == "POST"


def test_a_page_from_elsewhere_is_not_let_in_unless_told(shoal, start_shoal):
    origin = {"Origin": "https://app.example.com"}
    assert "access-control-allow-origin" not in shoal.call("ListTables", {}, headers=origin).headers
    open_to_it = start_shoal("--cors-origin=https://app.example.com")
    reply = open_to_it.call("ListTables", {}, headers=origin)
    assert reply.headers["access-control-allow-origin"] in ("*", "https://app.example.com")


# ---- JSON types

@pytest.mark.parametrize("operation, body, message", [
    ("GetItem", '{"TableName": 5}', "NUMBER_VALUE cannot be converted to String"),
    ("GetItem", '{"TableName": 5.5}', "DECIMAL_VALUE cannot be converted to String"),
    ("GetItem", '{"TableName": true}', "TRUE_VALUE cannot be converted to String"),
    ("GetItem", '{"TableName": false}', "FALSE_VALUE cannot be converted to String"),
    ("GetItem", '{"TableName": []}', "Unrecognized collection type class java.lang.String"),
    ("GetItem", '{"TableName": {}}', "Start of structure or map found where not expected"),
    ("Scan", '{"Limit": "1"}', "STRING_VALUE cannot be converted to Integer"),
    ("Scan", '{"Limit": true}', "TRUE_VALUE cannot be converted to Integer"),
    ("Scan", '{"Limit": []}', "Unrecognized collection type class java.lang.Integer"),
    ("Scan", '{"Limit": {}}', "Start of structure or map found where not expected"),
    ("CreateTable", '{"ProvisionedThroughput": {"ReadCapacityUnits": "5"}}', "STRING_VALUE cannot be converted to Long"),
    ("GetItem", '{"ConsistentRead": 1}', "NUMBER_VALUE cannot be converted to Boolean"),
    ("GetItem", '{"ConsistentRead": 1.5}', "DECIMAL_VALUE cannot be converted to Boolean"),
    ("GetItem", '{"ConsistentRead": "maybe"}', "Unexpected token received from parser"),
    ("GetItem", '{"ConsistentRead": []}', "Unrecognized collection type class java.lang.Boolean"),
    ("GetItem", '{"Key": "x"}', "Unexpected field type"),
    ("GetItem", '{"Key": 1}', "Unexpected field type"),
    ("GetItem", '{"Key": []}', "Unrecognized collection type java.util.Map<java.lang.String, "
                               "com.amazonaws.dynamodb.v20120810.AttributeValue>"),
    ("GetItem", '{"Key": {"p": "x"}}', "Unexpected value type in payload"),
    ("GetItem", '{"Key": {"p": []}}', "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"),
    ("GetItem", '{"Key": {"p": {"S": 1}}}', "NUMBER_VALUE cannot be converted to String"),
    ("GetItem", '{"Key": {"p": {"N": 1}}}', "NUMBER_VALUE cannot be converted to String"),
    ("GetItem", '{"Key": {"p": {"B": 1}}}', "only base-64-encoded strings are convertible to bytes"),
    ("GetItem", '{"Key": {"p": {"B": "abc"}}}', "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
    ("GetItem", '{"Key": {"p": {"B": []}}}', "Unrecognized collection type class java.nio.ByteBuffer"),
    ("GetItem", '{"Key": {"p": {"SS": "x"}}}', "Unexpected field type"),
    ("GetItem", '{"Key": {"p": {"SS": {}}}}', "Start of structure or map found where not expected"),
    ("GetItem", '{"ExpressionAttributeNames": []}', "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"),
    ("GetItem", '{"AttributesToGet": "x"}', "Unexpected field type"),
    ("CreateTable", '{"KeySchema": ["x"]}', "Unexpected value type in payload"),
    ("CreateTable", '{"ProvisionedThroughput": []}',
     "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ProvisionedThroughput"),
])
def test_types_of_json_are_checked_first(shoal, operation, body, message):
    reply = shoal.call(operation, body.encode())
    expect_error(reply, message, "SerializationException")
    assert "Message" in reply.json


@pytest.mark.parametrize("value", ["true", '"true"', '"YES"', '"1"'])
def test_booleans_may_be_written_as_text(shoal, value):
    table = shoal.create_table("p:S")
    body = '{"TableName": "%s", "Key": {"p": {"S": "a"}}, "ConsistentRead": %s, "ReturnConsumedCapacity": "TOTAL"}' % (table, value)
    assert shoal.ok("GetItem", body.encode())["ConsumedCapacity"]["CapacityUnits"] == 1


def test_null_members_are_absent_and_unknown_members_are_ignored(shoal):
    table = shoal.create_table("p:S")
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="a"), "ProjectionExpression": None, "Wat": {"x": [1]}}) == {}
    expect_error(shoal.call("GetItem", {"TableName": None, "Key": {}}),
                 ENVELOPE + "Value null at 'tableName' failed to satisfy constraint: Member must not be null")


def test_a_fraction_for_an_integer_is_cut_off(shoal):
    assert shoal.call("ListTables", b'{"Limit": 1.9}').status == 200


def test_escapes_and_unicode_survive(shoal):
    table = shoal.create_table("p:S")
    text = 'quote " backslash \\ slash / controls \b\f\n\r\t\u0001 unicode é 中 😀 \u2028'
    shoal.put(table, item(p="a", v=text))
    assert shoal.ok("GetItem", {"TableName": table, "Key": item(p="a")})["Item"]["v"]["S"] == text
    body = '{"TableName": "%s", "Key": {"p": {"S": "\\u0061"}}}' % table
    assert shoal.ok("GetItem", body.encode())["Item"]["v"]["S"] == text
    raw = bytes(range(256))
    shoal.put(table, {**item(p="b"), "v": {"B": base64.b64encode(raw).decode()}})
    assert base64.b64decode(shoal.ok("GetItem", {"TableName": table, "Key": item(p="b")})["Item"]["v"]["B"]) == raw


# ---- Headers, to the letter

def header_fields(head: bytes) -> dict:
    lines = head.decode().split("\r\n")[1:]
    fields = dict(line.split(": ", 1) for line in lines)
    assert len(fields) == len(lines), f"a header came twice: {head!r}"
    return fields


def raw_call(shoal, operation="ListTables", body=b"{}", method="POST", path="/", fields=None):
    fields = headers(shoal, operation, body) if fields is None else fields
    [(head, answer)] = split(exchange(shoal, request(shoal, body, method, path, **{**fields, "Content-Length": len(body)})))
    return head.split(b"\r\n")[0], header_fields(head), answer


@pytest.mark.parametrize("operation, body, status", [
    ("ListTables", b"{}", b"HTTP/1.1 200 OK"), ("DescribeTable", b'{"TableName": "nosuch"}', b"HTTP/1.1 400 Bad Request"),
    ("Nonsense", b"{}", b"HTTP/1.1 400 Bad Request")])
def test_an_answer_has_these_headers_and_no_others(shoal, operation, body, status):
    line, fields, answer = raw_call(shoal, operation, body)
    assert line == status
    assert set(fields) == {"Server", "Date", "Content-Type", "Content-Length", "x-amzn-RequestId", "x-amz-crc32"}
    assert fields["Server"] == "Server"
    assert abs(email.utils.parsedate_to_datetime(fields["Date"]).timestamp() - time.time()) < 60
    assert fields["Content-Type"] == JSON_TYPE and int(fields["Content-Length"]) == len(answer)
    assert re.fullmatch("[0-9A-Z]{52}", fields["x-amzn-RequestId"])
    assert int(fields["x-amz-crc32"]) == zlib.crc32(answer)


def test_errors_are_in_the_type_that_the_request_was_in(shoal):
    for given, answered in ((JSON_TYPE, JSON_TYPE), ("application/json", "application/json"),
                            ("application/json; charset=utf-8", "application/json")):
        reply = shoal.call("DescribeTable", {"TableName": "nosuch"}, headers={"Content-Type": given})
        assert (reply.status, reply.headers["content-type"]) == (400, answered)


def test_no_such_thing_has_an_id_and_a_checksum(shoal):
    line, fields, answer = raw_call(shoal, fields={"Host": "x", "Content-Type": "text/plain"})
    assert (line, answer) == (b"HTTP/1.1 404 Not Found", NOT_FOUND)
    assert len(answer) == 29 and fields["x-amz-crc32"] == "3552371480"
    assert re.fullmatch("[0-9A-Z]{52}", fields["x-amzn-RequestId"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_too_large_a_body_is_answered_by_nothing_but_its_status(shoal, method):
    """Before anything else is looked at, GET among it."""
    size = 16 * 1024 * 1024 + 1
    data = request(shoal, b"", method, Host="x", **{"Content-Length": size})
    with socket.create_connection((shoal.host, shoal.port), timeout=20) as peer:
        peer.sendall(data)
        try:
            for _ in range(0, size, 1 << 20):
                peer.sendall(b" " * (1 << 20))
        except OSError:
            pass  # It need not read to the end what it refuses.
        answer = peer.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    fields = header_fields(head)
    assert head.split(b"\r\n")[0].startswith(b"HTTP/1.1 413 ")
    assert body == b"0\r\n\r\n" and fields["Transfer-Encoding"] == "chunked"
    assert not {"x-amzn-RequestId", "x-amz-crc32", "Content-Length", "Content-Type"} & set(fields)


def test_an_empty_body_is_looked_at_after_the_signature(shoal):
    target = {"Host": "x", "X-Amz-Target": f"{TARGET}.ListTables"}
    assert shoal.post(b"", target).type == "MissingAuthenticationTokenException"
    assert shoal.post(b"", {**target, "X-Amz-Target": "x.y"}).type == "UnknownOperationException"
    fields = headers(shoal, body=b"")
    for content_type in (JSON_TYPE, "text/plain"):  # ... and its type not at all
        signed = sign({"Host": fields["Host"], "Content-Type": content_type, "X-Amz-Target": fields["X-Amz-Target"]}, b"")
        reply = shoal.post(b"", signed)
        assert (reply.status, reply.json) == (400, {"__type": "com.amazon.coral.service#SerializationException"})


def test_a_host_by_any_name(shoal):
    """The Host counts for the signature only: account endpoints, proxies and regions may be in it."""
    for host in ("dynamodb.us-east-1.amazonaws.com", "111122223333.ddb.eu-west-1.amazonaws.com:443", "x"):
        fields = sign({"Host": host, "Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.ListTables"}, b"{}")
        assert shoal.post(b"{}", fields).status == 200


def test_answers_are_never_compressed(shoal):
    table = shoal.create_table("p:S")
    shoal.put(table, item(p="a", v="x" * 100_000))
    reply = shoal.call("GetItem", {"TableName": table, "Key": item(p="a")}, headers={"Accept-Encoding": "gzip, deflate"})
    assert "content-encoding" not in reply.headers
    assert int(reply.headers["x-amz-crc32"]) == zlib.crc32(reply.body)


def test_headers_may_have_15_kb_and_a_target_too(shoal):
    """16 KB are production's bounds; what exceeds them is answered 400: test_http.py."""
    body = b"{}"
    fields = {**headers(shoal, body=body), "X-Long": "x" * 15_000}
    assert raw_call(shoal, fields=fields)[0] == b"HTTP/1.1 200 OK"
    assert raw_call(shoal, body=b"", method="GET", path="/" + "x" * 15_000, fields={"Host": "x"})[0] == b"HTTP/1.1 200 OK"


# ---- Error bodies

CAPITAL = {"SerializationException", "AccessDeniedException", "TransactionCanceledException",
           "IdempotentParameterMismatchException", "TransactionInProgressException"}


def test_the_message_is_capital_for_five_errors_only(shoal):
    table = shoal.create_table("p:S")
    put = {"Put": {"TableName": table, "Item": item(p="a")}}
    other = {"Put": {"TableName": table, "Item": item(p="b")}}
    failing = {"TableName": table, "Key": item(p="nosuch"), "ConditionExpression": "attribute_exists(p)"}
    shoal.ok("TransactWriteItems", {"TransactItems": [put], "ClientRequestToken": "capital"})
    replies = [
        shoal.call("GetItem", {"TableName": 5}), shoal.call("GetItem", {}), shoal.call("DescribeTable", {"TableName": "nosuch"}),
        shoal.call("ListTables", {}, secret_key="wrong"), shoal.call("DeleteItem", failing),
        shoal.call("TransactWriteItems", {"TransactItems": [{"ConditionCheck": failing}]}),
        shoal.call("TransactWriteItems", {"TransactItems": [other], "ClientRequestToken": "capital"}),
        shoal.call("CreateTable", {"TableName": table, "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
                                   "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
                                   "BillingMode": "PAY_PER_REQUEST"}),
        shoal.post(b"{}", {"Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.ListTables"})]
    seen = set()
    for reply in replies:
        assert reply.status == 400
        assert ("Message" in reply.json, "message" in reply.json) == (reply.type in CAPITAL, reply.type not in CAPITAL), reply.body
        seen.add(reply.type)
    assert seen == {"SerializationException", "ValidationException", "ResourceNotFoundException", "InvalidSignatureException",
                    "ConditionalCheckFailedException", "TransactionCanceledException", "IdempotentParameterMismatchException",
                    "ResourceInUseException", "MissingAuthenticationTokenException"}


NAMESPACES = {
    "com.amazon.coral.validate": {"ValidationException"},
    "com.amazon.coral.service": {"SerializationException", "UnknownOperationException", "InvalidSignatureException",
                                 "MissingAuthenticationTokenException", "IncompleteSignatureException"},
    "com.amazonaws.dynamodb.v20120810": {"ResourceNotFoundException", "ConditionalCheckFailedException"}}


def test_types_have_their_namespaces(shoal):
    table = shoal.create_table("p:S")
    replies = [
        shoal.call("GetItem", {}), shoal.call("GetItem", {"TableName": 5}), shoal.call("Nonsense", {}),
        shoal.call("ListTables", {}, secret_key="wrong"), shoal.call("DescribeTable", {"TableName": "nosuch"}),
        shoal.post(b"{}", {"Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.ListTables"}),
        shoal.post(b"{}", {"Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.ListTables", "Authorization": "AWS4-HMAC-SHA256 "}),
        shoal.call("DeleteItem", {"TableName": table, "Key": item(p="a"), "ConditionExpression": "attribute_exists(p)"})]
    seen = {}
    for reply in replies:
        space, _, name = reply.json["__type"].partition("#")
        seen.setdefault(space, set()).add(name)
    assert seen == NAMESPACES


# ---- Answers

def test_what_is_empty_is_left_out_of_answers(shoal):
    table = shoal.create_table("p:S c:S")
    key = item(p="a", c="c")
    assert shoal.ok("GetItem", {"TableName": table, "Key": key}) == {}
    assert shoal.ok("PutItem", {"TableName": table, "Item": key}) == {}
    assert shoal.ok("UpdateItem", {"TableName": table, "Key": key}) == {}
    assert shoal.ok("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": key}}]}}) == {"UnprocessedItems": {}}
    assert shoal.ok("BatchGetItem", {"RequestItems": {table: {"Keys": [item(p="b", c="b")]}}}) == {
        "Responses": {table: []}, "UnprocessedKeys": {}}
    assert shoal.ok("Scan", {"TableName": table}) == {"Items": [key], "Count": 1, "ScannedCount": 1}
    assert shoal.ok("Query", {"TableName": table, "KeyConditionExpression": "p = :p",
                              "ExpressionAttributeValues": {":p": {"S": "nobody"}}}) == {"Items": [], "Count": 0, "ScannedCount": 0}
    assert shoal.ok("TransactWriteItems", {"TransactItems": [{"Delete": {"TableName": table, "Key": key}}]}) == {}
    assert shoal.ok("TransactGetItems", {"TransactItems": [{"Get": {"TableName": table, "Key": key}}]}) == {"Responses": [{}]}


def test_numbers_of_sets_are_normalised(shoal):
    table = shoal.create_table("p:S")
    shoal.put(table, {**item(p="a"), "v": {"NS": ["01.50", "1e2", "-0"]}})
    got = shoal.ok("GetItem", {"TableName": table, "Key": item(p="a")})["Item"]["v"]["NS"]
    assert sorted(got) == ["0", "1.5", "100"]

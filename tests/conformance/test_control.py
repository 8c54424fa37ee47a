"""The control interface, from outside: who may use it, and its clock. Its faults are in test_faults.py."""

import json
import time

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

from support.expect import item
from support.shoal_process import Reply

JSON = {"Content-Type": "application/json"}
FORWARD = b'{"advance_seconds": 5}'


def control(shoal, method, path, body=b"", headers=JSON) -> Reply:
    return shoal.post(body, headers, method=method, path="/_shoal/" + path)


def signed_control(shoal, method, path, body=b"", access_key="AKIDALPHA", secret_key="secret-alpha", service="dynamodb"):
    """As any AWS client would sign it: by botocore, not by our own hand."""
    request = botocore.awsrequest.AWSRequest(method, f"{shoal.url}/_shoal/{path}", headers=JSON, data=body)
    credentials = botocore.credentials.Credentials(access_key, secret_key)
    botocore.auth.SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    return shoal.post(body, dict(request.headers), method=method, path=f"/_shoal/{path}")


@pytest.fixture(scope="module")
def credentials_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("control") / "credentials.json"
    file.write_text(json.dumps({"credentials": [{"access_key": "AKIDALPHA", "secret_key": "secret-alpha"}]}))
    return file


@pytest.fixture(scope="module")
def guarded(start_shoal, credentials_file):
    return start_shoal(f"--credentials={credentials_file}")


@pytest.fixture
def own(start_shoal):
    """A server whose clock nobody else looks at."""
    server = start_shoal()
    yield server
    server.stop()


def test_the_clock_goes_forward(own):
    before = control(own, "GET", "clock").json["now"]
    now = control(own, "POST", "clock", b'{"advance_seconds": 3600.5}').json["now"]
    assert 3600.5 <= now - before < 3660
    assert control(own, "GET", "clock").json["now"] >= now


def test_data_lives_by_the_moved_clock(own):
    before = control(own, "POST", "clock", b'{"advance_seconds": 86400}').json["now"]
    name = own.create_table("p:S")
    created = own.ok("DescribeTable", {"TableName": name})["Table"]["CreationDateTime"]
    assert before - 1 <= created < before + 60


def test_signatures_do_not_live_by_it(own):
    control(own, "POST", "clock", b'{"advance_seconds": 86400}')
    assert own.call("ListTables", {}).status == 200


def test_a_token_is_forgotten_ten_minutes_later(own):
    table = own.create_table("p:S")
    request = {"ClientRequestToken": "token", "TransactItems": [{"Put": {"TableName": table, "Item": item(p="a")}}]}
    other = {**request, "TransactItems": [{"Put": {"TableName": table, "Item": item(p="b")}}]}
    own.ok("TransactWriteItems", request)
    control(own, "POST", "clock", b'{"advance_seconds": 590}')
    assert own.call("TransactWriteItems", other).type == "IdempotentParameterMismatchException"
    control(own, "POST", "clock", b'{"advance_seconds": 11}')
    own.ok("TransactWriteItems", other)


def test_moving_the_clock_wakes_what_waits_for_it(start_shoal):
    shoal = start_shoal("--table-delay-ms=600000")
    shoal.create_table("p:S", name="waiting")
    status = lambda: shoal.ok("DescribeTable", {"TableName": "waiting"})["Table"]["TableStatus"]
    assert status() == "CREATING"
    control(shoal, "POST", "clock", b'{"advance_seconds": 601}')
    end = time.monotonic() + 5
    while status() != "ACTIVE":
        assert time.monotonic() < end
        time.sleep(0.01)
    shoal.stop()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"advance_seconds": -1}', b'{"advance_seconds": "1"}',
                                  b'{"advance_seconds": 1e300}', b'{"advance_seconds": 1, "now": 2}'])
def test_what_the_clock_cannot_do_is_said(shoal, body):
    before = control(shoal, "GET", "clock").json["now"]
    reply = control(shoal, "POST", "clock", body)
    assert reply.status == 400 and reply.message
    assert control(shoal, "GET", "clock").json["now"] < before + 60


@pytest.mark.parametrize("path", ["", "clocks", "clock/", "../", "health/x"])
def test_an_unknown_path_is_answered_with_those_there_are(shoal, path):
    reply = control(shoal, "GET", path)
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/json"
    assert "POST /_shoal/clock" in reply.message


@pytest.mark.parametrize("type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                                  "application/x-amz-json-1.0"])
def test_only_json_gets_in(shoal, type):
    """A page of the web can send the first four to any server without asking it first."""
    reply = control(shoal, "POST", "clock", FORWARD, {"Content-Type": type} if type else {})
    assert (reply.status, reply.message) == (415, "the Content-Type must be application/json")


def test_a_page_is_neither_let_in_nor_told_anything(start_shoal):
    shoal = start_shoal("--cors-origin=*")
    for origin in ("http://localhost:3000", "https://evil.example", "null"):
        for method, path in (("GET", "clock"), ("POST", "clock"), ("DELETE", "faults"), ("OPTIONS", "clock")):
            reply = control(shoal, method, path, FORWARD if method == "POST" else b"",
                            {**JSON, "Origin": origin, "Access-Control-Request-Method": "POST",
                             "Access-Control-Request-Headers": "content-type"})
            assert reply.status == 403
            assert not [name for name in reply.headers if name.startswith("access-control")]
    assert not [name for name in control(shoal, "GET", "health").headers if name.startswith("access-control")]
    shoal.stop()


def test_with_credentials_it_wants_a_signature_of_theirs(guarded):
    assert control(guarded, "GET", "clock").type == "MissingAuthenticationTokenException"
    assert control(guarded, "POST", "clock", FORWARD).status == 400
    for method, path, body in (("GET", "clock", b""), ("POST", "clock", FORWARD), ("GET", "faults", b""),
                               ("DELETE", "faults", b"")):
        reply = signed_control(guarded, method, path, body)
        assert reply.status == 200, reply.body
    wrong = signed_control(guarded, "GET", "clock", secret_key="wrong")
    assert (wrong.status, wrong.type) == (400, "InvalidSignatureException")
    unknown = signed_control(guarded, "GET", "clock", access_key="AKIDOTHER")
    assert (unknown.status, unknown.type) == (400, "UnrecognizedClientException")
    assert signed_control(guarded, "GET", "clock", service="s3").status == 400
    assert signed_control(guarded, "GET", "nothing").status == 404


def test_health_is_for_anybody(guarded):
    assert control(guarded, "GET", "health", headers={}).json["status"] == "ok"
    assert control(guarded, "HEAD", "health", headers={}).body == b""


def test_open_it_takes_no_signature_even_with_credentials(start_shoal, credentials_file):
    shoal = start_shoal(f"--credentials={credentials_file}", "--control=open")
    assert control(shoal, "POST", "clock", FORWARD).status == 200
    shoal.stop()


def test_off_it_is_not_there(start_shoal):
    shoal = start_shoal("--control=off")
    for method, path in (("GET", "health"), ("GET", "clock"), ("POST", "clock"), ("DELETE", "faults"), ("OPTIONS", "")):
        reply = control(shoal, method, path, FORWARD if method == "POST" else b"")
        assert (reply.status, reply.body) == (404, b"<UnknownOperationException/>\n")
    assert shoal.post(b"", {}, method="GET").status == 200
    assert shoal.call("ListTables", {}).status == 200
    shoal.stop()


def test_signed_without_credentials_it_does_not_start(start_shoal):
    with pytest.raises(RuntimeError, match="--control=signed needs --credentials"):
        start_shoal("--control=signed")

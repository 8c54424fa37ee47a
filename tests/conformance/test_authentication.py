"""SigV4 from outside: without and with a credentials file, and every error in production's words."""

import datetime
import json
import re

import pytest

from support.expect import expect_error
from support.shoal_process import JSON_TYPE, TARGET, Shoal, presign

UNKNOWN = "The security token included in the request is invalid."
DIFFERS = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
           "Key and signing method. Consult the service documentation for details.")


@pytest.fixture(scope="module")
def guarded(start_shoal, tmp_path_factory):
    file = tmp_path_factory.mktemp("credentials") / "credentials.json"
    file.write_text(json.dumps({"credentials": [
        {"access_key": "AKIDALPHA", "secret_key": "secret-alpha", "account": "111111111111"},
        {"access_key": "AKIDBETA", "secret_key": "secret-beta", "account": "222222222222"},
        {"access_key": "AKIDALPHA2", "secret_key": "secret-alpha-2", "account": "111111111111"}]}))
    return start_shoal(f"--credentials={file}")


ALPHA = {"access_key": "AKIDALPHA", "secret_key": "secret-alpha"}
BETA = {"access_key": "AKIDBETA", "secret_key": "secret-beta"}


def test_the_built_in_pair_is_verified(shoal):
    assert shoal.call("ListTables", {}).status == 200
    expect_error(shoal.call("ListTables", {}, secret_key="wrong"), DIFFERS, "InvalidSignatureException")


def test_any_other_key_is_believed_and_warned_of_once(start_shoal):
    shoal = start_shoal()
    for _ in range(3):
        assert shoal.call("ListTables", {}, access_key="someone", secret_key="whatever").status == 200
    assert len(re.findall(r"someone", shoal.log())) == 1
    assert "credentials" in next(line for line in shoal.log().splitlines() if "someone" in line)


def test_accounts_of_the_file_are_apart_and_keys_of_one_account_together(guarded):
    guarded.ok("CreateTable", {"TableName": "mine", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
                               "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
                               "BillingMode": "PAY_PER_REQUEST"}, **ALPHA)
    assert guarded.ok("ListTables", {}, **ALPHA) == {"TableNames": ["mine"]}
    assert guarded.ok("ListTables", {}, access_key="AKIDALPHA2", secret_key="secret-alpha-2") == {"TableNames": ["mine"]}
    assert guarded.ok("ListTables", {}, **BETA) == {"TableNames": []}
    described = guarded.ok("DescribeTable", {"TableName": "mine"}, **ALPHA)["Table"]
    assert described["TableArn"] == "arn:aws:dynamodb:us-east-1:111111111111:table/mine"


def test_with_a_file_nobody_else_is_let_in(guarded):
    expect_error(guarded.call("ListTables", {}), UNKNOWN, "UnrecognizedClientException")
    expect_error(guarded.call("ListTables", {}, access_key="AKIDALPHA", secret_key="secret-beta"), DIFFERS,
                 "InvalidSignatureException")
    # An unknown key is told before a wrong signature.
    expect_error(guarded.call("ListTables", {}, access_key="AKIDNOBODY", secret_key="x"), UNKNOWN, "UnrecognizedClientException")


def test_a_signed_body_cannot_be_changed(guarded):
    fields = {}
    original = guarded.post
    try:
        guarded.post = lambda body, headers, **more: fields.update(headers) or original(b'{"Limit": 7}', headers, **more)
        expect_error(guarded.call("ListTables", {"Limit": 5}, **ALPHA), DIFFERS, "InvalidSignatureException")
    finally:
        del guarded.post


def stamp(**delta):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**delta)


def test_the_clock_may_differ_by_fifteen_minutes(guarded):
    for minutes in (-14, 14):
        assert guarded.call("ListTables", {}, now=stamp(minutes=minutes), **ALPHA).status == 200
    reply = guarded.call("ListTables", {}, now=stamp(minutes=-16), **ALPHA)
    assert reply.type == "InvalidSignatureException"
    assert re.fullmatch(r"Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)",
                        reply.message)
    reply = guarded.call("ListTables", {}, now=stamp(minutes=16), **ALPHA)
    assert re.fullmatch(r"Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)",
                        reply.message)


NOW = stamp().strftime("%Y%m%dT%H%M%SZ")
TODAY = NOW[:8]
SCOPE = f"AKID/{TODAY}/us-east-1/dynamodb/aws4_request"
GOOD = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature=" + "0" * 64


def plain(shoal, authorization, date=NOW, query=""):
    fields = {"Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.ListTables"}
    if authorization is not None:
        fields["Authorization"] = authorization
    if date:
        fields["X-Amz-Date"] = date
    return shoal.post(b"{}", fields, path="/" + query)


MISSING = "Request is missing Authentication Token"
REQUIRES = "Authorization header requires "
NO_DATE = REQUIRES + "existence of either a 'X-Amz-Date' or a 'Date' header."


@pytest.mark.parametrize("authorization, date, type, message", [
    (None, NOW, "MissingAuthenticationTokenException", MISSING),
    ("", NOW, "MissingAuthenticationTokenException", MISSING),
    ("Basic abc", NOW, "MissingAuthenticationTokenException", MISSING),
    ("AWS4- Signature=b,Credential=a", None, "IncompleteSignatureException",
     f"{REQUIRES}'SignedHeaders' parameter. {NO_DATE} Authorization=AWS4- Signature=b,Credential=a"),
    ("AWS4-HMAC-SHA256 ", NOW, "IncompleteSignatureException", None),
    ("AWS4-HMAC-SHA256 Signature=b", NOW, "IncompleteSignatureException",
     f"{REQUIRES}'Credential' parameter. {REQUIRES}'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256 Signature=b"),
    ("AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b", NOW, "IncompleteSignatureException",
     f"{REQUIRES}'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b"),
    ("AWS4-HMAC-SHA256 Credential,SignedHeaders=b,Signature=c", NOW, "IncompleteSignatureException", None),
    (GOOD, "201", "IncompleteSignatureException",
     "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601"),
    (GOOD.replace("host;", ""), NOW, "InvalidSignatureException",
     "'Host' must be a 'SignedHeader' in the AWS Authorization."),
    (GOOD.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA25"), NOW, "IncompleteSignatureException",
     "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). "),
    (GOOD.replace(SCOPE, "a/b/c/d"), NOW, "IncompleteSignatureException",
     "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'"),
    (GOOD.replace("/dynamodb/", "/s3/"), NOW, "InvalidSignatureException",
     "Credential should be scoped to correct service: 'dynamodb'. "),
    (GOOD.replace("aws4_request", "aws5"), NOW, "InvalidSignatureException",
     "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. "),
    (GOOD.replace(TODAY + "/us", "20010101/us"), NOW, "InvalidSignatureException",
     f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20010101' != '{TODAY}', "
     f"from '{NOW}'."),
])
def test_what_is_wrong_with_the_header_is_told(shoal, authorization, date, type, message):
    reply = plain(shoal, authorization, date)
    assert (reply.status, reply.type) == (400, type), reply.body
    assert message is None or reply.message == message


def test_header_and_query_together_are_refused(shoal):
    expect_error(plain(shoal, GOOD, query="?X-Amz-Algorithm=AWS4-HMAC-SHA256"),
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
                 "InvalidSignatureException")


def test_parts_missing_from_the_query_are_named(shoal):
    part = "AWS query-string parameters must include '{}'."
    expect_error(plain(shoal, None, query="?X-Amz-Algorithm=AWS4-HMAC-SHA256", date=None),
                 " ".join(part.format(name) for name in ("X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"))
                 + " Re-examine the query-string parameters.", "IncompleteSignatureException")


def test_a_presigned_query_works_and_is_verified(guarded):
    def presigned(body=b"{}", **more):
        fields = {"Host": f"{guarded.host}:{guarded.port}", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.ListTables"}
        return guarded.post(body, fields, path=presign(fields, b"{}", **{**ALPHA, **more}))

    assert presigned().status == 200
    assert presigned(now=stamp(minutes=-20), expires=3600).status == 200
    expect_error(presigned(secret_key="wrong"), DIFFERS, "InvalidSignatureException")
    expect_error(presigned(body=b'{"Limit": 1}'), DIFFERS, "InvalidSignatureException")
    assert presigned(now=stamp(minutes=-20), expires=60).type == "InvalidSignatureException"


@pytest.mark.parametrize("text, complaint", [
    ("{", "credentials"), ('{"credentials": [{"access_key": "a"}]}', "secret_key"),
    ('{"credentials": [{"access_key": "a", "secret_key": "b", "policies": []}]}', "policies"),
    ('{"credentials": [], "users": []}', "users"),
    ('{"credentials": [{"access_key": "a", "secret_key": "b", "account": "12"}]}', "account"),
    ('{"credentials": [{"access_key": "a", "secret_key": "b"}, {"access_key": "a", "secret_key": "c"}]}', "a"),
])
def test_a_file_it_does_not_understand_is_refused_at_the_start(tmp_path, text, complaint):
    file = tmp_path / "credentials.json"
    file.write_text(text)
    with pytest.raises(RuntimeError) as failure:
        Shoal.start(f"--credentials={file}")
    assert complaint in str(failure.value).partition("did not start")[2]

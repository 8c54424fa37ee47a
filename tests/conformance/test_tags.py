"""TagResource, UntagResource and ListTagsOfResource, from outside."""

import pytest

from support.expect import ENVELOPE, expect_error


@pytest.fixture
def arn(shoal):
    return shoal.ok("DescribeTable", {"TableName": shoal.create_table("p:S")})["Table"]["TableArn"]


def tags(shoal, arn):
    return {tag["Key"]: tag["Value"] for tag in shoal.ok("ListTagsOfResource", {"ResourceArn": arn}).get("Tags", [])}


def tag(**pairs):
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def test_tags_are_added_replaced_and_removed_and_the_answer_is_empty(shoal, arn):
    reply = shoal.call("TagResource", {"ResourceArn": arn, "Tags": tag(a="1", b="2")})
    assert (reply.status, reply.body) == (200, b"")
    assert tags(shoal, arn) == {"a": "1", "b": "2"}
    shoal.ok("TagResource", {"ResourceArn": arn, "Tags": tag(b="3", c="")})
    assert tags(shoal, arn) == {"a": "1", "b": "3", "c": ""}
    reply = shoal.call("UntagResource", {"ResourceArn": arn, "TagKeys": ["a", "nosuch"]})
    assert (reply.status, reply.body) == (200, b"")
    assert tags(shoal, arn) == {"b": "3", "c": ""}


def test_fifty_tags_are_listed_over_all_pages(shoal, arn):
    many = {f"key{n}": str(n) for n in range(50)}
    shoal.ok("TagResource", {"ResourceArn": arn, "Tags": tag(**many)})
    seen, token = {}, None
    while True:
        got = shoal.ok("ListTagsOfResource", {"ResourceArn": arn, **({"NextToken": token} if token else {})})
        seen.update({entry["Key"]: entry["Value"] for entry in got["Tags"]})
        token = got.get("NextToken")
        if not token:
            break
    assert seen == many
    reply = shoal.call("TagResource", {"ResourceArn": arn, "Tags": tag(one_more="x")})
    assert reply.status == 400 and reply.type in ("LimitExceededException", "ValidationException")


MISSING = "arn:aws:dynamodb:us-east-1:000000000000:table/nosuch"


@pytest.mark.parametrize("operation, body, message", [
    ("ListTagsOfResource", {}, "Invalid TableArn"),
    ("TagResource", {"ResourceArn": "ARN"}, ENVELOPE + "Value null at 'tags' failed to satisfy constraint: "
                                                       "Member must not be null"),
    ("TagResource", {"ResourceArn": "ARN", "Tags": []}, "Atleast one Tag needs to be provided as Input."),
    ("UntagResource", {"ResourceArn": "ARN", "TagKeys": []}, "Atleast one Tag Key needs to be provided as Input."),
    ("ListTagsOfResource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:backup/x"},
     "Invalid TableArn: Invalid ResourceArn provided as input arn:aws:dynamodb:us-east-1:000000000000:backup/x"),
])
def test_errors(shoal, arn, operation, body, message):
    body = {key: arn if value == "ARN" else value for key, value in body.items()}
    expect_error(shoal.call(operation, body), message)


def test_an_index_has_no_tags(shoal, arn):
    provided = arn + "/index/x"
    expect_error(shoal.call("ListTagsOfResource", {"ResourceArn": provided}),
                 "One or more parameter values were invalid: Invalid resource arn provided, only table or stream is "
                 f"accepted. Provided resource arn: {provided}")


def test_a_missing_table_is_not_found(shoal):
    for operation, more in (("TagResource", {"Tags": tag(a="1")}), ("ListTagsOfResource", {})):
        expect_error(shoal.call(operation, {"ResourceArn": MISSING, **more}),
                     f"Requested resource not found: ResourcArn: {MISSING} not found", "ResourceNotFoundException")
    expect_error(shoal.call("UntagResource", {"ResourceArn": MISSING, "TagKeys": ["a"]}), "Requested resource not found",
                 "ResourceNotFoundException")


def test_what_is_no_arn_is_denied(shoal):
    assert shoal.call("TagResource", {"ResourceArn": "nonsense", "Tags": tag(a="1")}).type in (
        "AccessDeniedException", "ValidationException")

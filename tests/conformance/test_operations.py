"""Every operation of the service: what is not built says so and is counted in docs/compatibility.md."""

import re

import pytest

from support.shoal_process import ROOT

TABLE = re.findall(r"^\| ([A-Z][A-Za-z]+) \| (built|missing) \|", (ROOT / "docs/compatibility.md").read_text(), re.M)
STREAMS = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")


def test_the_table_has_every_operation_once():
    assert len(TABLE) == 66 and len({name for name, _ in TABLE}) == 66


@pytest.mark.parametrize("name, state", TABLE)
def test_the_table_tells_the_truth(shoal, name, state):
    target = "DynamoDBStreams_20120810" if name in STREAMS else "DynamoDB_20120810"
    reply = shoal.call(name, {}, target=target)
    if state == "built":
        assert reply.type != "UnknownOperationException", reply.body
    else:
        assert (reply.status, reply.type) == (400, "UnknownOperationException")
        assert name in reply.message

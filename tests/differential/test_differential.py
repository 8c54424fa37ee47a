"""Shoal and DynamoDB Local answer the same random requests alike, but for what known_differences.py lists with its reasons."""

import pytest

from differential.dynamodb_local import DynamoDbLocal
from differential.run import run, tell
from support.shoal_process import Shoal

REQUESTS = 5_000


@pytest.fixture(scope="module")
def servers():
    with Shoal.start("--in-memory", "--log-level=error") as shoal, DynamoDbLocal() as local:
        yield shoal, local


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_answer_differs_without_a_reason(servers, seed):
    print(f"seed {seed}: again with tests/differential/run.py --seed {seed} --requests {REQUESTS}")
    sent, _, unexplained = run(*servers, seed, REQUESTS, stop_after=3)
    for found in unexplained:
        tell(found)
    assert not unexplained
    assert sent == REQUESTS

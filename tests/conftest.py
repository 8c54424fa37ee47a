"""The server under test, and the clients that speak to it."""

import boto3
import botocore.config
import pytest

from support.shoal_process import Shoal


@pytest.fixture(scope="session")
def start_shoal():
    """start_shoal(*flags, env=None) starts a server of the test's own; all of them end with the session."""
    started = []

    def start(*flags, env=None):
        started.append(Shoal.start(*flags, env=env))
        return started[-1]

    yield start
    for shoal in started:
        shoal.stop()


@pytest.fixture(scope="session")
def shoal(start_shoal):
    """The server that most tests share: in memory, on a free port. Each test makes tables of its own."""
    server = start_shoal()
    yield server
    assert server.running(), f"the server died during the tests (exit {server.process.poll()}):\n{server.log()[-4000:]}"


@pytest.fixture(scope="session")
def boto(shoal):
    """boto(service, url=..., region=...) is a boto3 client without retries, so that an error is seen at once."""

    def make(service="dynamodb", url=None, region="us-east-1", access_key="local", secret_key="local"):
        return boto3.client(service, endpoint_url=url or shoal.url, region_name=region, aws_access_key_id=access_key,
                            aws_secret_access_key=secret_key,
                            config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=30))

    return make


@pytest.fixture(scope="session")
def client(boto):
    return boto()


@pytest.fixture(scope="session")
def note(request):
    """note(text) is printed at the end of the run, for figures that a reader wants to see even when all is well."""
    return request.config.stash[NOTES].append


NOTES = pytest.StashKey()


def pytest_configure(config):
    config.stash[NOTES] = []


def pytest_terminal_summary(terminalreporter, config):
    for text in config.stash[NOTES]:
        terminalreporter.write_line(text)

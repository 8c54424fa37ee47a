"""Fixtures of pytest. One server for the session (of each worker of pytest-xdist), one empty world for each test.

    def test_a_table_is_made(shoal_client):
        shoal_client.create_table(...)
"""

import shlex
import sys

import pytest

from .error import ShoalError
from .remote import Remote
from .server import Server

_LOG_START = pytest.StashKey()


def pytest_addoption(parser):
    group = parser.getgroup("shoal", "Shoal, the DynamoDB of the tests")
    group.addoption("--shoal-args", default="", metavar="FLAGS", help="flags of the server; they replace those of shoal_args")
    group.addoption("--shoal-url", metavar="URL", help="a server that runs already: the tests use it and start none")
    parser.addini("shoal_args", "flags of the server that tests use: --stream-readers-max=2 ...", type="args")


def pytest_configure(config):
    config.addinivalue_line("markers", "shoal_server(*flags): the test has a server of its own, started with these flags "
                                       "besides those of shoal_args. For tests that move the clock, too.")


def _flags(config, *nearest: str) -> list:
    """Those of the configuration, of the command line, and of a marker, which replaces the same flag of the others."""
    flags = []
    for nearer in (config.getini("shoal_args"), shlex.split(config.getoption("--shoal-args")), nearest):
        flags = [*_without({flag.split("=")[0] for flag in nearer}, flags), *nearer]
    return flags


def _without(names, flags) -> list:
    kept, keep = [], True
    for word in flags:
        if word.startswith("--"):  # Other words are the value of the flag before.
            keep = word.split("=")[0] not in names
        kept += [word] if keep else []
    return kept


@pytest.fixture(scope="session")
def shoal_server(pytestconfig):
    """The server of this session: shoal.Server, or shoal.Remote with --shoal-url. It starts when a test first wants it."""
    url = pytestconfig.getoption("--shoal-url")
    if url:
        if _flags(pytestconfig):
            raise ShoalError(f"{url} runs already: give it its flags where it is started, not in shoal_args")
        server = Remote(url)
        server.wait_until_healthy()
        yield server
    else:
        with Server(*_flags(pytestconfig)) as server:
            yield server


@pytest.fixture
def shoal(request, pytestconfig):
    """An empty world, which only this test sees: shoal.Account, and its .server. Faults that the test sets go with it."""
    own = request.node.get_closest_marker("shoal_server")
    if own:
        with Server(*_flags(pytestconfig, *own.args)) as server:
            yield _world(request, server)
        return
    server = request.getfixturevalue("shoal_server")
    yield _world(request, server)
    if server.faulty:
        server.clear_faults()


def _world(request, server):
    if isinstance(server, Server):
        request.node.stash[_LOG_START] = (server, len(server.log()))
    return server.isolated()


@pytest.fixture
def shoal_client(shoal):
    """boto3's client of DynamoDB in the test's own world."""
    client = shoal.client()
    yield client
    client.close()


@pytest.fixture
def shoal_resource(shoal):
    """boto3's resource of DynamoDB in the test's own world."""
    resource = shoal.resource()
    yield resource
    resource.meta.client.close()


@pytest.fixture
def shoal_environ(shoal, monkeypatch):
    """For code that makes its clients by itself, while the test runs: the environment leads it to the test's own world."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL",
                 "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in shoal.environ.items():
        monkeypatch.setenv(name, value)
    before = _swap_default_session(None)
    yield shoal
    _swap_default_session(before)


def _swap_default_session(session):
    """boto3's default session remembers the credentials that it saw first. Returns the one there was."""
    boto3 = sys.modules.get("boto3")
    before = getattr(boto3, "DEFAULT_SESSION", None)
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session
    return before


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """What the server told while a test ran is shown if it failed."""
    outcome = yield
    if call.when == "call" and _LOG_START in item.stash:
        server, start = item.stash[_LOG_START]
        text = server.log()[start:]
        if text:
            outcome.get_result().sections.append(("Shoal's log", text))

"""The packages as users get them: built by scripts/clients, and installed."""

import os
import pathlib
import re
import subprocess
import time

import pytest

from support.shoal_process import ROOT, binary

DOCUMENT = (ROOT / "docs/testing.md").read_text()


@pytest.fixture(scope="session")
def build():
    """build("pytest-shoal") is the path of the finished package."""

    def make(name):
        made = subprocess.run([ROOT / "scripts/clients", name], env={**os.environ, "SHOAL_BINARY": binary()}, text=True,
                              capture_output=True, timeout=300)
        assert made.returncode == 0, made.stderr
        [path] = (ROOT / "build/clients").glob(f"{name.replace('pytest-', 'pytest_')}-*")
        return path

    return make


@pytest.fixture(scope="session")
def documented():
    """documented("Jest", folder) writes the files that this section of docs/testing.md shows: blocks that begin with a name."""

    def write(section, folder: pathlib.Path):
        text = re.search(rf"(?ms)^## {section}$(.*?)(?=^## |\Z)", DOCUMENT)[1]
        files = re.findall(r"(?ms)^```\w+\n((?://|#) ([\w.-]+)\n.*?)^```", text)
        assert files, f"docs/testing.md shows no files under {section}"
        folder.mkdir(parents=True, exist_ok=True)
        for content, name in files:
            (folder / name).write_text(content)
        return [name for _, name in files]

    return write


@pytest.fixture(scope="session")
def users(tmp_path_factory):
    """An environment in which nothing tells of a server or of AWS, plus what is given."""
    temporary = tmp_path_factory.mktemp("tmp")  # Where users' pytest keeps, numbers and deletes folders of its own.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SHOAL_", "AWS_", "PYTEST_", "JEST_"))}

    def environment(**more):
        return {**clean, "CI": "true", "NO_COLOR": "1", "TMPDIR": str(temporary),
                **{name: str(value) for name, value in more.items()}}

    return environment


def servers_of(folder) -> list:
    """The pids of the servers whose program lies in `folder`."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            program = os.readlink(process / "exe")
        except OSError:
            continue  # It has just ended, or is somebody else's.
        if program.startswith(f"{folder}/") and program.endswith("/shoal"):
            found.append(int(process.name))
    return found


@pytest.fixture(scope="session")
def no_server_left():
    """no_server_left(folder): within five seconds, or `seconds`, no server runs whose program lies there."""

    def check(folder, seconds=5):
        end = time.monotonic() + seconds
        while servers_of(folder):
            assert time.monotonic() < end, f"left behind: {servers_of(folder)}"
            time.sleep(0.01)

    return check


@pytest.fixture(scope="session")
def running_servers():
    return servers_of


@pytest.fixture
def seeds(tmp_path):
    """A folder of a template, with a parameter, and of two items."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "template.yaml").write_text("""
Parameters: {Stage: {Type: String}}
Resources:
  Songs: {Type: "AWS::Serverless::SimpleTable", Properties: {TableName: !Sub "songs-${Stage}"}}
""")
    (folder / "songs-test.csv").write_text("id,title\n1,Tide\n2,Reef\n")
    return folder

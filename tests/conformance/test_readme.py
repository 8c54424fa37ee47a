"""The README's examples run as they stand, but for the port; its flags are those of the program."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

from support.shoal_process import ROOT, binary
from test_javascript import sdk  # noqa: F401 (a fixture)

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)


def block(language):
    [text] = [text for name, text in BLOCKS if name == language]
    return text


@pytest.fixture(scope="module")
def server(start_shoal):
    return start_shoal()


def run(server, command, text, **more):
    text = text.replace("http://127.0.0.1:8000", server.url)
    environment = {**os.environ, "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
                   "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": ""}
    ran = subprocess.run([*command, text], env=environment, capture_output=True, text=True, timeout=120,
                         stdin=subprocess.DEVNULL, **more)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_cli_example_finds_what_it_put(server):
    assert '"Tide"' in run(server, ["bash", "-e", "-c"], block("sh"))


def test_the_python_example_finds_what_it_put(server):
    assert "'Song': 'Tide'" in run(server, [sys.executable, "-c"], block("python"))


def test_the_javascript_example_finds_what_it_put(server, sdk):  # noqa: F811
    assert "Song: 'Tide'" in run(server, ["node", "-e"], block("js"), cwd=ROOT / "tests/conformance/javascript")


def test_the_credentials_example_is_accepted(start_shoal, tmp_path):
    file = tmp_path / "credentials.json"
    file.write_text(block("json"))
    [entry] = json.loads(block("json"))["credentials"]
    server = start_shoal(f"--credentials={file}")
    assert server.ok("ListTables", {}, access_key=entry["access_key"], secret_key=entry["secret_key"]) == {"TableNames": []}


def test_every_block_has_a_test_and_every_named_file_exists():
    assert sorted(name for name, _ in BLOCKS) == ["js", "json", "python", "sh"]
    for path in re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r"\./(scripts/\w+)", README) + ["bench/run"]:
        assert (ROOT / path).exists(), path


def test_the_table_of_flags_is_the_programs():
    shown = subprocess.run([binary(), "--help"], capture_output=True, text=True, check=True).stdout
    flags = set(re.findall(r"--[a-z][a-z-]*", re.sub(r"(?s)^.*?Options:", "", shown))) - {"--help", "--version"}
    assert set(re.findall(r"^\| `(--[a-z-]+)`", README, re.M)) == {flag for flag in flags if flag in
                                                                  re.findall(r"^\s+(--[a-z-]+)", shown, re.M)}


def test_scripts_up_serves(tmp_path):
    process = subprocess.Popen([ROOT / "scripts/up", "--in-memory", "--port=0"], stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, cwd=tmp_path)
    try:
        assert any("is serving on http://127.0.0.1:" in line for line in process.stdout)
    finally:
        process.terminate()
        process.wait(20)
    assert process.returncode == 0

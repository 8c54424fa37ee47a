"""The JavaScript SDK v3 runs an application: javascript/application.js."""

import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent / "javascript"


@pytest.fixture(scope="session")
def sdk():
    installed, wanted = HERE / "node_modules/.package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=True, timeout=600)
        installed.touch()


def test_an_application_runs(shoal, sdk):
    run = subprocess.run(["node", "application.js", shoal.url], cwd=HERE, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "10 steps held" in run.stdout

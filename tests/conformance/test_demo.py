"""scripts/demo, on a part of its data."""

import os
import subprocess

from support.shoal_process import ROOT, binary


def test_the_demos_answers_are_those_of_the_file():
    ran = subprocess.run([ROOT / "scripts/demo", "--rows", "30000"], capture_output=True, text=True, timeout=300,
                         stdin=subprocess.DEVNULL, env={**os.environ, "SHOAL_BINARY": binary()})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("as in the file]") == 6 and "NOT AS" not in ran.stdout
    assert "every answer is as in the file" in ran.stdout

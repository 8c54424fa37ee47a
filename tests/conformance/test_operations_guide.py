"""The commands of docs/operations.md run as they stand, but for the port, the folder and the program's place."""

import json
import os
import pathlib
import re
import subprocess
import sys

from support.shoal_process import ROOT, Shoal, binary

GUIDE = (ROOT / "docs/operations.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.M | re.S)


def run(text, server, folder):
    text = text.replace("http://localhost:8000", server.url).replace("--port 8000", f"--port {server.port}")
    text = text.replace("tables.jsonl", str(folder.parent / "tables.jsonl")).replace("shoal-data", str(folder))
    text = re.sub(r"\bshoal (?=[a-z]+ )", f"{binary()} ", text)
    environment = {**os.environ, "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}", "AWS_ACCESS_KEY_ID": "local",
                   "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.url,
                   "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": ""}
    outputs = []
    for line in text.strip().splitlines():
        ran = subprocess.run(["bash", "-c", line], env=environment, cwd=folder.parent, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, f"{line}: {ran.stdout}{ran.stderr}"
        outputs.append(ran.stdout)
    return outputs


def test_every_command_does_what_the_guide_says(tmp_path):
    kept = tmp_path / "kept"
    with Shoal.start(f"--data-dir={kept}"):
        pass
    snapshots, journal, care, dump, seeds, top = BLOCKS
    with Shoal.start() as server:
        answers = [json.loads(answer) for answer in run(snapshots, server, kept)]
        assert answers == [{"snapshots": ["seeded"]}, {"snapshots": ["seeded"]}, {"tables": 0}, {"snapshots": []}, {"tables": 0}]
        answers = [json.loads(answer) for answer in run(journal, server, kept)]
        assert answers[2]["totals"]["operations"] == {"ListTables": 1} and answers[2]["totals"]["read_units"] == 0
        server.create_table("p:S", name="Mine")
        run(dump, server, kept)
        assert '"TableName":"Mine"' in (tmp_path / "tables.jsonl").read_text()
        assert json.loads(run(seeds, server, kept)[-1])["Count"] == 2
        (shown,) = run(top, server, kept)
        assert re.search(r"^Songs +2 ", shown, re.M), shown
        health, check = run(care, server, kept)
        assert "HTTP 200" in health and "everything agrees" in check


def test_every_metric_is_in_the_guide(shoal):
    told = set(re.findall(r"^# TYPE (\S+)", shoal.post(b"", {}, method="GET", path="/metrics").body.decode(), re.M)) - {"shoal_info"}
    missing = [name for name in told if f"`{name}`" not in GUIDE]
    assert missing == []

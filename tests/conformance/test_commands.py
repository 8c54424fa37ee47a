"""shoal check, shoal health: the program's other uses, as a user types them."""

import json
import subprocess

from support.shoal_process import Shoal, binary


VALUE = b"what is here " * 8


def run(*words):
    return subprocess.run([binary(), *words], capture_output=True, text=True, timeout=60)


def test_health_tells_a_server_from_none(shoal):
    healthy = run("health", f"--port={shoal.port}")
    assert healthy.returncode == 0 and '"status"' in healthy.stdout
    assert run("health", f"--url={shoal.url}").returncode == 0
    none = run("health", "--port=1")
    assert none.returncode == 1 and "Connection refused" in none.stderr
    assert run("health", "--url=nonsense").returncode == 2


def test_health_of_what_is_not_shoal_or_hides_its_control_interface(start_shoal):
    hidden = start_shoal("--control=off")
    assert run("health", f"--url={hidden.url}").returncode == 1


def test_check_counts_what_agrees(tmp_path):
    with Shoal.start(f"--data-dir={tmp_path / 'data'}") as shoal:
        table = shoal.create_table("p:S", gsi={"by_g": "g:S"})
        for i in range(10):
            shoal.put(table, {"p": {"S": str(i)}, "g": {"S": "x"}})
        busy = run("check", f"--data-dir={tmp_path / 'data'}")
        assert busy.returncode == 2 and "in use by process" in busy.stderr
    checked = run("check", f"--data-dir={tmp_path / 'data'}")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "1 tables, 10 items, 10 index entries" in checked.stdout and "everything agrees" in checked.stdout


def test_check_refuses_what_is_no_data_folder_and_leaves_it_alone(tmp_path):
    refused = run("check", f"--data-dir={tmp_path}")
    assert refused.returncode == 2 and "holds no data of Shoal's" in refused.stderr
    assert list(tmp_path.iterdir()) == []
    assert run("check", "--data-dir=/nowhere").returncode == 2


def test_check_notices_damage(tmp_path):
    with Shoal.start(f"--data-dir={tmp_path}") as shoal:
        table = shoal.create_table("p:S")
        for i in range(2_000):
            shoal.put(table, {"p": {"S": f"{i:08}"}, "v": {"S": VALUE.decode()}})
    file = tmp_path / "data.mdb"
    data = file.read_bytes()
    before = b"\x01v\x01" + bytes([len(VALUE)]) + VALUE  # As an item keeps it: name, type, length, text.
    assert data.count(before) >= 2_000
    file.write_bytes(data.replace(before, b"\x01v\x0c" + before[3:]))
    checked = run("check", f"--data-dir={tmp_path}")
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "cannot be read" in checked.stdout and "problems" in checked.stdout


def test_logs_are_readable_or_json_and_every_request_is_in_the_access_log(start_shoal, tmp_path):
    for words, reads in ((("--log-format=json",), json.loads), ((), str.split)):
        file = tmp_path / f"access{len(words)}.log"
        server = start_shoal(*words, f"--access-log={file}", "--slow-ms=1", "--log-level=info")
        table = server.create_table("p:S")
        for _ in range(3):
            server.put(table, {"p": {"S": "1"}})
        refused = server.call("GetItem", {"TableName": "Nowhere", "Key": {"p": {"S": "1"}}})
        server.ok("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": {"p": {"S": str(n)}, "v": {"S": "x" * 300_000}}}} for n in range(25)]}})
        server.stop()
        lines = [reads(line) for line in file.read_text().splitlines()]
        assert len(lines) == 6, lines
        request_id = refused.headers["x-amzn-requestid"]
        if words:
            assert lines[1]["operation"] == "PutItem" and lines[1]["tables"] == [table] and lines[1]["status"] == 200
            assert lines[4]["request_id"] == request_id and lines[4]["error"] == "ResourceNotFoundException"
            log = [json.loads(line) for line in server.log().splitlines()]
            assert any(line["level"] == "warning" and "slow: request" in line["message"] for line in log), log
        else:
            assert lines[1][4:7] == ["PutItem", table, "200"] and lines[4][1] == request_id
            assert "warning slow: request" in server.log()
    refused = run("--access-log=/proc/nowhere/log", "--in-memory", "--port=0")
    assert refused.returncode == 1 and "/proc/nowhere/log" in refused.stderr

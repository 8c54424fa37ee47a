"""shoal check, shoal health, shoal top: the program's other uses, as a user types them."""

import json
import re
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


def test_top_shows_what_the_server_does(start_shoal):
    server = start_shoal("--table-delay-ms=0")
    table = server.create_table("p:S", name="Busy")
    shown = subprocess.Popen([binary(), "top", f"--url={server.url}", "--interval=1"], stdout=subprocess.PIPE, text=True)
    while shown.poll() is None:
        server.put(table, {"p": {"S": "1"}})
        assert server.call("GetItem", {"TableName": "Nowhere", "Key": {"p": {"S": "1"}}}).status == 400
    text = shown.stdout.read()
    assert shown.returncode == 0
    puts = re.search(r"^PutItem +([\d.]+) +([\d.]+) +([\d.]+) +0\.0$", text, re.M)
    assert puts and float(puts[1]) > 1 and 0 < float(puts[2]) <= float(puts[3]), text
    failed = re.search(r"^  ResourceNotFoundException +([\d.]+)$", text, re.M)
    assert failed and float(failed[1]) > 1, text
    assert re.search(r"^Busy +1 +2 B +000000000000, us-east-1$", text, re.M), text
    assert run("top", f"--url={server.url}", "--interval=0").returncode == 2
    nobody = run("top", "--url=http://127.0.0.1:1")
    assert nobody.returncode == 1 and "Connection refused" in nobody.stderr


def test_a_command_that_there_is_not():
    misspelt = run("chek", "--data-dir=x")
    assert misspelt.returncode == 2 and "there is no command chek; did you mean check?" in misspelt.stderr
    assert "did you mean" not in run("nonsense").stderr


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


def test_what_was_dumped_is_loaded_again_as_it_was(start_shoal, tmp_path):
    source, target = start_shoal(), start_shoal()
    source.create_table("p:S c:N", name="Rich", gsi={"by_g": ("g:S", ["v"])}, lsi={"by_l": ("p:S l:S", "KEYS_ONLY")},
                        Tags=[{"Key": "team", "Value": "a"}], StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    source.ok("UpdateTimeToLive", {"TableName": "Rich", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}})
    source.ok("CreateTable", {"TableName": "Plain", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "B"}],
                              "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
                              "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}})
    for number in range(60):
        source.put("Rich", {"p": {"S": f"ä{number % 7}"}, "c": {"N": str(number)}, "g": {"S": "g"}, "v": {"M": {"n": {"NS": ["1.5", "-2"]}, "b": {"B": "AAEC"}}},
                            "text": {"S": "x" * 30_000}})
    source.put("Plain", {"p": {"B": "AA=="}, "empty": {"S": ""}, "null": {"NULL": True}})
    file = tmp_path / "dump.jsonl"
    dumped = run("dump", f"--url={source.url}", f"--output={file}")
    assert dumped.returncode == 0 and "61 items of 2 tables" in dumped.stderr, dumped.stderr
    assert run("dump", f"--url={source.url}", f"--output={file}").returncode == 1
    assert run("dump", f"--url={source.url}", "Plain").stdout.count("\n") == 2
    loaded = run("load", f"--url={target.url}", str(file))
    assert loaded.returncode == 0 and "61 items of 2 tables" in loaded.stderr, loaded.stderr
    for name in ("Rich", "Plain"):
        assert sorted(map(json.dumps, scanned(source, name))) == sorted(map(json.dumps, scanned(target, name)))
        ours, theirs = (described(server, name) for server in (source, target))
        assert ours == theirs
    assert target.ok("DescribeTimeToLive", {"TableName": "Rich"})["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    again = run("load", f"--url={target.url}", str(file))
    assert again.returncode == 1 and "is there already" in again.stderr
    assert run("load", f"--url={target.url}", "--into-existing", str(file)).returncode == 0


def scanned(server, table):
    items, start = [], None
    while True:
        page = server.ok("Scan", {"TableName": table, **({"ExclusiveStartKey": start} if start else {})})
        items += page["Items"]
        start = page.get("LastEvaluatedKey")
        if not start:
            return items


def described(server, table):
    def without_what_is_made(value):
        made = ("CreationDateTime", "TableId", "LatestStreamArn", "LatestStreamLabel", "LastUpdateToPayPerRequestDateTime", "NumberOfDecreasesToday")
        if isinstance(value, dict):
            return {name: without_what_is_made(each) for name, each in value.items() if name not in made}
        return [without_what_is_made(each) for each in value] if isinstance(value, list) else value
    return without_what_is_made(server.ok("DescribeTable", {"TableName": table})["Table"])


def test_what_is_no_dump_is_refused_by_its_line(start_shoal, tmp_path):
    server = start_shoal()
    for text, why in (('{"Item": {}}\n', "line 1: an item before any table"), ('\n{"x": 1}\n', "line 2: neither"), ("nonsense\n", "line 1:")):
        (tmp_path / "wrong").write_text(text)
        refused = run("load", f"--url={server.url}", str(tmp_path / "wrong"))
        assert refused.returncode == 1 and why in refused.stderr, refused.stderr
    assert run("load", f"--url={server.url}", "/proc/nowhere").returncode == 1
    nobody = run("dump", "--url=http://127.0.0.1:1")
    assert nobody.returncode == 1 and "Connection refused" in nobody.stderr
    missing = run("dump", f"--url={server.url}", "Nope")
    assert missing.returncode == 1 and "ResourceNotFoundException" in missing.stderr

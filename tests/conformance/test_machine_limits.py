"""What a machine does to a server short of losing its disk: no descriptors left, a full disk, a clock that is set back,
thousands of connections that say nothing, clients that take their time. It refuses what it must, and loses nothing."""

import datetime
import os
import pathlib
import resource
import socket
import subprocess
import threading
import time

import pytest

from support.shoal_process import Shoal, Wire, binary, sign

LIST_TABLES = b"{}"


def raw_request(shoal, operation="ListTables", body=LIST_TABLES):
    headers = sign({"Host": f"{shoal.host}:{shoal.port}", "Content-Type": "application/x-amz-json-1.0",
                    "X-Amz-Target": f"DynamoDB_20120810.{operation}"}, body)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def check_folder(folder):
    run = subprocess.run([binary(), "check", f"--data-dir={folder}"], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def put(shoal, table, number, size=10_000):
    return shoal.call("PutItem", {"TableName": table, "Item": {"p": {"S": str(number)}, "v": {"S": "x" * size}}})


def test_without_descriptors_who_is_connected_is_served_and_writes_go_on(tmp_path):
    with Shoal.start(f"--data-dir={tmp_path}", "--wal-mb=8", under=("prlimit", "--nofile=48:48")) as shoal:
        table = shoal.create_table("p:S")
        crowd = []
        for _ in range(100):  # The system takes them up to its backlog; the server cannot accept all of them.
            crowd.append(socket.create_connection((shoal.host, shoal.port), timeout=10))
        for number in range(1_500):  # Also through several segments of the log.
            assert put(shoal, table, number).status == 200
        for each in crowd:
            each.close()
        late = Wire(shoal.host, shoal.port)
        assert late.ok("Scan", {"TableName": table, "Select": "COUNT", "Limit": 10})["Count"] == 10
        assert shoal.running()
    check_folder(tmp_path)


def test_a_full_disk_fails_writes_and_nothing_else(tmp_path):
    acknowledged, refused = [], 0
    with Shoal.start(f"--data-dir={tmp_path}", "--wal-mb=64", under=("prlimit", f"--fsize={24 << 20}")) as shoal:
        table = shoal.create_table("p:S", gsi={"by_g": "g:S"})
        for number in range(4_000):
            reply = shoal.call("PutItem", {"TableName": table, "Item": {
                "p": {"S": str(number)}, "g": {"S": "g"}, "v": {"S": "x" * 20_000}}})
            if reply.status == 200:
                acknowledged.append(number)
            else:
                assert (reply.status, reply.type) == (500, "InternalServerError"), reply.body
                refused += 1
                if refused == 20:
                    break
        assert refused == 20, "the disk was never full: the test shows nothing"
        assert shoal.ok("GetItem", {"TableName": table, "Key": {"p": {"S": str(acknowledged[-1])}}})["Item"]["g"] == {"S": "g"}
        shoal.kill()
    check_folder(tmp_path)
    with Shoal.start(f"--data-dir={tmp_path}") as shoal:  # There is room again.
        for number in acknowledged:
            assert "Item" in shoal.ok("GetItem", {"TableName": table, "Key": {"p": {"S": str(number)}}}), number
        assert shoal.ok("Scan", {"TableName": table, "IndexName": "by_g", "Select": "COUNT", "Limit": 5})["Count"] == 5
        assert put(shoal, table, "again").status == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_folder_that_may_not_be_written_is_refused_by_its_name(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o555)
    for parent in (tmp_path, *list(tmp_path.parents)[:2]):
        parent.chmod(0o755)
    run = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", binary(), f"--data-dir={folder}", "--port=0"],
                         capture_output=True, text=True, timeout=20)
    assert run.returncode == 1 and str(folder) in run.stderr and "ermission denied" in run.stderr, run.stderr


def faketime():
    found = list(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "the package faketime is missing: scripts/install test"
    return str(found[0])


def test_a_clock_that_is_set_back_and_forth_disturbs_nothing(tmp_path):
    offset = tmp_path / "offset"
    offset.write_text("+0")
    environment = {"LD_PRELOAD": faketime(), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
    with Shoal.start(f"--data-dir={tmp_path / 'data'}", env=environment) as shoal:
        table = shoal.create_table("p:S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
        shoal.ok("UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}})
        number = 0
        for hours in (0, -2, 1, -26, 0):
            offset.write_text(f"{hours:+}h")
            shoal.signing = {"now": datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)}
            for _ in range(20):
                assert put(shoal, table, number, 10).status == 200
                number += 1
            shoal.ok("TransactWriteItems", {"ClientRequestToken": f"token {number}", "TransactItems": [
                {"Put": {"TableName": table, "Item": {"p": {"S": f"t{number}"}, "until": {"N": str(int(time.time()) + 100_000)}}}}]})
        arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["LatestStreamArn"]
        streams = "DynamoDBStreams_20120810"
        shards = shoal.ok("DescribeStream", {"StreamArn": arn}, target=streams)["StreamDescription"]["Shards"]
        seen = []
        for shard in shards:
            iterator = shoal.ok("GetShardIterator", {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"},
                                target=streams)["ShardIterator"]
            while iterator:
                page = shoal.ok("GetRecords", {"ShardIterator": iterator}, target=streams)
                seen += [record["dynamodb"] for record in page["Records"]]
                iterator = page.get("NextShardIterator") if page["Records"] else None
        order = [int(record["SequenceNumber"]) for record in seen]
        assert order == sorted(set(order))
        kept = [record["Keys"]["p"]["S"] for record in seen]
        # What was written 26 hours ago, as the clock had it then, may have been trimmed; the order of the rest is that of the writes.
        assert [key for key in kept if not key.startswith("t")] == [key for key in map(str, range(number)) if key in set(kept)]
        assert kept[-1] == f"t{number}"
        assert shoal.ok("Scan", {"TableName": table, "Select": "COUNT"})["Count"] == number + 5
        shoal.kill()
    check_folder(tmp_path / "data")


def test_ten_thousand_idle_connections_leave_the_others_alone(note):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 10_000
    if hard != resource.RLIM_INFINITY and hard < wanted + 500:
        pytest.skip(f"this machine grants {hard} descriptors to a process")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = []
    try:
        with Shoal.start("--max-connections=10100") as shoal:
            before, cpu = shoal.memory_bytes(), shoal.cpu_seconds()
            request = raw_request(shoal)
            for _ in range(wanted):
                each = socket.create_connection((shoal.host, shoal.port), timeout=20)
                each.sendall(request)
                assert each.recv(4096).startswith(b"HTTP/1.1 200")
                crowd.append(each)
            a_piece = (shoal.memory_bytes() - before) / wanted
            table = shoal.create_table("p:S")
            for number in range(200):
                assert put(shoal, table, number).status == 200
            for each in crowd[::1000]:
                each.sendall(request)
                assert each.recv(4096).startswith(b"HTTP/1.1 200")
            note(f"{wanted} idle connections take {a_piece / 1024:.1f} KB each")
            assert a_piece < 40_000
            for each in crowd:
                each.close()
            crowd.clear()
            assert shoal.ok("ListTables", {})["TableNames"] == [table]
    finally:
        for each in crowd:
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_clients_that_take_their_time_keep_nobody_waiting():
    with Shoal.start("--threads=1", "--header-timeout-ms=60000", "--body-timeout-ms=60000") as shoal:
        table = shoal.create_table("p:S")
        for number in range(120):
            put(shoal, table, number)
        scan = raw_request(shoal, "Scan", b'{"TableName": "%s"}' % table.encode())
        writers = [socket.create_connection((shoal.host, shoal.port), timeout=60) for _ in range(50)]
        readers = [socket.create_connection((shoal.host, shoal.port), timeout=60) for _ in range(10)]
        for each in readers:
            each.sendall(8 * scan)  # Answers of 1 MB each, that nobody reads yet.
        request, stop = raw_request(shoal), threading.Event()

        def drip():
            for byte in range(len(request)):
                for each in writers:
                    each.sendall(request[byte:byte + 1])
                if stop.is_set():
                    time.sleep(0)

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        for number in range(300):
            assert put(shoal, table, number).status == 200
        stop.set()
        dripping.join(60)
        for each in writers:
            assert each.recv(4096).startswith(b"HTTP/1.1 200")
            each.close()
        for each in readers:
            got = 0
            while got < 8 * 950_000:
                piece = each.recv(1 << 20)
                assert piece, f"cut after {got} bytes"
                got += len(piece)
            each.close()
        assert shoal.running()

"""HTTP from outside, where a client misbehaves or the process comes and goes. Well-formed traffic: test_wire.py."""

import json
import pathlib
import random
import re
import resource
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

from support.shoal_process import JSON_TYPE, ROOT, TARGET, binary, sign


def connect(shoal, host=None):
    return socket.create_connection((host or shoal.host, shoal.port), timeout=20)


def request(shoal, operation="ListTables", body=b"{}", **headers) -> bytes:
    fields = sign({"Host": f"{shoal.host}:{shoal.port}", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.{operation}"},
                  body)
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in {**fields, **headers}.items()),
             f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_to_end(peer) -> bytes:
    got = b""
    while True:
        try:
            part = peer.recv(65536)
        except ConnectionResetError:
            return got
        if not part:
            return got
        got += part


def read_answer(peer) -> bytes:
    """One answer that has a Content-Length: its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = peer.recv(65536)
        assert part, f"the connection ended after {got!r}"
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += peer.recv(65536)
    assert len(body) == length
    return body


def still_serves(shoal):
    with connect(shoal) as peer:
        peer.sendall(request(shoal))
        return "TableNames" in json.loads(read_answer(peer))


GARBAGE = [b"garbage\r\n\r\n", b"\r\n\r\n\r\n\r\nx\r\n\r\n", b"\0" * 100, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 600,
           b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
           b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
           b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
           b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
           b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
           b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % i for i in range(5000)) + b"\r\n"]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_answered_400_and_the_connection_closed(shoal, garbage):
    with connect(shoal) as peer:
        peer.sendall(garbage)
        assert read_to_end(peer).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert still_serves(shoal)


def test_a_body_whose_length_is_too_large_is_refused_before_it_is_sent(shoal):
    with connect(shoal) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 16777217\r\n\r\n")
        answer = peer.recv(65536)
        assert answer.startswith(b"HTTP/1.1 413 ") and b"100 Continue" not in answer


def test_17_mb_in_chunks_are_refused(shoal):
    with connect(shoal) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(17):
            peer.sendall(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
        peer.sendall(b"0\r\n\r\n")
        assert read_to_end(peer).startswith(b"HTTP/1.1 413 ")
    assert still_serves(shoal)


def test_a_request_cut_short_at_any_byte_harms_nobody(shoal):
    whole = request(shoal, "DescribeTable", b'{"TableName": "nosuch"}')
    for end in range(0, len(whole), 7):
        with connect(shoal) as peer:
            peer.sendall(whole[:end])
            peer.shutdown(socket.SHUT_WR)
            assert read_to_end(peer) == b""
    for end in range(0, len(whole), 31):  # ... and with a reset instead of an end
        peer = connect(shoal)
        peer.sendall(whole[:end])
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
    assert still_serves(shoal)


def test_a_client_that_goes_before_its_answer_harms_nobody(shoal):
    table = shoal.create_table("p:S")
    for number in range(50):
        with connect(shoal) as peer:
            peer.sendall(request(shoal, "PutItem", json.dumps({"TableName": table, "Item": {"p": {"S": str(number)}}}).encode()))
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert still_serves(shoal)


def test_damaged_requests_never_end_the_process(shoal):
    """Every request with a few bytes changed, taken out or put in gets some answer, or a closed connection."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    generator = random.Random(seed)
    whole = request(shoal, "PutItem", b'{"TableName": "nosuch", "Item": {"p": {"S": "x"}, "n": {"N": "1.5"}}}')
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(generator.randint(1, 6)):
            at = generator.randrange(len(damaged))
            damaged[at:at + generator.choice([0, 1, 1, 4])] = generator.randbytes(generator.choice([0, 1, 1, 4]))
        with connect(shoal) as peer:
            peer.sendall(bytes(damaged))
            peer.shutdown(socket.SHUT_WR)
            answer = read_to_end(peer)
            assert not answer or answer.startswith(b"HTTP/1.1 4"), f"seed {seed}: {bytes(damaged)!r} -> {answer!r}"
    assert still_serves(shoal)


def test_who_dawdles_is_answered_408_and_who_is_silent_is_let_go(start_shoal):
    shoal = start_shoal("--header-timeout-ms=200", "--body-timeout-ms=200", "--idle-timeout-ms=300")
    with connect(shoal) as headers, connect(shoal) as body, connect(shoal) as silent:
        headers.sendall(b"POST / HTTP/1.1\r\nHost: ")
        body.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")
        assert read_to_end(headers).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert read_to_end(body).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert read_to_end(silent) == b""
    assert still_serves(shoal)


def test_a_slow_body_that_keeps_coming_is_read(start_shoal):
    shoal = start_shoal("--body-timeout-ms=400")
    whole = request(shoal)
    with connect(shoal) as peer:
        peer.sendall(whole[:-2])
        for byte in whole[-2:]:
            time.sleep(0.25)
            peer.sendall(bytes([byte]))
        assert b"TableNames" in read_answer(peer)


def test_connections_above_the_limit_are_answered_503(start_shoal):
    shoal = start_shoal("--max-connections=3")
    peers = [connect(shoal) for _ in range(3)]
    for peer in peers:
        peer.sendall(request(shoal))
        read_answer(peer)
    with connect(shoal) as peer:
        assert read_to_end(peer).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    for peer in peers:
        peer.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with connect(shoal) as peer:
            peer.sendall(request(shoal))
            if b" 200 OK" in read_to_end_of_head(peer):
                return
        time.sleep(0.02)
    pytest.fail("closed connections still count")


def read_to_end_of_head(peer) -> bytes:
    got = b""
    try:
        while b"\r\n\r\n" not in got and (part := peer.recv(65536)):
            got += part
    except ConnectionResetError:
        pass
    return got


def test_two_thousand_connections_at_once(start_shoal):
    shoal = start_shoal()
    peers = [connect(shoal) for _ in range(2000)]
    for peer in peers:
        peer.sendall(request(shoal))
    assert all(b"TableNames" in read_answer(peer) for peer in peers)
    for peer in peers:
        peer.close()


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("bind, hosts", [("::1", ["::1"]), ("::", ["::1", "127.0.0.1"]), ("localhost", ["::1", "127.0.0.1"])])
def test_ipv6_and_ipv4(start_shoal, bind, hosts):
    shoal = start_shoal(f"--bind={bind}")
    for host in hosts:
        with connect(shoal, host) as peer:
            peer.sendall(request(shoal))
            assert b"TableNames" in read_answer(peer)


def test_sigterm_answers_what_is_in_flight_and_ends_well(start_shoal, tmp_path):
    shoal = start_shoal(f"--data-dir={tmp_path}/data")
    table = shoal.create_table("p:S")
    shoal.close()
    idle, half = connect(shoal), connect(shoal)
    whole = request(shoal, "PutItem", json.dumps({"TableName": table, "Item": {"p": {"S": "late"}}}).encode())
    half.sendall(whole[:-10])
    time.sleep(0.2)

    acknowledged, failures = [], []

    def write(number):
        try:
            with connect(shoal) as peer:
                for turn in range(10_000):
                    key = f"{number}-{turn}"
                    peer.sendall(request(shoal, "PutItem", json.dumps({"TableName": table, "Item": {"p": {"S": key}}}).encode()))
                    head = read_to_end_of_head(peer)
                    if not head:
                        return
                    if b" 200 OK" not in head:
                        failures.append(head)
                    acknowledged.append(key)
        except OSError:
            pass

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(0.3)
    shoal.process.send_signal(signal.SIGTERM)
    assert read_to_end(idle) == b""
    half.sendall(whole[-10:])
    assert b" 200 OK" in read_to_end(half)
    assert shoal.process.wait(10) == 0
    for writer in writers:
        writer.join()
    assert acknowledged and not failures

    again = start_shoal(f"--data-dir={tmp_path}/data")
    for key in ["late", *acknowledged]:
        assert again.ok("GetItem", {"TableName": table, "Key": {"p": {"S": key}}})["Item"] == {"p": {"S": key}}


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_an_idle_server_at_once(start_shoal, stop):
    shoal = start_shoal()
    began = time.monotonic()
    shoal.process.send_signal(stop)
    assert shoal.process.wait(5) == 0
    assert time.monotonic() - began < 2


def test_who_does_not_finish_is_cut_at_the_shutdown_timeout(start_shoal):
    shoal = start_shoal("--shutdown-timeout-ms=300")
    with connect(shoal) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\n")
        time.sleep(0.1)
        began = time.monotonic()
        shoal.process.send_signal(signal.SIGTERM)
        assert shoal.process.wait(5) == 0
        assert 0.2 < time.monotonic() - began < 2


def test_a_full_quota_fails_writes_and_no_more(start_shoal, tmp_path):
    """A limit on the size of files stands for a full disk: the kernel's signal for it must not end the process."""
    shoal = start_shoal(f"--data-dir={tmp_path}/data")
    table = shoal.create_table("p:S")
    sizes = [file.stat().st_size for file in (tmp_path / "data").rglob("*") if file.is_file()]

    def put(number):
        return shoal.call("PutItem", {"TableName": table, "Item": {"p": {"S": str(number)}, "v": {"S": "x" * 100_000}}})

    unlimited = resource.RLIM_INFINITY
    resource.prlimit(shoal.process.pid, resource.RLIMIT_FSIZE, (max(sizes) + 300_000, unlimited))
    replies = [put(number) for number in range(20)]
    refused = [number for number, reply in enumerate(replies) if reply.status != 200]
    assert refused, "the limit was not felt"
    assert {(replies[number].status, replies[number].type) for number in refused} == {(500, "InternalServerError")}
    resource.prlimit(shoal.process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
    assert put("after").status == 200
    for number, reply in enumerate(replies):
        stored = shoal.ok("GetItem", {"TableName": table, "Key": {"p": {"S": str(number)}}, "ConsistentRead": True})
        assert reply.status != 200 or "Item" in stored
    assert shoal.stop() == 0


def run(*flags):
    return subprocess.run([binary(), *flags], capture_output=True, text=True, timeout=20, cwd=ROOT)


def test_a_taken_port_is_said_so(shoal):
    result = run("--in-memory", f"--port={shoal.port}")
    assert result.returncode == 1
    assert result.stderr == (f"shoal: port {shoal.port} on 127.0.0.1 is taken: stop what listens there or pass --port\n")


def test_a_taken_data_folder_is_said_so(start_shoal, tmp_path):
    start_shoal(f"--data-dir={tmp_path}/data")
    result = run("--port=0", f"--data-dir={tmp_path}/data")
    assert result.returncode == 1
    assert result.stderr.startswith("shoal: ") and f"{tmp_path}/data" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("flags, words", [
    (["--port=70000"], "--port: must be a whole number from 0 to 65535, not '70000'"),
    (["--durability=never"], "--durability: must be one of sync, relaxed, not 'never'"),
    (["--bind=nowhere"], "--bind: must be an IPv4 or IPv6 address or localhost, not 'nowhere'"),
    (["--nonsense"], "--nonsense"),
    (["--in-memory", "--credentials=/nowhere/credentials.json"], "/nowhere/credentials.json")])
def test_bad_flags_are_refused_with_what_is_allowed(flags, words):
    result = run(*flags)
    assert result.returncode == 1 and words in result.stderr
    assert result.stdout == ""


def sanitized():
    program = pathlib.Path(binary())
    return program.exists() and re.search(rb"__[at]san_init", program.read_bytes()) is not None


@pytest.mark.skipif(sanitized(), reason="sanitizers take memory of their own")
def test_starting_takes_no_time_and_little_memory(start_shoal):
    shoal = start_shoal()
    assert shoal.ready_seconds < 0.5  # 50 ms on a machine that does nothing else: see bench/
    assert shoal.memory_bytes() < 20 * 1024 * 1024


def test_open_to_other_machines_without_credentials_is_warned_of(start_shoal):
    shoal = start_shoal("--bind=0.0.0.0")
    assert "without --credentials anybody may read and change its data" in shoal.log()
    assert "without --credentials" not in start_shoal().log()

"""Load whose keys wrk draws itself, so that it touches all of a table: see keys.lua. Such requests cannot be signed one
by one, so they come from a key whose signature nobody checks on a server that is open to all."""

import json
import re
import subprocess
import sys
import tempfile

from run import JSON_TYPE, ROOT, TARGET, sign


class Load:
    """A request with ######## for each key, and how often it is sent beside others."""

    def __init__(self, request, weight=1):
        self.weight = weight
        self.file = tempfile.NamedTemporaryFile()
        self.file.write(request)
        self.file.flush()


def request(operation, body):
    text = json.dumps(body).encode()
    headers = sign({"Host": "127.0.0.1", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{TARGET}.{operation}"}, text, access_key="unchecked")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(text)}\r\n\r\n".encode() + text


def wrk_keys(server, keys, loads, connections, seconds, threads=1):
    """As run.wrk: requests a second, latencies, and the server's CPU for each."""
    pairs = [word for load in loads for word in (load.file.name, str(load.weight))]
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(ROOT / "bench/keys.lua"),
               f"http://{server.host}:{server.port}/", "--", str(keys), *pairs]
    cpu = server.cpu_seconds()
    ran = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    cpu = server.cpu_seconds() - cpu
    found = re.search(r"SUMMARY (.*)", ran.stdout)
    if not found:
        sys.exit(f"wrk failed: {ran.stdout}{ran.stderr}")
    summary = json.loads(found[1])
    return {"per_second": summary["requests"] / summary["seconds"], "p50_us": summary["p50_us"], "p99_us": summary["p99_us"],
            "cpu_us": cpu / max(1, summary["requests"]) * 1e6, "failed": summary["refused"] + summary["broken"], "requests": summary["requests"]}

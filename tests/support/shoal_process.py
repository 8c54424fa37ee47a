"""A Shoal process and the wire to it: what the tests from outside, the demo and the benchmarks start and talk to.

    with Shoal.start() as shoal:                       # in memory, on a free port
        reply = shoal.call("ListTables", {})
        assert reply.status == 200 and reply.json == {"TableNames": []}

Requests are signed here by hand rather than by an SDK, so that a test can send what no SDK would.
"""

import dataclasses
import datetime
import hashlib
import hmac
import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = "DynamoDB_20120810"
JSON_TYPE = "application/x-amz-json-1.0"


def binary() -> str:
    """The program under test: $SHOAL_BINARY, or the release build."""
    return os.environ.get("SHOAL_BINARY") or str(ROOT / "build/release/shoal")


@dataclasses.dataclass
class Reply:
    status: int
    headers: dict  # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body) if self.body else {}

    @property
    def type(self) -> str:
        """What an SDK takes as the error's code."""
        return self.json.get("__type", "").rpartition("#")[2]

    @property
    def message(self):
        value = self.json
        return value.get("message", value.get("Message"))


def _signature(canonical: str, timestamp: str, region: str, secret_key: str) -> str:
    scope = f"{timestamp[:8]}/{region}/dynamodb/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", timestamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret_key).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def _canonical(path, query, signed, body):
    return "\n".join(["POST", path, query, *(f"{name}:{signed[name]}" for name in sorted(signed)), "",
                      ";".join(sorted(signed)), hashlib.sha256(body).hexdigest()])


def _now():
    return datetime.datetime.now(datetime.timezone.utc)


def sign(headers: dict, body: bytes, *, access_key="local", secret_key="local", region="us-east-1", now=None,
         path="/", token=None) -> dict:
    """`headers` (Host among them) with what SigV4 adds in its header form."""
    timestamp = (now or _now()).strftime("%Y%m%dT%H%M%SZ")
    added = {"X-Amz-Date": timestamp}
    if token is not None:
        added["X-Amz-Security-Token"] = token
    signed = {name.lower(): str(value).strip() for name, value in {**headers, **added}.items()}
    signature = _signature(_canonical(path, "", signed, body), timestamp, region, secret_key)
    added["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={access_key}/{timestamp[:8]}/{region}/dynamodb/aws4_request, "
                              f"SignedHeaders={';'.join(sorted(signed))}, Signature={signature}")
    return {**headers, **added}


def presign(headers: dict, body: bytes, *, access_key="local", secret_key="local", region="us-east-1", now=None,
            expires=60) -> str:
    """The path and query that carry the signature of `headers` (Host among them) in SigV4's query form."""
    timestamp = (now or _now()).strftime("%Y%m%dT%H%M%SZ")
    signed = {name.lower(): str(value).strip() for name, value in headers.items()}
    query = "&".join(f"{name}={urllib.parse.quote(value, safe='-_.~')}" for name, value in sorted({
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Date": timestamp, "X-Amz-Expires": str(expires),
        "X-Amz-Credential": f"{access_key}/{timestamp[:8]}/{region}/dynamodb/aws4_request",
        "X-Amz-SignedHeaders": ";".join(sorted(signed))}.items()))
    return f"/?{query}&X-Amz-Signature={_signature(_canonical('/', query, signed, body), timestamp, region, secret_key)}"


class Wire:
    """Signed calls to one address over a connection that is kept alive. Not for several threads at once."""

    def __init__(self, host: str, port: int, **signing):
        self.host, self.port, self.signing = host, port, signing
        self._connection = None

    def post(self, body: bytes, headers: dict, method="POST", path="/") -> Reply:
        """Exactly this request, unsigned."""
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
                attempt = 2
            try:
                self._connection.request(method, path, body, headers)
                response = self._connection.getresponse()
                content = response.read()
                break
            except (http.client.HTTPException, OSError):
                self.close()
                if attempt == 2:
                    raise
        if response.will_close:
            self.close()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def call(self, operation: str, body, *, target=TARGET, headers=None, **signing) -> Reply:
        """A signed call. `body` is JSON to be, or bytes to be sent as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        wanted = {"Host": f"{self.host}:{self.port}", "Content-Type": JSON_TYPE, "X-Amz-Target": f"{target}.{operation}",
                  **(headers or {})}
        return self.post(content, sign(wanted, content, **{**self.signing, **signing}))

    def ok(self, operation: str, body, **more) -> dict:
        reply = self.call(operation, body, **more)
        assert reply.status == 200, f"{operation}: HTTP {reply.status} {reply.body.decode(errors='replace')}"
        return reply.json

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def key_schema(key: str):
    """"p:S c:N" as KeySchema and AttributeDefinitions."""
    parts = [part.split(":") for part in key.split()]
    schema = [{"AttributeName": name, "KeyType": kind} for (name, _), kind in zip(parts, ("HASH", "RANGE"))]
    return schema, {name: kind for name, kind in parts}


class Shoal(Wire):
    _counter = itertools.count(1)

    def __init__(self, process, host, port, log, ready_line, ready_seconds):
        super().__init__(host, port)
        self.process, self._log, self.ready_line, self.ready_seconds = process, log, ready_line, ready_seconds
        self.url = f"http://{host}:{port}"

    @classmethod
    def start(cls, *flags: str, env=None, timeout=20, under=()) -> "Shoal":
        """Starts a server on a free port, in memory unless `flags` name a data folder, and waits until it serves.
        `under`: the words of a program that runs it, such as ("prlimit", "--nofile=64")."""
        flags = list(flags)
        if not any(flag.startswith(("--data-dir", "--in-memory", "--config")) for flag in flags):
            flags.append("--in-memory")
        if not any(flag.startswith("--port") for flag in flags):
            flags.append("--port=0")
        log = tempfile.TemporaryFile("w+")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SHOAL_")}
        began = time.monotonic()
        process = subprocess.Popen([*under, binary(), *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                                   text=True, env={**clean, **(env or {})})
        guard = threading.Timer(timeout, process.kill)
        guard.start()
        ready = None
        seen = []
        for line in process.stdout:
            seen.append(line)
            ready = re.search(r"is serving on http://(\[[^\]]+\]|[^:/]+):(\d+)", line)
            if ready:
                break
        guard.cancel()
        if not ready:
            process.wait()
            log.seek(0)
            raise RuntimeError(f"shoal {' '.join(flags)} did not start (exit {process.returncode}): {''.join(seen)}{log.read()}")
        seconds = time.monotonic() - began
        threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()
        return cls(process, ready[1].strip("[]"), int(ready[2]), log, seen[-1].strip(), seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def log(self) -> str:
        self._log.flush()
        with open(f"/proc/self/fd/{self._log.fileno()}") as text:
            return text.read()

    def running(self) -> bool:
        return self.process.poll() is None

    def memory_bytes(self) -> int:
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        """As a power cut would, as far as the process can tell."""
        self.close()
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def create_table(self, key: str, *, gsi=None, lsi=None, name=None, **more) -> str:
        """create_table("p:S c:N", gsi={"by_g": "g:S"}) makes a table of a fresh name, on demand, and returns the name.

        An index is its key, or (key, projection): "ALL", "KEYS_ONLY" or a list of attributes.
        """
        name = name or f"table{next(self._counter)}"
        schema, definitions = key_schema(key)
        body = {"TableName": name, "KeySchema": schema, "BillingMode": "PAY_PER_REQUEST", **more}
        for member, indexes in (("GlobalSecondaryIndexes", gsi), ("LocalSecondaryIndexes", lsi)):
            for index, (index_key, projection) in ((n, v if isinstance(v, tuple) else (v, "ALL"))
                                                   for n, v in (indexes or {}).items()):
                index_schema, index_definitions = key_schema(index_key)
                definitions.update(index_definitions)
                shape = ({"ProjectionType": projection} if isinstance(projection, str) else
                         {"ProjectionType": "INCLUDE", "NonKeyAttributes": projection})
                body.setdefault(member, []).append(
                    {"IndexName": index, "KeySchema": index_schema, "Projection": shape})
        body["AttributeDefinitions"] = [{"AttributeName": n, "AttributeType": k} for n, k in definitions.items()]
        self.ok("CreateTable", body)
        return name

    def put(self, table: str, item: dict):
        self.ok("PutItem", {"TableName": table, "Item": item})

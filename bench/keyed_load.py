"""Load whose keys wrk draws itself, so that it touches all of a table: see keys.lua. Such requests cannot be signed one
by one, so they come from a key whose signature nobody checks on a server that is open to all."""

import json
import tempfile

from run import JSON_TYPE, TARGET, run_wrk, sign


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


def wrk_keys(server, keys, loads, connections, seconds):
    """As run.wrk, with keys below `keys`."""
    pairs = [word for load in loads for word in (load.file.name, str(load.weight))]
    return run_wrk(server, "keys.lua", [str(keys), *pairs], connections, seconds)

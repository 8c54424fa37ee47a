"""A server that runs somewhere: its accounts, and its control interface.

    server = shoal.Remote("http://127.0.0.1:8000")
    server.wait_until_healthy()
    server.set_faults({"fault": "throttle", "next": 2})
"""

import http.client
import json
import secrets
import time
import urllib.parse

from .account import Account
from .error import ShoalError


class Remote:
    def __init__(self, url: str):
        address = urllib.parse.urlsplit(url)
        if address.scheme != "http" or not address.hostname:
            raise ShoalError(f"a server's URL looks like http://127.0.0.1:8000, not like {url!r}")
        self.url, self.host, self.port = url.rstrip("/"), address.hostname, address.port or 80
        self.faulty = False  # Whether faults were set, and not cleared, by way of this object.

    def isolated(self) -> Account:
        """A fresh account: an empty world that nothing else sees, whichever process asks. There is nothing to clean up."""
        # Not `random`, which plugins seed alike before each test. 0 is the account of everybody without one.
        return Account(self, f"{1 + secrets.randbelow(10**12 - 1):012}")

    def account(self, access_key: str = "local", secret_key: str = "local") -> Account:
        """The account of an access key. Keys that are not of twelve digits share one."""
        return Account(self, access_key, secret_key)

    def client(self, service: str = "dynamodb", **settings):
        """A boto3 client of the account that all share who have none of their own."""
        return self.account().client(service, **settings)

    def resource(self, service: str = "dynamodb", **settings):
        """A boto3 resource of the account that all share who have none of their own."""
        return self.account().resource(service, **settings)

    def health(self) -> dict:
        return self.control("GET", "health")

    def wait_until_healthy(self, timeout: float = 30) -> None:
        end = time.monotonic() + timeout
        while True:
            try:
                self.health()
                return
            except (ShoalError, OSError) as failure:
                if time.monotonic() > end:
                    raise ShoalError(f"{self.url} did not become healthy in {timeout} s: {failure}") from failure
                time.sleep(0.02)

    # The clock goes forward only, for all accounts: let a test that moves it have a server of its own.

    def now(self) -> float:
        """What the server takes the time to be, in seconds since 1970."""
        return self.control("GET", "clock")["now"]

    def advance_clock(self, seconds: float) -> float:
        """Moves the server's clock forward, and says what it then shows. What waits for a time in the data goes by it."""
        return self.control("POST", "clock", {"advance_seconds": seconds})["now"]

    # Faults strike all accounts. The rules are those of docs/faults.md: {"fault": "throttle", "next": 2}

    def set_faults(self, *rules: dict) -> list:
        self.faulty = True
        return self.control("POST", "faults", list(rules))["rules"]

    def faults(self) -> list:
        """The rules there are, with how many requests each has `struck`."""
        return self.control("GET", "faults")["rules"]

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")
        self.faulty = False

    def reset(self) -> None:
        """Deletes everything of all accounts, in a moment. Account.reset() deletes what one has."""
        self.control("POST", "reset", {})

    # Snapshots are of all accounts. Both ways take a moment, however much data there is.

    def snapshot(self, name: str) -> None:
        self.control("POST", "snapshot", {"name": name})

    def restore(self, name: str) -> None:
        """All data is as it was when the snapshot was taken. Snapshots that were taken later are gone, this one is kept."""
        self.control("POST", "restore", {"name": name})

    def control(self, method: str, path: str, body=None) -> dict:
        """Any request to /_shoal/<path>: control("POST", "clock", {"advance_seconds": 5})"""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)  # Not urllib: it would ask a proxy.
        try:
            connection.request(method, f"/_shoal/{path}", json.dumps(body) if method == "POST" else None,
                               {"Content-Type": "application/json"})
            reply = connection.getresponse()
            text = reply.read().decode(errors="replace")
        finally:
            connection.close()
        if reply.status != 200:
            raise ShoalError(f"{method} {self.url}/_shoal/{path} was answered {reply.status}: {text}")
        return json.loads(text)

    def __repr__(self):
        return f"<{type(self).__name__} {self.url}>"

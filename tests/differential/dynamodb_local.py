"""DynamoDB Local 3.1.0 in memory, for as long as a `with` lasts: on loopback, with at most 512 MB for its heap."""

import os
import pathlib
import socket
import subprocess
import tempfile
import time

from support.shoal_process import Wire

ROOT = pathlib.Path(__file__).resolve().parents[2]


class DynamoDbLocal:
    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([str(ROOT / "bench/dynamodb-local"), str(port)], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, env={**os.environ, "JAVA_TOOL_OPTIONS": "-Xmx512m"})
        self.wire = Wire("127.0.0.1", port)
        for _ in range(3000):
            try:
                self.wire.call("ListTables", {})
                return self.wire
            except OSError:
                if self.process.poll() is not None:
                    self.log.seek(0)
                    raise RuntimeError("DynamoDB Local, which this compares with, did not start (bench/dynamodb-local fetches it with Maven, once):\n"
                                       + self.log.read()[-2000:]) from None
                time.sleep(0.1)
        self.process.kill()
        raise RuntimeError("DynamoDB Local did not answer within five minutes")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

"""A server of this process's own, which ends with it however it ends."""

import os
import re
import select
import signal
import subprocess
import tempfile
import threading
import time

from .error import ShoalError
from .program import program
from .remote import Remote

# A shell stands between: it waits for a line or for the end of the pipe that only its starter holds, which comes even when
# that one was killed, and then stops the server. It has no part in the server's output, so that this ends with the server.
KEEPER = '"$@" </dev/null & server=$!; exec >/dev/null; read -r _; kill "$server" 2>/dev/null; wait "$server"'


class Server(Remote):
    """Server("--table-delay-ms=200", ...) with flags of the program, to be used in a `with`, or started and stopped.

    In memory and on a free port of 127.0.0.1, unless a flag says otherwise. SHOAL_... variables of the environment do not
    reach it, those of `env` do. The program is `binary`, or $SHOAL_BINARY, or the one in the package.
    """

    def __init__(self, *flags: str, binary=None, env=None, timeout: float = 20):
        self.flags, self.timeout = list(flags), timeout
        self.start_seconds = None
        self._binary, self._env = binary, dict(env or {})
        self._keeper = self._log = None

    def start(self) -> "Server":
        """Returns once it serves, which takes it some 20 ms."""
        if self._keeper is not None:
            raise ShoalError(f"{self!r} runs already")
        began = time.monotonic()
        self._log = tempfile.TemporaryFile()
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "shoal", program(self._binary), *_with_defaults(self.flags)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
            # Of a session of its own, so that a Ctrl-C ends the tests first and then their server.
            start_new_session=True,
            env={**{name: value for name, value in os.environ.items() if not name.startswith("SHOAL_")}, **self._env})
        super().__init__(self._ready_url(began))
        self.start_seconds = time.monotonic() - began
        return self

    def stop(self) -> None:
        """Raises ShoalError, with the log, if the server had died before, or did not end well. Twice is once."""
        if self._keeper is None:
            return
        died = not self.running()
        code, log = self._end(), self.log()
        self._log.close()
        self._keeper = self._log = None
        if died or code != 0:
            what = "had ended before it was stopped" if died else "did not end well"
            raise ShoalError(f"the server at {self.url} {what} (exit {code}). Its log:\n{log}")

    def running(self) -> bool:
        # Only the end of the output makes it readable: the server says nothing there once it is ready.
        return self._keeper is not None and not select.select([self._keeper.stdout], [], [], 0)[0]

    def log(self) -> str:
        """What it has told on standard error so far."""
        if self._log is None:
            return ""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def __repr__(self):
        return f"<Server {self.url}>" if self._keeper else f"<Server {' '.join(self.flags)}: not running>"

    def _ready_url(self, began: float) -> str:
        guard = threading.Timer(self.timeout, self._kill)
        guard.start()
        said = ""
        for line in iter(self._keeper.stdout.readline, b""):
            said += line.decode(errors="replace")
            ready = re.search(r"is serving on (http://\S+)", said)
            if ready:
                guard.cancel()
                return re.sub(r"//(localhost|0\.0\.0\.0):", "//127.0.0.1:", ready[1])
        late = time.monotonic() - began >= self.timeout
        guard.cancel()
        code, log = self._end(), self.log()
        self._log.close()
        self._keeper = self._log = None
        reason = f"was not ready after {self.timeout} s" if late else f"did not start (exit {code})"
        raise ShoalError(f"shoal {' '.join(_with_defaults(self.flags))} {reason}:\n{said}{log}")

    def _end(self) -> int:
        try:
            self._keeper.stdin.write(b"\n")  # And not only the end of the pipe: a forked child may hold it, too.
            self._keeper.stdin.close()
        except BrokenPipeError:
            pass  # The keeper was killed; what is left of its group goes with _kill.
        try:
            code = self._keeper.wait(self.timeout)
        except subprocess.TimeoutExpired:
            code = None
        if code != 0:
            self._kill()
        self._keeper.stdout.close()
        return self._keeper.wait()

    def _kill(self) -> None:
        try:
            os.killpg(self._keeper.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _with_defaults(flags) -> list:
    def said(*names):
        return any(flag.split("=")[0] in names for flag in flags)

    return [*([] if said("--in-memory", "--data-dir", "--config") else ["--in-memory"]),
            *([] if said("--port") else ["--port=0"]), *([] if said("--bind") else ["--bind=127.0.0.1"]), *flags]

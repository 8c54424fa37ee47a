"""Waiting for what another process will have done soon."""

import time

PATIENCE = 30  # seconds


def until(condition, patience=PATIENCE):
    """What `condition` gives once that is true."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"still not so after {patience} s: {value}"
        time.sleep(0.02)

"""What was asked of an account while something ran, for tests that count."""

import collections

from .error import ShoalError


class Journal:
    """
    with world.journal() as journal:
        songs_of("Acme")
    assert journal.operations == {"Query": 1} and journal.read_units == 0.5

    A server has one journal at a time: one that is begun inside another, or by another user of the server, ends it.
    """

    def __init__(self, account, requests_max: int):
        self._account, self._requests_max = account, requests_max
        self.requests = []  # In order: {"operation": "Query", "tables": ["Songs"], "read_units": 0.5, "status": 200, ...}

    @property
    def operations(self) -> dict:
        """How often each was called."""
        return dict(collections.Counter(request["operation"] for request in self.requests))

    @property
    def read_units(self) -> float:
        return sum(request["read_units"] for request in self.requests)

    @property
    def write_units(self) -> float:
        return sum(request["write_units"] for request in self.requests)

    def __enter__(self) -> "Journal":
        self._account.server.control("POST", "journal", {"requests_max": self._requests_max})
        return self

    def __exit__(self, kind, *_):
        server = self._account.server
        try:
            noted = server.control("GET", "journal")
            server.control("DELETE", "journal")
        except (ShoalError, OSError):
            if kind is None:  # Else what went wrong first is what matters.
                raise
            return
        if noted["left_out"] and kind is None:
            raise ShoalError(f"{noted['left_out']} requests are left out of the journal: begin it with a larger requests_max")
        self.requests = [request for request in noted["requests"] if request["account"] == self._account.access_key]

"""Other processes' updates of one document that they have not reported as saved.

A process may die between sending and writing. Then the update exists only in our Doc and in
browsers, and any process that has it writes it. Duplicates in the log do no harm.
"""

import time
from collections import deque

from coalition.realtime.batch import PendingWrite

OVERDUE = 3.0  # seconds; a batch is written every 0.2 s, and the database may be slow


class PeerUpdates:
    """Entries by process, ordered by serial."""

    def __init__(self) -> None:
        self._heard: dict[str, int] = {}
        self._told: dict[str, deque[tuple[float, PendingWrite]]] = {}

    def __bool__(self) -> bool:
        return bool(self._told)

    def add(self, process: str, entry: PendingWrite) -> None:
        self._told.setdefault(process, deque()).append((time.monotonic(), entry))

    def hear(self, process: str, serial: int) -> None:
        """Note that the process sent its writes up to this serial."""
        self._heard[process] = serial

    def confirm(self, process: str, serial: int) -> bool:
        """Note that the process saved everything up to this serial. Return whether we had
        received all of it."""
        told = self._told.get(process, deque())
        while told and told[0][1].serial <= serial:
            told.popleft()
        if not told:
            self._told.pop(process, None)
        return serial <= self._heard.get(process, 0)

    def all(self) -> list[PendingWrite]:
        """Remove and return everything."""
        taken = [entry for told in self._told.values() for _at, entry in told]
        self._told.clear()
        return taken

    def overdue(self) -> list[PendingWrite]:
        """Remove and return what has waited for too long."""
        limit, taken = time.monotonic() - OVERDUE, []
        for process, told in list(self._told.items()):
            while told and told[0][0] < limit:
                taken.append(told.popleft()[1])
            if not told:
                del self._told[process]
        return taken

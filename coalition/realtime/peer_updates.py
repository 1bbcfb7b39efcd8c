"""What other processes told of one document and did not yet say to be in the database.

A process may die between telling and writing. Then what it told is in our Doc and in browsers, and nowhere
else: whoever has it writes it. Twice in the log does no harm.
"""

import time
from collections import deque

from coalition.realtime.batch import PendingWrite

OVERDUE = 3.0  # seconds; a batch is written every 0.2 s, and the database may be slow


class PeerUpdates:
    """Entries by process, in the order of their serials."""

    def __init__(self) -> None:
        self._heard: dict[str, int] = {}
        self._told: dict[str, deque[tuple[float, PendingWrite]]] = {}

    def __bool__(self) -> bool:
        return bool(self._told)

    def add(self, process: str, entry: PendingWrite) -> None:
        self._told.setdefault(process, deque()).append((time.monotonic(), entry))

    def hear(self, process: str, serial: int) -> None:
        """The process has told what it wrote up to this serial."""
        self._heard[process] = serial

    def confirm(self, process: str, serial: int) -> bool:
        """The process has written all up to this serial. Returns whether it had told us all of that."""
        told = self._told.get(process, deque())
        while told and told[0][1].serial <= serial:
            told.popleft()
        if not told:
            self._told.pop(process, None)
        return serial <= self._heard.get(process, 0)

    def all(self) -> list[PendingWrite]:
        """Take out everything."""
        taken = [entry for told in self._told.values() for _at, entry in told]
        self._told.clear()
        return taken

    def overdue(self) -> list[PendingWrite]:
        """Take out what has waited for too long."""
        limit, taken = time.monotonic() - OVERDUE, []
        for process, told in list(self._told.items()):
            while told and told[0][0] < limit:
                taken.append(told.popleft()[1])
            if not told:
                del self._told[process]
        return taken

"""Kicks that do not get lost: a row each, written with the change of rights itself, read by every process
once a second. The bus brings most of them sooner; it may lose some, and Redis may be gone.
"""

import datetime
from collections.abc import Iterable
from typing import Protocol

from coalition.core.clock import now
from coalition.realtime.models import LiveKick

KEPT_FOR = datetime.timedelta(minutes=2)  # longer than the transaction of any change of rights


class RecheckTarget(Protocol):
    """Something of a person's that looks at its rights when told."""

    async def look_again(self) -> None: ...


open_sockets: dict[int, set[RecheckTarget]] = {}  # person's primary key → theirs in this process


def register_socket(user_id: int, one: RecheckTarget) -> None:
    open_sockets.setdefault(user_id, set()).add(one)


def unregister_socket(user_id: int, one: RecheckTarget) -> None:
    theirs = open_sockets.get(user_id, set())
    theirs.discard(one)
    if not theirs:
        open_sockets.pop(user_id, None)


def count_open_sockets() -> int:
    """How many sockets are open in this process."""
    return sum(map(len, open_sockets.values()))


def record_revocations(user_ids: Iterable[int]) -> None:
    """Write the kicks down, in the transaction of the change."""
    moment = now()
    LiveKick.objects.bulk_create([LiveKick(user_id=user_id, at=moment) for user_id in set(user_ids)])


class RevocationReader:
    """What one process has read of them. In the database's thread."""

    def __init__(self) -> None:
        self._seen: set[int] | None = None

    def fresh(self) -> set[int]:
        """The people who were kicked since the last time. The first time nobody: sockets that are open have
        just read their rights."""
        found = dict(LiveKick.objects.filter(at__gte=now() - KEPT_FOR).values_list("pk", "user_id"))
        seen, self._seen = self._seen, set(found)
        return set() if seen is None else {user for row, user in found.items() if row not in seen}


def delete_old_revocations() -> None:
    """Rows that every process has read long ago."""
    LiveKick.objects.filter(at__lt=now() - 10 * KEPT_FOR).delete()

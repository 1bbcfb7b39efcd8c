"""Who may open a socket: checked by a higher layer, since this one knows no people."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from coalition.core.clock import now
from coalition.realtime.models import LiveKick

# Codes 4400 to 4499 are final for the browser: it does not reconnect by itself.
BAD_MESSAGE = 4400
SIGNED_OUT = 4401
FORBIDDEN = 4403


@dataclass(frozen=True)
class SessionState:
    """The state of a session: a person's primary key, or the code and reason to close with."""

    user_id: int = 0
    close_code: int = 0
    reason: str = ""


type SessionCheck = Callable[[str], SessionState]

_session_checks: list[SessionCheck] = []


def register_session_check(check: SessionCheck) -> None:
    """Register how a session's state is read from its key. Runs in a worker thread."""
    _session_checks[:] = [check]


def get_session_state(session_key: str) -> SessionState:
    """Return the state of a session now; invalid as long as no check is registered."""
    return (
        _session_checks[0](session_key)
        if _session_checks
        else SessionState(close_code=SIGNED_OUT, reason="signed out")
    )


# --- revocations ---
# Durable kicks: one row each, written in the transaction of the change of rights, read by every
# process once a second. The bus delivers most of them sooner; it may lose some, and Redis may be
# down.


KEPT_FOR = datetime.timedelta(minutes=2)  # longer than the transaction of any change of rights


class RecheckTarget(Protocol):
    """Something of a person's that checks its rights on request."""

    async def look_again(self) -> None: ...


open_sockets: dict[int, set[RecheckTarget]] = {}  # person's primary key → their sockets here


def register_socket(user_id: int, one: RecheckTarget) -> None:
    open_sockets.setdefault(user_id, set()).add(one)


def unregister_socket(user_id: int, one: RecheckTarget) -> None:
    theirs = open_sockets.get(user_id, set())
    theirs.discard(one)
    if not theirs:
        open_sockets.pop(user_id, None)


def count_open_sockets() -> int:
    """Return the number of open sockets in this process."""
    return sum(map(len, open_sockets.values()))


def record_revocations(user_ids: Iterable[int]) -> None:
    """Store the kicks, in the transaction of the change."""
    moment = now()
    LiveKick.objects.bulk_create([LiveKick(user_id=user_id, at=moment) for user_id in set(user_ids)])


class RevocationReader:
    """The position of one process in the kicks. Used in the database's thread."""

    def __init__(self) -> None:
        self._seen: set[int] | None = None

    def fresh(self) -> set[int]:
        """Return the people kicked since the last call. The first call returns none: open
        sockets have just read their rights."""
        found = dict(LiveKick.objects.filter(at__gte=now() - KEPT_FOR).values_list("pk", "user_id"))
        seen, self._seen = self._seen, set(found)
        return set() if seen is None else {user for row, user in found.items() if row not in seen}


def delete_old_revocations() -> None:
    """Delete rows that every process has read long ago."""
    LiveKick.objects.filter(at__lt=now() - 10 * KEPT_FOR).delete()

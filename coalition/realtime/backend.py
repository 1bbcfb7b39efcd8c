"""What higher layers provide: access, initial content, refused writes, sessions; and server edits.

This layer knows documents by UUID only. Everything here runs in a worker thread, except a `WriteGuard`.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from pycrdt import Doc

from coalition.core.clock import now
from coalition.realtime.models import SessionRevocation
from coalition.realtime.updates import UpdateContent


@dataclass(frozen=True)
class Grant:
    """One person's rights on one document now.

    `identity` is what others see of the person; it replaces whatever their browser sends.
    `author` and `organisation` are logged. `suggests_only`: direct edits are refused.
    `stays_on_device`: unsaved edits may be stored in the browser.
    """

    author: UUID
    organisation: UUID
    may_write: bool = False
    suggests_only: bool = False
    stays_on_device: bool = True
    identity: dict[str, Any] = field(default_factory=dict)


# Sent to the page when the right to write is reduced.
READ_ONLY, SUGGEST_ONLY = "read-only", "suggest-only"
# The device must not store anything of the text any more.
OFF_DEVICE = "off-device"


def lost_write_right(before: Grant, now: Grant) -> str:
    """Return the word for the remaining right to write if it was reduced; otherwise ""."""
    if before.may_write or before.suggests_only:
        if not now.may_write and not now.suggests_only:
            return READ_ONLY
        if now.suggests_only and not before.suggests_only:
            return SUGGEST_ONLY
    return ""


type LiveDoc = Doc[Any]

# Why a `WriteGuard` refuses a write whose predecessors are missing: the browser is asked for all it has.
LACKING = "lacking"


class WriteGuard(Protocol):
    """Checks the writes to one open document. Runs in the server's loop on every write, so it
    must be fast. `change` is what was read in the update before it is applied."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        """Return the word for why this write is refused, or "": then it is applied without a call of `note`.
        Raises BadFrame for a write after which the document cannot be read completely."""

    def note(self, update: bytes, change: UpdateContent) -> None:
        """Note an update applied without a check: from other processes, or made by the server."""


class NoWriteGuard:
    """The guard of an owner that accepts every write."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        return ""

    def note(self, update: bytes, change: UpdateContent) -> None:
        return None


@dataclass(frozen=True)
class DocumentBackend:
    """The layer that owns the documents.

    `open(user_id, session_key, document)`: the grant, or None if the person may not know of it.
    `seed(document)`: the document's initial update, called once in its life. `guard(state)`: checks the
    writes to one open document; `state()` is all of it as one update, now. `written(documents)`: these
    documents changed in the database; called within two seconds. `catch_up()`: at process start: process
    changes that were not reported before a crash.
    """

    open: Callable[[int, str, UUID], Grant | None]
    seed: Callable[[UUID], bytes]
    guard: Callable[[Callable[[], bytes]], WriteGuard] = lambda _state: NoWriteGuard()
    written: Callable[[frozenset[UUID]], None] = lambda _documents: None
    catch_up: Callable[[], None] = lambda: None


_document_backend: list[DocumentBackend] = []


def register_document_backend(backend: DocumentBackend) -> None:
    """Register the owner of the documents. Called from `AppConfig.ready()`."""
    _document_backend[:] = [backend]


def get_document_backend() -> DocumentBackend:
    """Return the registered owner. Raises LookupError if there is none."""
    if not _document_backend:
        raise LookupError("no layer owns live documents")
    return _document_backend[0]


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


# Durable revocations: one row each, written in the transaction of the change of rights, read by every
# process once a second. The bus delivers most of them sooner; it may lose some, and Redis may be
# down.

REVOCATION_AGE = datetime.timedelta(minutes=2)  # longer than the transaction of any change of rights


class RecheckTarget(Protocol):
    """Something of a person's that checks its rights on request."""

    async def recheck(self) -> None: ...


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
    """Store one row a person, in the transaction of the change."""
    moment = now()
    SessionRevocation.objects.bulk_create(
        [SessionRevocation(user_id=user_id, at=moment) for user_id in set(user_ids)]
    )


class RevocationReader:
    """The position of one process in the revocations. Used in the database's thread."""

    def __init__(self) -> None:
        self._seen: set[int] | None = None

    def fresh(self) -> set[int]:
        """Return the people with new rows since the last call. The first call returns none."""
        found = dict(
            SessionRevocation.objects.filter(at__gte=now() - REVOCATION_AGE).values_list("pk", "user_id")
        )
        seen, self._seen = self._seen, set(found)
        return set() if seen is None else {user for row, user in found.items() if row not in seen}


def delete_old_revocations() -> None:
    """Delete rows that every process has read long ago."""
    SessionRevocation.objects.filter(at__lt=now() - 10 * REVOCATION_AGE).delete()

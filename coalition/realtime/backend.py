"""The interface of a higher layer for live documents: access, initial content, refused writes.

This layer knows documents by UUID only. Everything here runs in a worker thread, except a
`WriteGuard`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from pycrdt import Doc

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
type OpenDocument = Callable[[int, str, UUID], Grant | None]
type Seed = Callable[[UUID], bytes]


# A watch's word for a write whose predecessors are missing: the browser is asked for all it has.
LACKING = "lacking"


class WriteGuard(Protocol):
    """Checks the writes to one open document. Runs in the server's loop on every write, so it
    must be fast. `change` is what was read in the update before it is applied."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        """Return the word for why this write is refused, or "": then it is applied without a
        call of `note`. Raises BadFrame for a write after which the document cannot be read
        completely."""

    def note(self, update: bytes, change: UpdateContent) -> None:
        """Note an update applied without a check: from other processes, or made by the server."""


class NoWriteGuard:
    """The watch of an owner that accepts every write."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        return ""

    def note(self, update: bytes, change: UpdateContent) -> None:
        return None


@dataclass(frozen=True)
class DocumentBackend:
    """The layer that owns the documents.

    `open(user_id, session_key, document)`: the grant, or None if the person may not know of it.
    `seed(document)`: the document's initial update, called once in its life.
    `watch(state)`: checks the writes to one open document; `state()` is all of it as one update,
    now.
    `written(documents)`: these documents changed in the database; called within two seconds.
    `catch_up()`: at process start: process changes that were not reported before a crash.
    """

    open: OpenDocument
    seed: Seed
    watch: Callable[[Callable[[], bytes]], WriteGuard] = field(default=lambda _state: NoWriteGuard())
    written: Callable[[frozenset[UUID]], None] = field(default=lambda _documents: None)
    catch_up: Callable[[], None] = field(default=lambda: None)


_document_backend: list[DocumentBackend] = []


def register_document_backend(keeper: DocumentBackend) -> None:
    """Register the owner of the documents. Called from `AppConfig.ready()`."""
    _document_backend[:] = [keeper]


def get_document_backend() -> DocumentBackend:
    """Return the registered owner. Raises LookupError if there is none."""
    if not _document_backend:
        raise LookupError("no layer owns live documents")
    return _document_backend[0]

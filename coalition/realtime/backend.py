"""What a higher layer says about live documents: who may open one, what it begins with, what may not pass.

This layer knows documents by UUID only. Everything here runs in a worker thread, except a `Watch`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from pycrdt import Doc

from coalition.realtime.updates import UpdateContent


@dataclass(frozen=True)
class Grant:
    """What one person may do with one document now.

    `identity` is what others see of the person; it replaces whatever their browser says of itself.
    `author` and `organisation` go into the log. `suggests_only`: direct edits are refused.
    `stays_on_device`: what is not saved yet may wait in the browser's storage.
    """

    author: UUID
    organisation: UUID
    may_write: bool = False
    suggests_only: bool = False
    stays_on_device: bool = True
    identity: dict[str, Any] = field(default_factory=dict)


# Words for the page: what is left of a right to write.
READ_ONLY, SUGGEST_ONLY = "read-only", "suggest-only"
# Nothing of the text may be kept on the device any more.
OFF_DEVICE = "off-device"


def lost_write_right(before: Grant, now: Grant) -> str:
    """A word for what is left of the right to write, if less is left than there was; otherwise ""."""
    if before.may_write or before.suggests_only:
        if not now.may_write and not now.suggests_only:
            return READ_ONLY
        if now.suggests_only and not before.suggests_only:
            return SUGGEST_ONLY
    return ""


type LiveDoc = Doc[Any]
type OpenDocument = Callable[[int, str, UUID], Grant | None]
type Seed = Callable[[UUID], bytes]


# A watch's word for a write that builds on changes which are not here: the browser is asked for all it has.
LACKING = "lacking"


class WriteGuard(Protocol):
    """What the owner keeps beside one open document to judge what is written. In the server's loop, on
    every write: it must be quick. `change` is what was read in the update before it is applied."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        """A word for why this write is refused, or "": then it is taken, and not noted again. Raises BadFrame
        for a write of which the document cannot be read wholly."""

    def note(self, update: bytes, change: UpdateContent) -> None:
        """An update that was taken without asking: from other processes, or made by the server."""


class NoWriteGuard:
    """The watch of an owner that takes everything."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        return ""

    def note(self, update: bytes, change: UpdateContent) -> None:
        return None


@dataclass(frozen=True)
class DocumentBackend:
    """The layer that owns the documents.

    `open(user_id, session_key, document)`: the grant, or None for who may not know that there is one.
    `seed(document)`: the update a document begins with, asked once in its life.
    `watch(state)`: judges the writes to one open document; `state()` is all of it as one update, now.
    `written(documents)`: these documents changed in the database, told within two seconds.
    `catch_up()`: when a process starts: follow whatever was written and not told before a crash.
    """

    open: OpenDocument
    seed: Seed
    watch: Callable[[Callable[[], bytes]], WriteGuard] = field(default=lambda _state: NoWriteGuard())
    written: Callable[[frozenset[UUID]], None] = field(default=lambda _documents: None)
    catch_up: Callable[[], None] = field(default=lambda: None)


_document_backend: list[DocumentBackend] = []


def register_document_backend(keeper: DocumentBackend) -> None:
    """Say who owns the documents. From `AppConfig.ready()`."""
    _document_backend[:] = [keeper]


def get_document_backend() -> DocumentBackend:
    """Raises LookupError while no layer has registered."""
    if not _document_backend:
        raise LookupError("no layer owns live documents")
    return _document_backend[0]

"""What a higher layer says about live documents: who may open one, what it begins with, what may not pass.

This layer knows documents by UUID only. Everything here runs in a worker thread, except `check`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pycrdt import Doc


@dataclass(frozen=True)
class Grant:
    """What one person may do with one document now.

    `identity` is what others see of the person; it replaces whatever their browser says of itself.
    `author` and `organisation` go into the log. `suggests_only`: direct edits are refused.
    """

    author: UUID
    organisation: UUID
    may_write: bool = False
    suggests_only: bool = False
    identity: dict[str, Any] = field(default_factory=dict)


type LiveDoc = Doc[Any]
type Opening = Callable[[int, str, UUID], Grant | None]
type Seed = Callable[[UUID], bytes]
type Check = Callable[[LiveDoc, LiveDoc, Grant], str]


@dataclass(frozen=True)
class Keeper:
    """The layer that owns the documents.

    `open(user_id, session_key, document)`: the grant, or None for who may not know that there is one.
    `seed(document)`: the update a document begins with, asked once in its life.
    `wants_check(update, grant)`: whether `check(before, after, grant)` must look at this write, which
    answers with a word for why it is refused, or "". Both run in the server's loop: they must be quick.
    """

    open: Opening
    seed: Seed
    wants_check: Callable[[bytes, Grant], bool]
    check: Check


_keeper: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Say who owns the documents. From `AppConfig.ready()`."""
    _keeper[:] = [keeper]


def keeper() -> Keeper:
    """Raises LookupError while no layer has registered."""
    if not _keeper:
        raise LookupError("no layer owns live documents")
    return _keeper[0]

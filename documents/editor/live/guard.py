"""What judges the writes to one open text: a copy of its document beside it, read block by block.

Most writes need no judging and cost a search in their bytes: who may write directly, in a text that holds
no suggestion of others and no approved block, can break nothing that `check` guards.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pycrdt import Doc, XmlText

from coalition.realtime.backend import LACKING, Grant, LiveDoc
from coalition.realtime.docs import apply_to
from coalition.realtime.updates import is_whole_in
from documents.editor.live.approved_blocks import APPROVED_BLOCK, approved_blocks, key_of
from documents.editor.live.marks import SUGGESTIONS, UUID_FORM
from documents.editor.live.shape import Json, assembled, fragment_of, read_child
from documents.editor.live.suggestion_guard import Past, check, suggestions_lost

_PREFIX: Final = re.compile(rf"({UUID_FORM}\.{UUID_FORM})\.[0-9a-z]".encode())
MOST_REMEMBERED: Final = 500  # suggestions
MOST_KNOWN: Final = 500  # approved blocks
_APPROVED: Final = APPROVED_BLOCK.encode()


class Watch:
    """See the module's words. `state()` gives the whole document as the room has it now."""

    def __init__(self, state: Callable[[], bytes]) -> None:
        self._state = state
        self._copy: _Copy | None = None
        self._missed: list[bytes] = []
        self._past: Past = {}
        self._known: dict[str, None] = {}  # approved blocks that stand in the text or stood in it
        self._delicate = _is_delicate(state(), b"")

    def refuses(self, update: bytes, grant: Grant) -> str:
        """A word why the write is refused, or "". Raises BadFrame for what is no update."""
        own = f"{grant.author}.{grant.organisation}".encode()
        quick = not grant.suggests_only and not _is_delicate(update, own)
        if quick and not self._holds_others(own):
            self.note(update)
            return ""
        copy, self._copy = self._caught_up(), None  # kept only if the write is taken
        before = copy.marked
        self._know(copy)
        copy.take(update)
        if not copy.has(update):
            return LACKING
        reason = check(
            before,
            copy.marked,
            grant.author,
            grant.organisation,
            grant.suggests_only,
            typed=copy.typed,
            past=self._past,
            known=self._known,
        )
        if not reason:
            self._copy = copy
            self._remember(before, copy.marked)
            self._delicate = self._delicate or _is_delicate(update, b"")
        return reason

    def _remember(self, before: Json, after: Json) -> None:
        """What others suggested and somebody decided on may come back by undo."""
        self._past.update(suggestions_lost(before, after))
        while len(self._past) > MOST_REMEMBERED:
            del self._past[next(iter(self._past))]

    def _know(self, copy: "_Copy") -> None:
        """Approved words that are cut out may be put in again, here or elsewhere in the text."""
        self._known.update(dict.fromkeys(copy.approved))
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def note(self, update: bytes) -> None:
        """An update that is taken without a check."""
        self._delicate = self._delicate or _is_delicate(update, b"")
        if self._copy is not None:
            self._missed.append(update)

    def _holds_others(self, own: bytes) -> bool:
        """Whether the text holds suggestions of others or approved words now."""
        if not self._delicate:
            return False
        self._copy = self._caught_up()
        held = self._copy.held
        self._delicate = bool(held)
        return bool(held - {own.decode()})

    def _caught_up(self) -> "_Copy":
        copy, missed = self._copy, self._missed
        self._missed = []
        if copy is None:
            return _Copy(self._state())
        for update in missed:
            copy.take(update)
        return copy


def _is_delicate(update: bytes, own: bytes) -> bool:
    """Whether the bytes name an approved block, or a suggestion of anyone but `own`."""
    return _APPROVED in update or any(found[1] != own for found in _PREFIX.finditer(update))


class _Block(NamedTuple):
    """One node of the root, and whose suggestions it holds."""

    node: Json
    held: frozenset[str]


class _Copy:
    """A copy of the document with its JSON: a write makes only the blocks that it touched be read again.

    `marked` is the marked text now, `typed` the letters that the last write put into lines. `held` says
    whose suggestions it holds (`person.organisation`), with `approved` among them if it holds such words.
    """

    def __init__(self, state: bytes) -> None:
        self._doc: LiveDoc = Doc()
        self._doc.apply_update(state)
        self._root = fragment_of(self._doc)
        self._blocks: list[_Block | None] = [None] * len(self._root.children)
        self._seen = self._root.observe_deep(self._note)
        self.marked: Json = {}
        self.typed = ""
        self.held: frozenset[str] = frozenset()
        self.approved: set[str] = set()  # keys of the approved blocks, and of those that were there before
        self._read()

    def take(self, update: bytes) -> None:
        """Apply an update. Raises BadFrame."""
        self.typed = ""
        apply_to(self._doc, update)
        self._read()

    def has(self, update: bytes) -> bool:
        """Whether all of the update is in: nothing of it waits for changes that are not here."""
        return is_whole_in(self._doc, update)

    def _note(self, events: list[Any]) -> None:
        # Only what changed is taken here: the Doc cannot be read inside of an observer.
        touched = []
        for event in events:
            path = event.path
            if path:
                touched.append(path[0])
                self.typed += "".join(_letters_in(event))
            else:
                self._splice(event.delta or [])
        for index in touched:
            self._blocks[index] = None

    def _splice(self, delta: list[Json]) -> None:
        at = 0
        for step in delta:
            if "retain" in step:
                at += int(step["retain"])
            elif "delete" in step:
                del self._blocks[at : at + int(step["delete"])]
            else:
                fresh = len(step["insert"])
                self._blocks[at:at] = [None] * fresh
                at += fresh

    def _read(self) -> None:
        """Read what changed. Whoever was given `marked` before keeps it as it was then."""
        with self._doc.transaction():
            for index, block in enumerate(self._blocks):
                if block is None:
                    node = read_child(self._root.children[index])
                    self.approved.update(key_of(one) for one in approved_blocks(node))
                    self._blocks[index] = _Block(node, frozenset(_held_in(node)))
        blocks = [block for block in self._blocks if block is not None]
        self.marked = assembled(block.node for block in blocks)
        self.held = frozenset().union(*{block.held for block in blocks})


def _letters_in(event: Any) -> Iterator[str]:
    for step in event.delta or () if isinstance(event.target, XmlText) else ():
        if isinstance(step.get("insert"), str):
            yield step["insert"]


def _held_in(node: Json) -> Iterator[str]:
    if node["type"] == APPROVED_BLOCK:
        yield "approved"
    for mark in node.get("marks") or ():
        if mark["type"] in SUGGESTIONS:
            identity = str((mark.get("attrs") or {}).get("id", ""))
            yield ".".join(identity.split(".")[:2])
    for child in node.get("content") or ():
        yield from _held_in(child)

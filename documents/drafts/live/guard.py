"""Check writes to one open text on a copy of its document, read block by block.

An update is judged by the resulting document, not by its bytes: the same value can be written in
many ways, and letters can come under a mark that another update left in the line. Two writes skip
the check: typing after letters known to be in a line without marks, and deleting such letters. By a
direct writer, in a text without others' suggestions and approved blocks, they cannot break anything
that `check` guards.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pycrdt import Doc, XmlElement, XmlText

from coalition.realtime.backend import LACKING, Grant, LiveDoc
from coalition.realtime.frames import BadFrame, read_state_vector
from coalition.realtime.updates import UpdateContent
from coalition.realtime.ydocs import apply_update, merged_update
from documents.canonical.form import Json
from documents.drafts.live.approved_blocks import APPROVED_BLOCK, approved_block_key, approved_blocks
from documents.drafts.live.marks import SUGGESTIONS, mark_of
from documents.drafts.live.shape import assemble_text, fragment_of, nodes_of, read_child
from documents.drafts.live.suggestion_guard import IDENTITY, Past, check, ids_in, lost_suggestions

MOST_REMEMBERED: Final = 500  # suggestions
MOST_KNOWN: Final = 500  # approved blocks
MOST_REPLICAS: Final = 500  # whose letters are known
MOST_MISSED: Final = 500  # updates missing in the copy before it is dropped and rebuilt on demand
UNREADABLE: Final = "holds what cannot be read"


class WriteGuard:
    """Write guard of one text; see the module.
    `state()` returns the whole document as the room has it now."""

    def __init__(self, state: Callable[[], bytes]) -> None:
        self._state = state
        self._copy: _Copy | None = None
        self._missed: list[bytes] = []
        self._past: Past = {}
        self._known: dict[str, None] = {}  # approved blocks that are or were in the text
        self._delicate = True  # whether the text may hold suggestions or approved words: not checked yet
        self._letters = _Letters()

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        """Return a code for why the write is refused, or "".
        Raises BadFrame if it cannot be applied, or if the result cannot be read completely."""
        own = f"{grant.author}.{grant.organisation}"
        types = not grant.suggests_only and change.letters_only and len(change.structs) <= 1
        if types and not self._holds_others(own) and self._takes_typing(update, change, own):
            return ""
        copy, self._copy = self._caught_up(), None  # kept only if the write is accepted
        before = copy.marked
        self._know(copy)
        copy.take(update)
        if not copy.has(change):
            return LACKING
        after = copy.marked
        if copy.left_out:
            raise BadFrame(UNREADABLE)
        named = _named_in(change)
        others = {one for one in named if not one.startswith(f"{own}.")} - self._past.keys()
        if others and not others <= set(ids_in(before)):
            return IDENTITY  # also if it marks nothing yet: at the end of a line it marks later text
        reason = check(
            before,
            after,
            grant.author,
            grant.organisation,
            grant.suggests_only,
            typed=copy.typed,
            past=self._past,
            known=self._known,
            named=named,
        )
        if not reason:
            self._copy = copy
            self._remember(before, after)
            self._delicate = bool(copy.held)
            self._letters.drop_replicas_of(change)
        return reason

    def _takes_typing(self, update: bytes, change: UpdateContent, own: str) -> bool:
        """Whether a direct writer's letters are accepted unchecked, where nobody else suggests
        anything.

        If not, they need the full check. Letters among nodes would hide from the server what
        browsers display after them; letters in a line may come under a mark of which nothing else
        is left.
        """
        if self._letters.are_continued(change):
            self._letters.add(change)
            self._miss(update)
            return True
        copy, self._copy = self._caught_up(), None
        copy.take(update)
        held = copy.read_blocks()
        if copy.left_out or held - {own} or not copy.has(change):
            return False
        self._letters.drop_replicas_of(change)
        if len(copy.typed.encode("utf-16-le")) == 2 * change.letters and not held:
            self._letters.add(change)
        self._copy = copy
        return True

    def _remember(self, before: Json, after: Json) -> None:
        """Record others' suggestions that were decided: undo may restore them."""
        self._past.update(lost_suggestions(before, after))
        while len(self._past) > MOST_REMEMBERED:
            del self._past[next(iter(self._past))]

    def _know(self, copy: "_Copy") -> None:
        """Record approved words: after being cut they may be pasted here or elsewhere."""
        self._known.update(dict.fromkeys(copy.approved))
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def note(self, update: bytes, change: UpdateContent) -> None:
        """Record an update that is accepted without a check."""
        self._delicate = self._delicate or not change.letters_only
        self._letters.drop_replicas_of(change)
        self._miss(update)

    def _miss(self, update: bytes) -> None:
        if self._copy is not None:
            self._missed.append(update)
            if len(self._missed) > MOST_MISSED:
                self._copy, self._missed = None, []

    def _holds_others(self, own: str) -> bool:
        """Whether the text now holds suggestions of others or approved words.
        `own`: the writer's `person.organisation`."""
        if not self._delicate:
            return False
        copy = self._caught_up()
        self._delicate = bool(copy.held)
        self._copy = copy if self._delicate else None
        return bool(copy.held - {own})

    def _caught_up(self) -> "_Copy":
        copy, missed = self._copy, self._missed
        self._missed = []
        if copy is None:
            return _Copy(self._state())
        if missed:
            copy.take(merged_update(missed))
        return copy


def _named_in(change: UpdateContent) -> set[str]:
    """Return the ids of suggestions whose marks the change adds to lines."""
    marks = [mark_of(name, value) for name, value in change.formats if isinstance(value, dict)]
    return {str(mark.get("attrs", {}).get("id", "")) for mark in marks if mark["type"] in SUGGESTIONS}


class _Letters:
    """Newest changes per replica that are known to be letters in a line, as (first, end).

    Content after one of them is in that line, too.
    """

    def __init__(self) -> None:
        self._runs: dict[int, tuple[int, int]] = {}

    def are_continued(self, change: UpdateContent) -> bool:
        """Whether the change, of one replica, only adds letters after such letters or deletes such."""
        for replica, first, end in change.deleted:
            known = self._runs.get(replica, (0, 0))
            if first < known[0] or end > known[1]:
                return False
        if not change.structs:
            return True
        replica, first, end = change.structs[0]
        if self._runs.get(replica, (0, 0))[1] != first or end - first != change.letters:
            return False
        return all(anchor and self._holds(anchor, change.structs[0]) for anchor in change.anchors)

    def add(self, change: UpdateContent) -> None:
        """Add the letters of a change, which is known to hold nothing else of one replica."""
        if len(change.structs) == 1 and change.structs[0][2] - change.structs[0][1] == change.letters:
            replica, first, end = change.structs[0]
            known = self._runs.pop(replica, None)
            self._runs[replica] = (known[0] if known and known[1] == first else first, end)
            if len(self._runs) > MOST_REPLICAS:
                del self._runs[next(iter(self._runs))]

    def drop_replicas_of(self, change: UpdateContent) -> None:
        """Drop the change's replicas: they wrote something else; a format may follow any letter."""
        if not change.letters_only or change.deleted:
            self._runs.clear()
        for replica, _first, _end in change.structs:
            self._runs.pop(replica, None)

    def _holds(self, anchor: tuple[int, int], fresh: tuple[int, int, int]) -> bool:
        replica, clock = anchor
        if replica == fresh[0] and clock >= fresh[1]:
            return True  # letters of the change itself: an update never refers to later content
        first, end = self._runs.get(replica, (0, 0))
        return first <= clock < end


class _Block(NamedTuple):
    """One node of the root, and the authors of suggestions in it."""

    node: Json
    held: frozenset[str]


class _Copy:
    """A copy of the document with its JSON; after a write only the blocks it touched are read
    again.

    `typed`: letters that the last write put into lines; `left_out`: unreadable content in the
    blocks read since.
    """

    def __init__(self, state: bytes) -> None:
        self._doc: LiveDoc = Doc()
        self._doc.apply_update(state)
        self._root = fragment_of(self._doc)
        nodes = len(list(self._root.children))
        self._has_strays = nodes != len(self._root.children)  # letters or values among the blocks
        self._blocks: list[_Block | None] = [None] * nodes
        self._seen = self._root.observe_deep(self._note)
        self._is_read = False
        self._marked: Json = {}
        self._held: frozenset[str] = frozenset()
        self._approved: set[str] = set()
        self.typed = ""
        self.left_out: list[str] = []

    @property
    def marked(self) -> Json:
        """The marked text now. Values returned earlier do not change."""
        self.read()
        return self._marked

    @property
    def held(self) -> frozenset[str]:
        """Authors of suggestions in the text (`person.organisation`), plus `approved` if it holds
        such words."""
        self.read()
        return self._held

    @property
    def approved(self) -> set[str]:
        """Keys of the present and former approved blocks."""
        self.read()
        return self._approved

    def take(self, update: bytes) -> None:
        """Apply an update. Raises BadFrame."""
        self.typed, self.left_out = "", []
        apply_update(self._doc, update)
        self._is_read = False

    def has(self, change: UpdateContent) -> bool:
        """Whether the whole change is applied: no part waits for missing changes."""
        return change.is_contained(read_state_vector(self._doc.get_state()))

    def _note(self, events: list[Any]) -> None:
        # Only record what changed: the Doc cannot be read inside an observer.
        touched = []
        for event in events:
            path = event.path
            if path:
                touched.append(path[0])
                self.typed += "".join(_letters_in(event))
            else:
                self._splice(event.delta or [])
        for index in touched:
            if index < len(self._blocks):
                self._blocks[index] = None

    def _splice(self, delta: list[Json]) -> None:
        at = 0
        for step in delta:
            if "retain" in step:
                at += int(step["retain"])
            elif "delete" in step:
                del self._blocks[at : at + int(step["delete"])]
            else:
                fresh = step["insert"]
                self._has_strays |= not all(isinstance(one, XmlElement | XmlText) for one in fresh)
                self._blocks[at:at] = [None] * len(fresh)
                at += len(fresh)

    def read(self) -> None:
        """Read what changed since the last read."""
        if self._is_read:
            return
        self.read_blocks()
        blocks = [block for block in self._blocks if block is not None]
        self._marked = assemble_text(block.node for block in blocks)
        self._held = frozenset().union(*{block.held for block in blocks})
        self._is_read = True

    def read_blocks(self) -> frozenset[str]:
        """Read the blocks that changed. Return the authors of suggestions in them, as `held`."""
        found: set[str] = set()
        with self._doc.transaction():
            if self._has_strays or len(self._root.children) != len(self._blocks):  # positions do not count
                self._blocks = [self._block(child) for child in nodes_of(self._root, self.left_out)]
            for index, block in enumerate(self._blocks):
                if block is None:
                    fresh = self._blocks[index] = self._block(self._root.children[index])
                    found |= fresh.held
        return frozenset(found)

    def _block(self, child: Any) -> _Block:
        node = read_child(child, left_out=self.left_out)
        self._approved.update(approved_block_key(one) for one in approved_blocks(node))
        return _Block(node, frozenset(_held_in(node)))


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

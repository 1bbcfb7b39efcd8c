"""Guards of live texts: what a person may change or suggest.

Runs in the server's loop on every write that needs it: only the blocks that changed are read.

An update is judged by the resulting document, not by its bytes: the same value can be written in many ways,
and letters can come under a mark that another update left in the line. Two writes skip the check: typing
after letters known to be in a line without marks, and deleting such letters. By a direct writer, in a text
without others' suggestions and approved blocks, they cannot break anything that `check` guards.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pycrdt import Doc, XmlElement, XmlText

from coalition.realtime.backend import LACKING, SUGGEST_ONLY, Grant, LiveDoc
from coalition.realtime.frames import BadFrame, read_state_vector
from coalition.realtime.store import apply_update, merged_update
from coalition.realtime.updates import UpdateContent
from documents.canonical.compare import common_ends
from documents.canonical.form import Json
from documents.drafts.live.projection import APPROVED_BLOCK, approved_block_key, approved_blocks
from documents.drafts.live.resolve import (
    ANCHOR,
    COMMENT,
    DELETION,
    INLINE,
    INSERTION,
    MODIFICATION,
    SUGGESTION_ID,
    UUID_FORM,
    has_suggestions,
    mark_of,
    resolve,
    suggestion_marks,
    walk,
    without_comments,
)
from documents.drafts.live.suggestions import assemble_text, fragment_of, nodes_of, read_child

type Signature = list[tuple[str, str]]
type Past = dict[str, Signature]

# Codes for the page of why a write was refused; it displays them in the person's language.
IDENTITY: Final = "another-name"
APPROVED: Final = "approved-words"

INSIDE: Final = "inside"  # in a signature: words within a block that is inserted whole
THREAD: Final = re.compile(UUID_FORM)


def check(
    before: Json,
    after: Json,
    grant: Grant,
    *,
    typed: str,
    past: Past,
    known: Container[str],
    named: Container[str],
) -> str:
    """Return a code for why the writer with this grant may not change `before` to `after`, or "".

    Who only suggests: with all suggestions rejected the text must stay the same, and others' suggestions too.
    Marks of comments may be added, since suggesting includes commenting; none may be removed or moved. For
    everyone: new suggestions carry exactly this person and organisation; others' suggestions may be accepted
    or rejected, never extended; words inside an approved block stay the same, and only the server creates
    such a block (`insert_approved_block`).

    `typed`: letters that the write put into lines. They may end up inside another's suggested deletion if
    both wrote at once, which is allowed. `past`: former suggestions of others; undoing their acceptance
    restores them. `named`: suggestions whose marks the write itself adds to lines. `known`: keys of approved
    blocks that are elsewhere in the text or were in it; they may return.
    """
    was, now = _changed(before["content"], after["content"])
    if not was and not now:
        return ""
    own = f"{grant.author}.{grant.organisation}."
    there, here = _Marks(was, own), _Marks(now, own)
    for identity in here.by_id.keys() | there.by_id.keys():
        if not (identity.startswith(own) and SUGGESTION_ID.fullmatch(identity)):
            former = past.get(identity, [])
            if identity not in there.by_id and identity not in past:
                return IDENTITY  # also for a border alone, without marked letters
            borders = here.anchors[identity] - (
                there.anchors[identity] | Counter(mark for kind, mark in former if kind == ANCHOR)
            )
            if borders - Counter({} if identity in named else {DELETION: typed.count(ANCHOR)}):
                return IDENTITY
            reason = _refuse_change(
                there.by_id.get(identity, []),
                here.by_id.get(identity, []),
                may_decide=not grant.suggests_only or identity.startswith(f"{grant.author}."),
                typed=typed,
                former=former,
            )
            if reason:
                return reason
    if any(one not in there.approved and one not in known for one in here.approved):
        return APPROVED
    return SUGGEST_ONLY if grant.suggests_only and not _keeps_words(was, now) else ""


def lost_suggestions(before: Json, after: Json) -> Past:
    """Return the former state of suggestions from which the change removed something; last the
    anchors they marked, as (anchor, mark)."""
    was, now = _changed(before["content"], after["content"])
    there, here = _Marks(was), _Marks(now)
    return {
        name: [*some, *((ANCHOR, mark) for mark in there.anchors[name].elements())]
        for name, some in there.by_id.items()
        if name not in here.by_id
        or not _is_part(some, here.by_id[name])
        or there.anchors[name] - here.anchors[name]
    }


def ids_in(node: Json) -> Iterator[str]:
    """Yield the ids of the suggestions in a node, once per mark."""
    return (identity for one in walk(node) for _mark, identity, _attrs in suggestion_marks(one))


def _refuse_change(was: Signature, now: Signature, *, may_decide: bool, typed: str, former: Signature) -> str:
    """Return a code for why another author's suggestion may not change like this, or "".

    `may_decide`: the writer may accept or reject it; `former`: its state before it was decided.
    """
    if was == now:
        return ""
    if not may_decide:
        return SUGGEST_ONLY if was and _is_part(now, was) else IDENTITY
    was, now = _of_itself(was), _of_itself(now)
    if _is_part(now, was) or (former and _is_part(now, _of_itself(former))):
        return ""
    grown: Counter[str] = Counter()  # by which letters a suggested deletion grew; nothing else may grow
    for (mark, letter), more in (Counter(now) - Counter(was)).items():
        grown[letter if mark == DELETION else f"{mark}: {letter}"] += more
    return "" if was and not grown - Counter(typed) else IDENTITY


def _of_itself(signature: Signature) -> Signature:
    """Return the signature without the inside of its blocks: direct writers may write there too."""
    return [one for one in signature if one[0] != INSIDE]


@dataclass
class _Marks:
    """Suggestions in some blocks, by id: (mark, words or node) in sequence; approved blocks."""

    nodes: list[Json]
    own: str = ""  # prefix of the writer's ids
    by_id: dict[str, Signature] = field(default_factory=lambda: defaultdict(list))
    approved: set[str] = field(default_factory=set)
    anchors: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # by id and mark

    def __post_init__(self) -> None:
        for node in self.nodes:
            self._walk(node, ())

    def _walk(self, node: Json, inside: tuple[str, ...]) -> None:
        """Walk the node. `inside`: the suggestions that contain a block around the node."""
        if node["type"] == APPROVED_BLOCK:
            self.approved.add(approved_block_key(node))
        marks = list(suggestion_marks(node))
        inserted = [identity for mark, identity, attrs in marks if mark == INSERTION and attrs]
        is_own = bool(self.own) and any(identity.startswith(self.own) for identity in inserted)
        letters = _letters(node)
        for mark, identity, attrs in marks:
            signature, detail = self.by_id[identity], json.dumps(attrs, sort_keys=True)
            if node["type"] != "text":
                signature.append((mark, f"{node['type']} {detail}"))
                continue
            self.anchors[identity][mark] += node["text"].count(ANCHOR)
            if not (mark == DELETION and is_own):  # the writer's insertion there is the writer's
                # a modification to another value has another key
                key = f"{mark} {detail}" if mark == MODIFICATION else mark
                signature.extend((key, letter) for letter in letters)
        if letters and not inserted:  # others' insertions there are theirs
            for identity in inside:
                self.by_id[identity].extend((INSIDE, letter) for letter in letters)
        for child in node.get("content") or ():
            self._walk(child, (*inside, *inserted))


def _letters(node: Json) -> list[str]:
    """Return the content of a line: letters, and inline objects."""
    if node["type"] == "text":
        return [letter for letter in node["text"] if letter != ANCHOR]
    if node["type"] in INLINE:
        return [json.dumps([node["type"], node.get("attrs")], sort_keys=True)]
    return []


def _is_part(some: Signature, whole: Signature) -> bool:
    """Whether `some` is `whole` with some items removed."""
    left = iter(whole)
    return all(one in left for one in some)


def _changed(before: list[Json], after: list[Json]) -> tuple[list[Json], list[Json]]:
    """Return the blocks between the common prefix and suffix, extended by the blocks into which a
    suggestion continues."""
    start, end = common_ends(before, after)
    if start == len(before) == len(after):
        return [], []
    while start and has_suggestions(before[start - 1]):
        start -= 1
    while end and has_suggestions(before[len(before) - end]):
        end -= 1
    return before[start : len(before) - end], after[start : len(after) - end]


def _keeps_words(was: list[Json], now: list[Json]) -> bool:
    """Whether both say the same without suggestions, and every former comment is still at its words."""
    before, after = _without_suggestions(was), _without_suggestions(now)
    if without_comments(before) != without_comments(after):
        return False
    there, here = _commented(before), _commented(after)
    return all(here.get(identity) == words for identity, words in there.items()) and all(
        THREAD.fullmatch(identity) for identity in here.keys() - there.keys()
    )


def _commented(node: Json) -> dict[str, Signature]:
    """Return the letters and objects marked by each comment, by the thread's id."""
    found: dict[str, Signature] = defaultdict(list)
    for one in walk(node):
        for mark in one.get("marks") or ():
            if mark["type"] == COMMENT:
                identity = str((mark.get("attrs") or {}).get("id", ""))
                found[identity].extend((one["type"], letter) for letter in one.get("text", " "))
    return found


def _without_suggestions(blocks: list[Json]) -> Json:
    """Return some blocks with suggestions rejected, and without anchors, which are not words.
    A document without a block gets an empty one, since the blocks given may be the title alone."""
    return _without_anchors(
        resolve({"type": "doc", "content": [*blocks, {"type": "paragraph"}]}, accept=False)
    )


def _without_anchors(node: Json) -> Json:
    made = {**node}
    if "text" in made:
        made["text"] = made["text"].replace(ANCHOR, "")
    if "content" in made:
        content = [_without_anchors(child) for child in made["content"]]
        made["content"] = [child for child in content if child["type"] != "text" or child["text"]]
        if not made["content"]:
            del made["content"]
    return made


MOST_REMEMBERED: Final = 500  # suggestions
MOST_KNOWN: Final = 500  # approved blocks
MOST_REPLICAS: Final = 500  # whose letters are known
MOST_MISSED: Final = 500  # updates missing in the copy before it is dropped and rebuilt on demand
UNREADABLE: Final = "holds what cannot be read"


class WriteGuard:
    """Write guard of one text; see the module. `state()` returns the document as the room has it now."""

    def __init__(self, state: Callable[[], bytes]) -> None:
        self._state = state
        self._copy: _Copy | None = None
        self._missed: list[bytes] = []
        self._past: Past = {}
        self._known: dict[str, None] = {}  # approved blocks that are or were in the text
        self._may_hold_others = True  # suggestions of others, or approved words: not checked yet
        self._letters = _Letters()

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        """Return a code for why the write is refused, or "".
        Raises BadFrame if it cannot be applied, or if the result cannot be read completely."""
        own = f"{grant.author}.{grant.organisation}"
        types = not grant.suggests_only and change.letters_only and len(change.structs) <= 1
        if types and not self._holds_others(own) and self._accepts_typing(update, change, own):
            return ""
        copy, self._copy = self._current_copy(), None  # stored again only if the write is accepted
        before = copy.marked
        # Record approved words: after being cut they may be pasted here or elsewhere.
        _remember(self._known, dict.fromkeys(copy.approved), MOST_KNOWN)
        copy.apply(update)
        if not copy.has(change):
            return LACKING
        after = copy.marked
        if copy.left_out:
            raise BadFrame(UNREADABLE)
        # The ids of suggestions whose marks the change adds to lines.
        marks = [mark_of(name, value) for name, value in change.formats if isinstance(value, dict)]
        named = set(ids_in({"marks": marks}))
        others = {one for one in named if not one.startswith(f"{own}.")} - self._past.keys()
        if others and not others <= set(ids_in(before)):
            return IDENTITY  # also if it marks nothing yet: at the end of a line it marks later text
        reason = check(
            before, after, grant, typed=copy.typed, past=self._past, known=self._known, named=named
        )
        if not reason:
            self._copy = copy
            # Record others' suggestions that were decided: undo may restore them.
            _remember(self._past, lost_suggestions(before, after), MOST_REMEMBERED)
            self._may_hold_others = bool(copy.owners)
            self._letters.drop_replicas_of(change)
        return reason

    def _accepts_typing(self, update: bytes, change: UpdateContent, own: str) -> bool:
        """Whether a direct writer's letters are accepted unchecked, where nobody else suggests anything.

        If not, they need the full check. Letters among nodes would hide from the server what browsers display
        after them; letters in a line may come under a mark of which nothing else is left.
        """
        if self._letters.are_continued(change):
            self._letters.add(change)
            self._miss(update)
            return True
        copy, self._copy = self._current_copy(), None
        copy.apply(update)
        owners = copy.read_blocks()
        if copy.left_out or owners - {own} or not copy.has(change):
            return False
        self._letters.drop_replicas_of(change)
        if len(copy.typed.encode("utf-16-le")) == 2 * change.letters and not owners:
            self._letters.add(change)
        self._copy = copy
        return True

    def note(self, update: bytes, change: UpdateContent) -> None:
        """Record an update that is accepted without a check."""
        self._may_hold_others = self._may_hold_others or not change.letters_only
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
        if not self._may_hold_others:
            return False
        copy = self._current_copy()
        self._may_hold_others = bool(copy.owners)
        self._copy = copy if self._may_hold_others else None
        return bool(copy.owners - {own})

    def _current_copy(self) -> "_Copy":
        copy, missed = self._copy, self._missed
        self._missed = []
        if copy is None:
            return _Copy(self._state())
        if missed:
            copy.apply(merged_update(missed))
        return copy


def _remember[T](known: dict[str, T], more: Mapping[str, T], most: int) -> None:
    """Add entries, and drop the oldest above the limit."""
    known.update(more)
    while len(known) > most:
        del known[next(iter(known))]


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

    def _holds(self, anchor: tuple[int, int], run: tuple[int, int, int]) -> bool:
        replica, clock = anchor
        if replica == run[0] and clock >= run[1]:
            return True  # letters of the change itself: an update never refers to later content
        first, end = self._runs.get(replica, (0, 0))
        return first <= clock < end


class _Block(NamedTuple):
    """One node of the root, and the authors of suggestions in it (`owners` of `_Copy`)."""

    node: Json
    owners: frozenset[str]


class _Copy:
    """A copy of the document with its JSON; after a write only the blocks it touched are read again.

    `typed`: letters that the last write put into lines; `left_out`: unreadable content in the blocks read
    since.
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
        self._owners: frozenset[str] = frozenset()
        self._approved: set[str] = set()
        self.typed = ""
        self.left_out: list[str] = []

    @property
    def marked(self) -> Json:
        """The marked text now. Values returned earlier do not change."""
        self.read()
        return self._marked

    @property
    def owners(self) -> frozenset[str]:
        """Authors of suggestions in the text (`person.organisation`), plus `approved` if it holds
        such words."""
        self.read()
        return self._owners

    @property
    def approved(self) -> set[str]:
        """Keys of the present and former approved blocks."""
        self.read()
        return self._approved

    def apply(self, update: bytes) -> None:
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
                steps = event.delta or () if isinstance(event.target, XmlText) else ()
                self.typed += "".join(step["insert"] for step in steps if isinstance(step.get("insert"), str))
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
                inserted = step["insert"]
                self._has_strays |= not all(isinstance(one, XmlElement | XmlText) for one in inserted)
                self._blocks[at:at] = [None] * len(inserted)
                at += len(inserted)

    def read(self) -> None:
        """Read what changed since the last read."""
        if self._is_read:
            return
        self.read_blocks()
        blocks = [block for block in self._blocks if block is not None]
        self._marked = assemble_text(block.node for block in blocks)
        self._owners = frozenset().union(*{block.owners for block in blocks})
        self._is_read = True

    def read_blocks(self) -> frozenset[str]:
        """Read the blocks that changed. Return the authors of suggestions in them, as `owners`."""
        found: set[str] = set()
        with self._doc.transaction():
            if self._has_strays or len(self._root.children) != len(self._blocks):  # positions do not count
                self._blocks = [self._block(child) for child in nodes_of(self._root, self.left_out)]
            for index, block in enumerate(self._blocks):
                if block is None:
                    current = self._blocks[index] = self._block(self._root.children[index])
                    found |= current.owners
        return frozenset(found)

    def _block(self, child: Any) -> _Block:
        node = read_child(child, left_out=self.left_out)
        approved = {approved_block_key(one) for one in approved_blocks(node)}
        self._approved |= approved
        owners = {".".join(identity.split(".")[:2]) for identity in ids_in(node)}
        return _Block(node, frozenset(owners | ({"approved"} if approved else set())))

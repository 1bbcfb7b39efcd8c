"""Check a change of a live text. With the right to suggest only, the words must not change; nobody
suggests in another's name; nobody changes approved words inside their block.

Runs in the server's loop on every write that needs it: only the blocks that changed are read.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from coalition.realtime.backend import SUGGEST_ONLY
from documents.canonical.form import Json
from documents.drafts.live.approved_blocks import approved_block_key
from documents.drafts.live.marks import (
    COMMENT,
    DELETION,
    INSERTION,
    MODIFICATION,
    SUGGESTION_ID,
    SUGGESTIONS,
    UUID_FORM,
)
from documents.drafts.live.resolve import ANCHOR, INLINE, has_suggestions, resolve, without_comments

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
    person: UUID,
    organisation: UUID,
    suggests_only: bool,
    *,
    typed: str = "",
    past: Past | None = None,
    known: Container[str] = (),
    named: Container[str] = (),
) -> str:
    """Return a code for why the change from `before` to `after` is refused, or "".

    `suggests_only`: with all suggestions rejected the text must stay the same, and others'
    suggestions too. Marks of comments may be added, since suggesting includes commenting; none may
    be removed or moved. For everyone: new suggestions carry exactly this person and organisation;
    others' suggestions may be accepted or rejected, never extended; words inside an approved block
    stay the same, and only the server creates such a block (`domain.insert_approved_block`).

    `typed`: letters that the write put into lines. They may end up inside another's suggested
    deletion if both wrote at once, which is allowed.
    `past`: former suggestions of others; undoing their acceptance restores them.
    `named`: suggestions whose marks the write itself adds to lines.
    `known`: keys of approved blocks that are elsewhere in the text or were in it; they may return.
    """
    was, now = _changed(before["content"], after["content"])
    if not was and not now:
        return ""
    own = f"{person}.{organisation}."
    there, here = _Marks(was, own), _Marks(now, own)
    for identity in here.by_id.keys() | there.by_id.keys():
        if not (identity.startswith(own) and SUGGESTION_ID.fullmatch(identity)):
            if identity not in there.by_id and identity not in (past or {}):
                return IDENTITY  # also for a border alone, without marked letters
            before_it = Counter(mark for kind, mark in (past or {}).get(identity, ()) if kind == ANCHOR)
            borders = here.anchors[identity] - (there.anchors[identity] | before_it)
            if borders - Counter({} if identity in named else {DELETION: typed.count(ANCHOR)}):
                return IDENTITY
            change = _Change(there.by_id.get(identity, []), here.by_id.get(identity, []))
            only = suggests_only and not identity.startswith(f"{person}.")
            reason = change.fault(only=only, typed=typed, past=past.get(identity) if past else None)
            if reason:
                return reason
    if any(one not in there.approved and one not in known for one in here.approved):
        return APPROVED
    if suggests_only and not _stands(_standing(was), _standing(now)):
        return SUGGEST_ONLY
    return ""


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
    for one in _every(node):
        for mark in one.get("marks") or ():
            if mark["type"] in SUGGESTIONS:
                yield str((mark.get("attrs") or {}).get("id", ""))


@dataclass(frozen=True)
class _Change:
    """The change of one suggestion of another author."""

    was: Signature
    now: Signature

    def fault(self, *, only: bool, typed: str, past: Signature | None) -> str:
        """Return why it is refused. `only`: the writer may not change it at all."""
        if self.was == self.now:
            return ""
        if only:
            return SUGGEST_ONLY if self.was and _is_part(self.now, self.was) else IDENTITY
        was, now = _of_itself(self.was), _of_itself(self.now)
        if _is_part(now, was) or (past and _is_part(now, _of_itself(past))):
            return ""
        return "" if was and not _grown(was, now) - Counter(typed) else IDENTITY


def _grown(was: Signature, now: Signature) -> Counter[str]:
    """Return the letters by which a suggested deletion grew; other additions do not count."""
    found: Counter[str] = Counter()
    for (mark, letter), more in (Counter(now) - Counter(was)).items():
        found[letter if mark == DELETION else f"{mark}: {letter}"] += more
    return found


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
        if node["type"] == "approvedBlock":
            self.approved.add(approved_block_key(node))
        marks = [mark for mark in node.get("marks") or () if mark["type"] in SUGGESTIONS]
        inserted = [
            str((mark.get("attrs") or {}).get("id", "")) for mark in marks if mark["type"] == INSERTION
        ]
        mine = bool(self.own) and any(identity.startswith(self.own) for identity in inserted)
        letters = _letters(node)
        for mark in marks:
            attrs = mark.get("attrs") or {}
            signature = self.by_id[str(attrs.get("id", ""))]
            if node["type"] == "text":
                self.anchors[str(attrs.get("id", ""))][mark["type"]] += node["text"].count(ANCHOR)
                if not (mark["type"] == DELETION and mine):  # the writer's insertion there is the writer's
                    signature.extend((_said(mark), letter) for letter in letters)
            else:
                detail = json.dumps(attrs, sort_keys=True)
                signature.append((mark["type"], f"{node['type']} {detail}"))
        inserted = [
            str(mark["attrs"].get("id", ""))
            for mark in marks
            if mark["type"] == INSERTION and "attrs" in mark
        ]
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


def _said(mark: Json) -> str:
    """Return the key of a mark on letters; a modification to another value has another key."""
    if mark["type"] == MODIFICATION:
        return f"{MODIFICATION} {json.dumps(mark.get('attrs'), sort_keys=True)}"
    return str(mark["type"])


def _every(node: Json) -> Iterator[Json]:
    yield node
    for child in node.get("content") or ():
        yield from _every(child)


def _is_part(some: Signature, whole: Signature) -> bool:
    """Whether `some` is `whole` with some items removed."""
    left = iter(whole)
    return all(one in left for one in some)


def _changed(before: list[Json], after: list[Json]) -> tuple[list[Json], list[Json]]:
    """Return the blocks between the common prefix and suffix, extended by the blocks into which a
    suggestion continues."""
    shortest, start, end = min(len(before), len(after)), 0, 0
    while start < shortest and before[start] == after[start]:
        start += 1
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if start == len(before) == len(after):
        return [], []
    while start and has_suggestions(before[start - 1]):
        start -= 1
    while end and has_suggestions(before[len(before) - end]):
        end -= 1
    return before[start : len(before) - end], after[start : len(after) - end]


def _stands(was: Json, now: Json) -> bool:
    """Whether both have the same words, and every former comment is still at its words."""
    if without_comments(was) != without_comments(now):
        return False
    there, here = _commented(was), _commented(now)
    return all(here.get(identity) == words for identity, words in there.items()) and all(
        THREAD.fullmatch(identity) for identity in here.keys() - there.keys()
    )


def _commented(node: Json) -> dict[str, Signature]:
    """Return the letters and objects marked by each comment, by the thread's id."""
    found: dict[str, Signature] = defaultdict(list)
    for one in _every(node):
        for mark in one.get("marks") or ():
            if mark["type"] == COMMENT:
                identity = str((mark.get("attrs") or {}).get("id", ""))
                found[identity].extend((one["type"], letter) for letter in one.get("text", " "))
    return found


def _standing(blocks: list[Json]) -> Json:
    """Return some blocks with suggestions rejected.
    A document without a block gets an empty one, since the blocks given may be the title alone."""
    return _bare(resolve({"type": "doc", "content": [*blocks, {"type": "paragraph"}]}, accept=False))


def _bare(node: Json) -> Json:
    """Return the node without anchors, which are not words."""
    made = {**node}
    if "text" in made:
        made["text"] = made["text"].replace(ANCHOR, "")
    if "content" in made:
        content = [_bare(child) for child in made["content"]]
        made["content"] = [child for child in content if child["type"] != "text" or child["text"]]
        if not made["content"]:
            del made["content"]
    return made

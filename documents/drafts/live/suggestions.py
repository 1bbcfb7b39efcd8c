"""The list of open suggestions beside a text: one entry for each id, in the order of the text."""

import datetime
import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from documents.drafts.live.marks import DELETION, INSERTION, SUGGESTIONS, origin_of
from documents.drafts.live.resolve import ANCHOR, INLINE, TEXTBLOCKS, resolve, without_comments

type Json = dict[str, Any]
type Kind = Literal["insert", "delete", "replace", "format", "paragraph"]


@dataclass(frozen=True)
class Suggestion:
    """One open suggestion. `person`, `organisation` and `at` are None for an id that names nobody.

    `before`: its words as they stand (deleted ones; for a change of form, the words concerned). `after`:
    its words once accepted. `paragraph`: only the border of paragraphs changes. `block`: the place of the
    first mark among the root's nodes, where 0 is the title and 1 the lead.
    """

    id: str
    person: UUID | None
    organisation: UUID | None
    at: datetime.datetime | None
    kind: Kind
    before: str
    after: str
    block: int


@dataclass
class _Gathered:
    block: int
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)


def listed(marked: Json) -> list[Suggestion]:
    """All open suggestions in text order."""
    found: dict[str, _Gathered] = {}
    for block, node in enumerate(marked.get("content") or []):
        last: dict[tuple[str, str], Json] = {}
        for identity, mark, words, line in _marked(node, node):
            gathered = found.setdefault(identity, _Gathered(block))
            parts = {INSERTION: gathered.inserted, DELETION: gathered.deleted}.get(mark, gathered.modified)
            before = last.get((identity, mark))
            if parts and before is not line:
                parts.append("\n")
            parts.append(words)
            last[identity, mark] = line
    return [_suggestion(identity, gathered) for identity, gathered in found.items()]


def _suggestion(identity: str, gathered: _Gathered) -> Suggestion:
    origin = origin_of(identity)
    deleted, inserted = _words(gathered.deleted), _words(gathered.inserted)
    kind: Kind
    if gathered.modified and not gathered.deleted and not gathered.inserted:
        kind, deleted = "format", _words(gathered.modified)
        inserted = deleted
    elif not deleted and not inserted:
        kind = "paragraph"
    elif deleted and deleted == inserted:
        kind = "format"
    elif deleted and inserted:
        kind = "replace"
    else:
        kind = "insert" if inserted else "delete"
    return Suggestion(
        id=identity,
        person=origin.person if origin else None,
        organisation=origin.organisation if origin else None,
        at=origin.at if origin else None,
        kind=kind,
        before=deleted,
        after=inserted,
        block=gathered.block,
    )


def _words(parts: list[str]) -> str:
    return "".join(parts).replace(ANCHOR, "").strip("\n")


def _marked(node: Json, line: Json) -> Iterator[tuple[str, str, str, Json]]:
    """(id, mark, words, the line they stand in) of everything marked in the node, in text order."""
    marks = [
        (str((mark.get("attrs") or {}).get("id", "")), mark["type"])
        for mark in node.get("marks") or []
        if mark["type"] in SUGGESTIONS
    ]
    for identity, mark in dict.fromkeys(marks):  # several attributes of one node are one thing to read
        yield identity, mark, _words_in(node), line
    for child in node.get("content") or []:
        yield from _marked(child, line if child["type"] == "text" else child)


def _words_in(node: Json) -> str:
    """Words that a person sees in a node; what stands whole shows its own words."""
    attrs = node.get("attrs") or {}
    match node["type"]:
        case "text":
            return str(node.get("text", ""))
        case "fact":
            return str(attrs.get("words", ""))
        case "gap":
            return str(attrs.get("value") or f"[{attrs.get('name', '')}]")
        case "footnote":
            return f"[{attrs.get('text', '')}]"
        case "picture":
            return f"[{attrs.get('alt') or attrs.get('caption') or ''}]"
    lines = [_words_in(child) for child in node.get("content") or []]
    return ("" if _holds_a_line(node) else "\n").join(lines)


def _holds_a_line(node: Json) -> bool:
    return node["type"] in TEXTBLOCKS or any(child["type"] in INLINE for child in node.get("content") or [])


# --- suggestions ---
# Suggestions in a marked text: the words without them, the words with them, and a list of them.
#
# Pure functions on the editor's JSON. What may change in a live document, and by whom, is `check`.


def rejected(marked: Json) -> Json:
    """The text as it stands: no open suggestion is taken into it. Comments stay."""
    return resolve(marked, accept=False)


def accepted(marked: Json) -> Json:
    """The text as it would be with every suggestion taken in. Comments stay."""
    return resolve(marked, accept=True)


# --- suggestion outcomes ---
# Which suggestions were accepted and which rejected between two states of a marked text.
#
# The browser takes a suggestion in or out and drops its marks; nothing in the document says which it was.
# It is told from the words: those of the text with the suggestion taken in, or those without it. Where
# somebody rewrote the same line in the same moment it cannot be told, and nothing is said of it.


_TURNED = {INSERTION: DELETION, DELETION: INSERTION}


@dataclass(frozen=True)
class Decided:
    """A suggestion that is open no longer."""

    suggestion: Suggestion
    accepted: bool


def decided(before: Json, after: Json) -> list[Decided]:
    """Suggestions of `before` that `after` no longer holds open, in text order, as far as it can be told."""
    open_now = {one.id for one in listed(after)}
    gone = [one for one in listed(before) if one.id not in open_now]
    if not gone:
        return []
    before, after = without_comments(before), without_comments(after)
    stands = _lines(resolve(after, accept=False))
    without = _lines(resolve(before, accept=False))
    if stands == _lines(_with(before, [one.id for one in gone])) and stands != without:
        return [Decided(one, accepted=True) for one in gone]
    found = []
    for one in gone:
        taken_in = _lines(_with(before, [one.id]))
        is_in, is_out = _holds(stands, taken_in - without), _holds(stands, without - taken_in)
        if is_in != is_out:
            found.append(Decided(one, accepted=is_in))
    return found


def _with(marked: Json, ids: Collection[str]) -> Json:
    """The text with these suggestions taken in and no others: the others are turned round, so that taking
    them in leaves them out."""
    return resolve(_turn(marked, frozenset(ids)), accept=True)


def _turn(node: Json, ids: frozenset[str]) -> Json:
    made = dict(node)
    if marks := node.get("marks"):
        made["marks"] = [
            mark
            if (mark.get("attrs") or {}).get("id") in ids
            else {**mark, "type": _TURNED.get(mark["type"], mark["type"])}
            for mark in marks
        ]
    if content := node.get("content"):
        made["content"] = [_turn(child, ids) for child in content]
    return made


def _lines(marked: Json) -> Counter[str]:
    """The blocks of a text without its spaces: the browser may take one beside a deleted word with it."""
    return Counter("".join(json.dumps(block).split()) for block in marked.get("content") or [])


def _holds(stands: Counter[str], lines: Counter[str]) -> bool:
    return bool(lines) and lines <= stands

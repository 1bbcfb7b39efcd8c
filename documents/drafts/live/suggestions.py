"""Open suggestions of a text for its side panel: one entry per id, in the order of the text."""

import datetime
import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from documents.canonical.form import Json
from documents.drafts.live.marks import DELETION, INSERTION, SUGGESTIONS, origin_of
from documents.drafts.live.resolve import ANCHOR, INLINE, TEXTBLOCKS, resolve, without_comments

type Kind = Literal["insert", "delete", "replace", "format", "paragraph"]


@dataclass(frozen=True)
class Suggestion:
    """One open suggestion. `person`, `organisation` and `at` are None for an id without an author.

    `before`: its present words (deleted ones; for a change of form, the words concerned). `after`:
    its words once accepted. `paragraph`: only a paragraph border changes. `block`: index of the
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


def open_suggestions_in(marked: Json) -> list[Suggestion]:
    """Return all open suggestions in text order."""
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
    """Yield (id, mark, words, their line) of everything marked in the node, in text order."""
    marks = [
        (str((mark.get("attrs") or {}).get("id", "")), mark["type"])
        for mark in node.get("marks") or []
        if mark["type"] in SUGGESTIONS
    ]
    for identity, mark in dict.fromkeys(marks):  # several attributes of one node are one entry
        yield identity, mark, _words_in(node), line
    for child in node.get("content") or []:
        yield from _marked(child, line if child["type"] == "text" else child)


def _words_in(node: Json) -> str:
    """Return the visible words of a node; an inline object gives its own words."""
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
# Suggestions in a marked text: words without them, words with them, and their list.
#
# Pure functions on the editor's JSON. `check` decides which changes of a live document are
# allowed.


def reject_all(marked: Json) -> Json:
    """Return the text with every open suggestion rejected. Comments stay."""
    return resolve(marked, accept=False)


def accept_all(marked: Json) -> Json:
    """Return the text with every suggestion accepted. Comments stay."""
    return resolve(marked, accept=True)


# --- suggestion outcomes ---
# Which suggestions were accepted and which rejected between two states of a marked text.
#
# The browser applies or drops a suggestion and removes its marks; the document does not record
# which. It is inferred from the words: the text with the suggestion accepted, or the text
# without it. If somebody rewrote the same line at the same moment, it cannot be inferred and is
# left out.


_TURNED = {INSERTION: DELETION, DELETION: INSERTION}


@dataclass(frozen=True)
class DecidedSuggestion:
    """A suggestion that was accepted or rejected."""

    suggestion: Suggestion
    accepted: bool


def decided_suggestions(before: Json, after: Json) -> list[DecidedSuggestion]:
    """Return suggestions open in `before` but not in `after`, in text order, where inferable."""
    open_now = {one.id for one in open_suggestions_in(after)}
    gone = [one for one in open_suggestions_in(before) if one.id not in open_now]
    if not gone:
        return []
    before, after = without_comments(before), without_comments(after)
    stands = _lines(resolve(after, accept=False))
    without = _lines(resolve(before, accept=False))
    if stands == _lines(_with(before, [one.id for one in gone])) and stands != without:
        return [DecidedSuggestion(one, accepted=True) for one in gone]
    found = []
    for one in gone:
        taken_in = _lines(_with(before, [one.id]))
        is_in, is_out = _holds(stands, taken_in - without), _holds(stands, without - taken_in)
        if is_in != is_out:
            found.append(DecidedSuggestion(one, accepted=is_in))
    return found


def _with(marked: Json, ids: Collection[str]) -> Json:
    """Return the text with only these suggestions accepted: the others are inverted, so that
    accepting them leaves them out."""
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
    """Count a text's blocks without spaces: the browser may remove one next to a deleted word."""
    return Counter("".join(json.dumps(block).split()) for block in marked.get("content") or [])


def _holds(stands: Counter[str], lines: Counter[str]) -> bool:
    return bool(lines) and lines <= stands

"""Which suggestions were accepted and which rejected between two states of a marked text.

The browser takes a suggestion in or out and drops its marks; nothing in the document says which it was.
It is told from the words: those of the text with the suggestion taken in, or those without it. Where
somebody rewrote the same line in the same moment it cannot be told, and nothing is said of it.
"""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from documents.editor.live.marks import DELETION, INSERTION
from documents.editor.live.resolve import resolve, without_comments
from documents.editor.live.suggestion_list import Suggestion, listed

type Json = dict[str, Any]

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

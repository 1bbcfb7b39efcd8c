"""Marks of the editor's JSON: attribute names in a live document, order, authors of suggestions.

Marks that may overlap themselves are attributes named `name--hash` (y-prosemirror's way). A
suggestion's id contains its author: `person.organisation.milliseconds.counter`, the last two in
base 36.
"""

import base64
import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from documents.canonical.form import Json
from documents.drafts.live.lib0 import encode_any

INSERTION, DELETION, MODIFICATION, COMMENT = "insertion", "deletion", "modification", "comment"
SUGGESTIONS: Final = frozenset({INSERTION, DELETION, MODIFICATION})
OVERLAPPING: Final = frozenset({COMMENT, MODIFICATION})
_ORDER: Final = {
    name: place
    for place, name in enumerate([INSERTION, DELETION, MODIFICATION, COMMENT, "link", "bold", "italic"])
}
_ATTRS: Final = ("id", "type", "attrName", "previousValue", "newValue")
_HASHED: Final = re.compile(r"(.*)--[a-zA-Z0-9+/=]{8}")
UUID_FORM: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SUGGESTION_ID: Final = re.compile(rf"({UUID_FORM})\.({UUID_FORM})\.([0-9a-z]{{1,11}})\.([0-9a-z]{{1,11}})")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def mark_of(attribute: str, attrs: Json) -> Json:
    """Return the mark of a live document's attribute. A null attribute is no mark."""
    hashed = _HASHED.fullmatch(attribute)
    name = hashed[1] if hashed else attribute
    held = {key: attrs[key] for key in sorted(attrs, key=_turn) if attrs[key] is not None}
    return {"type": name, "attrs": held} if held else {"type": name}


def attribute_of(mark: Json) -> str:
    """Return the attribute that holds a mark in the live document."""
    name, attrs = mark["type"], mark.get("attrs") or {}
    if name not in OVERLAPPING:
        return str(name)
    if name == MODIFICATION:  # the browser's schema writes all of its attributes
        attrs = {key: attrs.get(key) for key in _ATTRS} | attrs
    digest = bytearray(hashlib.sha256(encode_any({"type": name, "attrs": attrs})).digest())
    for place in range(6, len(digest)):
        digest[place % 6] ^= digest[place]
    return f"{name}--{base64.b64encode(bytes(digest[:6])).decode()}"


def _turn(name: str) -> tuple[int, str]:
    """Sort key: attributes in the browser schema's order, on which the hash in a name depends."""
    return _ATTRS.index(name) if name in _ATTRS else len(_ATTRS), name


def sort_marks(marks: Iterable[Json]) -> list[Json]:
    """Return marks in a canonical order, so that equal marks are equal JSON."""
    return sorted(marks, key=_place)


def _place(mark: Json) -> tuple[int, str, str]:
    name = mark["type"]
    return _ORDER.get(name, len(_ORDER)), name, json.dumps(mark.get("attrs"), sort_keys=True)


# --- who suggests ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Author and organisation of a suggestion, and its time by the author's browser."""

    person: UUID
    organisation: UUID
    at: datetime.datetime


def suggestion_id(*, person: UUID, organisation: UUID, at: datetime.datetime, counter: int) -> str:
    """Return an id for a suggestion that the server makes on behalf of a person."""
    return f"{person}.{organisation}.{_base36(int(at.timestamp() * 1000))}.{_base36(counter)}"


def origin_of(identity: object) -> Origin | None:
    """Return the origin encoded in a suggestion's id; None for an id of another form."""
    parts = SUGGESTION_ID.fullmatch(identity) if isinstance(identity, str) else None
    if parts is None:
        return None
    moment = min(int(parts[3], 36), 253402300799999)  # the maximum of datetime
    at = datetime.datetime.fromtimestamp(moment / 1000, datetime.UTC)
    return Origin(UUID(parts[1]), UUID(parts[2]), at)


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


# --- comment marks ---
# Add the mark of a comment to words of a marked text.


_NO_WORDS = "\ufffc"  # placeholder for a footnote and other inline objects


def with_comment(marked: Json, *, words: str, thread: str) -> Json:
    """Return the text with the thread's mark on the first match of these words within a line;
    unchanged if there is none."""
    mark = {"type": COMMENT, "attrs": {"id": thread}}
    made, found = _marked(marked, words, mark)
    return made if found else marked


def _marked(node: Json, words: str, mark: Json) -> tuple[Json, bool]:
    children = node.get("content") or []
    start = "".join(child.get("text", _NO_WORDS) for child in children).find(words)
    if start >= 0:
        end = start + len(words)
        return {**node, "content": list(_cut(children, start, end, mark))}, True
    for index, child in enumerate(children):
        made, found = _marked(child, words, mark)
        if found:
            return {**node, "content": [*children[:index], made, *children[index + 1 :]]}, True
    return node, False


def _cut(children: list[Json], start: int, end: int, mark: Json) -> Iterator[Json]:
    at = 0
    for child in children:
        text = child.get("text", _NO_WORDS)
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if "text" not in child or first >= last:
            yield child
            continue
        if first:
            yield {**child, "text": text[:first]}
        marks = sort_marks([*(child.get("marks") or ()), mark])
        yield {**child, "text": text[first:last], "marks": marks}
        if last < len(text):
            yield {**child, "text": text[last:]}

"""Accept and reject suggestions in a text, on JSON, as the editor does.

Same as `@handlewithcare/prosemirror-suggest-changes`, which the browser runs, with two differences: no
neighbouring space is removed, and unmarked words are never lost. Marks on words and on whole nodes count
alike. A suggestion across the border of two textblocks has a mark of the same id on both sides of it (on a
zero-width space, if there are no words to mark): removing its words joins the two.

Marks and shape of a live text.

Marks that may overlap themselves are attributes named `name--hash` (y-prosemirror's way). A suggestion's id
contains its author: `person.organisation.milliseconds.counter`, the last two in base 36.
"""

import base64
import datetime
import hashlib
import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from pycrdt import write_var_uint

from documents.canonical.form import Json
from documents.canonical.nodes import NODES

ANCHOR: Final = "\u200b"
HEADS: Final = frozenset({"title", "lead"})
TEXTBLOCKS: Final = frozenset({*HEADS, "paragraph", "heading"})
INLINE: Final = frozenset({"text", "footnote", "fact", "gap"})

CONTAINERS: Final = frozenset(
    {
        "bulletList",
        "orderedList",
        "listItem",
        "blockquote",
        "quotation",
        "table",
        "tableRow",
        "tableHeader",
        "tableCell",
        "approvedBlock",
    }
)

ISOLATING: Final = frozenset({"tableHeader", "tableCell", "approvedBlock"})
HEADING_LEVEL: Final = 2
_ORDER: Final = ("nodeType", "attr", "mark")  # of reverting modifications


@dataclass(eq=False)
class Node:
    """A mutable node."""

    type: str
    attrs: Json
    marks: list[Json]
    text: str = ""
    children: list["Node"] = field(default_factory=list)
    parent: "Node | None" = None

    @property
    def is_textblock(self) -> bool:
        """Whether it holds a line of words."""
        return self.type in TEXTBLOCKS or any(child.type in INLINE for child in self.children)

    def remove_from_parent(self) -> None:
        """Remove it, and a container that becomes empty, except a cell, which needs a line."""
        parent = self.parent
        if parent is None:
            return
        parent.children.remove(self)
        if parent.type in ISOLATING and not parent.children:
            parent.children.append(Node("paragraph", {}, [], parent=parent))
        elif parent.type in CONTAINERS and not parent.children:
            parent.remove_from_parent()
        elif parent.type == "listItem" and parent.children[0].type != "paragraph":
            parent.children.insert(0, Node("paragraph", {}, [], parent=parent))


def resolve(marked: Json, *, accept: bool) -> Json:
    """Return the text with every suggestion accepted (`accept`) or rejected. Comments stay."""
    if not has_suggestions(marked):
        return marked
    keep, drop = (INSERTION, DELETION) if accept else (DELETION, INSERTION)
    root = _tree(marked)
    for node in reversed(list(_dropped(root, drop))):
        node.remove_from_parent()
    _remove_words(root, drop)
    for node in _walk(root):
        _remove_suggestion_marks(node, keep, revert=not accept)
    if all(child.type in HEADS for child in root.children):
        root.children.append(Node("paragraph", {}, [], parent=root))
    return _json(root)


def has_suggestions(node: Json) -> bool:
    """Whether the node or anything in it is marked as suggested."""
    return any(mark["type"] in SUGGESTIONS for one in walk(node) for mark in one.get("marks") or ())


def _dropped(node: Node, drop: str) -> Iterator[Node]:
    """Yield the outermost blocks to be removed."""
    for child in node.children:
        if child.type in INLINE:
            continue
        if child.type not in HEADS and _identity(child, drop) is not None:
            yield child
        else:
            yield from _dropped(child, drop)


def _remove_words(root: Node, drop: str) -> None:
    """Remove the marked words in each line; join lines if the mark continues across the border."""
    lines = [
        node for node in _walk(root) if node.type not in INLINE and (node.is_textblock or not node.children)
    ]
    chains: list[list[Node]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and _continues(before, line, drop):
            chains[-1].append(line)
        else:
            chains.append([line])
    for chain in chains:
        for line in chain:
            line.children = [child for child in line.children if _identity(child, drop) is None]
        first = chain[0]
        for line in chain[1:]:
            first = _join(first, line)


def _join(first: Node, line: Node) -> Node:
    """Join two lines into one. If one is removed completely, the rest of the other replaces it."""
    if not first.children and line.children:
        first.remove_from_parent()
        return line
    for child in line.children:
        child.parent = first
    first.children += line.children
    line.children = []
    line.remove_from_parent()
    return first


def _continues(line: Node, following: Node, drop: str) -> bool:
    """Whether a suggestion removes the border between two lines. Title and lead are never joined."""
    if not (line.children and following.children and line.is_textblock and following.is_textblock):
        return False
    if line.type in HEADS or following.type in HEADS:
        return False
    end = _identity(line.children[-1], drop)
    return end is not None and end == _identity(following.children[0], drop)


def _remove_suggestion_marks(node: Node, keep: str, *, revert: bool) -> None:
    """Remove the marks of suggestions from a node that stays; `revert` undoes modifications."""
    if revert:
        changes = [mark.get("attrs") or {} for mark in node.marks if mark["type"] == MODIFICATION]
        # the kind of a block first, since it decides which attributes exist
        for change in sorted(
            changes, key=lambda one: _ORDER.index(one["type"]) if one.get("type") in _ORDER else len(_ORDER)
        ):
            _revert(node, change)
    node.marks = [mark for mark in node.marks if mark["type"] not in {keep, MODIFICATION}]
    for child in node.children:
        if child.type == "text":
            child.text = child.text.replace(ANCHOR, "")
    node.children = [child for child in node.children if child.type != "text" or child.text]


def _revert(node: Node, modification: Json) -> None:
    before = modification.get("previousValue")
    match modification.get("type"):
        case "attr":
            name = modification.get("attrName")
            if isinstance(name, str) and _has_attribute(node, name):
                node.attrs = {key: value for key, value in node.attrs.items() if key != name}
                if before is not None:
                    node.attrs[name] = before
        case "nodeType" if isinstance(before, str):
            node.type, node.attrs = before, {"level": HEADING_LEVEL} if before == "heading" else {}
        case "mark":
            after = modification.get("newValue")
            node.marks = [mark for mark in node.marks if mark != after]
            if before is not None and _is_mark(before) and before not in node.marks:
                node.marks.append(before)


def _is_mark(value: object) -> bool:
    """Whether a value that a browser wrote as a mark is valid as one."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    return value.keys() <= {"type", "attrs"} and isinstance(value.get("attrs", {}), dict)


def _has_attribute(node: Node, name: str) -> bool:
    """Whether nodes of this type have the attribute; always true for types unknown to the editor."""
    spec = NODES.get(node.type)
    return spec is None or name in spec.attrs or name in spec.ignored_attrs


def _identity(node: Node, mark_type: str) -> object:
    """Return the id of the node's mark of this type; None without one. A mark without an id gets its own."""
    for mark in node.marks:
        if mark["type"] == mark_type:
            return (mark.get("attrs") or {}).get("id") or mark_type
    return None


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in list(node.children):
        yield from _walk(child)


def _tree(node: Json, parent: Node | None = None) -> Node:
    made = Node(
        str(node.get("type", "")),
        dict(node.get("attrs") or {}),
        list(node.get("marks") or []),
        str(node.get("text", "")),
        parent=parent,
    )
    made.children = [_tree(child, made) for child in node.get("content") or []]
    return made


def _json(node: Node) -> Json:
    made: Json = {"type": node.type}
    if node.attrs:
        made["attrs"] = node.attrs
    if node.type == "text":
        made["text"] = node.text
    if node.marks:
        made["marks"] = node.marks
    if node.children:
        made["content"] = merge_text_nodes(map(_json, node.children))
    return made


def merge_text_nodes(nodes: Iterable[Json]) -> list[Json]:
    """Return the same nodes, with adjacent text nodes of equal marks merged."""
    content: list[Json] = []
    for one in nodes:
        last = content[-1] if content else None
        if last and last["type"] == one["type"] == "text" and last.get("marks") == one.get("marks"):
            content[-1] = {**last, "text": last["text"] + one["text"]}
        else:
            content.append(one)
    return content


def without_comments(node: Json) -> Json:
    """Return the node without the marks of comments."""
    made = dict(node)
    if "marks" in made:
        made["marks"] = [mark for mark in made["marks"] if mark["type"] != COMMENT]
        if not made["marks"]:
            del made["marks"]
    if "content" in made:
        made["content"] = merge_text_nodes(map(without_comments, made["content"]))
    return made


def encode_any(value: object) -> bytes:
    """Return the bytes that the browser's library writes for this value. Objects keep their key order."""
    match value:
        case None:
            return b"\x7e"
        case bool():
            return b"\x78" if value else b"\x79"
        case int() if abs(value) < 2**31:
            return b"\x7d" + _signed(value)
        case int() | float():
            return b"\x7b" + struct.pack(">d", value)
        case str():
            return b"\x77" + _text(value)
        case list():
            return b"\x75" + write_var_uint(len(value)) + b"".join(encode_any(one) for one in value)
        case dict():
            pairs = (_text(name) + encode_any(one) for name, one in value.items())
            return b"\x76" + write_var_uint(len(value)) + b"".join(pairs)
    return b"\x7f"


def _text(words: str) -> bytes:
    written = words.encode()
    return write_var_uint(len(written)) + written


def _signed(number: int) -> bytes:
    left, sign = abs(number), 64 if number < 0 else 0
    out = bytearray([(128 if left > 63 else 0) | sign | (left & 63)])
    left >>= 6
    while left:
        out.append((128 if left > 127 else 0) | (left & 127))
        left >>= 7
    return bytes(out)


INSERTION, DELETION, MODIFICATION, COMMENT = "insertion", "deletion", "modification", "comment"
SUGGESTIONS: Final = frozenset({INSERTION, DELETION, MODIFICATION})
OVERLAPPING: Final = frozenset({COMMENT, MODIFICATION})

_MARK_ORDER: Final = {
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
    present = {key: attrs[key] for key in sorted(attrs, key=_attribute_order) if attrs[key] is not None}
    return {"type": name, "attrs": present} if present else {"type": name}


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


def _attribute_order(name: str) -> tuple[int, str]:
    """Sort key: attributes in the browser schema's order, on which the hash in a name depends."""
    return _ATTRS.index(name) if name in _ATTRS else len(_ATTRS), name


def sort_marks(marks: Iterable[Json]) -> list[Json]:
    """Return marks in a canonical order, so that equal marks are equal JSON."""

    def order(mark: Json) -> tuple[int, str, str]:
        name = mark["type"]
        return _MARK_ORDER.get(name, len(_MARK_ORDER)), name, json.dumps(mark.get("attrs"), sort_keys=True)

    return sorted(marks, key=order)


def walk(node: Json) -> Iterator[Json]:
    """Yield the node and everything in it, in text order."""
    yield node
    for child in node.get("content") or ():
        yield from walk(child)


def suggestion_marks(node: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield type, id and attributes of each suggestion that marks the node itself."""
    for mark in node.get("marks") or ():
        if mark["type"] in SUGGESTIONS:
            attrs = mark.get("attrs") or {}
            yield mark["type"], str(attrs.get("id", "")), attrs


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

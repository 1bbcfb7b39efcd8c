"""Open suggestions of a text for its side panel: one entry per id, in the order of the text.

Conversion of a live text: from the Y.Doc that browsers edit to the editor's JSON with marks, and back.

A *marked* text is one ProseMirror document `title lead (block)+`, with suggestions and comments as marks.
Attributes are JSON values. Untrusted browser input is read without failing: parts unknown to the editor are
kept, so that checks can name them.
"""

import datetime
import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from coalition.realtime.backend import LiveDoc
from documents.canonical.form import Json
from documents.drafts.actions.texts import TextContent, empty_body
from documents.drafts.live.resolve import (
    ANCHOR,
    DELETION,
    INLINE,
    INSERTION,
    MODIFICATION,
    TEXTBLOCKS,
    attribute_of,
    mark_of,
    merge_text_nodes,
    origin_of,
    resolve,
    sort_marks,
    suggestion_marks,
    without_comments,
)

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


def open_suggestions_in(marked: Json) -> list[Suggestion]:
    """Return all open suggestions in text order."""
    blocks: dict[str, int] = {}  # by id
    parts: dict[tuple[str, str], list[str]] = defaultdict(list)  # by id and mark
    last: dict[tuple[str, str], Json] = {}  # line, by the same
    for block, node in enumerate(marked.get("content") or []):
        for identity, mark, words, line in _marked(node, node):
            blocks.setdefault(identity, block)
            some = parts[identity, mark]
            if some and last[identity, mark] is not line:
                some.append("\n")
            some.append(words)
            last[identity, mark] = line
    return [_suggestion(identity, block, parts) for identity, block in blocks.items()]


def _suggestion(identity: str, block: int, parts: Mapping[tuple[str, str], list[str]]) -> Suggestion:
    origin = origin_of(identity)
    by_mark = {
        mark: _words(parts[identity, mark])
        for mark in (DELETION, INSERTION, MODIFICATION)
        if (identity, mark) in parts
    }
    deleted, inserted = by_mark.get(DELETION, ""), by_mark.get(INSERTION, "")
    kind: Kind
    if by_mark.keys() == {MODIFICATION}:
        kind = "format"
        deleted = inserted = by_mark[MODIFICATION]
    elif not deleted and not inserted:
        kind = "paragraph"
    elif deleted == inserted:
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
        block=block,
    )


def _words(parts: list[str]) -> str:
    return "".join(parts).replace(ANCHOR, "").strip("\n")


def _marked(node: Json, line: Json) -> Iterator[tuple[str, str, str, Json]]:
    """Yield (id, mark, words, their line) of everything marked in the node, in text order."""
    # several attributes of one node are one entry
    for identity, mark in dict.fromkeys((identity, mark) for mark, identity, _ in suggestion_marks(node)):
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
    is_line = node["type"] in TEXTBLOCKS or any(
        child["type"] in INLINE for child in node.get("content") or []
    )
    return ("" if is_line else "\n").join(lines)


def reject_all(marked: Json) -> Json:
    """Return the text with every open suggestion rejected. Comments stay."""
    return resolve(marked, accept=False)


def accept_all(marked: Json) -> Json:
    """Return the text with every suggestion accepted. Comments stay."""
    return resolve(marked, accept=True)


# The browser applies or drops a suggestion and removes its marks; the document does not record
# which. It is inferred from the words: the text with the suggestion accepted, or the text
# without it. If somebody rewrote the same line at the same moment, it cannot be inferred and is
# left out.
_INVERTED = {INSERTION: DELETION, DELETION: INSERTION}


@dataclass(frozen=True)
class DecidedSuggestion:
    """A suggestion that was accepted or rejected."""

    suggestion: Suggestion
    accepted: bool


def decided_suggestions(before: Json, after: Json) -> list[DecidedSuggestion]:
    """Return suggestions open in `before` but not in `after`, in text order, where inferable."""
    open_now = {one.id for one in open_suggestions_in(after)}
    closed = [one for one in open_suggestions_in(before) if one.id not in open_now]
    if not closed:
        return []
    before, after = without_comments(before), without_comments(after)
    current = _lines(resolve(after, accept=False))
    without = _lines(resolve(before, accept=False))
    # all others are inverted, so that accepting them leaves them out
    with_all = _lines(resolve(_invert_others(before, {one.id for one in closed}), accept=True))
    if current == with_all and current != without:
        return [DecidedSuggestion(one, accepted=True) for one in closed]
    found = []
    for one in closed:
        accepted = _lines(resolve(_invert_others(before, {one.id}), accept=True))
        added, removed = accepted - without, without - accepted
        is_in, is_out = bool(added) and added <= current, bool(removed) and removed <= current
        if is_in != is_out:
            found.append(DecidedSuggestion(one, accepted=is_in))
    return found


def _invert_others(node: Json, ids: Collection[str]) -> Json:
    """Return the text with insertions and deletions swapped, except those of these suggestions."""
    made = dict(node)
    if marks := node.get("marks"):
        made["marks"] = [
            mark
            if (mark.get("attrs") or {}).get("id") in ids
            else {**mark, "type": _INVERTED.get(mark["type"], mark["type"])}
            for mark in marks
        ]
    if content := node.get("content"):
        made["content"] = [_invert_others(child, ids) for child in content]
    return made


def _lines(marked: Json) -> Counter[str]:
    """Count a text's blocks without spaces: the browser may remove one next to a deleted word."""
    return Counter("".join(json.dumps(block).split()) for block in marked.get("content") or [])


ROOT: Final = "text"
HEADS: Final = ("title", "lead")
NODE_MARK: Final = "__mark_"
DEEPEST: Final = 60  # levels read; the canonical form allows far fewer


def fragment_of(doc: LiveDoc) -> XmlFragment:
    """Return the root of the text in a live document."""
    return doc.get(ROOT, type=XmlFragment)


def doc_to_json(doc: LiveDoc) -> Json:
    """Return the marked text of the live document. The Doc must not be used concurrently."""
    with doc.transaction():
        return assemble_text([read_child(child) for child in fragment_of(doc).children])


def assemble_text(children: Iterable[Json]) -> Json:
    """Build a marked text from the root's nodes: exactly one title and lead, first, and at least one block.

    Two people who replace the title at once create two; the later one becomes a paragraph, no word is lost.
    """
    heads: dict[str, Json] = {}
    blocks: list[Json] = []
    for child in children:
        name = child["type"]
        if name not in HEADS:
            blocks.append(child)
        elif name not in heads:
            heads[name] = child
        elif child.get("content"):
            blocks.append({"type": "paragraph", "content": child["content"]})
    first = [heads.get(name) or {"type": name} for name in HEADS]
    return {"type": "doc", "content": [*first, *(blocks or [{"type": "paragraph"}])]}


def nodes_of(
    parent: XmlElement | XmlFragment, left_out: list[str]
) -> list[XmlElement | XmlFragment | XmlText]:
    """Return the child nodes.
    The library stops at anything else (letters, or a value), which is then named in `left_out`."""
    nodes = list(parent.children)
    if len(nodes) != len(parent.children):
        left_out.append("no node")
    return nodes


def read_child(child: XmlElement | XmlFragment | XmlText, *, left_out: list[str] | None = None) -> Json:
    """Read one node of the root. Loose text there becomes a paragraph.

    Content that is not part of a text is skipped and named in `left_out`: objects embedded in
    lines, letters among nodes, shared types as attributes, anything nested below `DEEPEST`.
    """
    left_out = [] if left_out is None else left_out
    if isinstance(child, XmlText):
        return _with_content({"type": "paragraph"}, list(_runs(child, left_out)))
    return _node(child, 0, left_out)


def _node(element: XmlElement | XmlFragment, depth: int, left_out: list[str]) -> Json:
    node: Json = {"type": strip_nul((element.tag if isinstance(element, XmlElement) else None) or "unknown")}
    if isinstance(element, XmlElement):
        attrs, marks = _attributes(element, left_out)
        if attrs:
            node["attrs"] = attrs
        if marks:
            node["marks"] = marks
    content: list[Json] = []
    if depth < DEEPEST:
        for child in nodes_of(element, left_out):
            if isinstance(child, XmlText):
                content.extend(_runs(child, left_out))
            else:
                content.append(_node(child, depth + 1, left_out))
    elif len(element.children):
        left_out.append("too deep")
    return _with_content(node, content)


def _with_content(node: Json, content: list[Json]) -> Json:
    return {**node, "content": merge_text_nodes(content)} if content else node


def _attributes(element: XmlElement, left_out: list[str]) -> tuple[Json, list[Json]]:
    attrs, marks = {}, []
    for name, raw in element.attributes:  # type: ignore[attr-defined]  # pycrdt's view iterates, its stub lacks it
        if not isinstance(raw, str | int | float | list | dict | None):
            left_out.append("attribute")
        value = normalise_number(raw)
        if name.startswith(NODE_MARK):
            # A browser reads any value here as a mark; a value that is no object is a mark without
            # attributes.
            values = value if isinstance(value, dict) else {}
            marks.append(mark_of(strip_nul(name.removeprefix(NODE_MARK)), values))
        elif value is not None:
            attrs[strip_nul(name)] = value
    return dict(sorted(attrs.items())), sort_marks(marks)


def _runs(text: XmlText, left_out: list[str]) -> Iterator[Json]:
    """Yield the text nodes, without embedded objects."""
    for value, attributes in text.diff():
        if not isinstance(value, str):
            left_out.append("embedded")
        elif value:
            marks = sort_marks(
                mark_of(strip_nul(name), normalise_number(attrs) if isinstance(attrs, dict) else {})
                for name, attrs in (attributes or {}).items()
                if attrs is not None
            )
            node = {"type": "text", "text": strip_nul(value)}
            yield {**node, "marks": marks} if marks else node


def normalise_number(value: Any) -> Any:
    """Return the JSON value that a browser wrote: Yjs has one number type, so whole numbers arrive
    as floats. Values that a database cannot store as JSON become null."""
    match value:
        case bool() | int():
            return value
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case float() if math.isfinite(value):
            return value
        case str():
            return strip_nul(value)
        case list():
            return [normalise_number(one) for one in value]
        case dict():
            return {strip_nul(name): normalise_number(one) for name, one in value.items()}
    return None


def strip_nul(words: str) -> str:
    """Return the words without NUL, which no database accepts in a text."""
    return words.replace("\x00", "\ufffd")


def json_to_update(marked: Json) -> bytes:
    """Return the update that fills an empty live document with this marked text: its start."""
    doc: LiveDoc = Doc()
    root = doc.get(ROOT, type=XmlFragment)
    with doc.transaction():
        for node in marked["content"]:
            write_node(root, len(root.children), node)
    return doc.get_update()


def write_node(parent: XmlFragment | XmlElement, index: int, node: Json) -> None:
    """Insert one node with its content. The server writes whole nodes only."""
    element = parent.children.insert(index, XmlElement(node["type"]))
    for name, value in (node.get("attrs") or {}).items():
        if value is not None:
            element.attributes[name] = value
    for mark in node.get("marks") or []:
        element.attributes[NODE_MARK + attribute_of(mark)] = mark.get("attrs") or {}
    run: XmlText | None = None
    for child in node.get("content") or []:
        if child["type"] != "text":
            run = None
            write_node(element, len(element.children), child)
            continue
        if run is None:
            run = element.children.append(XmlText())
        marks = child.get("marks") or []
        run.insert(len(run), child["text"], {attribute_of(mark): mark.get("attrs") or {} for mark in marks})


def normalise_marked(node: Json) -> Json:
    """Return the text as it would be read from a live document: the editor's JSON has several
    equivalent forms."""
    made: Json = {"type": node["type"]}
    attrs = {
        name: normalise_number(value)
        for name, value in (node.get("attrs") or {}).items()
        if value is not None
    }
    if attrs:
        made["attrs"] = attrs
    if node["type"] == "text":
        made["text"] = node["text"]
    marks = [
        mark_of(mark["type"], normalise_number(mark.get("attrs") or {})) for mark in node.get("marks") or []
    ]
    if marks:
        made["marks"] = sort_marks(marks)
    content = [normalise_marked(child) for child in node.get("content") or []]
    return _with_content(made, [one for one in content if one["type"] != "text" or one["text"]])


def split_text(marked: Json) -> TextContent:
    """Return title, lead and body of a text, with marks; for the current words use
    `split_text(reject_all(marked))`."""
    content = marked["content"]
    heads = {node["type"]: node_text(node) for node in content[:2] if node["type"] in HEADS}
    body = {"type": "doc", "content": [node for node in content if node["type"] not in HEADS]}
    return {
        "title": heads.get("title", "").strip(),
        "lead": heads.get("lead", "").strip(),
        "body": body if body["content"] else empty_body(),
    }


def join_text(words: TextContent) -> Json:
    """Return the marked text with these words: the reverse of `split_text`."""
    heads = [_head("title", words["title"]), _head("lead", words["lead"])]
    blocks = words["body"].get("content") or empty_body()["content"]
    return {"type": "doc", "content": [*heads, *blocks]}


def _head(name: str, words: str) -> Json:
    return {"type": name, "content": [{"type": "text", "text": words}]} if words else {"type": name}


def node_text(node: Json) -> str:
    """Return the words in a node, in text order, without separators."""
    if node.get("type") == "text":
        return str(node.get("text", ""))
    return "".join(node_text(child) for child in node.get("content") or [])

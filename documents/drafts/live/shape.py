"""The shape of a live text: the Y.Doc that browsers edit, read as the editor's JSON with marks, and back.

A *marked* text is one ProseMirror document `title lead (block)+`, with suggestions and comments as marks.
Attributes are JSON values. What a stranger's browser may have written is read without failing: what the
editor does not know stays as it is, so that checks can name it.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from coalition.realtime.backend import LiveDoc
from documents.drafts.actions.texts import Words, empty_body
from documents.drafts.live.marks import attribute_of, in_order, mark_of
from documents.drafts.live.resolve import merged

type Json = dict[str, Any]

ROOT: Final = "text"
HEADS: Final = ("title", "lead")
NODE_MARK: Final = "__mark_"
DEEPEST: Final = 60  # levels that are read; the canonical form refuses far fewer


def fragment_of(doc: LiveDoc) -> XmlFragment:
    """The root of the text in a live document."""
    return doc.get(ROOT, type=XmlFragment)


def doc_to_json(doc: LiveDoc) -> Json:
    """The marked text that the live document holds. The caller alone touches the Doc meanwhile."""
    with doc.transaction():
        return assembled([read_child(child) for child in fragment_of(doc).children])


def assembled(children: Iterable[Json]) -> Json:
    """A marked text from what stands at the root: exactly one title and lead, first, and a block at least.

    Two people who replace the title at once leave two: the later one becomes a paragraph, no word is lost.
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
    """The nodes that stand in one. The library stops at what is none: letters, or a value; then that is named
    in `left_out`."""
    nodes = list(parent.children)
    if len(nodes) != len(parent.children):
        left_out.append("no node")
    return nodes


def read_child(child: XmlElement | XmlFragment | XmlText, *, left_out: list[str] | None = None) -> Json:
    """One node of the root. Loose text there becomes a paragraph.

    What is no part of a text is left out, and named in `left_out`: things embedded in lines, letters among
    nodes, shared types as attributes, what is nested below `DEEPEST`.
    """
    left_out = [] if left_out is None else left_out
    if isinstance(child, XmlText):
        return _with_content({"type": "paragraph"}, list(_runs(child, left_out)))
    return _node(child, 0, left_out)


def _node(element: XmlElement | XmlFragment, depth: int, left_out: list[str]) -> Json:
    node: Json = {"type": storable((element.tag if isinstance(element, XmlElement) else None) or "unknown")}
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
    return {**node, "content": merged(content)} if content else node


def _attributes(element: XmlElement, left_out: list[str]) -> tuple[Json, list[Json]]:
    attrs, marks = {}, []
    for name, raw in element.attributes:  # type: ignore[attr-defined]  # pycrdt's view iterates, its stub lacks it
        if not isinstance(raw, str | int | float | list | dict | None):
            left_out.append("attribute")
        value = whole(raw)
        if name.startswith(NODE_MARK):
            # A browser makes a mark of whatever stands here; without an object it is one that says nothing.
            held = value if isinstance(value, dict) else {}
            marks.append(mark_of(storable(name.removeprefix(NODE_MARK)), held))
        elif value is not None:
            attrs[storable(name)] = value
    return dict(sorted(attrs.items())), in_order(marks)


def _runs(text: XmlText, left_out: list[str]) -> Iterator[Json]:
    """The text nodes. What is embedded in text is no text."""
    for value, attributes in text.diff():
        if not isinstance(value, str):
            left_out.append("embedded")
        elif value:
            marks = in_order(
                mark_of(storable(name), whole(attrs) if isinstance(attrs, dict) else {})
                for name, attrs in (attributes or {}).items()
                if attrs is not None
            )
            yield text_node(storable(value), marks)


def text_node(words: str, marks: list[Json]) -> Json:
    """A text node of the editor's JSON."""
    return {"type": "text", "text": words, "marks": marks} if marks else {"type": "text", "text": words}


def whole(value: Any) -> Any:
    """The JSON value that a browser wrote: Yjs has one kind of number, whole ones come as floats. What is no
    JSON for a database is null."""
    match value:
        case bool() | int():
            return value
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case float() if math.isfinite(value):
            return value
        case str():
            return storable(value)
        case list():
            return [whole(one) for one in value]
        case dict():
            return {storable(name): whole(one) for name, one in value.items()}
    return None


def storable(words: str) -> str:
    """Words without NUL, which no database takes in a text."""
    return words.replace("\x00", "\ufffd")


# --- writing -----------------------------------------------------------------------------------------


def json_to_update(marked: Json) -> bytes:
    """The update that makes an empty live document hold this marked text: what a document begins with."""
    doc: LiveDoc = Doc()
    root = doc.get(ROOT, type=XmlFragment)
    with doc.transaction():
        for node in marked["content"]:
            write_node(root, len(root.children), node)
    return doc.get_update()


def write_node(parent: XmlFragment | XmlElement, index: int, node: Json) -> None:
    """Insert one node with all that it holds. Only whole nodes are ever written by the server."""
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


def normal(node: Json) -> Json:
    """The same text as it would be read from a live document: the editor's JSON has more than one way to
    say a thing."""
    made: Json = {"type": node["type"]}
    attrs = {name: whole(value) for name, value in (node.get("attrs") or {}).items() if value is not None}
    if attrs:
        made["attrs"] = attrs
    if node["type"] == "text":
        made["text"] = node["text"]
    marks = [mark_of(mark["type"], whole(mark.get("attrs") or {})) for mark in node.get("marks") or []]
    if marks:
        made["marks"] = in_order(marks)
    content = [normal(child) for child in node.get("content") or []]
    return _with_content(made, [one for one in content if one["type"] != "text" or one["text"]])


# --- words -------------------------------------------------------------------------------------------


def split(marked: Json) -> Words:
    """Title, lead and body of a text. Marks stay: words as they stand are `split(rejected(marked))`."""
    content = marked["content"]
    heads = {node["type"]: plain(node) for node in content[:2] if node["type"] in HEADS}
    body = {"type": "doc", "content": [node for node in content if node["type"] not in HEADS]}
    return {
        "title": heads.get("title", "").strip(),
        "lead": heads.get("lead", "").strip(),
        "body": body if body["content"] else empty_body(),
    }


def join(words: Words) -> Json:
    """The marked text with these words: the reverse of `split`."""
    heads = [_head("title", words["title"]), _head("lead", words["lead"])]
    blocks = words["body"].get("content") or empty_body()["content"]
    return {"type": "doc", "content": [*heads, *blocks]}


def _head(name: str, words: str) -> Json:
    return {"type": name, "content": [{"type": "text", "text": words}]} if words else {"type": name}


def plain(node: Json) -> str:
    """The words that stand in a node, in text order, without anything between them."""
    if node.get("type") == "text":
        return str(node.get("text", ""))
    return "".join(plain(child) for child in node.get("content") or [])

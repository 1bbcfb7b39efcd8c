"""Conversion of a live text: from the Y.Doc that browsers edit to the editor's JSON with marks, and
back.

A *marked* text is one ProseMirror document `title lead (block)+`, with suggestions and comments as
marks. Attributes are JSON values. Untrusted browser input is read without failing: parts unknown to
the editor are kept, so that checks can name them.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from coalition.realtime.backend import LiveDoc
from documents.canonical.form import Json
from documents.drafts.actions.texts import TextContent, empty_body
from documents.drafts.live.marks import attribute_of, mark_of, sort_marks
from documents.drafts.live.resolve import merge_text_nodes

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
    """Build a marked text from the root's nodes: exactly one title and lead, first, and at least
    one block.

    Two people who replace the title at once create two; the later one becomes a paragraph, no word
    is lost.
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
            held = value if isinstance(value, dict) else {}
            marks.append(mark_of(strip_nul(name.removeprefix(NODE_MARK)), held))
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
            yield text_node(strip_nul(value), marks)


def text_node(words: str, marks: list[Json]) -> Json:
    """Return a text node of the editor's JSON."""
    return {"type": "text", "text": words, "marks": marks} if marks else {"type": "text", "text": words}


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


# --- writing -----------------------------------------------------------------------------------------


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


# --- words -------------------------------------------------------------------------------------------


def split_text(marked: Json) -> TextContent:
    """Return title, lead and body of a text, with marks; for the current words use
    `split(rejected(marked))`."""
    content = marked["content"]
    heads = {node["type"]: node_text(node) for node in content[:2] if node["type"] in HEADS}
    body = {"type": "doc", "content": [node for node in content if node["type"] not in HEADS]}
    return {
        "title": heads.get("title", "").strip(),
        "lead": heads.get("lead", "").strip(),
        "body": body if body["content"] else empty_body(),
    }


def join_text(words: TextContent) -> Json:
    """Return the marked text with these words: the reverse of `split`."""
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

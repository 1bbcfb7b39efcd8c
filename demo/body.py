"""Convert blocks and inline marks of the data files to the body that the editor saves.

Inline: `**strong**`, `*emphasis*`, `[words](https://…)`, `^[footnote]`, `{{fact:id}}` (a fact of the
register by the data's id) and, in holding statements, `{{kind:name}}`, a gap of kind place, date or number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Node = dict[str, Any]

_INLINE = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*"
    r"|\*(?P<emphasis>[^*]+)\*"
    r"|(?<!\^)\[(?P<words>[^\]]+)\]\((?P<href>https://[^)\s]+)\)"
    r"|\^\[(?P<footnote>[^\]]+)\]"
    r"|\{\{(?P<kind>place|date|number|fact):(?P<name>[^}]+)\}\}"
)


def editor_body(blocks: Sequence[Mapping[str, Any]], *, pictures: Mapping[str, str] | None = None) -> Node:
    """The editor's document. `pictures` gives the stored file's UUID for each picture's `art`;
    a picture without one is left out. Raises ValueError for a block of an unknown type."""
    nodes = (_node(block, pictures or {}) for block in blocks)
    return {"type": "doc", "content": [node for node in nodes if node is not None]}


def inline(text: str) -> list[Node]:
    """Text with its marks as the editor's inline nodes."""
    return list(_inline(text))


def _node(block: Mapping[str, Any], pictures: Mapping[str, str]) -> Node | None:
    match block["type"]:
        case "paragraph":
            return _paragraph(block["text"])
        case "heading":
            return {
                "type": "heading",
                "attrs": {"level": block.get("level", 2)},
                "content": inline(block["text"]),
            }
        case "list":
            return _list(block)
        case "quote":
            return {"type": "blockquote", "content": [_paragraph(block["text"])]}
        case "quotation":
            attrs = {"speaker": block["speaker"], "role": block.get("role", "")}
            return {"type": "quotation", "attrs": attrs, "content": [_paragraph(block["text"])]}
        case "table":
            return _table(block)
        case "picture":
            return _picture(block, pictures)
    raise ValueError(f"unknown block type: {block['type']}")


def _paragraph(text: str) -> Node:
    return {"type": "paragraph", "content": inline(text)}


def _list(block: Mapping[str, Any]) -> Node:
    items = [{"type": "listItem", "content": [_paragraph(item)]} for item in block["items"]]
    if block.get("ordered"):
        return {"type": "orderedList", "attrs": {"start": 1}, "content": items}
    return {"type": "bulletList", "content": items}


def _table(block: Mapping[str, Any]) -> Node:
    """The first row names the columns."""
    rows = [
        [{"type": "tableCell" if number else "tableHeader", "content": [_paragraph(cell)]} for cell in cells]
        for number, cells in enumerate(block["rows"])
    ]
    return {"type": "table", "content": [{"type": "tableRow", "content": cells} for cells in rows]}


def _picture(block: Mapping[str, Any], pictures: Mapping[str, str]) -> Node | None:
    if block["art"] not in pictures:
        return None
    words = {key: block.get(key, "") for key in ("alt", "caption", "credit")}
    return {"type": "picture", "attrs": {"id": pictures[block["art"]], **words}}


def _inline(text: str) -> Iterator[Node]:
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            yield {"type": "text", "text": text[end : found.start()]}
        yield _marked(found)
        end = found.end()
    if end < len(text):
        yield {"type": "text", "text": text[end:]}


def _marked(found: re.Match[str]) -> Node:
    if found["footnote"]:
        return {"type": "footnote", "attrs": {"text": found["footnote"]}}
    if found["kind"] == "fact":
        return {"type": "fact", "attrs": dict.fromkeys(("id", "words", "source"), found["name"])}
    if found["kind"]:
        return {"type": "gap", "attrs": {"kind": found["kind"], "name": found["name"], "value": ""}}
    if found["href"]:
        link = {"type": "link", "attrs": {"href": found["href"]}}
        return {"type": "text", "text": found["words"], "marks": [link]}
    mark, words = ("bold", found["strong"]) if found["strong"] else ("italic", found["emphasis"])
    return {"type": "text", "text": words, "marks": [{"type": mark}]}

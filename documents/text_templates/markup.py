"""The form in which templates are written: plain text that a press officer can edit, read into the
editor's JSON.

A file begins with `name: words` lines, one each, up to the first empty line. Parts between empty lines are

    ## Heading            level 2; ### is level 3
    - item                a list; 1. for an ordered one
    > words               a quotation; its last line `> — speaker | role`
    | a | b |             a table; its first row names the columns
    | : name | value |    a table without such a row: the first cell of each row names it
    anything else         a paragraph

Inside a line: `**strong**`, `*emphasis*`, `((footnote))` and `{{kind:name}}`, a gap of kind place, date or
number. Words in square brackets are placeholders for people; nothing reads them here.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

type Node = dict[str, Any]

_INLINE: Final = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<emphasis>[^*]+)\*"
    r"|\(\((?P<footnote>.+?)\)\)|\{\{(?P<kind>place|date|number):(?P<name>[^}]+)\}\}"
)


def parse_template(text: str) -> tuple[dict[str, str], Node]:
    """Return the head of a file, as written, and the body as the editor's document.

    Raises ValueError for a head that is not `name: words`.
    """
    first, _, rest = text.strip("\n").partition("\n\n")
    head = {}
    for line in first.splitlines():
        name, colon, words = line.partition(": ")
        if not colon:
            raise ValueError(f"not a line of a head: {line}")
        head[name] = words.strip()
    parts = [part.splitlines() for part in re.split(r"\n\s*\n", rest.strip()) if part]
    return head, {"type": "doc", "content": [_block(part) for part in parts]}


def _block(lines: list[str]) -> Node:
    if re.match(r"\d+\. ", lines[0]):
        return {"type": "orderedList", "attrs": {"start": 1}, "content": _items(lines)}
    # Emphasis and a dash at the beginning of a sentence are text, not markers.
    sign, _, words = lines[0].partition(" ")
    match sign:
        case "##" | "###":
            return {"type": "heading", "attrs": {"level": len(sign)}, "content": list(_inline(words))}
        case "-":
            return {"type": "bulletList", "content": _items(lines)}
        case ">":
            return _quotation(lines)
        case "|":
            return _table(lines)
    return _paragraph(" ".join(line.strip() for line in lines))


def _paragraph(text: str) -> Node:
    content = list(_inline(text))
    return {"type": "paragraph", "content": content} if content else {"type": "paragraph"}


def _items(lines: list[str]) -> list[Node]:
    return [{"type": "listItem", "content": [_paragraph(line.partition(" ")[2])]} for line in lines]


def _quotation(lines: list[str]) -> Node:
    *words, last = (line.removeprefix(">").strip() for line in lines)
    speaker, _, role = last.removeprefix("— ").partition(" | ")
    attrs = {"speaker": speaker.strip(), "role": role.strip()}
    return {"type": "quotation", "attrs": attrs, "content": [_paragraph(" ".join(words))]}


def _table(lines: list[str]) -> Node:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    by_row = rows[0][0].startswith(": ")
    content: list[Node] = []
    for index, row in enumerate(rows):
        cells = []
        for place, cell in enumerate(row):
            is_name = (place if by_row else index) == 0
            words = _paragraph(cell.removeprefix(": "))
            cells.append({"type": "tableHeader" if is_name else "tableCell", "content": [words]})
        content.append({"type": "tableRow", "content": cells})
    return {"type": "table", "content": content}


def _inline(text: str) -> Iterator[Node]:
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            yield {"type": "text", "text": text[end : found.start()]}
        yield _marked_node(found)
        end = found.end()
    if end < len(text):
        yield {"type": "text", "text": text[end:]}


def _marked_node(found: re.Match[str]) -> Node:
    if found["footnote"]:
        return {"type": "footnote", "attrs": {"text": found["footnote"]}}
    if found["kind"]:
        return {"type": "gap", "attrs": {"kind": found["kind"], "name": found["name"], "value": ""}}
    mark, words = ("bold", found["strong"]) if found["strong"] else ("italic", found["emphasis"])
    return {"type": "text", "text": words, "marks": [{"type": mark}]}

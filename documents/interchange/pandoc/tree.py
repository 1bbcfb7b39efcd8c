"""pandoc's tree, as far as we write it. https://hackage.haskell.org/package/pandoc-types"""

from collections.abc import Sequence
from typing import Any, Final

type Tree = dict[str, Any]

API: Final = [1, 23, 1]
SPACE: Final[Tree] = {"t": "Space"}
LINE_BREAK: Final[Tree] = {"t": "LineBreak"}


def node_attributes(*classes: str, **pairs: str) -> list[Any]:
    """Return the attributes of a span, div or picture; `_` in a name becomes `-`."""
    return ["", list(classes), [[name.replace("_", "-"), value] for name, value in pairs.items()]]


def node(kind: str, content: Any) -> Tree:
    return {"t": kind, "c": content}


def word_nodes(text: str) -> list[Tree]:
    """Return pandoc's inlines: spaces are separate nodes, no-break spaces are characters."""
    parts: list[Tree] = []
    for number, part in enumerate(text.split(" ")):
        if number:
            parts.append(SPACE)
        if part:
            parts.append(node("Str", part))
    return parts


def raw_node(form: str, text: str) -> Tree:
    return node("RawInline", [form, text])


def span_node(content: list[Tree], *classes: str, **pairs: str) -> Tree:
    return node("Span", [node_attributes(*classes, **pairs), content])


def footnote_node(text: str) -> Tree:
    return node("Note", [node("Para", word_nodes(text))])


def styled_node(blocks: list[Tree], style: str) -> Tree:
    """Return blocks in a style of the file, by its name."""
    return node("Div", [node_attributes(custom_style=style), blocks])


def table_node(rows: Sequence[Sequence[list[Tree]]], *, headed: bool) -> Tree:
    """Return a table with columns of equal width; `headed`: its first row names the columns."""
    width = max(len(row) for row in rows)
    columns = [[{"t": "AlignDefault"}, node("ColWidth", 1 / width)]] * width
    made = [
        [node_attributes(), [[node_attributes(), {"t": "AlignDefault"}, 1, 1, blocks] for blocks in row]]
        for row in rows
    ]
    head, body = (made[:1], made[1:]) if headed else ([], made)
    caption: list[Any] = [None, []]
    parts = [[node_attributes(), head], [[node_attributes(), 0, [], body]], [node_attributes(), []]]
    return node("Table", [node_attributes(), caption, columns, *parts])

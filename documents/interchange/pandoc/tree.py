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


def document_node(blocks: list[Tree], language: str) -> Tree:
    meta = {"lang": {"t": "MetaString", "c": language}}
    return {"pandoc-api-version": API, "meta": meta, "blocks": blocks}


def word_nodes(text: str) -> list[Tree]:
    """Return pandoc's inlines: spaces are separate nodes, no-break spaces are characters."""
    parts: list[Tree] = []
    for number, part in enumerate(text.split(" ")):
        if number:
            parts.append(SPACE)
        if part:
            parts.append({"t": "Str", "c": part})
    return parts


def raw_node(form: str, text: str) -> Tree:
    return {"t": "RawInline", "c": [form, text]}


def span_node(content: list[Tree], *classes: str, **pairs: str) -> Tree:
    return {"t": "Span", "c": [node_attributes(*classes, **pairs), content]}


def strong_node(content: list[Tree]) -> Tree:
    return {"t": "Strong", "c": content}


def emphasis_node(content: list[Tree]) -> Tree:
    return {"t": "Emph", "c": content}


def link_node(content: list[Tree], href: str) -> Tree:
    return {"t": "Link", "c": [node_attributes(), content, [href, ""]]}


def image_node(content: list[Tree], source: str, width: str) -> Tree:
    return {"t": "Image", "c": [node_attributes(width=width), content, [source, ""]]}


def footnote_node(text: str) -> Tree:
    return {"t": "Note", "c": [paragraph_node(word_nodes(text))]}


def paragraph_node(content: list[Tree]) -> Tree:
    return {"t": "Para", "c": content}


def styled_node(blocks: list[Tree], style: str) -> Tree:
    """Return blocks in a style of the file, by its name."""
    return {"t": "Div", "c": [node_attributes(custom_style=style), blocks]}


def header_node(level: int, content: list[Tree]) -> Tree:
    return {"t": "Header", "c": [level, node_attributes("unnumbered"), content]}


def quote_node(blocks: list[Tree]) -> Tree:
    return {"t": "BlockQuote", "c": blocks}


def bullet_list_node(items: list[list[Tree]]) -> Tree:
    return {"t": "BulletList", "c": items}


def ordered_list_node(items: list[list[Tree]], start: int) -> Tree:
    return {"t": "OrderedList", "c": [[start, {"t": "Decimal"}, {"t": "Period"}], items]}


def table_node(rows: Sequence[Sequence[list[Tree]]], *, headed: bool) -> Tree:
    """Return a table with columns of equal width; `headed`: its first row names the columns."""
    width = max(len(row) for row in rows)
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": 1 / width}]] * width
    made = [[node_attributes(), [_cell(blocks) for blocks in row]] for row in rows]
    head, body = (made[:1], made[1:]) if headed else ([], made)
    caption: list[Any] = [None, []]
    return {
        "t": "Table",
        "c": [
            node_attributes(),
            caption,
            columns,
            [node_attributes(), head],
            [[node_attributes(), 0, [], body]],
            [node_attributes(), []],
        ],
    }


def _cell(blocks: list[Tree]) -> list[Any]:
    return [node_attributes(), {"t": "AlignDefault"}, 1, 1, blocks]

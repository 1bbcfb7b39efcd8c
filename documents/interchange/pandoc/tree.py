"""pandoc's tree, as far as we write it. https://hackage.haskell.org/package/pandoc-types"""

from collections.abc import Sequence
from typing import Any, Final

type Tree = dict[str, Any]

API: Final = [1, 23, 1]
SPACE: Final[Tree] = {"t": "Space"}
LINE_BREAK: Final[Tree] = {"t": "LineBreak"}


def attributes(*classes: str, **pairs: str) -> list[Any]:
    """Attributes of a span, div or picture; `_` in a name stands for `-`."""
    return ["", list(classes), [[name.replace("_", "-"), value] for name, value in pairs.items()]]


def document(blocks: list[Tree], language: str) -> Tree:
    meta = {"lang": {"t": "MetaString", "c": language}}
    return {"pandoc-api-version": API, "meta": meta, "blocks": blocks}


def words(text: str) -> list[Tree]:
    """Words as pandoc has them: spaces are nodes of their own, no-break spaces are characters."""
    parts: list[Tree] = []
    for number, part in enumerate(text.split(" ")):
        if number:
            parts.append(SPACE)
        if part:
            parts.append({"t": "Str", "c": part})
    return parts


def raw(form: str, text: str) -> Tree:
    return {"t": "RawInline", "c": [form, text]}


def span(content: list[Tree], *classes: str, **pairs: str) -> Tree:
    return {"t": "Span", "c": [attributes(*classes, **pairs), content]}


def strong(content: list[Tree]) -> Tree:
    return {"t": "Strong", "c": content}


def emphasis(content: list[Tree]) -> Tree:
    return {"t": "Emph", "c": content}


def link(content: list[Tree], href: str) -> Tree:
    return {"t": "Link", "c": [attributes(), content, [href, ""]]}


def image(content: list[Tree], source: str, width: str) -> Tree:
    return {"t": "Image", "c": [attributes(width=width), content, [source, ""]]}


def note(text: str) -> Tree:
    return {"t": "Note", "c": [paragraph(words(text))]}


def paragraph(content: list[Tree]) -> Tree:
    return {"t": "Para", "c": content}


def styled(blocks: list[Tree], style: str) -> Tree:
    """Blocks in a style of the file's own, by its name."""
    return {"t": "Div", "c": [attributes(custom_style=style), blocks]}


def header(level: int, content: list[Tree]) -> Tree:
    return {"t": "Header", "c": [level, attributes("unnumbered"), content]}


def quote(blocks: list[Tree]) -> Tree:
    return {"t": "BlockQuote", "c": blocks}


def bullets(items: list[list[Tree]]) -> Tree:
    return {"t": "BulletList", "c": items}


def numbers(items: list[list[Tree]], start: int) -> Tree:
    return {"t": "OrderedList", "c": [[start, {"t": "Decimal"}, {"t": "Period"}], items]}


def table(rows: Sequence[Sequence[list[Tree]]], *, headed: bool) -> Tree:
    """A table whose columns are equally wide; `headed`: its first row names the columns."""
    width = max(len(row) for row in rows)
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": 1 / width}]] * width
    made = [[attributes(), [_cell(blocks) for blocks in row]] for row in rows]
    head, body = (made[:1], made[1:]) if headed else ([], made)
    caption: list[Any] = [None, []]
    return {
        "t": "Table",
        "c": [
            attributes(),
            caption,
            columns,
            [attributes(), head],
            [[attributes(), 0, [], body]],
            [attributes(), []],
        ],
    }


def _cell(blocks: list[Tree]) -> list[Any]:
    return [attributes(), {"t": "AlignDefault"}, 1, 1, blocks]

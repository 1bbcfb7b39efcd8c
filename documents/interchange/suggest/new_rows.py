"""Whole rows that a file has and the text has not, as suggested paragraphs beside the line they follow."""

from collections.abc import Sequence
from typing import Final

from documents.interchange.diff.edits import NewRow
from documents.interchange.diff.inserted import inline
from documents.interchange.diff.tokens import Json, Line
from documents.interchange.suggest.marked_text import node_at
from documents.interchange.suggest.result import Suggested

_HEADS: Final = 2  # title and lead stand first
_LOOK_AHEAD: Final = 40  # lines
_LISTS: Final = frozenset({"bulletList", "orderedList"})
_CELLS: Final = frozenset({"tableCell", "tableHeader"})
_QUOTES: Final = frozenset({"blockquote", "quotation"})


def put_rows(done: Suggested, now: Sequence[Line], number: int, rows: Sequence[NewRow]) -> None:
    """Put the rows behind the line `number` of the text now (-1: before all), in their order."""
    new = [row for row in rows if not _is_there(done, row, now[number + 1 : number + _LOOK_AHEAD])]
    done.already += len(rows) - len(new)
    behind = now[number] if number >= 0 else None
    begun: tuple[int, Json] | None = None  # the list that the row behind this one has begun
    for row in reversed(new):
        block = _block(row, done.new_id(row.change), in_root=_depth(behind, row) == 0)
        begun = _put(done.marked, behind, row, block, begun)


def _is_there(done: Suggested, row: NewRow, following: Sequence[Line]) -> bool:
    """Whether one of the next lines is this row, inserted under the same name."""
    words = "".join(unit.text for unit, _line in row.units).strip()
    for line in following:
        units = line.units
        if not units or any(one.state.kind != "insertion" for one in units):
            return False
        same = units[0].state.who == done.authors.name(row.change)
        if same and "".join(one.text for one in units).strip() == words:
            return True
    return False


def _put(
    marked: Json, behind: Line | None, row: NewRow, block: Json, begun: tuple[int, Json] | None
) -> tuple[int, Json] | None:
    depth = _depth(behind, row)
    path = behind.path if behind is not None and behind.path else (_HEADS - 1,)
    parent = node_at(marked, path[:depth])
    place = path[depth] + 1 if depth else max(_HEADS, path[0] + 1)
    if _in_list(row) and parent["type"] in _LISTS:
        parent["content"].insert(place, {"type": "listItem", "content": [block]})
    elif _in_list(row) and depth == 0:
        item = {"type": "listItem", "content": [block]}
        kind, number = next(one for one in reversed(row.source.around) if one[0] in _LISTS)
        if begun is not None and begun[0] == number:
            begun[1]["content"].insert(0, item)
            return begun
        made = {"type": kind, "content": [item]}
        parent["content"].insert(place, made)
        return number, made
    else:
        parent["content"].insert(place, block)
    return None


def _depth(behind: Line | None, row: NewRow) -> int:
    """How deep in the path of the line before it the new block stands: 0 is the root.

    It stands in the same list, quote or cell if it does so in the file, and in an approved block never.
    """
    inside = [name for name, _number in behind.around] if behind is not None and behind.path else []
    for index, name in enumerate(inside):
        leaves_list = name in _LISTS and not _in_list(row)
        leaves_quote = name in _QUOTES and not _in_quote(row)
        leaves_table = name == "table" and not _in_cell(row)
        if name == "approvedBlock" or leaves_list or leaves_quote or leaves_table:
            return index
    return len(inside) - (1 if inside and inside[-1] == "listItem" else 0)


def _in_list(row: NewRow) -> bool:
    return any(name in _LISTS for name, _number in row.source.around)


def _in_quote(row: NewRow) -> bool:
    return row.source.style == "Quotation" or any(name == "blockquote" for name, _ in row.source.around)


def _in_cell(row: NewRow) -> bool:
    return any(name in _CELLS for name, _number in row.source.around)


def _block(row: NewRow, identifier: str, *, in_root: bool) -> Json:
    marks = [{"type": "insertion", "attrs": {"id": identifier}}]
    content = inline(row.units, plain=False)
    if in_root and row.source.kind == "heading":
        attrs = {"level": row.source.attrs.get("level", 2)}
        return {"type": "heading", "attrs": attrs, "marks": marks, "content": content}
    return {"type": "paragraph", "marks": marks, "content": content}

"""Paragraphs whose ends somebody inserted or deleted, in a text that a file becomes.

The editor has two forms for it: a whole paragraph is suggested by a mark on its block; where words stand on
both sides of an end, marks of one suggestion stand on both sides of it (on ANCHOR, where no words of it are).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from documents.interchange.diff.tokens import Json
from documents.interchange.suggest.marked_text import ANCHOR, TEXT_BLOCKS
from documents.interchange.suggest.result import Authors

END: Final = "end"
"""The key under which a block has the change of its end, as a reading does, until `settle_ends`."""
_HEADS: Final = frozenset({"title", "lead"})
_INSERTION, _DELETION = "insertion", "deletion"


@dataclass(slots=True)
class _Built:
    """A row of words, the number of the block around it, and the change of its end: (kind, number)."""

    node: Json
    parent: int
    end: tuple[str, int] | None

    def ends(self, kind: str) -> bool:
        return self.end is not None and self.end[0] == kind

    @property
    def words(self) -> str:
        return "".join(one.get("text", "") for one in self.node.get("content") or ())


def settle_ends(doc: Json, authors: Authors, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Make suggestions of the changed ends, in place. `names`: who suggests, by the id of a suggestion.

    Returns what cannot be suggested, as (code of `reasons.py`, words).
    """
    rows = list(_rows(doc))
    settling = _Settling(rows, authors, names)
    settling.settle(_INSERTION)
    settling.settle(_DELETION)
    return settling.not_taken


def follow_empty_row(before: Json | None, end: Json | None) -> None:
    """A row without words is left out behind `before`; `end` is the change of the empty row's end. What is
    between two rows then stays suggested only if both ends are."""
    if before is not None and END in before and (end is None or end["kind"] != before[END]["kind"]):
        del before[END]


def _rows(node: Json) -> Iterator[_Built]:
    for child in node.get("content") or ():
        if child["type"] in TEXT_BLOCKS:
            end = child.pop(END, None)
            yield _Built(child, id(node), (end["kind"], int(end["id"])) if end else None)
        else:
            yield from _rows(child)


class _Settling:
    def __init__(self, rows: Sequence[_Built], authors: Authors, names: Mapping[str, str]) -> None:
        self.rows = rows
        self.authors = authors
        self.names = names
        self.not_taken: list[tuple[str, str]] = []

    def settle(self, kind: str) -> None:
        """Rows whose ends were inserted are one row without the change; deleted ones, with it."""
        chain: list[_Built] = []
        for row in self.rows:
            chain.append(row)
            if not row.ends(kind):
                self._chain(chain, kind)
                chain = []
        self._chain(chain, kind)

    def _chain(self, chain: Sequence[_Built], kind: str) -> None:
        """Rows before and behind all words that stay are suggested as a whole."""
        if len(chain) < 2:
            return
        staying = [index for index, row in enumerate(chain) if not self._is_whole(row, kind)]
        first, last = (staying[0], staying[-1]) if staying else (len(chain), len(chain))
        for index, row in enumerate(chain):
            if not first <= index <= last:
                _mark_block(row.node, kind)
        for before, after in zip(chain[first:last], chain[first + 1 : last + 1], strict=True):
            self._across(before, after, kind)

    def _is_whole(self, row: _Built, kind: str) -> bool:
        """Whether one person inserted, or deleted, all words of a row."""
        ids = [_id_of(one, kind) for one in row.node.get("content") or ()]
        return (
            row.node["type"] not in _HEADS
            and bool(ids)
            and all(ids)
            and len({self.names[one] for one in ids if one is not None}) == 1
        )

    def _across(self, row: _Built, following: _Built, kind: str) -> None:
        """Let one suggestion reach over the end of a row."""
        assert row.end is not None  # noqa: S101  the caller has asked
        if row.parent != following.parent or {row.node["type"], following.node["type"]} & _HEADS:
            self.not_taken.append(("paragraph_end", row.words))
            return
        before, after = row.node["content"], following.node["content"]
        name = self.authors.name(row.end[1])
        ours = _id_of(before[-1], kind)
        if ours is None or self.names[ours] != name:
            ours = self.authors.new_id(row.end[1])
            before.append(_anchor(kind, ours))
        theirs = _id_of(after[0], kind)
        if theirs is not None and self.names[theirs] == name:
            _rename(after, theirs, ours)
        else:
            after.insert(0, _anchor(kind, ours))


def _id_of(node: Json, kind: str) -> str | None:
    return next((str(one["attrs"]["id"]) for one in node.get("marks") or () if one["type"] == kind), None)


def _mark_block(node: Json, kind: str) -> None:
    """Move the mark from the words of a row to its block."""
    identifier = _id_of(node["content"][0], kind)
    for one in node["content"]:
        kept = [mark for mark in one["marks"] if mark["type"] != kind]
        one.pop("marks")
        if kept:
            one["marks"] = kept
    node["marks"] = [{"type": kind, "attrs": {"id": identifier}}]


def _rename(content: Sequence[Json], old: str, new: str) -> None:
    for mark in (mark for one in content for mark in one.get("marks") or ()):
        if (mark.get("attrs") or {}).get("id") == old:
            mark["attrs"] = {"id": new}


def _anchor(kind: str, identifier: str) -> Json:
    return {"type": "text", "text": ANCHOR, "marks": [{"type": kind, "attrs": {"id": identifier}}]}

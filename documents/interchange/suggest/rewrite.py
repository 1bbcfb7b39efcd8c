"""Application of a file's changes to one line of the text, as inline suggestions.

The words of the text stay in their nodes, split where a suggestion begins or ends, with new words
between them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.canonical.form import Json
from documents.interchange.diff.differences import inline
from documents.interchange.diff.matching import InsertedUnits
from documents.interchange.diff.tokens import END as ROWS_END, DiffLine, TextUnit
from documents.interchange.suggest.marked_text import (
    ANCHOR,
    TEXT_BLOCKS,
    SuggestionAuthors,
    SuggestionOutcome,
    node_at,
)

_HEADS: Final = frozenset({"title", "lead"})
_SPLIT: Final = "split"


@dataclass(slots=True)
class LineEdits:
    """`words`: insertions by the index of the following unit; `gone`: the change that deletes each
    unit; `joined`: the change that deletes the line's end."""

    words: dict[int, list[InsertedUnits]] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)
    joined: int | None = None


def rewrite_line(done: SuggestionOutcome, now: Sequence[DiffLine], number: int, edits: LineEdits) -> None:
    """Write the edits of one line into `done.marked`. Later lines may have been written before."""
    _LineRewrite(done, now[number], edits).write(now[number + 1] if number + 1 < len(now) else None)


class _LineRewrite:
    def __init__(self, done: SuggestionOutcome, line: DiffLine, edits: LineEdits) -> None:
        self.done = done
        self.line = line
        self.edits = edits
        self.node = node_at(done.marked, line.path)
        self.content: list[Json] = []
        self.run = ""  # name of the last suggested piece's author
        self.current = ""

    def write(self, following: DiffLine | None) -> None:
        # Skip units that an existing suggestion already deletes or has inserted.
        units = self.line.units
        inside = ""
        for index in list(self.edits.gone):
            kind = units[index].state.kind
            if kind:
                inside += units[index].text if kind == "insertion" else ""
                del self.edits.gone[index]
        if inside:
            self.done.not_taken.append(("inside_suggestion", inside))
        if self._is_gone():
            change = next(iter(self.edits.gone.values()))
            mark = {"type": "deletion", "attrs": {"id": self.done.new_id(change)}}
            self.node["marks"] = [*self.node.get("marks", ()), mark]
            return
        if self.edits.gone or self.edits.words:
            self._walk()
            # Set the block's content; a split adds more blocks after it.
            parts: list[list[Json]] = [[]]
            for node in self.content:
                if node["type"] == _SPLIT:
                    anchor = {"type": "text", "text": ANCHOR, "marks": node["marks"]}
                    parts[-1].append(anchor)
                    parts.append([dict(anchor)])
                else:
                    parts[-1].append(node)
            self.node["content"] = parts[0]
            parent, place = node_at(self.done.marked, self.line.path[:-1]), self.line.path[-1]
            for offset, content in enumerate(parts[1:], 1):
                block = {**self.node, "content": content}
                parent["content"].insert(place + offset, block)
        if self.edits.joined is not None:
            self._join(following, self.edits.joined)

    def _is_gone(self) -> bool:
        """Whether one author deletes the line with all its words, without a replacement."""
        units, gone = self.line.units, self.edits.gone
        return (
            self.line.kind not in _HEADS
            and not self.edits.words
            and bool(gone)
            and len(gone) == sum(not one.state.kind for one in units)
            and all(one.state.kind != "insertion" for one in units)
            and len({self.done.authors.name(change) for change in gone.values()}) == 1
        )

    # --- the content, piece by piece ---------------------------------------------------------------

    def _walk(self) -> None:
        units = self.line.units
        by_piece: dict[int, list[int]] = {}
        for index, unit in enumerate(units):
            by_piece.setdefault(unit.piece, []).append(index)
        for piece, source in enumerate(self.line.pieces):
            indices = by_piece.get(piece, [])
            if source.node["type"] != "text":
                self._atom(source.node, indices)
            else:
                self._text(source.node, indices)
        if not units:
            self._insert(0)

    def _text(self, node: Json, indices: Sequence[int]) -> None:
        """Split a text node at its edits. Characters outside units go with the words before."""
        units, words = self.line.units, node["text"]
        begun = 0
        for index in indices:
            unit = units[index]
            if index == 0 and 0 in self.edits.words:
                self._keep(node, words[begun : unit.start])
                begun = unit.start
                self._insert(0)
            if index in self.edits.gone:
                self._keep(node, words[begun : unit.start])
                self._delete({**node, "text": words[unit.start : unit.end]}, self.edits.gone[index])
                begun = unit.end
            if index + 1 in self.edits.words:  # right after this unit: an anchor stays at the end
                self._keep(node, words[begun : unit.end])
                begun = unit.end
                self._insert(index + 1)
        self._keep(node, words[begun:])

    def _keep(self, node: Json, words: str) -> None:
        if words:
            self.content.append({**node, "text": words})
            self.run = ""

    def _atom(self, node: Json, indices: Sequence[int]) -> None:
        """Delete a fact, a gap or a note as a whole; its replacement is plain words."""
        inside = [index for index in indices[1:] if index in self.edits.words]
        gone = [index for index in indices if index in self.edits.gone]
        if indices and indices[0] == 0:
            self._insert(0)
        if (inside or gone) and not self.line.units[indices[0]].state.kind:
            change = self.edits.gone[gone[0]] if gone else self.edits.words[inside[0]][0].change
            self._delete(node, change)
            if inside or len(gone) < len(indices):
                self._insert_units(list(self._left_of(indices)), change)
        else:
            self.content.append(node)
            self.run = ""
            for index in inside:
                self._insert(index)
        if indices:
            self._insert(indices[-1] + 1)

    def _left_of(self, indices: Sequence[int]) -> Iterator[tuple[TextUnit, DiffLine]]:
        """Yield the file's content in place of an atom."""
        source = DiffLine("paragraph", self.line.pieces)
        for index in indices:
            if index != indices[0]:
                for edit in self.edits.words.get(index, ()):
                    yield from edit.units
            if index not in self.edits.gone:
                yield self.line.units[index], source

    # --- suggestions -------------------------------------------------------------------------------

    def _delete(self, node: Json, change: int) -> None:
        mark = {"type": "deletion", "attrs": {"id": self._id_for(change)}}
        last = self.content[-1] if self.content else None
        marked = {**node, "marks": [*node.get("marks", ()), mark]}
        if last and last["type"] == node["type"] == "text" and last.get("marks") == marked["marks"]:
            last["text"] += node["text"]
        else:
            self.content.append(marked)

    def _insert(self, index: int) -> None:
        for edit in self.edits.words.get(index, ()):
            if self._is_there(edit, index):
                self.done.already += 1
            else:
                self._insert_units(edit.units, edit.change)

    def _insert_units(self, units: Sequence[tuple[TextUnit, DiffLine]], change: int) -> None:
        plain = self.line.kind in _HEADS
        identifier = self._id_for(change)
        part: list[tuple[TextUnit, DiffLine]] = []
        for unit, line in units:
            if unit.text == ROWS_END:
                self.content += inline(part, plain=plain, identifier=identifier)
                part = []
                mark = {"type": "insertion", "attrs": {"id": identifier}}
                if self.line.kind in _HEADS:
                    self.content.append({"type": "text", "text": " ", "marks": [mark]})
                else:
                    self.content.append({"type": _SPLIT, "marks": [mark]})
            else:
                part.append((unit, line))
        self.content += inline(part, plain=plain, identifier=identifier)

    def _id_for(self, change: int) -> str:
        """Return one suggestion id for adjacent words of one author, deleted and inserted."""
        name = self.done.authors.name(change)
        if not self.run or self.run != name:
            self.run = name
            self.current = self.done.new_id(change)
        return self.current

    def _is_there(self, edit: InsertedUnits, index: int) -> bool:
        """Whether the same words are here already, inserted under the same name."""
        words = [unit.text for unit, _line in edit.units if unit.text != ROWS_END]
        name = self.done.authors.name(edit.change)
        if not words:
            return index == len(self.line.units) and self.line.end.who == name
        there = self.line.units[index : index + len(words)]
        return [one.text for one in there] == words and all(
            one.state.kind == "insertion" and one.state.who == name for one in there
        )  # fmt: skip

    # --- the block ---------------------------------------------------------------------------------

    def _join(self, following: DiffLine | None, change: int) -> None:
        path = self.line.path
        if following is None or following.path[:-1] != path[:-1] or {self.line.kind, following.kind} & _HEADS:
            self.done.not_taken.append(("joined", "¶"))
            return
        if self.line.end.kind:
            return
        mark = {"type": "deletion", "attrs": {"id": self.done.new_id(change)}}
        anchor = {"type": "text", "text": ANCHOR, "marks": [mark]}
        siblings = node_at(self.done.marked, path[:-1])["content"]
        self.node["content"] = [*self.node.get("content", ()), anchor]
        other = siblings[path[-1] + 1]
        other["content"] = [dict(anchor), *other.get("content", ())]


# Inserted or deleted paragraph ends, in a file that becomes a new text.
#
# The editor has two forms: a mark on the block suggests a whole paragraph; between words, marks of
# one suggestion are on both sides of the end (on ANCHOR if the suggestion has no words there).

# The key under which a block has the change of its end, as a reading does, until `settle_ends`.
END: Final = "end"


@dataclass(slots=True)
class _BuiltRow:
    """A row of words, the id of its parent block, and the change of its end: (kind, number)."""

    node: Json
    parent: int
    end: tuple[str, int] | None


def settle_ends(doc: Json, authors: SuggestionAuthors, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Convert the changed ends to suggestions, in place. `names`: the authors by suggestion id.

    Returns what cannot be suggested, as (code of `reasons.py`, words).
    """
    settling = _EndSettler(list(_rows(doc)), authors, names)
    settling.settle("insertion")
    settling.settle("deletion")
    return settling.not_taken


def follow_empty_row(before: Json | None, end: Json | None) -> None:
    """Adjust the end of `before` when the empty row after it is omitted.

    `end` is the change of the empty row's end. The end between two rows then stays suggested
    only if both ends are.
    """
    if before is not None and END in before and (end is None or end["kind"] != before[END]["kind"]):
        del before[END]


def _rows(node: Json) -> Iterator[_BuiltRow]:
    for child in node.get("content") or ():
        if child["type"] in TEXT_BLOCKS:
            end = child.pop(END, None)
            yield _BuiltRow(child, id(node), (end["kind"], int(end["id"])) if end else None)
        else:
            yield from _rows(child)


class _EndSettler:
    def __init__(
        self, rows: Sequence[_BuiltRow], authors: SuggestionAuthors, names: Mapping[str, str]
    ) -> None:
        self.rows = rows
        self.authors = authors
        self.names = names
        self.not_taken: list[tuple[str, str]] = []

    def settle(self, kind: str) -> None:
        """Group rows by changed ends: one row without the insertions, or with the deletions."""
        chain: list[_BuiltRow] = []
        for row in self.rows:
            chain.append(row)
            if row.end is None or row.end[0] != kind:
                self._chain(chain, kind)
                chain = []
        self._chain(chain, kind)

    def _chain(self, chain: Sequence[_BuiltRow], kind: str) -> None:
        """Suggest whole rows before and after the words that stay."""
        if len(chain) < 2:
            return
        staying = [index for index, row in enumerate(chain) if not self._is_whole(row, kind)]
        first, last = (staying[0], staying[-1]) if staying else (len(chain), len(chain))
        for index, row in enumerate(chain):
            if not first <= index <= last:
                # Move the mark from the words of a row to its block.
                identifier = _id_of(row.node["content"][0], kind)
                for one in row.node["content"]:
                    kept = [mark for mark in one["marks"] if mark["type"] != kind]
                    one.pop("marks")
                    if kept:
                        one["marks"] = kept
                row.node["marks"] = [{"type": kind, "attrs": {"id": identifier}}]
        for before, after in zip(chain[first:last], chain[first + 1 : last + 1], strict=True):
            self._across(before, after, kind)

    def _is_whole(self, row: _BuiltRow, kind: str) -> bool:
        """Whether one person inserted, or deleted, all words of a row."""
        ids = [_id_of(one, kind) for one in row.node.get("content") or ()]
        return (
            row.node["type"] not in _HEADS
            and bool(ids)
            and all(ids)
            and len({self.names[one] for one in ids if one is not None}) == 1
        )

    def _across(self, row: _BuiltRow, following: _BuiltRow, kind: str) -> None:
        """Extend one suggestion across the end of a row."""
        assert row.end is not None  # noqa: S101  the caller has asked
        if row.parent != following.parent or {row.node["type"], following.node["type"]} & _HEADS:
            words = "".join(one.get("text", "") for one in row.node.get("content") or ())
            self.not_taken.append(("paragraph_end", words))
            return
        before, after = row.node["content"], following.node["content"]
        name = self.authors.name(row.end[1])
        ours = _id_of(before[-1], kind)
        if ours is None or self.names[ours] != name:
            ours = self.authors.new_id(row.end[1])
            before.append(_anchor(kind, ours))
        theirs = _id_of(after[0], kind)
        if theirs is not None and self.names[theirs] == name:
            for mark in (mark for one in after for mark in one.get("marks") or ()):
                if (mark.get("attrs") or {}).get("id") == theirs:
                    mark["attrs"] = {"id": ours}
        else:
            after.insert(0, _anchor(kind, ours))


def _id_of(node: Json, kind: str) -> str | None:
    return next((str(one["attrs"]["id"]) for one in node.get("marks") or () if one["type"] == kind), None)


def _anchor(kind: str, identifier: str) -> Json:
    return {"type": "text", "text": ANCHOR, "marks": [{"type": kind, "attrs": {"id": identifier}}]}

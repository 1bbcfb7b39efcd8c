"""The lines of a marked text as a file of it has them, and the lines of a file that was read."""

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.labels import Labels
from documents.interchange.diff.tokens import NOTE, PLAIN, Json, Line, Piece, State
from documents.interchange.reader.metadata import FileChange
from documents.interchange.suggest.marked_text import ATOMS, TEXT_BLOCKS, Change, change_of, text_blocks

_INLINE: Final = frozenset({*ATOMS, "text"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file shows of a text beside its words: who suggests, in which words gaps and pictures are
    named, the rows of the letterhead, the pictures that are in it, and whether it can say that the end of
    a paragraph is suggested."""

    name_of: Callable[[str], str]
    labels: Labels
    letterhead: Sequence[str] = ()
    pictures: Collection[str] = ()
    ends: bool = True


def lines_of_text(marked: Json, shown: Shown) -> list[Line]:
    """The lines of a marked text, in the order in which its file has them; rows without words have none."""
    return _running_on(_Text(marked, shown).lines())


def lines_of_reading(reading: Json, changes: Sequence[FileChange]) -> list[Line]:
    """The lines of a file, empty ones too: their ends count."""
    return _running_on(list(_Reading(changes).lines(reading, ())))


def _running_on(lines: list[Line]) -> list[Line]:
    for line, following in itertools.pairwise(lines):
        following.runs_on = bool(line.end.kind)
    return lines


class _Text:
    def __init__(self, marked: Json, shown: Shown) -> None:
        self.marked = marked
        self.shown = shown
        self.blocks = {block.path: block for block in text_blocks(marked)}

    def lines(self) -> list[Line]:
        head = [self._attached(row, "letterhead", (), ()) for row in self.shown.letterhead]
        return [*head, *self._lines(self.marked, (), (), None)]

    def _lines(
        self, node: Json, path: tuple[int, ...], around: tuple[tuple[str, int], ...], change: Change | None
    ) -> Iterator[Line]:
        for index, child in enumerate(node.get("content") or ()):
            here = (*path, index)
            own = change or change_of(child)
            if child["type"] in TEXT_BLOCKS:
                if here in self.blocks:
                    yield self._row(here, around)
            elif child["type"] == "picture":
                yield from self._picture(child, here, around, own)
            elif child["type"] not in _INLINE:
                yield from self._container(child, here, around, own)

    def _container(
        self, node: Json, path: tuple[int, ...], around: tuple[tuple[str, int], ...], change: Change | None
    ) -> Iterator[Line]:
        if node["type"] == "approvedBlock":
            yield self._attached(self.shown.labels.approved, "attached", path, around)
        inside = list(self._lines(node, path, (*around, (node["type"], _number(path))), change))
        yield from inside
        if node["type"] == "quotation" and inside:
            attrs = node.get("attrs") or {}
            who = ", ".join(filter(None, (words_in(attrs.get("speaker")), words_in(attrs.get("role")))))
            if who:
                yield self._attached(f"— {who}", "attached", path, around, change)

    def _picture(
        self, node: Json, path: tuple[int, ...], around: tuple[tuple[str, int], ...], change: Change | None
    ) -> Iterator[Line]:
        attrs = node.get("attrs") or {}
        if attrs.get("id") not in self.shown.pictures:
            alt = self.shown.labels.picture % {"alt": words_in(attrs.get("alt"))}
            yield self._attached(f"[{alt}]", "attached", path, around, change)
        for name in ("caption", "credit"):
            if words := words_in(attrs.get(name)):
                yield self._attached(words, "attached", path, around, change)

    def _attached(
        self,
        words: str,
        why: str,
        path: tuple[int, ...],
        around: tuple[tuple[str, int], ...],
        change: Change | None = None,
    ) -> Line:
        """A row that stands in an attribute of the block at the path, or in none."""
        piece = Piece({"type": "text", "text": words}, self._state(change), words)
        return Line("attached", [piece], path, why, around=around)

    def _row(self, path: tuple[int, ...], around: tuple[tuple[str, int], ...]) -> Line:
        block = self.blocks[path]
        pieces = []
        for node in block.node.get("content") or ():
            state = self._state(block.change or change_of(node))
            pieces.append(Piece(node, state, self._words(node)))
        end = self._state(block.end) if self.shown.ends else PLAIN
        fixed = "approved" if any(name == "approvedBlock" for name, _number in around) else ""
        return Line(block.node["type"], pieces, path, fixed, end, around)

    def _state(self, change: Change | None) -> State:
        return PLAIN if change is None else State(change.kind, self.shown.name_of(change.id), change.id)

    def _words(self, node: Json) -> str:
        attrs = node.get("attrs") or {}
        match node["type"]:
            case "footnote":
                return f"{NOTE}{words_in(attrs.get('text'))}{NOTE}"
            case "fact":
                return f"{words_in(attrs.get('words'))}{NOTE}{words_in(attrs.get('source'))}{NOTE}"
            case "gap":
                name = self.shown.labels.gap % {"name": words_in(attrs.get("name"))}
                return words_in(attrs.get("value")) or f"[{name}]"
        return str(node["text"])


class _Reading:
    def __init__(self, changes: Sequence[FileChange]) -> None:
        self.changes = changes
        self.blocks = 0

    def lines(self, node: Json, around: tuple[tuple[str, int], ...]) -> Iterator[Line]:
        for child in node.get("content") or ():
            if child["type"] in TEXT_BLOCKS:
                yield self._row(child, around)
            else:
                self.blocks += 1
                yield from self.lines(child, (*around, (child["type"], self.blocks)))

    def _row(self, node: Json, around: tuple[tuple[str, int], ...]) -> Line:
        pieces = [piece for one in node.get("content") or () for piece in self._pieces(one)]
        end = node.get("end")
        state = self._state(end["kind"], end["id"]) if end else PLAIN
        attrs = node.get("attrs") or {}
        return Line(node["type"], pieces, end=state, around=around, style=node.get("style", ""), attrs=attrs)

    def _pieces(self, node: Json) -> Iterator[Piece]:
        kinds = {mark["type"]: mark["attrs"]["id"] for mark in node["marks"] if mark["type"] in _CHANGES}
        state = PLAIN
        if "insertion" in kinds:
            state = self._state("insertion", kinds["insertion"], out=kinds.get("deletion", ""))
        elif "deletion" in kinds:
            state = self._state("deletion", kinds["deletion"])
        if node["type"] == "text":
            yield Piece(node, state, node["text"])
        else:
            yield Piece(node, state, f"{NOTE}{node['attrs']['text']}{NOTE}")

    def _state(self, kind: str, number: str, out: str = "") -> State:
        return State(kind, self.changes[int(number)].author, number, out)


_CHANGES: Final = frozenset({"insertion", "deletion"})


def _number(path: tuple[int, ...]) -> int:
    """A number that only this block has."""
    number = 0
    for index in path:
        number = number * 100_003 + index + 1
    return number


def words_in(value: object) -> str:
    """Words that stand in an attribute, in their normal form."""
    return normal_characters(value).strip(ALL_SPACES) if isinstance(value, str) else ""

"""A file that becomes a text of its own: its rows as title, lead and blocks, its tracked changes as
suggestions of their authors. Styles say what our own files were; in others title and headings are known."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.interchange.diff.tokens import Json
from documents.interchange.reader.document import in_rows
from documents.interchange.suggest.paragraph_ends import END, follow_empty_row, settle_ends
from documents.interchange.suggest.result import Authors

_INLINE_MARKS: Final = frozenset({"bold", "italic", "link"})
_CHANGES: Final = frozenset({"insertion", "deletion"})
_DROPPED: Final = frozenset({"Letterhead", "Approved Text"})
_TITLES: Final = frozenset({"Own Title", "Heading 1"})
_LEADS: Final = frozenset({"Lead", "Own Subtitle"})
_QUOTATION, _SPEAKER = "Quotation", "Speaker"
_LONGEST_HEAD: Final = {"title": 300, "lead": 1000}


@dataclass(frozen=True, slots=True)
class NewText:
    """`not_taken`: what of the file cannot come in, as (code of `reasons.py`, words)."""

    marked: Json
    not_taken: list[tuple[str, str]]


def new_text(reading: Json, authors: Authors, threads: Mapping[str, str] | None = None) -> NewText:
    """The marked text. Neighbouring words that one author changed are one suggestion.

    `threads`: the id of the thread for the number of a comment in the file; other comments leave no mark.
    """
    building = _Building(authors, threads or {})
    marked = building.text(reading["content"])
    ends = settle_ends(marked, building.authors, building.names)
    return NewText(marked, [*building.not_taken, *ends])


def title_in(reading: Json) -> str:
    """The words of the file's title, without what was suggested to be inserted; or nothing."""
    for block in reading["content"]:
        if block.get("style") in _TITLES:
            return _words(block, without="insertion")
    return ""


class _Building:
    def __init__(self, authors: Authors, threads: Mapping[str, str]) -> None:
        self.names: dict[str, str] = {}  # under whose name, by the id of a suggestion
        self.authors = Authors(self._new_id(authors), authors.name)
        self.threads = threads
        self.not_taken: list[tuple[str, str]] = []
        self.last: Json | None = None  # the last row that was built
        self.run = ""  # under whose name the last words are suggested, and in which suggestion
        self.current = ""

    def text(self, blocks: Sequence[Json]) -> Json:
        heads: dict[str, Json] = {"title": {"type": "title"}, "lead": {"type": "lead"}}
        left = [block for block in blocks if block.get("style") not in _DROPPED]
        for name, styles in (("title", _TITLES), ("lead", _LEADS)):
            if left and self._is_head(left[0], name, styles):
                row = left.pop(0)
                content = self._inline(row, plain=True)
                if content:
                    heads[name]["content"] = content
                    self._built(heads[name], row)
        body = list(self._blocks(left)) or [{"type": "paragraph"}]
        return {"type": "doc", "content": [heads["title"], heads["lead"], *body]}

    def _is_head(self, block: Json, name: str, styles: frozenset[str]) -> bool:
        return block.get("style") in styles and len(_words(block)) <= _LONGEST_HEAD[name]

    def _blocks(self, blocks: Sequence[Json]) -> Iterator[Json]:
        index = 0
        while index < len(blocks):
            end = index
            while end < len(blocks) and blocks[end].get("style") == _QUOTATION:
                end += 1
            spoken = end < len(blocks) and blocks[end].get("style") == _SPEAKER
            if end > index and spoken:
                yield self._quotation(blocks[index:end], blocks[end])
                index = end + 1
                continue
            yield from self._block(blocks[index])
            index += 1

    def _quotation(self, rows: Iterable[Json], speaker: Json) -> Json:
        who, _comma, role = _words(speaker).removeprefix("—").strip().partition(", ")
        content = [made for row in rows for made in self._block(row)]
        return {"type": "quotation", "attrs": {"speaker": who, "role": role}, "content": content}

    def _block(self, block: Json) -> Iterator[Json]:
        kind = block["type"]
        if kind in {"paragraph", "heading"}:
            content = self._inline(block)
            if content:
                made: Json = {"type": kind, "content": content}
                if kind == "heading":
                    made["attrs"] = {"level": block["attrs"]["level"]}
                self._built(made, block)
                yield made
            else:
                follow_empty_row(self.last, block.get(END))
            return
        inside = [made for child in block["content"] for made in self._block(child)]
        if kind == "listItem" and inside and inside[0]["type"] != "paragraph":
            inside.insert(0, {"type": "paragraph"})
        if kind in {"tableCell", "tableHeader"}:
            inside = in_rows(inside) or [{"type": "paragraph"}]
        if inside:
            made = {"type": kind, "content": inside}
            if kind == "orderedList":
                made["attrs"] = block["attrs"]
            yield made

    def _built(self, made: Json, row: Json) -> None:
        self.last = made
        if END in row:
            made[END] = row[END]

    def _inline(self, block: Json, *, plain: bool = False) -> list[Json]:
        made: list[Json] = []
        self.run = ""
        for node in block.get("content") or ():
            marks = [one for one in node["marks"] if one["type"] in _INLINE_MARKS and not plain]
            changes = {one["type"]: one["attrs"]["id"] for one in node["marks"] if one["type"] in _CHANGES}
            if len(changes) == 2:
                continue  # inserted by one and deleted by another: it never stood
            for kind, number in changes.items():
                marks.append({"type": kind, "attrs": {"id": self._id_for(int(number))}})
            marks += [{"type": "comment", "attrs": {"id": one}} for one in self._threads_on(node)]
            self.run = self.run if changes else ""
            if node["type"] == "text":
                made.append({"type": "text", "text": normal_characters(node["text"]), "marks": marks})
            elif not plain:
                made.append({"type": "footnote", "attrs": {"text": node["attrs"]["text"]}, "marks": marks})
            else:
                self.not_taken.append(("head_note", node["attrs"]["text"]))
        kept = [one for one in made if one.get("text") != ""]
        if not any(one["type"] != "text" or one["text"].strip(ALL_SPACES) for one in kept):
            return []
        return [one if one["marks"] else {key: one[key] for key in one if key != "marks"} for one in kept]

    def _threads_on(self, node: Json) -> Iterator[str]:
        for mark in node["marks"]:
            if mark["type"] == "comment" and mark["attrs"]["id"] in self.threads:
                yield self.threads[mark["attrs"]["id"]]

    def _new_id(self, authors: Authors) -> Callable[[int], str]:
        def new_id(change: int) -> str:
            made = authors.new_id(change)
            self.names[made] = authors.name(change)
            return made

        return new_id

    def _id_for(self, change: int) -> str:
        name = self.authors.name(change)
        if not self.run or self.run != name:
            self.run, self.current = name, self.authors.new_id(change)
        return self.current


def _words(block: Json, *, without: str = "") -> str:
    shown = (
        node.get("text", "")
        for node in block.get("content") or ()
        if not any(mark["type"] == without for mark in node["marks"])
    )
    return normal_characters("".join(shown)).strip(ALL_SPACES)

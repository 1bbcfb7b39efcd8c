"""Insertion of whole rows of a file as suggested paragraphs after the line they follow."""

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from xml.sax.saxutils import quoteattr

from documents.canonical.characters import ALL_SPACES, normal_characters
from documents.canonical.form import Json
from documents.drafts.live.resolve import origin_of
from documents.interchange.diff.differences import inline
from documents.interchange.diff.matching import (
    DeletedUnits,
    InsertedRow,
    InsertedUnits,
    JoinedLine,
    Rebase,
    RequestedEdits,
)
from documents.interchange.diff.tokens import DiffLine
from documents.interchange.odt.finish import annotation, annotation_end, deletion_inlines, insertion_inlines
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.tree import Tree
from documents.interchange.reader.document import FileComment, in_rows
from documents.interchange.suggest.marked_text import (
    FileContext,
    SuggestedChange,
    SuggestionAuthors,
    SuggestionOutcome,
    comment_numbers,
    node_at,
)
from documents.interchange.suggest.rewrite import END, LineEdits, follow_empty_row, rewrite_line, settle_ends

_HEADS: Final = 2  # title and lead come first
_LOOK_AHEAD: Final = 40  # lines
_LISTS: Final = frozenset({"bulletList", "orderedList"})
_CELLS: Final = frozenset({"tableCell", "tableHeader"})
_QUOTES: Final = frozenset({"blockquote", "quotation"})


def insert_rows(
    done: SuggestionOutcome, now: Sequence[DiffLine], number: int, rows: Sequence[InsertedRow]
) -> None:
    """Insert the rows after the current line `number` (-1: before all), in order."""
    new = [row for row in rows if not _is_there(done, row, now[number + 1 : number + _LOOK_AHEAD])]
    done.already += len(rows) - len(new)
    behind = now[number] if number >= 0 else None
    begun: tuple[int, Json] | None = None  # the list started by the previous row
    for row in reversed(new):
        block = _new_block(row, done.new_id(row.change), in_root=_insertion_depth(behind, row) == 0)
        begun = _insert_row(done.marked, behind, row, block, begun)


def _is_there(done: SuggestionOutcome, row: InsertedRow, following: Sequence[DiffLine]) -> bool:
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


def _insert_row(
    marked: Json, behind: DiffLine | None, row: InsertedRow, block: Json, begun: tuple[int, Json] | None
) -> tuple[int, Json] | None:
    depth = _insertion_depth(behind, row)
    path = behind.path if behind is not None and behind.path else (_HEADS - 1,)
    parent = node_at(marked, path[:depth])
    place = path[depth] + 1 if depth else max(_HEADS, path[0] + 1)
    item = {"type": "listItem", "content": [block]}
    if _in_list(row) and parent["type"] in _LISTS:
        parent["content"].insert(place, item)
    elif _in_list(row) and depth == 0:
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


def _insertion_depth(behind: DiffLine | None, row: InsertedRow) -> int:
    """Return the depth of the new block in the path of the line before it: 0 is the root.

    It is inside the same list, quote or cell as in the file, and never in an approved block.
    """
    inside = [name for name, _number in behind.around] if behind is not None and behind.path else []
    for index, name in enumerate(inside):
        leaves_list = name in _LISTS and not _in_list(row)
        leaves_quote = name in _QUOTES and not (
            row.source.style == "Quotation" or any(name == "blockquote" for name, _ in row.source.around)
        )
        leaves_table = name == "table" and not any(name in _CELLS for name, _number in row.source.around)
        if name == "approvedBlock" or leaves_list or leaves_quote or leaves_table:
            return index
    return len(inside) - (1 if inside and inside[-1] == "listItem" else 0)


def _in_list(row: InsertedRow) -> bool:
    return any(name in _LISTS for name, _number in row.source.around)


def _new_block(row: InsertedRow, identifier: str, *, in_root: bool) -> Json:
    marks = [{"type": "insertion", "attrs": {"id": identifier}}]
    content = inline(row.units, plain=False)
    if in_root and row.source.kind == "heading":
        attrs = {"level": row.source.attrs.get("level", 2)}
        return {"type": "heading", "attrs": attrs, "marks": marks, "content": content}
    return {"type": "paragraph", "marks": marks, "content": content}


# A file as a new text: its rows as title, lead and blocks, its tracked changes as suggestions of
# their authors. Styles identify the blocks of our own files; of others only title and headings.
_INLINE_MARKS: Final = frozenset({"bold", "italic", "link"})
_CHANGES: Final = frozenset({"insertion", "deletion"})
_DROPPED: Final = frozenset({"Letterhead", "Approved Text"})
_TITLES: Final = frozenset({"Own Title", "Heading 1"})
_LEADS: Final = frozenset({"Lead", "Own Subtitle"})
_QUOTATION, _SPEAKER = "Quotation", "Speaker"
_LONGEST_HEAD: Final = {"title": 300, "lead": 1000}


def build_new_text(
    reading: Json, authors: SuggestionAuthors, threads: Mapping[str, str] | None = None
) -> tuple[Json, list[tuple[str, str]]]:
    """Return the marked text, and what cannot be imported as (code of `reasons.py`, words).

    Adjacent words changed by one author are one suggestion.

    `threads`: the thread's id by the number of a comment in the file; other comments leave no mark.
    """
    building = _Building(authors, threads or {})
    marked = building.text(reading["content"])
    ends = settle_ends(marked, building.authors, building.names)
    return marked, [*building.not_taken, *ends]


def title_in(reading: Json) -> str:
    """Return the words of the file's title, without suggested insertions, or an empty string."""
    for block in reading["content"]:
        if block.get("style") in _TITLES:
            return _words(block, without="insertion")
    return ""


class _Building:
    def __init__(self, authors: SuggestionAuthors, threads: Mapping[str, str]) -> None:
        self.names: dict[str, str] = {}  # name of each suggestion, by id
        self.given = authors
        self.authors = SuggestionAuthors(self._new_id, authors.name)
        self.threads = threads
        self.not_taken: list[tuple[str, str]] = []
        self.last: Json | None = None  # the last row that was built
        self.run = ""  # name of the last suggested words' author
        self.current = ""

    def text(self, blocks: Sequence[Json]) -> Json:
        heads: dict[str, Json] = {"title": {"type": "title"}, "lead": {"type": "lead"}}
        left = [block for block in blocks if block.get("style") not in _DROPPED]
        for name, styles in (("title", _TITLES), ("lead", _LEADS)):
            if left and left[0].get("style") in styles and len(_words(left[0])) <= _LONGEST_HEAD[name]:
                row = left.pop(0)
                content = self._inline(row, plain=True)
                if content:
                    heads[name]["content"] = content
                    self._built(heads[name], row)
        body = list(self._blocks(left)) or [{"type": "paragraph"}]
        return {"type": "doc", "content": [heads["title"], heads["lead"], *body]}

    def _blocks(self, blocks: Sequence[Json]) -> Iterator[Json]:
        index = 0
        while index < len(blocks):
            end = index
            while end < len(blocks) and blocks[end].get("style") == _QUOTATION:
                end += 1
            spoken = end < len(blocks) and blocks[end].get("style") == _SPEAKER
            if end > index and spoken:
                who, _comma, role = _words(blocks[end]).removeprefix("—").strip().partition(", ")
                content = [made for row in blocks[index:end] for made in self._block(row)]
                yield {"type": "quotation", "attrs": {"speaker": who, "role": role}, "content": content}
                index = end + 1
                continue
            yield from self._block(blocks[index])
            index += 1

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
                continue  # inserted by one and deleted by another: never part of the text
            for kind, number in changes.items():
                marks.append({"type": kind, "attrs": {"id": self._id_for(int(number))}})
            numbers = [one["attrs"]["id"] for one in node["marks"] if one["type"] == "comment"]
            threads = [self.threads[number] for number in numbers if number in self.threads]
            marks += [{"type": "comment", "attrs": {"id": thread}} for thread in threads]
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

    def _new_id(self, change: int) -> str:
        made = self.given.new_id(change)
        self.names[made] = self.given.name(change)
        return made

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


class TreeTarget(StrEnum):
    """The output format of a tree."""

    DOCX = "docx"
    ODT = "odt"
    PAGES = "pages"  # for viewing: without comments


_PILCROW: Final = "\u00b6"
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def file_timestamp(at: datetime.datetime) -> str:
    """Return a time as both kinds of files write it."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SuggestionWriter:
    """Writer of suggestions and comments for one file."""

    def __init__(self, context: FileContext, target: TreeTarget) -> None:
        self.context = context
        self.target = target
        self.numbers = comment_numbers(context.threads.values())

    def wrapped(self, content: list[Tree], change: SuggestedChange | None) -> list[Tree]:
        """Return the words as part of the suggestion."""
        if change is None or not content:
            return content
        if self.target is TreeTarget.PAGES:
            return [tree.span_node(content, change.kind)]
        author, at = self._who(change)
        if self.target is TreeTarget.DOCX:
            return [tree.span_node(content, change.kind, author=author, date=at)]
        make = insertion_inlines if change.inserts else deletion_inlines
        return make(content, author, at)

    def row_end(self, change: SuggestedChange | None) -> list[Tree]:
        """Return the marker at the end of a row whose end is part of a suggestion."""
        if change is None:
            return []
        if self.target is TreeTarget.PAGES:
            return [tree.span_node(tree.word_nodes(_PILCROW), change.kind)]
        if self.target is TreeTarget.ODT:
            return []
        author, at = self._who(change)
        name = "ins" if change.inserts else "del"
        mark = f'<w:{name} w:id="0" w:author={quoteattr(author)} w:date="{at}"/>'
        return [tree.raw_node("openxml", mark)]

    def thread_starts(self, threads: tuple[str, ...]) -> list[Tree]:
        """Return the comment starts; in a Word file each answer is a separate comment."""
        made: list[Tree] = []
        for thread in (self.context.threads[one] for one in threads):
            numbers = self.numbers[thread.id]
            if self.target is TreeTarget.ODT:
                made.append(annotation(numbers[0], thread, file_timestamp(thread.remarks[0].at)))
            elif self.target is TreeTarget.DOCX:
                for number, one in zip(numbers, thread.remarks, strict=True):
                    attributes = {"id": number, "author": one.author, "date": file_timestamp(one.at)}
                    made.append(tree.span_node(_lines(one.words), "comment-start", **attributes))
        return made

    def thread_ends(self, threads: tuple[str, ...]) -> list[Tree]:
        if self.target is TreeTarget.ODT:
            return [annotation_end(self.numbers[one][0]) for one in threads]
        if self.target is TreeTarget.PAGES:
            return []
        numbers = (number for one in threads for number in self.numbers[one])
        return [tree.span_node([], "comment-end", id=number) for number in numbers]

    def _who(self, change: SuggestedChange) -> tuple[str, str]:
        origin = origin_of(change.id)
        return self.context.name_of(change.id), file_timestamp(origin.at if origin else _EPOCH)


def _lines(words: str) -> list[Tree]:
    content: list[Tree] = []
    for index, line in enumerate(words.split("\n")):
        content += [tree.LINE_BREAK] if index else []
        content += tree.word_nodes(line)
    return content


def apply_as_suggestions(
    requested: RequestedEdits,
    *,
    before: Sequence[DiffLine],
    now: Sequence[DiffLine],
    marked: Json,
    authors: SuggestionAuthors,
) -> SuggestionOutcome:
    """Apply `requested` (relative to the lines `before`) to a copy of the current text `marked`, whose
    lines are `now`. Changes without a place are reported in `not_taken`."""
    done = SuggestionOutcome(copy.deepcopy(marked), authors, not_taken=list(requested.not_taken))
    lines, rows = _edits_by_line(requested, Rebase(before, now), done)
    # From the end to the beginning, so that earlier positions stay valid.
    for number in sorted({*lines, *rows}, reverse=True):
        if number in rows:
            insert_rows(done, now, number, rows[number])
        if number in lines:
            rewrite_line(done, now, number, lines[number])
    done.ids.reverse()
    return done


def _edits_by_line(
    requested: RequestedEdits, rebase: Rebase, done: SuggestionOutcome
) -> tuple[dict[int, LineEdits], dict[int, list[InsertedRow]]]:
    """Return the edits and the inserted rows by current line."""
    lines: dict[int, LineEdits] = defaultdict(LineEdits)
    rows: dict[int, list[InsertedRow]] = defaultdict(list)
    for edit in requested.edits:
        match edit:
            case InsertedRow():
                rows[rebase.line_or_before(edit.behind)].append(edit)
            case JoinedLine() if edit.line in rebase.lines:
                lines[rebase.lines[edit.line]].joined = edit.change
            case JoinedLine():
                done.not_taken.append(("moved", "¶"))
            case DeletedUnits():
                for index in edit.units:
                    place = rebase.unit(edit.line, index)
                    if place is not None:  # otherwise it was deleted since
                        lines[rebase.lines[edit.line]].gone[place] = edit.change
            case InsertedUnits():
                spot = rebase.spot(edit.at)
                if spot is None:
                    done.not_taken.append(("moved", "".join(unit.text for unit, _line in edit.units)))
                else:
                    lines[spot.line].words.setdefault(spot.place, []).append(edit)
    return lines, rows


# In place of an author's name: of comments that came in by a file no author is kept.
ANYBODY = ""


@dataclass(frozen=True, slots=True)
class IncomingThread:
    """New comments of a file in one thread, the first one first.

    `number`: that of the thread's first comment in the file. `thread`: the id of the text's thread that they
    answer; empty for a new one. `resolved`: a new thread is marked as resolved in the file.
    """

    number: int
    comments: tuple[FileComment, ...]
    thread: str = ""
    resolved: bool = False


def incoming_threads(
    comments: Sequence[FileComment], known: Sequence[Json] = ()
) -> tuple[list[IncomingThread], list[str]]:
    """Return the threads with new comments, and the ids of the text's threads resolved in the file.

    `known`: the threads in the file when it was made, and those imported from it since: `id` of a
    thread, its `remarks` as [author, moment, words], and whether it was `resolved`.
    """
    keys = {str(one["id"]): _keys_of(one) for one in known}
    done = {str(one["id"]) for one in known if one.get("resolved")}
    found, resolved = [], []
    for number, answers in _group_answers(comments).items():
        first = comments[number]
        thread = next((one for one, there in keys.items() if _is_known_comment(there, first)), "")
        new = [one for one in answers if one.words and not _is_known_comment(keys.get(thread, set()), one)]
        if not thread:
            new = [one for one in (first, *new) if one.words]
        elif first.resolved and thread not in done:
            resolved.append(thread)
        if new:
            found.append(IncomingThread(number, tuple(new), thread, first.resolved and not thread))
    return found, resolved


def _group_answers(comments: Sequence[FileComment]) -> dict[int, list[FileComment]]:
    """Return the answers to each top-level comment, by its number, the earliest first."""
    grouped: dict[int, list[FileComment]] = {}
    for number, comment in enumerate(comments):
        first = _first_comment(comments, number)
        grouped.setdefault(first, []).extend([comment] if first != number else [])
    return {number: sorted(answers, key=lambda one: one.at) for number, answers in grouped.items()}


def _first_comment(comments: Sequence[FileComment], number: int) -> int:
    """Return the comment that started the thread; answers in a file may form a cycle."""
    seen = {number}
    while (parent := comments[number].parent) is not None and parent not in seen:
        seen.add(parent)
        number = parent
    return number if parent is None else min(seen)


def _keys_of(thread: Json) -> set[tuple[str, str]]:
    first, *answers = thread["remarks"]
    every = {_comment_key(author, words) for author, _at, words in thread["remarks"]}
    # Formats without replies, and older files of ours, include them in the first comment.
    below = [first[2], *(f"— {author}: {words}" for author, _at, words in answers)]
    return every | {_comment_key(first[0], " ".join(below))}


def _is_known_comment(keys: set[tuple[str, str]], comment: FileComment) -> bool:
    return bool(keys & {_comment_key(comment.author, comment.words), _comment_key(ANYBODY, comment.words)})


def _comment_key(author: str, words: str) -> tuple[str, str]:
    return author, "".join(words.split())

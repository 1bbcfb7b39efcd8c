"""Application of a file's changes to the marked text, as suggestions in their authors' names."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from documents.canonical.form import Json
from documents.interchange.diff.rebase import (
    DeletedUnits,
    InsertedRow,
    InsertedUnits,
    JoinedLine,
    Rebase,
    RequestedEdit,
    RequestedEdits,
)
from documents.interchange.diff.tokens import DiffLine
from documents.interchange.reader.document import FileComment
from documents.interchange.suggest.new_rows import insert_rows
from documents.interchange.suggest.rewrite import LineEdits, rewrite_line
from documents.interchange.suggest.threads import SuggestionAuthors, SuggestionOutcome


def apply_as_suggestions(
    asked: RequestedEdits,
    *,
    before: Sequence[DiffLine],
    now: Sequence[DiffLine],
    marked: Json,
    authors: SuggestionAuthors,
) -> SuggestionOutcome:
    """Apply `asked` (relative to the lines `before`) to a copy of the current text `marked`, whose
    lines are `now`. Changes without a place are reported in `not_taken`."""
    done = SuggestionOutcome(copy.deepcopy(marked), authors, not_taken=list(asked.not_taken))
    placing = _EditsByLine(Rebase(before, now), done)
    for edit in asked.edits:
        placing.place(edit)
    # From the end to the beginning, so that earlier positions stay valid.
    for number in sorted({*placing.lines, *placing.rows}, reverse=True):
        if number in placing.rows:
            insert_rows(done, now, number, placing.rows[number])
        if number in placing.lines:
            rewrite_line(done, now, number, placing.lines[number])
    done.ids.reverse()
    return done


class _EditsByLine:
    """Collector of the edits by current line."""

    def __init__(self, rebase: Rebase, done: SuggestionOutcome) -> None:
        self.rebase = rebase
        self.done = done
        self.lines: dict[int, LineEdits] = {}
        self.rows: dict[int, list[InsertedRow]] = {}

    def place(self, edit: RequestedEdit) -> None:
        match edit:
            case InsertedRow():
                self.rows.setdefault(self.rebase.line_or_before(edit.behind), []).append(edit)
            case JoinedLine():
                self._joined(edit)
            case DeletedUnits():
                self._gone(edit)
            case InsertedUnits():
                self._words(edit)

    def _line(self, line: int) -> LineEdits:
        return self.lines.setdefault(line, LineEdits())

    def _joined(self, edit: JoinedLine) -> None:
        line = self.rebase.line(edit.line)
        if line is None:
            self.done.not_taken.append(("moved", "¶"))
        else:
            self._line(line).joined = edit.change

    def _gone(self, edit: DeletedUnits) -> None:
        for index in edit.units:
            now = self.rebase.unit(edit.line, index)
            if now is not None:  # otherwise it was deleted since
                self._line(self.rebase.lines[edit.line]).gone[now] = edit.change

    def _words(self, edit: InsertedUnits) -> None:
        spot = self.rebase.spot(edit.at)
        if spot is None:
            self.done.not_taken.append(("moved", "".join(unit.text for unit, _line in edit.units)))
        else:
            self._line(spot.line).words.setdefault(spot.place, []).append(edit)


# --- comments ---
# Comments of a file as threads: which are new, and which existing threads they answer.


ANYBODY = ""


"""In place of an author's name: of comments that came in by a file no author is kept."""


@dataclass(frozen=True, slots=True)
class IncomingThread:
    """New comments of a file in one thread, the first one first.

    `number`: that of the thread's first comment in the file. `thread`: the id of the text's
    thread that they answer; empty for a new one. `resolved`: a new thread is marked as resolved
    in the file.
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
        thread = next((one for one, said in keys.items() if _is_known_comment(said, first)), "")
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
        if first == number:
            grouped.setdefault(number, [])
        else:
            grouped.setdefault(first, []).append(comment)
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

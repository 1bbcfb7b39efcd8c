"""Writing what a file asks for into the marked text, as suggestions in the names of those who changed it."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from documents.interchange.diff.rebase import Asked, Edit, Gone, Joined, NewRow, Rebase, Words
from documents.interchange.diff.tokens import Json, Line
from documents.interchange.reader.metadata import FileComment
from documents.interchange.suggest.new_rows import put_rows
from documents.interchange.suggest.rewrite import LineEdits, rewrite
from documents.interchange.suggest.threads import Authors, Suggested


def suggest(
    asked: Asked, *, before: Sequence[Line], now: Sequence[Line], marked: Json, authors: Authors
) -> Suggested:
    """What `asked` (found against the lines `before`) makes of the text as it is now: `marked`, whose lines
    are `now`. The arguments stay as they are. Whatever finds no place is told in `not_taken`."""
    done = Suggested(copy.deepcopy(marked), authors, not_taken=list(asked.not_taken))
    placing = _Placing(Rebase(before, now), done)
    for edit in asked.edits:
        placing.place(edit)
    # From the end to the beginning, so that places in front stay what they are.
    for number in sorted({*placing.lines, *placing.rows}, reverse=True):
        if number in placing.rows:
            put_rows(done, now, number, placing.rows[number])
        if number in placing.lines:
            rewrite(done, now, number, placing.lines[number])
    done.ids.reverse()
    return done


class _Placing:
    """Gathers the edits by the line of the text now."""

    def __init__(self, rebase: Rebase, done: Suggested) -> None:
        self.rebase = rebase
        self.done = done
        self.lines: dict[int, LineEdits] = {}
        self.rows: dict[int, list[NewRow]] = {}

    def place(self, edit: Edit) -> None:
        match edit:
            case NewRow():
                self.rows.setdefault(self.rebase.line_or_before(edit.behind), []).append(edit)
            case Joined():
                self._joined(edit)
            case Gone():
                self._gone(edit)
            case Words():
                self._words(edit)

    def _line(self, line: int) -> LineEdits:
        return self.lines.setdefault(line, LineEdits())

    def _joined(self, edit: Joined) -> None:
        line = self.rebase.line(edit.line)
        if line is None:
            self.done.not_taken.append(("moved", "¶"))
        else:
            self._line(line).joined = edit.change

    def _gone(self, edit: Gone) -> None:
        for index in edit.units:
            now = self.rebase.unit(edit.line, index)
            if now is not None:  # otherwise somebody took it out since
                self._line(self.rebase.lines[edit.line]).gone[now] = edit.change

    def _words(self, edit: Words) -> None:
        spot = self.rebase.spot(edit.at)
        if spot is None:
            self.done.not_taken.append(("moved", "".join(unit.text for unit, _line in edit.units)))
        else:
            self._line(spot.line).words.setdefault(spot.place, []).append(edit)


# --- comments ---
# Comments of a file as threads: which of them are new, and in which thread of the text they are answers.


ANYBODY = ""


"""In place of an author's name: of comments that came in by a file no author is kept."""


@dataclass(frozen=True, slots=True)
class IncomingThread:
    """New comments of a file that belong together, the first one first. `number`: that of the comment of the
    file which they hang on. `thread`: the id of the text's thread that they answer in; empty for a new one.
    `resolved`: the file says that a new one is done."""

    number: int
    comments: tuple[FileComment, ...]
    thread: str = ""
    resolved: bool = False


def incoming_threads(
    comments: Sequence[FileComment], known: Sequence[Json] = ()
) -> tuple[list[IncomingThread], list[str]]:
    """The threads with something new in them, and the ids of threads of the text that were resolved in the
    file.

    `known`: what the file showed when it was made, and what came in by it since: `id` of a thread, its
    `remarks` as [author, moment, words], and whether it was `resolved`.
    """
    keys = {str(one["id"]): _keys_of(one) for one in known}
    done = {str(one["id"]) for one in known if one.get("resolved")}
    found, resolved = [], []
    for number, answers in _grouped(comments).items():
        first = comments[number]
        thread = next((one for one, said in keys.items() if _is_in(said, first)), "")
        new = [one for one in answers if one.words and not _is_in(keys.get(thread, set()), one)]
        if not thread:
            new = [one for one in (first, *new) if one.words]
        elif first.resolved and thread not in done:
            resolved.append(thread)
        if new:
            found.append(IncomingThread(number, tuple(new), thread, first.resolved and not thread))
    return found, resolved


def _grouped(comments: Sequence[FileComment]) -> dict[int, list[FileComment]]:
    """The answers to each comment that answers none, by its number, the earliest first."""
    grouped: dict[int, list[FileComment]] = {}
    for number, comment in enumerate(comments):
        first = _first(comments, number)
        if first == number:
            grouped.setdefault(number, [])
        else:
            grouped.setdefault(first, []).append(comment)
    return {number: sorted(answers, key=lambda one: one.at) for number, answers in grouped.items()}


def _first(comments: Sequence[FileComment], number: int) -> int:
    """The comment that began the thread; a file may name its answers in a circle."""
    seen = {number}
    while (parent := comments[number].parent) is not None and parent not in seen:
        seen.add(parent)
        number = parent
    return number if parent is None else min(seen)


def _keys_of(thread: Json) -> set[tuple[str, str]]:
    first, *answers = thread["remarks"]
    every = {_key(author, words) for author, _at, words in thread["remarks"]}
    # Files that know no answers, and older ones of ours, have them below the first comment.
    below = [first[2], *(f"— {author}: {words}" for author, _at, words in answers)]
    return every | {_key(first[0], " ".join(below))}


def _is_in(keys: set[tuple[str, str]], comment: FileComment) -> bool:
    return bool(keys & {_key(comment.author, comment.words), _key(ANYBODY, comment.words)})


def _key(author: str, words: str) -> tuple[str, str]:
    return author, "".join(words.split())

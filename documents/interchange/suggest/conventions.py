"""How each kind of file says that words are suggested and that somebody commented on them."""

import datetime
from enum import StrEnum
from typing import Final
from xml.sax.saxutils import quoteattr

from documents.interchange.odt.changes import annotation, annotation_end, deletion, insertion
from documents.interchange.pandoc import tree
from documents.interchange.pandoc.tree import Tree
from documents.interchange.suggest.identity import identity_of
from documents.interchange.suggest.marked_text import Change
from documents.interchange.suggest.threads import Around, Thread, comment_numbers


class Target(StrEnum):
    """For what a tree is made."""

    DOCX = "docx"
    ODT = "odt"
    PAGES = "pages"  # to be looked at: without comments


_PILCROW: Final = "\u00b6"


def moment(at: datetime.datetime) -> str:
    """A time as both kinds of files write it."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Suggesting:
    """Wraps words for one file."""

    def __init__(self, around: Around, target: Target) -> None:
        self.around = around
        self.target = target
        self.numbers = comment_numbers(around.threads.values())

    def wrapped(self, content: list[Tree], change: Change | None) -> list[Tree]:
        """The words as part of the suggestion."""
        if change is None or not content:
            return content
        if self.target is Target.PAGES:
            return [tree.span(content, change.kind)]
        author, at = self._who(change)
        if self.target is Target.DOCX:
            return [tree.span(content, change.kind, author=author, date=at)]
        make = insertion if change.inserts else deletion
        return make(content, author, at)

    def row_end(self, change: Change | None) -> list[Tree]:
        """What stands at the end of a row whose end is part of a suggestion."""
        if change is None:
            return []
        if self.target is Target.PAGES:
            return [tree.span(tree.words(_PILCROW), change.kind)]
        if self.target is Target.ODT:
            return []
        author, at = self._who(change)
        name = "ins" if change.inserts else "del"
        mark = f'<w:{name} w:id="0" w:author={quoteattr(author)} w:date="{at}"/>'
        return [tree.raw("openxml", mark)]

    def thread_starts(self, threads: tuple[str, ...]) -> list[Tree]:
        if self.target is Target.PAGES:
            return []
        return [start for one in threads for start in self._starts(self.around.threads[one])]

    def thread_ends(self, threads: tuple[str, ...]) -> list[Tree]:
        if self.target is Target.PAGES:
            return []
        return [end for one in threads for end in self._ends(one)]

    def _starts(self, thread: Thread) -> list[Tree]:
        """In a Word file each answer is a comment of its own on the same words."""
        numbers, first = self.numbers[thread.id], thread.remarks[0]
        if self.target is Target.ODT:
            return [
                annotation(numbers[0], first.author, moment(first.at), thread.words, resolved=thread.resolved)
            ]
        return [
            tree.span(_lines(one.words), "comment-start", id=number, author=one.author, date=moment(one.at))
            for number, one in zip(numbers, thread.remarks, strict=True)
        ]

    def _ends(self, thread: str) -> list[Tree]:
        numbers = self.numbers[thread]
        if self.target is Target.ODT:
            return [annotation_end(numbers[0])]
        return [tree.span([], "comment-end", id=number) for number in numbers]

    def _who(self, change: Change) -> tuple[str, str]:
        return self.around.name_of(change.id), moment(identity_of(change.id).at)


def _lines(words: str) -> list[Tree]:
    content: list[Tree] = []
    for index, line in enumerate(words.split("\n")):
        content += [tree.LINE_BREAK] if index else []
        content += tree.words(line)
    return content

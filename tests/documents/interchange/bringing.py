"""Bringing a file back into its text without a database: what becomes a suggestion, under whose name."""

import itertools
from dataclasses import dataclass

from documents.canonical.nodes import labels_for
from documents.drafts.live.suggestions import accept_all, open_suggestions_in, reject_all
from documents.interchange.diff.differences import find_requested_edits
from documents.interchange.diff.tokens import FileDisplay, lines_of_reading, lines_of_text
from documents.interchange.formats import SuggestionDisplay, make_document
from documents.interchange.reader.reasons import read_file
from documents.interchange.suggest.marked_text import SuggestionAuthors
from documents.interchange.suggest.new_rows import TreeTarget, apply_as_suggestions
from tests.documents.interchange.made import ORGANISATION, SHEET, around, name_of

LAWYER = "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0bbb"
VIEWS = {
    SuggestionDisplay.SUGGESTIONS: lambda one: one,
    SuggestionDisplay.STANDING: reject_all,
    SuggestionDisplay.ACCEPTED: accept_all,
}
NOBODY = "nobody said"  # the author of what was changed without a trace


@dataclass
class Brought:
    """What came of a file."""

    marked: dict
    asked: object
    done: object
    names: dict
    file: object

    @property
    def new(self):
        """The new suggestions in text order: (kind, before, after, under whose name)."""
        return [
            (one.kind, one.before, one.after, self.names[one.id])
            for one in open_suggestions_in(self.marked)
            if one.id in self.names
        ]

    @property
    def kept(self):
        return [one.id for one in open_suggestions_in(self.marked) if one.id not in self.names]

    def name(self, suggestion):
        return self.names.get(suggestion) or name_of(suggestion)


def docx(marked, *threads):
    return make_document(marked, TreeTarget.DOCX, properties=SHEET, context=around(*threads))


def odt(marked, *threads):
    return make_document(marked, TreeTarget.ODT, properties=SHEET, context=around(*threads))


def bring(content, base, now=None, *, view=SuggestionDisplay.SUGGESTIONS, name=name_of):
    file = read_file(content)
    names = {}
    counter = itertools.count(1)

    def author(change):
        return file.found.changes[change].author if change >= 0 else NOBODY

    def new_id(change):
        made = f"{LAWYER}.{ORGANISATION}.mdqxw1s0.l{next(counter)}"
        names[made] = author(change)
        return made

    shown = FileDisplay(name, labels_for("kk"), ends=file.kind == "docx")
    before = lines_of_text(VIEWS[view](base), shown)
    lines = lines_of_text(base if now is None else now, shown)
    asked = find_requested_edits(before, lines_of_reading(file.reading, file.found.changes))
    done = apply_as_suggestions(
        asked, before=before, now=lines, marked=now or base, authors=SuggestionAuthors(new_id, author)
    )
    return Brought(done.marked, asked, done, names, file)


def words(marked):
    """The words of every row that has some."""
    found = []

    def walk(node):
        if node["type"] in {"title", "lead", "paragraph", "heading"}:
            row = "".join(shown(one) for one in node.get("content") or ())
            if row:
                found.append(row)
        else:
            for child in node.get("content") or ():
                walk(child)

    walk(marked)
    return found


def shown(node):
    attrs = node.get("attrs") or {}
    if node["type"] == "footnote":
        return f"[{attrs['text']}]"
    return node.get("text") or attrs.get("value") or attrs.get("words") or attrs.get("name", "")


__all__ = ["NOBODY", "accept_all", "bring", "docx", "odt", "reject_all", "words"]

"""Preview of a file before it is imported."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coalition.workspaces.permissions import Access
from documents.drafts.live.server_edits import marked_of
from documents.drafts.live.suggestions import Suggestion, open_suggestions_in
from documents.interchange.actions.upload import (
    NOBODY,
    AuthorChoice,
    ImportContext,
    compare_file,
    identities_for_authors,
)
from documents.interchange.comments import comments_to_import, threads_to_resolve
from documents.interchange.diff.rebase import UNTRACKED
from documents.interchange.formats import report_left_out
from documents.interchange.models import IncomingFile
from documents.interchange.reader.file import FileRead
from documents.interchange.reader.metadata import FileComment
from documents.interchange.suggest.apply import incoming_threads
from documents.interchange.suggest.new_rows import build_new_text
from documents.interchange.suggest.threads import SuggestionAuthors


@dataclass(frozen=True)
class FileAuthor:
    """An author of changes: the name in the file (NOBODY: untracked), and the number of changes."""

    name: str
    count: int


@dataclass(frozen=True)
class IncomingChange:
    """One change that would become a suggestion."""

    suggestion: Suggestion
    author: str


@dataclass(frozen=True)
class ImportPreview:
    """`left_out`: what is not imported, as (words, or empty; reason). `taken` and `refused`:
    numbers of suggestions accepted or rejected in the file, which stay open here; `resolved`:
    number of threads resolved in the file, and by the import."""

    authors: list[FileAuthor]
    changes: list[IncomingChange]
    comments: list[FileComment]
    left_out: list[tuple[str, str]]
    taken: int = 0
    refused: int = 0
    already: int = 0
    resolved: int = 0
    words: int = 0
    known: bool = True

    @property
    def names(self) -> list[str]:
        """Return every author name in the file, including NOBODY, in page order."""
        every = [*(one.name for one in self.authors), *(one.author for one in self.comments)]
        return list(dict.fromkeys(every))

    def named(self, told: Mapping[str, str]) -> "ImportPreview":
        """Return the preview with other names in place of those of the file."""
        return replace(
            self,
            changes=[replace(one, author=told[one.author]) for one in self.changes],
            comments=[replace(one, author=told[one.author]) for one in self.comments],
        )


def preview_import(*, access: Access, file: IncomingFile) -> ImportPreview:
    """Preview the import of the file into its current text, or into a new draft."""
    return _preview_revision(access, file) if file.text is not None else _preview_new_draft(file)


def _preview_revision(access: Access, file: IncomingFile) -> ImportPreview:
    text = file.text
    assert text is not None  # noqa: S101  asked before
    marked = marked_of(text)
    comparison = compare_file(file, marked, access.user)
    everyone = dict.fromkeys(comparison.people_in_file(), AuthorChoice.FILE)
    people = identities_for_authors(
        draft=text.draft,
        language=text.language,
        guest_name=file.guest_name,
        user=access.user,
        organisation=access.organisation,
        brought_for=file.organisation,
        choices=everyone,
    )
    bringing = ImportContext(file, access.user, access.organisation, people)
    done = comparison.into(marked, bringing)
    changes = dict(done.ids)
    counted = Counter(_author_of(comparison.read, change) for change in changes.values())
    names = sorted(counted, key=lambda name: (name == NOBODY, name))
    return ImportPreview(
        authors=[FileAuthor(name, counted[name]) for name in names],
        changes=[
            IncomingChange(one, _author_of(comparison.read, changes[one.id]))
            for one in open_suggestions_in(done.marked)
            if one.id in changes
        ],
        comments=comments_to_import(access, text.draft, comparison.threads),
        left_out=comparison.left_out(access, done.not_taken).rows,
        taken=len(comparison.asked.taken),
        refused=len(comparison.asked.refused),
        already=done.already,
        resolved=len(threads_to_resolve(access, text, comparison.resolved)[0]),
        known=file.exported is not None,
    )


def _preview_new_draft(file: IncomingFile) -> ImportPreview:
    read = FileRead.from_json(file.reading)
    numbers: dict[str, int] = {}

    def new_id(change: int) -> str:
        made = f"preview-{len(numbers)}"
        numbers[made] = change
        return made

    made = build_new_text(read.reading, SuggestionAuthors(new_id, lambda change: _author_of(read, change)))
    changes = [
        IncomingChange(one, _author_of(read, numbers[one.id])) for one in open_suggestions_in(made.marked)
    ]
    threads, _resolved = incoming_threads(read.found.comments)
    counted = Counter(one.author for one in changes)
    return ImportPreview(
        authors=[FileAuthor(name, count) for name, count in sorted(counted.items())],
        changes=changes,
        comments=[comment for one in threads for comment in one.comments],
        left_out=report_left_out(read.found, made.not_taken).rows,
        words=len(_text_of(made.marked).split()),
    )


def _author_of(read: FileRead, change: int) -> str:
    return read.found.changes[change].author if change != UNTRACKED else NOBODY


def _text_of(node: dict[str, object]) -> str:
    content = node.get("content") or []
    assert isinstance(content, list)  # noqa: S101  the editor's JSON
    inside = " ".join(map(_text_of, content))
    return f"{node.get('text', '')} {inside}"

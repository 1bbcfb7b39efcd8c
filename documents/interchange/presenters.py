"""Preview of a file before it is imported."""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, may_see_name
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.canonical.editor import to_editor
from documents.canonical.form import Document
from documents.canonical.text import render_text
from documents.drafts.live.server_edits import marked_of
from documents.drafts.live.suggestions import Suggestion, open_suggestions_in
from documents.files.queries import pictures_in
from documents.interchange.actions.upload import (
    NOBODY,
    AuthorChoice,
    ImportContext,
    compare_file,
    identities_for_authors,
)
from documents.interchange.comments import comments_to_import, threads_to_resolve
from documents.interchange.diff.rebase import UNTRACKED
from documents.interchange.file_properties import FileProperties
from documents.interchange.formats import DrawnPicture, FileFormat, draw_for_file, make_docx, report_left_out
from documents.interchange.models import IncomingFile
from documents.interchange.pdf.pages import make_pdf
from documents.interchange.reader.document import FileComment
from documents.interchange.reader.reasons import FileRead
from documents.interchange.suggest.apply import incoming_threads
from documents.interchange.suggest.new_rows import build_new_text
from documents.interchange.suggest.threads import FileContext, SuggestionAuthors


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


# --- file authors ---
# Display names of people known only from a Word file, for one viewer.
#
# The file is named as the source, since the identity is unverified.


def file_author_names(viewer: Viewer, file: IncomingFile, names: Iterable[str]) -> dict[str, str]:
    """Return the names of a file's authors for a viewer before import.

    Authors of an organisation that may not be disclosed are distinguished by numbers. The
    reviewers of a guest's file see its guests in any case.
    """
    known = list(names)
    if file.guest is not None or may_see_name(viewer, file.organisation):
        return {name: name for name in known}
    untold = [name for name in known if name]
    if len(untold) == 1:
        return {name: name and _("Somebody by a Word file") for name in known}
    return {name: name and f"{_('Somebody by a Word file')} ({untold.index(name) + 1})" for name in known}


# --- one document ---
# One canonical document as a file on its own: no suggestions, no comments, nothing that comes back.


def make_document_file(
    document: Document, form: FileFormat, *, workspace: Workspace, language: str, mark: str, holder: str
) -> bytes:
    """The bytes. `mark` stands on every page, `holder` (for whom it is made) in the metadata; pictures are
    taken from the workspace's files. Raises Failed or FileNotFoundError where a program could not do it."""
    sheet = FileProperties(
        title=document["title"], language=language, mark=mark, tracked=False, holder=holder
    )
    if form is FileFormat.PLAIN:
        return f"{sheet.mark}\n\n{render_text(document).rstrip()}\n\n{sheet.mark}\n".encode()
    drawn = _drawn(workspace, document)
    if form is FileFormat.PDF:
        files = {f"{name}.{one.ending}": one.content for name, one in drawn.items()}
        places = {name: (f"{name}.{one.ending}", one.width) for name, one in drawn.items()}
        return make_pdf(_marked(document), sheet=sheet, around=_around(places), files=files)
    data = {name: (_data(one), one.width) for name, one in drawn.items()}
    return make_docx(_marked(document), sheet=sheet, around=_around(data))


def _marked(document: Document) -> dict[str, Any]:
    """Return the document for file export: title and lead first."""
    heads = [
        {"type": kind, "content": [{"type": "text", "text": words}] if words else []}
        for kind, words in (("title", document["title"]), ("lead", document["lead"]))
    ]
    body = json.loads(json.dumps(to_editor(document)))
    return {"type": "doc", "content": [*heads, *body["content"]]}


def _around(pictures: dict[str, tuple[str, str]]) -> FileContext:
    return FileContext(lambda _suggestion: "", {}, pictures)


def _drawn(workspace: Workspace, document: Document) -> dict[str, DrawnPicture]:
    found = {}
    for file in pictures_in(workspace, document["pictures"]):
        if file.sha256 != document["pictures"][str(file.uuid)]["sha256"]:
            continue
        with file.file.open("rb") as content:
            picture = draw_for_file(BytesIO(content.read()))
        if picture is not None:
            found[str(file.uuid)] = picture
    return found


def _data(picture: DrawnPicture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"

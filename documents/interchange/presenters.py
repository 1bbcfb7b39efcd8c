"""Preview of a file before it is imported."""

import json
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, may_see_name
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.canonical.characters import render_text
from documents.canonical.form import Document, Json
from documents.canonical.nodes import to_editor
from documents.drafts.live.backend import marked_of
from documents.drafts.live.suggestions import open_suggestions_in
from documents.files.queries import pictures_in
from documents.interchange.actions.upload import NOBODY, AuthorChoice, compare_file, import_context
from documents.interchange.comments import comments_to_import, threads_to_resolve
from documents.interchange.diff.matching import UNTRACKED
from documents.interchange.file_properties import FileProperties
from documents.interchange.formats import FileFormat, make_with_pictures, report_left_out
from documents.interchange.models import IncomingFile
from documents.interchange.reader.reasons import FileRead
from documents.interchange.suggest.marked_text import SuggestionAuthors
from documents.interchange.suggest.new_rows import build_new_text, incoming_threads


def preview_import(*, access: Access, file: IncomingFile) -> dict[str, Any]:
    """Preview the import of the file into its current text, or into a new draft, for the template.

    `authors`: the names of changes in the file (NOBODY: untracked). `left_out`: what is not imported, as
    (words, or empty; reason). `taken` and `refused`: numbers of suggestions accepted or rejected in the file,
    which stay open here; `resolved`: number of threads resolved in the file, and by the import.
    """
    return _preview_revision(access, file) if file.text is not None else _preview_new_draft(file)


def show_authors(preview: dict[str, Any], viewer: Viewer, file: IncomingFile) -> dict[str, str]:
    """Replace the authors in a preview by the names that the viewer may see. Return these by the names in
    the file, in page order.

    The file is named as the source, since the identity is unverified. Authors of an organisation that may
    not be disclosed are distinguished by numbers. The reviewers of a guest's file see its guests in any case.
    """
    names = {one: one for one in [*preview["authors"], *(one.author for one in preview["comments"])]}
    if file.guest is None and not may_see_name(viewer, file.organisation):
        hidden = [name for name in names if name]
        for number, name in enumerate(hidden, 1):
            label = _("Somebody by a Word file")
            names[name] = label if len(hidden) == 1 else f"{label} ({number})"
    for one in preview["changes"]:
        one["author"] = names[one["author"]]
    preview["comments"] = [replace(one, author=names[one.author]) for one in preview["comments"]]
    return names


def _preview_revision(access: Access, file: IncomingFile) -> dict[str, Any]:
    text = file.text
    assert text is not None  # noqa: S101  asked before
    marked = marked_of(text)
    comparison = compare_file(file, marked, access.user)
    everyone = dict.fromkeys(comparison.people_in_file(), AuthorChoice.FILE)
    context = import_context(
        access=access, file=file, draft=text.draft, language=text.language, choices=everyone
    )
    done = comparison.into(marked, context)
    changes = dict(done.ids)
    authors = {_author_of(comparison.read, change) for change in changes.values()}
    return {
        "authors": sorted(authors, key=lambda name: (name == NOBODY, name)),
        "changes": [
            {"suggestion": one, "author": _author_of(comparison.read, changes[one.id])}
            for one in open_suggestions_in(done.marked)
            if one.id in changes
        ],
        "comments": comments_to_import(access, text.draft, comparison.threads),
        "left_out": comparison.left_out(access, done.not_taken).rows,
        "taken": len(comparison.requested.taken),
        "refused": len(comparison.requested.refused),
        "already": done.already,
        "resolved": len(threads_to_resolve(access, text, comparison.resolved)[0]),
        "known": file.exported is not None,
    }


def _preview_new_draft(file: IncomingFile) -> dict[str, Any]:
    read = FileRead.from_json(file.reading)
    numbers: dict[str, int] = {}

    def new_id(change: int) -> str:
        made = f"preview-{len(numbers)}"
        numbers[made] = change
        return made

    authors = SuggestionAuthors(new_id, lambda change: _author_of(read, change))
    marked, not_taken = build_new_text(read.reading, authors)
    changes = [
        {"suggestion": one, "author": _author_of(read, numbers[one.id])}
        for one in open_suggestions_in(marked)
    ]
    threads, _resolved = incoming_threads(read.found.comments)
    return {
        "authors": sorted({str(one["author"]) for one in changes}),
        "changes": changes,
        "comments": [comment for one in threads for comment in one.comments],
        "left_out": report_left_out(read.found, not_taken).rows,
        "words": len(_text_of(marked).split()),
    }


def _author_of(read: FileRead, change: int) -> str:
    return read.found.changes[change].author if change != UNTRACKED else NOBODY


def _text_of(node: Json) -> str:
    return " ".join([node.get("text", ""), *map(_text_of, node.get("content") or [])])


def make_document_file(
    document: Document, form: FileFormat, *, workspace: Workspace, language: str, mark: str, holder: str
) -> bytes:
    """Return the file. `mark`: on every page; `holder`: for whom it is made, in the metadata; pictures are
    those of the workspace's files. Raises SandboxFailed or FileNotFoundError if a program failed."""
    properties = FileProperties(
        title=document["title"], language=language, mark=mark, tracked=False, holder=holder
    )
    if form is FileFormat.PLAIN:
        return f"{properties.mark}\n\n{render_text(document).rstrip()}\n\n{properties.mark}\n".encode()
    pictures = [
        file
        for file in pictures_in(workspace, document["pictures"])
        if file.sha256 == document["pictures"][str(file.uuid)]["sha256"]
    ]
    # The document for file export: title and lead first.
    heads = [
        {"type": kind, "content": [{"type": "text", "text": words}] if words else []}
        for kind, words in (("title", document["title"]), ("lead", document["lead"]))
    ]
    body = json.loads(json.dumps(to_editor(document)))
    return make_with_pictures(
        {"type": "doc", "content": [*heads, *body["content"]]}, form, properties=properties, pictures=pictures
    )

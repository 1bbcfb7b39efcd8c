"""Upload of a Word or LibreOffice file, stored until it is accepted or discarded, and its reading."""

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC, may_see_name
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.canonical.form import Json
from documents.canonical.nodes import labels_for
from documents.comments.actions import CommentGuest
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.texts import pictures_for_text
from documents.drafts.live.resolve import suggestion_id
from documents.drafts.live.suggestions import open_suggestions_in
from documents.drafts.models import Draft, DraftText, Handling, IncomingState, TextKind
from documents.drafts.permissions import may_create, may_suggest_in, require_that
from documents.files.actions import plain_name
from documents.files.types import UnreadableFile
from documents.interchange.actions.export import SALT, handling_label, letterhead_for, marked_for_display
from documents.interchange.comments import comments_left_out, threads_to_export, threads_to_resolve
from documents.interchange.diff.differences import find_requested_edits
from documents.interchange.diff.matching import UNTRACKED, RequestedEdits
from documents.interchange.diff.tokens import DiffLine, FileDisplay, lines_of_reading, lines_of_text
from documents.interchange.formats import LeftOutReport, SuggestionDisplay, code_in, report_left_out
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.interchange.queries import name_in_file, names_in_file
from documents.interchange.reader.reasons import FileRead, unreadable_reason
from documents.interchange.reader.sandbox import read_in_sandbox
from documents.interchange.reader.unpack import MOST_BYTES
from documents.interchange.suggest.marked_text import SuggestionAuthors, SuggestionOutcome
from documents.interchange.suggest.new_rows import (
    ANYBODY,
    IncomingThread,
    apply_as_suggestions,
    incoming_threads,
)

READ_KIND = "documents.read_incoming"
QUICK_READ_BYTES = 512 * 1024  # bytes: larger files are read in a background job
ENDINGS = (".docx", ".odt")


def upload_revision(*, access: Access, text: DraftText, content: IO[bytes], name: str) -> IncomingFile:
    """Store a file for import into its text, and queue its reading.

    Raises NotAllowed without the right to suggest there, Refused in words for an unsuitable file.
    """
    require_that(may_suggest_in(access, text.draft))
    return _store_incoming_file(content, name, access, text=text)


def upload_new_draft(
    *,
    access: Access,
    content: IO[bytes],
    name: str,
    title: str,
    kind: TextKind,
    language: str,
    handling: Handling,
) -> IncomingFile:
    """Store a file for import as a new draft. Raises as `upload_revision` does."""
    require_that(may_create(access))
    return _store_incoming_file(
        content, name, access, title=title.strip(), kind=kind, language=language, handling=handling
    )


def upload_revision_by_guest(
    *, guest: CommentGuest, organisation: Organisation, text: DraftText, content: IO[bytes], name: str
) -> IncomingFile:
    """As `upload_revision`, for the holder of a guest link.

    The caller has checked the link, recorded its use, and runs a transaction.
    """
    return _store_incoming_file(
        content,
        name,
        None,
        workspace=text.draft.workspace,
        text=text,
        organisation=organisation,
        guest=guest.uuid,
        guest_name=guest.name,
    )


def read_incoming(file: IncomingFile) -> IncomingFile:
    """Read a file that is waiting to be read. Idempotent."""
    if file.state != IncomingState.READING:
        return file
    with file.file.open("rb") as stored:
        content = stored.read()
    try:
        read = read_in_sandbox(content)
    except UnreadableFile as why:
        file.state, file.problem = IncomingState.REFUSED, why.code
    else:
        file.state, file.reading = IncomingState.READY, read.as_json()
        if file.text is not None:
            file.exported = _find_exported_file(file.text, read.found.token, file.name)
    with transaction.atomic():
        changed = IncomingFile.objects.filter(pk=file.pk, state=IncomingState.READING)
        changed.update(state=file.state, problem=file.problem, reading=file.reading, exported=file.exported)
    return file


def read_now_if_quick(file: IncomingFile) -> IncomingFile:
    """Read a small file at once, outside any transaction; a large one in a background job."""
    return read_incoming(file) if file.file.size <= QUICK_READ_BYTES else file


def read_in_background(key: str, _payload: object) -> None:
    """Background job: read a slow file."""
    file = IncomingFile.objects.select_related("text").filter(uuid=key).first()
    if file is not None:
        read_incoming(file)


def read_failure_reason(file: IncomingFile) -> str:
    """Return the reason why the file could not be read, in words."""
    return unreadable_reason(file.problem)


def _find_exported_file(text: DraftText, token: str, name: str) -> ExportedFile | None:
    """Return the record of the export of this text, by its signed token or the code in its name.

    A token of another text is ignored: the file is then compared with the current text.
    """
    rows = ExportedFile.objects.filter(text=text)
    try:
        return rows.filter(uuid=Signer(salt=SALT).unsign(token)).first()
    except (BadSignature, ValueError):
        code = code_in(name)
        made = (one for one in rows.order_by("-pk")[:500] if one.code == code) if code else iter(())
        return next(made, None)


def _store_incoming_file(content: IO[bytes], name: str, access: Access | None, **fields: Any) -> IncomingFile:
    """Check a file, store its bytes, then its record with `fields`, and queue its reading.

    The bytes are first, since files do not roll back: a record never lacks its file.
    """
    name = plain_name(name)
    if not name.lower().endswith(ENDINGS):
        raise Refused(unreadable_reason("no_document"))
    content.seek(0, 2)
    size = content.tell()
    content.seek(0)
    if size > MOST_BYTES:
        raise Refused(unreadable_reason("too_large"))
    if not size:
        raise Refused(_("The file is empty."))
    if access is not None:
        fields |= {
            "workspace": access.workspace,
            "sent_by": access.user,
            "organisation": access.organisation,
        }
    file = IncomingFile(name=name, sent_at=now(), **fields)
    file.file.save(file.name, ContentFile(content.read()), save=False)
    with undo_on_failure(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if access is not None and file.text is not None:
            drafts_audit.record_document_audit(
                thing=file.text.draft, access=access, action="text.file_sent", language=file.text.language
            )
        scheduler.schedule(kind=READ_KIND, key=str(file.uuid), due_at=now())
    return file


# Numbers kept for the suggestions of one file; far more than a file of the largest size can hold.
MOST_CHANGES: Final = 2**20
# In place of an author's name: what was changed without a trace.
NOBODY: Final = ANYBODY


@dataclass(frozen=True)
class ChangeIdentity:
    """The identity under which a change is imported. `name` as displayed in files."""

    uuid: UUID
    organisation: UUID
    name: str


@dataclass
class ImportContext:
    """The importer, the organisation, and the identities of changes by author's name in the file
    (NOBODY: untracked)."""

    file: IncomingFile
    user: User
    organisation: Organisation
    people: Mapping[str, ChangeIdentity]
    made: dict[str, str] = field(default_factory=dict)  # the name of each new suggestion

    def __post_init__(self) -> None:
        # Word's times have minutes: other files of an author may have changes of the same one.
        self._counter = itertools.count(self.file.pk * MOST_CHANGES)

    def authors(self, read: FileRead) -> SuggestionAuthors:
        """Return the authors for `apply_as_suggestions`."""

        def person(change: int) -> ChangeIdentity:
            name = read.found.changes[change].author if change != UNTRACKED else NOBODY
            return self.people.get(name) or self.people[NOBODY]

        def new_id(change: int) -> str:
            by = person(change)
            at = self._at(read.found.changes[change].at if change != UNTRACKED else "")
            made = suggestion_id(
                person=by.uuid, organisation=by.organisation, at=at, counter=next(self._counter)
            )
            self.made[made] = by.name
            return made

        return SuggestionAuthors(new_id, lambda change: person(change).name)

    def author_of_comment(self, name: str) -> CommentGuest | None:
        """Return the author of a comment in the file, or None for the importer's own.

        The name is dropped for another organisation's file if that may not be named to everyone:
        it would be disclosed as one's own is.
        """
        known = self.people.get(name)
        if not name or name == self.user.name or (known is not None and known.uuid == self.user.uuid):
            return None
        own = self.file.organisation_id == self.organisation.pk
        shown = known.name if known is not None else name
        return CommentGuest(
            self.file.uuid, shown if own or may_see_name(PUBLIC, self.file.organisation) else ""
        )

    def _at(self, written: str) -> datetime.datetime:
        """Return the time given in the file if it is plausible: not later than the upload."""
        try:
            at = parse_datetime(written)
        except ValueError:
            at = None
        if at is None:
            return self.file.sent_at
        if is_naive(at):
            at = at.replace(tzinfo=get_current_timezone())
        return min(at, self.file.sent_at)


@dataclass
class FileComparison:
    """The changes of a file. `before`: the lines of its content when it was made; `resolved`: the
    ids of the text's threads that were resolved in it."""

    text: DraftText
    read: FileRead
    before: list[DiffLine]
    requested: RequestedEdits
    shown: FileDisplay
    names: dict[str, str]
    threads: list[IncomingThread]
    resolved: list[str]
    margins: Sequence[str]

    def into(self, marked: Json, context: ImportContext) -> SuggestionOutcome:
        """Apply the file's changes to a copy of the marked text."""
        others = [one.id for one in open_suggestions_in(marked) if one.id not in self.names]
        names = self.names | names_in_file(self.text.draft, others, self.text.language, to_match=True)
        shown = replace(self.shown, name_of=lambda suggestion: names.get(suggestion, ""))
        return apply_as_suggestions(
            self.requested,
            before=self.before,
            now=lines_of_text(marked, shown),
            marked=marked,
            authors=context.authors(self.read),
        )

    def left_out(self, access: Access, not_taken: Sequence[tuple[str, str]]) -> LeftOutReport:
        """Return everything not imported; `not_taken` is known once the changes have places."""
        counts = comments_left_out(access, self.text.draft, self.threads)
        _may, may_not = threads_to_resolve(access, self.text, self.resolved)
        counts["comments_resolved"] = len(may_not)
        return report_left_out(self.read.found, not_taken, margins=self.margins, counts=counts)

    def people_in_file(self) -> list[str]:
        """Return the author names with new changes, NOBODY last."""
        changes = [one.change for one in self.requested.edits]
        names = {self.read.found.changes[one].author for one in changes if one != UNTRACKED}
        known = sorted(names - {NOBODY})
        without_trace = UNTRACKED in changes or NOBODY in names
        return [*known, NOBODY] if without_trace else known


def compare_file(file: IncomingFile, marked: Json, user: User) -> FileComparison:
    """Compare a file that was read with its text.

    `marked`: the current text; `user`: the viewer, for files without a record.
    """
    text, made = file.text, file.exported
    assert text is not None  # noqa: S101  only such files come back into a text
    read = FileRead.from_json(file.reading)
    if made is not None:
        base = marked_for_display(made.marked, SuggestionDisplay(made.view))
        suggested = [one.id for one in open_suggestions_in(made.marked)]
        names = names_in_file(text.draft, suggested, text.language, to_match=True) | made.shown["names"]
        letterhead, pictures, threads = (made.shown[key] for key in ("letterhead", "pictures", "threads"))
    else:
        base = marked
        names = names_in_file(text.draft, [one.id for one in open_suggestions_in(marked)], text.language)
        letterhead, pictures = letterhead_for(text, file.sent_at), pictures_for_text(text.draft, marked)
        threads = threads_to_export(user, text)
    shown = FileDisplay(
        name_of=lambda suggestion: names.get(suggestion, ""),
        labels=labels_for(text.language),
        letterhead=letterhead,
        pictures=pictures,
        ends=read.kind == "docx",
    )
    before = lines_of_text(base, shown)
    requested = find_requested_edits(before, lines_of_reading(read.reading, read.found.changes))
    new, resolved = incoming_threads(read.found.comments, threads)
    # The header and footer text of our own files.
    mark = handling_label((made.handling if made is not None else text.draft.handling), text.language)
    margins = [mark, f"{mark} ·"]
    return FileComparison(text, read, before, requested, shown, names, new, resolved, margins)


def commented_words(read: FileRead, comment: int) -> str:
    """Return the words that a comment of the file is about, by its number, without insertions."""
    number = str(comment)
    parts: list[str] = []

    def walk(node: Json) -> None:
        marks = [(mark["type"], (mark.get("attrs") or {}).get("id")) for mark in node.get("marks") or ()]
        if ("comment", number) in marks and "insertion" not in {kind for kind, _id in marks}:
            parts.append(node.get("text", ""))
        for child in node.get("content") or ():
            walk(child)

    walk(read.reading)
    return "".join(parts).strip()


class AuthorChoice:
    """The choice for an author of a file: as named in the file, the guest who sent it, or the
    person themselves."""

    FILE = "file"
    GUEST = "guest"
    ME = "me"


def import_context(
    *, access: Access, file: IncomingFile, draft: Draft, language: str, choices: Mapping[str, str]
) -> ImportContext:
    """Return the importer with the identity for the changes of each author, by the name in the file.

    Nobody suggests in another member's name: authors other than the importer are known only by the
    file, and belong to the organisation that brought it. By default untracked changes belong to the
    guest who sent the file, or else to the importer.
    """
    user, organisation, brought_for = access.user, access.organisation, file.organisation

    def by_file(name: str) -> ChangeIdentity:
        return ChangeIdentity(ImportedAuthor.uuid_for(draft, brought_for, name), brought_for.uuid, name)

    def one(name: str, choice: str) -> ChangeIdentity:
        if choice == AuthorChoice.GUEST and file.guest_name:
            return by_file(file.guest_name)
        if choice == AuthorChoice.FILE and name != NOBODY:
            return by_file(name)
        with translation.override(language):
            return ChangeIdentity(user.uuid, organisation.uuid, name_in_file(user, organisation))

    made = {name: one(name, choice) for name, choice in choices.items()}
    made.setdefault(NOBODY, one(NOBODY, AuthorChoice.GUEST if file.guest_name else AuthorChoice.ME))
    return ImportContext(file, user, organisation, made)

"""A Word or LibreOffice file is sent: kept until somebody takes it in or discards it, and read meanwhile."""

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from documents.canonical.labels import labels_for
from documents.comments.actions import Guest, InFile
from documents.drafts import audit
from documents.drafts.enums import Handling, IncomingState, TextKind
from documents.drafts.live.marks import suggestion_id
from documents.drafts.live.suggestions import listed
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_create, may_suggest_in, require_that
from documents.files.actions import plain_name
from documents.files.archive import NotTaken
from documents.interchange.actions.export import (
    SALT,
    letterhead_of,
    mark_of,
    pictures_shown,
    shown_in,
    threads_shown,
)
from documents.interchange.comments import comments_left_out, threads_to_resolve
from documents.interchange.diff.differences import differences
from documents.interchange.diff.rebase import UNTRACKED, Asked
from documents.interchange.diff.tokens import Line, Shown, lines_of_reading, lines_of_text
from documents.interchange.formats import LeftOut, View, code_in, left_out_of
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.interchange.queries import name_in_file, names_in_file, names_to_match
from documents.interchange.reader.file import FileRead
from documents.interchange.reader.reasons import reason
from documents.interchange.reader.sandbox import read_apart
from documents.interchange.reader.unpack import MOST_BYTES
from documents.interchange.suggest.apply import ANYBODY, IncomingThread, incoming_threads, suggest
from documents.interchange.suggest.threads import Authors, Suggested

READ = "documents.read_incoming"
QUICK = 512 * 1024  # bytes: larger files are read beside the page
ENDINGS = (".docx", ".odt")


def send_back(*, access: Access, text: DraftText, content: IO[bytes], name: str) -> IncomingFile:
    """Keep a file that is to come back into its text, and read it.

    Raises NotAllowed without the right to suggest there, Refused in words for what is no such file.
    """
    require_that(may_suggest_in(access, text.draft))
    file = _new(content, name)
    file.workspace, file.text = access.workspace, text
    file.sent_by, file.organisation = access.user, access.organisation
    return _keep(file, content, access)


def send_new(
    *,
    access: Access,
    content: IO[bytes],
    name: str,
    title: str,
    kind: TextKind,
    language: str,
    handling: Handling,
) -> IncomingFile:
    """Keep a file that is to become a new draft. Raises as `send_back` does."""
    require_that(may_create(access))
    file = _new(content, name)
    file.workspace = access.workspace
    file.title, file.kind, file.language, file.handling = title.strip(), kind, language, handling
    file.sent_by, file.organisation = access.user, access.organisation
    return _keep(file, content, access)


def send_back_by_guest(
    *, guest: Guest, organisation: Organisation, text: DraftText, content: IO[bytes], name: str
) -> IncomingFile:
    """The same for who holds a guest link. The caller has asked for the link, written down its use, and holds
    a transaction."""
    file = _new(content, name)
    file.workspace, file.text = text.draft.workspace, text
    file.organisation, file.guest, file.guest_name = organisation, guest.uuid, guest.name
    return _keep(file, content, None)


def read_incoming(file: IncomingFile) -> IncomingFile:
    """Read a file that waits for it. Idempotent."""
    if file.state != IncomingState.READING:
        return file
    with file.file.open("rb") as kept:
        content = kept.read()
    try:
        read = read_apart(content)
    except NotTaken as why:
        file.state, file.problem = IncomingState.REFUSED, why.code
    else:
        file.state, file.reading = IncomingState.READY, read.as_json()
        if file.text is not None:
            file.exported = _known(file.text, read.found.token, file.name)
    with transaction.atomic():
        changed = IncomingFile.objects.filter(pk=file.pk, state=IncomingState.READING)
        changed.update(state=file.state, problem=file.problem, reading=file.reading, exported=file.exported)
    return file


def read_now_if_quick(file: IncomingFile) -> IncomingFile:
    """Read a small file at once, outside of any transaction; a large one is read beside the page."""
    return read_incoming(file) if file.file.size <= QUICK else file


def read_beside(key: str, _payload: object) -> None:
    """Due work: read a file that takes long."""
    file = IncomingFile.objects.select_related("text").filter(uuid=key).first()
    if file is not None:
        read_incoming(file)


def why_not(file: IncomingFile) -> str:
    """Why the file could not be read, in words."""
    return reason(file.problem)


def _known(text: DraftText, token: str, name: str) -> ExportedFile | None:
    """The record of the file that was made of this text: by its signed token, else by the code in its name.

    A token of another text is none of this text's: then the file is compared with what stands here now.
    """
    rows = ExportedFile.objects.filter(text=text)
    try:
        return rows.filter(uuid=Signer(salt=SALT).unsign(token)).first()
    except (BadSignature, ValueError):
        code = code_in(name)
        made = (one for one in rows.order_by("-pk")[:500] if one.code == code) if code else iter(())
        return next(made, None)


def _new(content: IO[bytes], name: str) -> IncomingFile:
    name = plain_name(name)
    if not name.lower().endswith(ENDINGS):
        raise Refused(reason("no_document"))
    content.seek(0, 2)
    size = content.tell()
    content.seek(0)
    if size > MOST_BYTES:
        raise Refused(reason("too_large"))
    if not size:
        raise Refused(_("The file is empty."))
    return IncomingFile(name=name, sent_at=now())


def _keep(file: IncomingFile, content: IO[bytes], access: Access | None) -> IncomingFile:
    """Bytes first, since files do not roll back: a record never points to nothing."""
    words = content.read()
    file.file.save(file.name, ContentFile(words), save=False)
    with undo_on_failure(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if access is not None and file.text is not None:
            audit.record(
                thing=file.text.draft, access=access, action="text.file_sent", language=file.text.language
            )
        scheduler.schedule(kind=READ, key=str(file.uuid), due_at=now())
    return file


# --- compare ---
# What a file would bring into its text: compared with what the text said when the file was made, and set
# into what it says now. Nothing is written here.


type Json = dict[str, Any]

MOST_CHANGES: Final = 2**20


"""Numbers kept for the suggestions of one file; far more than a file of the largest size can hold."""


NOBODY: Final = ANYBODY


"""In place of an author's name: what was changed without a trace."""


@dataclass(frozen=True)
class Person:
    """Under whose identity a change comes in. `name` as files show it."""

    uuid: UUID
    organisation: UUID
    name: str


@dataclass
class Bringing:
    """Who brings a file in, for which organisation, and whose its changes are, by the author's name in the
    file (NOBODY: without a trace)."""

    file: IncomingFile
    user: User
    organisation: Organisation
    people: Mapping[str, Person]
    made: dict[str, str] = field(default_factory=dict)  # the name for each new suggestion

    def __post_init__(self) -> None:
        # Word keeps minutes: another file of the same author may have changes of the same moment.
        self._counter = itertools.count(self.file.pk * MOST_CHANGES)

    def authors(self, read: FileRead) -> Authors:
        """For `exchange.suggest`."""

        def person(change: int) -> Person:
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

        return Authors(new_id, lambda change: person(change).name)

    def author_of_comment(self, name: str) -> InFile | None:
        """Whose a comment in the file is; None for one's own. Where somebody else's file is taken in, and its
        organisation may not be told to everyone, the name is not kept: it would be told as one's own is."""
        known = self.people.get(name)
        if not name or name == self.user.name or (known is not None and known.uuid == self.user.uuid):
            return None
        own = self.file.organisation_id == self.organisation.pk
        kept = known.name if known is not None else name
        return InFile(self.file.uuid, kept if own or may_see_name(PUBLIC, self.file.organisation) else "")

    def _at(self, written: str) -> datetime.datetime:
        """When the file says, if that can be: not after it was sent."""
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
class Comparison:
    """What a file asks for. `before` are the lines of what it showed when it was made; `resolved`: the ids of
    threads of the text that were resolved in it."""

    text: DraftText
    read: FileRead
    before: list[Line]
    asked: Asked
    shown: Shown
    names: dict[str, str]
    threads: list[IncomingThread]
    resolved: list[str]
    margins: Sequence[str]

    def into(self, marked: Json, bringing: Bringing) -> Suggested:
        """The text with what the file brings. The argument stays as it is."""
        others = [one.id for one in listed(marked) if one.id not in self.names]
        names = self.names | names_to_match(self.text.draft, others, self.text.language)
        shown = _with_names(self.shown, names)
        return suggest(
            self.asked,
            before=self.before,
            now=lines_of_text(marked, shown),
            marked=marked,
            authors=bringing.authors(self.read),
        )

    def left_out(self, access: Access, not_taken: Sequence[tuple[str, str]]) -> LeftOut:
        """Everything of the file that does not come in; `not_taken` is known once its changes have places."""
        counts = comments_left_out(access, self.text.draft, self.threads)
        _may, may_not = threads_to_resolve(access, self.text, self.resolved)
        counts["comments_resolved"] = len(may_not)
        return left_out_of(self.read.found, not_taken, margins=self.margins, counts=counts)

    def people_in_file(self) -> list[str]:
        """The names under which something new would come in, NOBODY last."""
        changes = [one.change for one in self.asked.edits]
        names = {self.read.found.changes[one].author for one in changes if one != UNTRACKED}
        known = sorted(names - {NOBODY})
        without_trace = UNTRACKED in changes or NOBODY in names
        return [*known, NOBODY] if without_trace else known


def compare_file(file: IncomingFile, marked: Json, user: User) -> Comparison:
    """Compare a file that was read with its text. `marked`: the text now, and `user` who looks, for files
    that nobody knows."""
    text, made = file.text, file.exported
    assert text is not None  # noqa: S101  only such files come back into a text
    read = FileRead.from_json(file.reading)
    if made is not None:
        base = shown_in(made.marked, View(made.view))
        suggested = [one.id for one in listed(made.marked)]
        names = names_to_match(text.draft, suggested, text.language) | made.shown["names"]
        letterhead, pictures, threads = (
            made.shown["letterhead"],
            made.shown["pictures"],
            made.shown["threads"],
        )
    else:
        base = marked
        names = names_in_file(text.draft, [one.id for one in listed(marked)], text.language)
        letterhead, pictures = letterhead_of(text, file.sent_at), pictures_shown(text, marked)
        threads = threads_shown(user, text)
    shown = Shown(
        name_of=lambda suggestion: names.get(suggestion, ""),
        labels=labels_for(text.language),
        letterhead=letterhead,
        pictures=pictures,
        ends=read.kind == "docx",
    )
    before = lines_of_text(base, shown)
    asked = differences(before, lines_of_reading(read.reading, read.found.changes))
    new, resolved = incoming_threads(read.found.comments, threads)
    margins = _margins(text, made.handling if made is not None else text.draft.handling)
    return Comparison(text, read, before, asked, shown, names, new, resolved, margins)


def _margins(text: DraftText, handling: str) -> list[str]:
    """The words above and below the pages of a file of ours."""
    mark = mark_of(handling, text.language)
    return [mark, f"{mark} ·"]


def _with_names(shown: Shown, names: Mapping[str, str]) -> Shown:
    return Shown(
        lambda suggestion: names.get(suggestion, ""),
        shown.labels,
        shown.letterhead,
        shown.pictures,
        shown.ends,
    )


def quote_of(read: FileRead, comment: int) -> str:
    """The words that a comment of the file is about, by its number, as they stand without insertions."""
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


# --- whose changes --------------------------------------------------------------------------------------


class Choice:
    """What a person says about an author of a file: it is as the file says, it is the guest who sent it, or
    it is they themselves."""

    FILE = "file"
    GUEST = "guest"
    ME = "me"


def people_for(
    *,
    draft: Draft,
    language: str,
    guest_name: str,
    user: User,
    organisation: Organisation,
    brought_for: Organisation,
    choices: Mapping[str, str],
) -> dict[str, Person]:
    """Whose changes come in under which identity, by the author's name in the file.

    Nobody suggests in another member's name: who is not the person bringing the file in is known by the file
    alone, and came in for the organisation `brought_for`. Without a choice what was changed without a trace
    is the guest's who sent the file, or the person's.
    """

    def by_file(name: str) -> Person:
        return Person(ImportedAuthor.uuid_for(draft, brought_for, name), brought_for.uuid, name)

    def one(name: str, choice: str) -> Person:
        if choice == Choice.GUEST and guest_name:
            return by_file(guest_name)
        if choice == Choice.FILE and name != NOBODY:
            return by_file(name)
        with translation.override(language):
            return Person(user.uuid, organisation.uuid, name_in_file(user, organisation))

    made = {name: one(name, choice) for name, choice in choices.items()}
    made.setdefault(NOBODY, one(NOBODY, Choice.GUEST if guest_name else Choice.ME))
    return made

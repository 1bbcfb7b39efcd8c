"""Queries, permissions and retention of exported and incoming files."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.accounts.queries import organisations_with, people_with
from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import own_seats, workspaces_for
from coalition.workspaces.sentence_params import person_name
from documents.comments.models import Comment
from documents.drafts.live.resolve import origin_of
from documents.drafts.models import Draft, DraftText, IncomingState
from documents.drafts.permissions import may_create, may_edit_text, may_suggest_in
from documents.drafts.queries import drafts_for
from documents.interchange.formats import FileFormat
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile


def may_import(access: Access, file: IncomingFile) -> bool:
    """Whether the person may accept or discard an uploaded Word file: its uploader, who for a text
    must also edit it."""
    own = file.sent_by_id == access.user.pk and file.organisation_id == access.organisation.pk
    if file.text is None:
        return own and may_create(access)
    draft = file.text.draft
    return may_suggest_in(access, draft) and (own or may_edit_text(access, draft))


DOWNLOAD_LIFETIME: Final = datetime.timedelta(days=1)  # how long a generated file can be downloaded
RETURNING_FORMATS: Final = [one for one in FileFormat if one.comes_back]


def forget_files() -> int:
    """Delete files past their retention period.

    After a day: bytes of generated or refused files, and records of formats without import. After
    `AUDIT_PERSON_MONTHS`: records used for imports, and names known only from files.

    Returns how many records were deleted or lost their bytes or a name.
    """
    moment, before = now(), anonymise_cutoff()
    made = ExportedFile.objects.filter(made_at__lt=moment - DOWNLOAD_LIFETIME)
    came = IncomingFile.objects.all()
    refused = came.filter(state=IncomingState.REFUSED, sent_at__lt=moment - DOWNLOAD_LIFETIME)
    return (
        sum(_drop_bytes(one) for one in made.exclude(file=""))
        + sum(_drop_bytes(one) for one in refused.exclude(file=""))
        + delete_in_batches(made.exclude(format__in=RETURNING_FORMATS))
        + delete_in_batches(made.filter(made_at__lt=before))
        + empty_in_batches(ImportedAuthor.objects.filter(created_at__lt=before).exclude(name=""), name="")
        + empty_in_batches(
            _file_comments().filter(created_at__lt=before).exclude(guest_name=""), guest_name=""
        )
        + empty_in_batches(came.filter(sent_at__lt=before).exclude(guest_name=""), guest_name="")
    )


def forget_files_of(draft: Draft) -> None:
    """Delete export records and names known only from files, in the transaction of publishing.

    After publication suggestions are no longer evidence. A file imported later is compared with the
    text at that time.
    """
    made = ExportedFile.objects.filter(text__draft=draft)
    authors = ImportedAuthor.objects.filter(draft=draft).exclude(name="")
    comments = _file_comments().filter(thread__text__draft=draft).exclude(guest_name="")
    decided = (IncomingState.TAKEN_IN, IncomingState.DISCARDED)
    came = IncomingFile.objects.filter(text__draft=draft, state__in=decided).exclude(guest_name="")
    # Most texts were never exported: one query instead of four statements without effect.
    known = [Exists(one) for one in (made, authors, comments, came)]
    if not any(Draft.objects.filter(pk=draft.pk).values_list(*known).get()):
        return
    for one in made.exclude(file=""):
        _drop_bytes(one)
    made.delete()
    authors.update(name="")
    comments.update(guest_name="")
    came.update(guest_name="")


def _file_comments() -> QuerySet[Comment]:
    """Return comments of people known only from files."""
    return Comment.objects.filter(guest__isnull=False, organisation__isnull=False)


def _drop_bytes(record: ExportedFile | IncomingFile) -> int:
    """Delete the bytes of this file; returns 1, to be counted."""
    name, storage = str(record.file.name), record.file.storage
    with transaction.atomic():
        type(record).objects.filter(pk=record.pk).update(file="")
        transaction.on_commit(lambda: storage.delete(name))
    return 1


def exported_by(user: object) -> QuerySet[ExportedFile]:
    """Return files that the person exported within a day, of drafts that they may still read."""
    if not isinstance(user, User):
        return ExportedFile.objects.none()
    rows = ExportedFile.objects.filter(
        made_by=user, made_at__gt=now() - DOWNLOAD_LIFETIME, text__draft__in=drafts_for(user)
    )
    return rows.select_related("text__draft__workspace", "text__draft__organisation")


def incoming_for(user: object) -> QuerySet[IncomingFile]:
    """Return incoming files of texts the person may read, and their own uploads for new drafts.

    `permissions.may_import` decides who may accept one.
    """
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    own = Q(text=None, sent_by=user, workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = IncomingFile.objects.filter(own | Q(text__draft__in=drafts_for(user)))
    draft = ("text__draft__workspace", "text__draft__organisation")
    return rows.select_related("workspace", *draft, "exported", "sent_by", "organisation")


def incoming_files_waiting(text: DraftText) -> QuerySet[IncomingFile]:
    """Return files that wait for review; the caller may read the text."""
    states = (IncomingState.READING, IncomingState.READY)
    rows = IncomingFile.objects.filter(text=text, state__in=states)
    return rows.select_related("sent_by", "organisation", "text__draft").defer("reading")


def possible_guest_files(user: User) -> QuerySet[IncomingFile]:
    """Return unreviewed files of guests in workspaces where the person edits, even if they may not
    read the text."""
    editing = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]
    edited = own_seats(user).filter(role__in=editing).values("workspace")
    return IncomingFile.objects.filter(workspace__in=edited, state=IncomingState.READY, guest__isnull=False)


def guest_files_waiting(user: object) -> QuerySet[IncomingFile]:
    """Return unreviewed files of guests for texts that the person edits: one query."""
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    rows = incoming_for(user).filter(
        pk__in=possible_guest_files(user).values("pk"),
        text__draft__archived_at=None,
        workspace__archived_at=None,
    )
    return rows.defer("reading").order_by("sent_at")


# Names of suggesters in an exported file, as an anonymous viewer may see them, since a file may end
# up anywhere.


def imported_authors(draft: Draft) -> QuerySet[ImportedAuthor]:
    """Return people known only from files of this draft."""
    return ImportedAuthor.objects.filter(draft=draft).select_related("organisation")


def names_in_file(
    draft: Draft, suggestions: Iterable[str], language: str, *, to_match: bool = False
) -> dict[str, str]:
    """Return the name for each suggestion id: “Person (Organisation)” in the language of the text.

    `to_match`: for matching an imported file, and never displayed: people known only from files have their
    names in files. Three queries for any number of suggestions.
    """
    origins = {one: origin_of(one) for one in suggestions}
    people = people_with({origin.person for origin in origins.values() if origin})
    organisations = organisations_with({origin.organisation for origin in origins.values() if origin})
    imported = {author.uuid: author for author in imported_authors(draft)}
    named: dict[str, str] = {}
    with translation.override(language):
        for one, origin in origins.items():
            if origin is not None and origin.person in imported:
                author = imported[origin.person]
                shown = to_match or (author.name and may_see_name(PUBLIC, author.organisation))
                named[one] = author.name if shown else _("Somebody by a Word file")
            elif origin is not None and origin.person in people:
                named[one] = name_in_file(people[origin.person], organisations.get(origin.organisation))
            else:
                named[one] = _("Someone who has left")
    return named


def name_in_file(person: User, organisation: Organisation | None) -> str:
    """Return a person's name as allowed in a file, in the active language."""
    name = person_name(PUBLIC, person, organisation)
    if organisation is None or not may_see_name(PUBLIC, organisation):
        return name
    return f"{name} ({display_name_for(PUBLIC, organisation)})"


def without_imported(draft: Draft, names: Mapping[str, str]) -> dict[str, str]:
    """Return the names that may be stored unencrypted: those of accounts, and impersonal labels."""
    sealed = {(author.uuid, author.name) for author in imported_authors(draft)}
    return {
        one: name
        for one, name in names.items()
        if not (origin := origin_of(one)) or (origin.person, name) not in sealed
    }

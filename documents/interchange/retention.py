"""Retention of exported and incoming files."""

import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, QuerySet

from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches
from documents.comments.models import Comment
from documents.drafts.enums import IncomingState
from documents.drafts.models import Draft
from documents.interchange.formats import FileFormat
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile

DOWNLOAD_LIFETIME: Final = datetime.timedelta(days=1)  # how long a generated file can be downloaded
RETURNING_FORMATS: Final = [one for one in FileFormat if one.comes_back]


def forget_files() -> int:
    """Delete files past their retention period.

    After a day: bytes of generated or refused files, and records of formats without import. After
    `AUDIT_PERSON_MONTHS`: records used for imports, and names known only from files.

    Returns how many records were deleted or lost their bytes or a name.
    """
    moment, before = now(), anonymise_cutoff()
    made, came = (
        ExportedFile.objects.filter(made_at__lt=moment - DOWNLOAD_LIFETIME),
        IncomingFile.objects.all(),
    )
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
    said = _file_comments().filter(thread__text__draft=draft).exclude(guest_name="")
    decided = (IncomingState.TAKEN_IN, IncomingState.DISCARDED)
    came = IncomingFile.objects.filter(text__draft=draft, state__in=decided).exclude(guest_name="")
    # Most texts were never exported: one query instead of four statements without effect.
    known = [Exists(one) for one in (made, authors, said, came)]
    if not any(Draft.objects.filter(pk=draft.pk).values_list(*known).get()):
        return
    for one in made.exclude(file=""):
        _drop_bytes(one)
    made.delete()
    authors.update(name="")
    said.update(guest_name="")
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

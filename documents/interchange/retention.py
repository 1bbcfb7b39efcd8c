"""Files that left and files that came in are kept no longer than they are needed."""

import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, QuerySet

from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches
from documents.comments.models import Comment
from documents.drafts.enums import IncomingState
from documents.drafts.models import Draft
from documents.interchange.formats import Format
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile

TO_TAKE: Final = datetime.timedelta(days=1)  # how long a file that was made can be taken
COMES_BACK: Final = [one for one in Format if one.comes_back]


def forget_files() -> int:
    """Delete what was made and not taken for a day, what was refused or decided on, and after
    `AUDIT_PERSON_MONTHS` what files came back against, and the names of those who are known by files alone.

    Returns how many records are gone or lost their bytes or a name.
    """
    moment, before = now(), anonymise_cutoff()
    made, came = ExportedFile.objects.filter(made_at__lt=moment - TO_TAKE), IncomingFile.objects.all()
    refused = came.filter(state=IncomingState.REFUSED, sent_at__lt=moment - TO_TAKE)
    return (
        sum(_drop_bytes(one) for one in made.exclude(file=""))
        + sum(_drop_bytes(one) for one in refused.exclude(file=""))
        + delete_in_batches(made.exclude(format__in=COMES_BACK))
        + delete_in_batches(made.filter(made_at__lt=before))
        + empty_in_batches(ImportedAuthor.objects.filter(created_at__lt=before).exclude(name=""), name="")
        + empty_in_batches(_from_files().filter(created_at__lt=before).exclude(guest_name=""), guest_name="")
        + empty_in_batches(came.filter(sent_at__lt=before).exclude(guest_name=""), guest_name="")
    )


def forget_files_of(draft: Draft) -> None:
    """When a text is published nobody's suggestions are evidence: what files came back against goes, and
    names of those who are known by files alone. In the transaction of publishing.

    A file that comes back later is compared with the text as it is then.
    """
    made = ExportedFile.objects.filter(text__draft=draft)
    authors = ImportedAuthor.objects.filter(draft=draft).exclude(name="")
    said = _from_files().filter(thread__text__draft=draft).exclude(guest_name="")
    decided = (IncomingState.TAKEN_IN, IncomingState.DISCARDED)
    came = IncomingFile.objects.filter(text__draft=draft, state__in=decided).exclude(guest_name="")
    # Most texts never left as a file: one question instead of four statements that change nothing.
    known = [Exists(one) for one in (made, authors, said, came)]
    if not any(Draft.objects.filter(pk=draft.pk).values_list(*known).get()):
        return
    for one in made.exclude(file=""):
        _drop_bytes(one)
    made.delete()
    authors.update(name="")
    said.update(guest_name="")
    came.update(guest_name="")


def _from_files() -> QuerySet[Comment]:
    """Comments of people who are known by files alone."""
    return Comment.objects.filter(guest__isnull=False, organisation__isnull=False)


def _drop_bytes(record: ExportedFile | IncomingFile) -> int:
    """Forget the bytes of this one; returns 1, to be counted."""
    name, storage = str(record.file.name), record.file.storage
    with transaction.atomic():
        type(record).objects.filter(pk=record.pk).update(file="")
        transaction.on_commit(lambda: storage.delete(name))
    return 1

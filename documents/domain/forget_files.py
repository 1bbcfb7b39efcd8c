"""Files that left and files that came in are kept no longer than they are needed."""

import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from coalition.clock.now import now
from documents.enums import IncomingState
from documents.exchange.formats import Format
from documents.models import Comment, Draft, ExportedFile, ImportedAuthor, IncomingFile

TO_TAKE: Final = datetime.timedelta(days=1)  # how long a file that was made can be taken
COMES_BACK: Final = [one for one in Format if one.comes_back]


def forget_files() -> int:
    """Delete what was made and not taken for a day, what was refused or decided on, and after
    `AUDIT_PERSON_MONTHS` what files came back against, and the names of those who are known by files alone.

    Returns how many records are gone.
    """
    moment = now()
    long_ago = moment - datetime.timedelta(days=30.44 * settings.AUDIT_PERSON_MONTHS)
    for made in ExportedFile.objects.exclude(file="").filter(made_at__lt=moment - TO_TAKE):
        _drop_bytes(made)
    over = ExportedFile.objects.filter(made_at__lt=moment - TO_TAKE).exclude(format__in=COMES_BACK)
    old = ExportedFile.objects.filter(made_at__lt=long_ago)
    gone = over.delete()[0] + old.delete()[0]
    for file in IncomingFile.objects.exclude(file="").filter(
        state=IncomingState.REFUSED, sent_at__lt=moment - TO_TAKE
    ):
        _drop_bytes(file)
    ImportedAuthor.objects.filter(created_at__lt=long_ago).exclude(name="").update(name="")
    _from_files().filter(created_at__lt=long_ago).exclude(guest_name="").update(guest_name="")
    IncomingFile.objects.filter(sent_at__lt=long_ago).exclude(guest_name="").update(guest_name="")
    return gone


def forget_files_of(draft: Draft) -> None:
    """When a text is published nobody's suggestions are evidence: what files came back against goes, and
    names of those who are known by files alone. In the transaction of publishing.

    A file that comes back later is compared with the text as it is then.
    """
    made = ExportedFile.objects.filter(text__draft=draft)
    for one in made.exclude(file=""):
        _drop_bytes(one)
    made.delete()
    ImportedAuthor.objects.filter(draft=draft).update(name="")
    _from_files().filter(thread__text__draft=draft).update(guest_name="")
    decided = (IncomingState.TAKEN_IN, IncomingState.DISCARDED)
    IncomingFile.objects.filter(text__draft=draft, state__in=decided).update(guest_name="")


def _from_files() -> QuerySet[Comment]:
    """Comments of people who are known by files alone."""
    return Comment.objects.filter(guest__isnull=False, organisation__isnull=False)


def _drop_bytes(record: ExportedFile | IncomingFile) -> None:
    name, storage = str(record.file.name), record.file.storage
    with transaction.atomic():
        type(record).objects.filter(pk=record.pk).update(file="")
        transaction.on_commit(lambda: storage.delete(name))

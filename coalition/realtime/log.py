"""Reading and writing the log of live documents. Everything here runs in a worker thread."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from pycrdt import Doc

from coalition.clock.now import now
from coalition.realtime.frames import NOTHING
from coalition.realtime.grants import LiveDoc, keeper
from coalition.realtime.models import LiveText, LiveUpdate

MOST_ROWS = 500
MOST_BYTES = 256 * 1024
LATE = datetime.timedelta(seconds=30)  # how long a row's transaction may take to be seen


@dataclass(frozen=True)
class Written:
    """One person's writes to one document within a batch, merged."""

    document: UUID
    epoch: int
    update: bytes
    author: UUID | None
    organisation: UUID | None


@dataclass(frozen=True)
class Loaded:
    """A document as the database has it: its updates, and whether its log wants compaction."""

    epoch: int
    updates: tuple[bytes, ...]
    long: bool


def load(document: UUID, process: UUID) -> Loaded:
    """Everything of a document. One that was never opened is seeded: once, in the same transaction."""
    with transaction.atomic():
        text, fresh = LiveText.objects.get_or_create(document=document)
        if fresh:
            _append_one(text, keeper().seed(document), process)
    rows = list(_held(document, text.epoch).values_list("update", flat=True))
    parts = [bytes(text.snapshot), *(bytes(row) for row in rows)]
    long = len(rows) > MOST_ROWS or sum(map(len, parts[1:])) > MOST_BYTES
    return Loaded(text.epoch, tuple(part for part in parts if part), long)


def append(batch: Iterable[Written], process: UUID) -> None:
    """Write a batch in one transaction. Raises DatabaseError; then nothing of it is written."""
    moment = now()
    LiveUpdate.objects.bulk_create(
        [
            LiveUpdate(
                document=one.document,
                epoch=one.epoch,
                update=one.update,
                size=len(one.update),
                author=one.author,
                organisation=one.organisation,
                at=moment,
                process=process,
            )
            for one in batch
        ]
    )


def compact(document: UUID) -> bool:
    """Gather the log into the snapshot. Returns whether there was anything to gather.

    Only the rows read here are emptied: one that another process commits meanwhile stays. So do rows
    younger than LATE, which other processes may still have to fetch from here.
    """
    with transaction.atomic():
        text = LiveText.objects.select_for_update().filter(document=document).first()
        if text is None:
            return False
        old = _held(document, text.epoch).filter(at__lt=now() - LATE)
        rows = list(old.values_list("pk", "update"))
        if not rows:
            return False
        doc: LiveDoc = Doc()
        for part in [bytes(text.snapshot), *(bytes(update) for _pk, update in rows)]:
            if part:
                doc.apply_update(part)
        text.snapshot, text.changed_at = doc.get_update(), now()
        text.save(update_fields=["snapshot", "changed_at"])
        LiveUpdate.objects.filter(pk__in=[pk for pk, _update in rows]).update(update=b"", held=False)
    return True


def written_elsewhere(documents: Mapping[UUID, int], process: UUID) -> list[tuple[UUID, bytes]]:
    """What other processes wrote within LATE to these documents (UUID → epoch): the bus may have lost it.

    Who has not asked for longer than that loads the documents anew.
    """
    rows = LiveUpdate.objects.filter(document__in=list(documents), held=True, at__gte=now() - LATE)
    found = rows.exclude(process=process).values_list("document", "epoch", "update")
    return [(doc, bytes(update)) for doc, epoch, update in found if documents[doc] == epoch]


def state_of(document: UUID) -> LiveDoc:
    """The document as the database has it, for reading: versions, exports, comparison."""
    text = LiveText.objects.filter(document=document).first()
    doc: LiveDoc = Doc()
    if text is not None:
        for part in [text.snapshot, *_held(document, text.epoch).values_list("update", flat=True)]:
            if part:
                doc.apply_update(bytes(part))
    return doc


def _held(document: UUID, epoch: int) -> QuerySet[LiveUpdate]:
    return LiveUpdate.objects.filter(document=document, epoch=epoch, held=True).order_by("pk")


def _append_one(text: LiveText, update: bytes, process: UUID) -> None:
    if update and update != NOTHING:
        append([Written(text.document, text.epoch, update, None, None)], process)

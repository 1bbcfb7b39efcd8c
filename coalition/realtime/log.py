"""Reading and writing the log of live documents. Everything here runs in a worker thread."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from coalition.core.clock import now
from coalition.realtime import frames
from coalition.realtime import updates as realtime_updates
from coalition.realtime.backend import LiveDoc, get_document_backend
from coalition.realtime.frames import NOTHING
from coalition.realtime.models import LiveText, LiveUpdate
from coalition.realtime.ydocs import assemble_document

MOST_ROWS = 500
MOST_BYTES = 256 * 1024
LATE = datetime.timedelta(seconds=30)  # how long a row's transaction may take to be seen


@dataclass(frozen=True)
class MergedWrite:
    """One person's writes to one document within a batch, merged."""

    document: UUID
    epoch: int
    update: bytes
    author: UUID | None
    organisation: UUID | None


@dataclass(frozen=True)
class LoadedDocument:
    """A document as the database has it, and whether its log wants compaction."""

    epoch: int
    snapshot: bytes
    rows: list[bytes]
    long: bool


@dataclass(frozen=True)
class PeerChanges:
    """What others did: the updates they wrote, and the documents that have another history now."""

    updates: dict[UUID, list[bytes]] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)


def load_document(document: UUID, process: UUID) -> LoadedDocument:
    """Everything of a document. One that was never opened is seeded: once, in the same transaction."""
    begin_document(document, process)
    epoch, snapshot, rows = _read_log(document)
    long = len(rows) > MOST_ROWS or sum(map(len, rows)) > MOST_BYTES
    return LoadedDocument(epoch, snapshot, rows, long)


def begin_document(document: UUID, process: UUID) -> LiveText:
    """The document's row. Whoever makes it seeds the log in the same transaction, so it is seeded once:
    others who come at the same moment wait for that transaction's end."""
    text = LiveText.objects.filter(document=document).first()
    if text is None:
        with transaction.atomic():
            text, fresh = LiveText.objects.get_or_create(document=document)
            if fresh:
                _append_update(text, get_document_backend().seed(document), process)
    return text


def append_batch(batch: Iterable[MergedWrite], process: UUID) -> None:
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


def compact_log(document: UUID) -> bool:
    """Gather the log into the snapshot. Returns whether there was anything to gather.

    Only the rows read here are emptied: one that another process commits meanwhile stays. So do rows
    younger than LATE, which other processes may still have to fetch from here, and rows whose predecessors
    are missing: no snapshot holds them.
    """
    with transaction.atomic():
        text = LiveText.objects.select_for_update().filter(document=document).first()
        if text is None:
            return False
        old = _content_rows(document, text.epoch).filter(at__lt=now() - LATE)
        rows = list(old.values_list("pk", "update"))
        if not rows:
            return False
        doc = assemble_document(bytes(text.snapshot), [bytes(update) for _pk, update in rows])
        state = frames.read_state_vector(doc.get_state())
        gathered = [
            pk for pk, update in rows if realtime_updates.read_update(bytes(update)).is_contained(state)
        ]
        text.snapshot, text.changed_at = doc.get_update(), now()
        text.save(update_fields=["snapshot", "changed_at"])
        for some in batched(gathered, 500):
            LiveUpdate.objects.filter(pk__in=some).update(update=b"", held=False)
    return bool(gathered)


def read_peer_changes(documents: Mapping[UUID, int], process: UUID) -> PeerChanges:
    """What other processes wrote within LATE to these documents (UUID → epoch): the bus may have lost it.

    Who has not asked for longer than that loads the documents anew.
    """
    found = PeerChanges()
    texts = LiveText.objects.filter(document__in=list(documents))
    for document, epoch in texts.values_list("document", "epoch"):
        if documents[document] != epoch:
            found.ended.add(document)
    rows = LiveUpdate.objects.filter(document__in=list(documents), held=True, at__gte=now() - LATE)
    others = rows.exclude(process=process).order_by("pk").values_list("document", "epoch", "update")
    for document, epoch, update in others:
        if documents[document] == epoch:
            found.updates.setdefault(document, []).append(bytes(update))
    return found


class LogPosition(NamedTuple):
    """How far a log goes. A row may be committed after a later one: the last alone does not tell."""

    rows: int
    last: int


def get_log_position(document: UUID) -> LogPosition:
    """How far the document's log goes now; equal positions are equal documents."""
    found = LiveUpdate.objects.filter(document=document).aggregate(rows=Count("pk"), last=Max("pk"))
    return LogPosition(found["rows"], found["last"] or 0)


def rows_since(document: UUID, since: LogPosition) -> QuerySet[LiveUpdate]:
    """The document's rows that were not there when its log went as far as `since`.

    Where one was committed after a later one, which of them it was is not known: then all of the LATE before
    are among them, also those that were read.
    """
    rows = LiveUpdate.objects.filter(document=document)
    before = rows.filter(pk__lte=since.last)
    new = Q(pk__gt=since.last)
    if before.count() > since.rows:
        last = before.order_by("pk").values_list("at", flat=True).last() or now()
        new |= Q(at__gte=last - LATE)
    return rows.filter(new)


def current_epoch(document: UUID) -> int:
    """The history that is written now; the first one for a document that nobody has opened."""
    epoch = LiveText.objects.filter(document=document).values_list("epoch", flat=True).first()
    return epoch or 1


def stored_document(document: UUID) -> LiveDoc:
    """The document as the database has it, for reading: versions, exports, comparison."""
    _epoch, snapshot, rows = _read_log(document)
    return assemble_document(snapshot, rows)


def delete_documents(documents: Iterable[UUID]) -> None:
    """Delete these documents with all that was ever written in them. Nobody may have them open."""
    gone = list(documents)
    LiveUpdate.objects.filter(document__in=gone).delete()
    LiveText.objects.filter(document__in=gone).delete()


def _read_log(document: UUID) -> tuple[int, bytes, list[bytes]]:
    """Epoch, snapshot and rows. Rows first: a compaction in between has them in the snapshot then, and
    read the other way round they would be in neither."""
    held = LiveUpdate.objects.filter(document=document, held=True).order_by("pk")
    rows = list(held.values_list("epoch", "update"))
    text = LiveText.objects.filter(document=document).first()
    if text is None:
        return 0, b"", []
    return text.epoch, bytes(text.snapshot), [bytes(row) for epoch, row in rows if epoch == text.epoch]


def _content_rows(document: UUID, epoch: int) -> QuerySet[LiveUpdate]:
    return LiveUpdate.objects.filter(document=document, epoch=epoch, held=True).order_by("pk")


def _append_update(text: LiveText, update: bytes, process: UUID) -> None:
    if update and update != NOTHING:
        append_batch([MergedWrite(text.document, text.epoch, update, None, None)], process)

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
LATE = datetime.timedelta(seconds=30)  # how long a row's transaction may take to become visible


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
    """A document as stored in the database, and whether its log needs compaction."""

    epoch: int
    snapshot: bytes
    rows: list[bytes]
    long: bool


@dataclass(frozen=True)
class PeerChanges:
    """Others' writes: their updates, and the documents whose history was replaced."""

    updates: dict[UUID, list[bytes]] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)


def load_document(document: UUID, process: UUID) -> LoadedDocument:
    """Load a whole document. One that was never opened is seeded once, in the same transaction."""
    begin_document(document, process)
    epoch, snapshot, rows = _read_log(document)
    long = len(rows) > MOST_ROWS or sum(map(len, rows)) > MOST_BYTES
    return LoadedDocument(epoch, snapshot, rows, long)


def begin_document(document: UUID, process: UUID) -> LiveText:
    """Return the document's row. Its creator seeds the log in the same transaction, so it is
    seeded once: concurrent callers wait for that transaction's end."""
    text = LiveText.objects.filter(document=document).first()
    if text is None:
        with transaction.atomic():
            text, fresh = LiveText.objects.get_or_create(document=document)
            if fresh:
                _append_update(text, get_document_backend().seed(document), process)
    return text


def append_batch(batch: Iterable[MergedWrite], process: UUID) -> None:
    """Write a batch in one transaction. Raises DatabaseError; then nothing is written."""
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
    """Merge the log into the snapshot. Return whether there was anything to merge.

    Only the rows read here are emptied: one that another process commits meanwhile stays. So do
    rows younger than LATE, which other processes may still have to read, and rows whose
    predecessors are missing, which no snapshot can contain.
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
    """Return other processes' writes within LATE to these documents (UUID → epoch) that the bus may
    have lost.

    After a longer pause the caller reloads the documents instead.
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
    """The end of a log. A row may be committed after a later one, so the last row alone is not
    enough."""

    rows: int
    last: int


def get_log_position(document: UUID) -> LogPosition:
    """Return the end of the document's log; equal positions mean equal documents."""
    found = LiveUpdate.objects.filter(document=document).aggregate(rows=Count("pk"), last=Max("pk"))
    return LogPosition(found["rows"], found["last"] or 0)


def rows_since(document: UUID, since: LogPosition) -> QuerySet[LiveUpdate]:
    """Return the document's rows added after the position `since`.

    If a row was committed after a later one, it is not known which: then all rows within LATE
    before are included, even those already read.
    """
    rows = LiveUpdate.objects.filter(document=document)
    before = rows.filter(pk__lte=since.last)
    new = Q(pk__gt=since.last)
    if before.count() > since.rows:
        last = before.order_by("pk").values_list("at", flat=True).last() or now()
        new |= Q(at__gte=last - LATE)
    return rows.filter(new)


def current_epoch(document: UUID) -> int:
    """Return the current epoch; the first one for a document that was never opened."""
    epoch = LiveText.objects.filter(document=document).values_list("epoch", flat=True).first()
    return epoch or 1


def stored_document(document: UUID) -> LiveDoc:
    """Return the document as stored, for reading: versions, exports, comparison."""
    _epoch, snapshot, rows = _read_log(document)
    return assemble_document(snapshot, rows)


def delete_documents(documents: Iterable[UUID]) -> None:
    """Delete these documents with their whole history. Nobody may have them open."""
    gone = list(documents)
    LiveUpdate.objects.filter(document__in=gone).delete()
    LiveText.objects.filter(document__in=gone).delete()


def _read_log(document: UUID) -> tuple[int, bytes, list[bytes]]:
    """Return epoch, snapshot and rows. Rows are read first: after a compaction in between they
    are in the snapshot; in the other order they would be in neither."""
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

"""The log of live documents in the database: appending, compaction, batches, replicas."""

import asyncio
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db import Error, connections, transaction
from django.db.models import Count, Max, Q, QuerySet
from pycrdt import Doc, TransactionEvent, merge_updates

from coalition.core.clock import now
from coalition.realtime.backend import LiveDoc, get_document_backend
from coalition.realtime.client import Client
from coalition.realtime.frames import NOTHING, BadFrame, read_state_vector
from coalition.realtime.models import LiveText, LiveUpdate
from coalition.realtime.updates import NOT_AN_UPDATE, JointChanges, UpdateContent, is_complete, read_update


def apply_update(doc: LiveDoc, update: bytes) -> None:
    """Apply an untrusted update. Raises BadFrame if it is invalid."""
    try:
        doc.apply_update(update)
    except BaseException as fault:  # pyo3's panics are no Exception; they must close one socket only
        if isinstance(fault, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
            raise
        raise BadFrame(NOT_AN_UPDATE) from fault


def assemble_document(snapshot: bytes, rows: Iterable[bytes]) -> LiveDoc:
    """Build a document from its log."""
    doc: LiveDoc = Doc()
    if snapshot:
        doc.apply_update(snapshot)
    for piece in applicable_pieces(rows, read_state_vector(doc.get_state())):
        doc.apply_update(piece)
    return doc


def applicable_pieces(updates: Iterable[bytes], state: Mapping[int, int]) -> Iterator[bytes]:
    """Yield the updates, merged where they need each other; each is applied after the one before.

    Updates are omitted if they build on changes missing from both these updates and a document with this
    state: a document would keep them pending, and the library does not always resolve them later.
    """
    known = dict(state)
    waiting: list[tuple[bytes, UpdateContent]] = []
    together = JointChanges(known)
    for update in updates:
        change = read_update(update)
        waiting.append((update, change))
        if together.add(change):
            yield merged_update([one for one, _change in waiting])
            for _one, done in waiting:
                done.count(known)
            waiting, together = [], JointChanges(known)
    if found := _complete_updates(waiting, known):
        yield merged_update(found)


def _complete_updates(waiting: list[tuple[bytes, UpdateContent]], known: Mapping[int, int]) -> list[bytes]:
    """Return the updates whose predecessors are all known, however many others lack theirs."""
    while True:
        together = JointChanges(known)
        for _update, change in waiting:
            together.add(change)
        complete = [one for one in waiting if together.holds(one[1])]
        if len(complete) == len(waiting):
            return [update for update, _change in complete]
        waiting = complete


def merged_update(updates: Sequence[bytes]) -> bytes:
    """Return one update equivalent to all of them."""
    return merge_updates(*updates) if len(updates) > 1 else updates[0]


class DbExecutor:
    """A single-thread executor with a persistent connection; tasks run in order.

    All other database access of sockets shares one thread: a batch of two hundred people's writes must
    not wait behind two hundred checks of their rights.
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def do[**P, R](self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work(*args, **kwargs)` in the thread and return its result. Raises what it raises."""

        def run() -> R:
            try:
                return work(*args, **kwargs)
            except Error:
                connections.close_all()  # a restarted database server: the next attempt opens a new one
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def close(self) -> None:
        """Stop the thread and close its connections."""
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=False)


MOST_ROWS = 500
MOST_BYTES = 256 * 1024
LATE = datetime.timedelta(seconds=30)  # how long a row's transaction may take to become visible


@dataclass(frozen=True)
class LoadedDocument:
    """A document as stored in the database, and whether its log needs compaction."""

    epoch: int
    snapshot: bytes
    rows: list[bytes]
    long: bool


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
            seed = get_document_backend().seed(document) if fresh else b""
            if seed and seed != NOTHING:
                append_batch([LiveUpdate(document=document, epoch=text.epoch, update=seed)], process)
    return text


def append_batch(batch: Sequence[LiveUpdate], process: UUID) -> None:
    """Write new rows in one transaction; size, time and process are set here. Raises DatabaseError; then
    nothing is written."""
    moment = now()
    for row in batch:
        row.size, row.at, row.process = len(row.update), moment, process
    LiveUpdate.objects.bulk_create(batch)


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
        old = LiveUpdate.objects.filter(
            document=document, epoch=text.epoch, held=True, at__lt=now() - LATE
        ).order_by("pk")
        rows = list(old.values_list("pk", "update"))
        if not rows:
            return False
        doc = assemble_document(bytes(text.snapshot), [bytes(update) for _pk, update in rows])
        state = read_state_vector(doc.get_state())
        compacted = [pk for pk, update in rows if read_update(bytes(update)).is_contained(state)]
        text.snapshot, text.changed_at = doc.get_update(), now()
        text.save(update_fields=["snapshot", "changed_at"])
        for some in batched(compacted, 500):
            LiveUpdate.objects.filter(pk__in=some).update(update=b"", held=False)
    return bool(compacted)


def read_peer_changes(
    documents: Mapping[UUID, int], process: UUID
) -> tuple[dict[UUID, list[bytes]], set[UUID]]:
    """Return other processes' writes within LATE to these documents (UUID → epoch) that the bus may
    have lost, by document, and the documents whose history was replaced.

    After a longer pause the caller reloads the documents instead.
    """
    texts = LiveText.objects.filter(document__in=list(documents)).values_list("document", "epoch")
    ended = {document for document, epoch in texts if documents[document] != epoch}
    updates: dict[UUID, list[bytes]] = {}
    rows = LiveUpdate.objects.filter(document__in=list(documents), held=True, at__gte=now() - LATE)
    others = rows.exclude(process=process).order_by("pk").values_list("document", "epoch", "update")
    for document, epoch, update in others:
        if documents[document] == epoch:
            updates.setdefault(document, []).append(bytes(update))
    return updates, ended


class LogPosition(NamedTuple):
    """The end of a log. The last row alone is not enough: one may be committed after a later one."""

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
    uncompacted = LiveUpdate.objects.filter(document=document, held=True).order_by("pk")
    rows = list(uncompacted.values_list("epoch", "update"))
    text = LiveText.objects.filter(document=document).first()
    if text is None:
        return 0, b"", []
    return text.epoch, bytes(text.snapshot), [bytes(row) for epoch, row in rows if epoch == text.epoch]


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """One write. An empty `update` changed nothing: it counts as saved with those before it.

    `serial` increases within this process. `count`: the writer's number of writes up to this one;
    `writer` is None for writes of another process that it did not report as saved.
    """

    serial: int
    update: bytes
    author: UUID | None
    organisation: UUID | None
    writer: Client | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class WriteBatch:
    """Entries of one document that are being written to the database."""

    document: UUID
    epoch: int
    entries: list[PendingWrite]

    @property
    def last_sent_serial(self) -> int:
        """Return the last serial that was sent to other processes, 0 if there is none."""
        return max((entry.serial for entry in self.entries if entry.update and entry.writer), default=0)

    def rows(self) -> list[LiveUpdate]:
        """Return the rows to write: one a person, with all their writes merged."""
        by_author: dict[tuple[UUID | None, UUID | None], list[bytes]] = {}
        for entry in self.entries:
            if entry.update:
                by_author.setdefault((entry.author, entry.organisation), []).append(entry.update)
        return [
            LiveUpdate(
                document=self.document,
                epoch=self.epoch,
                update=merged_update(some),
                author=author,
                organisation=organisation,
            )
            for (author, organisation), some in by_author.items()
        ]


class Replica:
    """Applies updates and returns only what was new. Used by one thread."""

    def __init__(self, snapshot: bytes, rows: Sequence[bytes]) -> None:
        self._doc = assemble_document(snapshot, rows)
        self._effective: list[bytes] = []
        self._seen = self._doc.observe(self._note)
        self._size = len(snapshot) + sum(map(len, rows))
        self._known = read_state_vector(self.state)

    @property
    def state(self) -> bytes:
        """Return the state vector."""
        return self._doc.get_state()

    def whole(self) -> bytes:
        """Return the whole document as one update."""
        return self._doc.get_update()

    def lacking(self, state: bytes) -> bytes:
        """Return the update with everything missing from a replica with this state vector."""
        return self._doc.get_update(state)

    def has_what_precedes(self, change: UpdateContent) -> bool:
        """Whether everything that the change builds on is here."""
        return is_complete(change, self._known)

    def has(self, update: bytes) -> bool:
        """Whether nothing of the update is missing here."""
        return read_update(update).is_contained(self._known)

    def pieces(self, some: Iterable[bytes]) -> Iterator[bytes]:
        """Yield updates for `apply` as `applicable_pieces` does."""
        return applicable_pieces(some, self._known)

    def fresh(self, change: UpdateContent) -> set[int]:
        """Return the replicas of which the change brings something new."""
        return {replica for replica, _first, end in change.structs if end > self._known.get(replica, 0)}

    def has_place(self, size: int, most: int) -> bool:
        """Whether the document may grow by `size`."""
        if self._size + size > most:
            self._size = len(self._doc.get_update())
        return self._size + size <= most

    def apply(self, update: bytes, change: UpdateContent) -> bytes:
        """Apply a change whose predecessors are here; return empty bytes if it brought nothing.
        Raises BadFrame for an update that cannot be applied."""
        self._effective.clear()
        apply_update(self._doc, update)
        effective = [one for one in self._effective if one != NOTHING]
        self._effective.clear()
        if len(change.structs) > 1:
            # Only several replicas together can form a dependency cycle, which nothing resolves.
            self._known = read_state_vector(self.state)
            if not change.is_contained(self._known):
                raise BadFrame(NOT_AN_UPDATE)
        change.count(self._known)
        if not effective:
            return b""
        whole = merged_update(effective)
        self._size += len(whole)
        return whole

    def _note(self, event: TransactionEvent) -> None:
        self._effective.append(event.update)

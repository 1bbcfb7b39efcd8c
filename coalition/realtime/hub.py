"""All live documents of this process: opening, saving, sending to peers, server edits, closing.

One hub for the server's event loop. The database is the source of truth: what people write is in it
within about 200 ms, in one transaction for all documents, and what other processes wrote is read
from it whenever the bus may have lost something.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Coroutine, Iterable
from itertools import batched
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import Error, transaction
from uuid_utils.compat import uuid7

from coalition import live_push
from coalition.realtime import bus, store
from coalition.realtime.backend import (
    Grant,
    LiveDoc,
    RevocationReader,
    delete_old_revocations,
    get_document_backend,
    open_sockets,
)
from coalition.realtime.bus import Bus, BusMessage, BusMessageBuffer
from coalition.realtime.client import Client, Send
from coalition.realtime.frames import NOTHING, Frame, Presence
from coalition.realtime.models import LiveText, LiveUpdate
from coalition.realtime.room import Room

SAVE_INTERVAL_SECONDS = 0.2  # seconds
SAVE_RETRY_SECONDS = 0.5  # seconds after a failed write to the database
PEER_CHECK_SECONDS = 10.0  # seconds between reads of others' writes
PEER_CHECK_SECONDS_WITHOUT_BUS = 1.0  # while the bus is unavailable
REVOCATION_CHECK_SECONDS = 1.0  # seconds between checks for changed rights
REVOCATION_CLEANUP_SECONDS = 600  # such looks
CHANGED_DOCUMENTS_AT_ONCE = 5  # documents
SAVED_DOCUMENTS_AT_ONCE = 5  # documents whose writers are notified of saving, between two turns of the loop
NOTIFY_PAUSE_FACTOR = 4  # multiple of the time that notifying took
NOTIFY_INTERVAL_SECONDS = 1.0  # seconds between notifying a document's owner of changes

logger = logging.getLogger(__name__)


class Hub:
    """See the module's docstring."""

    def __init__(self) -> None:
        self.process: UUID = uuid7()
        # While a database thread runs, the loop waits this long for the GIL; the default 5 ms are
        # visible.
        sys.setswitchinterval(0.001)
        self.rooms: dict[UUID, Room] = {}
        self._opening: dict[UUID, asyncio.Task[Room]] = {}
        self._read_at = time.monotonic()
        self._read_now = asyncio.Event()
        self._work = asyncio.Event()
        self._written: set[UUID] = set()  # changed in the database, not yet reported to the owner
        self._changed = asyncio.Event()
        self._broken = False
        self._unsaved_since: float | None = None
        self._last_lag = 0.0
        self._writing, self._reading = store.DbExecutor("live-writing"), store.DbExecutor("live-reading")
        self._owning, self._rechecking = store.DbExecutor("live-owning"), store.DbExecutor("live-rechecking")
        self._messages = BusMessageBuffer(self.rooms, missing=self._read_now.set)
        self.bus = Bus(
            self.process, collect=self._messages.collect, receive=self._receive, lost=self._read_now.set
        )
        self._tasks: set[asyncio.Task[Any]] = set()
        for work in (
            self._keep_saving(),
            self._keep_reading_peers(),
            self._keep_notifying(),
            self._keep_rechecking(),
            self.bus.run_sending(),
            self.bus.run_receiving(),
        ):
            self._in_background(work)

    async def enter(self, document: UUID, grant: Grant, send: Send) -> tuple[Room, Client]:
        """Open the document if needed, and admit a browser. Raises django.db.Error."""
        while (room := self.rooms.get(document)) is None:
            opening = self._opening.get(document)
            if opening is None:
                opening = self._opening[document] = asyncio.create_task(self._open(document))
                opening.add_done_callback(lambda _done: self._opening.pop(document, None))
            # A browser that disconnects must not cancel the opening for the others.
            await asyncio.shield(opening)
        client = Client(grant, send)
        room.enter(client)
        return room, client

    def leave(self, room: Room, client: Client) -> None:
        """Remove a browser; after the last one the document is closed once everything is saved."""
        self._send_presences(room, room.leave(client))
        self._work.set()

    def take(self, room: Room, client: Client, frame: Frame) -> None:
        """Handle a browser's frame. Raises BadFrame."""
        self._send_presences(room, room.take(client, frame))
        if room.unsaved:
            self._work.set()
        if self.bus.is_alone:
            room.unsent.clear()
        elif room.unsent:
            self.bus.wake()

    def take_server_edit(self, document: UUID, update: bytes) -> None:
        """Send a server's edit, already in the database, to everyone who has the document open."""
        room = self.rooms.get(document)
        if (room and not room.take_peer_updates([update])) or document in self._opening:
            self._read_now.set()  # the room may be loading from the log without this edit
        if not self.bus.is_alone:
            self._messages.edits.append((document, update))
            self.bus.wake()

    async def close(self) -> None:
        """Save pending writes and stop the hub's tasks."""
        for room in self.rooms.values():
            room.adopt(room.unconfirmed.all())
        await self.save()
        await self._notify_owner(frozenset(self._written))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        executors = (self._writing, self._reading, self._owning, self._rechecking)
        await asyncio.gather(*(executor.close() for executor in executors))

    async def save(self) -> bool:
        """Save pending writes. Return whether the database accepted them."""
        batches = [(room, batch) for room in self.rooms.values() if (batch := room.batch()) is not None]
        if not batches:
            return True
        saved = False
        try:
            # Merging takes a while, and people type meanwhile: in the thread too.
            await self._writing.do(
                lambda: store.append_batch(
                    [row for _room, batch in batches for row in batch.rows()], self.process
                )
            )
            saved = True
        except (Error, OSError) as fault:
            if not self._broken:
                logger.warning("live texts cannot be saved: %s", type(fault).__name__)
        finally:
            self._broken = not saved
            if not saved:
                for room, batch in batches:
                    room.requeue(batch)
        for some in batched(batches, SAVED_DOCUMENTS_AT_ONCE):
            if saved:
                for room, batch in some:
                    self._confirm_saved(room, batch)
                await asyncio.sleep(0)  # notifying a hundred texts' people at once would delay writers
        return saved

    def saved_lag(self) -> float:
        """Return the seconds from an edit to its row: of pending writes, else of the last ones."""
        since = self._unsaved_since
        return self._last_lag if since is None else time.monotonic() - since

    def _confirm_saved(self, room: Room, batch: store.WriteBatch) -> None:
        room.confirm_saved(batch)
        if any(entry.update for entry in batch.entries):
            self._written.add(room.document)
            self._changed.set()
        if not self.bus.is_alone and batch.last_sent_serial:
            self._messages.saved[room.document] = batch.last_sent_serial
            self.bus.wake()
        if room.needs_compaction():
            self._in_background(self._compact(room.document))

    # --- work that goes on ---------------------------------------------------------------------------

    async def _open(self, document: UUID) -> Room:
        loaded = await self._reading.do(store.load_document, document, self.process)
        room = self.rooms[document] = Room(document, loaded)
        if loaded.long:
            self._in_background(self._compact(document))
        if not self.bus.is_alone:
            self._messages.opened.add(document)
            self.bus.wake()
            # What was sent while the room was loading is in the database once its writer's batch
            # is.
            self._read_now.set()
        return room

    async def _keep_saving(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            self._unsaved_since = self._unsaved_since or time.monotonic()
            await asyncio.sleep(SAVE_INTERVAL_SECONDS)
            saved = False
            try:
                saved = await self.save()
            except Exception:  # whatever the error: only this loop saves what people write
                logger.exception("live texts cannot be saved")
            if saved:
                self._last_lag, self._unsaved_since = self.saved_lag(), None
            else:
                self._work.set()
                await asyncio.sleep(SAVE_RETRY_SECONDS)
            for document, room in list(self.rooms.items()):
                if room.is_done:
                    del self.rooms[document]
                    self._in_background(self._compact(document))

    async def _keep_reading_peers(self) -> None:
        while True:
            try:
                async with asyncio.timeout(1):
                    await self._read_now.wait()
                # What was lost is in the database once its writer's batch is.
                await asyncio.sleep(2 * SAVE_INTERVAL_SECONDS)
            except TimeoutError:
                pass
            self._messages.expire_presences()
            for room in self.rooms.values():
                if room.adopt(room.unconfirmed.overdue()):
                    self._work.set()
            waited = time.monotonic() - self._read_at
            if not self._read_now.is_set() and waited < (
                PEER_CHECK_SECONDS if self.bus.works else PEER_CHECK_SECONDS_WITHOUT_BUS
            ):
                continue
            self._read_now.clear()
            try:
                await self._read_peers()
            except (Error, OSError) as fault:
                logger.info("the log cannot be read: %s", type(fault).__name__)
                self._read_now.set()  # a gap stays until a read succeeds
            except Exception:  # one unreadable text must not stop the check of all others
                logger.exception("the log cannot be read")

    async def _keep_notifying(self) -> None:
        """Notify the owner of changed documents, each at most once a second, a few at a time: with a
        hundred active documents, its work must not slow down writing."""
        await self._run_owner(lambda: get_document_backend().catch_up())
        while True:
            await self._changed.wait()
            self._changed.clear()
            await asyncio.sleep(NOTIFY_INTERVAL_SECONDS)
            written, self._written = self._written, set()
            for some in batched(written, CHANGED_DOCUMENTS_AT_ONCE):
                begun = time.monotonic()
                await self._notify_owner(frozenset(some))
                await asyncio.sleep(NOTIFY_PAUSE_FACTOR * (time.monotonic() - begun))

    async def _notify_owner(self, written: frozenset[UUID]) -> None:
        if written and not await self._run_owner(lambda: get_document_backend().written(written)):
            self._written |= written
            self._changed.set()

    async def _run_owner(self, work: Callable[[], None]) -> bool:
        """Run the owner's work in its thread. Return whether the database was available."""
        try:
            await self._owning.do(work)
        except (Error, OSError, LookupError) as fault:
            logger.warning("the owner of live texts cannot follow: %s", type(fault).__name__)
            return False
        except Exception:  # an error of the owner on one text: the loop continues for the others
            logger.exception("the owner of live texts cannot follow")
        return True

    async def _keep_rechecking(self) -> None:
        """Recheck the sockets of people whose rights were revoked."""
        found, turns = RevocationReader(), 0
        while True:
            await asyncio.sleep(REVOCATION_CHECK_SECONDS)
            turns += 1
            try:
                people = await self._rechecking.do(found.fresh)
                if turns % REVOCATION_CLEANUP_SECONDS == 0:
                    await self._rechecking.do(delete_old_revocations)
            except (Error, OSError) as fault:
                logger.info("revocations cannot be read: %s", type(fault).__name__)
                continue
            sockets = [one for user in people for one in open_sockets.get(user, ())]
            await asyncio.gather(*(one.recheck() for one in sockets), return_exceptions=True)

    async def _read_peers(self) -> None:
        """Read others' writes; reload everything if the last read is long ago or something is missing."""
        begun = time.monotonic()
        epochs = {document: room.epoch for document, room in self.rooms.items()}
        if epochs and begun - self._read_at > store.LATE.total_seconds() / 2:
            await self._load_again(epochs)
        elif epochs:
            updates, ended = await self._reading.do(store.read_peer_changes, epochs, self.process)
            for document in ended:
                self._end(document)
            await self._load_again(
                document
                for document, some in updates.items()
                if (room := self.rooms.get(document)) and not room.take_peer_updates(some)
            )
        self._read_at = begun

    async def _load_again(self, documents: Iterable[UUID]) -> None:
        for document in list(documents):
            loaded = await self._reading.do(store.load_document, document, self.process)
            room = self.rooms.get(document)
            if room and room.epoch == loaded.epoch:
                room.take_peer_updates([loaded.snapshot or NOTHING, *loaded.rows])
            elif room:
                self._end(document)

    def _end(self, document: UUID) -> None:
        """Close the document: its history was replaced, and its browsers must reload."""
        if room := self.rooms.pop(document, None):
            room.is_over = True

    async def _compact(self, document: UUID) -> None:
        try:
            await self._reading.do(store.compact_log, document)
        except (Error, OSError) as fault:
            logger.info("a log was not compacted: %s", type(fault).__name__)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- other processes ------------------------------------------------------------------------------

    def _receive(self, process: str, message: BusMessage) -> None:
        if self._messages.receive(process, message):
            self.bus.wake()
        if any(room.unsaved for room in self.rooms.values()):
            self._work.set()

    def _send_presences(self, room: Room, presences: list[Presence]) -> None:
        if presences and not self.bus.is_alone:
            self._messages.send_presences(room.document, presences)
            self.bus.wake()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """Return the hub of the running event loop, created on first use."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def all_hubs() -> list[Hub]:
    """Return every hub of this process. Thread-safe."""
    return list(_hubs.values())


async def close_hub() -> None:
    """Save and stop the hub of the running event loop, if any, at server shutdown."""
    if found := _hubs.pop(asyncio.get_running_loop(), None):
        await found.close()


def notify_rooms(document: UUID, update: bytes) -> None:
    """Send a server's edit to everyone who has the document open, in every process. Thread-safe.
    What gets lost on the way, open rooms find in the database within seconds."""
    loop = live_push.server_loop()
    if loop is not None:
        loop.call_soon_threadsafe(lambda: get_hub().take_server_edit(document, update))
    else:
        bus.send_once({"edits": [[str(document), update]]})


# Not a hub's process id: every hub finds these rows when it reads others' writes.
SERVER_PROCESS = uuid7()


def edit_on_server(
    document: UUID, change: Callable[[LiveDoc], None], *, author: UUID | None, organisation: UUID | None
) -> bool:
    """Let `change` edit the document as stored, and save the result as one row of the log.

    One such edit at a time per document; concurrent typing merges with it. Everyone who has the
    document open sees it after the commit, in every process. Return whether anything changed.
    `change` inserts and deletes whole nodes only: indices within text are bytes of UTF-8.
    """
    with transaction.atomic():
        text = LiveText.objects.select_for_update().get(pk=store.begin_document(document, SERVER_PROCESS).pk)
        doc = store.stored_document(document)
        effective: list[bytes] = []
        seen = doc.observe(lambda event: effective.append(event.update))
        change(doc)
        doc.unobserve(seen)
        effective = [one for one in effective if one != NOTHING]
        if not effective:
            return False
        update = store.merged_update(effective)
        row = LiveUpdate(
            document=document, epoch=text.epoch, update=update, author=author, organisation=organisation
        )
        store.append_batch([row], SERVER_PROCESS)
        transaction.on_commit(lambda: notify_rooms(document, update))
    return True

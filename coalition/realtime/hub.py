"""All live documents of this process: opening, keeping, telling others, forgetting.

One hub for the server's event loop. The database is the truth: what people write is in it within about
200 ms, in one transaction for all documents, and what other processes wrote is read from it whenever
the bus may have lost something.
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

from django.db import Error
from uuid_utils.compat import uuid7

from coalition import live_push
from coalition.realtime import bus, log, revocations
from coalition.realtime.backend import Grant, get_document_backend
from coalition.realtime.batch import WriteBatch
from coalition.realtime.bus import Bus
from coalition.realtime.bus_messages import BusMessage, BusMessageBuffer
from coalition.realtime.client import Client, Send
from coalition.realtime.db_executor import DbExecutor
from coalition.realtime.frames import NOTHING, Frame, Presence
from coalition.realtime.room import Room

SAVE_INTERVAL_SECONDS = 0.2  # seconds
SAVE_RETRY_SECONDS = 0.5  # seconds after the database did not take a batch
PEER_CHECK_SECONDS = 10.0  # seconds between looks at what others wrote
PEER_CHECK_SECONDS_WITHOUT_BUS = 1.0  # while the bus is away
REVOCATION_CHECK_SECONDS = 1.0  # seconds between looks at whose rights changed
REVOCATION_CLEANUP_SECONDS = 600  # such looks
CHANGED_DOCUMENTS_AT_ONCE = 5  # documents
SAVED_DOCUMENTS_AT_ONCE = (
    5  # documents whose people are told that they are saved, between two turns of the loop
)
NOTIFY_PAUSE_FACTOR = 4  # times as long as telling took
NOTIFY_INTERVAL_SECONDS = 1.0  # seconds between telling a document's owner that it changed

logger = logging.getLogger(__name__)


class Hub:
    """See the module's words."""

    def __init__(self) -> None:
        self.process: UUID = uuid7()
        # While a thread works for the database, the loop waits so long for its turn; the usual 5 ms are seen.
        sys.setswitchinterval(0.001)
        self.rooms: dict[UUID, Room] = {}
        self._opening: dict[UUID, asyncio.Task[Room]] = {}
        self._looked_at = time.monotonic()
        self._look_now = asyncio.Event()
        self._something = asyncio.Event()
        self._written: set[UUID] = set()  # changed in the database, to tell the layer that owns them
        self._telling = asyncio.Event()
        self._broken = False
        self._unsaved_since: float | None = None
        self._last_lag = 0.0
        self._writing, self._reading = DbExecutor("live-writing"), DbExecutor("live-reading")
        self._owning, self._kicking = DbExecutor("live-owning"), DbExecutor("live-kicking")
        self._parcels = BusMessageBuffer(self.rooms, missing=self._look_now.set)
        self.bus = Bus(
            self.process, collect=self._parcels.collect, receive=self._receive, lost=self._look_now.set
        )
        self._tasks: set[asyncio.Task[Any]] = set()
        for work in (
            self._keep_saving(),
            self._keep_looking(),
            self._keep_telling(),
            self._keep_kicking(),
            self.bus.run_sending(),
            self.bus.run_receiving(),
        ):
            self._in_background(work)

    async def enter(self, document: UUID, grant: Grant, send: Send) -> tuple[Room, Client]:
        """Open the document if it is not open here, and let a browser in. Raises django.db.Error."""
        while (room := self.rooms.get(document)) is None:
            opening = self._opening.get(document)
            if opening is None:
                opening = self._opening[document] = asyncio.create_task(self._open(document))
                opening.add_done_callback(lambda _done: self._opening.pop(document, None))
            # One browser that gives up must not end the opening for the others.
            await asyncio.shield(opening)
        client = Client(grant, send)
        room.enter(client)
        return room, client

    def leave(self, room: Room, client: Client) -> None:
        """Let a browser go; the last one closes the document when everything is in the database."""
        self._tell_presences(room, room.leave(client))
        self._something.set()

    def take(self, room: Room, client: Client, frame: Frame) -> None:
        """Do what a browser's frame asks. Raises BadFrame."""
        self._tell_presences(room, room.take(client, frame))
        if room.unsaved:
            self._something.set()
        if self.bus.is_alone:
            room.elsewhere.clear()
        elif room.elsewhere:
            self.bus.wake()

    def take_from_outside(self, document: UUID, update: bytes) -> None:
        """Show an edit that the server made, which is in the database already, to whoever has it open."""
        room = self.rooms.get(document)
        if (room and not room.take_from_elsewhere([update])) or document in self._opening:
            self._look_now.set()  # or it is reading the log from before this edit at this moment
        if not self.bus.is_alone:
            self._parcels.written.append((document, update))
            self.bus.wake()

    async def close(self) -> None:
        """Save what waits and end the hub's work."""
        for room in self.rooms.values():
            room.adopt(room.foreign.all())
        await self.save()
        await self._tell_owner(frozenset(self._written))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        desks = (self._writing, self._reading, self._owning, self._kicking)
        await asyncio.gather(*(desk.close() for desk in desks))

    async def save(self) -> bool:
        """Write what waits. Returns whether the database took it."""
        batches = [(room, batch) for room in self.rooms.values() if (batch := room.batch()) is not None]
        if not batches:
            return True
        taken = False
        try:
            await self._writing.do(_write_batches, [batch for _room, batch in batches], self.process)
            taken = True
        except (Error, OSError) as fault:
            if not self._broken:
                logger.warning("live texts cannot be saved: %s", type(fault).__name__)
        finally:
            self._broken = not taken
            if not taken:
                for room, batch in batches:
                    room.put_back(batch)
        for some in batched(batches, SAVED_DOCUMENTS_AT_ONCE):
            if taken:
                for room, batch in some:
                    self._kept(room, batch)
                await asyncio.sleep(0)  # telling a hundred texts' people at once would hold up who writes
        return taken

    def saved_lag(self) -> float:
        """Seconds from an edit to its row: of what still waits, else of what was written last."""
        since = self._unsaved_since
        return self._last_lag if since is None else time.monotonic() - since

    def _kept(self, room: Room, batch: WriteBatch) -> None:
        room.kept(batch)
        if any(entry.update for entry in batch.entries):
            self._written.add(room.document)
            self._telling.set()
        if not self.bus.is_alone and batch.told:
            self._parcels.kept[room.document] = batch.told
            self.bus.wake()
        if room.wants_gathering():
            self._in_background(self._gather(room.document))

    # --- work that goes on ---------------------------------------------------------------------------

    async def _open(self, document: UUID) -> Room:
        loaded = await self._reading.do(log.load_document, document, self.process)
        room = self.rooms[document] = Room(document, loaded)
        if loaded.long:
            self._in_background(self._gather(document))
        if not self.bus.is_alone:
            self._parcels.asked.add(document)
            self.bus.wake()
            # What was told while it was loaded is in the database as soon as its writer's batch is.
            self._look_now.set()
        return room

    async def _keep_saving(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            self._unsaved_since = self._unsaved_since or time.monotonic()
            await asyncio.sleep(SAVE_INTERVAL_SECONDS)
            saved = False
            try:
                saved = await self.save()
            except Exception:  # whatever it was: this loop is all that keeps what people write
                logger.exception("live texts cannot be saved")
            if saved:
                self._last_lag, self._unsaved_since = self.saved_lag(), None
            else:
                self._something.set()
                await asyncio.sleep(SAVE_RETRY_SECONDS)
            self._close_empty()

    def _close_empty(self) -> None:
        for document, room in list(self.rooms.items()):
            if room.is_done:
                del self.rooms[document]
                self._in_background(self._gather(document))

    async def _keep_looking(self) -> None:
        while True:
            try:
                async with asyncio.timeout(1):
                    await self._look_now.wait()
                # What was lost is in the database as soon as its writer's batch is.
                await asyncio.sleep(2 * SAVE_INTERVAL_SECONDS)
            except TimeoutError:
                pass
            self._parcels.forget_the_gone()
            for room in self.rooms.values():
                if room.adopt(room.foreign.overdue()):
                    self._something.set()
            waited = time.monotonic() - self._looked_at
            if not self._look_now.is_set() and waited < (
                PEER_CHECK_SECONDS if self.bus.works else PEER_CHECK_SECONDS_WITHOUT_BUS
            ):
                continue
            self._look_now.clear()
            try:
                await self._look()
            except (Error, OSError) as fault:
                logger.info("the log cannot be read: %s", type(fault).__name__)
                self._look_now.set()  # what is missing stays missing until a look succeeds
            except Exception:  # one text that cannot be read must not keep all others from being looked at
                logger.exception("the log cannot be read")

    async def _keep_telling(self) -> None:
        """Tell the layer that owns the documents which of them changed, each at most once a second, a few at
        a time: where a hundred are written at once, following must not slow down writing."""
        await self._ask_owner(lambda: get_document_backend().catch_up())
        while True:
            await self._telling.wait()
            self._telling.clear()
            await asyncio.sleep(NOTIFY_INTERVAL_SECONDS)
            written, self._written = self._written, set()
            for some in batched(written, CHANGED_DOCUMENTS_AT_ONCE):
                begun = time.monotonic()
                await self._tell_owner(frozenset(some))
                await asyncio.sleep(NOTIFY_PAUSE_FACTOR * (time.monotonic() - begun))

    async def _tell_owner(self, written: frozenset[UUID]) -> None:
        if written and not await self._ask_owner(lambda: get_document_backend().written(written)):
            self._written |= written
            self._telling.set()

    async def _ask_owner(self, work: Callable[[], None]) -> bool:
        """Let the owner of the documents do something in its thread. Returns whether the database let it."""
        try:
            await self._owning.do(work)
        except (Error, OSError, LookupError) as fault:
            logger.warning("the owner of live texts cannot follow: %s", type(fault).__name__)
            return False
        except Exception:  # a fault of the owner's on one text: the loop goes on for the others
            logger.exception("the owner of live texts cannot follow")
        return True

    async def _keep_kicking(self) -> None:
        """Pass on what is kept of changed rights, as long as somebody is here."""
        found, turns = revocations.RevocationReader(), 0
        while True:
            await asyncio.sleep(REVOCATION_CHECK_SECONDS)
            turns += 1
            try:
                people = await self._kicking.do(found.fresh)
                if turns % REVOCATION_CLEANUP_SECONDS == 0:
                    await self._kicking.do(revocations.delete_old_revocations)
            except (Error, OSError) as fault:
                logger.info("kicks cannot be read: %s", type(fault).__name__)
                continue
            sockets = [one for user in people for one in revocations.open_sockets.get(user, ())]
            await asyncio.gather(*(one.look_again() for one in sockets), return_exceptions=True)

    async def _look(self) -> None:
        """Read what others wrote; all of it where the last look is long ago or something is missing."""
        begun = time.monotonic()
        epochs = {document: room.epoch for document, room in self.rooms.items()}
        if epochs and begun - self._looked_at > log.LATE.total_seconds() / 2:
            await self._load_again(epochs)
        elif epochs:
            found = await self._reading.do(log.read_peer_changes, epochs, self.process)
            for document in found.ended:
                self._end(document)
            parts = {document: self.rooms.get(document) for document in found.updates}
            await self._load_again(
                document
                for document, room in parts.items()
                if room and not room.take_from_elsewhere(found.updates[document])
            )
        self._looked_at = begun

    async def _load_again(self, documents: Iterable[UUID]) -> None:
        for document in list(documents):
            loaded = await self._reading.do(log.load_document, document, self.process)
            room = self.rooms.get(document)
            if room and room.epoch == loaded.epoch:
                room.take_from_elsewhere([loaded.snapshot or NOTHING, *loaded.rows])
            elif room:
                self._end(document)

    def _end(self, document: UUID) -> None:
        """The document has another history now: who is here must begin anew."""
        if room := self.rooms.pop(document, None):
            room.is_over = True

    async def _gather(self, document: UUID) -> None:
        try:
            await self._reading.do(log.compact_log, document)
        except (Error, OSError) as fault:
            logger.info("a log was not gathered: %s", type(fault).__name__)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- other processes ------------------------------------------------------------------------------

    def _receive(self, process: str, parcel: BusMessage) -> None:
        if self._parcels.receive(process, parcel):
            self.bus.wake()
        if any(room.unsaved for room in self.rooms.values()):
            self._something.set()

    def _tell_presences(self, room: Room, presences: list[Presence]) -> None:
        if presences and not self.bus.is_alone:
            self._parcels.show(room.document, presences)
            self.bus.wake()


def _write_batches(batches: list[WriteBatch], process: UUID) -> None:
    """In the database's thread: merging takes a while, and people type meanwhile."""
    log.append_batch([one for batch in batches for one in batch.written()], process)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """The hub of the running event loop, made when first asked for."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def all_hubs() -> list[Hub]:
    """Every hub of this process, from any thread."""
    return list(_hubs.values())


async def close_hub() -> None:
    """Save and end the hub of the running event loop, if there is one: the server stops."""
    if found := _hubs.pop(asyncio.get_running_loop(), None):
        await found.close()


def notify_rooms(document: UUID, update: bytes) -> None:
    """From any thread: show what the server wrote to a document to everybody who has it open, in every
    process. What gets lost on the way, open rooms find in the database within seconds."""
    loop = live_push.server_loop()
    if loop is not None:
        loop.call_soon_threadsafe(lambda: get_hub().take_from_outside(document, update))
    else:
        bus.send_once({"written": [[str(document), update]]})

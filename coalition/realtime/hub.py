"""All live documents of this process: opening, keeping, telling others, forgetting.

One hub for the server's event loop. The database is the truth: what people write is in it within about
200 ms, in one transaction for all documents, and what other processes wrote is read from it whenever
the bus may have lost something.
"""

import asyncio
import logging
import time
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import DatabaseError
from uuid_utils.compat import uuid7

from coalition.realtime import frames, log
from coalition.realtime.bus import Bus, Parcel
from coalition.realtime.client import Client, Send
from coalition.realtime.frames import Frame, Presence
from coalition.realtime.grants import Grant
from coalition.realtime.room import Batch, Room

SAVE_EVERY = 0.2  # seconds
LOOK_EVERY = 10.0  # seconds between looks at what others wrote
LOOK_OFTEN = 1.0  # while the bus is away
GONE_AFTER = 75.0  # seconds without a sign until somebody of another process counts as gone

logger = logging.getLogger(__name__)


class Hub:
    """See the module's words."""

    def __init__(self) -> None:
        self.process: UUID = uuid7()
        self.rooms: dict[UUID, Room] = {}
        self._opening: dict[UUID, asyncio.Lock] = {}
        self._said: list[tuple[UUID, bytes]] = []  # awareness frames to tell other processes
        self._signs: dict[tuple[UUID, int], float] = {}
        self._looked_at = time.monotonic()
        self._look_now = asyncio.Event()
        self._something = asyncio.Event()
        self._broken = False
        self.bus = Bus(self.process, collect=self._collect, receive=self._receive, lost=self._look_now.set)
        self._tasks = [
            asyncio.create_task(work)
            for work in (
                self._keep_saving(),
                self._keep_looking(),
                self.bus.run_sending(),
                self.bus.run_receiving(),
            )
        ]

    async def enter(self, document: UUID, grant: Grant, send: Send) -> tuple[Room, Client]:
        """Open the document if it is not open here, and let a browser in. Raises DatabaseError."""
        client = Client(grant, send)
        async with self._opening.setdefault(document, asyncio.Lock()):
            room = self.rooms.get(document)
            if room is None:
                loaded = await database_sync_to_async(log.load)(document, self.process)
                room = self.rooms[document] = Room(document, loaded)
                if loaded.long:
                    self._in_background(self._compact(document))
            room.enter(client)
        return room, client

    async def leave(self, room: Room, client: Client) -> None:
        """Let a browser go; the last one closes the document when everything is in the database."""
        self._tell_presences(room, room.leave(client))
        self._something.set()

    def take(self, room: Room, client: Client, frame: Frame) -> None:
        """Do what a browser's frame asks. Raises BadFrame."""
        self._tell_presences(room, room.take(client, frame))
        if room.unsaved:
            self._something.set()
        if room.elsewhere:
            self.bus.wake()

    def stop(self) -> None:
        """End the hub's work. What was not saved yet is not saved: call `save` before."""
        for task in self._tasks:
            task.cancel()

    async def save(self) -> bool:
        """Write what waits. Returns whether the database took it."""
        batches = [batch for room in self.rooms.values() if (batch := room.batch()) is not None]
        if not batches:
            return True
        written = [one for batch in batches for one in batch.written]
        try:
            await database_sync_to_async(log.append)(written, self.process)
        except (DatabaseError, OSError) as fault:
            for batch in batches:
                batch.put_back()
            if not self._broken:
                logger.warning("live texts cannot be saved: %s", type(fault).__name__)
            self._broken = True
            return False
        except BaseException:
            for batch in batches:
                batch.put_back()
            raise
        self._broken = False
        _kept(batches)
        return True

    # --- work that goes on ---------------------------------------------------------------------------

    async def _keep_saving(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            await asyncio.sleep(SAVE_EVERY)
            if not await self.save():
                await asyncio.sleep(1)
                self._something.set()
            await self._close_empty()

    async def _close_empty(self) -> None:
        for document, room in list(self.rooms.items()):
            lock = self._opening.setdefault(document, asyncio.Lock())
            if room.clients or room.unsaved or room.saving or lock.locked():
                continue
            del self.rooms[document]
            self._opening.pop(document, None)
            self._in_background(self._compact(document))

    async def _keep_looking(self) -> None:
        while True:
            pause = LOOK_EVERY if self.bus.works else LOOK_OFTEN
            try:
                async with asyncio.timeout(pause):
                    await self._look_now.wait()
                # What was lost is in the database as soon as its writer's batch is.
                await asyncio.sleep(2 * SAVE_EVERY)
            except TimeoutError:
                pass
            self._look_now.clear()
            self._forget_the_gone()
            try:
                await self._look()
            except (DatabaseError, OSError) as fault:
                logger.info("the log cannot be read: %s", type(fault).__name__)

    async def _look(self) -> None:
        """Read what others wrote; all of it, when the last look is long ago."""
        rooms = dict(self.rooms)
        if not rooms:
            self._looked_at = time.monotonic()
            return
        begun = time.monotonic()
        if begun - self._looked_at > log.LATE.total_seconds() / 2:
            for document, room in rooms.items():
                loaded = await database_sync_to_async(log.load)(document, self.process)
                room.take_from_elsewhere(loaded.updates)
        else:
            epochs = {document: room.epoch for document, room in rooms.items()}
            for document, update in await database_sync_to_async(log.written_elsewhere)(epochs, self.process):
                rooms[document].take_from_elsewhere([update])
        self._looked_at = begun

    async def _compact(self, document: UUID) -> None:
        try:
            await database_sync_to_async(log.compact)(document)
        except (DatabaseError, OSError) as fault:
            logger.info("a log was not compacted: %s", type(fault).__name__)

    def _in_background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(lambda done: self._tasks.remove(done) if done in self._tasks else None)

    # --- other processes ------------------------------------------------------------------------------

    def _collect(self) -> Parcel | None:
        updates: dict[str, list[bytes]] = {}
        for document, room in self.rooms.items():
            if room.elsewhere:
                updates[str(document)], room.elsewhere = room.elsewhere, []
        said, self._said = self._said, []
        if not updates and not said:
            return None
        return {"updates": updates, "presences": [[str(document), frame] for document, frame in said]}

    def _receive(self, parcel: Parcel) -> None:
        for document, updates in parcel["updates"].items():
            if room := self.rooms.get(UUID(document)):
                room.take_from_elsewhere(updates)
        for document, frame in parcel["presences"]:
            if room := self.rooms.get(UUID(document)):
                presences = frames.read_presences(frames.read(frame).payload)
                for one in presences:
                    self._signs[room.document, one.client] = time.monotonic()
                room.take_presences_from_elsewhere(presences)

    def _tell_presences(self, room: Room, presences: list[Presence]) -> None:
        if presences and not self.bus.is_alone:
            self._said.append((room.document, frames.awareness(presences)))
            self.bus.wake()

    def _forget_the_gone(self) -> None:
        """A process that died tells nobody that its people have left."""
        long_ago = time.monotonic() - GONE_AFTER
        for (document, client), at in list(self._signs.items()):
            if at < long_ago:
                del self._signs[document, client]
                room = self.rooms.get(document)
                known = room.presences.get(client) if room else None
                if room and known:
                    room.take_presences_from_elsewhere([Presence(client, known.clock + 1, None)])


def _kept(batches: list[Batch]) -> None:
    for batch in batches:
        batch.kept()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop, made when first asked for."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]

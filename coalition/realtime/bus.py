"""Messages between the server's processes about live documents.

One channel a process, all documents in one message, one message under way at a time. The bus may
lose messages: a gap in a process's numbers reveals it, and then the database is read, which is the
source of truth.

- `writes`: what people wrote here, before it is in the database, with serials; `saved`: up to which
  serial it is there now;
- `edits`: what a part of the server wrote into the log itself;
- `presences`: who is here; `opened`: documents opened here, whose presences the others should send.
"""

import asyncio
import contextlib
import json
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from uuid_utils.compat import uuid7

from coalition.realtime.frames import Presence
from coalition.realtime.room import Room
from coalition.realtime.store import PendingWrite

BUS_GROUP = "realtime.processes"
MOST_PROCESSES = 500

type BusMessage = dict[str, Any]

logger = logging.getLogger(__name__)


class Bus:
    """`collect()` returns the next message, None for nothing; `receive(process, content)` handles
    another process's message; `lost()` is called after a loss."""

    def __init__(
        self,
        process: UUID,
        *,
        collect: Callable[[], BusMessage | None],
        receive: Callable[[str, BusMessage], None],
        lost: Callable[[], None],
    ) -> None:
        self.process = str(process)
        self._sends = self._receives = True
        self._collect, self._receive, self._lost = collect, receive, lost
        self._wake = asyncio.Event()
        self._number = 0
        self._numbers: dict[str, int] = {}

    @property
    def is_alone(self) -> bool:
        """Whether the layer is in memory: then there is one process and no peer."""
        return isinstance(get_channel_layer(), InMemoryChannelLayer)

    @property
    def works(self) -> bool:
        """Whether the last use succeeded."""
        return self._sends and self._receives

    def wake(self) -> None:
        """Signal that something is waiting to be sent."""
        self._wake.set()

    async def run_sending(self) -> None:
        """Send one message at a time. Others read from the database what a failed message contained: the
        number of the next one reveals the gap, and a next one is sent even if nobody writes any more."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if self._sends else 1):
                    await self._wake.wait()
            self._wake.clear()
            content = self._collect()
            if self.is_alone or (content is None and self._sends):
                continue
            content = content or {}
            self._number += 1
            message = {"type": "realtime.message", "process": self.process, "number": self._number, **content}
            layer = get_channel_layer()
            try:
                async with asyncio.timeout(5):
                    await layer.group_send(BUS_GROUP, message)
                self._sends = True
            except Exception as fault:  # noqa: BLE001  Redis may be away; the database is the truth
                if self.works:
                    logger.warning("the bus is away: %s", type(fault).__name__)
                self._sends = False
                self._lost()

    async def run_receiving(self) -> None:
        """Receive from other processes; join again after the layer was unavailable."""
        layer = get_channel_layer()
        while not self.is_alone:
            try:
                # Of the same kind as the sockets' channels: Redis' layer waits for one kind at a
                # time, and would receive nothing for sockets while it waits here.
                channel = await layer.new_channel()
                await layer.group_add(BUS_GROUP, channel)
                self._receives = True
                self._lost()  # messages before joining
                joined = asyncio.get_running_loop().time()
                # Group membership expires in the layer: join anew long before that.
                while asyncio.get_running_loop().time() - joined < 600:
                    await self._receive_message(layer, channel)
                await layer.group_discard(BUS_GROUP, channel)
            except Exception as fault:  # noqa: BLE001  Redis may be away: the database is asked
                if self.works:
                    logger.warning("the bus does not answer: %s", type(fault).__name__)
                self._receives = False
                self._lost()
                await asyncio.sleep(1)

    async def _receive_message(self, layer: Any, channel: str) -> None:
        try:
            async with asyncio.timeout(30):
                message = await layer.receive(channel)
        except TimeoutError:
            return
        sender, number = message["process"], message["number"]
        if sender == self.process:
            return
        if number != self._numbers.pop(sender, number - 1) + 1:
            self._lost()
        self._numbers[sender] = number
        if len(self._numbers) > MOST_PROCESSES:  # entries of processes that were restarted
            del self._numbers[next(iter(self._numbers))]
        self._receive(sender, message)


def send_once(content: BusMessage) -> None:
    """Send a message from a process without sockets: a command, a worker beside the server."""
    layer = get_channel_layer()
    if layer is None or isinstance(layer, InMemoryChannelLayer):
        return
    message = {"type": "realtime.message", "process": str(uuid7()), "number": 1, **content}
    try:
        async_to_sync(layer.group_send)(BUS_GROUP, message)
    except Exception as fault:  # noqa: BLE001  Redis may be away; the database is the truth
        logger.info("the bus is away: %s", type(fault).__name__)


GONE_AFTER = 75.0  # seconds without a sign until a presence of another process expires


class BusMessageBuffer:
    """Messages waiting for the bus. `missing()` is called when predecessors of a message are missing."""

    def __init__(self, rooms: dict[UUID, Room], *, missing: Callable[[], None]) -> None:
        self.saved: dict[UUID, int] = {}
        self.edits: list[tuple[UUID, bytes]] = []
        self.opened: set[UUID] = set()
        self._presences: list[tuple[UUID, Presence]] = []
        self._rooms, self._missing = rooms, missing
        self._signs: dict[tuple[UUID, int], float] = {}

    def send_presences(self, document: UUID, presences: Iterable[Presence]) -> None:
        """Queue presences: who is here, or gone."""
        self._presences.extend((document, one) for one in presences)

    def collect(self) -> BusMessage | None:
        """Return the next message, None if there is nothing to send."""
        writes = {}
        for document, room in self._rooms.items():
            if room.unsent:
                entries, room.unsent = room.unsent, []
                writes[str(document)] = [
                    [one.serial, one.update, str(one.author or ""), str(one.organisation or "")]
                    for one in entries
                ]
        message: BusMessage = {
            "writes": writes,
            "saved": {str(document): serial for document, serial in self.saved.items()},
            "edits": [[str(document), update] for document, update in self.edits],
            "presences": [
                [str(document), one.client, one.clock, json.dumps(one.state)]
                for document, one in self._presences
            ],
            "opened": [str(document) for document in self.opened],
        }
        self.saved, self.edits, self.opened, self._presences = {}, [], set(), []
        return message if any(message.values()) else None

    def receive(self, process: str, message: BusMessage) -> bool:
        """Handle another process's message. Return whether it asks who is here."""
        for name, writes in message.get("writes", {}).items():
            if room := self._rooms.get(UUID(name)):
                entries = [
                    PendingWrite(serial, update, UUID(a) if a else None, UUID(o) if o else None)
                    for serial, update, a, o in writes
                ]
                if not room.take_peer_writes(process, entries):
                    self._missing()
        for name, update in message.get("edits", ()):
            if (room := self._rooms.get(UUID(name))) and not room.take_peer_updates([update]):
                self._missing()
        for name, serial in message.get("saved", {}).items():
            if (room := self._rooms.get(UUID(name))) and not room.unconfirmed.confirm(process, serial):
                self._missing()
        self._receive_present(message.get("presences", ()))
        rooms = [self._rooms.get(UUID(name)) for name in message.get("opened", ())]
        for room in filter(None, rooms):
            self.send_presences(room.document, room.presences.here())
        return bool(self._presences)

    def expire_presences(self) -> None:
        """Expire the presences of a process that died without reporting them gone."""
        long_ago = time.monotonic() - GONE_AFTER
        for (document, client), at in list(self._signs.items()):
            if at < long_ago:
                del self._signs[document, client]
                room = self._rooms.get(document)
                known = room.presences.states.get(client) if room else None
                if room and known:
                    room.take_peer_presences([Presence(client, known.clock + 1, None)])

    def _receive_present(self, rows: Iterable[tuple[str, int, int, str]]) -> None:
        by_room: dict[UUID, list[Presence]] = {}
        for name, client, clock, state in rows:
            by_room.setdefault(UUID(name), []).append(Presence(client, clock, json.loads(state)))
        for document, presences in by_room.items():
            if room := self._rooms.get(document):
                for one in presences:
                    self._signs[document, one.client] = time.monotonic()
                room.take_peer_presences(presences)


LARGEST_MESSAGE = 4 * 1024  # bytes
MOST_MESSAGES = 20  # a second
MOST_TOPICS = 30
COMMANDS = ("subscribe", "unsubscribe", "here", "ping")
TOPIC = re.compile(r"[a-z_]{1,30}:[0-9A-Za-z-]{1,40}(?:\.[0-9A-Za-z-]{1,40})?")


class BadMessage(Exception):
    """The message is invalid; `str()` is the reason the socket is closed with."""


def read_message(text: str | None) -> tuple[str, str]:
    """Return the command and its topic (empty for `ping`) of one frame. Raises BadMessage."""
    if text is None:
        raise BadMessage("text expected")
    if len(text.encode()) > LARGEST_MESSAGE:
        raise BadMessage("message too large")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not JSON") from None
    if not isinstance(message, dict) or len(message) != 1:
        raise BadMessage("one command expected")
    command, topic = next(iter(message.items()))
    if command not in COMMANDS:
        raise BadMessage("unknown command")
    if command == "ping":
        return command, ""
    if not isinstance(topic, str) or not TOPIC.fullmatch(topic):
        raise BadMessage("not a topic")
    return command, topic


class MessageRateLimit:
    """A rate limit: `most` messages within a second."""

    def __init__(self, most: int = MOST_MESSAGES) -> None:
        self._times: deque[float] = deque(maxlen=most)

    def step(self) -> None:
        """Count one message. Raises BadMessage if there were too many."""
        moment = time.monotonic()
        if len(self._times) == self._times.maxlen and moment - self._times[0] < 1:
            raise BadMessage("too many messages")
        self._times.append(moment)

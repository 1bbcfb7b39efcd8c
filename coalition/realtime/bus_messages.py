"""The content of a message between processes, for all documents together; encoding and decoding.

- `told`: what people wrote here, before it is in the database, with serials; `kept`: up to which
  serial it is there now;
- `written`: what a part of the server wrote into the log itself;
- `present`: who is here; `asked`: documents opened here, whose presences the others should send.
"""

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from coalition.realtime.batch import PendingWrite
from coalition.realtime.frames import Presence
from coalition.realtime.room import Room

GONE_AFTER = 75.0  # seconds without a sign until a presence of another process expires

type BusMessage = dict[str, Any]


class BusMessageBuffer:
    """Messages waiting for the bus. `missing()` is called when something arrived without what
    precedes it."""

    def __init__(self, rooms: dict[UUID, Room], *, missing: Callable[[], None]) -> None:
        self.kept: dict[UUID, int] = {}
        self.written: list[tuple[UUID, bytes]] = []
        self.asked: set[UUID] = set()
        self._present: list[tuple[UUID, Presence]] = []
        self._rooms, self._missing = rooms, missing
        self._signs: dict[tuple[UUID, int], float] = {}

    def show(self, document: UUID, presences: Iterable[Presence]) -> None:
        """Queue presences: who is here, or gone."""
        self._present.extend((document, one) for one in presences)

    def collect(self) -> BusMessage | None:
        """Return the next parcel, None if there is nothing to send."""
        told = {}
        for document, room in self._rooms.items():
            if room.elsewhere:
                entries, room.elsewhere = room.elsewhere, []
                told[str(document)] = [
                    [one.serial, one.update, _text(one.author), _text(one.organisation)] for one in entries
                ]
        parcel: BusMessage = {
            "told": told,
            "kept": {str(document): serial for document, serial in self.kept.items()},
            "written": [[str(document), update] for document, update in self.written],
            "present": [
                [str(document), one.client, one.clock, json.dumps(one.state)]
                for document, one in self._present
            ],
            "asked": [str(document) for document in self.asked],
        }
        self.kept, self.written, self.asked, self._present = {}, [], set(), []
        return parcel if any(parcel.values()) else None

    def receive(self, process: str, parcel: BusMessage) -> bool:
        """Handle another process's parcel. Return whether it asks who is here."""
        for name, told in parcel.get("told", {}).items():
            if room := self._rooms.get(UUID(name)):
                entries = [PendingWrite(serial, update, _uuid(a), _uuid(o)) for serial, update, a, o in told]
                if not room.take_parcel(process, entries):
                    self._missing()
        for name, update in parcel.get("written", ()):
            if (room := self._rooms.get(UUID(name))) and not room.take_from_elsewhere([update]):
                self._missing()
        for name, serial in parcel.get("kept", {}).items():
            if (room := self._rooms.get(UUID(name))) and not room.foreign.confirm(process, serial):
                self._missing()
        self._receive_present(parcel.get("present", ()))
        rooms = [self._rooms.get(UUID(name)) for name in parcel.get("asked", ())]
        for room in filter(None, rooms):
            self.show(room.document, room.presences.here())
        return bool(self._present)

    def forget_the_gone(self) -> None:
        """Expire the presences of a process that died without reporting them gone."""
        long_ago = time.monotonic() - GONE_AFTER
        for (document, client), at in list(self._signs.items()):
            if at < long_ago:
                del self._signs[document, client]
                room = self._rooms.get(document)
                known = room.presences.states.get(client) if room else None
                if room and known:
                    room.take_presences_from_elsewhere([Presence(client, known.clock + 1, None)])

    def _receive_present(self, rows: Iterable[tuple[str, int, int, str]]) -> None:
        by_room: dict[UUID, list[Presence]] = {}
        for name, client, clock, state in rows:
            by_room.setdefault(UUID(name), []).append(Presence(client, clock, json.loads(state)))
        for document, presences in by_room.items():
            if room := self._rooms.get(document):
                for one in presences:
                    self._signs[document, one.client] = time.monotonic()
                room.take_presences_from_elsewhere(presences)


def _text(name: UUID | None) -> str:
    return str(name) if name else ""


def _uuid(name: str) -> UUID | None:
    return UUID(name) if name else None


# --- messages ---
# Messages from a browser on the live socket, and their rate limit.


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

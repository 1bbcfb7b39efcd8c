"""The outgoing side of one socket: a bounded queue, so that a slow browser only costs its own memory."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from coalition.realtime.backend import Grant
from coalition.realtime.frames import STEP2, UPDATE

if TYPE_CHECKING:
    from coalition.realtime.room import Room

MOST_QUEUED = 1024 * 1024  # bytes; above that the queue is dropped and one difference is sent later
MOST_FRAMES = 2000  # waiting; a browser that sends so many without reading is disconnected
MAX_LAG_SECONDS = 30.0  # seconds a browser may stay behind

type Send = Callable[[bytes], Awaitable[None]]


class _Queued(NamedTuple):
    frame: bytes
    before: bytes | None  # the document's state vector before this frame; None: never dropped


@dataclass
class SocketWrites:
    """STEP2 and UPDATE frames of one socket: counts of those read, saved, and acknowledged.

    `held`: the number of the oldest write that waits for its predecessors, 0 for none. Nothing from
    it on counts as saved before the browser's answer has brought them.
    """

    read: int = 0
    saved: int = 0
    acknowledged: int = 0
    held: int = 0
    acknowledged_at: float = 0.0


class Client:
    """A browser in a room. `send` is awaited frame by frame, which gives backpressure."""

    def __init__(self, grant: Grant, send: Send) -> None:
        self.grant = grant
        self.writes = SocketWrites()
        self.presences: dict[int, int] = {}  # awareness ids that this socket owns → clock
        self.replicas: set[int] = set()  # Yjs ids that write through this socket
        self.in_sync = False  # it has sent everything it had on connecting
        self.refusal = ""  # why the last write was refused
        self.behind: bytes | None = None  # the browser's state vector, once frames were dropped
        self._send = send
        self._queue: deque[_Queued] = deque()
        self._asked: bytes | None = None
        self._asked_who = False
        self._size = 0
        self._wake = asyncio.Event()
        self._behind_since: float | None = None

    def push(self, frame: bytes, *, before: bytes) -> None:
        """Queue a frame that may be dropped: then a difference from the state `before` it, and all
        presences, replace everything dropped."""
        if self.behind is not None:
            return
        self._queue.append(_Queued(frame, before))
        self._size += len(frame)
        if self._size > MOST_QUEUED:
            self._fall_behind()
        self._wake.set()

    def push_first(self, frame: bytes) -> None:
        """Queue a small frame that is never dropped."""
        self._queue.append(_Queued(frame, None))
        self._wake.set()

    def ask(self, state: bytes) -> None:
        """Note a browser's request for what it lacks. Only its last request is answered."""
        self._asked = state
        self._wake.set()

    def ask_who(self) -> None:
        """Note a browser's request for all presences."""
        self._asked_who = True
        self._wake.set()

    @property
    def is_lost(self) -> bool:
        """Whether the browser has been behind for longer than `MAX_LAG_SECONDS`, or reads nothing."""
        if len(self._queue) > MOST_FRAMES:
            return True
        return self._behind_since is not None and time.monotonic() - self._behind_since > MAX_LAG_SECONDS

    async def run(self, room: "Room") -> None:
        """Send what is queued, for as long as the socket lives. Large frames are made when they can be
        sent, not queued."""
        while True:
            if self._queue:
                queued = self._queue.popleft()
                self._size -= len(queued.frame) if queued.before is not None else 0
                await self._send(queued.frame)
            elif self._asked is not None:
                state, self._asked = self._asked, None
                await self._send(room.difference(STEP2, state))
            elif self._asked_who:
                self._asked_who = False
                await self._send(room.presences.all())
            elif self.behind is not None:
                state, self.behind = self.behind, None
                for frame in (room.difference(UPDATE, state), room.presences.all()):
                    await self._send(frame)
                if self.behind is None:
                    self._behind_since = None
            else:
                self._wake.clear()
                await self._wake.wait()

    def _fall_behind(self) -> None:
        self.behind = next(queued.before for queued in self._queue if queued.before is not None)
        self._behind_since = self._behind_since or time.monotonic()
        self._queue = deque(queued for queued in self._queue if queued.before is None)
        self._size = 0

"""One socket's way out: a bounded queue, so that a slow browser costs memory of its own only."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from coalition.realtime.backend import Grant

MOST_QUEUED = 1024 * 1024  # bytes; then what waits is dropped and one difference is sent later
MOST_FRAMES = 2000  # that wait; who asks so much and reads nothing is given up
MAX_LAG_SECONDS = 30.0  # seconds a browser may stay behind

type Send = Callable[[bytes], Awaitable[None]]


class FrameSource(Protocol):
    """Where a socket takes what it makes only when it can be sent: large answers are not queued."""

    def answer(self, state: bytes) -> bytes:
        """The frame that answers a browser's question with all that it lacks."""

    def catching_up(self, state: bytes) -> list[bytes]:
        """The frames for a browser that fell behind at this state of the document."""

    def everybody(self) -> bytes:
        """The frame that tells who is here."""


class _Queued(NamedTuple):
    frame: bytes
    before: bytes | None  # the document's state vector before this frame; None: it is not dropped


@dataclass
class SocketWrites:
    """STEP2 and UPDATE frames of one socket: read, in the database, told so.

    `held`: the number of the oldest write that waits for its predecessors, 0 for none. Nothing from it on
    counts as saved before the browser's answer has brought them.
    """

    read: int = 0
    saved: int = 0
    told: int = 0
    held: int = 0
    told_at: float = 0.0


class Client:
    """A browser in a room. `send` is awaited frame by frame: that is where backpressure comes from."""

    def __init__(self, grant: Grant, send: Send) -> None:
        self.grant = grant
        self.writes = SocketWrites()
        self.presences: dict[int, int] = {}  # awareness ids that this socket owns → clock
        self.replicas: set[int] = set()  # Yjs ids that write through this socket
        self.in_sync = False  # it has brought all that it had when it came
        self.refusal = ""  # why the last write was not taken
        self.behind: bytes | None = None  # the state that the browser has, once frames were dropped
        self._send = send
        self._queue: deque[_Queued] = deque()
        self._asked: bytes | None = None
        self._asked_who = False
        self._size = 0
        self._wake = asyncio.Event()
        self._behind_since: float | None = None

    def push(self, frame: bytes, *, before: bytes) -> None:
        """Queue a frame about the document or who is here. It may be dropped: then a difference from the
        state `before` it, and everybody who is here, replace all that was dropped."""
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
        """The browser asks for what it lacks. Only its last question is answered, however many it asks
        before it reads."""
        self._asked = state
        self._wake.set()

    def ask_who(self) -> None:
        """The browser asks who is here."""
        self._asked_who = True
        self._wake.set()

    @property
    def is_lost(self) -> bool:
        """Whether the browser has been behind for longer than we wait."""
        if len(self._queue) > MOST_FRAMES:
            return True
        return self._behind_since is not None and time.monotonic() - self._behind_since > MAX_LAG_SECONDS

    async def run(self, source: FrameSource) -> None:
        """Send what is queued, for as long as the socket lives."""
        while True:
            if self._queue:
                queued = self._queue.popleft()
                self._size -= len(queued.frame) if queued.before is not None else 0
                await self._send(queued.frame)
            elif self._asked is not None:
                state, self._asked = self._asked, None
                await self._send(source.answer(state))
            elif self._asked_who:
                self._asked_who = False
                await self._send(source.everybody())
            elif self.behind is not None:
                state, self.behind = self.behind, None
                for frame in source.catching_up(state):
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

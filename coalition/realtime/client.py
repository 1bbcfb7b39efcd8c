"""One socket's way out: a bounded queue, so that a slow browser costs memory of its own only."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from coalition.realtime.grants import Grant

MOST_QUEUED = 1024 * 1024  # bytes; then what waits is dropped and one difference is sent later
PATIENCE = 30.0  # seconds a browser may stay behind

type Send = Callable[[bytes], Awaitable[None]]


class _Queued(NamedTuple):
    frame: bytes
    before: bytes | None  # the document's state vector before this frame; None: not about the document


@dataclass
class Writes:
    """STEP2 and UPDATE frames of one socket: read, in the database, told so."""

    read: int = 0
    saved: int = 0
    told: int = 0


class Client:
    """A browser in a room. `send` is awaited frame by frame: that is where backpressure comes from."""

    def __init__(self, grant: Grant, send: Send) -> None:
        self.grant = grant
        self.writes = Writes()
        self.presences: dict[int, int] = {}  # awareness ids that this socket owns → clock
        self.behind: bytes | None = None  # the state that the browser has, once frames were dropped
        self._send = send
        self._queue: deque[_Queued] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._behind_since = 0.0

    def push(self, frame: bytes, *, before: bytes | None = None) -> None:
        """Queue a frame. With `before` it may be dropped: a difference from that state replaces it."""
        if self.behind is not None and before is not None:
            return
        self._queue.append(_Queued(frame, before))
        self._size += len(frame)
        if self._size > MOST_QUEUED:
            self._fall_behind()
        self._wake.set()

    def push_first(self, frame: bytes) -> None:
        """Queue a frame that is never dropped: the answer to the browser's own question."""
        self._queue.append(_Queued(frame, None))
        self._size += len(frame)
        self._wake.set()

    @property
    def is_lost(self) -> bool:
        """Whether the browser has been behind for longer than we wait."""
        return self.behind is not None and time.monotonic() - self._behind_since > PATIENCE

    async def run(self, difference: Callable[[bytes], bytes]) -> None:
        """Send what is queued, for as long as the socket lives. `difference(state)`: a frame with all that
        a browser with this state lacks."""
        while True:
            while self._queue:
                queued = self._queue.popleft()
                self._size -= len(queued.frame)
                await self._send(queued.frame)
            if self.behind is not None:
                state, self.behind = self.behind, None
                await self._send(difference(state))
                continue
            self._wake.clear()
            await self._wake.wait()

    def _fall_behind(self) -> None:
        kept: deque[_Queued] = deque()
        for queued in self._queue:
            if queued.before is None:
                kept.append(queued)
            elif self.behind is None:
                self.behind = queued.before
                self._behind_since = time.monotonic()
        self._queue = kept
        self._size = sum(len(queued.frame) for queued in kept)

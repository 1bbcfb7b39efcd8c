"""Somebody who writes marked words and goes on when the server dies, as the stock provider does."""

import asyncio
import random
from uuid import UUID

from pycrdt import Doc, Text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from coalition.realtime import frames
from coalition.realtime.frames import STEP1, STEP2, UPDATE


class Author:
    """`marks` were written, in this order; the first `shown` of them were shown as saved."""

    def __init__(self, places: list[str], document: UUID, name: str, session: str) -> None:
        self.doc = Doc()
        self.text = self.doc.get("text", type=Text)
        self.name, self.marks, self.shown = name, [], 0
        self.in_sync = asyncio.Event()
        self.changed = asyncio.Event()
        self.refused: list[str] = []
        self.closings: list[int | None] = []
        self._places, self._document, self._session = places, document, session
        self._socket: ClientConnection | None = None
        self._covers: list[int] = []  # frame of this socket → how many marks are in it or before it
        self._chance = random.Random(name)  # the same words in every run
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Author":
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    @property
    def words(self) -> str:
        return str(self.text)

    @property
    def unsaved(self) -> int:
        return len(self.marks) - self.shown

    async def write(self) -> None:
        """Put one more mark somewhere between the others."""
        mark = f"⟦{self.name}{len(self.marks)}⟧"
        self.marks.append(mark)
        words = self.words
        place = self._chance.randrange(words.count("⟦") + 1)
        at = len(words.encode()) if not place else _nth(words, place)
        made: list[bytes] = []
        seen = self.doc.observe(lambda event: made.append(event.update))
        self.text.insert(at, mark)
        self.doc.unobserve(seen)
        for update in made:
            await self._send(frames.sync_frame(UPDATE, update))

    async def until(self, holds, seconds: float) -> None:
        """Wait until `holds()` is true. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def _run(self) -> None:
        turn = 0
        while True:
            place = self._places[turn % len(self._places)]
            turn += 1
            try:
                async with connect(
                    f"ws://{place}/ws/drafts/{self._document}/",
                    origin=f"http://{place}",
                    additional_headers={"Cookie": f"sessionid={self._session}"},
                    open_timeout=3,
                    close_timeout=0.1,
                    proxy=None,
                ) as socket:
                    await self._converse(socket)
                    self.closings.append(socket.close_code)
            except (OSError, WebSocketException, TimeoutError):
                pass
            finally:
                self._socket = None
                self.in_sync.clear()
                self.changed.set()
            await asyncio.sleep(0.1)

    async def _converse(self, socket: ClientConnection) -> None:
        self._socket, self._covers = socket, []
        await self._send(frames.sync_frame(STEP1, self.doc.get_state()))
        async for message in socket:
            if message[0] == frames.SAVED:
                count, _at = frames.read_uint(message, 1)
                self.shown = max(self.shown, self._covers[count - 1])
            elif message[0] == frames.REFUSED:
                self.refused.append(message[2:].decode())
            elif message[0] == frames.SYNC:
                await self._take(frames.read_frame(message))
            self.changed.set()

    async def _take(self, frame: frames.Frame) -> None:
        if frame.part == STEP1:
            await self._send(frames.sync_frame(STEP2, self.doc.get_update(frame.payload)))
            return
        self.doc.apply_update(frame.payload)
        if frame.part == STEP2:
            self.in_sync.set()

    async def _send(self, frame: bytes) -> None:
        if self._socket is None:
            return
        if frame[1] in {STEP2, UPDATE}:
            self._covers.append(len(self.marks))
        try:
            await self._socket.send(frame)
        except WebSocketException:
            self._socket = None


def _nth(words: str, count: int) -> int:
    """Where the count-th mark begins, in bytes."""
    at = -1
    for _ in range(count):
        at = words.index("⟦", at + 1)
    return len(words[:at].encode())

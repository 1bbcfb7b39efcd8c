"""A browser as the stock provider is one: a document of its own, the same frames, no page around it."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from pycrdt import Doc, Text
from websockets.asyncio.client import ClientConnection, connect

from coalition.realtime import frames
from coalition.realtime.frames import STEP1, STEP2, UPDATE


class Writer:
    """Connects, answers step 1, applies what comes. `saved`: how many of its writes are in the database."""

    def __init__(self, place: str, document: UUID, session_key: str, *, query: str = "") -> None:
        self.doc = Doc()
        self.saved, self.written = 0, 0
        self.refused: list[str] = []
        self.presences: dict[int, dict | None] = {}
        self.synced = asyncio.Event()
        self.changed = asyncio.Event()
        self._opening = connect(
            f"ws://{place}/ws/drafts/{document}/{query}",
            origin=f"http://{place}",
            additional_headers={"Cookie": f"sessionid={session_key}"},
        )
        self.socket: ClientConnection

    async def __aenter__(self) -> "Writer":
        self.socket = await self._opening.__aenter__()
        self._listening = asyncio.create_task(self._listen())
        await self.send(frames.sync_frame(STEP1, self.doc.get_state()))
        return self

    async def __aexit__(self, *error) -> None:
        self._listening.cancel()
        await self._opening.__aexit__(*error)

    @property
    def text(self) -> Text:
        """The document as these tests write it."""
        return self.doc.get("text", type=Text)

    async def send(self, frame: bytes) -> None:
        if frame[0] == frames.SYNC and frame[1] in {STEP2, UPDATE}:
            self.written += 1
        await self.socket.send(frame)

    async def write(self, words: str, at: int | None = None) -> None:
        """Type at a place, at the end unless told."""
        await self.change(lambda: self.text.insert(len(str(self.text).encode()) if at is None else at, words))

    async def change(self, do: Callable[[], object]) -> None:
        """Change the document and send what changed."""
        made: list[bytes] = []
        seen = self.doc.observe(lambda event: made.append(event.update))
        with self.doc.transaction():
            do()
        self.doc.unobserve(seen)
        for update in made:
            await self.send(frames.sync_frame(UPDATE, update))

    async def until(self, holds, seconds: float = 5) -> None:
        """Wait until `holds()` is true."""
        async with asyncio.timeout(seconds):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def closed_with(self, seconds: float = 2) -> int:
        """The code that the server closed the socket with."""
        async with asyncio.timeout(seconds):
            await self.socket.wait_closed()
        return self.socket.close_code or 0

    async def _listen(self) -> None:
        async for message in self.socket:
            await self._hear(message)
            self.changed.set()
        self.changed.set()

    async def _hear(self, message: bytes) -> None:
        if message[0] == frames.SAVED:
            self.saved, _ = frames.read_uint(message, 1)
        elif message[0] == frames.REFUSED:
            self.refused.append(frames._read_buffer(message, 1)[0].decode())
        else:
            frame = frames.read_frame(message)
            if frame.kind == frames.AWARENESS:
                for one in frames.read_presences(frame.payload):
                    self.presences[one.client] = one.state
            elif frame.part == STEP1:
                await self.send(frames.sync_frame(STEP2, self.doc.get_update(frame.payload)))
            else:
                self.doc.apply_update(frame.payload)
                if frame.part == STEP2:
                    self.synced.set()

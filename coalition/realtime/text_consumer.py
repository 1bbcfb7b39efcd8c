"""The socket of one live document, for the stock `y-websocket` provider.

Close codes 4400 to 4499 are final for the provider; after 1013 it reconnects.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.db import Error

from coalition.realtime import frames
from coalition.realtime.backend import OFF_DEVICE, Grant, get_document_backend, lost_write_right
from coalition.realtime.bus_messages import BadMessage, MessageRateLimit
from coalition.realtime.client import Client
from coalition.realtime.frames import AWARENESS, BadFrame, read_frame
from coalition.realtime.hub import get_hub
from coalition.realtime.person_consumer import TRY_LATER, PersonConsumer
from coalition.realtime.room import Room
from coalition.realtime.sessions import BAD_MESSAGE, SessionState

NOT_FOUND = 4404  # also for people who may not know that it exists
OTHER_HISTORY = 4409  # the browser's copy belongs to another epoch: it must reload
TOO_MANY = 4429
FRAME_TOO_LARGE = 1009  # the server closes by itself with this code
MOST_SOCKETS = 10  # per person, in this process
MOST_FRAMES = 60  # a second, of writes and of awareness each: a key held down sends thirty of both
MOST_REFUSALS = 30  # a browser that handles them stops after the first

logger = logging.getLogger(__name__)
_open: Counter[int] = Counter()


class TextConsumer(PersonConsumer):
    """One browser in one document. `?epoch=` names the history of the browser's copy."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writing, self.showing = MessageRateLimit(MOST_FRAMES), MessageRateLimit(MOST_FRAMES)
        self.grant: Grant | None = None
        self.room: Room | None = None
        self.client: Client | None = None
        self.sending: asyncio.Task[None] | None = None
        self.counted = False
        self.refusals, self.complained = 0, False

    async def begin(self) -> None:
        if _open[self.user_id] >= MOST_SOCKETS:
            await self.end(TOO_MANY, "too many windows")
            return
        _open[self.user_id] += 1
        self.counted = True
        if self.grant is None:
            await self.end(NOT_FOUND, "not found")
            return
        try:
            self.room, self.client = await get_hub().enter(self.document, self.grant, self._send)
        except Error:
            await self.end(TRY_LATER, "try again later")
            return
        if self.closed:  # the right ended while the text was being opened
            await self.let_go()
            return
        if self.grant is not None:
            self.client.grant = self.grant  # as it is now
        if not self.client.grant.stays_on_device:  # the page may be older than that restriction
            self.client.push_first(frames.refused_frame(OFF_DEVICE))
        if self.epoch not in {0, self.room.epoch}:
            await self.end(OTHER_HISTORY, "another history")
            return
        self.sending = asyncio.create_task(self.client.run(self.room))

    async def let_go(self) -> None:
        if self.sending is not None:
            self.sending.cancel()
        if self.counted:
            self.counted = False
            _open[self.user_id] -= 1
            if not _open[self.user_id]:
                del _open[self.user_id]
        if self.room is not None and self.client is not None:
            get_hub().leave(self.room, self.client)
            self.room = None

    async def disconnect(self, code: int) -> None:
        if code == FRAME_TOO_LARGE:
            self._complain("frame too large")
        await super().disconnect(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closed or self.room is None or self.client is None:
            return
        if self.room.is_over:
            await self.end(OTHER_HISTORY, "another history")
            return
        try:
            frame = read_frame(bytes_data)
            (self.showing if frame.kind == AWARENESS else self.writing).step()
            self.client.refusal = ""
            get_hub().take(self.room, self.client, frame)
            if self.client.refusal:
                self._refused(self.client.refusal)
        except (BadFrame, BadMessage) as fault:
            self._complain(str(fault))
            await self.end(BAD_MESSAGE, str(fault))

    def read(self, standing: SessionState) -> Grant | None:
        """Return the person's current right. The one read when the socket opens is stored for
        `begin`."""
        self.grant = get_document_backend().open(standing.user_id, self.session_key, self.document)
        return self.grant

    async def look(self, found: Grant | None) -> None:
        """Apply the person's current right; close a socket that has been behind for too long."""
        if found is None:
            await self.end(NOT_FOUND, "not found")
            return
        if self.client is None or self.room is None:
            return
        before, self.client.grant = self.client.grant, found
        if reason := lost_write_right(before, found):
            # The page shows it at once, not when a letter is refused.
            self.client.push_first(frames.refused_frame(reason))
        if before.stays_on_device and not found.stays_on_device:
            self.client.push_first(frames.refused_frame(OFF_DEVICE))
        if self.room.is_over:
            await self.end(OTHER_HISTORY, "another history")
        elif self.client.is_lost:
            await self.end(TRY_LATER, "too slow")

    @property
    def document(self) -> UUID:
        found: UUID = self.scope["url_route"]["kwargs"]["document"]
        return found

    @property
    def epoch(self) -> int:
        """Return the epoch sent by the browser, 0 for none."""
        named = parse_qs(self.scope["query_string"].decode("latin-1")).get("epoch", [""])[0]
        return int(named) if len(named) < 10 and named.isascii() and named.isdecimal() else 0

    def _refused(self, reason: str) -> None:
        self._complain(reason)
        self.refusals += 1
        if self.refusals > MOST_REFUSALS:
            raise BadMessage("too many refused writes")

    def _complain(self, reason: str) -> None:
        """Log, once per socket, behaviour that no honest page shows."""
        if self.client is not None and not self.complained:
            self.complained = True
            logger.warning("refused of person %s on %s: %s", self.client.grant.author, self.document, reason)

    async def _send(self, frame: bytes) -> None:
        if not self.closed:
            # The browser may have disconnected in between.
            with contextlib.suppress(RuntimeError, OSError):
                await self.base_send({"type": "websocket.send", "bytes": frame})

"""The socket of one live document: the stock `y-websocket` provider speaks with it.

Close codes 4400 to 4499 are final for the provider; after 1013 it comes again.
"""

import asyncio
import contextlib
from collections import Counter
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import DatabaseError

from coalition.realtime.client import Client
from coalition.realtime.door import BAD_MESSAGE
from coalition.realtime.frames import BadFrame, read
from coalition.realtime.grants import Grant, keeper
from coalition.realtime.hub import hub
from coalition.realtime.messages import BadMessage, Pace
from coalition.realtime.person_consumer import TRY_LATER, PersonConsumer
from coalition.realtime.room import Room

NOT_FOUND = 4404  # also for who may not know that it is there
OTHER_HISTORY = 4409  # the browser's copy belongs to another epoch: it must begin anew
TOO_MANY = 4429
MOST_SOCKETS = 10  # a person, in this process
MOST_FRAMES = 60  # a second

_open: Counter[int] = Counter()


class TextConsumer(PersonConsumer):
    """One browser in one document. `?epoch=` names the history of the copy that the browser has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pace = Pace(MOST_FRAMES)
        self.room: Room | None = None
        self.client: Client | None = None
        self.sending: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        _open[self.user_id] += 1
        if _open[self.user_id] > MOST_SOCKETS:
            await self.end(TOO_MANY, "too many windows")
            return
        grant = await self._grant()
        if grant is None:
            return
        try:
            self.room, self.client = await hub().enter(self.document, grant, self._send)
        except DatabaseError:
            await self.end(TRY_LATER, "try again later")
            return
        if self.epoch not in {0, self.room.epoch}:
            await self.end(OTHER_HISTORY, "another history")
            return
        self.sending = asyncio.create_task(self.client.run(self.room.difference))

    async def finish(self) -> None:
        if self.sending is not None:
            self.sending.cancel()
        if self.user_id:
            _open[self.user_id] -= 1
        if self.room is not None and self.client is not None:
            await hub().leave(self.room, self.client)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closed or self.room is None or self.client is None:
            return
        try:
            self.pace.step()
            hub().take(self.room, self.client, read(bytes_data))
        except (BadFrame, BadMessage) as fault:
            await self.end(BAD_MESSAGE, str(fault))

    async def look(self) -> None:
        """Read the person's right again; end what has been behind for too long."""
        grant = await self._grant()
        if grant is None or self.client is None:
            return
        self.client.grant = grant
        if self.client.is_lost:
            await self.end(TRY_LATER, "too slow")

    @property
    def document(self) -> UUID:
        found: UUID = self.scope["url_route"]["kwargs"]["document"]
        return found

    @property
    def epoch(self) -> int:
        """The epoch that the browser names, 0 for none."""
        query = dict(
            pair.split("=", 1) for pair in self.scope["query_string"].decode().split("&") if "=" in pair
        )
        return int(query["epoch"]) if query.get("epoch", "").isdecimal() else 0

    async def _grant(self) -> Grant | None:
        """The person's right now; None after closing."""
        try:
            grant = await database_sync_to_async(keeper().open)(self.user_id, self.session_key, self.document)
        except DatabaseError:
            await self.end(TRY_LATER, "try again later")
            return None
        if grant is None:
            await self.end(NOT_FOUND, "not found")
        return grant

    async def _send(self, frame: bytes) -> None:
        if not self.closed:
            # The browser may have gone between two of our steps.
            with contextlib.suppress(RuntimeError):
                await self.send(bytes_data=frame)

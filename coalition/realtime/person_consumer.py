"""A socket of a person who is signed in: its standing is read when it opens, on a kick, and by the clock."""

import asyncio
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from coalition import live
from coalition.realtime.door import BAD_MESSAGE, Standing, standing_of

LOOK_AGAIN = 5.0  # seconds: a kick may get lost, and Redis may be gone
TRY_LATER = 1013


class PersonConsumer(AsyncWebsocketConsumer):
    """Accepts first and then closes with a code: a refused handshake is tried for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id = 0
        self.session_key = ""
        self.looking: asyncio.Task[None] | None = None
        self.closed = False

    async def connect(self) -> None:
        await self.accept()
        self.session_key = await database_sync_to_async(self._session_key)()
        standing = await self._standing()
        if standing is None or not await self._stands(standing):
            return
        self.user_id = standing.user_id
        await self.channel_layer.group_add(live.person_group(self.user_id), self.channel_name)
        await self.begin()
        if not self.closed:
            self.looking = asyncio.create_task(self._keep_looking())

    async def disconnect(self, code: int) -> None:
        self.closed = True
        if self.looking is not None and self.looking is not asyncio.current_task():
            self.looking.cancel()
        if self.user_id:
            await self.channel_layer.group_discard(live.person_group(self.user_id), self.channel_name)
        await self.finish()

    async def begin(self) -> None:
        """After the person is known."""

    async def finish(self) -> None:
        """After the socket has gone."""

    async def look(self) -> None:
        """Read again what depends on rights; the session stands."""

    async def live_kick(self, message: dict[str, Any]) -> None:
        """From `live.kick`: rights may have changed."""
        await self.look_again()

    async def live_nudge(self, message: dict[str, Any]) -> None:
        """From `live.nudge`: a counter changed; sockets that show none pass over it."""

    async def look_again(self) -> None:
        """Read the session and what depends on rights again."""
        standing = await self._standing()
        if not self.closed and standing is not None and await self._stands(standing):
            await self.look()

    async def end(self, code: int, reason: str) -> None:
        """Close with a reason, once."""
        if not self.closed:
            self.closed = True
            await self.close(code=code, reason=reason)

    async def _keep_looking(self) -> None:
        while not self.closed:
            await asyncio.sleep(LOOK_AGAIN)
            await self.look_again()

    async def _standing(self) -> Standing | None:
        """The session's standing; None after closing, if the database could not be asked."""
        try:
            standing: Standing = await database_sync_to_async(standing_of)(self.session_key)
        except DatabaseError:
            await self.end(TRY_LATER, "try again later")
            return None
        return standing

    async def _stands(self, standing: Standing) -> bool:
        if standing.close_code == 0 and self.user_id in {0, standing.user_id}:
            return True
        await self.end(standing.close_code or BAD_MESSAGE, standing.reason or "another person signed in")
        return False

    def _session_key(self) -> str:
        session = self.scope.get("session")
        return (session.session_key or "") if session is not None else ""

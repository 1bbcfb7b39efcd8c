"""A socket of a signed-in person: its session is checked when it opens, on a kick, and
periodically."""

import asyncio
import contextlib
from random import SystemRandom
from typing import Any

from channels.db import database_sync_to_async
from django.db import Error

from coalition import live_push
from coalition.realtime import sessions
from coalition.realtime.layer_consumer import LayerConsumer
from coalition.realtime.sessions import BAD_MESSAGE, SessionState, get_session_state

RECHECK_SECONDS = 5.0  # seconds
MAX_RECHECKS_A_SECOND = 2  # of all sockets here: reading rights is expensive, and kicks are durable
TRY_LATER = 1013
RECHECK_TIMEOUT_SECONDS = 2.0  # seconds


class PersonConsumer(LayerConsumer):
    """Accepts first and then closes with a code: browsers retry a refused handshake for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id = 0
        self.session_key = ""
        self.looking: asyncio.Task[None] | None = None
        self.closed = False

    async def connect(self) -> None:
        await self.accept()
        self.session_key = await database_sync_to_async(self._session_key)()
        rights = await self._rights()
        if rights is None or not await self._stands(rights[0]):
            return
        self.user_id = rights[0].user_id
        sessions.register_socket(self.user_id, self)
        await self.join(live_push.person_group(self.user_id))
        await self.begin()
        if not self.closed:
            self.looking = asyncio.create_task(self._keep_looking())

    async def disconnect(self, code: int) -> None:
        self.closed = True
        if self.looking is not None and self.looking is not asyncio.current_task():
            self.looking.cancel()
        if self.user_id:
            sessions.unregister_socket(self.user_id, self)
            await self.part(live_push.person_group(self.user_id))
        await self.let_go()

    async def begin(self) -> None:
        """Called once the person is known."""

    async def let_go(self) -> None:
        """Release the socket's resources before closing or after a disconnect. Idempotent."""

    def read(self, standing: SessionState) -> Any:
        """Return what depends on the rights of a valid session. Runs in the database's thread."""

    async def look(self, found: Any) -> None:
        """Apply what `read` returned."""

    async def live_kick(self, message: dict[str, Any]) -> None:
        """From `live_push.recheck_sockets`: rights may have changed."""
        await self.look_again()

    async def layer_back(self, message: dict[str, Any]) -> None:
        """A kick may have been missed."""
        await self.look_again()

    async def live_nudge(self, message: dict[str, Any]) -> None:
        """From `live.nudge`: a counter changed; sockets without counters ignore it."""

    async def look_again(self) -> None:
        """Read the session and its rights again."""
        rights = await self._rights()
        if not self.closed and rights is not None and await self._stands(rights[0]):
            await self.look(rights[1])

    async def end(self, code: int, reason: str) -> None:
        """Close with a reason, once."""
        if self.closed:
            return
        self.closed = True
        await self.let_go()
        # A client that does not read does not receive it either: do not wait for it.
        with contextlib.suppress(TimeoutError, RuntimeError, OSError):
            async with asyncio.timeout(RECHECK_TIMEOUT_SECONDS):
                await self.close(code=code, reason=reason)

    async def _keep_looking(self) -> None:
        pause = RECHECK_SECONDS  # rights may have changed while the socket opened
        while not self.closed:
            # Spread out sockets that reconnected together after a restart.
            await asyncio.sleep(pause * SystemRandom().uniform(0.8, 1))
            await self.look_again()
            pause = max(RECHECK_SECONDS, sessions.count_open_sockets() / MAX_RECHECKS_A_SECOND)

    async def _rights(self) -> tuple[SessionState, Any] | None:
        """Return the session's state and what depends on it, in one thread call; None after
        closing, if the database was unavailable."""
        try:
            rights: tuple[SessionState, Any] = await database_sync_to_async(self._read_rights)()
        except Error:
            await self.end(TRY_LATER, "try again later")
            return None
        return rights

    def _read_rights(self) -> tuple[SessionState, Any]:
        standing = get_session_state(self.session_key)
        return standing, None if standing.close_code else self.read(standing)

    async def _stands(self, standing: SessionState) -> bool:
        if standing.close_code == 0 and self.user_id in {0, standing.user_id}:
            return True
        await self.end(standing.close_code or BAD_MESSAGE, standing.reason or "another person signed in")
        return False

    def _session_key(self) -> str:
        session = self.scope.get("session")
        return (session.session_key or "") if session is not None else ""

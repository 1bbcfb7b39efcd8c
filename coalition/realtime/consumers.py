"""The live socket: a page says which topics it shows and is told when there is something new.

Frames are JSON. From the browser: `{"subscribe": topic}`, `{"unsubscribe": topic}`, `{"ping": 1}`.
To it: `{"subscribed": topic}`, `{"refused": topic}` (also later, when a right ends), `{"pong": 1}`,
`{"topic": topic, "last": id}` and `{"nudge": what}`. Content never travels here.
"""

import asyncio
import contextlib
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from coalition import live
from coalition.realtime.door import BAD_MESSAGE, Standing, standing_of
from coalition.realtime.messages import MOST_TOPICS, BadMessage, Pace, read

LOOK_AGAIN = 5.0  # seconds: a kick may get lost, and Redis may be gone
TRY_LATER = 1013


class LiveConsumer(AsyncWebsocketConsumer):
    """One open page. Accepts first and then closes with a code: a refused handshake is tried for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id = 0
        self.topics: set[str] = set()
        self.pace = Pace()
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
        self.looking = asyncio.create_task(self._keep_looking())

    async def disconnect(self, code: int) -> None:
        self.closed = True
        if self.looking is not None and self.looking is not asyncio.current_task():
            self.looking.cancel()
        if self.user_id:
            await self.channel_layer.group_discard(live.person_group(self.user_id), self.channel_name)
        for topic in self.topics:
            await self.channel_layer.group_discard(live.group_of(topic), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closed or not self.user_id:
            return
        try:
            self.pace.step()
            command, topic = read(text_data)
            if command == "subscribe":
                await self._subscribe(topic)
            elif command == "unsubscribe":
                await self._drop(topic)
            else:
                await self._say(pong=1)
        except BadMessage as fault:
            await self._end(BAD_MESSAGE, str(fault))

    async def live_push(self, message: dict[str, Any]) -> None:
        """From `live.push`: rows up to `last` exist."""
        if message["topic"] in self.topics:
            await self._say(topic=message["topic"], last=message["last"])

    async def live_nudge(self, message: dict[str, Any]) -> None:
        """From `live.nudge`: a counter of this person changed."""
        await self._say(nudge=message["what"])

    async def live_kick(self, message: dict[str, Any]) -> None:
        """From `live.kick`: rights may have changed."""
        await self._look()

    async def _subscribe(self, topic: str) -> None:
        if topic not in self.topics and len(self.topics) >= MOST_TOPICS:
            raise BadMessage("too many topics")
        if not await self._may_hear(topic):
            await self._say(refused=topic)
            return
        self.topics.add(topic)
        await self.channel_layer.group_add(live.group_of(topic), self.channel_name)
        await self._say(subscribed=topic)

    async def _drop(self, topic: str) -> None:
        if topic in self.topics:
            self.topics.discard(topic)
            await self.channel_layer.group_discard(live.group_of(topic), self.channel_name)

    async def _keep_looking(self) -> None:
        while not self.closed:
            await asyncio.sleep(LOOK_AGAIN)
            await self._look()

    async def _look(self) -> None:
        """Read the session and every topic's right again."""
        standing = await self._standing()
        if self.closed or standing is None or not await self._stands(standing):
            return
        for topic in list(self.topics):
            if not await self._may_hear(topic):
                await self._drop(topic)
                await self._say(refused=topic)

    async def _standing(self) -> Standing | None:
        """The session's standing; None after closing, if the database could not be asked."""
        try:
            standing: Standing = await database_sync_to_async(standing_of)(self.session_key)
        except DatabaseError:
            await self._end(TRY_LATER, "try again later")
            return None
        return standing

    async def _stands(self, standing: Standing) -> bool:
        if standing.close_code == 0 and self.user_id in {0, standing.user_id}:
            return True
        await self._end(standing.close_code or BAD_MESSAGE, standing.reason or "another person signed in")
        return False

    async def _may_hear(self, topic: str) -> bool:
        try:
            answer: bool = await database_sync_to_async(live.may_hear)(user_id=self.user_id, topic=topic)
        except DatabaseError:
            return False
        return answer

    async def _say(self, **message: Any) -> None:
        if not self.closed:
            # The browser may have gone between two of our steps.
            with contextlib.suppress(RuntimeError):
                await self.send(text_data=json.dumps(message))

    async def _end(self, code: int, reason: str) -> None:
        if not self.closed:
            self.closed = True
            await self.close(code=code, reason=reason)

    def _session_key(self) -> str:
        session = self.scope.get("session")
        return (session.session_key or "") if session is not None else ""

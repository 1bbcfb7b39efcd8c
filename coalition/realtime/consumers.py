"""The live socket: a page subscribes to topics and is notified of changes.

Frames are JSON. From the browser: `{"subscribe": topic}`, `{"unsubscribe": topic}`, `{"ping": 1}`,
and every half a minute `{"here": topic}` from a page that shows presence. To it: `{"subscribed":
topic}`, `{"refused": topic}` (also later, when a right ends), `{"pong": 1}`, `{"topic": topic,
"last": id}` and `{"nudge": what}`. Content is never sent here.
"""

import contextlib
import json
from typing import Any

from channels.db import database_sync_to_async
from django.db import Error

from coalition import live_push as coalition_live_push
from coalition.realtime.bus_messages import MOST_TOPICS, BadMessage, MessageRateLimit, read_message
from coalition.realtime.person_consumer import PersonConsumer
from coalition.realtime.sessions import BAD_MESSAGE, SessionState


class LiveConsumer(PersonConsumer):
    """One open page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics: set[str] = set()
        self.pace = MessageRateLimit()

    async def let_go(self) -> None:
        topics, self.topics = self.topics, set()
        for topic in topics:
            await self.part(coalition_live_push.topic_group(topic))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closed or not self.user_id:
            return
        try:
            self.pace.step()
            command, topic = read_message(text_data)
            if command == "subscribe":
                await self._subscribe(topic)
            elif command == "unsubscribe":
                await self._drop(topic)
            elif command == "here":
                await database_sync_to_async(_note_presence)(self.user_id, topic)
            else:
                await self._say(pong=1)
        except BadMessage as fault:
            await self.end(BAD_MESSAGE, str(fault))

    async def live_push(self, message: dict[str, Any]) -> None:
        """From `live.push`: rows up to `last` exist."""
        if message["topic"] in self.topics:
            await self._say(topic=message["topic"], last=message["last"])

    async def live_nudge(self, message: dict[str, Any]) -> None:
        """From `live.nudge`: a counter of this person changed."""
        await self._say(nudge=message["what"])

    def read(self, standing: SessionState) -> set[str]:
        """Return the topics that the person may no longer subscribe to."""
        return {topic for topic in set(self.topics) if not _may_subscribe(standing.user_id, topic)}

    async def look(self, found: set[str]) -> None:
        """Unsubscribe from these topics."""
        for topic in found & self.topics:
            await self._drop(topic)
            await self._say(refused=topic)

    async def _subscribe(self, topic: str) -> None:
        if topic not in self.topics and len(self.topics) >= MOST_TOPICS:
            raise BadMessage("too many topics")
        if not await self._may_hear(topic):
            await self._say(refused=topic)
            return
        self.topics.add(topic)
        await self.join(coalition_live_push.topic_group(topic))
        await self._say(subscribed=topic)

    async def _drop(self, topic: str) -> None:
        if topic in self.topics:
            self.topics.discard(topic)
            await self.part(coalition_live_push.topic_group(topic))

    async def _may_hear(self, topic: str) -> bool:
        answer: bool = await database_sync_to_async(_may_subscribe)(self.user_id, topic)
        return answer

    async def _say(self, **message: Any) -> None:
        if not self.closed:
            # The browser may have disconnected in between.
            with contextlib.suppress(RuntimeError, OSError):
                await self.send(text_data=json.dumps(message))


def _may_subscribe(user_id: int, topic: str) -> bool:
    try:
        return coalition_live_push.may_subscribe(user_id=user_id, topic=topic)
    except Error:
        return False


def _note_presence(user_id: int, topic: str) -> None:
    with contextlib.suppress(Error):  # the next one comes in half a minute
        coalition_live_push.note_presence(user_id=user_id, topic=topic)

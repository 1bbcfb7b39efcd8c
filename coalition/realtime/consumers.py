"""The live socket of pages, the socket of a text for the stock `y-websocket` provider, and their routes.

channels' own consumer fails when its layer cannot be read, and cannot start without it.

Frames are JSON. From the browser: `{"subscribe": topic}`, `{"unsubscribe": topic}`, `{"ping": 1}`,
and every half a minute `{"here": topic}` from a page that shows presence. To it: `{"subscribed":
topic}`, `{"refused": topic}` (also later, when a right ends), `{"pong": 1}`, `{"topic": topic,
"last": id}` and `{"nudge": what}`. Content is never sent here.

The socket of one live document, for the stock `y-websocket` provider.

Close codes 4400 to 4499 are final for the provider; after 1013 it reconnects.
"""

import asyncio
import contextlib
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from random import SystemRandom
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.db import Error
from django.urls import path

from coalition import live_push
from coalition.realtime import frames
from coalition.realtime.backend import (
    BAD_MESSAGE,
    OFF_DEVICE,
    Grant,
    SessionState,
    count_open_sockets,
    get_document_backend,
    get_session_state,
    lost_write_right,
    register_socket,
    unregister_socket,
)
from coalition.realtime.bus import MOST_TOPICS, BadMessage, MessageRateLimit, read_message
from coalition.realtime.client import Client
from coalition.realtime.frames import AWARENESS, BadFrame, read_frame
from coalition.realtime.hub import get_hub
from coalition.realtime.room import Room

REJOIN_SECONDS = 1.0  # seconds
logger = logging.getLogger(__name__)


class LayerConsumer(AsyncWebsocketConsumer):
    """Rejoin groups as soon as the layer is back, and then check for missed messages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups: set[str] = set()
        self._away = False
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle messages of the browser and the layer, one after the other.

        Replaces channels' own loop, which creates tasks for every message and starts a thread to
        close old connections before it: most of the cost of a small frame.
        """
        self.scope, self.base_send = scope, send
        self.channel_layer = get_channel_layer(self.channel_layer_alias)
        self.channel_name = await self.channel_layer.new_channel()
        hearing = asyncio.create_task(self._keep_receiving())
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            hearing.cancel()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the method for the message's type."""
        async with self._turn:
            await getattr(self, get_handler_name(message))(message)

    async def join(self, group: str) -> None:
        """Join a group, now or as soon as the layer is back."""
        self._groups.add(group)
        await self._try(self.channel_layer.group_add, group)

    async def part(self, group: str) -> None:
        """Leave a group."""
        self._groups.discard(group)
        await self._try(self.channel_layer.group_discard, group)

    async def layer_back(self, message: dict[str, Any]) -> None:
        """Handle the layer's return: messages may have been missed."""

    async def _try(self, work: Any, group: str) -> None:
        try:
            async with asyncio.timeout(REJOIN_SECONDS):
                await work(group, self.channel_name)
        except Exception as fault:  # noqa: BLE001  redis, asyncio and sockets raise unrelated types
            self._note(fault)

    async def _keep_receiving(self) -> None:
        while True:
            message = await self._receive_from_layer()
            try:
                await self.dispatch(message)
            except Exception:  # logged; the socket stays open, and its rights are checked periodically
                logger.exception("a message of the channel layer was not handled")

    async def _receive_from_layer(self) -> dict[str, Any]:
        while True:
            if self._away:
                # Spread out sockets that lost the layer together.
                await asyncio.sleep(REJOIN_SECONDS * SystemRandom().uniform(1, 2))
                self._away = False
                for group in list(self._groups):
                    await self._try(self.channel_layer.group_add, group)
                if not self._away:
                    return {"type": "layer.back"}
                continue
            try:
                message: dict[str, Any] = await self.channel_layer.receive(self.channel_name)
            except Exception as fault:  # noqa: BLE001  redis, asyncio and sockets raise unrelated types
                self._note(fault)
            else:
                return message

    def _note(self, fault: Exception) -> None:
        logger.info("the channel layer does not answer: %s", type(fault).__name__)
        self._away = True


RECHECK_SECONDS = 5.0  # seconds
MAX_RECHECKS_A_SECOND = 2  # of all sockets here: reading rights is expensive, and revocations are durable
TRY_LATER = 1013
RECHECK_TIMEOUT_SECONDS = 2.0  # seconds


class PersonConsumer(LayerConsumer):
    """Accepts first and then closes with a code: browsers retry a refused handshake for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id = 0
        self.session_key = ""
        self.rechecking: asyncio.Task[None] | None = None
        self.closed = False

    async def connect(self) -> None:
        await self.accept()
        self.session_key = await database_sync_to_async(self._session_key)()
        rights = await self._rights()
        if rights is None or not await self._is_valid(rights[0]):
            return
        self.user_id = rights[0].user_id
        register_socket(self.user_id, self)
        await self.join(live_push.person_group(self.user_id))
        await self.begin()
        if not self.closed:
            self.rechecking = asyncio.create_task(self._recheck_periodically())

    async def disconnect(self, code: int) -> None:
        self.closed = True
        if self.rechecking is not None and self.rechecking is not asyncio.current_task():
            self.rechecking.cancel()
        if self.user_id:
            unregister_socket(self.user_id, self)
            await self.part(live_push.person_group(self.user_id))
        await self.release()

    async def begin(self) -> None:
        """Called once the person is known."""

    async def release(self) -> None:
        """Release the socket's resources before closing or after a disconnect. Idempotent."""

    def read_rights(self, state: SessionState) -> Any:
        """Return what depends on the rights of a valid session. Runs in the database's thread."""

    async def apply_rights(self, found: Any) -> None:
        """Apply what `read_rights` returned."""

    async def live_recheck(self, message: dict[str, Any]) -> None:
        """From `live_push.recheck_sockets`: rights may have changed."""
        await self.recheck()

    async def layer_back(self, message: dict[str, Any]) -> None:
        """A message may have been missed."""
        await self.recheck()

    async def live_nudge(self, message: dict[str, Any]) -> None:
        """From `live.nudge`: a counter changed; sockets without counters ignore it."""

    async def recheck(self) -> None:
        """Read the session and its rights again."""
        rights = await self._rights()
        if not self.closed and rights is not None and await self._is_valid(rights[0]):
            await self.apply_rights(rights[1])

    async def end(self, code: int, reason: str) -> None:
        """Close with a reason, once."""
        if self.closed:
            return
        self.closed = True
        await self.release()
        # A client that does not read does not receive it either: do not wait for it.
        with contextlib.suppress(TimeoutError, RuntimeError, OSError):
            async with asyncio.timeout(RECHECK_TIMEOUT_SECONDS):
                await self.close(code=code, reason=reason)

    async def _recheck_periodically(self) -> None:
        pause = RECHECK_SECONDS  # rights may have changed while the socket opened
        while not self.closed:
            # Spread out sockets that reconnected together after a restart.
            await asyncio.sleep(pause * SystemRandom().uniform(0.8, 1))
            await self.recheck()
            pause = max(RECHECK_SECONDS, count_open_sockets() / MAX_RECHECKS_A_SECOND)

    async def _rights(self) -> tuple[SessionState, Any] | None:
        """Return the session's state and what depends on it; None, closed, without the database."""
        try:
            rights: tuple[SessionState, Any] = await database_sync_to_async(self._load_rights)()
        except Error:
            await self.end(TRY_LATER, "try again later")
            return None
        return rights

    def _load_rights(self) -> tuple[SessionState, Any]:
        state = get_session_state(self.session_key)
        return state, None if state.close_code else self.read_rights(state)

    async def _is_valid(self, state: SessionState) -> bool:
        if state.close_code == 0 and self.user_id in {0, state.user_id}:
            return True
        await self.end(state.close_code or BAD_MESSAGE, state.reason or "another person signed in")
        return False

    def _session_key(self) -> str:
        session = self.scope.get("session")
        return (session.session_key or "") if session is not None else ""


class LiveConsumer(PersonConsumer):
    """One open page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics: set[str] = set()
        self.pace = MessageRateLimit()

    async def release(self) -> None:
        topics, self.topics = self.topics, set()
        for topic in topics:
            await self.part(live_push.topic_group(topic))

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
                await self._send_json(pong=1)
        except BadMessage as fault:
            await self.end(BAD_MESSAGE, str(fault))

    async def live_push(self, message: dict[str, Any]) -> None:
        """From `live.push`: rows up to `last` exist."""
        if message["topic"] in self.topics:
            await self._send_json(topic=message["topic"], last=message["last"])

    async def live_nudge(self, message: dict[str, Any]) -> None:
        """From `live.nudge`: a counter of this person changed."""
        await self._send_json(nudge=message["what"])

    def read_rights(self, state: SessionState) -> set[str]:
        """Return the topics that the person may no longer subscribe to."""
        return {topic for topic in set(self.topics) if not _may_subscribe(state.user_id, topic)}

    async def apply_rights(self, found: set[str]) -> None:
        """Unsubscribe from these topics."""
        for topic in found & self.topics:
            await self._drop(topic)
            await self._send_json(refused=topic)

    async def _subscribe(self, topic: str) -> None:
        if topic not in self.topics and len(self.topics) >= MOST_TOPICS:
            raise BadMessage("too many topics")
        if not await database_sync_to_async(_may_subscribe)(self.user_id, topic):
            await self._send_json(refused=topic)
            return
        self.topics.add(topic)
        await self.join(live_push.topic_group(topic))
        await self._send_json(subscribed=topic)

    async def _drop(self, topic: str) -> None:
        if topic in self.topics:
            self.topics.discard(topic)
            await self.part(live_push.topic_group(topic))

    async def _send_json(self, **message: Any) -> None:
        if not self.closed:
            # The browser may have disconnected in between.
            with contextlib.suppress(RuntimeError, OSError):
                await self.send(text_data=json.dumps(message))


def _may_subscribe(user_id: int, topic: str) -> bool:
    try:
        return live_push.may_subscribe(user_id=user_id, topic=topic)
    except Error:
        return False


def _note_presence(user_id: int, topic: str) -> None:
    with contextlib.suppress(Error):  # the next one comes in half a minute
        live_push.note_presence(user_id=user_id, topic=topic)


NOT_FOUND = 4404  # also for people who may not know that it exists
OTHER_HISTORY = 4409  # the browser's copy belongs to another epoch: it must reload
TOO_MANY = 4429
FRAME_TOO_LARGE = 1009  # the server closes by itself with this code
MOST_SOCKETS = 10  # per person, in this process
MOST_FRAMES = 60  # a second, of writes and of awareness each: a key held down sends thirty of both
MOST_REFUSALS = 30  # a browser that handles them stops after the first
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
            await self.release()
            return
        if self.grant is not None:
            self.client.grant = self.grant  # as it is now
        if not self.client.grant.stays_on_device:  # the page may be older than that restriction
            self.client.push_first(frames.refused_frame(OFF_DEVICE))
        if self.epoch not in {0, self.room.epoch}:
            await self.end(OTHER_HISTORY, "another history")
            return
        self.sending = asyncio.create_task(self.client.run(self.room))

    async def release(self) -> None:
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
                self._complain(self.client.refusal)
                self.refusals += 1
                if self.refusals > MOST_REFUSALS:
                    raise BadMessage("too many refused writes")
        except (BadFrame, BadMessage) as fault:
            self._complain(str(fault))
            await self.end(BAD_MESSAGE, str(fault))

    def read_rights(self, state: SessionState) -> Grant | None:
        """Return the person's current right, which is also stored for `begin`."""
        self.grant = get_document_backend().open(state.user_id, self.session_key, self.document)
        return self.grant

    async def apply_rights(self, found: Grant | None) -> None:
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


websocket_urlpatterns: list[Any] = [
    path("ws/live/", LiveConsumer.as_asgi()),
    path("ws/drafts/<uuid:document>/", TextConsumer.as_asgi()),
]

type Receive = Callable[[], Awaitable[Mapping[str, Any]]]
type Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def refuse_unknown_address(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer the handshake with HTTP 404, or with the server's own refusal where it cannot send one.

    `URLRouter` raises ValueError for an address without a route.
    """
    if "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close"})

"""Live pushes: topics, who may subscribe to them, and pushes sent after the commit.

A push carries a topic and the id of the last row, never content: the page fetches new rows through
its ordinary view with access checks. Higher layers register the access check of their topics.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

type SubscribePermission = Callable[[int, str], bool]
type LastId = Callable[[int, str], int]
type PresenceHandler = Callable[[int, str], None]

_subscribe_permissions: dict[str, SubscribePermission] = {}
_revocation_logs: list[Callable[[list[int]], None]] = []
_last_ids: dict[str, LastId] = {}
_presence_handlers: dict[str, PresenceHandler] = {}
_server_loop: asyncio.AbstractEventLoop | None = None


def register_topic(kind: str, may_hear: SubscribePermission, last_id: LastId | None = None) -> None:
    """Register who may subscribe to topics `<kind>:<id>`: `may_hear(user_id, id)`, in a worker thread.

    `last_id(user_id, id)`: the id of the last row that the person may see, for pages without a
    socket, which poll every minute. Without it they reload every time.
    """
    _subscribe_permissions[kind] = may_hear
    if last_id is not None:
        _last_ids[kind] = last_id


def register_revocation_log(record: Callable[[list[int]], None]) -> None:
    """Register where revocations are stored: `record(user_ids)` runs in the transaction of the change."""
    _revocation_logs[:] = [record]


def register_presence(kind: str, beat: PresenceHandler) -> None:
    """Register what is recorded when a page that shows `<kind>:<id>` reports presence.

    `beat(user_id, id)` runs in a worker thread, only for people who may subscribe to the topic."""
    _presence_handlers[kind] = beat


def note_presence(*, user_id: int, topic: str) -> None:
    """Record that the person has the topic open. Ignored for kinds without presence, without access."""
    kind, _, identity = topic.partition(":")
    beat = _presence_handlers.get(kind)
    if beat is not None and may_subscribe(user_id=user_id, topic=topic):
        beat(user_id, identity)


def may_subscribe(*, user_id: int, topic: str) -> bool:
    """Whether the person may subscribe to the topic now. False for unknown kinds of topic."""
    kind, _, identity = topic.partition(":")
    may_hear = _subscribe_permissions.get(kind)
    return bool(may_hear and may_hear(user_id, identity))


def last_topic_id(*, user_id: int, topic: str) -> int | None:
    """Return the id of the topic's last row visible to the person; None for kinds without such ids."""
    kind, _, identity = topic.partition(":")
    last_id = _last_ids.get(kind)
    return last_id(user_id, identity) if last_id else None


def topic_group(topic: str) -> str:
    """Return the channel-layer group of a topic (never sent to a browser)."""
    return f"live.{topic.replace(':', '.')}"


def person_group(user_id: int) -> str:
    """Return the group of one person's sockets, used for rechecks and personal counters."""
    return f"live.person.{user_id}"


def bind_server_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Store the server's event loop: pushes from its threads then take 1–4 ms, not 58–94 ms."""
    global _server_loop  # noqa: PLW0603  one server, one loop
    _server_loop = loop


def server_loop() -> asyncio.AbstractEventLoop | None:
    """Return the server's event loop while it runs in this process."""
    return _server_loop if _server_loop is not None and _server_loop.is_running() else None


def push_topic(*, topic: str, last_id: int) -> None:
    """Notify a topic's subscribers, after the commit, that rows up to `last_id` exist."""
    transaction.on_commit(
        lambda: _group_send(topic_group(topic), {"type": "live.push", "topic": topic, "last": last_id})
    )


def push_counter(*, user_id: int, what: str) -> None:
    """Notify one person's pages, after the commit, that one of their counters changed."""
    transaction.on_commit(lambda: _group_send(person_group(user_id), {"type": "live.nudge", "what": what}))


def recheck_sockets(*, user_ids: list[int], reason: str) -> None:
    """Make every open socket of these people check its rights again, after the commit.

    The message may get lost; the row stored with the change itself is found within a second or two.
    """
    if user_ids:
        for record in _revocation_logs:
            record(user_ids)
    for user_id in user_ids:
        transaction.on_commit(
            partial(_group_send, person_group(user_id), {"type": "live.recheck", "reason": reason})
        )


def _group_send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    loop = server_loop()
    if loop is not None:
        asyncio.run_coroutine_threadsafe(layer.group_send(group, message), loop)
        return
    try:
        async_to_sync(layer.group_send)(group, message)
    except Exception as fault:  # noqa: BLE001  Redis may be away: what was committed stands, pages look by themselves
        logger.info("a push was not sent: %s", type(fault).__name__)

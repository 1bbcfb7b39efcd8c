"""The door to live pushes: topics, who may hear them, and pushes that wait for the commit.

A push carries a topic and the id of the last row, never content: the page asks for what it lacks
through its ordinary, checked address. Higher layers register who may hear their topics.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

type Listener = Callable[[int, str], bool]

_listeners: dict[str, Listener] = {}
_server_loop: asyncio.AbstractEventLoop | None = None


def register_topic(kind: str, may_hear: Listener) -> None:
    """Say who may hear topics `<kind>:<id>`: `may_hear(user_id, id)` runs in a worker thread."""
    _listeners[kind] = may_hear


def may_hear(*, user_id: int, topic: str) -> bool:
    """Whether the person may hear the topic now. Unknown kinds of topic: nobody."""
    kind, _, identity = topic.partition(":")
    listener = _listeners.get(kind)
    return bool(listener and listener(user_id, identity))


def group_of(topic: str) -> str:
    """The channel-layer group of a topic (never sent to a browser)."""
    return f"live.{topic.replace(':', '.')}"


def person_group(user_id: int) -> str:
    """The group of one person's sockets: kicks and personal counters go there."""
    return f"live.person.{user_id}"


def bind_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Remember the server's event loop: pushes from its threads then take 1–4 ms, not 58–94 ms."""
    global _server_loop  # noqa: PLW0603  one server, one loop
    _server_loop = loop


def push(*, topic: str, last_id: int) -> None:
    """Tell the listeners of a topic, after the commit, that rows up to `last_id` exist."""
    transaction.on_commit(
        lambda: _send(group_of(topic), {"type": "live.push", "topic": topic, "last": last_id})
    )


def nudge(*, user_id: int, what: str) -> None:
    """Tell one person's pages, after the commit, that a counter of theirs changed."""
    transaction.on_commit(lambda: _send(person_group(user_id), {"type": "live.nudge", "what": what}))


def kick(*, user_ids: list[int], reason: str) -> None:
    """Make every open socket of these people look at its rights again, after the commit.

    Sockets also look by themselves every few seconds, since this message may get lost.
    """
    for user_id in user_ids:
        transaction.on_commit(partial(_send, person_group(user_id), {"type": "live.kick", "reason": reason}))


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    if _server_loop is not None and _server_loop.is_running():
        asyncio.run_coroutine_threadsafe(layer.group_send(group, message), _server_loop)
    else:
        async_to_sync(layer.group_send)(group, message)

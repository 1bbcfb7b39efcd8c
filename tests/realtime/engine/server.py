"""The ASGI application. Session `person-<n>` is person n, who may write every document; `reader-<n>` only
reads, `suggester-<n>` only suggests, and nobody may write the word of `FORBIDDEN`."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack

from coalition import live
from coalition.realtime import door
from coalition.realtime.backend import Grant, Keeper, Unwatched, register_keeper
from coalition.realtime.door import Standing
from coalition.realtime.hub import close_hub, hub
from coalition.realtime.routing import websocket_urlpatterns
from coalition.realtime.updates import Change

FORBIDDEN = b"forbidden"
KINDS = {"person": 0, "reader": 1000, "suggester": 2000}


class Watch(Unwatched):
    """Refuses a word."""

    def refuses(self, update: bytes, change: Change, grant: Grant) -> str:
        return "forbidden" if FORBIDDEN in update else ""


def standing(session_key: str) -> Standing:
    """Who a session is."""
    kind, _, number = session_key.partition("-")
    if kind not in KINDS or not number.isdecimal():
        return Standing(close_code=door.SIGNED_OUT, reason="signed out")
    return Standing(user_id=KINDS[kind] + int(number))


def grant(user_id: int, session_key: str, document: UUID) -> Grant | None:
    """What the person may do."""
    kind = session_key.partition("-")[0]
    return Grant(
        author=UUID(int=user_id),
        organisation=UUID(int=user_id % 3),
        may_write=kind == "person",
        suggests_only=kind == "suggester",
        identity={"person": str(UUID(int=user_id))},
    )


def watch(state: Callable[[], bytes]) -> Watch:
    return Watch()


door.register_session_check(standing)
register_keeper(Keeper(open=grant, seed=lambda _document: b"", watch=watch))
sockets = SessionMiddlewareStack(URLRouter(websocket_urlpatterns))


async def application(scope, receive, send):
    """Sockets, and a lifespan as the site's."""
    if scope["type"] != "lifespan":
        await sockets(scope, receive, send)
        return
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            live.bind_loop(asyncio.get_running_loop())
            hub()
            await send({"type": "lifespan.startup.complete"})
        else:
            live.bind_loop(None)
            await close_hub()
            await send({"type": "lifespan.shutdown.complete"})
            return

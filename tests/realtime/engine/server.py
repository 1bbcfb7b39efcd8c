"""The ASGI application. Session `person-<n>` is person n, who may write every document; `reader-<n>` only
reads, `suggester-<n>` only suggests, and nobody may write the word of `FORBIDDEN`."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack

from coalition import live_push
from coalition.realtime.backend import (
    SIGNED_OUT,
    DocumentBackend,
    Grant,
    NoWriteGuard,
    SessionState,
    register_document_backend,
    register_session_check,
)
from coalition.realtime.consumers import websocket_urlpatterns
from coalition.realtime.hub import close_hub, get_hub
from coalition.realtime.updates import UpdateContent

FORBIDDEN = b"forbidden"
KINDS = {"person": 0, "reader": 1000, "suggester": 2000}


class Watch(NoWriteGuard):
    """Refuses a word."""

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        return "forbidden" if FORBIDDEN in update else ""


def standing(session_key: str) -> SessionState:
    """Who a session is."""
    kind, _, number = session_key.partition("-")
    if kind not in KINDS or not number.isdecimal():
        return SessionState(close_code=SIGNED_OUT, reason="signed out")
    return SessionState(user_id=KINDS[kind] + int(number))


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


register_session_check(standing)
register_document_backend(DocumentBackend(open=grant, seed=lambda _document: b"", guard=watch))
sockets = SessionMiddlewareStack(URLRouter(websocket_urlpatterns))


async def application(scope, receive, send):
    """Sockets, and a lifespan as the site's."""
    if scope["type"] != "lifespan":
        await sockets(scope, receive, send)
        return
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            live_push.bind_server_loop(asyncio.get_running_loop())
            get_hub()
            await send({"type": "lifespan.startup.complete"})
        else:
            live_push.bind_server_loop(None)
            await close_hub()
            await send({"type": "lifespan.shutdown.complete"})
            return

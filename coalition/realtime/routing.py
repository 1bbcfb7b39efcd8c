"""WebSocket routes."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.urls import path

from coalition.realtime.consumers import LiveConsumer
from coalition.realtime.text_consumer import TextConsumer

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

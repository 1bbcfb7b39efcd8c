"""WebSocket addresses."""

from typing import Any

from django.urls import path

from coalition.realtime.consumers import LiveConsumer
from coalition.realtime.text_consumer import TextConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/live/", LiveConsumer.as_asgi()),
    path("ws/drafts/<uuid:document>/", TextConsumer.as_asgi()),
]

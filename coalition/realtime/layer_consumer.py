"""A WebSocket consumer that survives a failing channel layer: Redis is only an accelerator.

channels' own consumer fails when its layer cannot be read, and cannot start without it.
"""

import asyncio
import logging
from random import SystemRandom
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer

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
        hearing = asyncio.create_task(self._keep_hearing())
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
        except Exception as fault:  # noqa: BLE001  Redis may be away, and says so in many ways
            self._note(fault)

    async def _keep_hearing(self) -> None:
        while True:
            message = await self._hear_layer()
            try:
                await self.dispatch(message)
            except Exception:  # the socket stays open: it also checks its rights periodically
                logger.exception("what the layer said was not done")

    async def _hear_layer(self) -> dict[str, Any]:
        while True:
            if self._away:
                await asyncio.sleep(REJOIN_SECONDS * SystemRandom().uniform(1, 2))
                self._away = False
                for group in list(self._groups):
                    await self._try(self.channel_layer.group_add, group)
                if not self._away:
                    return {"type": "layer.back"}
                continue
            try:
                message: dict[str, Any] = await self.channel_layer.receive(self.channel_name)
            except Exception as fault:  # noqa: BLE001  Redis may be away, and says so in many ways
                self._note(fault)
            else:
                return message

    def _note(self, fault: Exception) -> None:
        logger.info("the channel layer does not answer: %s", type(fault).__name__)
        self._away = True

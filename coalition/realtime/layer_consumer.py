"""A socket that goes on when the channel layer does not: Redis only speeds things up.

channels' own consumer ends with an exception when its layer cannot be read, and cannot begin without it.
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
    """Joins groups again as soon as the layer is back, and then looks whether it missed something."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups: set[str] = set()
        self._away = False
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Do what the browser and the layer say, one after the other.

        In place of channels' own loop: that makes tasks for every message and sends a thread to look after
        old connections before it, which is most of what a small frame costs.
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
        """Let the method for the message's type do it."""
        async with self._turn:
            await getattr(self, get_handler_name(message))(message)

    async def join(self, group: str) -> None:
        """Hear what is told to a group, from now on or from when the layer is back."""
        self._groups.add(group)
        await self._try(self.channel_layer.group_add, group)

    async def part(self, group: str) -> None:
        """Hear no more of it."""
        self._groups.discard(group)
        await self._try(self.channel_layer.group_discard, group)

    async def layer_back(self, message: dict[str, Any]) -> None:
        """The layer was away: something may have been missed."""

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
            except Exception:  # the socket goes on: it looks at its rights by the clock too
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

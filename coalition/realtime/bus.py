"""What the server's processes tell each other about live documents. The only caller of `group_send`
beside `coalition.live`.

One channel a process, all documents in one message, one message under way at a time. The bus may lose
messages: a gap in a process's numbers says so, and then the database is asked, which is the truth.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from uuid_utils.compat import uuid7

BUS_GROUP = "realtime.processes"
MOST_PROCESSES = 500

type BusMessage = dict[str, Any]

logger = logging.getLogger(__name__)


class Bus:
    """`collect()` gives what must be told now, None for nothing; `receive(process, parcel)` takes what others
    tell; `lost()` is called when something did not arrive."""

    def __init__(
        self,
        process: UUID,
        *,
        collect: Callable[[], BusMessage | None],
        receive: Callable[[str, BusMessage], None],
        lost: Callable[[], None],
    ) -> None:
        self.process = str(process)
        self._sends = self._hears = True
        self._collect, self._receive, self._lost = collect, receive, lost
        self._wake = asyncio.Event()
        self._number = 0
        self._heard: dict[str, int] = {}

    @property
    def is_alone(self) -> bool:
        """With the layer in memory there is one process, and nobody to tell."""
        return isinstance(get_channel_layer(), InMemoryChannelLayer)

    @property
    def works(self) -> bool:
        """Whether it was there when it was needed last."""
        return self._sends and self._hears

    def wake(self) -> None:
        """Something waits to be told."""
        self._wake.set()

    async def run_sending(self) -> None:
        """Tell, one parcel at a time; what a parcel could not bring, others read from the database: the next
        one's number tells them so, and it follows although nobody may write any more."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if self._sends else 1):
                    await self._wake.wait()
            self._wake.clear()
            parcel = self._collect()
            if self.is_alone or (parcel is None and self._sends):
                continue
            parcel = parcel or {}
            self._number += 1
            message = {"type": "realtime.parcel", "process": self.process, "number": self._number, **parcel}
            layer = get_channel_layer()
            try:
                async with asyncio.timeout(5):
                    await layer.group_send(BUS_GROUP, message)
                self._sends = True
            except Exception as fault:  # noqa: BLE001  Redis may be away; the database is the truth
                if self.works:
                    logger.warning("the bus is away: %s", type(fault).__name__)
                self._sends = False
                self._lost()

    async def run_receiving(self) -> None:
        """Hear what others tell; joins again whenever the layer was away."""
        layer = get_channel_layer()
        while not self.is_alone:
            try:
                # Of the same kind as the sockets' own: Redis' layer waits for one kind at a time, and would
                # hear nothing for sockets while it waits here.
                channel = await layer.new_channel()
                await layer.group_add(BUS_GROUP, channel)
                self._hears = True
                self._lost()  # what was told before
                joined = asyncio.get_running_loop().time()
                # Group membership expires in the layer: join anew long before that.
                while asyncio.get_running_loop().time() - joined < 600:
                    await self._hear(layer, channel)
                await layer.group_discard(BUS_GROUP, channel)
            except Exception as fault:  # noqa: BLE001  Redis may be away: the database is asked
                if self.works:
                    logger.warning("the bus does not answer: %s", type(fault).__name__)
                self._hears = False
                self._lost()
                await asyncio.sleep(1)

    async def _hear(self, layer: Any, channel: str) -> None:
        try:
            async with asyncio.timeout(30):
                message = await layer.receive(channel)
        except TimeoutError:
            return
        sender, number = message["process"], message["number"]
        if sender == self.process:
            return
        if number != self._heard.pop(sender, number - 1) + 1:
            self._lost()
        self._heard[sender] = number
        if len(self._heard) > MOST_PROCESSES:  # of those that were restarted nobody will hear again
            del self._heard[next(iter(self._heard))]
        self._receive(sender, message)


def send_once(parcel: BusMessage) -> None:
    """Tell a parcel from a process that serves no sockets: a command, a worker beside the server."""
    layer = get_channel_layer()
    if layer is None or isinstance(layer, InMemoryChannelLayer):
        return
    message = {"type": "realtime.parcel", "process": str(uuid7()), "number": 1, **parcel}
    try:
        async_to_sync(layer.group_send)(BUS_GROUP, message)
    except Exception as fault:  # noqa: BLE001  Redis may be away; the database is the truth
        logger.info("the bus is away: %s", type(fault).__name__)

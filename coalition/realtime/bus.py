"""What the server's processes tell each other about live documents. The only caller of `group_send`
beside `coalition.live`.

One channel a process, all documents in one message, one message under way at a time. The bus may lose
messages: a gap in a process's numbers says so, and then the database is asked, which is the truth.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from channels.layers import InMemoryChannelLayer, get_channel_layer

GROUP = "realtime.processes"

type Parcel = dict[str, Any]

logger = logging.getLogger(__name__)


class Bus:
    """`collect()` gives what must be told now, None for nothing; `receive(parcel)` takes what others tell;
    `lost()` is called when something did not arrive."""

    def __init__(
        self,
        process: UUID,
        *,
        collect: Callable[[], Parcel | None],
        receive: Callable[[Parcel], None],
        lost: Callable[[], None],
    ) -> None:
        self.process = str(process)
        self.works = True
        self._collect, self._receive, self._lost = collect, receive, lost
        self._wake = asyncio.Event()
        self._number = 0
        self._heard: dict[str, int] = {}

    @property
    def is_alone(self) -> bool:
        """With the layer in memory there is one process, and nobody to tell."""
        return isinstance(get_channel_layer(), InMemoryChannelLayer)

    def wake(self) -> None:
        """Something waits to be told."""
        self._wake.set()

    async def run_sending(self) -> None:
        """Tell, one parcel at a time; what a parcel could not bring, others read from the database."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            parcel = self._collect()
            if parcel is None or self.is_alone:
                continue
            self._number += 1
            message = {"type": "realtime.parcel", "process": self.process, "number": self._number, **parcel}
            layer = get_channel_layer()
            try:
                async with asyncio.timeout(5):
                    await layer.group_send(GROUP, message)
                self.works = True
            except Exception as fault:  # noqa: BLE001  Redis may be away; the database is the truth
                if self.works:
                    logger.warning("the bus is away: %s", type(fault).__name__)
                self.works = False

    async def run_receiving(self) -> None:
        """Hear what others tell; joins again whenever the layer was away."""
        layer = get_channel_layer()
        while not self.is_alone:
            try:
                channel = await layer.new_channel("realtime")
                await layer.group_add(GROUP, channel)
                joined = asyncio.get_running_loop().time()
                # Group membership expires in the layer: join anew long before that.
                while asyncio.get_running_loop().time() - joined < 600:
                    await self._hear(layer, channel)
                await layer.group_discard(GROUP, channel)
            except Exception as fault:  # noqa: BLE001  Redis may be away: the database is asked
                logger.info("the bus does not answer: %s", type(fault).__name__)
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
        if number != self._heard.get(sender, number - 1) + 1:
            self._lost()
        self._heard[sender] = number
        self._receive(message)

"""A WebSocket client on the ASGI application itself (channels' own one imports daphne, which we have not)."""

import asyncio
import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from coalition.asgi import application

BUSY = 20.0  # seconds that an answer may take where other work keeps the cores; how fast it is, is measured


class Socket(ApplicationCommunicator):
    """One open socket. Every wait ends after `seconds`."""

    def __init__(
        self, path: str = "/ws/live/", *, cookie: str = "", origin: str = "http://testserver"
    ) -> None:
        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def open(self, seconds: float = BUSY) -> bool:
        """Whether the handshake was accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(seconds))["type"] == "websocket.accept"

    async def say(self, frame: str | bytes) -> None:
        kind = "text" if isinstance(frame, str) else "bytes"
        await self.send_input({"type": "websocket.receive", kind: frame})

    async def hear(self, seconds: float = BUSY) -> Any:
        """The next frame, read as JSON."""
        message = await self.receive_output(seconds)
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def ask(self, **command: Any) -> Any:
        await self.say(json.dumps(command))
        return await self.hear()

    async def closing(self, seconds: float = BUSY) -> int:
        """The code it is closed with, within the time; other frames before it are let pass."""
        async with asyncio.timeout(seconds):
            while (message := await self.receive_output(seconds))["type"] != "websocket.close":
                pass
        code: int = message["code"]
        return code

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(1)

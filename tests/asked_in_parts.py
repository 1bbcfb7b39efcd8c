"""A question to an ASGI application, given and answered in parts."""

from collections.abc import Iterable
from typing import Any

from asgiref.testing import ApplicationCommunicator


class Talk:
    """One question and its answer."""

    def __init__(
        self,
        application: Any,
        path: str,
        *,
        method: str = "GET",
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> None:
        self._line = ApplicationCommunicator(
            application,
            {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": method,
                "scheme": "http",
                "path": path,
                "raw_path": path.encode(),
                "query_string": b"",
                "headers": [(b"host", b"localhost"), *headers],
            },
        )

    async def begin(self) -> dict[str, Any]:
        """Ask; returns the answer's head."""
        await self._line.send_input({"type": "http.request", "body": b""})
        found: dict[str, Any] = await self._line.receive_output(10)
        return found

    async def part(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._line.receive_output(10)
        return found

    async def whole(self) -> tuple[int, bytes]:
        """Ask and read all; returns status and body."""
        return await self._rest(await self.begin())

    async def answered_unasked(self) -> tuple[int, bytes]:
        """Read the answer that comes before the question was sent to its end; returns status and body."""
        return await self._rest(await self.part())

    async def _rest(self, head: dict[str, Any]) -> tuple[int, bytes]:
        body, more = b"", True
        while more:
            part = await self.part()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        await self._line.wait(10)
        return head["status"], body

    async def leave(self) -> None:
        """Go away, whether all is said or not."""
        await self._line.send_input({"type": "http.disconnect"})
        await self._line.wait(10)

    async def send_part(self, body: bytes) -> None:
        """The beginning of a question."""
        await self._line.send_input({"type": "http.request", "body": body, "more_body": True})

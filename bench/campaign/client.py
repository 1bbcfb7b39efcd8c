"""A small keep-alive HTTP/1.1 client that costs a fraction of what it measures."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

IDLE = 3.0  # seconds; uvicorn closes after five


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes


class Client:
    """Send requests to several servers in turn, with at most `most` connections to each at a
    time."""

    def __init__(self, ports: list[int], *, most: int = 64) -> None:
        self._ports = ports
        self._idle: dict[int, list[_Line]] = {port: [] for port in ports}
        self._room = {port: asyncio.Semaphore(most) for port in ports}
        self._turn = 0

    async def ask(
        self, method: str, path: str, *, address: str, form: dict[str, str] | None = None, cookie: str = ""
    ) -> Answer:
        """Send one request from a network `address`, as a reverse proxy would pass it on.

        A form is posted as a browser posts it from the site's own page. Raises `OSError` if no
        complete response arrived.
        """
        self._turn += 1
        port = self._ports[self._turn % len(self._ports)]
        body = urlencode(form or {}).encode()
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: localhost:{port}",
            f"X-Forwarded-For: {address}",
            "Accept-Encoding: identity",
        ]
        if cookie:
            head.append(f"Cookie: {cookie}")
        if form is not None:
            head += [
                f"Origin: http://localhost:{port}",
                "Sec-Fetch-Site: same-origin",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        message = "\r\n".join(head).encode() + b"\r\n\r\n" + (body if form is not None else b"")
        async with self._room[port]:
            line = await self._line(port)
            try:
                line.writer.write(message)
                answer = await _read(line.reader, method)
            except (OSError, asyncio.IncompleteReadError) as fault:
                line.writer.close()
                raise OSError("no whole answer came") from fault
            self._idle[port].append(_Line(line.reader, line.writer, time.monotonic()))
        return answer

    async def _line(self, port: int) -> "_Line":
        """Return a recently used connection, or a new one: servers close idle connections."""
        while self._idle[port]:
            line = self._idle[port].pop()
            if time.monotonic() - line.used < IDLE:
                return line
            line.writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        return _Line(reader, writer, time.monotonic())

    def close(self) -> None:
        for lines in self._idle.values():
            for line in lines:
                line.writer.close()


@dataclass(frozen=True)
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used: float


async def _read(reader: asyncio.StreamReader, method: str) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    status, lower = int(head.split(b" ", 2)[1]), head.lower()
    if method == "HEAD" or status in {204, 304}:
        return Answer(status, head, b"")
    if b"transfer-encoding: chunked" in lower:
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return Answer(status, head, b"".join(parts))
    length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    return Answer(status, head, await reader.readexactly(length))

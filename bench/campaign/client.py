"""A small HTTP/1.1 client on connections that are kept open: it costs a part of what it measures."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes


class Client:
    """Asks one of several servers in turn; `most` connections at a time to each."""

    def __init__(self, ports: list[int], *, most: int = 64) -> None:
        self._ports = ports
        self._idle: dict[int, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = {
            port: [] for port in ports
        }
        self._room = {port: asyncio.Semaphore(most) for port in ports}
        self._turn = 0

    async def ask(
        self, method: str, path: str, *, address: str, form: dict[str, str] | None = None, cookie: str = ""
    ) -> Answer:
        """One request from a network `address`, as a proxy in front would pass it on. A form is posted as a
        browser posts it from our own page. Raises `OSError` if no whole answer came."""
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
            line = self._idle[port].pop() if self._idle[port] else await _opened(port)
            try:
                line[1].write(message)
                answer = await _read(line[0], method)
            except (OSError, asyncio.IncompleteReadError) as fault:
                line[1].close()
                raise OSError("no whole answer came") from fault
            self._idle[port].append(line)
        return answer

    def close(self) -> None:
        for lines in self._idle.values():
            for _reader, writer in lines:
                writer.close()


async def _opened(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, limit=2**22)


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

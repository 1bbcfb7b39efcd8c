"""A small closed-loop HTTP load: keep-alive connections, each sending its next request on response.

It runs in one process beside the server on the same two cores, so its figures are only comparative.
"""

import asyncio
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

CONNECTIONS = 8
SECONDS = 3.0


def requests_per_second(*urls: str) -> float:
    """Return successful responses a second, summed over servers if several addresses are given.

    Raises `RuntimeError` if a response is not a success.
    """
    return asyncio.run(_measure(urls))


async def _measure(urls: Sequence[str]) -> float:
    await asyncio.gather(*(_ask_for(url, time.monotonic() + 0.5) for url in urls))  # warm up
    begun = time.monotonic()
    asked = [urls[number % len(urls)] for number in range(CONNECTIONS)]
    counts = await asyncio.gather(*(_ask_for(url, begun + SECONDS) for url in asked))
    return sum(counts) / (time.monotonic() - begun)


async def _ask_for(url: str, until: float) -> int:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**22)
    question = (
        f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n\r\n"
    ).encode()
    count = 0
    try:
        while time.monotonic() < until:
            writer.write(question)
            await _read_answer(reader, url)
            count += 1
    finally:
        writer.close()
    return count


async def _read_answer(reader: asyncio.StreamReader, url: str) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = head.split(b" ", 2)[1]
    if status != b"200":
        raise RuntimeError(f"{url} answered {status.decode()}")
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))

"""A load at a constant rate: requests are due by the clock, whether or not earlier ones completed.

Each time counts from the moment the request was due, so a slow response also counts against those
queued behind it (no coordinated omission). The load runs in its own process, whose CPU time is
reported; its own delay counts against the server.
"""

import asyncio
import gc
import json
import resource
import ssl
import subprocess
import sys
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.figures import ROOT

GIVE_UP = 10.0  # seconds after the last request
END = b"\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """`rate` requests a second for `seconds`, with `headers`; responses have `status` and no
    body."""

    url: str
    authority: str
    headers: dict[str, str]
    status: int
    rate: int
    seconds: float
    connections: int


@dataclass(frozen=True)
class Met:
    """The result: milliseconds from due to answered, errors, and CPU seconds of the client."""

    answered: int
    faults: int
    median: float
    p99: float
    longest: float
    processor: float


def put(load: Load) -> Met:
    """Run the load in another process."""
    command = [sys.executable, "-m", "bench.steady", json.dumps(asdict(load))]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=load.seconds + 120)
    return Met(**json.loads(told.stdout))


class Crowd:
    """The clients: idle connections, requests waiting for one, times of responses."""

    def __init__(self, load: Load) -> None:
        self.load = load
        parts = urlsplit(load.url)
        self.host, self.port = parts.hostname or "", parts.port or 443
        lines = [
            f"GET {parts.path}{'?' if parts.query else ''}{parts.query} HTTP/1.1",
            f"Host: {parts.netloc}",
        ]
        lines += [f"{name}: {value}" for name, value in load.headers.items()]
        self.question = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.context = ssl.create_default_context(cafile=load.authority)
        self.idle: list[Connection] = []
        self.waiting: deque[float] = deque()
        self.times: list[float] = []
        self.faults = 0
        self.opening: set[asyncio.Task[None]] = set()
        self.over = False

    async def open(self) -> None:
        """Open one more connection."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: Connection(self), self.host, self.port, ssl=self.context)
        except OSError:
            self.faults += 1
            await asyncio.sleep(0.1)
            self.open_soon()

    def open_soon(self) -> None:
        if not self.over:
            task = asyncio.ensure_future(self.open())
            self.opening.add(task)
            task.add_done_callback(self.opening.discard)

    def ask(self, due: float) -> None:
        if self.idle:
            self.idle.pop().ask(due)
        else:
            self.waiting.append(due)

    def free(self, connection: "Connection") -> None:
        if self.waiting:
            connection.ask(self.waiting.popleft())
        else:
            self.idle.append(connection)

    async def run(self) -> Met:
        await asyncio.gather(*(self.open() for _number in range(self.load.connections)))
        loop = asyncio.get_running_loop()
        begun, asked, total = loop.time(), 0, round(self.load.rate * self.load.seconds)
        while asked < total:
            while asked < min(total, (loop.time() - begun) * self.load.rate):
                self.ask(begun + asked / self.load.rate)
                asked += 1
            await asyncio.sleep(0.001)
        for _look in range(round(GIVE_UP / 0.01)):
            if len(self.times) + self.faults >= total:
                break
            await asyncio.sleep(0.01)
        self.over = True
        return self._met(total)

    def _met(self, total: int) -> Met:
        times = sorted(self.times) or [float("inf")]
        used = resource.getrusage(resource.RUSAGE_SELF)
        return Met(
            answered=len(self.times),
            faults=max(self.faults, total - len(self.times)),
            median=times[len(times) // 2] * 1000,
            p99=times[min(len(times) - 1, len(times) * 99 // 100)] * 1000,
            longest=times[-1] * 1000,
            processor=used.ru_utime + used.ru_stime,
        )


class Connection(asyncio.Protocol):
    """A keep-alive connection with one request at a time."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.due: float | None = None
        self.head = b""
        self.expected = f" {crowd.load.status} ".encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.crowd.free(self)

    def ask(self, due: float) -> None:
        self.due = due
        self.transport.write(self.crowd.question)

    def data_received(self, data: bytes) -> None:
        self.head += data
        if END not in self.head or self.due is None:
            return
        head, self.head = self.head, b""
        if self.expected not in head[:16]:
            self.transport.abort()  # counts as an error
            return
        self.crowd.times.append(asyncio.get_running_loop().time() - self.due)
        self.due = None
        if b"connection: close" in head.lower():
            self.transport.close()
        else:
            self.crowd.free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.due is not None:
            self.crowd.faults += 1
        elif self in self.crowd.idle:
            self.crowd.idle.remove(self)
        self.crowd.open_soon()


def main() -> None:
    gc.disable()  # its pauses would count against the server
    crowd = Crowd(Load(**json.loads(sys.argv[1])))

    print(json.dumps(asdict(asyncio.run(crowd.run()))))


if __name__ == "__main__":
    main()

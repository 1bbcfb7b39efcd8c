"""The real yjs, in Node: what our own reading and writing of its formats is held against."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).parent / "node"


def read_by_yjs(frames: list[bytes]) -> list[dict[str, Any]]:
    """What y-protocols finds in frames of ours."""
    lines = "".join(f"{frame.hex()}\n" for frame in frames)
    done = subprocess.run(
        ["node", str(HERE / "read_frames.mjs")],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip  a command line
    assert not done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


class Page:
    """A page with the stock provider. `told`: everything it said, in order."""

    def __init__(self, place: str, document: UUID, session: str, **params: str) -> None:
        script = str(HERE / "provider.mjs")
        self._words = ["node", script, place, str(document), session, json.dumps(params)]
        self.told: list[dict[str, Any]] = []
        self.complaints = b""
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Page":
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._words, stdin=pipe, stdout=pipe, stderr=pipe
        )
        self._hearing = asyncio.create_task(self._hear())
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._process.stdin
        assert self._process.stderr
        self._process.stdin.close()
        async with asyncio.timeout(10):
            await self._hearing
            self.complaints = await self._process.stderr.read()
            await self._process.wait()

    async def do(self, **what: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{json.dumps(what)}\n".encode())
        await self._process.stdin.drain()

    def last(self, what: str) -> Any:
        """What it said last of this, None if nothing."""
        return next((one[what] for one in reversed(self.told) if what in one), None)

    def count(self, what: str) -> int:
        return sum(what in one for one in self.told)

    async def until(self, holds, seconds: float = 15) -> None:
        """Wait until `holds()` is true. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def _hear(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.told.append(json.loads(line))
            self._news.set()

"""A server killed twenty times while three people type: seconds until all are in sync again."""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from uuid import uuid4

from bench.figures import Figure, at_most, told
from tests.realtime.engine.author import Author
from tests.realtime.engine.processes import Server, serving

KILLS, EDITS = 20, 20  # edits per person between two kills
BACK = 5.0  # seconds


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        absences = asyncio.run(_absences(Path(folder) / "live.sqlite3"))
    return [
        told("realtime", f"killed {KILLS} times: back after, median", median(absences), "s"),
        at_most("realtime", f"killed {KILLS} times: back after, longest", max(absences), "s", reach=BACK),
    ]


async def _absences(path: Path) -> list[float]:
    """Return the seconds from each kill until the last of three people is in sync."""
    server, document, found = Server(f"sqlite:///{path}"), uuid4(), []
    with serving(server):
        async with AsyncExitStack() as stack:
            authors = [
                await stack.enter_async_context(Author([server.place], document, name, f"person-{number}"))
                for number, name in enumerate("әбв")
            ]
            await _in_sync(authors)
            for _ in range(KILLS):
                for _edit in range(EDITS):
                    for author in authors:
                        await author.write()
                    await asyncio.sleep(0.02)
                server.kill()
                died = time.monotonic()
                for author in authors:
                    author.in_sync.clear()
                server.start()
                await _in_sync(authors)
                found.append(time.monotonic() - died)
        server.stop()
    return found


async def _in_sync(authors: list[Author]) -> None:
    await asyncio.gather(
        *(author.until(lambda author=author: author.in_sync.is_set(), 30) for author in authors)
    )

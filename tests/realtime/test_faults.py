"""Servers that die while people write: what was shown as saved is there, once, and everybody agrees."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import AsyncExitStack, closing
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from pycrdt import Doc, Text, merge_updates

from tests.realtime.engine.author import Author
from tests.realtime.engine.processes import Postgres, Redis, Server, serving

pytestmark = pytest.mark.slow

EDITS, KILLS = 2000, 20


def words_of(parts) -> str:
    """The text that the log holds, read without the engine."""
    doc = Doc()
    text = doc.get("text", type=Text)
    doc.apply_update(merge_updates(*[bytes(part) for part in parts if part]))
    return str(text)


UPDATES = 'SELECT "update" FROM realtime_liveupdate WHERE document = '
SNAPSHOTS = "SELECT snapshot FROM realtime_livetext WHERE document = "


def words_in_sqlite(path, document: UUID) -> str:
    with closing(sqlite3.connect(path)) as database:
        found = [database.execute(f"{one} ?", (document.hex,)).fetchall() for one in (UPDATES, SNAPSHOTS)]
    return words_of(part for rows in found for (part,) in rows)


def words_in_postgres(url: str, document: UUID) -> str:
    with psycopg.connect(url) as database:
        found = [database.execute(f"{one} %s", (document,)).fetchall() for one in (UPDATES, SNAPSHOTS)]
    return words_of(part for rows in found for (part,) in rows)


def lost_or_doubled(marks, words: str) -> dict[str, int]:
    """Which of the marks are not in the words exactly once."""
    found = Counter("⟦" + part.split("⟧")[0] + "⟧" for part in words.split("⟦")[1:])
    return {mark: found[mark] for mark in marks if found[mark] != 1}


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3",
    reason="runs on SQLite; the services have a test of their own",
)
async def test_the_server_is_killed_twenty_times(tmp_path):
    path, document = tmp_path / "live.sqlite3", uuid4()
    server = Server(f"sqlite:///{path}")
    with serving(server):
        async with AsyncExitStack() as stack:
            authors = [
                await stack.enter_async_context(Author([server.place], document, name, f"person-{number}"))
                for number, name in enumerate("әбв")
            ]
            await _all(authors, lambda one: one.in_sync.is_set(), 60)
            for _ in range(KILLS):
                await _write(authors, EDITS // KILLS // 2)
                server.kill()
                shown = [mark for one in authors for mark in one.marks[: one.shown]]
                assert not lost_or_doubled(shown, words_in_sqlite(path, document))
                for one in authors:
                    one.in_sync.clear()
                server.start()
                await _write(authors, EDITS // KILLS // 2)
                await _all(authors, lambda one: one.in_sync.is_set(), 60)
            await _agree(authors)
            assert sum(len(one.marks) for one in authors) == EDITS
            assert words_in_sqlite(path, document) == authors[0].words
        server.stop()
    assert not any(one.refused for one in authors)
    assert "Traceback" not in server.log


@pytest.mark.services
@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3",
    reason="runs with the suite on services, where PostgreSQL and Redis are",
)
async def test_redis_is_away_for_ten_seconds_and_postgres_restarts():
    postgres, redis, document = Postgres(), Redis(), uuid4()
    with postgres, redis:
        servers = [Server(postgres.url, redis.url) for _ in range(2)]
        with serving(*servers):
            places = [server.place for server in servers]
            async with AsyncExitStack() as stack:
                authors = [
                    await stack.enter_async_context(
                        Author(
                            places[number % 2 :] + places[: number % 2], document, name, f"person-{number}"
                        )
                    )
                    for number, name in enumerate("әбв")
                ]
                await _all(authors, lambda one: one.in_sync.is_set(), 60)
                writing = asyncio.create_task(_write(authors, EDITS, seconds=14))
                await asyncio.sleep(1)
                redis.stop()
                await asyncio.sleep(10)
                await asyncio.to_thread(redis.start)
                await asyncio.sleep(1)
                shown = [mark for one in authors for mark in one.marks[: one.shown]]
                assert len(shown) > EDITS / 2
                await asyncio.to_thread(postgres.restart)
                assert not lost_or_doubled(shown, words_in_postgres(postgres.url, document))
                await writing
                await _agree(authors)
                servers[0].kill()
                servers[0].start()
                await _write(authors, 90, seconds=1)
                await _agree(authors)
                assert words_in_postgres(postgres.url, document) == authors[0].words
            for server in servers:
                server.stop()
    assert not any(one.refused for one in authors)
    assert not any("Traceback" in server.log for server in servers)


async def _agree(authors: list[Author]) -> None:
    """Everything is shown as saved, everybody has all of it, and each mark once."""
    marks = [mark for one in authors for mark in one.marks]
    await _all(authors, lambda one: not one.unsaved, 60)
    await _all(authors, lambda one: len(one.words) == sum(map(len, marks)), 60)
    assert len({one.words for one in authors}) == 1
    assert not lost_or_doubled(marks, authors[0].words)


async def _write(authors: list[Author], count: int, *, seconds: float = 0) -> None:
    """So many marks in turn, each person within the limit of sixty a second."""
    for number in range(count):
        await authors[number % len(authors)].write()
        await asyncio.sleep(max(0.007, seconds / count))


async def _all(authors: list[Author], holds, seconds: float) -> None:
    await asyncio.gather(*(one.until(lambda one=one: holds(one), seconds) for one in authors))

"""What the bus or one reading of the log lost is looked for again, also when nobody writes any more."""

import asyncio
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from channels_redis.core import RedisChannelLayer
from django.conf import settings
from django.db import connection
from pycrdt import Doc, Text

from coalition.realtime import hub
from coalition.realtime.backend import Grant
from coalition.realtime.bus import Bus
from coalition.realtime.hub import Hub
from coalition.realtime.models import LiveUpdate
from coalition.realtime.store import append_batch
from tests.realtime.engine.processes import Redis, free_port

SOON = hub.PEER_CHECK_SECONDS / 2  # seconds; later the regular look would find it anyway


def updates_of(*words: str) -> list[bytes]:
    """One update a word, each building on those before it."""
    doc, made = Doc(), []
    text = doc.get("text", type=Text)
    doc.observe(lambda event: made.append(event.update))
    for word in words:
        text += word
    return made


def own_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    return number


def end_connection(number: int) -> None:
    """As a restart of PostgreSQL does to every one of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [number])


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3",
    reason="no server of a database ends a connection; SQLite is one process, to which nobody tells anything",
)
@pytest.mark.django_db(transaction=True)
async def test_a_look_that_failed_is_tried_again(table, document):
    shown = asyncio.Event()

    async def send(frame: bytes) -> None:
        if b"told here alone" in frame:
            shown.set()

    first, second = updates_of("written elsewhere, ", "and told here alone")
    here = Hub()
    try:
        room, client = await here.enter(document, Grant(uuid4(), uuid4()), send)
        sending = asyncio.create_task(client.run(room))
        rows = [LiveUpdate(document=document, epoch=room.epoch, update=one) for one in (first, second)]
        await sync_to_async(append_batch)(rows, uuid4())
        await sync_to_async(end_connection)(await here._reading.do(own_number))
        here.take_server_edit(document, second)
        async with asyncio.timeout(SOON):
            await shown.wait()
        sending.cancel()
    finally:
        await here.close()


async def test_who_could_not_tell_says_so_when_the_bus_is_back():
    """The listener's own way to Redis works all the time: it has no other reason to ask the database."""
    redis = Redis()
    heard: asyncio.Queue[dict] = asyncio.Queue()
    joined, failed = asyncio.Event(), asyncio.Event()
    waiting = [{"kept": {"first": 1}}, {"kept": {"lost": 2}}]
    telling = Bus(
        UUID(int=1),
        collect=lambda: waiting.pop(0) if waiting else None,
        receive=lambda *_said: None,
        lost=failed.set,
    )
    listening = Bus(
        UUID(int=2),
        collect=lambda: None,
        receive=lambda _sender, parcel: heard.put_nowait(parcel),
        lost=joined.set,
    )
    with redis:
        there, away = (
            RedisChannelLayer(hosts=[address])
            for address in (redis.url, f"redis://127.0.0.1:{free_port()}/0")
        )
        channel_layers.set("default", there)
        work = [asyncio.create_task(one) for one in (listening.run_receiving(), telling.run_sending())]
        try:
            async with asyncio.timeout(40):
                await joined.wait()
                telling.wake()
                before = await heard.get()
                channel_layers.set("default", away)
                telling.wake()
                await failed.wait()
                channel_layers.set("default", there)
                joined.clear()
                after = await heard.get()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            channel_layers.backends.clear()
    assert after["number"] > before["number"] + 1
    assert joined.is_set()  # the gap is seen
    assert "kept" not in after

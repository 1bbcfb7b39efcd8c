"""The stock provider, unmodified and in Node, at our socket: in sync, back after 1013, still after 44xx."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from coalition import live_push
from tests.realtime.yjs import Page

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


async def test_two_pages_write_into_one_paragraph_and_agree(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.seeds[document] = "Бастау "
    table.let(one, document, may_write=True)
    table.let(two, document, may_write=True)
    async with Page(server, document, one_key) as a, Page(server, document, two_key) as b:
        await asyncio.gather(a.until(lambda: a.last("synced")), b.until(lambda: b.last("synced")))
        await b.until(lambda: b.last("text"))
        for n in range(10):
            await a.do(write=f"ә{n}🌷 ")
            await b.do(write=f"ж{n} ", at=3)
        for page in (a, b):
            await page.until(lambda page=page: all(f"{x}9" in (page.last("text") or "") for x in "әж"))
        await a.until(lambda: a.last("text") == b.last("text"))
        assert a.last("text").count("🌷") == 10
        # Each has answered our question first, then written ten times.
        await a.until(lambda: a.last("saved") == 11)
        await b.until(lambda: b.last("saved") == 11)
    assert not a.complaints + b.complaints


async def test_others_see_the_person_that_the_server_knows(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.let(one, document, may_write=True)
    table.let(two, document)
    async with Page(server, document, two_key) as b:
        await b.until(lambda: b.last("synced"))
        async with Page(server, document, one_key) as a:
            await a.until(lambda: a.last("synced"))
            await a.do(show={"name": "somebody else"})
            await b.until(lambda: {"user": {"name": one.name}} in (b.last("present") or []))
        await b.until(lambda: {"user": {"name": one.name}} not in b.last("present"))
        assert "somebody else" not in str(b.told)


async def test_it_comes_again_after_1013(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    table.seeds[document] = "still here"
    table.away = True
    async with Page(server, document, key) as page:
        await page.until(lambda: page.last("code") == 1013)
        table.away = False
        await page.until(lambda: page.last("text") == "still here")
    assert page.count("connecting") > 1
    assert not page.count("ended")


@pytest.mark.parametrize("way", ["never had one", "loses it"])
async def test_it_stops_when_there_is_no_right(server, table, document, person, way):
    one, key = await person()
    if way == "loses it":
        table.let(one, document, may_write=True)
    async with Page(server, document, key) as page:
        if way == "loses it":
            await page.until(lambda: page.last("synced"))
            table.rights.clear()
            await sync_to_async(live_push.recheck_sockets)(user_ids=[one.pk], reason="test")
        await page.until(lambda: page.last("ended") == 4404)
        attempts = page.count("connecting")
        await asyncio.sleep(0.5)
        assert page.count("connecting") == attempts == 1


async def test_it_stops_when_it_belongs_to_another_history(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Page(server, document, key, epoch="7") as page:
        await page.until(lambda: page.last("ended") == 4409)

"""What is answered in front of Django is what Django would answer now."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from coalition.partners.domain.profile import change_listing
from coalition.partners.enums import Listing
from events.models import Event
from tests.asked_in_front import Answer, Front
from tests.events.planning import press_conference, representative_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    made = Front()
    yield made
    made.cache.close()
    await sync_to_async(connections.close_all)()  # of the thread beside: it would outlive the tests


async def event_of() -> Event:
    return await sync_to_async(press_conference)()


def header(answer: Answer, name: bytes) -> bytes:
    return {key.lower(): value for key, value in answer[1].items()}[name]


async def test_the_second_answer_is_given_without_django(front) -> None:
    await event_of()
    first, second = await front.get(), await front.get()
    assert (first[0], front.asked) == (200, 1)
    assert second[2] == first[2]
    assert header(second, b"content-type") == b"text/calendar; charset=utf-8"
    status, headers, body = await front.get(method="HEAD")
    assert (status, body, front.asked) == (200, b"", 1)
    assert headers[b"etag"] == header(first, b"etag")


async def test_who_has_it_is_told_so_without_django(front) -> None:
    await event_of()
    etag = header(await front.get(), b"etag")
    for asked in (etag, b'"other", W/' + etag):
        status, headers, body = await front.get(if_none_match=asked)
        assert (status, body, headers[b"etag"]) == (304, b"", etag)
    assert front.asked == 1
    assert (await front.get(if_none_match=b'"other"'))[0] == 200


async def test_a_change_by_any_process_is_in_the_next_answer(front) -> None:
    event = await event_of()
    slug = event.organisation.slug
    name = event.organisation.name_kk.encode()
    before = await front.get()
    assert name in before[2]
    assert (await front.get(f"/calendar/organisations/{slug}.ics"))[0] == 200
    organisation = event.organisation
    await sync_to_async(change_listing)(
        by=await sync_to_async(representative_of)(organisation),
        organisation=organisation,
        listing=Listing.WITHHELD,
    )
    after = await front.get(if_none_match=header(before, b"etag"))
    assert after[0] == 200
    assert name not in after[2]
    assert (await front.get(f"/calendar/organisations/{slug}.ics"))[0] == 404


async def test_what_is_not_found_is_not_kept(front) -> None:
    await event_of()
    for _time in range(2):
        assert (await front.get("/calendar/kinds/party.ics"))[0] == 404
    assert front.asked == 2
    assert not front.cache.kept


async def test_languages_and_hosts_have_answers_of_their_own(front) -> None:
    await event_of()
    kk, ru = await front.get("/calendar.ics"), await front.get("/calendar.ics?language=ru")
    assert kk[2] != ru[2]
    await front.get("/calendar.ics", host=b"127.0.0.1")
    assert front.asked == 3


@pytest.mark.parametrize("path", ["/kk/events/", "/calendar/private/guess.ics", "/calendar/answers/guess/"])
async def test_nothing_else_is_kept(front, path) -> None:
    await event_of()
    await front.get(path)
    assert not front.cache.kept


async def test_a_large_body_is_not_kept_but_its_304_is(front, monkeypatch) -> None:
    monkeypatch.setattr(front.cache, "largest", 10)
    await event_of()
    etag = header(await front.get(), b"etag")
    assert (await front.get())[0] == 200
    assert front.asked == 2
    assert (await front.get(if_none_match=etag))[0] == 304
    assert front.asked == 2


async def test_there_is_an_end_to_what_is_kept(front, monkeypatch) -> None:
    monkeypatch.setattr("coalition.public_cache.MOST", 2)
    await event_of()
    for language in ("kk", "ru", "en"):
        await front.get(f"/calendar.ics?language={language}")
    assert len(front.cache.kept) == 2

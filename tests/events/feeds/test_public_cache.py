"""Calendars that are answered in front of Django are those that Django would answer now."""

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async

from coalition import public_cache
from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing
from events.models import Event
from home.frontend_cache import wait_for_bumps
from tests.asked_in_front import Answer, front
from tests.events.planning.builders import press_conference, representative_of

__all__ = ["front"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


async def event_of() -> Event:
    event = await sync_to_async(press_conference)()
    await sync_to_async(wait_for_bumps)()
    return event


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


async def withhold(event: Event) -> None:
    await sync_to_async(change_listing)(
        by=await sync_to_async(representative_of)(event.organisation),
        organisation=event.organisation,
        listing=Listing.WITHHELD,
    )


async def test_many_who_ask_at_once_share_an_answer(front) -> None:
    await event_of()
    answers = await asyncio.gather(*(front.get() for _number in range(30)))
    assert {answer[0] for answer in answers} == {200}
    assert len({answer[2] for answer in answers}) == 1
    assert front.asked == 1


async def test_who_asks_after_a_change_is_not_told_what_was_read_before(front, monkeypatch) -> None:
    """Even where the number was being read when the change was made."""
    event = await event_of()
    etag = header(await front.get(), b"etag")
    read, go_on = threading.Event(), threading.Event()
    look = public_cache._read_version

    def slowly() -> int | None:
        found = look()
        read.set()
        go_on.wait(20)
        return found

    monkeypatch.setattr(public_cache, "_read_version", slowly)
    monkeypatch.setattr(public_cache, "VERSION_CHECK_SECONDS", -1.0)  # read for each request
    early = asyncio.ensure_future(front.get(if_none_match=etag))
    assert await asyncio.to_thread(read.wait, 20)
    await withhold(event)
    late = asyncio.ensure_future(front.get(if_none_match=etag))
    await asyncio.sleep(0.1)
    go_on.set()
    assert (await early)[0] == 304  # it asked before
    status, _headers, body = await late
    assert status == 200
    assert event.organisation.name_kk.encode() not in body


async def test_those_who_have_it_alone_keep_it_kept(front, monkeypatch) -> None:
    """Programs that poll send what they have: the answer is kept anew though nobody asks for all of it."""
    await event_of()
    etag = header(await front.get(), b"etag")
    later = time.monotonic() + 3600
    monkeypatch.setattr(public_cache, "time", SimpleNamespace(monotonic=lambda: later))
    assert (await front.get(if_none_match=etag))[0] == 304
    monkeypatch.undo()
    assert front.asked == 2
    front.cache.responses.clear()
    for _time in range(3):
        assert (await front.get(if_none_match=etag))[0] == 304
    assert front.asked == 3
    status, _headers, body = await front.get(if_none_match=b'"another"')
    assert (status, body[:15], front.asked) == (200, b"BEGIN:VCALENDAR", 3)


async def test_the_tag_alone_counts_where_a_date_is_sent_too(front) -> None:
    """A date cannot tell two changes of one second apart, so beside a tag it means nothing."""
    event = await event_of()
    etag = header(await front.get(), b"etag")
    late = b"Fri, 01 Jan 2100 00:00:00 GMT"
    assert (await front.get(if_none_match=etag, if_modified_since=late))[0] == 304
    await withhold(event)
    status, _headers, body = await front.get(if_none_match=etag, if_modified_since=late, range=b"bytes=0-9")
    assert status == 200
    assert body.startswith(b"BEGIN:VCALENDAR")
    assert event.organisation.name_kk.encode() not in body


async def test_who_fails_keeps_nobody_waiting(front, monkeypatch) -> None:
    """The one whose turn it is may go away, or take long."""
    await event_of()
    monkeypatch.setattr(public_cache, "MAX_WAIT_SECONDS", 0.2)
    stuck = asyncio.Event()
    django = front.django

    async def first_is_stuck(scope, receive, send) -> None:
        if front.asked == 1:
            await stuck.wait()
        await django(scope, receive, send)

    monkeypatch.setattr(front, "django", first_is_stuck)
    first = asyncio.ensure_future(front.get())
    await asyncio.sleep(0.05)
    others = await asyncio.gather(front.get(), front.get())
    assert [answer[0] for answer in others] == [200, 200]
    stuck.set()
    assert (await first)[0] == 200


async def test_what_is_not_found_is_not_kept(front) -> None:
    await event_of()
    for _time in range(2):
        assert (await front.get("/calendar/kinds/party.ics"))[0] == 404
    assert front.asked == 2
    assert not front.cache.responses


async def test_languages_and_hosts_have_answers_of_their_own(front) -> None:
    await event_of()
    kk, ru = await front.get("/calendar.ics"), await front.get("/calendar.ics?language=ru")
    assert kk[2] != ru[2]
    await front.get("/calendar.ics", host=b"127.0.0.1")
    assert front.asked == 3


@pytest.mark.parametrize("path", ["/calendar/private/guess.ics", "/calendar/answers/guess/"])
async def test_nothing_else_is_kept(front, path) -> None:
    await event_of()
    await front.get(path)
    assert not front.cache.responses


async def test_a_large_body_is_not_kept_but_its_304_is(front, monkeypatch) -> None:
    monkeypatch.setattr(public_cache, "MAX_FEED_BYTES", 10)
    await event_of()
    etag = header(await front.get(), b"etag")
    assert (await front.get())[0] == 200
    assert front.asked == 2
    assert (await front.get(if_none_match=etag))[0] == 304
    assert front.asked == 2


async def test_there_is_an_end_to_what_is_kept(front, monkeypatch) -> None:
    monkeypatch.setattr("coalition.public_cache.MAX_ENTRIES", 2)
    await event_of()
    for language in ("kk", "ru", "en"):
        await front.get(f"/calendar.ics?language={language}")
    assert len(front.cache.responses) == 2

"""What is answered in front of Django is what Django would answer now."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.db import connections

from coalition.partners.domain.profile import change_listing
from coalition.partners.enums import Listing
from coalition.public_cache import PublicCache
from events.models import Event
from tests.events.planning import press_conference, representative_of

pytestmark = pytest.mark.django_db(transaction=True)

type Answer = tuple[int, dict[bytes, bytes], bytes]


class Front:
    """The cache before Django, counting how often Django is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.django = get_asgi_application()
        self.cache = PublicCache(self._count)

    async def _count(self, scope, receive, send) -> None:
        self.asked += 1
        await self.django(scope, receive, send)

    async def get(self, path: str = "/calendar.ics", method: str = "GET", **headers: bytes) -> Answer:
        address, _mark, query = path.partition("?")
        told = {b"host": b"localhost"} | {
            name.replace("_", "-").encode(): value for name, value in headers.items()
        }
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "headers": list(told.items()),
        }
        talk = ApplicationCommunicator(self.cache, scope)
        await talk.send_input({"type": "http.request", "body": b"", "more_body": False})
        start = await talk.receive_output(10)
        body = b""
        more = True
        while more:
            part = await talk.receive_output(10)
            body += part.get("body", b"")
            more = part.get("more_body", False)
        await talk.wait(10)
        return start["status"], dict(start["headers"]), body


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
    monkeypatch.setattr("coalition.public_cache.LARGEST", 10)
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

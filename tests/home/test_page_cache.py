"""Public pages that are answered in front of Django are those that Django would answer now, for strangers."""

import time
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing
from coalition.campaigns.counters.columns import CACHE_SECONDS, Count
from home.frontend_cache import wait_for_bumps
from home.models import NewsPage, PagesVersion
from tests.asked_in_front import front
from tests.campaigns.counters.pretend_appeal import pretend_appeal
from tests.events.planning.builders import representative_of
from tests.factories import OrganisationFactory

__all__ = ["front"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def page(site, news, front) -> NewsPage:
    return await sync_to_async(news)("First words")


def _path(page: NewsPage) -> str:
    return f"/en/news/{page.slug}/"


async def _settled() -> None:
    await sync_to_async(wait_for_bumps)()


async def test_pages_are_kept_before_anything_has_moved_the_number(front, page) -> None:
    await _settled()
    await sync_to_async(PagesVersion.objects.all().delete)()
    await _settled()
    front.cache.invalidate()
    for _time in range(2):
        assert (await front.get(_path(page)))[0] == 200
    assert front.asked == 1


async def test_the_second_answer_is_given_without_django(front, page) -> None:
    await _settled()
    first = await front.get(_path(page))
    again = await front.get(_path(page))
    assert first[0] == again[0] == 200
    assert b"First words" in again[2]
    assert first[2] == again[2]
    assert {name.lower(): value for name, value in first[1].items()} == again[1]
    assert front.asked == 1
    kept = await front.get(_path(page), if_none_match=again[1][b"etag"])
    assert (kept[0], kept[2]) == (304, b"")
    assert front.asked == 1


async def test_numbers_that_grow_are_kept_for_seconds_and_other_pages_longer(
    front, page, monkeypatch
) -> None:
    await _settled()
    with pretend_appeal() as appeal:
        numbers = "/en/support/word/counters.json"
        for path in (numbers, _path(page)):
            await front.get(path)
        appeal.online = Count(1300)
        assert b"1240" in (await front.get(numbers))[2]
        assert front.asked == 2
        later = time.monotonic() + CACHE_SECONDS
        monkeypatch.setattr("coalition.public_cache.time", SimpleNamespace(monotonic=lambda: later))
        assert b"1300" in (await front.get(numbers))[2]
        await front.get(_path(page))
        assert front.asked == 3


async def test_what_changes_is_there_at_once(front, page) -> None:
    await _settled()
    await front.get(_path(page))

    def change() -> None:
        with transaction.atomic():
            page.title = "Other words"
            page.save_revision().publish()

    await sync_to_async(change)()
    answer = await front.get(_path(page))
    assert b"Other words" in answer[2]
    await sync_to_async(page.unpublish)()
    await _settled()
    assert (await front.get(_path(page)))[0] == 404


async def test_a_name_that_may_not_be_told_any_more_is_gone_from_every_page(front, site) -> None:
    def made():
        organisation = OrganisationFactory(listing=Listing.PUBLIC, name_en="Canaryname")
        return organisation, representative_of(organisation)

    organisation, person = await sync_to_async(made)()
    await _settled()
    assert b"Canaryname" in (await front.get("/en/partners/"))[2]
    await front.get("/en/partners/")
    await sync_to_async(change_listing)(by=person, organisation=organisation, listing=Listing.CONFIDENTIAL)
    assert b"Canaryname" not in (await front.get("/en/partners/"))[2]


async def test_who_brings_a_cookie_is_answered_by_django(front, page) -> None:
    await _settled()
    await front.get(_path(page))
    told = [b"sessionid=x", b"messages=x", b"sessionid=; csrftoken=x", b"\xff"]
    for cookie in told:
        await front.get(_path(page), cookie=cookie)
    assert front.asked == 1 + len(told)
    await front.get(_path(page), hx_request=b"true")
    assert front.asked == 2 + len(told)
    # The token of forms and the mark of a known browser are nobody's name.
    await front.get(_path(page), cookie=b"csrftoken=x; known-device=x")
    assert front.asked == 2 + len(told)


async def test_each_language_and_each_question_has_its_own_answer(front, page) -> None:
    await _settled()
    english, kazakh = await front.get("/en/news/"), await front.get("/kk/news/")
    assert english[2] != kazakh[2]
    assert (await front.get("/kk/news/"))[2] == kazakh[2]
    await front.get("/en/news/?year=2025")
    assert front.asked == 3


async def test_what_is_not_marked_is_not_kept(front, page, settings) -> None:
    await _settled()
    paths = ["/en/search/?q=words", "/en/membership/", "/en/nothing-here/"]
    for path in [*paths, *paths]:
        await front.get(path)
    assert front.asked == 2 * len(paths)
    settings.PAGES_KEPT = 0  # then nothing is
    for _time in range(2):
        await front.get(_path(page))
    assert front.asked == 2 * len(paths) + 2

"""Public pages are read each time, and drawn anew where anything that goes into them is different."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from coalition.accounts.domain.profile import change_listing
from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation
from coalition.http import page_cache
from coalition.http.page_cache import StrangersRequest, pages
from documents.publication.actions.withdraw import withdraw
from home.models import NewsPage
from tests.documents.approval.builders import stage
from tests.events.planning.builders import announced

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 3, 1, 12, 0, 5, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def noon():
    """Five seconds after it: the minute does not end by itself."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def asked(client, site):
    """`asked(path)`: the page's text, and whether it was drawn for this."""

    def ask(path, reader=client, **how):
        before = pages.drawn
        answer = reader.get(path, **how)
        assert answer.status_code == 200
        return answer.content.decode(), pages.drawn > before

    return ask


def test_a_page_is_drawn_once_and_read_each_time(asked, client, news):
    path = news("First").get_url()
    asked(path)  # pictures and parts are there
    pages.clear()
    with CaptureQueriesContext(connection) as drawing:
        drawn = asked(path)
    with CaptureQueriesContext(connection) as again:
        kept = asked(path)
    assert (drawn[1], kept[1]) == (True, False)
    assert drawn[0] == kept[0]
    assert [one["sql"] for one in drawing] == [one["sql"] for one in again]
    assert len(again) == 3


@pytest.mark.parametrize("path", ["/en/", "/en/news/"])
def test_lists_show_at_once_what_is_new(asked, news, path):
    news("First")
    assert [asked(path)[1] for _look in range(3)] == [True, False, False]
    news("Second")
    text, drawn = asked(path)
    assert drawn
    assert "Second" in text


def test_a_kept_page_tells_no_name_that_may_not_be_told_any_more(asked):
    made = stage(2)
    hidden = made.organisation(name_kk="Canary", name_ru="Canary", name_en="Canary", initials="CNR")
    page = NewsPage.objects.get(publication=made.publish("kk"))
    assert [asked(page.get_url())[1] for _look in range(2)] == [True, False]
    assert "CNR" in asked(page.get_url())[0]
    person = made.representatives[hidden.pk]
    change_listing(by=person, organisation=hidden, listing=Listing.CONFIDENTIAL)
    assert "CNR" not in asked(page.get_url())[0]
    Organisation.objects.filter(pk=hidden.pk).update(listing=Listing.PUBLIC)  # not through a domain function
    assert "CNR" in asked(page.get_url())[0]


def test_a_kept_page_that_is_withdrawn_is_gone_and_the_note_is_never_kept(asked, client):
    made = stage(2)
    publication = made.publish("kk")
    address = NewsPage.objects.get(publication=publication).get_url()
    assert [asked(address)[1] for _look in range(2)] == [True, False]
    withdraw(access=made.access, publication=publication, note="A mistake.")
    for _look in range(2):
        before = pages.drawn
        assert client.get(address).status_code == 410
        assert pages.drawn == before + 1


def test_what_is_over_goes_with_the_minute(asked, noon):
    announced(title="Briefing", starts="2026-03-02 11:00")
    assert "Briefing" in asked("/en/")[0]
    assert not asked("/en/")[1]
    noon.move_to(NOON.replace(minute=1))
    assert asked("/en/")[1]  # another minute
    noon.move_to(NOON + datetime.timedelta(days=300))
    assert "Briefing" not in asked("/en/")[0]


def test_whoever_may_be_somebody_or_asks_for_more_is_answered_anew(asked, newsroom, news):
    path = news("First").get_url()
    asked(path)
    with_cookie = Client()
    with_cookie.cookies["any"] = "1"
    for reader, more in ((newsroom, ""), (with_cookie, ""), (Client(), "?a=1")):
        before = len(pages)
        reader.get(path + more)
        reader.get(path + more)
        assert len(pages) == before
    assert not asked(path)[1]


def test_hosts_languages_and_settings_are_pages_of_their_own(asked, settings, news):
    settings.ALLOWED_HOSTS = ["one.example", "other.example"]
    first = asked("/en/", headers={"host": "one.example"})
    assert first[1]
    assert asked("/en/", headers={"host": "other.example"})[1]
    assert asked("/ru/", headers={"host": "one.example"})[1]
    assert not asked("/en/", headers={"host": "one.example"})[1]
    settings.SITE_NAME = "Another name"
    text, drawn = asked("/en/", headers={"host": "one.example"})
    assert drawn
    assert "Another name" in text


def test_a_page_is_drawn_for_somebody_of_whom_nothing_is_known():
    asked = RequestFactory().get(
        "/en/",
        headers={"user-agent": "Canary", "accept-language": "ru", "x-forwarded-for": "192.0.2.7"},
        REMOTE_ADDR="192.0.2.7",
    )
    stranger = StrangersRequest(asked)
    assert sorted(stranger.META) == ["HTTP_HOST", "SERVER_NAME", "SERVER_PORT"]
    assert (stranger.path, stranger.get_host(), stranger.scheme) == ("/en/", "testserver", "http")
    assert not stranger.user.is_authenticated
    assert not hasattr(stranger, "session")


def looked(draw, *, times=2):
    """How often `draw` was asked for so many looks."""
    seen = []

    def noted(request):
        seen.append(request)
        return draw(request)

    for _look in range(times):
        pages.answer(RequestFactory().get("/en/"), noted)
    return seen


def test_a_form_is_drawn_for_its_own_reader():
    seen = looked(lambda request: HttpResponse(get_token(request)), times=2)
    assert [type(one) is StrangersRequest for one in seen] == [True, False, True, False]
    assert len(pages) == 0


def test_what_writes_sets_a_cookie_or_is_too_large_is_not_kept(monkeypatch):
    def with_cookie(request):
        answer = HttpResponse("a")
        answer.set_cookie("a", "b")
        return answer

    def writing(request):
        Organisation.objects.update(initials="ABC")
        return HttpResponse("a")

    assert len(looked(with_cookie)) == 2
    assert len(looked(writing)) == 2
    assert len(looked(lambda _request: HttpResponse("a"))) == 1
    pages.clear()
    monkeypatch.setattr(page_cache, "LARGEST", 3)
    assert len(looked(lambda _request: HttpResponse("abcd"))) == 2


def test_so_many_are_kept_and_the_longest_unused_goes(settings, asked):
    settings.DRAWN_PAGES = 2
    for path, drawn in (("/en/", True), ("/ru/", True), ("/en/", False), ("/kk/", True), ("/en/", False)):
        assert asked(path)[1] == drawn
    assert asked("/ru/")[1]
    assert len(pages) == 2
    settings.DRAWN_PAGES = 0
    before = pages.drawn
    asked("/en/")
    assert pages.drawn == before


def test_time_zones_and_lifetimes_of_a_language_do_not_mix():
    def told(request):
        return HttpResponse(translation.get_language())

    for language in ("ru", "kk", "ru"):
        with translation.override(language):
            assert pages.answer(RequestFactory().get("/"), told).content.decode() == language

"""Requests to the newsroom's admin that none of its forms sends are answered 400 or 404, never 500."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.datastructures import MultiValueDict, MultiValueDictKeyError

from home.models import NewsIndexPage, NewsPage, PublicVideo
from home.models.blocks import StoryBlock
from home.views import newsroom as translations
from home.wagtail_hooks import CmsBadRequestMiddleware
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HUGE = 10**30
COUNTED = {"title": "T", "slug": "t", "lead": "L", "body-count": "0"}
JSON = {"data": "{}", "content_type": "application/json"}
NEVER_SENT = {
    "a new page without the count of its blocks": ("pages/add/home/newspage/{index}/", {"title": "T"}),
    "a page without the count of its blocks": ("pages/{page}/edit/", {"title": "T"}),
    "a page of sections without their count": ("pages/{home}/edit/", {"title": "T"}),
    "a preview without the count of its blocks": ("pages/{page}/edit/preview/", {"title": "T"}),
    "a count that is no number": ("pages/{page}/edit/", {**COUNTED, "body-count": "x"}),
    "a count of blocks that are not there": ("pages/{page}/edit/", {**COUNTED, "body-count": "2"}),
    "a cover that is no number": ("pages/{page}/edit/", {**COUNTED, "cover": "x"}),
    "a first picture that is no number": ("{video}", {"title": "T", "poster": "x"}),
    "a new place that is no number": ("pages/{page}/move/", {"new_parent_page": "x"}),
    "a copy to what is no number": ("pages/{page}/copy/", {"new_parent_page": "x"}),
    "a copy to what is beyond all numbers": ("pages/{page}/copy/", {"new_parent_page": HUGE}),
    "many pages, one of them no number": ("bulk/wagtailcore/page/publish/?id=x", {}),
    "a topic as JSON": ("snippets/choose/home/topic/create/", JSON),
    "a link as JSON": ("choose-external-link/", JSON),
    "pictures without a file": ("images/multiple/add/", {}),
    "pictures with a file of another name": (
        "images/multiple/add/",
        {"other": SimpleUploadedFile("a.png", b"a")},
    ),
    "a copy to nowhere": ("pages/{page}/copy/", {"new_title": "T"}),
    "an editing session of what is no number": ("editing-sessions/ping/wagtailcore/page/abc/1/", {}),
}
NOT_THERE = (
    "snippets/choose/home/topic/chosen/x/",
    f"snippets/choose/home/topic/chosen/{HUGE}/",
    "snippets/choose/home/publicvideo/chosen/x/",
    "snippets/choose/home/topic/chosen-multiple/?id=x",
    "documents/chooser/chosen/x/",
    "images/chooser/chosen/x/",
    "images/chooser/chosen-multiple/?id=x",
    "choose-page/chosen-multiple/?id=x",
    "choose-external-link/?parent_page_id=x",
    f"pages/{HUGE}/edit/",
    "bulk/wagtailcore/page/publish/?id=x",
    "bulk/wagtailcore/page/publish/?id=all&childOf=abc",
    f"bulk/wagtailcore/page/publish/?id=all&childOf={HUGE}",
    "failwhale/",
)


@pytest.fixture
def browser(newsroom: Client) -> Client:
    """The newsroom's browser; what fails is answered as in production."""
    newsroom.raise_request_exception = False
    return newsroom


@pytest.fixture
def page(site, news) -> NewsPage:
    return news("Own news")


@pytest.fixture
def address(page: NewsPage):
    """Return the whole address of one under `/cms/`."""
    index = NewsIndexPage.objects.get(locale=page.locale)
    there = {"page": page.pk, "index": index.pk, "home": index.get_parent().pk}
    video = reverse(PublicVideo.snippet_viewset.get_url_name("add")).removeprefix("/cms/")
    return lambda path: f"/cms/{path.format(**there, video=video)}"


@pytest.mark.parametrize("name", NEVER_SENT)
def test_what_no_form_sends_is_a_bad_request(browser: Client, address, name: str):
    path, sent = NEVER_SENT[name]
    answer = browser.post(address(path), **sent) if sent is JSON else browser.post(address(path), sent)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("pages/{page}/move/", {"new_parent_page": HUGE}),
        (f"bulk/wagtailcore/page/publish/?id={HUGE}", {}),
        (f"images/chooser/chosen-multiple/?id={HUGE}", None),
        (f"pages/{{index}}/?owner={HUGE}&content_type={HUGE}&site={HUGE}", None),
    ],
)
def test_a_number_larger_than_the_database_has_finds_nothing(browser: Client, address, path: str, sent):
    """SQLite's driver refuses it, PostgreSQL compares it: what Wagtail answers then differs."""
    answer = browser.get(address(path)) if sent is None else browser.post(address(path), sent)
    assert answer.status_code in {200, 400, 404}


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_cannot_exist_is_not_found(browser: Client, address, path: str):
    assert browser.get(address(path)).status_code == 404


def test_wagtails_view_that_fails_is_closed_for_a_superuser(site, client_of):
    client = client_of(UserFactory(is_superuser=True, is_staff=True))
    assert client.get("/cms/failwhale/").status_code == 404


def test_a_fault_of_our_own_view_is_an_error(browser: Client, monkeypatch):
    """Also where Wagtail raises what is listed: it was our code that asked."""

    def failing(**_given: object) -> object:
        return StoryBlock().value_from_datadict(MultiValueDict(), {}, "body")

    monkeypatch.setattr(translations, "families", failing)
    assert browser.get(reverse("newsroom_translations")).status_code == 500


def test_a_fault_of_our_own_model_is_an_error(browser: Client, address, monkeypatch):
    monkeypatch.setattr(PublicVideo, "_faults", lambda _video: {"title": int("no number")})
    posted = {"title": "T", "credit": "C"}
    assert browser.post(address("{video}"), posted).status_code == 500


def test_a_fault_outside_of_the_newsrooms_admin_is_an_error():
    request = RequestFactory().get("/en/")
    with pytest.raises(MultiValueDictKeyError) as caught:
        StoryBlock().value_from_datadict(MultiValueDict(), {}, "body")
    middleware = CmsBadRequestMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(request, caught.value) is None

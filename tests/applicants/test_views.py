"""The pages that all flows share, seen at press registration."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.core import throttling
from events.core.enums import PressState
from events.core.journalists import PRESS
from events.models import PressGuest
from events.press.registration.actions import close_press_registration, open_to_press
from tests.events.planning.builders import announced, stage

pytestmark = pytest.mark.django_db
SENT = {
    "name": "Әсел Нұрқызы",
    "outlet": "Дала FM",
    "address": "asel@dala.example",
    "language": "kk",
    "photo_rule": "on",
}


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    event = announced(here.access("coordinator"))
    open_to_press(access=here.access(), event=event, places=5, per_outlet=5)
    return event


@pytest.fixture
def form_url(event) -> str:
    with override("en"):
        return reverse("press_registration", args=[event.slug])


@pytest.fixture
def own(client, form_url) -> str:
    assert client.post(form_url, SENT).status_code == 302
    return PRESS.path(PressGuest.objects.get())


def test_the_form_and_what_follows_are_never_kept(client, form_url) -> None:
    for answer in (client.get(form_url), client.post(form_url, {}), client.get(f"{form_url}sent/")):
        assert "no-store" in answer["Cache-Control"]


def test_other_methods_are_not_answered(client, form_url, own) -> None:
    for method in (client.put, client.delete, client.options):
        assert method(form_url).status_code == 405
        assert method(own).status_code == 405
    assert client.post(f"{form_url}sent/").status_code == 405


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("address", "asel@dаla.example", "two alphabets"),  # a Cyrillic а
        ("address", "asel@da\u200bla.example", "valid email"),
        ("name", "=HYPERLINK(1)", "begins with a letter"),
        ("name", "Casino spam.com", "address of a website"),
        ("name", "x" * 5000, "120"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_the_rest_stays(client, form_url, field, value, words) -> None:
    answer = client.post(form_url, SENT | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Дала FM"' in page
    assert not PressGuest.objects.exists()


def test_the_hour_of_the_whole_event_is_told_and_nothing_is_lost(client, form_url, monkeypatch) -> None:
    monkeypatch.setattr(throttling, "MOST_AN_HOUR", 0)
    answer = client.post(form_url, SENT)
    assert answer.status_code == 429
    assert 'value="Дала FM"' in answer.content.decode()


def test_what_closes_meanwhile_is_told_and_nothing_is_lost(client, here, event, form_url) -> None:
    client.get(form_url)
    close_press_registration(access=here.access(), event=event)
    answer = client.post(form_url, SENT)
    assert answer.status_code == 409
    assert 'value="Дала FM"' in answer.content.decode()
    assert "It was not sent" in answer.content.decode()


def test_the_own_page_speaks_the_language_of_the_mail_and_leaves_no_trace(client, own) -> None:
    answer = client.get(own, headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "kk"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_looking_changes_nothing_and_pressing_twice_is_once(client, own) -> None:
    client.get(own)
    client.head(own)
    assert PressGuest.objects.get().state == PressState.UNCONFIRMED
    for _time in range(2):
        answer = client.post(own, {"act": "confirm"})
        assert (answer.status_code, answer["Location"]) == (302, own)
    assert PressGuest.objects.get().answers == 1


@pytest.mark.parametrize("sent", [{}, {"act": ""}, {"act": "delete"}, {"act": "__class__"}])
def test_a_press_that_says_nothing_known_does_nothing(client, own, sent) -> None:
    answer = client.post(own, sent)
    assert answer.status_code == 400
    assert answer["Cache-Control"] == "no-store, private"
    assert PressGuest.objects.get().state == PressState.UNCONFIRMED


def test_the_own_page_needs_no_cookie_and_takes_no_press_of_another_site(own) -> None:
    browser = Client(enforce_csrf_checks=True)
    foreign = browser.post(own, {"act": "confirm"}, headers={"Origin": "https://foreign.example"})
    assert foreign.status_code == 403
    assert foreign.context["refusal"]
    assert PressGuest.objects.get().state == PressState.UNCONFIRMED
    assert browser.post(own, {"act": "confirm"}, headers={"Origin": "http://testserver"}).status_code == 302


def test_a_refusal_is_shown_on_the_page(client, here, event, own) -> None:
    close_press_registration(access=here.access(), event=event)
    answer = client.post(own, {"act": "confirm"})
    assert answer.status_code == 409
    assert PressGuest.objects.get().state == PressState.UNCONFIRMED


def test_who_deletes_what_was_written_reads_that_it_is_gone_and_the_link_opens_nothing(client, own) -> None:
    answer = client.post(own, {"act": "withdraw"})
    assert answer.status_code == 200
    assert "Әсел" not in answer.content.decode()
    assert not PressGuest.objects.exists()
    assert client.get(own).status_code == 404

"""After consent has ended for an agreed film: the asker's own page, the desk's list, the request's page."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from coalition.campaigns.models import ScreeningRequest
from coalition.campaigns.screenings.actions import accept_request, confirm_request, finish_request
from coalition.campaigns.screenings.flow import SCREENINGS
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.core.clock import now
from tests.campaigns.screenings.builders import asked, screening_room
from tests.consent.builders import consent_asked, shown_under_consent

pytestmark = pytest.mark.django_db
LINK = "https://films.example/x"
ANSWER = "Yes, we bring it."


@pytest.fixture(autouse=True)
def _no_counters():
    cache.clear()


@pytest.fixture
def room(site):
    return screening_room()


def agreed(room, **given: object) -> ScreeningRequest:
    row = confirm_request(request=asked(room, **given))
    return accept_request(access=room.access("editor"), request=row, answer=ANSWER, viewing_link=LINK)


def ended(room, **given: object) -> ScreeningRequest:
    """An agreed request for a film whose consent was taken back since."""
    consent = consent_asked()
    shown_under_consent(consent, "video", room.video)
    row = agreed(room, **given)
    withdraw_consent(by=consent.caseworker, consent=consent)
    return row


def text_at(client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return " ".join(html.document_fromstring(page.content).xpath("//main")[0].text_content().split())


def desk_list(room) -> str:
    return reverse("campaigns:screenings", args=[room.room.workspace.uuid])


def at_desk(row: ScreeningRequest) -> str:
    return reverse("campaigns:screening", args=[row.uuid])


def test_the_asker_reads_that_the_screening_does_not_take_place(room, client) -> None:
    row = ended(room)
    text = text_at(client, SCREENINGS.path(row))
    assert "The film can no longer be shown. The screening does not take place." in text
    for gone in ("Agreed", ANSWER, "Withdraw the request", "Change the request", "consent"):
        assert gone not in text


def test_after_its_day_only_the_film_is_spoken_of(room, client) -> None:
    row = ended(room)
    with time_machine.travel(now() + datetime.timedelta(days=30), tick=False):
        text = text_at(client, SCREENINGS.path(row))
    assert "The film can no longer be shown." in text
    assert "does not take place" not in text


def test_a_film_that_leaves_only_the_site_is_still_screened(room, client) -> None:
    row = agreed(room)
    shown_under_consent(consent_asked(), "video", room.video, places=(Place.SCREENING,))
    text = text_at(client, SCREENINGS.path(row))
    assert "Agreed" in text
    assert "no longer" not in text


def test_the_desk_marks_it_and_leads_nowhere(room, client_of) -> None:
    row = ended(room)
    editor = client_of(room.room.user("editor"))
    listed = text_at(editor, desk_list(room))
    assert "No longer available" in listed
    assert "Agreed" not in listed
    campaign = text_at(editor, reverse("campaigns:campaign", args=[room.room.workspace.uuid]))
    assert "1 screening is agreed" not in campaign
    page = editor.get(at_desk(row)).content.decode()
    assert "No longer available" in page
    assert LINK not in page
    assert room.page.get_url() not in html.document_fromstring(page).xpath("//main//a/@href")
    [field] = html.document_fromstring(page).xpath("//textarea[@name='answer']")
    assert ANSWER not in field.text_content()


def test_the_answer_is_offered_again_while_the_film_is_allowed(room, client_of) -> None:
    page = html.document_fromstring(client_of(room.room.user("editor")).get(at_desk(agreed(room))).content)
    assert ANSWER in page.xpath("//textarea[@name='answer']")[0].text_content()
    assert LINK in page.xpath("//input[@name='viewing_link']/@value")
    assert room.page.get_url() in page.xpath("//main//a/@href")


def test_it_took_place_is_offered_from_its_day_on(room, client_of) -> None:
    row = agreed(room)
    editor = client_of(room.room.user("editor"))
    assert "It took place" not in text_at(editor, at_desk(row))
    with time_machine.travel(now() + datetime.timedelta(days=20), tick=False):
        there = client_of(room.room.user("editor"))
        assert "It took place" in text_at(there, at_desk(row))
        finish_request(access=room.access("editor"), request=row)
    assert "Took place" in text_at(editor, desk_list(room))


def test_the_list_costs_the_same_for_one_and_three_requests(room, client_of) -> None:
    shown_under_consent(consent_asked(), "video", room.video)
    editor, counts = client_of(room.room.user("editor")), []
    for count in (1, 2):
        for number in range(count):
            agreed(room, address=f"a{count}{number}@tests.example")
        editor.get(desk_list(room))
        with CaptureQueriesContext(connection) as found:
            text = text_at(editor, desk_list(room))
        counts.append(len(found))
        assert text.count("Agreed") == ScreeningRequest.objects.count()
    assert text.count("Agreed") == 3
    assert counts[0] == counts[1]

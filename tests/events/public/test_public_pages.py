"""The public pages of events: what they list, narrow and say."""

import io
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from coalition.accounts.models import Listing
from documents.files.actions import upload_file
from events.core.actions.plan import cancel_event, move_event
from events.core.actions.times import EventTextInput
from events.core.enums import Consent, EventKind, Frequency
from events.core.facts import RecurrenceRule
from events.models import CoHost, Event
from tests.events.planning.builders import (
    announced,
    exhibition,
    planner_of,
    press_conference,
    stage,
    times_from,
)
from tests.factories import OrganisationFactory
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
LISTS = ("", "month/?on=2026-03", "agenda/?on=2026-03-01", "map/", "?past=1")


@pytest.fixture(autouse=True)
def first_of_march() -> Iterator[None]:
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        yield


def page(client: Client, path: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/events/{path}")
    assert answer.status_code == 200
    return squeezed(answer.content.decode())


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def co_host(event: Event, state: Consent = Consent.CONSENTED, **given: object) -> CoHost:
    organisation = OrganisationFactory(**given)
    return CoHost.objects.create(
        event=event, organisation=organisation, state=state, asked_at=event.changed_at
    )


def data_of(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_every_list_says_when_where_and_who_in_three_languages(client: Client) -> None:
    event = press_conference(online="https://stream.example/1")
    for language in ("kk", "ru", "en"):
        text = page(client, language=language)
        assert f"Press conference on Article 123 {language}" in text
        assert f"Press club {language}" in text
        assert "11:00–12:00" in text
        assert f"/{language}/events/{event.slug}/" in text
        assert "<html lang=" in text
    assert "11:00–12:00, Almaty (UTC+5)" in page(client)


def test_an_exhibition_is_listed_with_its_opening_and_then_as_open(client: Client) -> None:
    exhibition()
    before = page(client)
    assert "Exhibition: opening" in before
    assert "8 March – 30 April 2026" in before
    assert "Tuesday–Sunday 11:00–19:00" in before
    with time_machine.travel("2026-03-24 09:00Z", tick=False):
        during = page(client)
    assert "Open now" in during
    assert "Open today 11:00–19:00" in during
    assert "Exhibition: opening" not in during
    with time_machine.travel("2026-03-21 09:00Z", tick=False):
        assert "Closed today; open again Tuesday, 24 March, 11:00–19:00" in page(client)
    with time_machine.travel("2026-05-02 09:00Z", tick=False):
        assert "Exhibition of letters" not in page(client)
        assert "Exhibition of letters" in page(client, "?past=1")


def test_what_comes_again_is_listed_at_its_next_date(client: Client) -> None:
    announced(title="Call", starts="2026-01-06 11:00", rule=RecurrenceRule(Frequency.WEEKLY))
    text = page(client)
    assert 'datetime="2026-03-03T11:00:00+05:00"' in text
    assert "Every week: Tuesday" in text
    assert "Каждую неделю: вторник" in client.get("/ru/events/").content.decode()


def test_month_and_agenda_hold_hours_of_open_days_only(client: Client) -> None:
    exhibition()
    month = page(client, "month/?on=2026-03")
    lines = re.findall(r'class="line(?: line--\w+)*"', month)
    weeks = (1, 6, 4, 6, 6)
    assert len([line for line in lines if "none" not in line]) == sum(weeks) + 1  # and its sign below
    agenda = page(client, "agenda/?on=2026-03-16")
    for day in ("2026-03-17", "2026-03-20", "2026-03-24"):
        assert f'id="day-{day}"' in agenda
    for day in ("2026-03-16", "2026-03-21", "2026-03-23"):
        assert f'id="day-{day}"' not in agenda


def test_the_month_leads_to_its_neighbours_and_takes_nonsense_for_today(client: Client) -> None:
    text = page(client, "month/?on=2026-03&kind=meeting")
    assert "?kind=meeting&amp;on=2026-02" in text
    assert "?kind=meeting&amp;on=2026-04" in text
    for nonsense in ("x", "2026-13", "9999-12", "0001-01", "2026-03-03"):
        assert "<h1>March 2026</h1>" in page(client, f"month/?on={nonsense}")
        assert client.get(f"/en/events/agenda/?on={nonsense}").status_code == 200


def test_lists_narrow_by_kind_region_and_organisation(client: Client) -> None:
    conference, other = press_conference(region="KZ-75"), announced(title="Talk", region="KZ-79")
    hosted = co_host(other, name_en="The hosts")
    asked = co_host(other, Consent.ASKED, name_en="Only asked")
    for query, shown, hidden in (
        ("kind=press-conference", "Press conference on", "Talk en"),
        ("region=KZ-79", "Talk en", "Press conference on"),
        (f"organisation={hosted.organisation.slug}", "Talk en", "Press conference on"),
        (f"organisation={conference.organisation.slug}", "Press conference on", "Talk en"),
    ):
        for path in ("?", "month/?on=2026-03&", "agenda/?"):
            text = page(client, f"{path}{query}")
            assert shown in text
            assert hidden not in text
    assert "Nothing fits what you chose" in page(client, f"?organisation={asked.organisation.slug}")
    assert "Only asked" not in page(client)
    assert "Nothing fits what you chose" in page(client, "?organisation=a%20b/%00%3C")
    narrowed = page(client, "?kind=press-conference&region=KZ-75")
    assert "/calendar/kinds/press-conference.ics?language=en&amp;region=KZ-75" in narrowed
    assert "Talk en" in page(client, "?kind=party&region=KZ-99")


def test_the_map_counts_each_region_and_lists_the_same(client: Client) -> None:
    for _time in range(2):
        announced(title="Here", region="KZ-79")
    announced(title="Nowhere", region="", online="https://meet.example/1")
    text = page(client, "map/")
    assert 'aria-label="Shymkent: 2 events"' in text
    assert 'aria-label="Astana: 0 events"' in text
    assert len(re.findall(r'class="tile[ "]', text)) == 20
    assert "3 events are to come or open now" in text
    assert "online or in no region" in text


def test_the_map_does_not_count_what_is_cancelled(client: Client) -> None:
    announced(title="Here", region="KZ-79")
    gone = announced(title="Gone", region="KZ-71")
    cancel_event(access=planner_of(gone), event=gone)
    text = page(client, "map/")
    assert "1 event is to come or open now" in text
    assert 'aria-label="Astana: 0 events"' in text


@pytest.mark.parametrize("path", LISTS)
def test_lists_without_events_say_what_to_do(client: Client, path: str) -> None:
    assert "Keep it in your own calendar" in page(client, path)


@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_the_same_whatever_their_length(client: Client, path: str) -> None:
    def add(number: int) -> None:
        for event in (
            exhibition(title=f"Shown {number}"),
            announced(title=f"Past {number}", starts="2026-02-03 11:00"),
            announced(
                title=f"Again {number}", starts="2026-03-04 11:00", rule=RecurrenceRule(Frequency.WEEKLY)
            ),
        ):
            co_host(event)

    add(1)
    page(client, path)
    once = queries(client, f"/en/events/{path}")
    for number in range(2, 4):
        add(number)
    assert queries(client, f"/en/events/{path}") == once


def test_one_event_says_everything_in_words_and_for_machines(client: Client) -> None:
    event = press_conference(online="https://stream.example/1")
    withheld = co_host(event, listing=Listing.WITHHELD, name_en="Hidden hosts")
    host = co_host(event, name_en="The hosts")
    text = page(client, f"{event.slug}/")
    assert "Tuesday 3 March 2026" in text
    assert "You get in without steps." in text
    assert "The hosts" in text
    assert "and 1 organisation whose name is withheld for its safety" in text
    assert re.search(rf'<link rel="canonical" href="https?://[^"]+/en/events/{event.slug}/">', text)
    for code in ("kk", "ru", "en"):
        assert re.search(rf'hreflang="{code}" href="[^"]*/{code}/events/{event.slug}/"', text)
    assert 'property="og:title" content="Press conference on Article 123 en"' in text
    data = data_of(text)
    assert data["startDate"] == "2026-03-03T11:00:00+05:00"
    assert data["endDate"] == "2026-03-03T12:00:00+05:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    names = {one["name"] for one in data["organizer"]}
    assert host.organisation.name_en in names
    assert withheld.organisation.name_en not in text
    assert f"/calendar/events/{event.uuid}.ics?language=en" in text
    assert "dates=20260303T060000Z%2F20260303T070000Z" in text
    assert "startdt=2026-03-03T06%3A00%3A00Z" in text


def test_an_exhibition_page_has_its_hours_as_a_table_and_for_machines(client: Client) -> None:
    text = page(client, f"{exhibition().slug}/")
    assert re.search(r'<th scope="row">Monday</th><td>closed</td>', text)
    assert re.search(r'<th scope="row">Tuesday–Sunday</th><td>11:00–19:00</td>', text)
    assert re.search(r'<th scope="row">21–23 March 2026</th><td>closed: Nauryz</td>', text)
    data = data_of(text)
    assert data["@type"] == "ExhibitionEvent"
    assert data["endDate"] == "2026-04-30"
    usual, special = data["openingHoursSpecification"]
    assert len(usual["dayOfWeek"]) == 6
    assert (special["opens"], special["closes"], special["validThrough"]) == ("00:00", "00:00", "2026-03-23")


def test_a_moved_event_says_from_when_to_when(client: Client) -> None:
    event = press_conference()
    move_event(
        access=planner_of(event), event=event, times=times_from("2026-03-03 12:30", "2026-03-03 13:00")
    )
    text = page(client, f"{event.slug}/")
    assert "Moved: 12:30, was 11:00" in text
    assert "Moved: 12:30, was 11:00" in page(client)
    data = data_of(text)
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2026-03-03T11:00:00+05:00"
    move_event(
        access=planner_of(event), event=event, times=times_from("2026-03-04 12:30", "2026-03-04 13:00")
    )
    assert "Moved: 4 March, 12:30, was 3 March, 11:00" in page(client, f"{event.slug}/")


def test_an_event_that_moves_to_another_place_keeps_its_schedule(client: Client) -> None:
    event = press_conference()
    texts = {text.language: EventTextInput(title=text.title, place="New hall") for text in event.texts.all()}
    move_event(access=planner_of(event), event=event, texts=texts)
    text = page(client, f"{event.slug}/")
    assert "Moved to another place" in text
    data = data_of(text)
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert "previousStartDate" not in data


def test_a_cancelled_event_keeps_its_page_and_says_so_loudly(client: Client) -> None:
    event = press_conference(online="https://stream.example/1")
    cancel_event(access=planner_of(event), event=event)
    text = page(client, f"{event.slug}/")
    assert "<title>Cancelled:" in text
    assert "This event does not take place." in text
    assert "Add to your calendar" not in text
    assert 'href="https://stream.example/1"' not in text
    assert data_of(text)["eventStatus"] == "https://schema.org/EventCancelled"
    assert "date-row--cancelled" in page(client)


def test_words_cannot_end_the_data_element(client: Client) -> None:
    event = press_conference(title="</script><script>alert(1)</script>")
    text = page(client, f"{event.slug}/")
    assert "<script>alert" not in text
    assert data_of(text)["name"] == "</script><script>alert(1)</script> en"


def test_pages_may_be_kept_but_are_asked_for_again(client: Client) -> None:
    event = press_conference()
    for path in (*LISTS, f"{event.slug}/"):
        kept = client.get(f"/en/events/{path}")["Cache-Control"]
        assert "no-cache" in kept
        assert "public" in kept
    assert client.post("/en/events/").status_code == 405


@pytest.mark.parametrize(
    ("zone", "words"), [("Asia/Aqtau", "Aqtau (UTC+5)"), ("America/New_York", "New York (UTC-5)")]
)
def test_the_clock_is_that_of_the_place(client: Client, zone: str, words: str) -> None:
    announced(title="There", zone=zone, region="")
    assert f"11:00–12:00, {words}" in page(client)


def test_whole_days_and_nights_are_said_in_words(client: Client) -> None:
    announced(title="Training", starts="2026-03-16", ends="2026-03-18", kind=EventKind.TRAINING)
    announced(title="Night", starts="2026-03-20 22:00", ends="2026-03-21 02:00")
    text = page(client)
    assert "<b>16–18</b>" in text
    assert "16–18 March 2026" in text
    assert "22:00–02:00" in text
    assert page(client, "month/?on=2026-03").count("Training en") >= 3


def test_a_picture_comes_with_its_size_its_words_and_from_the_public_copy(client: Client) -> None:
    here = stage()
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(drawn, "PNG")
    file = upload_file(
        access=here.access(),
        content=io.BytesIO(drawn.getvalue()),
        size=len(drawn.getvalue()),
        name="hall.png",
        alt="The hall",
    )
    event = announced(here.access(), picture=file)
    text = page(client, f"{event.slug}/")
    shown = re.search(r'<img src="([^"]+)" width="40" height="20" alt="The hall"', text)
    assert shown
    assert shown[1] == event.public_picture.url
    assert re.search(rf'property="og:image" content="https?://[^"]+{re.escape(shown[1])}"', text)
    assert event.public_picture.storage.exists(str(event.public_picture.name))
    assert "hall.png" not in text


def test_forms_of_other_calendars_are_filled_in_only_where_they_can_say_it_all(client: Client) -> None:
    days = announced(title="Training", starts="2026-03-16", ends="2026-03-18")
    text = page(client, f"{days.slug}/")
    assert "dates=20260316%2F20260319" in text
    assert "startdt=2026-03-16&amp;enddt=2026-03-19&amp;allday=true" in text
    again = announced(title="Again", starts="2026-03-03 11:00", rule=RecurrenceRule(Frequency.WEEKLY))
    text = page(client, f"{again.slug}/")
    assert "calendar.google.com" not in text
    assert "outlook" not in text
    assert (
        f"webcal://{urlsplit(settings.SITE_URL).netloc}/calendar/events/{again.uuid}.ics?language=en" in text
    )
    assert data_of(text)["eventSchedule"]["repeatFrequency"] == "P1W"  # type: ignore[index]  # JSON

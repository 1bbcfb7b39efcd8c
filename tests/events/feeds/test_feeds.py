"""The public feeds: what they hold, whom they name, and when they say that nothing changed."""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.accounts.actions.organisations import change_listing, change_profile
from coalition.accounts.models import Listing, Organisation
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event
from events.core.enums import EventKind, Visibility
from events.feeds.cache import refresh_all_components
from events.models import EventText, FeedVersion
from tests.events.planning.builders import (
    announced,
    exhibition,
    planned,
    planner_of,
    press_conference,
    representative_of,
)
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

ALMATY = ZoneInfo("Asia/Almaty")


def read(address: str = "/calendar.ics", **headers: str) -> icalendar.Calendar:
    answer = Client().get(address, **headers)
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content)


def titles(address: str = "/calendar.ics") -> list[str]:
    return [str(event["summary"]) for event in read(address).walk("VEVENT")]


def test_an_announced_press_conference_is_in_the_feed_with_all_that_calendars_show() -> None:
    event = press_conference(online="https://meet.example/press")
    [told] = read("/calendar.ics?language=ru").walk("VEVENT")
    assert told["summary"] == "Press conference on Article 123 ru"
    assert told["summary"].params["LANGUAGE"] == "ru"
    assert told.start == datetime.datetime(2026, 3, 3, 11, tzinfo=ALMATY)
    assert told["dtstart"].params["TZID"] == "Asia/Almaty"
    assert told["uid"] == f"{event.uuid}@localhost"
    assert told["location"] == "Press club ru, Abai 10, ru"
    assert told["status"] == "CONFIRMED"
    assert told["conference"] == "https://meet.example/press"
    assert told["url"] == f"http://localhost:8000/ru/events/{event.slug}/"
    assert told["organizer"] == "mailto:no-reply@demo.example"
    assert told["organizer"].params["CN"] == event.organisation.name_ru
    assert event.created_by is not None
    assert event.created_by.email not in told.to_ical().decode()


def test_the_feed_says_its_name_language_colour_and_when_to_ask_again() -> None:
    press_conference()
    feed = read("/calendar.ics?language=kk")
    assert feed["name"] == feed["x-wr-calname"] == "Қорғау123"
    assert feed["name"].params["LANGUAGE"] == "kk"
    assert feed["color"] == "crimson"
    assert feed["refresh-interval"].dt == datetime.timedelta(hours=1)
    assert "X-PUBLISHED-TTL:PT1H" in Client().get("/calendar.ics").content.decode()
    assert feed["url"] == "http://localhost:8000/kk/events/"
    assert feed["source"] == "http://localhost:8000/calendar.ics?language=kk"


@pytest.mark.parametrize(
    "given",
    [{"visibility": Visibility.COALITION}, {"visibility": Visibility.WORKSPACE}, {"visibility": None}],
)
def test_what_is_not_public_is_in_no_feed(given) -> None:
    event = press_conference(**given, title="Canary")
    assert titles() == []
    assert Client().get(f"/calendar/events/{event.uuid}.ics").status_code == 404
    assert not EventText.objects.exclude(component="").exists()


def test_feeds_by_kind_region_organisation_and_of_one_event() -> None:
    organisation = OrganisationFactory(slug="lamp")
    press = press_conference(title="Press")
    shown = exhibition(title="Letters", region="KZ-79")
    type(shown).objects.filter(pk=shown.pk).update(organisation=organisation)
    assert titles("/calendar/kinds/press-conference.ics?language=en") == ["Press en"]
    assert titles("/calendar.ics?region=KZ-79&language=en") == ["Letters en", "Open: Letters en"]
    assert titles("/calendar/organisations/lamp.ics?language=en") == ["Letters en", "Open: Letters en"]
    assert titles(f"/calendar/events/{press.uuid}.ics") == ["Press kk"]


@pytest.mark.parametrize(
    "address",
    [
        "/calendar/kinds/party.ics",
        "/calendar/organisations/nobody.ics",
        "/calendar.ics?region=KZ-99",
        "/calendar.ics?language=tlh",
        "/calendar/events/01890a5d-ac96-774b-bcce-b302099a8057.ics",
    ],
)
def test_an_address_that_means_nothing_is_not_there(address) -> None:
    assert Client().get(address).status_code == 404


def test_a_cancelled_event_stays_sixty_days_and_says_so() -> None:
    event = press_conference()
    before = next(iter(read().walk("VEVENT")))["sequence"]
    with time_machine.travel("2026-03-01T06:00:00Z", tick=False):
        cancel_event(access=planner_of(event), event=event)
        [told] = read("/calendar.ics?language=en").walk("VEVENT")
    assert told["status"] == "CANCELLED"
    assert told["summary"] == "Cancelled: Press conference on Article 123 en"
    assert told["sequence"] > before
    with time_machine.travel("2026-04-29T06:00:00Z", tick=False):
        assert len(titles()) == 1
    with time_machine.travel("2026-05-01T06:00:00Z", tick=False):
        version = FeedVersion.objects.get().number
        assert titles() == []
        refresh_all_components()
        assert FeedVersion.objects.get().number == version + 1  # who asks by date only hears of it too


def test_an_exhibition_is_its_opening_night_and_hours_never_one_block() -> None:
    exhibition()
    events = read().walk("VEVENT")
    assert [(event.start.hour, event.end - event.start) for event in events] == [
        (18, datetime.timedelta(hours=2)),
        (11, datetime.timedelta(hours=8)),
    ]
    assert events[1]["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20260430T060000Z;BYDAY=TU,WE,TH,FR,SA,SU"


# --- names ------------------------------------------------------------------------------------


def test_a_withheld_organisation_has_no_feed_and_no_name_in_any() -> None:
    event = press_conference()
    organisation: Organisation = event.organisation
    slug, names = organisation.slug, [organisation.name_in(code) for code in ("kk", "ru", "en")]
    assert names[0] in Client().get("/calendar.ics").content.decode()
    change_listing(by=representative_of(organisation), organisation=organisation, listing=Listing.WITHHELD)
    assert Client().get(f"/calendar/organisations/{slug}.ics").status_code == 404
    for language in ("kk", "ru", "en"):
        body = Client().get(f"/calendar.ics?language={language}").content.decode()
        assert "SUMMARY" in body
        assert not [name for name in names if name in body]


def test_a_new_name_is_in_the_feeds_in_the_same_moment() -> None:
    event = press_conference()
    changed_at = next(iter(read().walk("VEVENT")))["last-modified"].dt
    change_profile(
        by=representative_of(event.organisation), organisation=event.organisation, name_kk="Жаңа атау"
    )
    [told] = read().walk("VEVENT")
    assert told["organizer"].params["CN"] == "Жаңа атау"
    assert told["last-modified"].dt >= changed_at


# --- nothing changed --------------------------------------------------------------------------


def test_who_has_the_feed_is_told_so_in_one_query() -> None:
    press_conference()
    first = Client().get("/calendar.ics")
    assert first["ETag"].startswith('"')
    assert first["Last-Modified"]
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first["Content-Language"] == "kk"
    with CaptureQueriesContext(connection) as queries:
        by_etag = Client().get("/calendar.ics", HTTP_IF_NONE_MATCH=first["ETag"])
    assert len(queries) == 1
    by_weak = Client().get("/calendar.ics", HTTP_IF_NONE_MATCH=f'"other", W/{first["ETag"]}')
    by_date = Client().get("/calendar.ics", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    for answer in (by_etag, by_weak, by_date):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]


def test_who_has_an_older_feed_gets_the_new_one() -> None:
    with time_machine.travel("2026-02-20T09:00:00Z", tick=False):
        event = press_conference()
        first = Client().get("/calendar.ics")
    with time_machine.travel("2026-02-20T09:00:05Z", tick=False):
        cancel_event(access=planner_of(event), event=event)
    old = {"HTTP_IF_NONE_MATCH": first["ETag"], "HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}
    assert Client().get("/calendar.ics", **old).status_code == 200
    by_date = Client().get("/calendar.ics", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    assert by_date.status_code == 200


def test_a_change_of_one_event_leaves_the_others_as_they_were() -> None:
    with time_machine.travel("2026-02-20T09:00:00Z", tick=False):
        one, other = press_conference(title="One"), press_conference(title="Other")
        announced(kind=EventKind.TRAINING, title="Training", handling=Handling.PUBLIC)
        addresses = [f"/calendar/events/{other.uuid}.ics", "/calendar/kinds/training.ics"]
        before = [Client().get(address) for address in addresses]
    with time_machine.travel("2026-02-21T09:00:00Z", tick=False):
        cancel_event(access=planner_of(one), event=one)
    after = [Client().get(address) for address in addresses]
    assert [answer.content for answer in after] == [answer.content for answer in before]
    # An event that left a feed leaves nothing behind by which its date could tell: the date of all counts.
    assert {answer["Last-Modified"] for answer in before} == {"Fri, 20 Feb 2026 09:00:00 GMT"}
    assert {answer["Last-Modified"] for answer in after} == {"Sat, 21 Feb 2026 09:00:00 GMT"}
    [cancelled] = [read(f"/calendar/events/{one.uuid}.ics")]
    assert cancelled["last-modified"].dt == datetime.datetime(2026, 2, 21, 9, tzinfo=datetime.UTC)


@pytest.mark.parametrize("signed_in", [False, True])
def test_public_calendars_vary_by_nothing(client_of, signed_in) -> None:
    """Whoever asks, with whatever cookie or language: shared caches keep one copy."""
    event = press_conference()
    client = client_of(event.created_by) if signed_in else Client()
    kind = "/calendar/kinds/press-conference.ics"
    for address in ("/calendar.ics", kind, f"/calendar/events/{event.uuid}.ics"):
        answer = client.get(address, HTTP_ACCEPT_LANGUAGE="ru")
        answer = client.get(address, HTTP_ACCEPT_LANGUAGE="ru")  # the first one of a session may set a cookie
        assert answer.get("Vary", "") == ""
        again = client.get(address, HTTP_IF_NONE_MATCH=answer["ETag"])
        assert (again.status_code, again.get("Vary", "")) == (304, "")


def test_no_property_stands_in_a_feed_that_libical_does_not_know() -> None:
    """libical 3 (GNOME, KDE) writes X-LIC-ERROR into an event for STRUCTURED-DATA (RFC 9073)."""
    press_conference()
    assert b"STRUCTURED-DATA" not in Client().get("/calendar.ics").content


def test_asking_twice_gives_the_same_bytes() -> None:
    exhibition()
    assert Client().get("/calendar.ics").content == Client().get("/calendar.ics").content


def test_head_tells_what_get_would() -> None:
    press_conference()
    got, headed = Client().get("/calendar.ics"), Client().head("/calendar.ics")
    assert headed.content == b""
    assert headed["ETag"] == got["ETag"]


def test_a_calendar_is_only_read() -> None:
    assert Client().post("/calendar.ics").status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_a_feed_is_two_queries_whatever_it_holds(number) -> None:
    for index in range(number):
        announced(kind=EventKind.TRAINING, title=f"Training {index}", handling=Handling.PUBLIC)
    with CaptureQueriesContext(connection) as queries:
        assert len(titles()) == number
    assert len(queries) == 2


def test_the_version_moves_for_what_is_public_only() -> None:
    planned()
    assert not FeedVersion.objects.exists()
    press_conference()
    number = FeedVersion.objects.get().number
    press_conference(visibility=Visibility.COALITION)
    assert FeedVersion.objects.get().number == number

"""What our calendars say of an event is what a partner's calendar brings in: the same event."""

import dataclasses
import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings

from coalition.core.clock import freeze_clock_at
from events.core.enums import EventState, Frequency, IntakeState
from events.core.facts import EventFacts, EventTimes, MovedOccurrence, RecurrenceRule
from events.core.occurrences import Occurrence, occurrences
from events.ical.builder import CalendarHeading, build_calendar, location, summary
from events.partner_calendars.actions import add_calendar_from_file, read_calendar, show_events
from events.partner_calendars.queries import partner_times_for
from events.partner_calendars.reader.read import CalendarReading, ReadEvent, ReadOptions
from tests.events.ical.any_facts import events
from tests.events.ical.facts import CASES, UTC, clock, day, facts, single
from tests.events.planning.builders import Stage, exhibition, stage

FIRST = datetime.datetime(2024, 1, 1, 0, 7, tzinfo=UTC)  # when nothing ends
LAST = datetime.datetime(2025, 1, 1, 0, 7, tzinfo=UTC)
ANOTHER = facts(CASES["after the change in Almaty"], uid="another@coalition.example")
IN_THE_HOUR_SKIPPED = EventTimes(
    "America/New_York",
    clock("2024-03-09 02:30"),
    clock("2024-03-09 03:15"),
    rule=RecurrenceRule(Frequency.DAILY, until=day("2024-03-10")),
    moved=(MovedOccurrence(day("2024-03-09"), clock("2024-03-10 02:45")),),
)

type Found = list[tuple[datetime.datetime, datetime.datetime, bool]]


def brought_in(event: EventFacts) -> list[ReadEvent]:
    """Our calendar of the event and another one, read as a partner's in the same zone."""
    body = build_calendar([event, ANOTHER], CalendarHeading(name="Күнтізбе", language=event.language))
    reading = CalendarReading(body, ReadOptions(zone=event.times.zone, first=FIRST, last=LAST))
    return [one for group in reading.groups() for one in group if one.uid != ANOTHER.uid]


def times_in(read: list[ReadEvent]) -> Found:
    return sorted((time.starts_at, time.ends_at, time.all_day) for one in read for time in one.times)


def times_meant(found: list[Occurrence]) -> Found:
    return sorted((one.starts_at, one.ends_at, one.all_day) for one in found)


def one_line(words: str) -> str:
    return " ".join(words.split())


@given(event=events())
@example(event=facts(IN_THE_HOUR_SKIPPED))
@example(event=facts(ANOTHER.times, title=r"D:\News", text=r"\N", place=r"\N\n"))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_event_is_the_same_after_export_and_import(event: EventFacts) -> None:
    read, meant = brought_in(event), occurrences(event.times, FIRST, LAST)
    assert [one.reason for one in read if one.reason] == []
    own = [one for one in read if one.uid == event.uid]
    opened = [one for one in read if one.uid != event.uid]
    assert times_in(own) == times_meant([one for one in meant if one.part == "event"])
    assert times_in(opened) == times_meant([one for one in meant if one.part == "hours"])
    assert {one.words.title for one in own} <= {one_line(summary(event))}
    assert all(one_line(event.title) in one.words.title for one in opened)
    assert {one.words.place for one in read} <= {one_line(location(event))}
    assert all(one_line(one.words.text).startswith(one_line(event.text)) for one in read)


@given(event=events())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_cancelled_event_takes_no_time_there(event: EventFacts) -> None:
    read = brought_in(dataclasses.replace(event, state=EventState.CANCELLED))
    assert {one.reason.get("code") for one in read} <= {"cancelled"}
    assert times_in(read) == []


def test_of_an_event_that_is_not_public_only_the_time_comes_in() -> None:
    event = facts(CASES["before the change in Almaty"], private=True)
    read = brought_in(event)
    assert times_in(read) == times_meant(occurrences(event.times, FIRST, LAST))
    assert [(one.words.title, one.words.place, one.words.text) for one in read] == [("", "", "")]


def test_the_longest_place_comes_in_whole() -> None:
    place, address = "Қ" * 160, "ң" * 240
    read = brought_in(facts(single("2024-03-03 11:00", "2024-03-03 12:00"), place=place, address=address))
    assert [one.words.place for one in read] == [f"{place}, {address}"]


@pytest.mark.django_db
def test_an_exhibition_of_another_coalition_comes_in_as_its_opening_and_its_hours(settings) -> None:
    """Another coalition's feed, brought in as a file here and reviewed, is what stands in the month."""
    here = settings.SITE_URL
    settings.SITE_URL = "https://another.example"
    exhibition(title="Letters")
    feed = Client().get("/calendar.ics", {"language": "en"}).content
    settings.SITE_URL = here
    scene = stage()
    access, march = scene.access("editor"), datetime.datetime(2026, 3, 1, tzinfo=UTC)
    with freeze_clock_at(march):
        partner = add_calendar_from_file(
            access=access,
            organisation=scene.organisation("editor"),
            name="Another coalition",
            content=io.BytesIO(feed),
            zone="Asia/Almaty",
            region="KZ-75",
            busy_only=False,
        )
        read_calendar(partner.uuid)
        assert in_month(scene, march) == []  # nobody has looked at it yet
        titles = {event.title for event in partner.events.filter(state=IntakeState.WAITING)}
        assert titles == {"Letters en", "Open: Letters en"}
        show_events(access=access, calendar=partner)
    closed = {"2026-03-09", "2026-03-16", "2026-03-30", "2026-03-21", "2026-03-22", "2026-03-23"}
    open_days = [f"2026-03-{date:02}" for date in range(8, 32)]
    assert in_month(scene, march) == [
        ("Letters en", "2026-03-07 18:00", "20:00"),
        *(("Open: Letters en", f"{date} 11:00", "19:00") for date in open_days if date not in closed),
    ]


def in_month(scene: Stage, first: datetime.datetime) -> list[tuple[str, str, str]]:
    """What partners do in the month, by the clocks of Almaty."""
    zone = ZoneInfo("Asia/Almaty")
    last = first + datetime.timedelta(days=31)
    rows = partner_times_for(scene.user("editor"), first, last)
    local = [(row.title, row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)) for row in rows]
    return [(title, f"{start:%Y-%m-%d %H:%M}", f"{end:%H:%M}") for title, start, end in local]

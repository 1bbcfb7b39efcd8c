"""Opening hours come to the same days in calendars as on our pages, whatever they are."""

import datetime

from hypothesis import HealthCheck, given, settings

from events.core.facts import EventTimes, Run
from events.core.occurrences import occurrences
from events.ical.builder import CalendarHeading, build_calendar
from tests.events.ical import readers
from tests.events.ical.any_facts import ZONES, runs
from tests.events.ical.facts import UTC, clock, facts

FIRST, LAST = datetime.datetime(2024, 1, 1, tzinfo=UTC), datetime.datetime(2025, 1, 1, tzinfo=UTC)


def body_and_meant(run: Run, zone: str) -> tuple[bytes, readers.Found]:
    times = EventTimes(zone, clock("2024-01-20 18:00"), clock("2024-01-20 20:00"), run=run)
    meant = sorted(
        ((one.starts_at, one.ends_at) for one in occurrences(times, FIRST, LAST)),
        key=str,
    )
    return build_calendar([facts(times)], CalendarHeading(name="Көрме", language="kk")), meant


@given(run=runs(), zone=ZONES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hours_are_the_same_in_recurring_ical_events(run, zone) -> None:
    body, meant = body_and_meant(run, zone)
    assert readers.by_icalendar(body, FIRST, LAST, "UTC") == meant


@given(run=runs(), zone=ZONES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hours_are_the_same_in_ical_js(run, zone) -> None:
    body, meant = body_and_meant(run, zone)
    assert readers.by_ical_js(body, FIRST, LAST, "Asia/Almaty") == meant

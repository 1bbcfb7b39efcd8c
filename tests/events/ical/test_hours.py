"""Opening hours come to the same days in calendars as on our pages, whatever they are."""

import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from events.facts import Opening, Run, Special, Times
from events.ical.calendar import Heading, calendar
from events.occurrences import occurrences
from tests.events.ical import readers
from tests.events.ical.facts import UTC, clock, facts

ZONES = some.sampled_from(["Asia/Almaty", "Asia/Aqtau", "UTC", "America/New_York"])
BEGIN = datetime.date(2024, 2, 1)  # before Almaty's change
FIRST, LAST = datetime.datetime(2024, 1, 1, tzinfo=UTC), datetime.datetime(2025, 1, 1, tzinfo=UTC)

hours = some.sampled_from([(9, 13), (14, 18), (11, 19), (12, 15)]).map(
    lambda pair: (datetime.time(pair[0]), datetime.time(pair[1], 30))
)
openings = some.lists(
    some.tuples(some.sets(some.integers(0, 6), min_size=1), hours), max_size=3, unique_by=lambda one: one[1]
).map(lambda found: tuple(Opening(tuple(sorted(days)), *times) for days, times in found))


@some.composite
def runs(draw: some.DrawFn) -> Run:
    first = BEGIN + datetime.timedelta(days=draw(some.integers(0, 60)))
    last = first + datetime.timedelta(days=draw(some.integers(0, 60)))
    specials = []
    for start, length, times in draw(
        some.lists(some.tuples(some.integers(-3, 60), some.integers(0, 5), some.none() | hours), max_size=3)
    ):
        day = first + datetime.timedelta(days=start)
        opens, closes = times or (None, None)
        specials.append(Special(day, day + datetime.timedelta(days=length), opens, closes))
    return Run(first, last, draw(openings), tuple(specials))


def body_and_meant(run: Run, zone: str) -> tuple[bytes, readers.Found]:
    times = Times(zone, clock("2024-01-20 18:00"), clock("2024-01-20 20:00"), run=run)
    meant = sorted(
        ((one.starts_at, one.ends_at) for one in occurrences(times, FIRST, LAST)),
        key=str,
    )
    return calendar([facts(times)], Heading(name="Көрме", language="kk")), meant


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

"""Every reader finds the times that we mean, whatever zone its own clock is in."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from events.core.facts import EventTimes
from events.core.occurrences import occurrences
from events.ical.builder import CalendarHeading, build_calendar
from tests.events.ical import readers
from tests.events.ical.facts import CASES, UTC, facts

pytestmark = pytest.mark.slow

ZONES = ["Asia/Almaty", "Asia/Aqtau", "UTC", "America/New_York"]
FIRST, LAST = (datetime.datetime(year, 1, 1, tzinfo=UTC) for year in (2024, 2027))


def body_of(times: EventTimes) -> bytes:
    return build_calendar([facts(times)], CalendarHeading(name="Күнтізбе", language="kk"))


def meant(times: EventTimes) -> readers.Found:
    found = occurrences(times, FIRST, LAST)
    return sorted(
        (
            (one.local_start.date(), one.local_end.date()) if one.all_day else (one.starts_at, one.ends_at)
            for one in found
        ),
        key=str,
    )


@pytest.mark.parametrize("case", CASES)
def test_icalendar_finds_what_we_mean(case) -> None:
    times = CASES[case]
    assert meant(times)
    assert readers.by_icalendar(body_of(times), FIRST, LAST, "UTC") == meant(times)


@pytest.mark.parametrize("case", CASES)
def test_vobject_finds_what_we_mean(case) -> None:
    times = CASES[case]
    assert readers.by_vobject(body_of(times), FIRST, LAST, "UTC") == meant(times)


@pytest.mark.parametrize("case", CASES)
def test_ical_js_finds_what_we_mean(case) -> None:
    times = CASES[case]
    assert readers.by_ical_js(body_of(times), FIRST, LAST, "Asia/Almaty") == meant(times)


def everything() -> bytes:
    listed = [facts(times, uid=f"{number}@tests.example") for number, times in enumerate(CASES.values())]
    return build_calendar(listed, CalendarHeading(name="Күнтізбе", language="kk"))


def all_meant() -> readers.Found:
    return sorted((one for times in CASES.values() for one in meant(times)), key=str)


@pytest.mark.parametrize("zone", ZONES)
def test_ical_js_finds_the_same_in_every_zone(zone) -> None:
    assert readers.by_ical_js(everything(), FIRST, LAST, zone) == all_meant()


@pytest.mark.parametrize("zone", ZONES)
def test_khal_finds_the_same_in_every_zone(zone, tmp_path) -> None:
    expected = sorted((_on_the_wall(*one, zone) for one in all_meant()), key=str)
    assert readers.by_khal(everything(), FIRST, LAST, zone, tmp_path) == expected


def _on_the_wall(start: readers.When, end: readers.When, zone: str) -> tuple[readers.When, readers.When]:
    """What a clock in the zone shows; something without length lasts an hour in khal."""
    if not isinstance(start, datetime.datetime) or not isinstance(end, datetime.datetime):
        return start, end
    end = end if end != start else end + datetime.timedelta(hours=1)
    return tuple(one.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in (start, end))

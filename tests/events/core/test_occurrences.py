"""What rules, exceptions and hours come to."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, WEEKLY, rrule
from hypothesis import given, settings, strategies as some

from events.core.enums import Frequency
from events.core.facts import EventTimes, MovedOccurrence, RecurrenceRule, Run, SpecialHours, WeeklyHours
from events.core.occurrences import dates_by_rule, occurrences

ALMATY, NEW_YORK = ZoneInfo("Asia/Almaty"), ZoneInfo("America/New_York")
UTC = datetime.UTC


def clock(words: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(words)


def day(words: str) -> datetime.date:
    return datetime.date.fromisoformat(words)


def times(start: str = "2026-03-03 11:00", end: str = "2026-03-03 12:30", **given: object) -> EventTimes:
    return EventTimes(**{"zone": "Asia/Almaty", "start": clock(start), "end": clock(end), **given})


def starts(of: EventTimes, first: str, last: str) -> list[str]:
    zone = ZoneInfo(of.zone)
    found = occurrences(of, clock(first).replace(tzinfo=zone), clock(last).replace(tzinfo=zone))
    return [f"{one.local_start:%m-%d %H:%M}" for one in found]


def test_one_time_is_one_moment_in_utc() -> None:
    [one] = occurrences(times(), clock("2026-03-01T00:00+05:00"), clock("2026-04-01T00:00+05:00"))
    assert one.starts_at == datetime.datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    assert one.ends_at == datetime.datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    assert (one.part, one.original, one.all_day) == ("event", None, False)


@pytest.mark.parametrize(
    "first, last, there",
    [
        ("2026-03-03 12:30", "2026-03-04 00:00", False),  # it has ended when the range begins
        ("2026-03-03 12:29", "2026-03-04 00:00", True),
        ("2026-03-01 00:00", "2026-03-03 11:00", False),  # it begins when the range has ended
        ("2026-03-01 00:00", "2026-03-03 11:01", True),
    ],
)
def test_the_range_takes_what_overlaps_it(first, last, there) -> None:
    assert bool(starts(times(), first, last)) == there


def test_a_moment_without_length_counts_where_it_stands() -> None:
    deadline = times(end="2026-03-03 11:00")
    assert starts(deadline, "2026-03-03 11:00", "2026-03-03 12:00") == ["03-03 11:00"]
    assert starts(deadline, "2026-03-03 10:00", "2026-03-03 11:00") == []


def test_almaty_was_an_hour_further_east_before_march_2024() -> None:
    weekly = times(
        "2024-02-22 11:00", "2024-02-22 12:00", rule=RecurrenceRule(Frequency.WEEKLY, until=day("2024-03-07"))
    )
    found = occurrences(
        weekly, datetime.datetime(2024, 1, 1, tzinfo=UTC), datetime.datetime(2025, 1, 1, tzinfo=UTC)
    )
    assert [one.starts_at.hour for one in found] == [5, 5, 6]
    assert {one.local_start.hour for one in found} == {11}


def test_a_time_that_the_clock_skips_or_shows_twice_is_read_with_the_offset_before() -> None:
    daily = times(
        "2026-03-07 02:30", "2026-03-07 03:30", zone="America/New_York",
        rule=RecurrenceRule(Frequency.DAILY, until=day("2026-03-09")),
    )  # fmt: skip
    found = occurrences(
        daily, datetime.datetime(2026, 3, 1, tzinfo=UTC), datetime.datetime(2026, 4, 1, tzinfo=UTC)
    )
    assert [f"{one.starts_at:%d %H:%M}" for one in found] == ["07 07:30", "08 07:30", "09 06:30"]
    autumn = times("2026-11-01 01:30", "2026-11-01 03:00", zone="America/New_York")
    [twice] = occurrences(
        autumn, datetime.datetime(2026, 10, 1, tzinfo=UTC), datetime.datetime(2026, 12, 1, tzinfo=UTC)
    )
    assert f"{twice.starts_at:%H:%M}" == "05:30"


def test_monthly_on_the_31st_leaves_short_months_out() -> None:
    monthly = times("2026-01-31 10:00", "2026-01-31 11:00", rule=RecurrenceRule(Frequency.MONTHLY))
    assert starts(monthly, "2026-01-01", "2026-08-01") == [
        "01-31 10:00", "03-31 10:00", "05-31 10:00", "07-31 10:00",
    ]  # fmt: skip


def test_yearly_on_29_february() -> None:
    yearly = times("2024-02-29 10:00", "2024-02-29 11:00", rule=RecurrenceRule(Frequency.YEARLY))
    assert starts(yearly, "2024-01-01", "2029-01-01") == ["02-29 10:00", "02-29 10:00"]


def test_every_second_week_on_two_days() -> None:
    rule = RecurrenceRule(Frequency.WEEKLY, interval=2, weekdays=(1, 4), until=day("2026-03-31"))
    assert starts(times(rule=rule), "2026-01-01", "2027-01-01") == [
        "03-03 11:00", "03-06 11:00", "03-17 11:00", "03-20 11:00", "03-31 11:00",
    ]  # fmt: skip


def test_a_rule_without_end_is_cut_by_the_range_and_by_the_limit() -> None:
    daily = times("2001-03-03 11:00", "2001-03-03 12:00", rule=RecurrenceRule(Frequency.DAILY))
    assert starts(daily, "2026-03-01", "2026-03-03") == ["03-01 11:00", "03-02 11:00"]
    first = datetime.datetime(2001, 1, 1, tzinfo=UTC)
    assert len(occurrences(daily, first, datetime.datetime(2100, 1, 1, tzinfo=UTC), limit=50)) == 50


def test_dates_left_out_added_and_moved() -> None:
    weekly = times(
        rule=RecurrenceRule(Frequency.WEEKLY, until=day("2026-03-31")),
        left_out=(day("2026-03-10"),),
        also=(day("2026-03-12"), day("2026-03-17")),  # the second is one by the rule: once
        moved=(MovedOccurrence(day("2026-03-24"), clock("2026-03-25 15:00")),),
    )
    found = occurrences(weekly, clock("2026-03-01T00:00+05:00"), clock("2026-05-01T00:00+05:00"))
    assert [(f"{one.local_start:%m-%d %H:%M}", str(one.original)) for one in found] == [
        ("03-03 11:00", "2026-03-03"),
        ("03-12 11:00", "2026-03-12"),
        ("03-17 11:00", "2026-03-17"),
        ("03-25 15:00", "2026-03-24"),
        ("03-31 11:00", "2026-03-31"),
    ]
    assert found[3].local_end == clock("2026-03-25 16:30")


def test_a_date_moved_into_the_range_from_far_away_is_found() -> None:
    weekly = times(
        rule=RecurrenceRule(Frequency.WEEKLY),
        moved=(MovedOccurrence(day("2026-03-10"), clock("2026-06-01 09:00")),),
    )
    assert starts(weekly, "2026-06-01", "2026-06-02") == ["06-01 09:00"]


def test_whole_days_run_from_midnight_to_midnight_of_the_place() -> None:
    days = EventTimes(zone="Asia/Almaty", start=day("2026-03-03"), end=day("2026-03-05"))
    [one] = occurrences(days, clock("2026-03-04T12:00+05:00"), clock("2026-03-04T13:00+05:00"))
    assert one.all_day
    assert (one.starts_at, one.ends_at) == (
        datetime.datetime(2026, 3, 2, 19, tzinfo=UTC),
        datetime.datetime(2026, 3, 4, 19, tzinfo=UTC),
    )


def run(**given: object) -> Run:
    week = WeeklyHours((1, 2, 3, 4, 5, 6), datetime.time(11), datetime.time(19))
    return Run(**{"first": day("2026-03-08"), "last": day("2026-04-30"), "openings": (week,), **given})


def test_an_exhibition_is_its_opening_and_its_hours_never_a_block() -> None:
    closed = SpecialHours(day("2026-03-21"), day("2026-03-23"))
    shown = times("2026-03-07 18:00", "2026-03-07 20:00", run=run(specials=(closed,)))
    found = occurrences(shown, clock("2026-03-01T00:00+05:00"), clock("2026-06-01T00:00+05:00"))
    hours = [one for one in found if one.part == "hours"]
    assert found[0].part == "event"
    assert f"{found[0].local_start:%m-%d %H:%M}" == "03-07 18:00"
    # 54 days, seven of them Mondays without 23 March, three closed.
    assert len(hours) == 54 - 8 + 1 - 3
    assert max(one.ends_at - one.starts_at for one in found) == datetime.timedelta(hours=8)
    assert not any(one.local_start.weekday() == 0 for one in hours)


def test_special_hours_stand_instead_of_the_usual_ones_also_on_a_closed_weekday() -> None:
    special = (
        SpecialHours(day("2026-03-09"), day("2026-03-09"), datetime.time(14), datetime.time(16)),
        SpecialHours(day("2026-03-09"), day("2026-03-09"), datetime.time(10), datetime.time(12)),
        SpecialHours(day("2026-03-10"), day("2026-03-10"), datetime.time(12), datetime.time(13)),
    )
    shown = times("2026-03-07 18:00", "2026-03-07 20:00", run=run(specials=special))
    assert starts(shown, "2026-03-09", "2026-03-12") == [
        "03-09 10:00", "03-09 14:00", "03-10 12:00", "03-11 11:00",
    ]  # fmt: skip


def test_a_run_without_an_opening_is_its_hours_only() -> None:
    shown = EventTimes("Asia/Almaty", day("2026-03-08"), day("2026-03-09"), run=run())
    assert starts(shown, "2026-03-01", "2026-03-11") == ["03-08 11:00", "03-10 11:00"]


@settings(max_examples=60, deadline=None)
@given(
    start=some.datetimes(clock("2020-01-01"), clock("2026-01-01")),
    interval=some.integers(1, 12),
    weekly=some.booleans(),
    weekdays=some.sets(some.integers(0, 6), max_size=4),
    after=some.integers(0, 900),
    length=some.integers(0, 60),
)
def test_beginning_near_the_range_finds_the_same_as_counting_from_the_start(
    start, interval, weekly, weekdays, after, length
) -> None:
    start = start.replace(microsecond=0)
    days = tuple(sorted(weekdays | {start.weekday()})) if weekly else ()
    first = start + datetime.timedelta(days=after)
    last = first + datetime.timedelta(days=length)
    rule = RecurrenceRule(Frequency.WEEKLY if weekly else Frequency.DAILY, interval, days)
    whole = rrule(
        WEEKLY if weekly else DAILY, dtstart=start, interval=interval, until=last, byweekday=days or None
    )
    assert list(dates_by_rule(start, rule, first, last)) == [one for one in whole if one >= first]

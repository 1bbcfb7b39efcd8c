"""A month as a grid: whole weeks, lanes for what runs, nothing lost but counted."""

import datetime
import itertools

from hypothesis import given, strategies as st

from events.core.month_grid import (
    EntryLook,
    GridDay,
    GridEntry,
    GridStretch,
    MonthGrid,
    NamedDay,
    build_month_grid,
    span_of,
)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


def cell(month: MonthGrid, on: datetime.date) -> GridDay:
    return next(found for week in month.weeks for found in week if found.date == on)


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)))
def test_the_grid_holds_whole_weeks_around_the_month(on: datetime.date) -> None:
    month = build_month_grid(on, today=on)
    days = [found.date for week in month.weeks for found in week]
    assert (days[0], days[-1]) == span_of(on)
    assert days[0].weekday() == 0
    assert [(later - earlier).days for earlier, later in itertools.pairwise(days)] == [1] * (len(days) - 1)
    inside = [found.date for week in month.weeks for found in week if not found.out]
    assert inside[0].day == 1
    assert {found.month for found in inside} == {on.month}
    assert month.before < month.first < month.after
    assert {month.before.day, month.after.day} == {1}


def test_more_than_a_day_shows_are_counted_and_a_lone_one_is_shown() -> None:
    entries = [GridEntry(day(3, 3), f"Event {n}", EntryLook.PUBLIC) for n in range(6)]
    entries += [GridEntry(day(3, 4), f"Event {n}") for n in range(4)]
    month = build_month_grid(day(3, 1), today=day(3, 1), entries=entries, most=3)
    full, even = cell(month, day(3, 3)), cell(month, day(3, 4))
    assert (len(full.entries), full.more, full.count) == (3, 3, 6)
    assert (len(even.entries), even.more) == (4, 0)
    assert full.looks == (EntryLook.PUBLIC,)


def test_what_runs_keeps_its_lane_and_says_its_title_once_a_week() -> None:
    open_days = [day(3, 8) + datetime.timedelta(n) for n in range(10)]
    stretches = [GridStretch(on, "a", "Exhibition", "11–19") for on in open_days if on.weekday() != 0]
    stretches += [GridStretch(day(3, 9), "b", "Posters"), GridStretch(day(3, 10), "b", "Posters")]
    month = build_month_grid(day(3, 8), today=day(3, 8), stretches=stretches)
    monday, tuesday, wednesday = (cell(month, day(3, n)).lines for n in (9, 10, 11))
    assert [line.stretch and line.stretch.key for line in tuesday] == ["b", "a"]
    assert monday[1].stretch is None
    assert (tuesday[1].says, tuesday[1].begins, wednesday[1].says) == (True, True, False)
    assert wednesday[0].stretch is None
    assert cell(month, day(3, 15)).lines[1].ends
    assert cell(month, day(3, 8)).lines[0].says


def test_other_hours_are_said_on_their_day() -> None:
    stretches = [
        GridStretch(day(3, n), "a", "Exhibition", "11–19" if n != 12 else "11–22") for n in (10, 11, 12)
    ]
    month = build_month_grid(day(3, 8), today=day(3, 8), stretches=stretches)
    assert [cell(month, day(3, n)).lines[0].says for n in (10, 11, 12)] == [True, False, True]


def test_names_and_today_stand_on_their_days() -> None:
    names = [NamedDay(day(3, 8), "Women’s Day"), NamedDay(datetime.date(2027, 3, 8), "elsewhere")]
    month = build_month_grid(day(3, 1), today=day(3, 8), names=names)
    found = cell(month, day(3, 8))
    assert [name.words for name in found.names] == ["Women’s Day"]
    assert (found.today, found.past, cell(month, day(3, 7)).past) == (True, False, True)

"""Opening hours and ranges of dates in words."""

import datetime

import pytest
from django.utils.translation import override

from events.core.facts import Run, SpecialHours, WeeklyHours
from events.core.formatting import (
    hours_on,
    moment_in_words,
    offset_in_words,
    range_in_words,
    specials_of,
    week_of,
)


def at(hour: int, minute: int = 0) -> datetime.time:
    return datetime.time(hour, minute)


def day(words: str) -> datetime.date:
    return datetime.date.fromisoformat(words)


def run(*openings: WeeklyHours, specials: tuple[SpecialHours, ...] = ()) -> Run:
    return Run(day("2026-03-08"), day("2026-04-30"), openings, specials)


def test_neighbouring_days_with_the_same_hours_are_one_line() -> None:
    week = week_of(run(WeeklyHours((1, 2, 3, 4, 5, 6), at(11), at(19))))
    assert [tuple(line) for line in week] == [("Monday", "closed"), ("Tuesday–Sunday", "11:00–19:00")]
    assert [line.closed for line in week] == [True, False]


def test_breaks_pairs_and_days_that_are_no_neighbours() -> None:
    week = week_of(
        run(
            WeeklyHours((0, 1, 4), at(14), at(19)),
            WeeklyHours((0, 1, 4), at(10), at(13)),
            WeeklyHours((2,), at(10), at(13, 30)),
        )
    )
    assert [tuple(line) for line in week] == [
        ("Monday and Tuesday", "10:00–13:00, 14:00–19:00"),
        ("Wednesday", "10:00–13:30"),
        ("Thursday", "closed"),
        ("Friday", "10:00–13:00, 14:00–19:00"),
        ("Saturday and Sunday", "closed"),
    ]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_only_the_first_word_of_a_line_is_capital_where_days_are_no_names(language) -> None:
    with override(language):
        days = week_of(run(WeeklyHours((1, 2, 3), at(11), at(19))))[1].days
    first, second = days.split("–")
    assert first[0].isupper()
    assert second == second.lower()


def test_days_that_differ_with_their_reason() -> None:
    specials = (
        SpecialHours(day("2026-03-28"), day("2026-03-28"), at(14), at(16)),
        SpecialHours(day("2026-03-28"), day("2026-03-28"), at(10), at(12)),
        SpecialHours(day("2026-03-21"), day("2026-03-23"), why="Nauryz"),
    )
    assert [tuple(line) for line in specials_of(run(specials=specials))] == [
        ("21–23 March 2026", "closed: Nauryz"),
        ("28 March 2026", "10:00–12:00, 14:00–16:00"),
    ]


def test_the_hours_of_one_day() -> None:
    ten = day("2026-03-10")
    shown = run(
        WeeklyHours((1,), at(11), at(19)),
        specials=(SpecialHours(ten, ten, at(12), at(13)),),
    )
    assert hours_on(shown, day("2026-03-10")) == "12:00–13:00"
    assert hours_on(shown, day("2026-03-17")) == "11:00–19:00"
    assert hours_on(shown, day("2026-03-18")) == "closed"


@pytest.mark.parametrize(
    "first, last, words",
    [
        ("2026-03-08", "2026-03-08", "8 March 2026"),
        ("2026-03-08", "2026-03-10", "8–10 March 2026"),
        ("2026-03-08", "2026-04-30", "8 March – 30 April 2026"),
        ("2025-12-30", "2026-01-02", "30 December 2025 – 2 January 2026"),
    ],
)
def test_ranges_of_dates(first, last, words) -> None:
    assert range_in_words(day(first), day(last)) == words


def test_the_run_of_an_exhibition() -> None:
    assert range_in_words(run().first, run().last) == "8 March – 30 April 2026"


@pytest.mark.parametrize(
    "moment, offset",
    [
        ("2026-03-03T11:00+05:00", "UTC+5"),
        ("2026-03-03T11:00-03:30", "UTC-3:30"),
        ("2026-03-03T11:00+00:00", "UTC"),
    ],
)
def test_a_moment_says_its_offset(moment, offset) -> None:
    aware = datetime.datetime.fromisoformat(moment)
    assert offset_in_words(aware) == offset
    assert moment_in_words(aware) == f"Tuesday 3 March 2026, 11:00 ({offset})"

"""Months and working days, as promises count them."""

import datetime

import pytest

from coalition.campaigns.core.dates import is_working_day, months_after, working_day_after


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-07-15", 6, "2027-01-15"),
        ("2026-12-01", 12, "2027-12-01"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_one(start, months, end):
    assert months_after(day(start), months) == day(end)


def test_weekends_and_nauryz_are_no_working_days():
    march = [datetime.date(2026, 3, one) for one in range(18, 28)]
    assert [one.day for one in march if is_working_day(one)] == [18, 19, 20, 26, 27]


def test_a_saturday_worked_for_a_day_off_is_a_working_day():
    assert is_working_day(day("2024-05-04"))
    assert not is_working_day(day("2024-05-08"))
    assert not is_working_day(day("2024-05-11"))


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-03-20", 1, "2026-03-26"),  # a Friday before Nauryz, which lasts from Saturday to Wednesday
        ("2026-03-26", -1, "2026-03-20"),
        ("2026-03-26", -5, "2026-03-16"),
        ("2026-03-21", 0, "2026-03-26"),
        ("2026-03-18", 0, "2026-03-18"),
        ("2026-12-31", 1, "2027-01-05"),  # 1, 2 and 4 January are holidays, 3 is a Sunday
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start, number, end):
    assert working_day_after(day(start), number) == day(end)


@pytest.mark.parametrize("number", [1, 7, 30])
def test_there_and_back_again_is_the_same_working_day(number):
    start = day("2026-04-28")
    assert working_day_after(working_day_after(start, number), -number) == start

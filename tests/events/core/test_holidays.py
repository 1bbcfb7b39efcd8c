"""Public holidays, as one planner in each language reads them."""

import datetime

import pytest
from django.utils.translation import override

from events.core.occurrences import EXCHANGED, NAMES, holiday_on, holidays_between


def on(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, day)


@pytest.mark.parametrize(
    "day",
    [
        *(on(2027, 3, day) for day in (8, 21, 22, 23)),
        on(2027, 1, 1),
        on(2027, 5, 1),
        on(2027, 12, 16),
        on(2025, 6, 6),  # Qurban Ait
    ],
)
def test_public_holidays_are_known(day):
    assert holiday_on(day)


def test_an_ordinary_day_is_none():
    assert holiday_on(on(2026, 3, 3)) is None


def test_a_holiday_at_a_weekend_leaves_a_day_off_behind():
    moved = holiday_on(on(2026, 3, 9))  # 8 March 2026 is a Sunday
    assert moved
    assert moved.instead
    with override("en"):
        assert moved.name == "Day off: Women’s Day"


def test_a_working_day_that_was_exchanged_is_a_day_off():
    exchanged = holiday_on(on(2025, 1, 3))
    assert exchanged
    with override("en"):
        assert exchanged.name == "Day off"


def test_a_date_by_the_moon_is_said_to_be_expected():
    ait = next(one for one in holidays_between(on(2027, 1, 1), on(2027, 12, 31)) if "Adha" in one.source)
    assert ait.estimated
    with override("en"):
        assert ait.name == "Qurban Ait (expected)"


def test_every_holiday_of_twenty_years_has_a_name_of_ours():
    """A new holiday or a new wording of the package would come out in English: this notices."""
    known = {one.source for one in holidays_between(on(2016, 1, 1), on(2036, 12, 31))}
    assert {name for name in known if not EXCHANGED.match(name)} <= set(NAMES)
    assert "Nowruz Holiday" in known

"""Dates as promises count them: in months and in working days."""

import calendar
import datetime

from events.core.occurrences import EXCHANGED, holidays_between

DAY = datetime.timedelta(days=1)
_SATURDAY = 5


def months_after(day: datetime.date, months: int) -> datetime.date:
    """Return the same day so many months later, or the last day of that month where it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def is_working_day(day: datetime.date) -> bool:
    """Whether offices are open in Kazakhstan: neither a weekend nor a public holiday or day off.

    A Saturday that is worked in exchange for a day off counts, once the decree is in the package `holidays`.
    """
    if day.weekday() < _SATURDAY:
        return not holidays_between(day, day)
    year = holidays_between(day.replace(month=1, day=1), day.replace(month=12, day=31))
    return any(f"{day:%m/%d/%Y}" in one.source for one in year if EXCHANGED.match(one.source))


def working_day_after(day: datetime.date, number: int) -> datetime.date:
    """Return the `number`-th working day after `day`, or before it if negative.

    0 is the day itself if it is a working day, else the next one. The day itself is never counted.
    """
    if number == 0:
        while not is_working_day(day):
            day += DAY
        return day
    step = DAY if number > 0 else -DAY
    left = abs(number)
    while left:
        day += step
        left -= is_working_day(day)
    return day

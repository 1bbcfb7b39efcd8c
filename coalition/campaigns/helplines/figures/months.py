"""Months of figures: keys, periods, words. A month is its first day. Pure, but for the coalition's day."""

import datetime
from collections.abc import Iterator
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _

from coalition.campaigns.core.days import site_today

OLDEST_MONTHS: Final = 36  # how far back figures are entered; older ones are deleted


def this_month() -> datetime.date:
    """Return the month that runs now."""
    return site_today().replace(day=1)


def shifted(month: datetime.date, months: int) -> datetime.date:
    """Return the month so many months later, earlier if negative."""
    number = month.year * 12 + month.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)


def oldest_month() -> datetime.date:
    """Return the oldest month of which figures are entered and stored."""
    return shifted(this_month(), -OLDEST_MONTHS)


def month_range(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Yield the months from `first` to `last`, both included."""
    while first <= last:
        yield first
        first = shifted(first, 1)


def month_key(month: datetime.date) -> str:
    """Return “2026-10”."""
    return f"{month:%Y-%m}"


def month_of(key: str) -> datetime.date:
    """Return the month of a key. Raises ValueError for what is none."""
    return datetime.datetime.strptime(key, "%Y-%m").replace(tzinfo=datetime.UTC).date()


def quarter_key(month: datetime.date) -> str:
    """Return “2026-Q4”."""
    return f"{month.year}-Q{(month.month + 2) // 3}"


def month_words(month: datetime.date) -> str:
    """Return “October 2026” in the active language."""
    return formats.date_format(month, "YEAR_MONTH_FORMAT")


def period_words(first: datetime.date, last: datetime.date) -> str:
    """Return “October 2026 – December 2026”, or the month alone."""
    if first == last:
        return month_words(first)
    return _("%(first)s – %(last)s") % {"first": month_words(first), "last": month_words(last)}

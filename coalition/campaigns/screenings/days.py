"""Days on which a film can be screened: from today on, two years ahead at most."""

import datetime
from typing import Final

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from coalition.core.clock import now

MOST_YEARS: Final = 2


def last_day() -> datetime.date:
    """Return the last day that can be asked for now."""
    today = localdate(now())
    year = today.year + MOST_YEARS
    return (
        today.replace(year=year, day=28) if (today.month, today.day) == (2, 29) else today.replace(year=year)
    )


def why_not_on(day: datetime.date) -> str:
    """Return why a film cannot be screened on this day, "" if it can."""
    if day < localdate(now()):
        return _("This day is over. Choose a later one.")
    return _("Choose a day within two years.") if day > last_day() else ""

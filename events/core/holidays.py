"""Kazakhstan's public holidays, with moved days off, named in the reader's language. Pure.

The dates are those of the package `holidays`. It has no Russian names and marks moved days in the
name itself, so the names here are our own, looked up by its English ones; an unknown name is
displayed as it is. Holidays are the same in all regions.
"""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: dict[str, Promise] = {
    "New Year's Day": gettext_lazy("New Year"),
    "Orthodox Christmas": gettext_lazy("Orthodox Christmas"),
    "International Women's Day": gettext_lazy("Women’s Day"),
    "Nowruz Holiday": gettext_lazy("Nauryz"),
    "Kazakhstan's People Solidarity Holiday": gettext_lazy("Unity Day"),
    "Defender of the Fatherland Day": gettext_lazy("Defenders’ Day"),
    "Victory Day": gettext_lazy("Victory Day"),
    "Eid al-Adha": gettext_lazy("Qurban Ait"),
    "Capital Day": gettext_lazy("Capital Day"),
    "Constitution Day": gettext_lazy("Constitution Day"),
    "Republic Day": gettext_lazy("Republic Day"),
    "Independence Day": gettext_lazy("Independence Day"),
    "First President Day": gettext_lazy("First President’s Day"),
}
_MARKED = re.compile(r"^(?P<name>.+?) \((?P<mark>observed|estimated|observed, estimated)\)$")
EXCHANGED = re.compile(r"^Day off \(substituted from (?P<month>\d\d)/(?P<day>\d\d)/(?P<year>\d{4})\)$")


@dataclass(frozen=True)
class Holiday:
    """A day off work. `instead`: the substitute day off for a holiday at a weekend.

    `estimated`: the date follows the moon and is announced later. `source` is the package's English
    name.
    """

    date: datetime.date
    source: str
    instead: bool = False
    estimated: bool = False

    @property
    def name(self) -> str:
        """Return the name in the active language, short enough for a day of the month."""
        if EXCHANGED.match(self.source):
            return _("Day off")
        name = str(NAMES.get(self.source, self.source))
        if self.instead:
            return _("Day off: %(holiday)s") % {"holiday": name}
        return _("%(holiday)s (expected)") % {"holiday": name} if self.estimated else name


def holidays_between(first: datetime.date, last: datetime.date) -> list[Holiday]:
    """Return public holidays between two days, both included, in order; at most one per day."""
    years = range(first.year, last.year + 1)
    return [one for year in years for one in _of_year(year) if first <= one.date <= last]


def holiday_on(day: datetime.date) -> Holiday | None:
    """Return the public holiday on the day, if any."""
    return next((one for one in _of_year(day.year) if one.date == day), None)


@lru_cache(maxsize=32)
def _of_year(year: int) -> tuple[Holiday, ...]:
    import holidays  # the days of every country: slow to import, and needed once a year

    found = holidays.country_holidays("KZ", years=year, language="en_US")
    return tuple(_read(date, name) for date, name in sorted(found.items()))


def _read(date: datetime.date, name: str) -> Holiday:
    """Parse a name. Two holidays on one day are written `A; B`: use the first."""
    name = name.split("; ", maxsplit=1)[0]
    marked = _MARKED.match(name)
    if marked is None:
        return Holiday(date, name)
    mark = marked["mark"]
    return Holiday(date, marked["name"], instead="observed" in mark, estimated="estimated" in mark)

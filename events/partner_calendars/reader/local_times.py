"""Parser of iCalendar times, converted to the local time of one zone."""

import datetime
import re
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from events.partner_calendars.reader.limits import EARLIEST, LATEST
from events.partner_calendars.reader.parser import PropertyLine
from events.partner_calendars.reader.rejected import SetAside

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)Z?")  # "20131210Z": Google's birthdays
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z?)")
_UTC: Final = ZoneInfo("UTC")

type FindZone = Callable[[str], datetime.tzinfo]


class Wall:
    """Local clock of an event, in which all its other times are expressed.

    `find` turns a TZID into a zone or raises SetAside; `floating` is the zone of times without one.
    """

    def __init__(self, start: PropertyLine, *, find: FindZone, floating: datetime.tzinfo) -> None:
        self._find, self._floating = find, floating
        self.all_day = _is_date(start)
        if self.all_day:
            self.zone = floating
        elif start.value.strip().upper().endswith("Z"):
            self.zone = _UTC
        else:
            self.zone = find(start.param("TZID")) if start.param("TZID") else floating
        self.start = self.at(start)

    def at(self, line: PropertyLine, value: str | None = None) -> datetime.datetime:
        """Return a naive local moment; a date is its midnight. Raises SetAside for invalid values."""
        value = (line.value if value is None else value).strip().upper()
        if (day := _DATE.fullmatch(value)) is not None:
            return _made(*(int(part) for part in day.groups()))
        found = _TIME.fullmatch(value)
        if found is None:
            raise SetAside("bad_date", value=value[:40])
        moment = _made(*(int(part or 0) for part in found.groups()[:6]))
        if found.group(7):
            return self._from(moment, _UTC)
        return self._from(moment, self._find(line.param("TZID")) if line.param("TZID") else self._own())

    def _own(self) -> datetime.tzinfo:
        """Return the zone of times without one: this one, except if it is UTC: those float."""
        return self.zone if self.zone is not _UTC else self._floating

    def _from(self, moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
        if zone is self.zone:
            return moment
        return moment.replace(tzinfo=zone).astimezone(self.zone).replace(tzinfo=None)

    def utc(self, moment: datetime.datetime) -> datetime.datetime:
        """Convert a local time of this zone to an aware moment."""
        return moment.replace(tzinfo=self.zone).astimezone(datetime.UTC)


def _is_date(line: PropertyLine) -> bool:
    """Whether it is a date, by the value alone: some programs write VALUE=DATE before a date-time."""
    return _DATE.fullmatch(line.value.strip().upper()) is not None


def _made(*parts: int) -> datetime.datetime:
    try:
        year, month, day = parts[:3]
        hour, minute, second = parts[3:] or (0, 0, 0)
        moment = datetime.datetime.combine(
            datetime.date(year, month, day), datetime.time(hour, minute, min(second, 59))
        )
    except ValueError as error:
        raise SetAside("bad_date", value="-".join(str(part) for part in parts)) from error
    if not EARLIEST <= moment <= LATEST:
        raise SetAside("bad_date", value=f"{moment:%Y-%m-%d}")
    return moment

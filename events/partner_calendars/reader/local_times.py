"""Parser of iCalendar times, converted to the local time of one zone."""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast
from zoneinfo import ZoneInfo, available_timezones

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.partner_calendars.reader.parser import EARLIEST, LATEST, PropertyLine, SetAside

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)Z?")  # "20131210Z": Google's birthdays
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z?)")
_UTC_ZONE: Final = ZoneInfo("UTC")

type FindZone = Callable[[str], datetime.tzinfo]


class Wall:
    """Local clock of an event, in which all its other times are expressed.

    `find` turns a TZID into a zone or raises SetAside; `floating` is the zone of times without one.
    """

    def __init__(self, start: PropertyLine, *, find: FindZone, floating: datetime.tzinfo) -> None:
        self._find, self._floating = find, floating
        # By the value alone: some programs write VALUE=DATE before a date-time.
        self.all_day = _DATE.fullmatch(start.value.strip().upper()) is not None
        if self.all_day:
            self.zone = floating
        elif start.value.strip().upper().endswith("Z"):
            self.zone = _UTC_ZONE
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
            return self._from(moment, _UTC_ZONE)
        if line.param("TZID"):
            return self._from(moment, self._find(line.param("TZID")))
        # Times without a zone have this one, except if it is UTC: those float.
        return self._from(moment, self._floating if self.zone is _UTC_ZONE else self.zone)

    def _from(self, moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
        if zone is self.zone:
            return moment
        return moment.replace(tzinfo=zone).astimezone(self.zone).replace(tzinfo=None)

    def utc(self, moment: datetime.datetime) -> datetime.datetime:
        """Convert a local time of this zone to an aware moment."""
        return moment.replace(tzinfo=self.zone).astimezone(datetime.UTC)


def _made(*parts: int) -> datetime.datetime:
    year, month, day, *clock = parts
    hour, minute, second = clock or (0, 0, 0)
    try:
        moment = datetime.datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001  local
    except ValueError as error:
        raise SetAside("bad_date", value="-".join(str(part) for part in parts)) from error
    if not EARLIEST <= moment <= LATEST:
        raise SetAside("bad_date", value=f"{moment:%Y-%m-%d}")
    return moment


# Windows names that mean another place here than in the common table. Since 1 March 2024 all of
# Kazakhstan is at UTC+5; its computers have been set to "Central Asia Standard Time" for decades,
# and so are Bishkek's (UTC+6). A definition in the calendar takes precedence over this table.
HERE: Final = {
    "Central Asia Standard Time": "Asia/Almaty",
    "Qyzylorda Standard Time": "Asia/Qyzylorda",
    "West Asia Standard Time": "Asia/Aqtobe",
    "N. Central Asia Standard Time": "Asia/Novosibirsk",
}
_UTC_OFFSET = frozenset({"utc", "z", "gmt", "etc/utc", "zulu", "coordinated universal time"})
_IN_NAME = re.compile(r"^\(?(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?\)?(?:\s.*)?$", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(0\d|1[0-4])([0-5]\d)(?:[0-5]\d)?")  # of TZOFFSETFROM and TZOFFSETTO
_OBSERVANCE: Final = frozenset({"BEGIN", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"})
_LIKELY: Final = ("Asia/Almaty", "Europe/Moscow", "Europe/Berlin", "Europe/London", "America/New_York", "UTC")
_WEEK = datetime.timedelta(days=7)


class Zones:
    """The time zones of one calendar.

    `defined`: the lines of its VTIMEZONEs by TZID. `preferred`: the IANA zone to choose among several
    with the same times. Offsets are compared between `first` and `last` (aware), the range read.
    """

    def __init__(
        self,
        defined: dict[str, list[PropertyLine]],
        *,
        preferred: str,
        first: datetime.datetime,
        last: datetime.datetime,
    ) -> None:
        self._defined = {_clean(name): lines for name, lines in defined.items()}
        self._preferred = preferred
        start = first.replace(tzinfo=None)
        self._samples = [start + number * _WEEK for number in range((last - first) // _WEEK + 1)]
        self._found: dict[str, datetime.tzinfo | None] = {}

    def find(self, name: str) -> datetime.tzinfo | None:
        """Return the zone of a TZID; None if it cannot be determined.

        By a name of one place; else by the calendar's own VTIMEZONE; last by the offset in the name
        ("(UTC+01:00) Berlin"), which does not define when clocks change.
        """
        name = _clean(name)
        if name not in self._found:
            self._found[name] = None  # if the time limit ends the search, it is not repeated
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> datetime.tzinfo | None:
        if name not in HERE and (known := _by_name(name)):
            return ZoneInfo(known)
        if (defined := self._by_definition(self._defined.get(name, []))) is not None:
            return defined
        if name in HERE:
            return ZoneInfo(HERE[name])
        if (offset := _IN_NAME.match(name)) is not None:
            sign, hours, minutes = offset.groups()
            return self._fixed(f"{sign}{hours.zfill(2)}{minutes or '00'}")
        return None

    def _by_definition(self, lines: list[PropertyLine]) -> datetime.tzinfo | None:
        """Resolve by a VTIMEZONE: the place that it names, else the offsets that it defines."""
        for line in lines:
            if line.name in {"X-LIC-LOCATION", "X-MICROSOFT-CDO-TZID"} and (
                found := _by_name(line.value.strip())
            ):
                return ZoneInfo(found)
        offsets = {line.value.strip() for line in lines if line.name == "TZOFFSETTO"}
        if not offsets or not all(_OFFSET.fullmatch(offset) for offset in offsets):
            return None
        if len(offsets) == 1:
            return self._fixed(offsets.pop())
        if any(line.name == "RRULE" and "FREQ=YEARLY" not in line.value.upper() for line in lines):
            return None
        try:
            definition = cast("icalendar.Timezone", icalendar.Timezone.from_ical(_vtimezone(lines)))
            return self._named(definition.to_tz(lookup_tzid=False))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            return None  # anything missing or wrong in the definition

    def _fixed(self, offset: str) -> datetime.tzinfo | None:
        """Return the zone of `+0500`."""
        found = _OFFSET.fullmatch(offset)
        if found is None:
            return None
        length = datetime.timedelta(hours=int(found[2]), minutes=int(found[3]))
        return self._named(datetime.timezone(-length if found[1] == "-" else length))

    def _named(self, zone: datetime.tzinfo) -> datetime.tzinfo:
        """Return an IANA zone with the same times, which is faster than the definition; else the zone
        itself."""
        offsets = [sample.replace(tzinfo=zone).utcoffset() for sample in self._samples]
        # Zones named by their offset before places that share it.
        others = sorted(_all().values(), key=lambda name: (not name.startswith("Etc/GMT"), name))
        for name in dict.fromkeys([self._preferred, *_LIKELY, *others]):
            info = ZoneInfo(name)
            if all(
                sample.replace(tzinfo=info).utcoffset() == offset
                for sample, offset in zip(self._samples, offsets, strict=True)
            ):
                return info
        return zone


def _clean(name: str) -> str:
    """Normalise a TZID for comparison: strip quotes, surrounding blanks and TEXT escapes."""
    return re.sub(r"\\([,;\\])", r"\1", name.strip().strip('"'))


@lru_cache(maxsize=1000)
def _by_name(name: str) -> str | None:
    """Return the IANA name of a TZID that contains more than an offset."""
    if name.lower() in _UTC_OFFSET:
        return "UTC"
    if found := HERE.get(name) or WINDOWS_TO_OLSON.get(name) or _known(name):
        return found
    parts = [part for part in name.replace("\\", "/").split("/") if part]
    for count in (3, 2):  # /softwarestudio.org/Olson_20011030_5/Asia/Almaty
        if len(parts) >= count and (found := _known("/".join(parts[-count:]))):
            return found
    return None


@lru_cache(maxsize=1)
def _all() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}


def _known(name: str) -> str | None:
    return _all().get(name.lower().replace(" ", "_"))


def _vtimezone(lines: list[PropertyLine]) -> str:
    """Return the definition reduced to the lines that determine offsets."""
    text = ["BEGIN:VTIMEZONE", "TZID:defined"]
    observance = ""
    for line in lines:
        if line.name == "BEGIN":
            text += [f"END:{observance}"] if observance else []
            observance = line.value
        if line.name in _OBSERVANCE and observance:
            text.append(f"{line.name}:{line.value.strip()}")
    return "\r\n".join([*text, f"END:{observance}", "END:VTIMEZONE", ""])

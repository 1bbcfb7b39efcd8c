"""Time zones by the names that calendars of this world give them."""

import datetime
import re
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.partner_calendars.reader.parser import Line

# Windows names that mean another place here than the common table says. Since 1 March 2024 all of
# Kazakhstan is at UTC+5; "Central Asia Standard Time" is what its computers have been set to for decades.
HERE: Final = {
    "Central Asia Standard Time": "Asia/Almaty",
    "Qyzylorda Standard Time": "Asia/Qyzylorda",
    "West Asia Standard Time": "Asia/Aqtobe",
    "N. Central Asia Standard Time": "Asia/Novosibirsk",
}
_UTC = frozenset({"utc", "z", "gmt", "etc/utc", "zulu", "coordinated universal time"})
_OFFSET = re.compile(r"^\(?(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?\)?(?:\s.*)?$", re.IGNORECASE)
# Winter and summer alone: zones of one kind change on different days of spring and autumn.
_SAMPLES: Final = tuple(
    datetime.datetime.fromisoformat(f"{year}-{month:02}-10") for year in (2026, 2027) for month in (1, 7)
)
_LIKELY: Final = ("Asia/Almaty", "Europe/Moscow", "Europe/Berlin", "Europe/London", "America/New_York")


def zone_of(name: str, defined: dict[str, list[Line]], preferred: str = "") -> str | None:
    """The IANA name that a calendar's TZID means; None if nobody can know.

    First by its name, then by what the calendar's own VTIMEZONE says of it. `preferred`: the zone to take
    among several with the same times.
    """
    name = name.strip().strip('"')
    return _by_name(name) or _by_definition(defined.get(name), preferred)


@lru_cache(maxsize=1000)
def _by_name(name: str) -> str | None:
    if name.lower() in _UTC:
        return "UTC"
    if name in HERE:
        return HERE[name]
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    if found := _known(name):
        return found
    parts = [part for part in name.replace("\\", "/").split("/") if part]
    for count in (3, 2):  # /softwarestudio.org/Olson_20011030_5/Asia/Almaty
        if len(parts) > count and (found := _known("/".join(parts[-count:]))):
            return found
    if (offset := _OFFSET.match(name)) is not None:  # (UTC+05:00) Astana
        return _fixed(offset.group(1) + offset.group(2).zfill(2) + (offset.group(3) or "00"))
    return None


@lru_cache(maxsize=1)
def _all() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}


def _known(name: str) -> str | None:
    return _all().get(name.lower().replace(" ", "_"))


def _fixed(offset: str) -> str | None:
    """`+0500` as a zone of whole hours; others have none that is named by its offset."""
    sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[3:5])
    if offset[:5] == "+0500":
        return "Asia/Almaty"
    if minutes:
        return _with_offsets([(1 if sign == "+" else -1) * (hours * 60 + minutes)] * len(_SAMPLES), "")
    if hours == 0:
        return "UTC"
    return _known(f"Etc/GMT{'-' if sign == '+' else '+'}{hours}")


def _by_definition(lines: list[Line] | None, preferred: str) -> str | None:
    """By a VTIMEZONE: the place it names, else a zone that has the same times these years."""
    if not lines:
        return None
    for line in lines:
        if line.name in {"X-LIC-LOCATION", "X-MICROSOFT-CDO-TZID"} and (
            found := _by_name(line.value.strip())
        ):
            return found
    offsets = [line.value.strip() for line in lines if line.name == "TZOFFSETTO"]
    if not offsets or not all(re.fullmatch(r"[+-]\d{4}(\d\d)?", offset) for offset in offsets):
        return None
    lasting = _lasting(lines)
    if lasting is None or any(int(offset[1:3]) > 14 or int(offset[3:5]) > 59 for offset in lasting):
        return None
    if len(set(lasting)) == 1:
        return _fixed(lasting[0])
    return _with_offsets(_over_the_year(lasting), preferred)


def _lasting(lines: list[Line]) -> list[str] | None:
    """The offset that holds now, or those of summer and winter where they change every year."""
    observances: list[dict[str, str]] = []
    for line in lines:
        if line.name == "BEGIN" and line.value in {"STANDARD", "DAYLIGHT"}:
            observances.append({"kind": line.value})
        elif observances:
            observances[-1].setdefault(line.name, line.value.strip())
    complete = [one for one in observances if "TZOFFSETTO" in one]
    if not complete:
        return None
    yearly = [one for one in complete if "UNTIL=" not in one.get("RRULE", "UNTIL=").upper()]
    if len({one["kind"] for one in yearly}) == 2:
        summer = next(one for one in yearly if one["kind"] == "DAYLIGHT")
        winter = next(one for one in yearly if one["kind"] == "STANDARD")
        return [winter["TZOFFSETTO"], summer["TZOFFSETTO"]]
    newest = max(complete, key=lambda one: one.get("DTSTART", ""))
    return [newest["TZOFFSETTO"]]


def _over_the_year(offsets: list[str]) -> list[int]:
    """Minutes at the samples: winter in January, summer in July of the northern half of the world."""
    winter, summer = (
        (1 if offset[0] == "+" else -1) * (int(offset[1:3]) * 60 + int(offset[3:5])) for offset in offsets
    )
    return [winter if sample.month == 1 else summer for sample in _SAMPLES]


def _with_offsets(minutes: list[int], preferred: str) -> str | None:
    for name in [preferred, *_LIKELY, *sorted(_all().values())]:
        if name and [_minutes(name, sample) for sample in _SAMPLES] == minutes:
            return name
    return None


def _minutes(name: str, sample: datetime.datetime) -> int:
    offset = sample.replace(tzinfo=ZoneInfo(name)).utcoffset() or datetime.timedelta()
    return int(offset.total_seconds() // 60)

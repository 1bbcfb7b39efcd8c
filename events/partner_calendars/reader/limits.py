"""Limits on recurrence rules before expansion: reject rules that never end or take very long.

Expansion steps from the start of an event. The guard counts the steps that a rule can take until
the horizon, and rejects rules that take too many or have no end of their own within it.
"""

import datetime
import re
from typing import Final

from events.partner_calendars.reader.reasons import SetAside

MOST_COUNT: Final = 10_000
MOST_STEPS: Final = 40_000
MOST_VALUES: Final = 400  # of one BY list; a year has 366 days
MOST_TIMES_A_DAY: Final = 24
MOST_HOURS: Final = 2_000  # steps of an hourly rule
MOST_DATES: Final = 4_000  # RDATE and EXDATE
MOST_RULES: Final = 10  # of one event
# Naive, since they are compared with local times. Apple writes 1604 for an unknown year.
EARLIEST, LATEST = (datetime.datetime.fromisoformat(f"{year}-01-01") for year in (1600, 2200))

_DAYS: Final = {"HOURLY": 1 / 24, "DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_TOO_FAST: Final = frozenset({"SECONDLY", "MINUTELY"})
_RANGES: Final = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (1, 366),
}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_RANGES})
_SAYS_NOTHING: Final = frozenset({("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")})  # RFC 7529: the defaults


def bound_rule(
    text: str, *, start: datetime.datetime, until: datetime.datetime | None, last: datetime.datetime
) -> str:
    """Return the rule, with an end not after `last`. Raises SetAside with a code if it must not be
    expanded.

    All moments are naive and local to the event; `until` is the rule's own UNTIL, already so.
    """
    parts = _parts(text)
    frequency = parts["FREQ"]
    if frequency in _TOO_FAST:
        raise SetAside("too_fast", rule=_short(text))
    if frequency not in _DAYS:
        raise SetAside("rule_unreadable", rule=_short(text))
    interval = _parse_integer(parts, "INTERVAL", 1)
    if interval == 0:
        raise SetAside("interval_zero", rule=_short(text))
    count = _parse_integer(parts, "COUNT", 0)
    if count > MOST_COUNT:
        raise SetAside("count_huge", count=count, limit=MOST_COUNT)
    if until is not None and until < start:
        raise SetAside("until_before_start", rule=_short(text))
    _check_lists(parts, text)
    end = min(until or last, last)
    steps = max(0.0, (end - start) / datetime.timedelta(days=1)) / (_DAYS[frequency] * interval)
    if frequency == "HOURLY" and not 0 < (count or steps) <= MOST_HOURS:
        raise SetAside("too_fast", rule=_short(text))
    if steps > MOST_STEPS and not (frequency == "HOURLY" and count):
        raise SetAside("rule_too_long", rule=_short(text))
    return _with_end(parts, count=count, until=until, end=end)


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in re.sub(r"\s", "", text).upper().rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if (name, value) in _SAYS_NOTHING:
            continue
        if not equals or name in parts or (name not in _PARTS and not name.startswith("X-")):
            raise SetAside("rule_unreadable", rule=_short(text))
        if name in _PARTS:
            parts[name] = value
    if "FREQ" not in parts or ("COUNT" in parts and "UNTIL" in parts):
        raise SetAside("rule_unreadable", rule=_short(text))
    return parts


def _parse_integer(parts: dict[str, str], name: str, default: int) -> int:
    value = parts.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,9}", value):
        raise SetAside(
            "interval_zero" if value.startswith("-") else "rule_unreadable", rule=f"{name}={value[:40]}"
        )
    return int(value)


def _check_lists(parts: dict[str, str], text: str) -> None:
    """Reject lists of absurd length or with impossible values."""
    for name, (least, most) in _RANGES.items():
        values = parts[name].split(",") if name in parts else []
        if len(values) > MOST_VALUES:
            raise SetAside("rule_too_wide", rule=_short(text))
        for value in values:
            if not re.fullmatch(r"[+-]?\d{1,3}", value) or not least <= abs(int(value)) <= most:
                raise SetAside("rule_unreadable", rule=_short(text))
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if len(days) > MOST_VALUES:
        raise SetAside("rule_too_wide", rule=_short(text))
    if not all(_DAY.fullmatch(day) for day in days):
        raise SetAside("rule_unreadable", rule=_short(text))
    a_day = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        a_day *= parts.get(name, "").count(",") + 1
    if a_day > MOST_TIMES_A_DAY:
        raise SetAside("rule_too_wide", rule=_short(text))


def _with_end(
    parts: dict[str, str], *, count: int, until: datetime.datetime | None, end: datetime.datetime
) -> str:
    """Add an end to the rule. A rule without matches would be searched until the year 9999."""
    kept = {name: value for name, value in parts.items() if name != "UNTIL"}
    if not count:
        kept["UNTIL"] = f"{end:%Y%m%dT%H%M%S}"
    return ";".join(f"{name}={value}" for name, value in kept.items())


def _short(text: str) -> str:
    """Return the rule shortened for display: a hostile one is long."""
    return text[:80]

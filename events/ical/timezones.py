"""VTIMEZONE from the zone database, in a form that every reader understands.

Each clock change is an observance of its own with one DTSTART: ical.js and vobject read only the
first date of an RDATE that lists several. Where a zone changes by the same rule every year to
come, one rule is written. Almaty's change of 1 March 2024 (UTC+6 to UTC+5) is one STANDARD.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

SINCE = 2020  # feeds define zones from then on, or earlier if an event is earlier
_FORESEEN = 30  # years for which changes are looked up
_SAME_RULE = 10  # this many years at the end must follow one rule
_ALWAYS = datetime.datetime(1970, 1, 1)  # noqa: DTZ001  DTSTART of an observance is local
_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class OffsetChange:
    """A clock change: at `local` (by the offset before) it goes from `before` to `after`."""

    local: datetime.datetime
    before: datetime.timedelta
    after: datetime.timedelta
    summer: bool
    name: str

    @property
    def rule(self) -> tuple[object, ...]:
        """Return what changes of one rule have in common, except the week of the month."""
        return (self.local.month, self.local.weekday(), self.local.time(), self.before, self.after)

    @property
    def week(self) -> int:
        return (self.local.day - 1) // 7 + 1

    @property
    def in_last_week(self) -> bool:
        return (self.local + 7 * _DAY).month != self.local.month


@lru_cache(maxsize=256)
def vtimezone(zone: str, since: int = SINCE) -> str:
    """Return the VTIMEZONE of an IANA zone from the year `since` on, as lines that end in CRLF."""
    component = Timezone()
    component.add("tzid", zone)
    for observance in _observances(ZoneInfo(zone), min(since, SINCE)):
        component.add_component(observance)
    return component.to_ical().decode()


def _observances(zone: ZoneInfo, since: int) -> Iterator[TimezoneStandard | TimezoneDaylight]:
    first = datetime.datetime(since, 1, 1, tzinfo=zone)
    # The offset before the first change included, whatever applied earlier.
    held = _offset(first)
    yield _observance(OffsetChange(_ALWAYS, held, held, _is_summer(first), _name(first)))
    changes = list(_changes(zone, since))
    by_rule = _rules_for_ever(changes, since + _FORESEEN)
    for change in changes:
        week = by_rule.get(change.rule)
        follows = [other for other in changes if other.rule == change.rule and _fits(other, week)]
        if week is None or change not in follows:
            yield _observance(change)
        elif change == _begin_of_rule(follows):
            yield _observance(change, every_year=f"{week}{_WEEKDAYS[change.local.weekday()]}")
        elif change.local.year < _begin_of_rule(follows).local.year:
            yield _observance(change)


def _changes(zone: ZoneInfo, since: int) -> Iterator[OffsetChange]:
    moment = datetime.datetime(since, 1, 1, tzinfo=datetime.UTC)
    end = datetime.datetime(since + _FORESEEN, 12, 31, tzinfo=datetime.UTC)
    while moment < end:
        if _offset(moment.astimezone(zone)) != _offset((moment + _DAY).astimezone(zone)):
            yield _change_between(zone, moment, moment + _DAY)
        moment += _DAY


def _change_between(zone: ZoneInfo, low: datetime.datetime, high: datetime.datetime) -> OffsetChange:
    before = _offset(low.astimezone(zone))
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(middle.astimezone(zone)) == before else (low, middle)
    after = high.astimezone(zone)
    return OffsetChange(
        local=(high + before).replace(tzinfo=None),
        before=before,
        after=_offset(after),
        summer=_is_summer(after),
        name=_name(after),
    )


def _rules_for_ever(changes: list[OffsetChange], last_year: int) -> dict[tuple[object, ...], int]:
    """Return the rules that apply to the end, each with its week of the month (-1: the last)."""
    found: dict[tuple[object, ...], int] = {}
    for rule in {change.rule for change in changes}:
        late = [c for c in changes if c.rule == rule and c.local.year > last_year - _SAME_RULE]
        if [c.local.year for c in late] != list(range(last_year - _SAME_RULE + 1, last_year + 1)):
            continue
        if all(change.in_last_week for change in late):
            found[rule] = -1
        elif len({change.week for change in late}) == 1:
            found[rule] = late[0].week
    return found


def _fits(change: OffsetChange, week: int | None) -> bool:
    return change.in_last_week if week == -1 else change.week == week


def _begin_of_rule(follows: list[OffsetChange]) -> OffsetChange:
    """Return the earliest change from which on the rule applies in every year."""
    begin = follows[-1]
    for change in reversed(follows[:-1]):
        if change.local.year != begin.local.year - 1:
            break
        begin = change
    return begin


def _observance(change: OffsetChange, every_year: str = "") -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.summer else TimezoneStandard()
    component.add("dtstart", change.local)
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    component.add("tzname", change.name)
    if every_year:
        component.add("rrule", {"FREQ": "YEARLY", "BYMONTH": change.local.month, "BYDAY": every_year})
    return component


def _offset(moment: datetime.datetime) -> datetime.timedelta:
    return moment.utcoffset() or datetime.timedelta(0)


def _is_summer(moment: datetime.datetime) -> bool:
    return bool(moment.dst())


def _name(moment: datetime.datetime) -> str:
    return moment.tzname() or ""

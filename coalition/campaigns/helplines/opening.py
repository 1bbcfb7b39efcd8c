"""When a line is open: by its hours, its special days, holidays, and what its operator said. Pure."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.health import operator_state
from coalition.campaigns.helplines.models.entry import Helpline, HelplineEntry
from coalition.jobs.date_formats import day_in_words
from events.core.facts import Run, WeeklyHours
from events.core.formatting import hours_in_words, week_of
from events.core.occurrences import holiday_on

HORIZON_DAYS: Final = 15  # how far the next opening is looked for: the longest run of holidays is shorter
_DAY: Final = datetime.timedelta(days=1)
_MIDNIGHT: Final = datetime.time()


@dataclass(frozen=True)
class OpenState:
    """Whether a line answers at a moment. Moments are aware, in the site's zone.

    `until`: until when, None if it is open day and night. `opens_at`: when it opens next, None if that is
    not within `HORIZON_DAYS`. `said`: what its operator said, if that decides.
    """

    is_open: bool
    until: datetime.datetime | None = None
    opens_at: datetime.datetime | None = None
    said: Availability | None = None

    @property
    def is_overloaded(self) -> bool:
        return self.said == Availability.OVERLOADED

    @property
    def sort_key(self) -> tuple[int, float]:
        """Open lines first, then overloaded ones, then by the next opening."""
        if self.is_open:
            return (1 if self.is_overloaded else 0, 0)
        return (2, self.opens_at.timestamp() if self.opens_at else float("inf"))


def open_state(helpline: Helpline, entry: HelplineEntry, at: datetime.datetime) -> OpenState:
    """Return whether the line is open at an aware moment. What its operator said counts until it ends."""
    by_hours = state_by_hours(entry, at)
    said, until = operator_state(helpline, at), helpline.available_until
    if said == Availability.OVERLOADED and by_hours.is_open:
        return OpenState(is_open=True, until=by_hours.until, said=said)
    if said == Availability.CLOSED and until is not None:
        opens_by_hours = at if by_hours.is_open else by_hours.opens_at
        if opens_by_hours is not None and opens_by_hours < until:
            later = state_by_hours(entry, until)
            opens_at = timezone.localtime(until) if later.is_open else later.opens_at
            return OpenState(is_open=False, opens_at=opens_at, said=said)
    return by_hours


def state_by_hours(entry: HelplineEntry, at: datetime.datetime) -> OpenState:
    """Return the state by hours alone."""
    local = timezone.localtime(at)
    end = datetime.datetime.combine(local.date() + (HORIZON_DAYS - 1) * _DAY, _MIDNIGHT, local.tzinfo)
    for opens, closes in _merged(_openings(entry, local.date())):
        if closes <= local:
            continue
        if opens <= local:
            return OpenState(is_open=True, until=None if closes >= end else closes)
        return OpenState(is_open=False, opens_at=opens)
    return OpenState(is_open=False)


def _openings(
    entry: HelplineEntry, today: datetime.date
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """Yield the times from yesterday on, for what goes over midnight. A closed day, and one with other hours,
    begins at midnight: what began the evening before ends there."""
    zone = timezone.get_current_timezone()
    for number in range(-1, HORIZON_DAYS):
        day = today + number * _DAY
        for opens, closes in times_on(entry, day):
            begin = datetime.datetime.combine(day, opens, zone)
            over_midnight = closes <= opens
            finish = datetime.datetime.combine(day + _DAY if over_midnight else day, closes, zone)
            if over_midnight and _differs_on(entry, day + _DAY):
                finish = datetime.datetime.combine(day + _DAY, _MIDNIGHT, zone)
            yield begin, finish


def _merged(
    openings: Iterator[tuple[datetime.datetime, datetime.datetime]],
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """Join times that touch or overlap. They come in the order of their beginnings."""
    current: tuple[datetime.datetime, datetime.datetime] | None = None
    for begin, finish in openings:
        if current is None:
            current = begin, finish
        elif begin <= current[1]:
            current = current[0], max(current[1], finish)
        else:
            yield current
            current = begin, finish
    if current is not None:
        yield current


def times_on(entry: HelplineEntry, day: datetime.date) -> list[tuple[datetime.time, datetime.time]]:
    """Return the times that begin on a day. A special day goes before a holiday."""
    special = _special_on(entry, day)
    if special:
        return [_times(row) for row in special if row.get("opens")]
    if is_closed_on(entry, day):
        return []
    if entry.is_round_the_clock:
        return [(_MIDNIGHT, _MIDNIGHT)]
    return sorted(_times(row) for row in entry.hours if row["weekday"] == day.weekday())


def _differs_on(entry: HelplineEntry, day: datetime.date) -> bool:
    """Whether the day is closed or has hours of its own."""
    return bool(_special_on(entry, day)) or is_closed_on(entry, day)


def is_closed_on(entry: HelplineEntry, day: datetime.date) -> bool:
    """Whether the line is closed for the whole day as a special day or a public holiday."""
    special = _special_on(entry, day)
    if special:
        return not any(row.get("opens") for row in special)
    return entry.is_closed_on_holidays and holiday_on(day) is not None


def _special_on(entry: HelplineEntry, day: datetime.date) -> list[dict[str, Any]]:
    return [row for row in entry.special_days if row["date"] == day.isoformat()]


def _times(row: dict[str, Any]) -> tuple[datetime.time, datetime.time]:
    return datetime.time.fromisoformat(row["opens"]), datetime.time.fromisoformat(row["closes"])


def state_in_words(state: OpenState, at: datetime.datetime) -> str:
    """Return a sentence in the active language: “Open now, until 22:00.”"""
    if state.is_open and state.until is None:
        whole = _("Overloaded now, open day and night.")
        return whole if state.is_overloaded else _("Open now, day and night.")
    if state.is_open and state.until is not None:
        words = _("Open now, until %(time)s.")
        if state.is_overloaded:
            words = _("Overloaded now, open until %(time)s.")
        return words % {"time": _moment(state.until, at)}
    closed = _("Closed by its operator for now.") if state.said else _("Closed now.")
    if state.opens_at is None:
        return closed
    return f"{closed} {_('Opens: %(time)s.') % {'time': _moment(state.opens_at, at)}}"


def _moment(moment: datetime.datetime, at: datetime.datetime) -> str:
    """“22:00”, “tomorrow, 09:00”, “Monday 23 March, 09:00”."""
    time = formats.time_format(moment.time(), "H:i")
    days = (moment.date() - at.astimezone(moment.tzinfo).date()).days
    if days == 0:
        return time
    if days == 1:
        return _("tomorrow, %(time)s") % {"time": time}
    return _("%(day)s, %(time)s") % {"day": day_in_words(moment.date(), with_year=False), "time": time}


def hours_lines(entry: HelplineEntry, today: datetime.date) -> list[tuple[str, str]]:
    """Return (days, hours) in words: the usual week, then the special days that are not over."""
    if entry.is_round_the_clock:
        lines = [(_("Every day"), _("day and night"))]
    else:
        openings = tuple(WeeklyHours((row["weekday"],), *_times(row)) for row in entry.hours)
        week = week_of(Run(today, today, openings))
        lines = [(line.days, line.hours) for line in week]
        if len(lines) == 1:
            lines = [(_("Every day"), lines[0][1])]
    if entry.is_closed_on_holidays:
        lines.append((_("Public holidays"), _("closed")))
    for day in sorted({row["date"] for row in entry.special_days if row["date"] >= today.isoformat()}):
        date = datetime.date.fromisoformat(day)
        words = day_in_words(date, with_year=False)
        lines.append((words[:1].upper() + words[1:], hours_in_words(times_on(entry, date))))
    return lines

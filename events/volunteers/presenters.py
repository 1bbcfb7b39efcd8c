"""Shift plan presenters for the member area: a week of days, volunteers, missing people."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.actions.times import times_of
from events.core.models import Event
from events.core.occurrences import DAY, opening_times
from events.core.opening_hours_text import hours_in_words, range_in_words
from events.core.pages import Area
from events.core.permissions import is_admitted, may_change
from events.volunteers.actions.shifts import ShiftInput
from events.volunteers.enums import TurnState
from events.volunteers.facts import hours_of, when_of
from events.volunteers.models import Shift, ShiftTurn, Volunteer
from events.volunteers.queries import (
    days_of_shifts,
    offered_to,
    open_shifts,
    shift_numbers,
    shifts_between,
    turns_of,
)
from events.volunteers.retention import DAYS_KEPT

SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class TurnRow:
    """Volunteer of a shift. `phone` and `address` only for people who may change the event; `came`:
    "yes", "no" or ""."""

    turn: ShiftTurn
    name: str
    phone: str
    address: str
    language: str
    note: str
    came: str


@dataclass(frozen=True)
class ShiftRow:
    """Shift row. `missing`: number of people; `has_begun`: attendance can be recorded."""

    shift: Shift
    title: str
    other_language: str
    place: str
    hours: str
    people: list[TurnRow]
    missing: int
    missing_words: str
    has_begun: bool
    is_over: bool


@dataclass(frozen=True)
class ShiftDay:
    """Shifts of one day. `closed`: the run is closed on it."""

    on: datetime.date
    words: str
    rows: list[ShiftRow]
    missing: int
    closed: bool


@dataclass(frozen=True)
class ShiftWeek:
    """Seven days from a Monday; `before` and `after`: the nearest weeks with shifts."""

    first: datetime.date
    words: str
    days: list[ShiftDay]
    before: datetime.date | None
    after: datetime.date | None


def week_of_shifts(event: Event, asked: datetime.date | None, *, with_contacts: bool) -> ShiftWeek | None:
    """Return the requested week, otherwise the current or next one with shifts; None without
    shifts."""
    days = days_of_shifts(event)
    if not days:
        return None
    today = now().astimezone(event.zone_info).date()
    mondays = sorted({monday_of(day) for day in days})
    coming = next((one for one in mondays if one >= monday_of(today)), mondays[-1])
    first = monday_of(asked) if asked is not None else coming
    last = first + 6 * DAY
    return ShiftWeek(
        first=first,
        words=range_in_words(first, last),
        days=days_between(event, first, last, with_contacts=with_contacts),
        before=max((one for one in mondays if one < first), default=None),
        after=min((one for one in mondays if one > first), default=None),
    )


def days_between(
    event: Event, first: datetime.date, last: datetime.date, *, with_contacts: bool
) -> list[ShiftDay]:
    """Return the days with shifts and their volunteers, in a constant number of queries."""
    rows = shifts_between(event, first, last)
    run = times_of(event).run
    found = []
    for on, group in groupby(rows, key=lambda one: one.on):
        shifts = [_shift_row(one, with_contacts=with_contacts) for one in group]
        closed = run is not None and run.first <= on <= run.last and not opening_times(run, on)
        missing = sum(one.missing for one in shifts if not one.has_begun)
        found.append(ShiftDay(on, day_in_words(on), shifts, missing, closed))
    return found


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def shifts_area(event: Event, access: Access) -> Area | None:
    """Return the line on the event's page: the plan for members who prepare it, sign-up for
    others."""
    if not is_admitted(access, event):
        return None
    numbers = shift_numbers(event, now() + SOON)
    if not access.may(Right.SEE_DRAFTS):
        if not numbers["shifts"] or event.cancelled_at is not None:
            return None
        own = reverse("events:shifts_join", args=[event.uuid])
        return Area(_("Volunteer shifts"), _("Help at this event"), own, "people")
    if not numbers["shifts"] and not may_change(access, event):
        return None
    words = _("none to come")
    if numbers["shifts"]:
        words = _("%(held)s of %(needed)s places taken") % numbers
    if numbers["soon"]:
        soon = numbers["soon"]
        words = ngettext(
            "%(count)d person is missing this week", "%(count)d people are missing this week", soon
        ) % {"count": soon}
    address = reverse("events:shifts", args=[event.uuid])
    return Area(_("Volunteer shifts"), words, address, "people", warns=bool(numbers["soon"]))


def _shift_row(shift: Shift, *, with_contacts: bool) -> ShiftRow:
    language, moment = get_language() or "", now()
    kept: list[ShiftTurn] = getattr(shift, "turns_now", [])
    missing = max(0, shift.needed - len(kept))
    shown = shift.language_for(language)
    return ShiftRow(
        shift=shift,
        title=shift.title_in(language),
        other_language=shown if shown != language else "",
        place=shift.place_in(language),
        hours=hours_of(shift),
        people=[_turn_row(one, with_contacts=with_contacts) for one in kept],
        missing=missing,
        missing_words=ngettext("%(count)d is missing", "%(count)d are missing", missing) % {"count": missing}
        if missing
        else "",
        has_begun=shift.starts_at <= moment,
        is_over=shift.ends_at <= moment,
    )


def _turn_row(turn: ShiftTurn, *, with_contacts: bool) -> TurnRow:
    volunteer = turn.volunteer
    offered = turn.state == TurnState.OFFERED
    return TurnRow(
        turn=turn,
        name=volunteer.name,
        phone=volunteer.phone if with_contacts else "",
        address=volunteer.address if with_contacts else "",
        language=str(volunteer.get_language_display()),
        note=_("looks for somebody to take it over") if offered else "",
        came={True: "yes", False: "no", None: ""}[turn.came],
    )


# --- own shifts ---
# A volunteer's own page: own shifts, free shifts, offers, hours worked.


NO_TIME = datetime.timedelta()


@dataclass(frozen=True)
class OwnShiftRow:
    """Shift on the page. `turn`: the person's own or the offered one; None for a free shift."""

    shift: Shift
    turn: ShiftTurn | None
    title: str
    when: str
    place: str
    offered: bool = False
    word: str = ""


@dataclass(frozen=True)
class OwnShiftsPage:
    """Content of the page. `worked`: hours, formatted, "" for none; `forgotten_on`: date of
    deletion, formatted."""

    wished: list[OwnShiftRow]
    coming: list[OwnShiftRow]
    done: list[OwnShiftRow]
    free: list[OwnShiftRow]
    offered: list[OwnShiftRow]
    worked: str
    forgotten_on: str


def build_own_shifts_page(volunteer: Volunteer) -> OwnShiftsPage:
    """Return the page in the active language."""
    event, moment = volunteer.event, now()
    turns = turns_of(volunteer)
    held = [one for one in turns if TurnState(one.state).holds]
    known = {one.shift_id for one in held}
    free = [one for one in open_shifts(event) if one.pk not in known]
    return OwnShiftsPage(
        wished=[_own_shift_row(one, event) for one in turns if one.state == TurnState.WISHED],
        coming=[_own_shift_row(one, event) for one in held if one.shift.starts_at > moment],
        done=[_own_shift_row(one, event) for one in held if one.shift.starts_at <= moment],
        free=[_free_shift_row(one, event) for one in free],
        offered=[_own_shift_row(one, event) for one in offered_to(volunteer)],
        worked=length_in_words(hours_worked(turns)),
        forgotten_on=_forgotten_on(event, turns),
    )


def hours_worked(turns: list[ShiftTurn]) -> datetime.timedelta:
    """Return the total time of shifts with confirmed attendance."""
    return sum((one.shift.ends_at - one.shift.starts_at for one in turns if one.came), NO_TIME)


def length_in_words(length: datetime.timedelta) -> str:
    """Return “7 hours 30 minutes”; "" for nothing."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    return " ".join(parts)


def _own_shift_row(turn: ShiftTurn, event: Event) -> OwnShiftRow:
    row = _free_shift_row(turn.shift, event)
    came = {True: _("You were there"), False: _("Noted: not there"), None: ""}[turn.came]
    return OwnShiftRow(row.shift, turn, row.title, row.when, row.place, turn.state == TurnState.OFFERED, came)


def _free_shift_row(shift: Shift, event: Event) -> OwnShiftRow:
    language = get_language() or ""
    return OwnShiftRow(shift, None, shift.title_in(language), when_of(shift, event), shift.place_in(language))


def _forgotten_on(event: Event, turns: list[ShiftTurn]) -> str:
    """Return the date of deletion: ninety days after the event and its last shift."""
    ends = [one.shift.ends_at for one in turns]
    if event.lasts_until is not None:
        ends.append(event.lasts_until)
    if not ends:
        return ""
    day = max(ends).astimezone(event.zone_info).date() + DAYS_KEPT * DAY
    return day_in_words(day)


# --- preview ---
# Preview of generated shifts.


@dataclass(frozen=True)
class PreviewDay:
    """Day in the preview. `open`: its opening hours; `shifts`: hours of the generated shifts."""

    day: str
    open: str
    shifts: str


@dataclass(frozen=True)
class ShiftPreview:
    """Preview of `count` shifts, which need `people` assignments."""

    days: list[PreviewDay]
    count: int
    people: int


def build_shift_preview(event: Event, works: list[ShiftInput]) -> ShiftPreview:
    """Return the days with their generated shifts, in the active language."""
    run, days = times_of(event, get_language() or "").run, []
    for on, group in groupby(works, key=lambda one: one.on):
        hours = [f"{_clock(one.begins)}–{_clock(one.ends)}" for one in group]
        opened = hours_in_words(opening_times(run, on)) if run is not None else ""
        days.append(PreviewDay(day_in_words(on), opened, ", ".join(hours)))
    return ShiftPreview(days, len(works), sum(one.needed for one in works))


def _clock(time: datetime.time) -> str:
    return formats.time_format(time, "H:i")

"""The plan of shifts as the desk reads it: a week of days, who has which shift, how many are missing."""

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
from events.core.area import Area
from events.core.models import Event
from events.core.occurrences import DAY, opening_times
from events.core.opening_hours_text import hours_in_words, range_in_words
from events.core.permissions import is_admitted, may_change
from events.volunteers.actions.shifts import Work
from events.volunteers.enums import TurnState
from events.volunteers.facts import hours_of, when_of
from events.volunteers.models import Shift, ShiftTurn, Volunteer
from events.volunteers.queries import (
    days_of_shifts,
    numbers_of,
    offered_to,
    open_shifts,
    shifts_between,
    turns_of,
)
from events.volunteers.retention import DAYS_KEPT

SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class TurnRow:
    """One person of a shift. `phone` and `address` only for who may change the event; `came`: "yes", "no" or
    nothing."""

    turn: ShiftTurn
    name: str
    phone: str
    address: str
    language: str
    note: str
    came: str


@dataclass(frozen=True)
class ShiftRow:
    """One shift. `missing`: how many people; `has_begun`: who came can be noted."""

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
class DayRows:
    """The shifts of one day. `closed`: something open over days that is closed on it."""

    on: datetime.date
    words: str
    rows: list[ShiftRow]
    missing: int
    closed: bool


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday; `before` and `after`: the nearest weeks that have shifts."""

    first: datetime.date
    words: str
    days: list[DayRows]
    before: datetime.date | None
    after: datetime.date | None


def week_of_shifts(event: Event, asked: datetime.date | None, *, with_contacts: bool) -> Week | None:
    """The week that was asked for, else this one or the next that has shifts; None without any shift."""
    days = days_of_shifts(event)
    if not days:
        return None
    today = now().astimezone(event.zone_info).date()
    mondays = sorted({monday_of(day) for day in days})
    coming = next((one for one in mondays if one >= monday_of(today)), mondays[-1])
    first = monday_of(asked) if asked is not None else coming
    last = first + 6 * DAY
    return Week(
        first=first,
        words=range_in_words(first, last),
        days=days_between(event, first, last, with_contacts=with_contacts),
        before=max((one for one in mondays if one < first), default=None),
        after=min((one for one in mondays if one > first), default=None),
    )


def days_between(
    event: Event, first: datetime.date, last: datetime.date, *, with_contacts: bool
) -> list[DayRows]:
    """The days that have shifts, with their people: the same number of queries, however many."""
    rows = shifts_between(event, first, last)
    run = times_of(event).run
    found = []
    for on, group in groupby(rows, key=lambda one: one.on):
        shifts = [_row(one, with_contacts=with_contacts) for one in group]
        closed = run is not None and run.first <= on <= run.last and not opening_times(run, on)
        missing = sum(one.missing for one in shifts if not one.has_begun)
        found.append(DayRows(on, day_in_words(on), shifts, missing, closed))
    return found


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def shifts_area(event: Event, access: Access) -> Area | None:
    """The line on the event's page: the plan for who prepares, signing up for others of the workspace."""
    if not is_admitted(access, event):
        return None
    numbers = numbers_of(event, now() + SOON)
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


def _row(shift: Shift, *, with_contacts: bool) -> ShiftRow:
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
        people=[_person(one, with_contacts=with_contacts) for one in kept],
        missing=missing,
        missing_words=ngettext("%(count)d is missing", "%(count)d are missing", missing) % {"count": missing}
        if missing
        else "",
        has_begun=shift.starts_at <= moment,
        is_over=shift.ends_at <= moment,
    )


def _person(turn: ShiftTurn, *, with_contacts: bool) -> TurnRow:
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
# A volunteer's own page: what they hold, what is free, what others offer, what they have done.


NOTHING = datetime.timedelta()


@dataclass(frozen=True)
class OwnRow:
    """One shift on the page. `turn`: the person's own or the offered one; None for a free shift."""

    shift: Shift
    turn: ShiftTurn | None
    title: str
    when: str
    place: str
    offered: bool = False
    word: str = ""


@dataclass(frozen=True)
class OwnPage:
    """Everything on the page. `worked`: hours in words, "" before any; `forgotten_on`: in words."""

    wished: list[OwnRow]
    coming: list[OwnRow]
    done: list[OwnRow]
    free: list[OwnRow]
    offered: list[OwnRow]
    worked: str
    forgotten_on: str


def own_page_of(volunteer: Volunteer) -> OwnPage:
    """The page in the active language."""
    event, moment = volunteer.event, now()
    turns = turns_of(volunteer)
    held = [one for one in turns if TurnState(one.state).holds]
    known = {one.shift_id for one in held}
    free = [one for one in open_shifts(event) if one.pk not in known]
    return OwnPage(
        wished=[_own(one, event) for one in turns if one.state == TurnState.WISHED],
        coming=[_own(one, event) for one in held if one.shift.starts_at > moment],
        done=[_own(one, event) for one in held if one.shift.starts_at <= moment],
        free=[_free(one, event) for one in free],
        offered=[_own(one, event) for one in offered_to(volunteer)],
        worked=length_in_words(hours_worked(turns)),
        forgotten_on=_forgotten_on(event, turns),
    )


def hours_worked(turns: list[ShiftTurn]) -> datetime.timedelta:
    """The time of the shifts at which somebody saw the person."""
    return sum((one.shift.ends_at - one.shift.starts_at for one in turns if one.came), NOTHING)


def length_in_words(length: datetime.timedelta) -> str:
    """“7 hours 30 minutes”; "" for nothing."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if minutes:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    return " ".join(parts)


def _own(turn: ShiftTurn, event: Event) -> OwnRow:
    row = _free(turn.shift, event)
    came = {True: _("You were there"), False: _("Noted: not there"), None: ""}[turn.came]
    return OwnRow(row.shift, turn, row.title, row.when, row.place, turn.state == TurnState.OFFERED, came)


def _free(shift: Shift, event: Event) -> OwnRow:
    language = get_language() or ""
    return OwnRow(shift, None, shift.title_in(language), when_of(shift, event), shift.place_in(language))


def _forgotten_on(event: Event, turns: list[ShiftTurn]) -> str:
    """The day from which nothing is kept: ninety days after the event and its last shift."""
    ends = [one.shift.ends_at for one in turns]
    if event.lasts_until is not None:
        ends.append(event.lasts_until)
    if not ends:
        return ""
    day = max(ends).astimezone(event.zone_info).date() + DAYS_KEPT * DAY
    return day_in_words(day)


# --- preview ---
# What shifts would be made, before they are.


@dataclass(frozen=True)
class PreviewDay:
    """`open`: the opening hours of the day; `shifts`: the hours of what would be made."""

    day: str
    open: str
    shifts: str


@dataclass(frozen=True)
class Preview:
    """`count` shifts, which need `people` places filled."""

    days: list[PreviewDay]
    count: int
    people: int


def preview_of(event: Event, works: list[Work]) -> Preview:
    """The days with their shifts in the active language."""
    run, days = times_of(event, get_language() or "").run, []
    for on, group in groupby(works, key=lambda one: one.on):
        hours = [f"{_clock(one.begins)}–{_clock(one.ends)}" for one in group]
        opened = hours_in_words(opening_times(run, on)) if run is not None else ""
        days.append(PreviewDay(day_in_words(on), opened, ", ".join(hours)))
    return Preview(days, len(works), sum(one.needed for one in works))


def _clock(time: datetime.time) -> str:
    return formats.time_format(time, "H:i")

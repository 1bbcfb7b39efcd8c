"""A volunteer's own page: what they hold, what is free, what others offer, what they have done."""

import datetime
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.jobs.moments import day_in_words
from events.core.models.event import Event
from events.core.occurrences import DAY
from events.volunteers.enums import TurnState
from events.volunteers.models import Shift, ShiftTurn, Volunteer
from events.volunteers.presenters.facts import when_of
from events.volunteers.queries import offered_to, open_shifts, turns_of
from events.volunteers.retention import DAYS_KEPT

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
        worked=hours_in_words(hours_worked(turns)),
        forgotten_on=_forgotten_on(event, turns),
    )


def hours_worked(turns: list[ShiftTurn]) -> datetime.timedelta:
    """The time of the shifts at which somebody saw the person."""
    return sum((one.shift.ends_at - one.shift.starts_at for one in turns if one.came), NOTHING)


def hours_in_words(length: datetime.timedelta) -> str:
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

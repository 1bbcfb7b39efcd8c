"""Shifts for pages and paper."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.actions.times import times_of
from events.core.formatting import hours_in_words, range_in_words
from events.core.models import Event
from events.core.naming import names_for
from events.core.occurrences import DAY, opening_times
from events.core.pdf.typeset import typeset, when_and_where
from events.core.permissions import is_admitted, may_change
from events.core.public_pages import Area
from events.core.queries import text_in
from events.volunteers import queries
from events.volunteers.models import AssignmentState, Shift, ShiftAssignment, Volunteer
from events.volunteers.notifications import DAYS_KEPT, worked_in_words

SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class ShiftDay:
    """Shifts of one day. `closed`: the run is closed on it."""

    on: datetime.date
    words: str
    shifts: list[Shift]
    missing: int
    closed: bool


def week_of_shifts(event: Event, requested: datetime.date | None) -> dict[str, object] | None:
    """Return seven days from a Monday: the requested week, otherwise the current or next one with shifts;
    None without shifts. `before` and `after`: the nearest weeks with shifts."""
    days = queries.days_of_shifts(event)
    if not days:
        return None

    def monday_of(day: datetime.date) -> datetime.date:
        return day - day.weekday() * DAY

    mondays = sorted({monday_of(day) for day in days})
    coming = next((one for one in mondays if one >= monday_of(event.today)), mondays[-1])
    first = monday_of(requested) if requested is not None else coming
    last = first + 6 * DAY
    return {
        "words": range_in_words(first, last),
        "days": days_between(event, first, last),
        "before": max((one for one in mondays if one < first), default=None),
        "after": min((one for one in mondays if one > first), default=None),
    }


def days_between(event: Event, first: datetime.date, last: datetime.date) -> list[ShiftDay]:
    """Return the days with shifts and their volunteers, in a constant number of queries."""
    rows = queries.shifts_between(event, first, last)
    run = times_of(event).run
    found = []
    for on, group in groupby(rows, key=lambda one: one.on):
        shifts = list(group)
        closed = run is not None and run.first <= on <= run.last and not opening_times(run, on)
        missing = sum(one.missing for one in shifts if not one.has_begun)
        found.append(ShiftDay(on, day_in_words(on), shifts, missing, closed))
    return found


def shifts_area(event: Event, access: Access) -> Area | None:
    """Return the line on the event's page: the plan for members who prepare it, sign-up for others."""
    if not is_admitted(access, event):
        return None
    numbers = queries.shift_numbers(event, now() + SOON)
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


def build_own_shifts_page(volunteer: Volunteer) -> dict[str, object]:
    """Return the content of the page in the active language: the volunteer's assignments (`wished`, `coming`,
    `done`), `free` shifts and `offered` assignments; `worked`: hours, formatted, "" for none;
    `forgotten_on`: date of deletion, ninety days after the event and its last shift."""
    event, moment = volunteer.event, now()
    assignments = queries.assignments_of(volunteer)
    active = [one for one in assignments if one.is_active]
    own = {one.shift_id for one in active}
    ends = [one.shift.ends_at for one in assignments]
    if event.lasts_until is not None:
        ends.append(event.lasts_until)
    last = max(ends).astimezone(event.zone_info).date() if ends else None
    return {
        "wished": [one for one in assignments if one.state == AssignmentState.WISHED],
        "coming": [one for one in active if one.shift.starts_at > moment],
        "done": [one for one in active if one.shift.starts_at <= moment],
        "free": [one for one in queries.open_shifts(event) if one.pk not in own],
        "offered": queries.offered_to(volunteer),
        "worked": worked_in_words(assignments),
        "forgotten_on": day_in_words(last + DAYS_KEPT * DAY) if last is not None else "",
    }


def build_shift_preview(event: Event, shifts: list[Shift]) -> dict[str, object]:
    """Return the number of shifts (`count`) and of the people they need, and `days`: day, opening hours and
    hours of the shifts, in the active language."""
    run, days = times_of(event, get_language() or "").run, []
    for on, group in groupby(shifts, key=lambda one: one.on):
        opened = hours_in_words(opening_times(run, on)) if run is not None else ""
        hours = ", ".join(one.hours for one in group)
        days.append({"day": day_in_words(on), "open": opened, "shifts": hours})
    return {"days": days, "count": len(shifts), "people": sum(one.needed for one in shifts)}


def certificate_pdf(*, volunteer: Volunteer, assignments: list[ShiftAssignment]) -> bytes:
    """Render A4 pages in the active language, which is the volunteer's. Organisations have their
    public names; `assignments`: those with confirmed attendance."""
    event, language = volunteer.event, volunteer.language
    today = event.today
    return typeset(
        "certificate.typ",
        {
            "language": language,
            "heading": _("Certificate of volunteer work"),
            "name": volunteer.name,
            "sentence": _("helped as a volunteer at: %(event)s") % {"event": text_in(event, language).title},
            "hours": worked_in_words(assignments),
            "columns": [_("Day"), _("Hours"), _("Task")],
            "rows": [
                {
                    "day": day_in_words(one.shift.on),
                    "hours": one.shift.hours,
                    "task": one.shift.title.in_language(language),
                }
                for one in assignments
            ],
            "by_label": _("Organisers"),
            "by": ", ".join(names_for(PUBLIC, event, language=language)),
            "sign_label": _("Name and hand of the organiser"),
            "date": day_in_words(today),
            "foot": _("The hours are those noted by the organisers on the day."),
        },
        event=None,  # it covers hours worked, whatever the state of the event
    )


def shift_plan_pdf(
    *, title: str, event: Event, days: list[ShiftDay], caller: str, language: str, with_phones: bool
) -> bytes:
    """Render A4 pages by day, in the active language."""
    return typeset(
        "shift_plan.typ",
        {
            "language": language,
            "title": title,
            "heading": _("Shift plan"),
            "below": when_and_where(range_in_words(days[0].on, days[-1].on), event, language),
            "caller": _("To call: %(person)s") % {"person": caller} if caller else "",
            "columns": [_("Hours"), _("Task"), _("Who")],
            "days": [
                {
                    "words": day.words[:1].upper() + day.words[1:],
                    "note": _("closed on this day") if day.closed else "",
                    "rows": [
                        {
                            "hours": shift.hours,
                            "task": str(shift.title),
                            "place": str(shift.place),
                            "people": [
                                {"name": one.name, "phone": one.phone if with_phones else ""}
                                for one in (assignment.volunteer for assignment in shift.people)
                            ],
                            "missing": shift.missing_words,
                        }
                        for shift in day.shifts
                    ],
                }
                for day in days
            ],
            "foot": _(
                "Names of volunteers: do not leave the plan lying about, and destroy it after the event."
            ),
        },
        event=event,
    )

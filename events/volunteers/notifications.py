"""Mails to volunteers, calendar entries, what follows changes, retention."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _, ngettext, override

from coalition.accounts.naming import PUBLIC
from coalition.applicants.flow import Flow, delete_unproved, queue_applicant_mail, request_proof
from coalition.applicants.forms import owner_prints
from coalition.core.clock import now
from coalition.core.retention import days_ago, delete_in_batches, empty_in_batches
from coalition.jobs import scheduler
from coalition.jobs.date_formats import day_in_words
from events.core.afterwards import ThanksRecipient
from events.core.enums import Answer, EventState
from events.core.facts import EventFacts, EventTimes
from events.core.models import Event, EventInvitation
from events.core.occurrences import DAY
from events.core.queries import is_cancelled_since, is_over_since
from events.core.summary import facts_for, summary_in
from events.ical.builder import ItipMethod, build_itip_message
from events.volunteers.models import (
    ACTIVE,
    AssignmentState,
    Shift,
    ShiftAssignment,
    ShiftPlan,
    Volunteer,
    VolunteerState,
)
from events.volunteers.queries import active_assignments, free_places, shift_plan_of

DAYS_KEPT = 90  # after the event and its last shift; the certificate is available until then


def forget_volunteers() -> int:
    """Delete volunteers with their assignments, and the contact, a set time after the event and its shifts
    (for an endless series: the volunteer's own shifts). Return the number of rows."""
    over, cancelled = is_over_since(DAYS_KEPT, "event__"), is_cancelled_since(DAYS_KEPT, "event__")
    lately = Shift.objects.filter(ends_at__gte=days_ago(DAYS_KEPT), removed_at=None)
    at_work = Q(event__in=lately.values("event_id"))
    own = Q(pk__in=ShiftAssignment.objects.filter(shift__in=lately).values("volunteer_id"))
    still = (at_work & Q(event__lasts_until__isnull=False)) | own
    volunteers_over = is_over_since(DAYS_KEPT, "event__", "written_at") & ~still
    plans = ShiftPlan.objects.filter(cancelled | (over & ~at_work)).exclude(caller_name="", caller_phone="")
    return (
        delete_unproved(Volunteer, state=VolunteerState.UNPROVED)
        + delete_in_batches(Volunteer.objects.filter(cancelled | volunteers_over))
        + empty_in_batches(plans, caller_name="", caller_phone="")
    )


def build_shift_text(shift: Shift, language: str) -> dict[str, str]:
    """Return the formatted shift, for mails; without a `place` of its own it is at the event's."""
    with override(language):
        return {
            "title": shift.title.in_language(language),
            "when": shift.when,
            "day": day_in_words(shift.on),
            "hours": shift.hours,
            "place": shift.place.in_language(language),
        }


def calendar_facts(assignment: ShiftAssignment, event: Event, language: str) -> EventFacts:
    """Return the shift for the volunteer's calendar. As mail is insecure it contains public names
    only, without the contact person."""
    shift = assignment.shift
    facts = facts_for(event, language=language, viewer=PUBLIC)
    last = shift.on if shift.ends > shift.begins else shift.on + DAY
    with override(language):
        title = _("%(shift)s: %(event)s") % {"shift": shift.title.in_language(language), "event": facts.title}
    return replace(
        facts,
        uid=f"{assignment.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        state=EventState.ANNOUNCED,
        title=title,
        times=EventTimes(
            event.zone,
            datetime.datetime.combine(shift.on, shift.begins),
            datetime.datetime.combine(last, shift.ends),
        ),
        sequence=event.sequence + shift.sequence + assignment.changes,
        text="",
        place=shift.place.in_language(language) or facts.place,
        url=facts.url if event.is_public else "",
        picture="",
        private=True,
    )


def shift_choice_label(shift: Shift) -> str:
    """Return the label of a shift in a list of choices, in the active language."""
    free = free_places(shift)
    words = {
        "when": shift.when,
        "task": " · ".join(filter(None, [str(shift.title), str(shift.place)])),
        "free": ngettext("%(count)d place free", "%(count)d places free", free) % {"count": free},
    }
    return _("%(when)s: %(task)s (%(free)s)") % words


def worked_in_words(assignments: list[ShiftAssignment]) -> str:
    """Return the total time of shifts with confirmed attendance, “7 hours 30 minutes”; "" for nothing."""
    lengths = (one.shift.ends_at - one.shift.starts_at for one in assignments if one.came)
    hours, minutes = divmod(sum(lengths, datetime.timedelta()) // datetime.timedelta(minutes=1), 60)
    parts = [
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes} if minutes else "",
    ]
    return " ".join(filter(None, parts))


REMIND_OF_SHIFT = "events.remind_of_shift"
REMINDER_LEADS = {"day": datetime.timedelta(days=1), "hours": datetime.timedelta(hours=2)}

VOLUNTEERS = Flow(
    purpose="events.volunteer",
    model=Volunteer,
    own_page="own_shifts",
    mail_template="events/shift_link",
    mail_context=lambda volunteer: {
        "name": volunteer.name,
        "event": summary_in(volunteer.event, volunteer.language),
    },
    related=("event__workspace", "event__organisation"),
    prints=owner_prints,
)


def send_link(volunteer: Volunteer) -> None:
    """Mail the link that verifies the address, or leads to the page of a verified volunteer; three
    a day at most."""
    rows = ShiftAssignment.objects.filter(volunteer=volunteer, state=AssignmentState.WISHED)
    wished = []
    for one in rows.select_related("shift"):
        one.shift.event = volunteer.event
        wished.append(build_shift_text(one.shift, volunteer.language))
    request_proof(VOLUNTEERS, volunteer, context={"known": volunteer.is_proved, "shifts": wished})


def notify_shift_assigned(assignment: ShiftAssignment, *, swapped: bool = False) -> None:
    """Notify the volunteer of an assigned shift with a calendar entry, and schedule reminders."""
    _queue_shift_mail(assignment, "shift_taken", swapped=swapped)
    _schedule_reminders(assignment)


def notify_shift_ended(assignment: ShiftAssignment, how: str) -> None:
    """Notify the volunteer that a shift is no longer theirs, and cancel the calendar entry. `how`:
    "withdrawn", "given", "taken_off", "removed", "cancelled"; the mail has a sentence for each."""
    _queue_shift_mail(assignment, "shift_ended", method=ItipMethod.CANCEL, how=how)
    for key in reminder_keys(assignment.uuid):
        scheduler.cancel(kind=REMIND_OF_SHIFT, key=key)


def notify_shift_changed(shift: Shift) -> None:
    """Notify the shift's volunteers of its new time, place or task; reschedule their reminders."""
    for assignment in _current_assignments(shift):
        _queue_shift_mail(assignment, "shift_changed", of_event=False)
        _schedule_reminders(assignment)


def notify_shift_removed(shift: Shift) -> None:
    """Notify the volunteers of an archived shift."""
    for assignment in _current_assignments(shift):
        notify_shift_ended(assignment, "removed")


def notify_volunteers_of_event(event: Event) -> None:
    """Notify every volunteer with a future shift that the event moved or was cancelled, one mail
    per shift and SEQUENCE. The shifts were moved before (`reschedule_shifts`)."""
    rows = ShiftAssignment.objects.filter(
        volunteer__event=event,
        volunteer__notified_sequence__lt=event.sequence,
        state__in=ACTIVE,
        shift__removed_at=None,
        shift__ends_at__gt=now(),
    ).select_related("volunteer", "shift")
    notified = set()
    cancelled = event.state == EventState.CANCELLED
    for assignment in rows:
        assignment.volunteer.event = assignment.shift.event = event
        if cancelled:
            notify_shift_ended(assignment, "cancelled")
        else:
            _queue_shift_mail(assignment, "shift_changed", of_event=True)
            _schedule_reminders(assignment)
        notified.add(assignment.volunteer_id)
    Volunteer.objects.filter(pk__in=notified).update(notified_sequence=event.sequence)


def remind_of_shift(key: str, payload: dict[str, Any]) -> None:
    """Remind a day and two hours before: time, place, contact. Skips assignments that ended meanwhile."""
    which = payload["which"]
    rows = ShiftAssignment.objects.select_related("volunteer", "shift__event__workspace")
    rows = rows.select_related("shift__event__organisation").exclude(shift__event__state=EventState.CANCELLED)
    rows = rows.filter(state__in=ACTIVE, shift__removed_at=None, shift__starts_at__gt=now())
    assignment = rows.filter(uuid=key.partition(":")[0]).first()
    if assignment is None:
        return
    assignment.volunteer.event = assignment.shift.event
    with transaction.atomic():
        number = f"{which}:{assignment.uuid}:{assignment.shift.starts_at:%Y%m%d%H%M}"
        _queue_shift_mail(assignment, "shift_reminder", number=number, urgent=True, today=which == "hours")


def _current_assignments(shift: Shift) -> QuerySet[ShiftAssignment]:
    rows = active_assignments(shift).select_related("volunteer")
    for assignment in rows:
        assignment.shift, assignment.volunteer.event = shift, shift.event
    return rows


def reminder_keys(assignment: UUID) -> list[str]:
    """Return the keys of the reminders of a volunteer's shift."""
    return [f"{assignment}:{which}" for which in REMINDER_LEADS]


def _schedule_reminders(assignment: ShiftAssignment) -> None:
    for (which, before), key in zip(REMINDER_LEADS.items(), reminder_keys(assignment.uuid), strict=True):
        at = assignment.shift.starts_at - before
        if at > now():
            scheduler.schedule(kind=REMIND_OF_SHIFT, key=key, due_at=at, payload={"which": which})
        else:
            scheduler.cancel(kind=REMIND_OF_SHIFT, key=key)


def _queue_shift_mail(
    assignment: ShiftAssignment,
    template: str,
    *,
    method: ItipMethod = ItipMethod.REQUEST,
    number: str = "",
    urgent: bool = False,
    **more: object,
) -> None:
    volunteer, event = assignment.volunteer, assignment.volunteer.event
    if not number:
        volunteer.mails += 1
        volunteer.save(update_fields=["mails"])
        number = str(volunteer.mails)
    calendar = build_itip_message(
        calendar_facts(assignment, event, volunteer.language),
        method=method,
        name=volunteer.name,
        address=volunteer.address,
        answer=Answer.ACCEPTED,
        sent_at=now(),
    )
    plan = shift_plan_of(event) if method == ItipMethod.REQUEST else None
    queue_applicant_mail(
        VOLUNTEERS,
        volunteer,
        template=f"events/{template}",
        number=number,
        context={
            "shift": build_shift_text(assignment.shift, volunteer.language),
            "caller_name": plan.caller_name if plan else "",
            "caller_phone": plan.caller_phone if plan else "",
            **more,
        },
        calendar=calendar,
        method=method.value,
        urgent=urgent,
    )


def volunteers_to_thank(event: Event) -> Iterator[ThanksRecipient]:
    """Yield volunteers whose attendance at a shift was confirmed."""
    rows = Volunteer.objects.filter(event=event, assignments__came=True, state=VolunteerState.PROVED)
    for one in rows.distinct():
        row = EventInvitation(event=event, language=one.language)
        yield ThanksRecipient(f"volunteer:{one.uuid}", row, one.name, address=one.address)

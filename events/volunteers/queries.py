"""Querysets of shifts, assignments and sign-up links."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from coalition.accounts.models import User
from coalition.applicants.forms import owner_prints
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from events.core.models import Event
from events.volunteers.models import (
    ACTIVE,
    AssignmentState,
    Shift,
    ShiftAssignment,
    ShiftLink,
    ShiftPlan,
    Volunteer,
)

ASSIGNED_COUNT = Count("assignments", filter=Q(assignments__state__in=ACTIVE))


def shift_plan_of(event: Event) -> ShiftPlan | None:
    """Return the settings of all shifts, with `event` set to the instance passed in."""
    found = ShiftPlan.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def shifts_of(event: Event) -> QuerySet[Shift]:
    """Return shifts that are not removed, by time, annotated with `assigned`: number of volunteers."""
    return event.shifts.filter(removed_at=None).annotate(assigned=ASSIGNED_COUNT)


def shifts_between(event: Event, first: datetime.date, last: datetime.date) -> list[Shift]:
    """Return the shifts of these days with their volunteers in `active_assignments`: two queries."""
    rows = ShiftAssignment.objects.filter(state__in=ACTIVE).select_related("volunteer")
    prefetch = Prefetch("assignments", rows.order_by("assigned_at", "id"), to_attr="active_assignments")
    return list(shifts_of(event).filter(on__gte=first, on__lte=last).prefetch_related(prefetch))


def open_shifts(event: Event) -> list[Shift]:
    """Return future shifts with free places."""
    return [one for one in shifts_of(event).filter(starts_at__gt=now()) if free_places(one)]


def free_places(shift: Shift) -> int:
    """Return the number of free places of a shift of `shifts_of`."""
    return max(0, shift.needed - getattr(shift, "assigned", 0))


def active_assignments(shift: Shift) -> QuerySet[ShiftAssignment]:
    """Return the assignments that count for a shift."""
    return ShiftAssignment.objects.filter(shift=shift, state__in=ACTIVE)


def shift_numbers(event: Event, until: datetime.datetime) -> dict[str, int]:
    """Return `shifts`: number of future shifts; `needed` and `held` in them; `soon`: number of
    people missing in those that begin before `until`. Always one query."""
    coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
    rows = list(coming.annotate(assigned=ASSIGNED_COUNT).values_list("needed", "assigned", "starts_at"))
    return {
        "shifts": len(rows),
        "needed": sum(needed for needed, _assigned, _at in rows),
        "held": sum(min(needed, assigned) for needed, assigned, _at in rows),
        "soon": sum(max(0, needed - assigned) for needed, assigned, at in rows if at < until),
    }


def days_of_shifts(event: Event) -> list[datetime.date]:
    """Return the days with shifts, in order."""
    rows = Shift.objects.filter(event=event, removed_at=None).order_by("on")
    return list(rows.values_list("on", flat=True).distinct())


def shift_links(event: Event) -> list[ShiftLink]:
    """Return all links of the event, newest first, with numbers of openings and sign-ups, and the
    last use."""
    opened = Count("uses", filter=Q(uses__signed_up=False))
    signed_up = Count("uses", filter=Q(uses__signed_up=True))
    rows = ShiftLink.objects.filter(event=event).select_related("made_by")
    return list(rows.annotate(opened=opened, signed_up=signed_up, last_use=Max("uses__at")))


def shift_link_of_token(token: str) -> ShiftLink | None:
    """Return the link of this token if it is valid: not expired or revoked, of an event that guests
    may see."""
    rows = ShiftLink.objects.filter(token_hash=hash_token(token), revoked_at=None, until__gt=now())
    return rows.select_related("event__workspace", "event__organisation").first()


def volunteer_of_user(event: Event, user: User) -> Volunteer | None:
    return Volunteer.objects.filter(event=event, user=user).first()


def assignments_of(volunteer: Volunteer) -> list[ShiftAssignment]:
    """Return the volunteer's assignments to shifts that are not removed, by time."""
    return _with_shifts(ShiftAssignment.objects.filter(volunteer=volunteer), volunteer.event)


def offered_to(volunteer: Volunteer) -> list[ShiftAssignment]:
    """Return other volunteers' offers at the event, without shifts that the volunteer has already."""
    own = ShiftAssignment.objects.filter(volunteer=volunteer, state__in=ACTIVE).values("shift_id")
    rows = ShiftAssignment.objects.filter(
        state=AssignmentState.OFFERED, shift__event=volunteer.event, shift__starts_at__gt=now()
    )
    return _with_shifts(rows.exclude(shift__in=own), volunteer.event)


def _with_shifts(rows: QuerySet[ShiftAssignment], event: Event) -> list[ShiftAssignment]:
    """Return assignments to shifts of the event that are not removed, by time."""
    found = list(rows.filter(shift__removed_at=None).select_related("shift"))  # ordered by the model
    for one in found:
        one.shift.event = event
    return found


def same_person(volunteer: Volunteer) -> Q:
    """Return the condition that matches all rows of this person, at any event."""
    is_same = Q(address_print__in=[volunteer.address_print, *owner_prints(volunteer.address)])
    return is_same | Q(user=volunteer.user_id) if volunteer.user_id is not None else is_same


def overlapping(volunteer: Volunteer, shift: Shift) -> ShiftAssignment | None:
    """Return a shift of the same person at that time, at any event, or None."""
    people = Volunteer.objects.filter(same_person(volunteer))
    rows = ShiftAssignment.objects.filter(
        volunteer__in=people.values("pk"),
        state__in=ACTIVE,
        shift__removed_at=None,
        shift__event__cancelled_at=None,
        shift__starts_at__lt=shift.ends_at,
        shift__ends_at__gt=shift.starts_at,
    )
    return rows.exclude(shift=shift).select_related("shift__event").first()


def known_shifts(event: Event, uuids: Iterable[UUID]) -> dict[UUID, Shift]:
    """Return the event's shifts with these UUIDs."""
    return {one.uuid: one for one in shifts_of(event).filter(uuid__in=list(uuids))}

"""Querysets of shifts, assignments and sign-up links."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.tokens import hash_token
from events.core.models import Event
from events.volunteers.enums import HOLDING, TurnState
from events.volunteers.models import Shift, ShiftLink, ShiftPlan, ShiftTurn, Volunteer

HELD_COUNT = Count("turns", filter=Q(turns__state__in=HOLDING))


def shift_plan_of(event: Event) -> ShiftPlan | None:
    """Return the settings of all shifts, with `event` set to the instance passed in."""
    found = ShiftPlan.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def shifts_of(event: Event) -> QuerySet[Shift]:
    """Return active shifts in chronological order, annotated with `held`: number of volunteers."""
    return Shift.objects.filter(event=event, removed_at=None).annotate(held=HELD_COUNT)


def shifts_between(event: Event, first: datetime.date, last: datetime.date) -> list[Shift]:
    """Return the shifts of these days with their volunteers in `turns_now`: two queries."""
    rows = ShiftTurn.objects.filter(state__in=HOLDING).select_related("volunteer").order_by("taken_at", "id")
    shifts = shifts_of(event).filter(on__gte=first, on__lte=last)
    return list(shifts.prefetch_related(Prefetch("turns", rows, to_attr="turns_now")))


def open_shifts(event: Event) -> list[Shift]:
    """Return future shifts with free places."""
    return [one for one in shifts_of(event).filter(starts_at__gt=now()) if holder_count(one) < one.needed]


def holder_count(shift: Shift) -> int:
    """Return the number of volunteers of the shift: annotated, or queried."""
    kept: int | None = getattr(shift, "held", None)
    return active_turns(shift).count() if kept is None else kept


def active_turns(shift: Shift) -> QuerySet[ShiftTurn]:
    """Return the assignments that count for a shift."""
    return ShiftTurn.objects.filter(shift=shift, state__in=HOLDING)


def shift_numbers(event: Event, until: datetime.datetime) -> dict[str, int]:
    """Return `shifts`: number of future shifts; `needed` and `held` in them; `soon`: number of
    people missing in those that begin before `until`. Always one query."""
    coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
    rows = list(coming.annotate(held=HELD_COUNT).values_list("needed", "held", "starts_at"))
    return {
        "shifts": len(rows),
        "needed": sum(needed for needed, _held, _at in rows),
        "held": sum(min(needed, held) for needed, held, _at in rows),
        "soon": sum(max(0, needed - held) for needed, held, at in rows if at < until),
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
    rows = ShiftLink.objects.filter(token_hash=hash_token(token), taken_back_at=None, until__gt=now())
    return rows.select_related("event__workspace", "event__organisation").first()


def volunteer_of_token(token: str) -> Volunteer | None:
    """Return the volunteer of this token, or None."""
    rows = Volunteer.objects.filter(token_hash=hash_token(token))
    return rows.select_related("event__workspace", "event__organisation").first()


def volunteer_of_user(event: Event, user: User) -> Volunteer | None:
    return Volunteer.objects.filter(event=event, user=user).first()


def turns_of(volunteer: Volunteer) -> list[ShiftTurn]:
    """Return the volunteer's active shifts in chronological order."""
    rows = ShiftTurn.objects.filter(volunteer=volunteer, shift__removed_at=None)
    return list(rows.select_related("shift").order_by("shift__starts_at", "id"))


def offered_to(volunteer: Volunteer) -> list[ShiftTurn]:
    """Return other volunteers' offers at the event, without shifts that the volunteer has
    already."""
    own = ShiftTurn.objects.filter(volunteer=volunteer, state__in=HOLDING).values("shift_id")
    rows = ShiftTurn.objects.filter(
        state=TurnState.OFFERED,
        shift__event=volunteer.event,
        shift__removed_at=None,
        shift__starts_at__gt=now(),
    )
    return list(rows.exclude(shift__in=own).select_related("shift").order_by("shift__starts_at", "id"))


def same_person(volunteer: Volunteer) -> Q:
    """Return the condition that matches all rows of this person, at any event."""
    is_same = Q(address_print=volunteer.address_print)
    return is_same | Q(user=volunteer.user_id) if volunteer.user_id is not None else is_same


def overlapping(volunteer: Volunteer, shift: Shift) -> ShiftTurn | None:
    """Return a shift of the same person at that time, at any event, or None."""
    people = Volunteer.objects.filter(same_person(volunteer))
    rows = ShiftTurn.objects.filter(
        volunteer__in=people.values("pk"),
        state__in=HOLDING,
        shift__removed_at=None,
        shift__event__cancelled_at=None,
        shift__starts_at__lt=shift.ends_at,
        shift__ends_at__gt=shift.starts_at,
    )
    return rows.exclude(shift=shift).select_related("shift__event").first()


def worked_turns(volunteer: Volunteer) -> list[ShiftTurn]:
    """Return the assignments with confirmed attendance."""
    return [one for one in turns_of(volunteer) if one.came]


def known_shifts(event: Event, uuids: Iterable[UUID]) -> dict[UUID, Shift]:
    """Return the event's shifts with these UUIDs, annotated with counts."""
    return {one.uuid: one for one in shifts_of(event).filter(uuid__in=list(uuids))}

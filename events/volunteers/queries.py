"""Shifts, who holds them, and who may sign up by a link: the only place where they come from."""

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

HELD = Count("turns", filter=Q(turns__state__in=HOLDING))


def shift_plan_of(event: Event) -> ShiftPlan | None:
    """What holds for all shifts; the event stands in it as it was given."""
    found = ShiftPlan.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def shifts_of(event: Event) -> QuerySet[Shift]:
    """The shifts in the plan in the order of time, with `held`: how many people have them."""
    return Shift.objects.filter(event=event, removed_at=None).annotate(held=HELD)


def shifts_between(event: Event, first: datetime.date, last: datetime.date) -> list[Shift]:
    """The shifts of these days with their people in `turns_now`: two queries."""
    rows = ShiftTurn.objects.filter(state__in=HOLDING).select_related("volunteer").order_by("taken_at", "id")
    shifts = shifts_of(event).filter(on__gte=first, on__lte=last)
    return list(shifts.prefetch_related(Prefetch("turns", rows, to_attr="turns_now")))


def open_shifts(event: Event) -> list[Shift]:
    """Those that have not begun and lack people."""
    return [one for one in shifts_of(event).filter(starts_at__gt=now()) if held_by(one) < one.needed]


def held_by(shift: Shift) -> int:
    """How many people have the shift: counted with it, or asked now."""
    kept: int | None = getattr(shift, "held", None)
    return holding(shift).count() if kept is None else kept


def holding(shift: Shift) -> QuerySet[ShiftTurn]:
    """The turns that count for a shift."""
    return ShiftTurn.objects.filter(shift=shift, state__in=HOLDING)


def numbers_of(event: Event, until: datetime.datetime) -> dict[str, int]:
    """`shifts`: how many are to come; `needed` and `held` in them; `soon`: how many people are missing
    in those that begin before `until`. One query, whatever there is."""
    coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
    rows = list(coming.annotate(held=HELD).values_list("needed", "held", "starts_at"))
    return {
        "shifts": len(rows),
        "needed": sum(needed for needed, _held, _at in rows),
        "held": sum(min(needed, held) for needed, held, _at in rows),
        "soon": sum(max(0, needed - held) for needed, held, at in rows if at < until),
    }


def days_of_shifts(event: Event) -> list[datetime.date]:
    """The days that have shifts, in order."""
    rows = Shift.objects.filter(event=event, removed_at=None).order_by("on")
    return list(rows.values_list("on", flat=True).distinct())


def links_of(event: Event) -> list[ShiftLink]:
    """Every link of the event, newest first, with how often it was opened, how many signed up by it, and
    its last use."""
    opened = Count("uses", filter=Q(uses__signed_up=False))
    signed_up = Count("uses", filter=Q(uses__signed_up=True))
    rows = ShiftLink.objects.filter(event=event).select_related("made_by")
    return list(rows.annotate(opened=opened, signed_up=signed_up, last_use=Max("uses__at")))


def link_of_token(token: str) -> ShiftLink | None:
    """The link that opens now: not ended, not taken back, of an event that may be shown to guests."""
    rows = ShiftLink.objects.filter(token_hash=hash_token(token), taken_back_at=None, until__gt=now())
    return rows.select_related("event__workspace", "event__organisation").first()


def volunteer_of_token(token: str) -> Volunteer | None:
    """Whose own page it is; None if nobody's."""
    rows = Volunteer.objects.filter(token_hash=hash_token(token))
    return rows.select_related("event__workspace", "event__organisation").first()


def volunteer_of_user(event: Event, user: User) -> Volunteer | None:
    return Volunteer.objects.filter(event=event, user=user).first()


def turns_of(volunteer: Volunteer) -> list[ShiftTurn]:
    """The person's shifts that are in the plan, in the order of time."""
    rows = ShiftTurn.objects.filter(volunteer=volunteer, shift__removed_at=None)
    return list(rows.select_related("shift").order_by("shift__starts_at", "id"))


def offered_to(volunteer: Volunteer) -> list[ShiftTurn]:
    """What others of the event offer and the person does not hold already."""
    own = ShiftTurn.objects.filter(volunteer=volunteer, state__in=HOLDING).values("shift_id")
    rows = ShiftTurn.objects.filter(
        state=TurnState.OFFERED,
        shift__event=volunteer.event,
        shift__removed_at=None,
        shift__starts_at__gt=now(),
    )
    return list(rows.exclude(shift__in=own).select_related("shift").order_by("shift__starts_at", "id"))


def same_person(volunteer: Volunteer) -> Q:
    """Every row of volunteers that is this person, whatever the event."""
    is_same = Q(address_print=volunteer.address_print)
    return is_same | Q(user=volunteer.user_id) if volunteer.user_id is not None else is_same


def overlapping(volunteer: Volunteer, shift: Shift) -> ShiftTurn | None:
    """A shift that the same person holds at that time, of whatever event; None if there is none."""
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


def worked(volunteer: Volunteer) -> list[ShiftTurn]:
    """The shifts at which somebody saw the person."""
    return [one for one in turns_of(volunteer) if one.came]


def known_shifts(event: Event, uuids: Iterable[UUID]) -> dict[UUID, Shift]:
    """Those of the event's shifts that have these UUIDs, counted."""
    return {one.uuid: one for one in shifts_of(event).filter(uuid__in=list(uuids))}

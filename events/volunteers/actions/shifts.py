"""The shifts of an event: what volunteers do, when, how many are needed, and what holds for all of them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.permissions import may_change, require_that
from events.volunteers.models import Shift, ShiftPlan
from events.volunteers.notifications import plan_reminders, tell_changed, tell_removed
from events.volunteers.queries import holding
from events.volunteers.times import anchor_of, settle

MOST_SHIFTS = 1000
MOST_NEEDED = 200
FURTHEST = datetime.timedelta(days=400)  # from the event's days: further away is a slip of the pen
ONLY_PLANNERS = _("Editors and coordinators plan the shifts.")


@dataclass(frozen=True)
class Work:
    """What is said of one shift. Day and hours are on the wall of the event's place."""

    title: Mapping[str, str]
    on: datetime.date
    begins: datetime.time
    ends: datetime.time
    needed: int
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """What holds for all shifts: the safety brief by language, whom to call, whether age is asked."""

    brief: Mapping[str, str]
    caller_name: str = ""
    caller_phone: str = ""
    asks_age: bool = False


def held_for_planning(access: Access, event: Event) -> Event:
    """The event's row, locked. Raises NotAllowed without the right to change it; Refused if cancelled."""
    locked = hold(event)
    require_that(may_change(access, locked), ONLY_PLANNERS)
    refuse_cancelled(locked)
    return locked


def plan_for(event: Event) -> ShiftPlan:
    """What holds for all shifts of the event, begun if there was nothing. With the event's row held."""
    plan, _made = ShiftPlan.objects.get_or_create(event=event, defaults={"anchor_on": anchor_of(event)})
    plan.event = event
    return plan


def set_around(*, access: Access, event: Event, around: Around) -> ShiftPlan:
    """Write the brief, the person to call, and whether age is asked. Raises NotAllowed, Refused."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        plan = plan_for(locked)
        plan.brief = written(around.brief)
        plan.caller_name, plan.caller_phone = around.caller_name.strip(), around.caller_phone.strip()
        plan.asks_age = around.asks_age
        plan.save()
        audit.record(locked, access, "event.shifts_around_set")
    return plan


def add_shift(*, access: Access, event: Event, work: Work) -> Shift:
    """Add one shift. Raises NotAllowed; Refused for what makes no sense, or if there are too many."""
    return add_shifts(access=access, event=event, works=[work])[0]


def add_shifts(*, access: Access, event: Event, works: list[Work]) -> list[Shift]:
    """Add several shifts in one transaction: all of them or none."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        plan_for(locked)
        there = Shift.objects.filter(event=locked, removed_at=None).count()
        if there + len(works) > MOST_SHIFTS:
            raise Refused(_("An event has at most %(most)s shifts."), most=MOST_SHIFTS)
        made = [_put(Shift(event=locked), locked, work) for work in works]
        Shift.objects.bulk_create(made)
        audit.record(locked, access, "event.shifts_added", count=len(made))
    return made


def change_shift(*, access: Access, event: Event, uuid: UUID, work: Work) -> Shift:
    """Change a shift; who holds it is told of another time or place.

    Raises NotAllowed; Refused if fewer would be needed than hold it already, or if it is gone.
    """
    with transaction.atomic():
        locked = held_for_planning(access, event)
        shift = row_of(locked, uuid)
        before = (shift.starts_at, shift.ends_at, shift.place, shift.title)
        _put(shift, locked, work)
        if holding(shift).count() > shift.needed:
            raise Refused(_("More people than that have this shift already: take somebody out first."))
        other = before != (shift.starts_at, shift.ends_at, shift.place, shift.title)
        shift.sequence += int(other)
        shift.save()
        if other:
            plan_reminders(shift)
            tell_changed(shift)
        audit.record(locked, access, "event.shift_changed", shift=str(shift.uuid))
    return shift


def take_out(*, access: Access, event: Event, uuid: UUID) -> None:
    """Take a shift out; who holds it is told. It can come back, with those who held it."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        shift = row_of(locked, uuid)
        shift.removed_at = now()
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        tell_removed(shift)
        audit.record(locked, access, "event.shift_taken_out", shift=str(shift.uuid))


def bring_back(*, access: Access, event: Event, uuid: UUID) -> None:
    """Put back a shift that was taken out; who held it is told again."""
    with transaction.atomic():
        locked = held_for_planning(access, event)
        shift = Shift.objects.filter(event=locked, uuid=uuid).exclude(removed_at=None).first()
        if shift is None:
            return
        shift.event, shift.removed_at = locked, None
        shift.sequence += 1
        shift.save(update_fields=["removed_at", "sequence"])
        plan_reminders(shift)
        tell_changed(shift)
        audit.record(locked, access, "event.shift_brought_back", shift=str(shift.uuid))


def row_of(event: Event, uuid: UUID) -> Shift:
    """A shift of this event. Raises Refused if it is not there any more."""
    shift = Shift.objects.filter(event=event, uuid=uuid, removed_at=None).first()
    if shift is None:
        raise Refused(_("This shift is not in the plan any more."))
    shift.event = event
    return shift


def written(words: Mapping[str, str]) -> dict[str, str]:
    """The languages in which there are words."""
    return {code: words[code].strip() for code in Language.values if words.get(code, "").strip()}


def _put(shift: Shift, event: Event, work: Work) -> Shift:
    title = written(work.title)
    if not title:
        raise Refused(_("Say what is to be done, in at least one language."))
    if not 1 <= work.needed <= MOST_NEEDED:
        raise Refused(_("A shift needs between 1 and %(most)s people."), most=MOST_NEEDED)
    first, last = anchor_of(event), event.run_until or event.ends_on
    if event.lasts_until is not None:
        last = max(last, event.lasts_until.astimezone(event.zone_info).date())
        if not first - FURTHEST <= work.on <= last + FURTHEST:
            raise Refused(_("The day lies too far from the event: check the date."))
    shift.title, shift.place = title, written(work.place)
    shift.on, shift.begins, shift.ends, shift.needed = work.on, work.begins, work.ends, work.needed
    settle(shift, event)
    return shift

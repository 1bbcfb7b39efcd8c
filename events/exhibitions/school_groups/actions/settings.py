"""Opening an exhibition to school groups, and the slots that are free."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.applicants.retention import forget_unproved
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.actions.times import times_of
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.occurrences import DAY, moment
from events.core.permissions import may_change, require_that
from events.core.queries.past import is_cancelled_since, is_over_since
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.queries import holding
from events.exhibitions.school_groups.slots import slots_of

ONLY_PLANNERS = _("Editors and coordinators see which school groups come.")
DAYS_KEPT = 90  # after the event
LENGTHS = range(20, 241)
MOST_PER_SLOT, MOST_PUPILS = 20, 200


@dataclass(frozen=True)
class Visits:
    """How groups are taken."""

    slot_minutes: int
    per_slot: int
    most_pupils: int
    by_hand: bool = False


def open_to_groups(*, access: Access, event: Event, visits: Visits) -> GroupVisits:
    """Open it to groups, open it again, or change how they are taken; who is there stays.

    Raises NotAllowed; Refused if it is cancelled, not open over days, or if the numbers make no sense.
    """
    if visits.slot_minutes not in LENGTHS or not 1 <= visits.per_slot <= MOST_PER_SLOT:
        raise Refused(_("A visit takes 20 to 240 minutes, with one to 20 groups at the same time."))
    if not 1 <= visits.most_pupils <= MOST_PUPILS:
        raise Refused(_("A group has between 1 and 200 pupils."))
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if locked.run_from is None or (not locked.hours.exists() and not locked.special_days.exists()):
            raise Refused(_("Set the opening hours first: groups come while it is open."))
        terms = {
            "slot_minutes": visits.slot_minutes,
            "per_slot": visits.per_slot,
            "most_pupils": visits.most_pupils,
            "by_hand": visits.by_hand,
        }
        row, fresh = GroupVisits.objects.update_or_create(
            event=locked,
            defaults={**terms, "stopped_at": None},
            create_defaults={**terms, "opened_at": now()},
        )
        row.event = locked
        audit.record(locked, access, "event.groups_opened" if fresh else "event.groups_terms")
    return row


def stop_groups(*, access: Access, event: Event) -> None:
    """Take no more groups; who is there stays. Raises NotAllowed."""
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        GroupVisits.objects.filter(event=locked, stopped_at=None).update(stopped_at=now())
        audit.record(locked, access, "event.groups_stopped")


def why_closed(visits: GroupVisits) -> str:
    """Why no group can ask now: "cancelled", "over", "closed"; "" while it is open."""
    event = visits.event
    if event.cancelled_at is not None:
        return "cancelled"
    if event.run_until is None or event.run_until < today_at(event):
        return "over"
    return "closed" if visits.stopped_at is not None or not event.is_public else ""


def today_at(event: Event) -> datetime.date:
    return now().astimezone(event.zone_info).date()


def free_slots(visits: GroupVisits) -> dict[datetime.date, list[datetime.time]]:
    """From tomorrow on: the days with the beginnings of visits that still have room."""
    event = visits.event
    run = times_of(event).run
    if run is None:
        return {}
    taken, found = holding(visits), {}
    day = max(run.first, today_at(event) + DAY)
    while day <= run.last:
        slots = [one for one in slots_of(run, day, visits.slot_minutes) if taken[day, one] < visits.per_slot]
        if slots:
            found[day] = slots
        day += DAY
    return found


def settle(group: SchoolGroup, visits: GroupVisits) -> None:
    """Derive the moments of the visit. Saves nothing."""
    begins = datetime.datetime.combine(group.on, group.begins)
    zone = visits.event.zone
    group.starts_at = moment(begins, zone)
    group.ends_at = moment(begins + datetime.timedelta(minutes=visits.slot_minutes), zone)


def forget_groups() -> int:
    """Delete who never proved an address, and everybody a while after the event. Returns how many rows."""
    over = is_over_since(DAYS_KEPT, "visits__event__") & Q(ends_at__lt=days_ago(DAYS_KEPT))
    over |= is_cancelled_since(DAYS_KEPT, "visits__event__")
    unproved = forget_unproved(SchoolGroup, state=GroupState.UNPROVED)
    return unproved + delete(SchoolGroup.objects.filter(over))

"""School groups of an event: the only place where they come from."""

import datetime
from collections import Counter

from django.db.models import Count, Q, QuerySet

from coalition.core.clock import now
from events.core.actions.times import times_of
from events.core.models import Event
from events.core.queries import public_events
from events.exhibitions.school_groups.enums import HOLDING, GroupState
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.slots import slots_of


def group_visits_of(event: Event) -> GroupVisits | None:
    """How the event takes groups; the event stands in it as it was given."""
    found = GroupVisits.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def public_group_visits(slug: str) -> GroupVisits | None:
    """That of a public event, open or not; None if there is none."""
    rows = GroupVisits.objects.filter(event__in=public_events().order_by().values("pk"), event__slug=slug)
    return rows.select_related("event__organisation", "event__workspace").first()


def groups_of(visits: GroupVisits) -> QuerySet[SchoolGroup]:
    """Those whose address is proved, in the order of their visits."""
    return SchoolGroup.objects.filter(visits=visits).exclude(state=GroupState.UNPROVED)


def holding(visits: GroupVisits) -> Counter[tuple[datetime.date, datetime.time]]:
    """How many groups stand in which slot, by day and beginning. One query."""
    rows = SchoolGroup.objects.filter(visits=visits, state__in=HOLDING, ends_at__gt=now())
    return Counter(rows.order_by().values_list("on", "begins"))


def group_numbers(event: Event) -> tuple[GroupVisits | None, int, int]:
    """How the event takes groups, how many wait for an answer, how many are confirmed and to come."""
    asked = Count("groups", filter=Q(groups__state=GroupState.ASKED))
    coming = Count("groups", filter=Q(groups__state=GroupState.CONFIRMED, groups__ends_at__gt=now()))
    found = GroupVisits.objects.filter(event=event).annotate(asked=asked, coming=coming).first()
    if found is None:
        return None, 0, 0
    found.event = event
    return found, getattr(found, "asked", 0), getattr(found, "coming", 0)


# --- settings ---
# Opening an exhibition to school groups, and the slots that are free.


def is_open_then(visits: GroupVisits, group: SchoolGroup) -> bool:
    """Whether it is open during the visit, as the hours are now."""
    run = times_of(visits.event).run
    return run is not None and any(
        group.begins == one for one in slots_of(run, group.on, visits.slot_minutes)
    )

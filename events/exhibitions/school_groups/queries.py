"""Querysets of an event's school groups."""

import datetime
from collections import Counter

from django.db.models import Count, Q, QuerySet

from coalition.core.clock import now
from events.core.actions.times import times_of
from events.core.models import Event
from events.core.queries import public_events
from events.exhibitions.school_groups.enums import HOLDING, GroupState
from events.exhibitions.school_groups.formatting import slots_of
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup


def group_visits_of(event: Event) -> GroupVisits | None:
    """Return the event's terms for groups, with `event` set to the instance passed in."""
    found = GroupVisits.objects.filter(event=event).first()
    if found is not None:
        found.event = event
    return found


def public_group_visits(slug: str) -> GroupVisits | None:
    """Return the terms of a public event, open or closed; None if there are none."""
    rows = GroupVisits.objects.filter(event__in=public_events().order_by().values("pk"), event__slug=slug)
    return rows.select_related("event__organisation", "event__workspace").first()


def groups_of(visits: GroupVisits) -> QuerySet[SchoolGroup]:
    """Return the groups with a verified address, in the order of their visits."""
    return SchoolGroup.objects.filter(visits=visits).exclude(state=GroupState.UNPROVED)


def groups_per_slot(visits: GroupVisits) -> Counter[tuple[datetime.date, datetime.time]]:
    """Count the groups in each slot, by day and start time. One query."""
    rows = SchoolGroup.objects.filter(visits=visits, state__in=HOLDING, ends_at__gt=now())
    return Counter(rows.order_by().values_list("on", "begins"))


def group_numbers(event: Event) -> tuple[GroupVisits | None, int, int]:
    """Return the event's terms, the number of unanswered groups, and of confirmed future groups."""
    asked = Count("groups", filter=Q(groups__state=GroupState.ASKED))
    coming = Count("groups", filter=Q(groups__state=GroupState.CONFIRMED, groups__ends_at__gt=now()))
    found = GroupVisits.objects.filter(event=event).annotate(asked=asked, coming=coming).first()
    if found is None:
        return None, 0, 0
    found.event = event
    return found, getattr(found, "asked", 0), getattr(found, "coming", 0)


# --- settings ---
# Slots and opening hours.


def is_open_during_visit(visits: GroupVisits, group: SchoolGroup) -> bool:
    """Whether the exhibition is open during the visit, by its current hours."""
    run = times_of(visits.event).run
    return run is not None and any(
        group.begins == one for one in slots_of(run, group.on, visits.slot_minutes)
    )

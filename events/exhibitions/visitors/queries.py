"""Visitor counts."""

import datetime
from collections import Counter

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from coalition.core.tokens import hash_token
from events.core.models import Event
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.models import SchoolGroup
from events.exhibitions.visitors.models import CountLink, VisitorTick

type VisitorCounts = Counter[tuple[datetime.date, int, str]]  # day, hour, group → people


def counts_of(event: Event, *days: datetime.date) -> VisitorCounts:
    """Return people by day, hour and group; for these days only, or for all. One query."""
    rows = VisitorTick.objects.filter(event=event)
    rows = rows.filter(on__in=days) if days else rows
    summed = rows.order_by().values_list("on", "hour", "group").annotate(people=Sum("number"))
    return Counter({(on, hour, group): people for on, hour, group, people in summed})


def visitors_of(event: Event) -> int:
    """Return the total of visitors; 0 without counts."""
    found: int | None = VisitorTick.objects.filter(event=event).aggregate(people=Sum("number"))["people"]
    return found or 0


def corrections_of(event: Event, *days: datetime.date) -> QuerySet[VisitorTick]:
    """Return the corrections with their authors; for these days only, or for all."""
    rows = VisitorTick.objects.filter(event=event).exclude(why="").select_related("by")
    return rows.filter(on__in=days) if days else rows


def count_links_of(event: Event) -> QuerySet[CountLink]:
    """Return all links, newest first, annotated with `people`: the number counted by the link."""
    return CountLink.objects.filter(event=event).annotate(people=Coalesce(Sum("ticks__number"), 0))


def count_link_of_token(token: str) -> CountLink | None:
    """Return the link of this token unless it was revoked."""
    rows = CountLink.objects.filter(token_hash=hash_token(token), taken_back_at=None)
    return rows.select_related("event__workspace", "event__organisation").first()


def groups_that_came(event: Event, day: datetime.date) -> list[SchoolGroup]:
    """Return the school groups confirmed for a day, in the order of their visits."""
    came = Q(visits__event=event, on=day, state=GroupState.CONFIRMED)
    return list(SchoolGroup.objects.filter(came))

"""How many people came: the only place where the numbers come from."""

import datetime
from collections import Counter

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from coalition.core.tokens import hash_token
from events.core.models import Event
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.models import SchoolGroup
from events.exhibitions.visitors.models import CountLink, VisitorTick

type Counts = Counter[tuple[datetime.date, int, str]]  # day, hour, group → people


def counts_of(event: Event, *days: datetime.date) -> Counts:
    """People by day, hour and group; of these days alone, or of all. One query."""
    rows = VisitorTick.objects.filter(event=event)
    rows = rows.filter(on__in=days) if days else rows
    summed = rows.order_by().values_list("on", "hour", "group").annotate(people=Sum("number"))
    return Counter({(on, hour, group): people for on, hour, group, people in summed})


def visitors_of(event: Event) -> int:
    """How many were counted in all; 0 if nobody counted."""
    found: int | None = VisitorTick.objects.filter(event=event).aggregate(people=Sum("number"))["people"]
    return found or 0


def corrections_of(event: Event, *days: datetime.date) -> QuerySet[VisitorTick]:
    """What was put right by hand, with who did it; of these days alone, or of all."""
    rows = VisitorTick.objects.filter(event=event).exclude(why="").select_related("by")
    return rows.filter(on__in=days) if days else rows


def count_links_of(event: Event) -> QuerySet[CountLink]:
    """Every link, newest first, with `people`: how many were counted by it."""
    return CountLink.objects.filter(event=event).annotate(people=Coalesce(Sum("ticks__number"), 0))


def count_link_of_token(token: str) -> CountLink | None:
    """The link, unless it was taken back."""
    rows = CountLink.objects.filter(token_hash=hash_token(token), taken_back_at=None)
    return rows.select_related("event__workspace", "event__organisation").first()


def groups_that_came(event: Event, day: datetime.date) -> list[SchoolGroup]:
    """School groups that have a place on a day, in the order of their visits."""
    came = Q(visits__event=event, on=day, state=GroupState.CONFIRMED)
    return list(SchoolGroup.objects.filter(came))

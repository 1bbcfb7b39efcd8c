"""Querysets of event tasks."""

import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from coalition.accounts.models import User
from documents.drafts.queries import reading_seats
from events.core.enums import EventState
from events.core.models import Event, EventText, PrivateFeed
from events.core.queries import seated_events_for
from events.production.checklist.models import EventTask

TASKS_AHEAD, TASKS_BEHIND = datetime.timedelta(days=366), datetime.timedelta(days=60)  # in private feeds


def tasks_of(event: Event) -> list[EventTask]:
    """Return the tasks of an event's checklist by date: one query."""
    rows = EventTask.objects.filter(event=event, removed_at=None)
    return list(rows.select_related("organisation", "person"))


def checklist_counts(event: Event) -> dict[str, int]:
    """Count all tasks, done ones and overdue ones: one query."""
    late = Q(done_at=None, due_on__lt=timezone.localdate(timezone=event.zone_info))
    return EventTask.objects.filter(event=event, removed_at=None).aggregate(
        all=Count("pk"), done=Count("done_at"), late=Count("pk", filter=late)
    )


def open_tasks_where(user: User, *, until: datetime.date) -> QuerySet[EventTask]:
    """Return open tasks due by a day in workspaces where the user reads drafts, except those of
    other people."""
    seated = reading_seats(user).values("workspace")
    rows = EventTask.objects.filter(event__workspace__in=seated, done_at=None, removed_at=None)
    return rows.filter(Q(person=user) | Q(person=None), due_on__lte=until)


def open_tasks_of(user: User, *, until: datetime.date) -> QuerySet[EventTask]:
    """Return open tasks due by a day of the user, or of an organisation for which they have a
    seat."""
    seats = reading_seats(user).filter(workspace=OuterRef("event__workspace"))
    own = Exists(seats.filter(organisation=OuterRef("organisation")))
    words = EventText.objects.defer("text", "component")
    return (
        EventTask.objects.filter(Q(person=user) | Q(own, person=None), done_at=None, removed_at=None)
        .filter(Exists(seats), due_on__lte=until, event__in=seated_events_for(user).order_by().values("pk"))
        .exclude(event__state=EventState.CANCELLED)
        .select_related("event")
        .prefetch_related(Prefetch("event__texts", queryset=words))
    )


def tasks_of_feed(feed: PrivateFeed) -> list[EventTask]:
    """Return the person's open tasks for events of the feed's workspaces, if they chose to include
    tasks."""
    if not feed.with_tasks:
        return []
    rows = open_tasks_of(feed.person, until=timezone.localdate() + TASKS_AHEAD)
    rows = rows.filter(due_on__gte=timezone.localdate() - TASKS_BEHIND)
    chosen = [workspace.pk for workspace in feed.workspaces.all()]
    if chosen:
        rows = rows.filter(event__workspace__in=chosen)
    return list(rows.order_by("due_on", "pk"))

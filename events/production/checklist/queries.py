"""Tasks of events: the only place where lists of them come from."""

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
    """The lines of an event's checklist by their days: one query."""
    rows = EventTask.objects.filter(event=event, removed_at=None)
    return list(rows.select_related("organisation", "person"))


def counted(event: Event) -> dict[str, int]:
    """How many lines there are, how many are done, and how many are overdue: one query."""
    late = Q(done_at=None, due_on__lt=timezone.localdate(timezone=event.zone_info))
    return EventTask.objects.filter(event=event, removed_at=None).aggregate(
        all=Count("pk"), done=Count("done_at"), late=Count("pk", filter=late)
    )


def open_tasks_where(user: User, *, until: datetime.date) -> QuerySet[EventTask]:
    """What is to be done until a day where the person reads drafts, and is not somebody else's."""
    seated = reading_seats(user).values("workspace")
    rows = EventTask.objects.filter(event__workspace__in=seated, done_at=None, removed_at=None)
    return rows.filter(Q(person=user) | Q(person=None), due_on__lte=until)


def open_tasks_of(user: User, *, until: datetime.date) -> QuerySet[EventTask]:
    """What the person, or an organisation on whose behalf they sit there, still has to do until a day."""
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
    """What the person has still to do for events of the feed's workspaces, if they wanted it there."""
    if not feed.with_tasks:
        return []
    rows = open_tasks_of(feed.person, until=timezone.localdate() + TASKS_AHEAD)
    rows = rows.filter(due_on__gte=timezone.localdate() - TASKS_BEHIND)
    chosen = [workspace.pk for workspace in feed.workspaces.all()]
    if chosen:
        rows = rows.filter(event__workspace__in=chosen)
    return list(rows.order_by("due_on", "pk"))

"""Tasks of the checklist, on the dashboard and in private feeds."""

import datetime
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem, only_if
from events.core.enums import EventKind, EventState
from events.core.facts import EventFacts, EventTimes
from events.core.models import PrivateFeed
from events.core.queries import text_in
from events.production.checklist.models import EventTask
from events.production.checklist.queries import open_tasks_of, open_tasks_where, tasks_of_feed

SOON = datetime.timedelta(days=7)


@only_if(lambda user: open_tasks_where(user, until=timezone.localdate(now()) + SOON))
def tasks_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """What the person has to do for events within a week, or should have done: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for task in open_tasks_of(user, until=today + SOON):
        yield WaitingItem(
            icon="check",
            title=task.title_in(language),
            detail=text_in(task.event, language).title,
            url=reverse("events:checklist", args=[task.event.uuid]),
            action=_("Open") if task.due_on >= today else _("Overdue"),
            due=datetime.datetime.combine(task.due_on, datetime.time(23, 59), tzinfo=task.event.zone_info),
            urgent=task.due_on <= today,
        )


# --- private feeds ---
# A task is a whole day, the one on which it is due, on which nobody is busy. Calendar programs that subscribe
# show VEVENTs only, so it is no VTODO.


A_DAY = datetime.timedelta(days=1)


def task_entries(feed: PrivateFeed) -> list[EventFacts]:
    """The person's tasks as entries of their feed."""
    return [_entry_of(task, feed.language) for task in tasks_of_feed(feed)]


def _entry_of(task: EventTask, language: str) -> EventFacts:
    """Return one entry in the language, or the next one in which the task has a text."""
    with override(language):
        title = _("To do: %(task)s") % {"task": task.title_in(language)}
        event = _("For: %(event)s") % {"event": text_in(task.event, language).title}
    return EventFacts(
        uid=f"task-{task.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        kind=EventKind.DEADLINE,
        state=EventState.ANNOUNCED,
        language=language,
        title=title,
        text="\n\n".join(filter(None, [event, task.note])),
        times=EventTimes(task.event.zone, task.due_on, task.due_on + A_DAY),
        changed_at=task.changed_at,
        created_at=task.changed_at,
        url=urljoin(settings.SITE_URL, reverse("events:checklist", args=[task.event.uuid])),
        private=True,
    )

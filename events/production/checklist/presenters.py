"""Tasks of the checklist, on the dashboard."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.workspaces.dashboard import Waiting
from coalition.workspaces.dashboard_prefilter import only_if
from events.core.queries import text_in
from events.production.checklist.queries import open_tasks_of, open_tasks_where

SOON = datetime.timedelta(days=7)


@only_if(lambda user: open_tasks_where(user, until=timezone.localdate(now()) + SOON))
def tasks_due(user: User, viewer: Viewer) -> Iterable[Waiting]:
    """What the person has to do for events within a week, or should have done: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for task in open_tasks_of(user, until=today + SOON):
        yield Waiting(
            icon="check",
            title=task.title_in(language),
            detail=text_in(task.event, language).title,
            url=reverse("events:checklist", args=[task.event.uuid]),
            action=_("Open") if task.due_on >= today else _("Overdue"),
            due=datetime.datetime.combine(task.due_on, datetime.time(23, 59), tzinfo=task.event.zone_info),
            urgent=task.due_on <= today,
        )

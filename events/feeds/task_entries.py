"""What a private feed tells of a task: a whole day, the one on which it is due, on which nobody is busy.

Calendar programs that subscribe show VEVENTs only, so it is no VTODO. Without further queries for rows of
`queries.feeds.tasks_of_feed`.
"""

import datetime
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.core.enums import EventKind, EventState
from events.core.facts import Facts, Times
from events.core.queries import text_in
from events.production.checklist.models import EventTask

A_DAY = datetime.timedelta(days=1)


def entry_of_task(task: EventTask, language: str) -> Facts:
    """One entry in the language, or the next one in which the task is written."""
    with override(language):
        title = _("To do: %(task)s") % {"task": task.title_in(language)}
        event = _("For: %(event)s") % {"event": text_in(task.event, language).title}
    return Facts(
        uid=f"task-{task.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        kind=EventKind.DEADLINE,
        state=EventState.ANNOUNCED,
        language=language,
        title=title,
        text="\n\n".join(filter(None, [event, task.note])),
        times=Times(task.event.zone, task.due_on, task.due_on + A_DAY),
        changed_at=task.changed_at,
        created_at=task.changed_at,
        url=urljoin(settings.SITE_URL, reverse("events:checklist", args=[task.event.uuid])),
        private=True,
    )

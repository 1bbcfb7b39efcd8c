"""Checklist views: list by date, mark as done, edit."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext, override

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from events.core.enums import EventKind, EventState
from events.core.facts import EventFacts, EventTimes
from events.core.generic_views import EventFormView, event_action, event_loader, event_page
from events.core.models import Event, PrivateFeed
from events.core.occurrences import DAY
from events.core.permissions import event_title, may_change, may_prepare
from events.core.public_pages import event_context
from events.core.queries import text_in
from events.production.checklist import actions
from events.production.checklist.actions import may_tick
from events.production.forms import TaskForm
from events.production.models import (
    EventTask,
    earlier_debriefs,
    open_tasks_of,
    open_tasks_where,
    tasks_of,
    tasks_of_feed,
)

get_checklist_event_or_404 = event_loader(
    may_prepare, gettext_lazy("People who prepare the event read its checklist.")
)


@event_page(get_checklist_event_or_404)
def checklist(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """List all tasks, open ones first by date, with their owners and whether the person may tick them."""
    viewer, rows = get_viewer(request), []
    for task in tasks_of(event):
        owner = display_name_for(viewer, task.organisation) if task.organisation is not None else ""
        if task.person is not None:
            owner = person_name(viewer, task.person, task.organisation)
        rows.append((task, owner, not event.cancelled_at and may_tick(access, event, task)))
    context = event_context(access, event) | {
        "left": [row for row in rows if not row[0].done_at],
        "done": [row for row in rows if row[0].done_at],
        "may_change": may_change(access, event) and not event.cancelled_at,
        "learned": [(event_title(row.event), row) for row in earlier_debriefs(access.user, event)],
    }
    return render(request, "events/checklist/list.html", context)


@event_action("events:checklist", load=get_checklist_event_or_404)
def begin_event_checklist(request: HttpRequest, access: Access, event: Event) -> None:
    """Add the lines of the template for this kind of event."""
    count = len(actions.begin_checklist(access=access, event=event))
    words = ngettext("%(count)d line is added.", "%(count)d lines are added.", count) % {"count": count}
    messages.success(request, words if count else _("All lines of the template are there already."))


class TaskFormView(EventFormView):
    """Add or change a task."""

    form_class = TaskForm
    template_name = "events/checklist/task.html"
    refusal = actions.ONLY_EDITORS
    task: EventTask | None = None

    def load(self) -> None:
        super().load()
        if "task" in self.kwargs:
            rows = EventTask.objects.select_related("organisation", "person")
            uuid = self.kwargs["task"]
            self.task = get_object_or_404(rows, event=self.event, uuid=uuid, removed_at=None)

    def get_instance(self) -> EventTask | None:
        return self.task

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"workspace": self.access.workspace, "viewer": get_viewer(self.request)}
        return super().get_form_kwargs() | more

    def save(self, form: TaskForm) -> HttpResponse:
        if self.task is None:
            row = actions.add_task(access=self.access, event=self.event, **form.task)
        else:
            uuid = self.task.uuid
            row = actions.change_task(access=self.access, event=self.event, uuid=uuid, **form.task)
        return redirect(f"{reverse('events:checklist', args=[self.event.uuid])}#task-{row.uuid}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"task": self.task}


@event_action("events:checklist", load=get_checklist_event_or_404)
def tick_task(request: HttpRequest, access: Access, event: Event, task: UUID) -> HttpResponse:
    """Mark a task as done or not done."""
    actions.set_task_done(access=access, event=event, uuid=task, done=request.POST.get("done") == "1")
    return redirect(f"{reverse('events:checklist', args=[event.uuid])}#task-{task}")


SOON = datetime.timedelta(days=7)


@only_if(lambda user: open_tasks_where(user, until=timezone.localdate(now()) + SOON))
def tasks_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """What the person has to do for events within a week, or should have done: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for task in open_tasks_of(user, until=today + SOON):
        yield WaitingItem(
            icon="check",
            title=str(task.title),
            detail=text_in(task.event, language).title,
            url=reverse("events:checklist", args=[task.event.uuid]),
            action=_("Open") if task.due_on >= today else _("Overdue"),
            due=datetime.datetime.combine(task.due_on, datetime.time(23, 59), tzinfo=task.event.zone_info),
            urgent=task.due_on <= today,
        )


# A task is a whole day, the one on which it is due, on which nobody is busy. Calendar programs that subscribe
# show VEVENTs only, so it is no VTODO.


def task_entries(feed: PrivateFeed) -> Iterator[EventFacts]:
    """Yield the person's tasks as entries of their feed, in its language or the next one that has a text."""
    for task in tasks_of_feed(feed):
        with override(feed.language):
            title = _("To do: %(task)s") % {"task": task.title}
            event = _("For: %(event)s") % {"event": text_in(task.event, feed.language).title}
        yield EventFacts(
            uid=f"task-{task.uuid}@{urlsplit(settings.SITE_URL).hostname}",
            kind=EventKind.DEADLINE,
            state=EventState.ANNOUNCED,
            language=feed.language,
            title=title,
            text="\n\n".join(filter(None, [event, task.note])),
            times=EventTimes(task.event.zone, task.due_on, task.due_on + DAY),
            changed_at=task.changed_at,
            created_at=task.changed_at,
            url=urljoin(settings.SITE_URL, reverse("events:checklist", args=[task.event.uuid])),
            private=True,
        )

"""Checklist views: list by date, mark as done, edit, archive."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import event_title, get_own_event_or_404, may_change
from events.production.checklist import actions
from events.production.checklist.forms import TaskForm, initial_task
from events.production.checklist.models import EventTask
from events.production.checklist.permissions import may_tick
from events.production.checklist.queries import tasks_of
from events.production.debrief.queries import earlier_debriefs


@dataclass(frozen=True)
class TaskRow:
    """Task row for one reader. `when`: distance from the event; `late`: whether it is overdue."""

    task: EventTask
    title: str
    other_language: str
    when: str
    late: bool
    owner: str
    may_tick: bool


@member_required
@require_safe
def checklist(request: HttpRequest, event: UUID) -> HttpResponse:
    """List all tasks, open ones first by date."""
    access, found = _get_checklist_event_or_404(request, event)
    viewer = get_viewer(request)
    rows = [_task_row(viewer, access, found, task) for task in tasks_of(found)]
    context = _context(access, found) | {
        "left": [row for row in rows if not row.task.done_at],
        "done": [row for row in rows if row.task.done_at],
        "may_change": may_change(access, found) and not found.cancelled_at,
        "learned": [(event_title(row.event), row) for row in earlier_debriefs(access.user, found)],
    }
    return render(request, "events/checklist/list.html", context)


@member_required
@require_POST
def begin_event_checklist(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add the lines of the template for this kind of event."""
    access, found = _get_checklist_event_or_404(request, event)
    with flash_result(request):
        count = len(actions.begin_checklist(access=access, event=found))
        words = ngettext("%(count)d line is added.", "%(count)d lines are added.", count) % {"count": count}
        messages.success(request, words if count else _("All lines of the template are there already."))
    return redirect("events:checklist", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add a task."""
    access, found = _get_checklist_event_or_404(request, event)
    return _task_form_response(request, access, found, None)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_task(request: HttpRequest, event: UUID, task: UUID) -> HttpResponse:
    """Change a task."""
    access, found = _get_checklist_event_or_404(request, event)
    row = next((one for one in tasks_of(found) if one.uuid == task), None)
    if row is None:
        raise Http404
    return _task_form_response(request, access, found, row)


@member_required
@require_POST
def tick_task(request: HttpRequest, event: UUID, task: UUID) -> HttpResponse:
    """Mark a task as done or not done."""
    access, found = _get_checklist_event_or_404(request, event)
    with flash_result(request):
        actions.set_task_done(access=access, event=found, uuid=task, done=request.POST.get("done") == "1")
    return redirect(f"{reverse('events:checklist', args=[found.uuid])}#task-{task}")


@member_required
@require_POST
def remove_task(request: HttpRequest, event: UUID, task: UUID) -> HttpResponse:
    """Archive a task, with an undo."""
    access, found = _get_checklist_event_or_404(request, event)
    with flash_result(request):
        actions.remove_task(access=access, event=found, uuid=task)
        back = reverse("events:task_back", args=[found.uuid, task])
        visits.offer_undo(request, text=_("The line is taken out."), url=back)
    return redirect("events:checklist", found.uuid)


@member_required
@require_POST
def restore_task(request: HttpRequest, event: UUID, task: UUID) -> HttpResponse:
    """Restore a task."""
    access, found = _get_checklist_event_or_404(request, event)
    with flash_result(request, _("The line is back.")):
        actions.restore_task(access=access, event=found, uuid=task)
    return redirect("events:checklist", found.uuid)


def _task_form_response(
    request: HttpRequest, access: Access, event: Event, row: EventTask | None
) -> HttpResponse:
    require_that(may_change(access, event), _("Editors and coordinators write the checklist."))
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        initial=initial_task(row) if row else None,
        workspace=access.workspace,
        viewer=get_viewer(request),
    )
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                row = actions.add_task(access=access, event=event, task=form.task)
            else:
                actions.change_task(access=access, event=event, uuid=row.uuid, task=form.task)
            return redirect(f"{reverse('events:checklist', args=[event.uuid])}#task-{row.uuid}")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return form_page(request, "events/checklist/task.html", _context(access, event, form, row))


def _context(
    access: Access, event: Event, form: TaskForm | None = None, row: EventTask | None = None
) -> dict[str, object]:
    return {
        **event_context(access, event),
        "form": form,
        "task": row,
    }


def _get_checklist_event_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    access, event = get_own_event_or_404(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event read its checklist."))
    return access, event


def _task_row(viewer: Viewer, access: Access, event: Event, task: EventTask) -> TaskRow:
    language = get_language() or ""
    read_in = task.language_for(language)
    owner = ""
    if task.person is not None:
        owner = person_name(viewer, task.person, task.organisation)
    elif task.organisation is not None:
        owner = display_name_for(viewer, task.organisation)
    return TaskRow(
        task=task,
        title=task.title_in(language),
        other_language=read_in if read_in != language else "",
        when=_when(event, task),
        late=task.done_at is None and task.due_on < timezone.localdate(timezone=event.zone_info),
        owner=owner,
        may_tick=not event.cancelled_at and may_tick(access, event, task),
    )


def _when(event: Event, task: EventTask) -> str:
    days = task.days_before
    if days == 0:
        return _("on the day")
    if days > 0:
        return ngettext("%(count)d day before", "%(count)d days before", days) % {"count": days}
    return ngettext("%(count)d day after", "%(count)d days after", -days) % {"count": -days}

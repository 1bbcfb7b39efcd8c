"""Partners' calendars of a workspace: the list, bringing one in, and what stands around one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import display_name_for
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.partner_calendars.actions.add import bring_in_address, bring_in_file
from events.partner_calendars.actions.settings import (
    bring_back_calendar,
    give_words,
    keep_only_times,
    read_again,
    remove_calendar,
)
from events.partner_calendars.forms import PartnerCalendarForm
from events.partner_calendars.models import PartnerCalendar
from events.partner_calendars.permissions import may_bring_in
from events.partner_calendars.queries import calendars_for, removed_calendars_for, with_counts
from events.partner_calendars.reader.reasons import is_problem, words_of


def entering(request: HttpRequest, workspace: UUID) -> Access:
    """Access to a workspace whose drafts the person may see; otherwise Http404."""
    access = door.enter(request, workspace)
    if not access.may(Right.SEE_DRAFTS):
        raise Http404
    return access


def to_calendar(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, PartnerCalendar]:
    access = entering(request, workspace)
    calendar = get_object_or_404(calendars_for(request.user, access.workspace), uuid=uuid)
    calendar.workspace = access.workspace
    return access, calendar


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The calendars brought in; a POST brings in one."""
    access = entering(request, workspace)
    form = PartnerCalendarForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        access=access,
        viewer=door.viewer(request),
    )
    if request.method == "POST":
        require_that(may_bring_in(access), _("Editors and coordinators bring in calendars here."))
        calendar = _bring_in(access, form) if form.is_valid() else None
        if calendar is not None:
            messages.success(request, _("The calendar is being read. Nothing of it shows before you looked."))
            return redirect("events:partner_calendar", access.workspace.uuid, calendar.uuid)
    rows = with_counts(calendars_for(request.user, access.workspace)).order_by("id")
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "rows": [_row(request, calendar) for calendar in rows],
        "form": form,
        "may_bring_in": may_bring_in(access),
    }
    return form_page(request, "events/partner_calendars/list.html", context)


def _bring_in(access: Access, form: PartnerCalendarForm) -> PartnerCalendar | None:
    sent = dict(form.cleaned_data)
    file, address = sent.pop("file"), sent.pop("address")
    try:
        if file:
            return bring_in_file(access=access, content=file, **sent)
        return bring_in_address(access=access, address=address, **sent)
    except Refused as refusal:
        form.add_error("file" if file else "address", refusal.message)
        return None


def _row(request: HttpRequest, calendar: PartnerCalendar) -> dict[str, object]:
    return {
        "calendar": calendar,
        "organisation": display_name_for(door.viewer(request), calendar.organisation),
        "problem": words_of(calendar.problem) if is_problem(calendar.problem) else "",
        "reading": is_being_read(calendar),
    }


def is_being_read(calendar: PartnerCalendar) -> bool:
    """Now, or soon for the first time."""
    return calendar.reading_since is not None or calendar.refreshed_at is None


@door.members_only
@require_POST
def only_times(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Busy times only, from now on; the words are deleted."""
    access, found = to_calendar(request, workspace, calendar)
    keep_only_times(access=access, calendar=found)
    messages.success(request, _("Others learn only when the partner is busy. The words are deleted."))
    return _to(found)


@door.members_only
@require_POST
def words(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Words too; they wait for review."""
    access, found = to_calendar(request, workspace, calendar)
    with telling(request, _("The calendar is read again. Its words wait for review first.")):
        give_words(access=access, calendar=found)
    return _to(found)


@door.members_only
@require_POST
def read(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Read the calendar at its address now."""
    access, found = to_calendar(request, workspace, calendar)
    with telling(request, _("The calendar is being read.")):
        read_again(access=access, calendar=found)
    return _to(found)


@door.members_only
@require_POST
def remove(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Take a calendar away, with an undo."""
    access, found = to_calendar(request, workspace, calendar)
    remove_calendar(access=access, calendar=found)
    back = reverse("events:partner_calendar_bring_back", args=[access.workspace.uuid, found.uuid])
    undo.offer(request, text=_("The calendar is taken away."), url=back)
    return redirect("events:partner_calendars", access.workspace.uuid)


@door.members_only
@require_POST
def bring_back(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Bring a calendar back that was taken away."""
    access = entering(request, workspace)
    found = get_object_or_404(removed_calendars_for(request.user), workspace=access.workspace, uuid=calendar)
    bring_back_calendar(access=access, calendar=found)
    messages.success(request, _("The calendar is there again."))
    return _to(found)


def _to(calendar: PartnerCalendar) -> HttpResponse:
    return redirect("events:partner_calendar", calendar.workspace.uuid, calendar.uuid)

"""Coverage at the press desk: looked through with its charts, noted, taken in or out; as a table."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from events.press.access import at_desk, desk
from events.press.coverage.actions import entries
from events.press.coverage.enums import CoverageState
from events.press.coverage.forms import CoverageForm, WantedForm, initial_coverage
from events.press.coverage.models import Coverage
from events.press.coverage.presenters import (
    by_region,
    by_week,
    coverage_rows,
    table_cells,
    table_heads,
    totals,
)
from events.press.coverage.queries import (
    counted_coverage,
    coverage_for,
    removed_coverage,
    seen_events,
    waiting_coverage,
)
from events.press.permissions import may_keep_contacts, may_tend_coverage, require_that
from events.spreadsheets.writer import as_csv

TAB = "press_coverage"
ON_A_PAGE = 50


@door.members_only
@require_safe
def coverage(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What is counted, with filters, totals and charts; what waits for a look stands above it."""
    access, viewer = _enter(request, workspace), door.viewer(request)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    found = counted_coverage(access, wanted)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    seen = seen_events(access)
    query = urlencode({name: value for name, value in form.cleaned_data.items() if value})
    works_here = may_keep_contacts(access)
    context = desk(
        access,
        TAB,
        form=form,
        wanted=wanted,
        rows=coverage_rows(page.object_list, access, viewer, seen),
        waiting=coverage_rows(waiting_coverage(access), access, viewer, seen) if works_here else [],
        page=page,
        query=f"{query}&" if query else "",
        totals=totals(found),
        weeks=by_week(found),
        regions=by_region(found),
        works_here=works_here,
    )
    return render(request, "events/coverage/list.html", context)


@door.members_only
@require_safe
def table(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The same as a table for a spreadsheet program, whose heads the import understands."""
    access = _enter(request, workspace)
    rows = counted_coverage(access, WantedForm(request.GET).wanted())
    return as_csv(table_heads(), [table_cells(one) for one in rows], "coverage.csv")


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Note coverage; `event` (its UUID): what it is about."""
    access = at_desk(request, workspace)
    begins = {"about": f"e:{request.GET.get('event', '')}", "proof": "unknown"}
    return _form(request, access, CoverageForm(request.POST or None, initial=begins, access=access), None)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Note it anew, or look at what came by a link and take it in."""
    access = at_desk(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    require_that(may_tend_coverage(access, row), _("The organisation that noted it changes it."))
    form = CoverageForm(request.POST or None, initial=initial_coverage(row), access=access)
    return _form(request, access, form, row)


@door.members_only
@require_POST
def take_in(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Count what came by a link, as it is."""
    access = at_desk(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    with telling(request, _("Taken in.")):
        entries.count_coverage(access=access, coverage=row)
    return redirect("events:press_coverage", access.workspace.uuid)


@door.members_only
@require_POST
def remove(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Take it out, with an undo."""
    access = at_desk(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    with telling(request):
        entries.take_coverage_out(access=access, coverage=row)
        back = reverse("events:press_coverage_back", args=[access.workspace.uuid, row.uuid])
        undo.offer(request, text=_("The entry is taken out."), url=back)
    return redirect("events:press_coverage", access.workspace.uuid)


@door.members_only
@require_POST
def put_back(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    row = get_object_or_404(removed_coverage(access), uuid=coverage)
    with telling(request, _("The entry is back.")):
        entries.bring_coverage_back(access=access, coverage=row)
    return redirect("events:press_coverage", access.workspace.uuid)


def _form(request: HttpRequest, access: Access, form: CoverageForm, row: Coverage | None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                entries.note_coverage(access=access, seen=form.seen)
            else:
                entries.change_coverage(access=access, coverage=row, seen=form.seen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_coverage", access.workspace.uuid)
    waits = row is not None and row.state == CoverageState.WAITING
    context = desk(access, TAB, form=form, row=row, waits=waits)
    return form_page(request, "events/coverage/edit.html", context)


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = door.enter(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("Coverage is for people who see drafts here."))
    return access

"""Coverage from a spreadsheet: brought, looked at row by row, taken in."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from events.press.access import at_desk, desk
from events.press.contacts.import_rows import Kind
from events.press.contacts.views.import_contacts import NUMBER, ON_A_PAGE, kind_asked
from events.press.coverage.actions.import_coverage import (
    look_at_coverage,
    read_coverage_sheet,
    take_in_coverage,
)
from events.press.coverage.forms import CoverageSheetForm
from events.press.models import SheetTaken
from events.press.pending_imports import discard_sheet
from events.press.queries import sheets_waiting
from events.spreadsheets.messages import FAULTS, NOT_TAKEN
from events.spreadsheets.reader import LARGEST

TAB = "press_coverage"
ABOUT = SheetTaken.About.COVERAGE


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Bring a spreadsheet; those that wait for a choice."""
    access = at_desk(request, workspace)
    sent = request.method == "POST"
    form = CoverageSheetForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > LARGEST:
                raise Refused(NOT_TAKEN["too_large"])
            sheet = read_coverage_sheet(access=access, name=file.name, content=file.read())
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("events:press_coverage_sheet", access.workspace.uuid, sheet.uuid)
    waiting = sheets_waiting(access, ABOUT).defer("content")
    context = desk(access, TAB, form=form, waiting=waiting)
    return form_page(request, "events/coverage/import.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """What each row would become; a POST takes in what is chosen."""
    access = at_desk(request, workspace)
    found = get_object_or_404(sheets_waiting(access, ABOUT), uuid=sheet)
    kind = kind_asked(request)
    if request.method == "POST":
        numbers = {int(one) for one in request.POST.getlist("row") if NUMBER.fullmatch(one)}
        try:
            count = take_in_coverage(
                access=access, sheet=found, numbers=numbers, all_new="all_new" in request.POST
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            words = ngettext("%(count)s entry is taken in.", "%(count)s entries are taken in.", count)
            messages.success(request, words % {"count": count})
        return redirect(f"{request.path}?kind={kind}")
    rows = look_at_coverage(found)
    page = Paginator([one for one in rows if one.kind == kind], ON_A_PAGE).get_page(request.GET.get("page"))
    labels = {Kind.NEW: _("New"), Kind.KNOWN: _("There already"), Kind.FAULTY: _("Faulty")}
    counts = {one: sum(row.kind == one for row in rows) for one in Kind}
    context = desk(
        access,
        TAB,
        sheet=found,
        kind=kind,
        kinds=[
            {"label": label, "url": f"?kind={one}", "count": counts[one], "current": one == kind}
            for one, label in labels.items()
        ],
        count=counts[Kind.NEW],
        rows=[(one, str(FAULTS.get(one.fault, one.fault))) for one in page.object_list],
        page=page,
        query=f"kind={kind}&",
    )
    return render(request, "events/coverage/preview.html", context)


@door.members_only
@require_POST
def discard(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Delete what was read."""
    access = at_desk(request, workspace)
    found = get_object_or_404(sheets_waiting(access, ABOUT), uuid=sheet)
    with telling(request, _("What was read of the file is deleted.")):
        discard_sheet(access=access, sheet=found)
    return redirect("events:press_coverage_import", access.workspace.uuid)

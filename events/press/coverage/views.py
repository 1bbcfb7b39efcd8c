"""Coverage views of the press desk: list with charts, add, review, archive; table."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.http.responses import flash_result, form_page
from coalition.mail.links import absolute_url
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.coverage import actions
from events.press.coverage.enums import CoverageState
from events.press.coverage.forms import (
    CoverageEntryForm,
    CoverageFilterForm,
    CoverageForm,
    CoverageLinkForm,
    CoverageSheetForm,
    initial_coverage,
)
from events.press.coverage.models import Coverage, CoverageLink
from events.press.coverage.presenters import (
    by_region,
    by_week,
    coverage_rows,
    table_cells,
    table_heads,
    totals,
)
from events.press.coverage.queries import (
    accepted_coverage,
    coverage_for,
    coverage_link_of_token,
    coverage_links,
    linkable_event_keys,
    removed_coverage,
    waiting_coverage,
)
from events.press.coverage.spreadsheet_import import (
    import_coverage,
    judge_coverage_sheet,
    read_coverage_sheet,
)
from events.press.forms import discard_sheet
from events.press.import_rows import ContactVerdictKind
from events.press.models import SheetTaken
from events.press.permissions import get_press_desk_access, may_manage_coverage, press_desk_context
from events.press.queries import sheets_waiting
from events.press.views import IMPORT_ROWS_ON_A_PAGE, ROW_NUMBER, requested_verdict
from events.spreadsheets.columns import csv_response
from events.spreadsheets.reader import MAX_FILE_BYTES, REJECTION_MESSAGES, ROW_FAULT_MESSAGES

TAB = "press_coverage"
ON_A_PAGE = 50


@member_required
@require_safe
def coverage(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List counted coverage with filters, totals and charts; pending entries are above it."""
    access, viewer = _get_coverage_access(request, workspace), get_viewer(request)
    form = CoverageFilterForm(request.GET)
    wanted = form.wanted()
    found = accepted_coverage(access, wanted)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    seen = linkable_event_keys(access)
    query = urlencode({name: value for name, value in form.cleaned_data.items() if value})
    works_here = may_manage_contacts(access)
    context = press_desk_context(
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


@member_required
@require_safe
def download_coverage_table(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Export the list as a spreadsheet table, with column headings that the import accepts."""
    access = _get_coverage_access(request, workspace)
    rows = accepted_coverage(access, CoverageFilterForm(request.GET).wanted())
    return csv_response(table_heads(), [table_cells(one) for one in rows], "coverage.csv")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_coverage(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add coverage; `event` (its UUID): its subject."""
    access = get_press_desk_access(request, workspace)
    begins = {"about": f"e:{request.GET.get('event', '')}", "proof": "unknown"}
    return _coverage_form_response(
        request, access, CoverageForm(request.POST or None, initial=begins, access=access), None
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_coverage(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Change coverage, or review and accept an entry sent by a link."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    require_that(may_manage_coverage(access, row), _("The organisation that noted it changes it."))
    form = CoverageForm(request.POST or None, initial=initial_coverage(row), access=access)
    return _coverage_form_response(request, access, form, row)


@member_required
@require_POST
def accept_coverage(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Accept an entry sent by a link, unchanged."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    with flash_result(request, _("Taken in.")):
        actions.accept_coverage(access=access, coverage=row)
    return redirect("events:press_coverage", access.workspace.uuid)


@member_required
@require_POST
def remove_coverage(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Archive coverage, with an undo."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    with flash_result(request):
        actions.remove_coverage(access=access, coverage=row)
        back = reverse("events:press_coverage_back", args=[access.workspace.uuid, row.uuid])
        visits.offer_undo(request, text=_("The entry is taken out."), url=back)
    return redirect("events:press_coverage", access.workspace.uuid)


@member_required
@require_POST
def restore_coverage(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Restore coverage."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(removed_coverage(access), uuid=coverage)
    with flash_result(request, _("The entry is back.")):
        actions.restore_coverage(access=access, coverage=row)
    return redirect("events:press_coverage", access.workspace.uuid)


def _coverage_form_response(
    request: HttpRequest, access: Access, form: CoverageForm, row: Coverage | None
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                actions.add_coverage(access=access, seen=form.seen)
            else:
                actions.change_coverage(access=access, coverage=row, seen=form.seen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_coverage", access.workspace.uuid)
    waits = row is not None and row.state == CoverageState.WAITING
    context = press_desk_context(access, TAB, form=form, row=row, waits=waits)
    return form_page(request, "events/coverage/edit.html", context)


def _get_coverage_access(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("Coverage is for people who see drafts here."))
    return access


# --- import coverage ---
# Import of coverage from a spreadsheet: upload, review row by row, import.


IMPORT_SUBJECT = SheetTaken.About.COVERAGE


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin_coverage_import(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Upload a spreadsheet; list those with a pending choice."""
    access = get_press_desk_access(request, workspace)
    sent = request.method == "POST"
    form = CoverageSheetForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MAX_FILE_BYTES:
                raise Refused(REJECTION_MESSAGES["too_large"])
            sheet = read_coverage_sheet(access=access, name=file.name, content=file.read())
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("events:press_coverage_sheet", access.workspace.uuid, sheet.uuid)
    waiting = sheets_waiting(access, IMPORT_SUBJECT).defer("content")
    context = press_desk_context(access, TAB, form=form, waiting=waiting)
    return form_page(request, "events/coverage/import.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_coverage_import(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Display the verdict on each row; a POST imports the chosen ones."""
    access = get_press_desk_access(request, workspace)
    found = get_object_or_404(sheets_waiting(access, IMPORT_SUBJECT), uuid=sheet)
    kind = requested_verdict(request)
    if request.method == "POST":
        numbers = {int(one) for one in request.POST.getlist("row") if ROW_NUMBER.fullmatch(one)}
        try:
            count = import_coverage(
                access=access, sheet=found, numbers=numbers, all_new="all_new" in request.POST
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            words = ngettext("%(count)s entry is taken in.", "%(count)s entries are taken in.", count)
            messages.success(request, words % {"count": count})
        return redirect(f"{request.path}?kind={kind}")
    rows = judge_coverage_sheet(found)
    page = Paginator([one for one in rows if one.kind == kind], IMPORT_ROWS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    labels = {
        ContactVerdictKind.NEW: _("New"),
        ContactVerdictKind.KNOWN: _("There already"),
        ContactVerdictKind.FAULTY: _("Faulty"),
    }
    counts = {one: sum(row.kind == one for row in rows) for one in ContactVerdictKind}
    context = press_desk_context(
        access,
        TAB,
        sheet=found,
        kind=kind,
        kinds=[
            {"label": label, "url": f"?kind={one}", "count": counts[one], "current": one == kind}
            for one, label in labels.items()
        ],
        count=counts[ContactVerdictKind.NEW],
        rows=[(one, str(ROW_FAULT_MESSAGES.get(one.fault, one.fault))) for one in page.object_list],
        page=page,
        query=f"kind={kind}&",
    )
    return render(request, "events/coverage/preview.html", context)


@member_required
@require_POST
def discard_coverage_import(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Delete an uploaded spreadsheet's rows."""
    access = get_press_desk_access(request, workspace)
    found = get_object_or_404(sheets_waiting(access, IMPORT_SUBJECT), uuid=sheet)
    with flash_result(request, _("What was read of the file is deleted.")):
        discard_sheet(access=access, sheet=found)
    return redirect("events:press_coverage_import", access.workspace.uuid)


# --- links ---
# Coverage links: created and ended at the press desk; the outlet's own page.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def coverage_links_page(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the links of one's organisation; create another one."""
    access = get_press_desk_access(request, workspace)
    form = CoverageLinkForm(request.POST or None, initial={"language": get_person(request).language})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.make_coverage_link(
                access=access, label=given["label"], language=Language(given["language"])
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made. Copy it and send it yourself."))
            return redirect("events:press_coverage_links", access.workspace.uuid)
    rows = [
        {
            "link": one,
            "open": actions.is_coverage_link_open(one),
            "address": absolute_url(reverse("coverage_link", args=[actions.coverage_link_token(one)])),
        }
        for one in coverage_links(access)
    ]
    context = press_desk_context(access, TAB, form=form, rows=rows)
    return form_page(request, "events/coverage/links.html", context)


@member_required
@require_POST
def end_coverage_link(request: HttpRequest, workspace: UUID, link: UUID) -> HttpResponse:
    """End a link."""
    access = get_press_desk_access(request, workspace)
    found = get_object_or_404(coverage_links(access), uuid=link)
    with flash_result(request, _("The link has ended. What came by it stays.")):
        actions.end_coverage_link(access=access, link=found)
    return redirect("events:press_coverage_links", access.workspace.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit_coverage_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Render the form behind the link; keep the input if it is refused. Raises Http404 for an
    unknown link."""
    found = coverage_link_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        response = _submission_response(request, found)
    return private_response(response, language=found.language)


def _submission_response(request: HttpRequest, link: CoverageLink) -> HttpResponse:
    sent = request.method == "POST"
    form = CoverageEntryForm(request.POST if sent else None)
    context = {"organisation": display_name_for(PUBLIC, link.organisation), "form": form}
    if not actions.is_coverage_link_open(link):
        return render(request, "events/coverage/note.html", {"ended": True}, status=410)
    if sent and is_rate_limited(request, "coverage"):
        return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
    if sent and form.is_valid():
        try:
            actions.submit_coverage(link=link, seen=form.seen)
        except actions.TooManyWaiting:
            return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
        except actions.CoverageLinkEnded:
            return render(request, "events/coverage/note.html", {"ended": True}, status=410)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            done = {**context, "form": CoverageEntryForm(), "done": True}
            return render(request, "events/coverage/note.html", done)
    return form_page(request, "events/coverage/note.html", context)

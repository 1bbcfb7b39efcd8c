"""Coverage at the press desk: looked through with its charts, noted, taken in or out; as a table."""

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
from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.http.responses import flash_result, form_page
from coalition.mail.links import absolute_url
from coalition.roles import Right
from coalition.workspaces import undo
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_keep_contacts, require_that
from events.press.contacts.import_rows import Kind
from events.press.contacts.views import IMPORT_ROWS_ON_A_PAGE, NUMBER, kind_asked
from events.press.coverage import actions
from events.press.coverage.enums import CoverageState
from events.press.coverage.forms import (
    CoverageForm,
    CoverageSheetForm,
    LinkForm,
    SeenForm,
    WantedForm,
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
    counted_coverage,
    coverage_for,
    coverage_links,
    link_of_token,
    removed_coverage,
    seen_events,
    waiting_coverage,
)
from events.press.coverage.spreadsheet_import import look_at_coverage, read_coverage_sheet, take_in_coverage
from events.press.models import SheetTaken
from events.press.pending_imports import discard_sheet
from events.press.permissions import at_desk, desk, may_tend_coverage
from events.press.queries import sheets_waiting
from events.spreadsheets.reader import FAULTS, LARGEST, NOT_TAKEN
from events.spreadsheets.writer import as_csv

TAB = "press_coverage"
ON_A_PAGE = 50


@member_required
@require_safe
def coverage(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What is counted, with filters, totals and charts; what waits for a look stands above it."""
    access, viewer = _enter(request, workspace), get_viewer(request)
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


@member_required
@require_safe
def table(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The same as a table for a spreadsheet program, whose heads the import understands."""
    access = _enter(request, workspace)
    rows = counted_coverage(access, WantedForm(request.GET).wanted())
    return as_csv(table_heads(), [table_cells(one) for one in rows], "coverage.csv")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Note coverage; `event` (its UUID): what it is about."""
    access = at_desk(request, workspace)
    begins = {"about": f"e:{request.GET.get('event', '')}", "proof": "unknown"}
    return _form(request, access, CoverageForm(request.POST or None, initial=begins, access=access), None)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Note it anew, or look at what came by a link and take it in."""
    access = at_desk(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    require_that(may_tend_coverage(access, row), _("The organisation that noted it changes it."))
    form = CoverageForm(request.POST or None, initial=initial_coverage(row), access=access)
    return _form(request, access, form, row)


@member_required
@require_POST
def take_in(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Count what came by a link, as it is."""
    access = at_desk(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    with flash_result(request, _("Taken in.")):
        actions.count_coverage(access=access, coverage=row)
    return redirect("events:press_coverage", access.workspace.uuid)


@member_required
@require_POST
def remove(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Take it out, with an undo."""
    access = at_desk(request, workspace)
    row = get_object_or_404(coverage_for(access), uuid=coverage)
    with flash_result(request):
        actions.take_coverage_out(access=access, coverage=row)
        back = reverse("events:press_coverage_back", args=[access.workspace.uuid, row.uuid])
        undo.offer_undo(request, text=_("The entry is taken out."), url=back)
    return redirect("events:press_coverage", access.workspace.uuid)


@member_required
@require_POST
def put_back(request: HttpRequest, workspace: UUID, coverage: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    row = get_object_or_404(removed_coverage(access), uuid=coverage)
    with flash_result(request, _("The entry is back.")):
        actions.bring_coverage_back(access=access, coverage=row)
    return redirect("events:press_coverage", access.workspace.uuid)


def _form(request: HttpRequest, access: Access, form: CoverageForm, row: Coverage | None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                actions.note_coverage(access=access, seen=form.seen)
            else:
                actions.change_coverage(access=access, coverage=row, seen=form.seen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_coverage", access.workspace.uuid)
    waits = row is not None and row.state == CoverageState.WAITING
    context = desk(access, TAB, form=form, row=row, waits=waits)
    return form_page(request, "events/coverage/edit.html", context)


def _enter(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("Coverage is for people who see drafts here."))
    return access


# --- import coverage ---
# Coverage from a spreadsheet: brought, looked at row by row, taken in.


ABOUT = SheetTaken.About.COVERAGE


@member_required
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


@member_required
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
    page = Paginator([one for one in rows if one.kind == kind], IMPORT_ROWS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
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


@member_required
@require_POST
def discard(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Delete what was read."""
    access = at_desk(request, workspace)
    found = get_object_or_404(sheets_waiting(access, ABOUT), uuid=sheet)
    with flash_result(request, _("What was read of the file is deleted.")):
        discard_sheet(access=access, sheet=found)
    return redirect("events:press_coverage_import", access.workspace.uuid)


# --- links ---
# Links by which outlets and partners note coverage: made and ended at the desk; their own page.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The links of one's organisation; make another one."""
    access = at_desk(request, workspace)
    form = LinkForm(request.POST or None, initial={"language": get_person(request).language})
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
            "open": actions.is_open(one),
            "address": absolute_url(reverse("coverage_link", args=[actions.token_of(one)])),
        }
        for one in coverage_links(access)
    ]
    context = desk(access, TAB, form=form, rows=rows)
    return form_page(request, "events/coverage/links.html", context)


@member_required
@require_POST
def end(request: HttpRequest, workspace: UUID, link: UUID) -> HttpResponse:
    """Nothing more comes by it."""
    access = at_desk(request, workspace)
    found = get_object_or_404(coverage_links(access), uuid=link)
    with flash_result(request, _("The link has ended. What came by it stays.")):
        actions.end_coverage_link(access=access, link=found)
    return redirect("events:press_coverage_links", access.workspace.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind the link. What was typed stays when it is refused. Raises Http404 for nobody's link."""
    found = link_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):
        response = _note(request, found)
    return private_response(response, language=found.language)


def _note(request: HttpRequest, link: CoverageLink) -> HttpResponse:
    sent = request.method == "POST"
    form = SeenForm(request.POST if sent else None)
    context = {"organisation": display_name_for(PUBLIC, link.organisation), "form": form}
    if not actions.is_open(link):
        return render(request, "events/coverage/note.html", {"ended": True}, status=410)
    if sent and is_rate_limited(request, "coverage"):
        return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
    if sent and form.is_valid():
        try:
            actions.send_coverage(link=link, seen=form.seen)
        except actions.TooMany:
            return render(request, "events/coverage/note.html", context | {"too_often": True}, status=429)
        except actions.Ended:
            return render(request, "events/coverage/note.html", {"ended": True}, status=410)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            done = {**context, "form": SeenForm(), "done": True}
            return render(request, "events/coverage/note.html", done)
    return form_page(request, "events/coverage/note.html", context)

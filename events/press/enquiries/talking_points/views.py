"""Views of the briefing note for one interview: write, send, open by link."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import PUBLIC
from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.enquiries.models import Enquiry
from events.press.enquiries.presenters import moment_in
from events.press.enquiries.queries import enquiries_for
from events.press.enquiries.talking_points import actions
from events.press.enquiries.talking_points.forms import (
    BriefingForm,
    GuideFilterForm,
    GuideLineForm,
    initial_line,
)
from events.press.enquiries.talking_points.models import Briefing, GuideLine
from events.press.enquiries.talking_points.pdf import talking_points_pdf
from events.press.enquiries.talking_points.presenters import GuidePart, build_guide_parts, strictest
from events.press.enquiries.talking_points.queries import (
    GuideFilter,
    briefing_of,
    briefing_of_token,
    filter_guide_lines,
    guide_lines,
    lines_of,
    removed_lines,
)
from events.press.permissions import (
    get_press_desk_access,
    may_answer_enquiry,
    may_manage_line,
    press_desk_context,
)

ENQUIRIES_TAB = "press_enquiries"


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_briefing(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Choose lines and write the note. Lines on the topic are initially selected."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    there = briefing_of(row)
    form = BriefingForm(request.POST or None, initial={"note": there.note if there else ""})
    if form.is_bound and form.is_valid():
        try:
            actions.write_briefing(
                access=access,
                enquiry=row,
                note=form.cleaned_data["note"],
                lines=request.POST.getlist("line"),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("events:press_briefing", access.workspace.uuid, row.uuid)
    offered = filter_guide_lines(access, GuideFilter())
    if form.is_bound:
        ticked = set(request.POST.getlist("line"))
    elif there is not None:
        ticked = {str(uuid) for uuid in there.lines.values_list("uuid", flat=True)}
    else:
        ticked = {str(one.uuid) for one in offered if one.topic and one.topic == row.topic}
    parts = build_guide_parts(offered, row.language, get_viewer(request))
    context = press_desk_context(access, ENQUIRIES_TAB, row=row, form=form, parts=parts, ticked=ticked)
    return form_page(request, "events/message_guide/briefing_form.html", context)


@member_required
@require_safe
def briefing(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Display the note as the spokesperson reads it, and its link."""
    access, row, found = _get_briefing_or_404(request, workspace, enquiry)
    lines = lines_of(found, access.organisation)
    context = press_desk_context(
        access,
        ENQUIRIES_TAB,
        row=row,
        briefing=found,
        details=_details(row),
        parts=build_guide_parts(lines, get_language() or "", get_viewer(request)),
        mark=strictest(lines),
        until=moment_in(row.zone, found.open_until),
        sent=moment_in(row.zone, found.sent_at) if found.sent_at else "",
        opened=moment_in(row.zone, found.opened_at) if found.opened_at else "",
        may_answer=may_answer_enquiry(access, row),
    )
    return render(request, "events/message_guide/briefing.html", context)


@member_required
@require_safe
def download_briefing(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Return the note as PDF, in the language of the answer."""
    access, row, found = _get_briefing_or_404(request, workspace, enquiry)
    with override(row.language):
        lines = lines_of(found, access.organisation)
        return _pdf(found, build_guide_parts(lines, row.language, get_viewer(request)), strictest(lines))


@member_required
@require_POST
def send_briefing(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Mail the link to the spokesperson."""
    access, row, _found = _get_briefing_or_404(request, workspace, enquiry)
    with flash_result(request, _("The link is on its way to who speaks.")):
        actions.send_briefing(access=access, enquiry=row)
    return redirect("events:press_briefing", access.workspace.uuid, row.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def briefing_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET displays a button without the note, POST opens it. Raises Http404 for an unknown or
    expired link."""
    found = briefing_of_token(token)
    if found is None or found.enquiry.spokesperson is None:
        raise Http404
    speaks = found.enquiry.spokesperson
    language = speaks.person.language if speaks.person is not None else speaks.writes_in
    with override(language):
        response = _opened_briefing_response(request, found, language)
    return private_response(response, language=language)


def _opened_briefing_response(request: HttpRequest, found: Briefing, language: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "events/message_guide/briefing_link.html", {})
    actions.record_briefing_opened(found)
    enquiry = found.enquiry
    speaks = enquiry.spokesperson
    lines = lines_of(found, speaks.organisation) if speaks is not None else []
    parts = build_guide_parts(lines, language, PUBLIC)
    if request.POST.get("act") == "pdf":
        return _pdf(found, parts, strictest(lines))
    context: dict[str, Any] = {
        "row": enquiry,
        "briefing": found,
        "details": _details(enquiry),
        "parts": parts,
        "mark": strictest(lines),
        "until": moment_in(enquiry.zone, found.open_until),
    }
    return render(request, "events/message_guide/briefing_link.html", context)


def _details(row: Enquiry) -> list[tuple[str, str]]:
    """Return the interview as (label, value): outlet, journalist, time, deadline, form,
    question."""
    return [
        (_("Outlet"), row.outlet),
        (_("Who asks"), row.name),
        (_("Interview"), moment_in(row.zone, row.interview_at) if row.interview_at else ""),
        (_("Answer until"), moment_in(row.zone, row.deadline)),
        (_("How they want the answer"), f"{row.get_way_display()}, {row.get_language_display()}"),
        (_("What they ask"), row.question),
    ]


def _pdf(found: Briefing, parts: list[GuidePart], mark: Handling) -> HttpResponse:
    content = talking_points_pdf(
        heading=_("Briefing note"),
        title=found.enquiry.outlet,
        details=_details(found.enquiry)[1:],
        note=found.note,
        parts=parts,
        mark=mark,
        language=get_language() or "kk",
    )
    return pdf_response(content, "briefing.pdf")


def _get_enquiry_or_404(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, Enquiry]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(enquiries_for(access), uuid=uuid)


def _get_briefing_or_404(
    request: HttpRequest, workspace: UUID, uuid: UUID
) -> tuple[Access, Enquiry, Briefing]:
    access, row = _get_enquiry_or_404(request, workspace, uuid)
    found = briefing_of(row)
    if found is None:
        raise Http404
    found.enquiry = row
    return access, row, found


# --- lines ---
# Message guide views: search, reading on a phone during a call, PDF, editing.


TALKING_POINTS_TAB = "press_guide"


@member_required
@require_safe
def guide(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the lines that the reader may read, by kind."""
    access = _get_guide_access(request, workspace)
    form = GuideFilterForm(request.GET)
    wanted = form.wanted()
    rows = filter_guide_lines(access, wanted)
    context = press_desk_context(
        access,
        TALKING_POINTS_TAB,
        form=form,
        wanted=wanted,
        read_in=form.read_in,
        parts=build_guide_parts(rows, form.read_in, get_viewer(request), access),
        count=len(rows),
        query=request.GET.urlencode(),
        may_write=may_manage_contacts(access),
    )
    return render(request, "events/message_guide/guide.html", context)


@member_required
@require_safe
def download_talking_points(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Return the list as PDF, with its filters, in the language it is read in."""
    access = _get_guide_access(request, workspace)
    form = GuideFilterForm(request.GET)
    rows = filter_guide_lines(access, form.wanted())
    language = form.read_in
    with override(language):
        content = talking_points_pdf(
            heading=_("Message guide"),
            title=access.workspace.title,
            details=(),
            note="",
            parts=build_guide_parts(rows, language, get_viewer(request)),
            mark=strictest(rows),
            language=language,
        )
    return pdf_response(content, "message-guide.pdf")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_guide_line(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add a line."""
    access = get_press_desk_access(request, workspace)
    begins = {"kind": request.GET.get("kind", ""), "handling": "amber", "topic": request.GET.get("topic", "")}
    form = GuideLineForm(request.POST or None, initial=begins, access=access)
    return _line_form_response(request, access, form, None)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_guide_line(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """Change a line."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(guide_lines(access), uuid=line)
    require_that(may_manage_line(access, row))
    form = GuideLineForm(request.POST or None, initial=initial_line(row), access=access, row=row)
    return _line_form_response(request, access, form, row)


@member_required
@require_POST
def remove_guide_line(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """Take a line out, with an undo."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(guide_lines(access), uuid=line)
    with flash_result(request):
        actions.remove_guide_line(access=access, row=row)
        back = reverse("events:press_line_back", args=[access.workspace.uuid, row.uuid])
        visits.offer_undo(request, text=_("The line is taken out."), url=back)
    return redirect("events:press_guide", access.workspace.uuid)


@member_required
@require_POST
def restore_guide_line(request: HttpRequest, workspace: UUID, line: UUID) -> HttpResponse:
    """Undo that."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(removed_lines(access), uuid=line)
    with flash_result(request, _("The line is back.")):
        actions.restore_guide_line(access=access, row=row)
    return redirect("events:press_guide", access.workspace.uuid)


def _line_form_response(
    request: HttpRequest, access: Access, form: GuideLineForm, row: GuideLine | None
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            actions.save_guide_line(access=access, line=form.line, row=row)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_guide", access.workspace.uuid)
    return form_page(
        request,
        "events/message_guide/line.html",
        press_desk_context(access, TALKING_POINTS_TAB, form=form, row=row),
    )


def _get_guide_access(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("The message guide is for people who see drafts here."))
    return access

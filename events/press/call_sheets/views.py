"""Call sheet views: contacts and outcomes; PDF and table."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import flash_result, pdf_response
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from events.core.models import Event
from events.press.call_sheets.actions import discard_call_sheet, record_press_call
from events.press.call_sheets.pdf import call_sheet_pdf
from events.press.call_sheets.presenters import call_rows, cells_of, heads
from events.press.capability import messenger_messages
from events.press.enums import CallOutcome
from events.press.forms import CallForm
from events.press.models import Call, CallSheet
from events.press.permissions import get_press_desk_access, press_desk_context
from events.press.presenters import matter_words
from events.press.queries import call_sheets_for, calls_of
from events.spreadsheets.columns import csv_response


@member_required
@require_safe
def call_sheets(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the organisation's call sheets."""
    access = get_press_desk_access(request, workspace)
    rows = [(one, matter_words(one)) for one in call_sheets_for(access)]
    return render(
        request,
        "events/press_desk/call_sheets.html",
        press_desk_context(access, "press_call_sheets", rows=rows),
    )


@member_required
@require_safe
def call_sheet(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Display one call sheet."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    return _call_sheet_response(request, access, sheet)


@member_required
@require_POST
def record_call_outcome(request: HttpRequest, workspace: UUID, calls: UUID, call: UUID) -> HttpResponse:
    """Record the outcome of a call; keep the input if it is refused."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    found = get_object_or_404(calls_of(sheet), uuid=call)
    form = CallForm(request.POST, prefix=str(found.pk))
    if form.is_valid():
        try:
            given = form.cleaned_data
            record_press_call(
                access=access,
                call=found,
                outcome=CallOutcome(given["outcome"]),
                note=given["note"],
                again_at=given["again_at"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Noted."))
            page = redirect("events:press_calls", access.workspace.uuid, sheet.uuid)
            page["Location"] += f"#call-{found.uuid}"
            return page
    return _call_sheet_response(request, access, sheet, refused=(found, form))


@member_required
@require_safe
def download_call_table(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Export the sheet as a spreadsheet table, with cells escaped against formula injection."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    return csv_response(
        heads(), [cells_of(row) for row in call_rows(access, list(calls_of(sheet)))], "calls.csv"
    )


@member_required
@require_safe
def print_call_sheet(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Return the sheet as PDF, with check boxes and talking points."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    language = get_language() or ""
    said = [one.text for one in messenger_messages(sheet.about, language) if one.current]
    matter = matter_words(sheet)
    content = call_sheet_pdf(
        title=matter["title"],
        below=matter["kind"],
        rows=call_rows(access, list(calls_of(sheet))),
        words="".join(said),
        language=language,
        event=sheet.about if isinstance(sheet.about, Event) else None,
    )
    return pdf_response(content, "calls.pdf")


@member_required
@require_POST
def delete_call_sheet(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Delete a call sheet with its notes."""
    access, sheet = _get_call_sheet_or_404(request, workspace, calls)
    with flash_result(request, _("The call sheet and its notes are deleted.")):
        discard_call_sheet(access=access, sheet=sheet)
    return redirect("events:press_call_sheets", access.workspace.uuid)


def _call_sheet_response(
    request: HttpRequest, access: Access, sheet: CallSheet, refused: tuple[Call, CallForm] | None = None
) -> HttpResponse:
    rows = call_rows(access, list(calls_of(sheet)))
    forms: list[tuple[Any, CallForm]] = []
    for row in rows:
        one = row.call
        begins = {"outcome": one.outcome, "note": one.note, "again_at": one.again_at}
        mine = refused is not None and refused[0].pk == one.pk
        form = refused[1] if refused is not None and mine else CallForm(initial=begins, prefix=str(one.pk))
        forms.append((row, form))
    context = press_desk_context(
        access,
        "press_call_sheets",
        sheet=sheet,
        matter=matter_words(sheet),
        rows=forms,
        refused_form=refused[1] if refused else None,
        messages_ready=messenger_messages(sheet.about, get_language() or ""),
    )
    return render(request, "events/press_desk/calls.html", context, status=422 if refused else 200)


def _get_call_sheet_or_404(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, CallSheet]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(call_sheets_for(access), uuid=uuid)

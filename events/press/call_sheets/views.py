"""Call sheets: whom to call, what came of it; to print, and as a table."""

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
from events.press.call_sheets.actions import discard_call_sheet, note_call
from events.press.call_sheets.pdf import call_sheet_pdf
from events.press.call_sheets.presenters import call_rows, cells_of, heads
from events.press.enums import CallOutcome
from events.press.forms import CallForm
from events.press.messages import for_messenger
from events.press.models import Call, CallSheet
from events.press.permissions import at_desk, desk
from events.press.presenters import matter_words
from events.press.queries import call_sheets_for, calls_of
from events.spreadsheets.writer import as_csv


@member_required
@require_safe
def call_sheets(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The call sheets of the organisation."""
    access = at_desk(request, workspace)
    rows = [(one, matter_words(one)) for one in call_sheets_for(access)]
    return render(request, "events/press_desk/call_sheets.html", desk(access, "press_call_sheets", rows=rows))


@member_required
@require_safe
def call_sheet(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """One sheet."""
    access, sheet = _to_sheet(request, workspace, calls)
    return _page(request, access, sheet)


@member_required
@require_POST
def note(request: HttpRequest, workspace: UUID, calls: UUID, call: UUID) -> HttpResponse:
    """Write down what came of a call; what was typed comes back if it is refused."""
    access, sheet = _to_sheet(request, workspace, calls)
    found = get_object_or_404(calls_of(sheet), uuid=call)
    form = CallForm(request.POST, prefix=str(found.pk))
    if form.is_valid():
        try:
            given = form.cleaned_data
            note_call(
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
    return _page(request, access, sheet, refused=(found, form))


@member_required
@require_safe
def table(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """The sheet as a table for a spreadsheet program, which must not take any cell for a formula."""
    access, sheet = _to_sheet(request, workspace, calls)
    return as_csv(heads(), [cells_of(row) for row in call_rows(access, list(calls_of(sheet)))], "calls.csv")


@member_required
@require_safe
def paper(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """The sheet on paper, with boxes to tick and what may be said."""
    access, sheet = _to_sheet(request, workspace, calls)
    language = get_language() or ""
    said = [one.text for one in for_messenger(sheet.about, language) if one.current]
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
def discard(request: HttpRequest, workspace: UUID, calls: UUID) -> HttpResponse:
    """Delete a sheet with its notes."""
    access, sheet = _to_sheet(request, workspace, calls)
    with flash_result(request, _("The call sheet and its notes are deleted.")):
        discard_call_sheet(access=access, sheet=sheet)
    return redirect("events:press_call_sheets", access.workspace.uuid)


def _page(
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
    context = desk(
        access,
        "press_call_sheets",
        sheet=sheet,
        matter=matter_words(sheet),
        rows=forms,
        refused_form=refused[1] if refused else None,
        messages_ready=for_messenger(sheet.about, get_language() or ""),
    )
    return render(request, "events/press_desk/calls.html", context, status=422 if refused else 200)


def _to_sheet(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, CallSheet]:
    access = at_desk(request, workspace)
    return access, get_object_or_404(call_sheets_for(access), uuid=uuid)

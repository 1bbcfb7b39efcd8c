"""Contacts from a spreadsheet: brought, looked at row by row, taken in."""

import re
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.contacts.actions import Book
from events.press.access import at_desk, desk
from events.press.contacts.actions.import_contacts import Taken, look_at, read_sheet, take_in
from events.press.contacts.import_rows import Kind
from events.press.forms import SheetForm
from events.press.models import SheetTaken
from events.press.pending_imports import discard_sheet
from events.press.queries import sheets_waiting
from events.spreadsheets.messages import FAULTS, NOT_TAKEN
from events.spreadsheets.reader import LARGEST

ON_A_PAGE = 200
KINDS = [kind.value for kind in Kind]
NUMBER = re.compile("[0-9]{1,5}")  # of a row


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Bring a spreadsheet; those that wait for a choice."""
    access = at_desk(request, workspace)
    sent = request.method == "POST"
    form = SheetForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"language": door.person(request).language},
    )
    if sent and form.is_valid():
        sheet = _read(access, form)
        if sheet is not None:
            return redirect("events:press_sheet", access.workspace.uuid, sheet.uuid)
    waiting = sheets_waiting(access).defer("content")
    context = desk(access, "press_import", form=form, waiting=waiting)
    return form_page(request, "events/press_desk/import.html", context)


def _read(access: Access, form: SheetForm) -> SheetTaken | None:
    file, language = form.cleaned_data["file"], Language(form.cleaned_data["language"])
    try:
        if file.size > LARGEST:
            raise Refused(NOT_TAKEN["too_large"])
        return read_sheet(access=access, name=file.name, content=file.read(), language=language)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return None


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """What each row would become; a POST takes in what is chosen."""
    access = at_desk(request, workspace)
    found = get_object_or_404(sheets_waiting(access), uuid=sheet)
    if request.method == "POST":
        numbers = {int(one) for one in request.POST.getlist("row") if NUMBER.fullmatch(one)}
        try:
            taken = take_in(access=access, sheet=found, numbers=numbers, all_new="all_new" in request.POST)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _taken_words(taken))
        return redirect(f"{request.path}?kind={kind_asked(request)}")
    rows = look_at(found, Book.of(access.organisation.uuid))
    kind = kind_asked(request)
    page = Paginator([one for one in rows if one.kind == kind], ON_A_PAGE).get_page(request.GET.get("page"))
    labels = {Kind.NEW: _("New"), Kind.KNOWN: _("There already"), Kind.FAULTY: _("Faulty")}
    counts = {kind: sum(one.kind == kind for one in rows) for kind in Kind}
    context = desk(
        access,
        "press_import",
        sheet=found,
        kind=kind,
        kinds=[
            {"label": label, "url": f"?kind={one}", "count": counts[one], "current": one == kind}
            for one, label in labels.items()
        ],
        count=counts[Kind.NEW],
        rows=[(one, str(FAULTS[one.fault]) if one.fault else "") for one in page.object_list],
        page=page,
        query=f"kind={kind}&",
    )
    return render(request, "events/press_desk/preview.html", context)


def kind_asked(request: HttpRequest) -> str:
    """Which verdicts are looked at."""
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else Kind.NEW.value


def _taken_words(taken: Taken) -> str:
    new = ngettext("%(count)s contact is new.", "%(count)s contacts are new.", taken.new)
    known = ngettext(
        "%(count)s contact was brought up to date.",
        "%(count)s contacts were brought up to date.",
        taken.known,
    )
    parts = [words % {"count": count} for words, count in ((new, taken.new), (known, taken.known)) if count]
    return " ".join(parts)


@door.members_only
@require_POST
def discard(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Delete what was read."""
    access = at_desk(request, workspace)
    found = get_object_or_404(sheets_waiting(access), uuid=sheet)
    with telling(request, _("What was read of the file is deleted.")):
        discard_sheet(access=access, sheet=found)
    return redirect("events:press_import", access.workspace.uuid)

"""The media list: looked through, added to, changed, shared, put out of it with a way back."""

import re
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces import undo
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.contacts.actions import Book, add_contact, change_contact, share
from documents.models import Contact
from events.press.contacts.actions import Taken, look_at, put_out, read_sheet, take_back_in, take_in
from events.press.contacts.import_rows import Kind
from events.press.contacts.queries import (
    contacts_in,
    has_stopped,
    in_order,
    known_to_others,
    open_contacts,
    own_and_put_away,
    own_contacts,
    shares_of,
)
from events.press.forms import ContactForm, SheetForm, WantedForm
from events.press.models import SheetTaken
from events.press.pending_imports import discard_sheet
from events.press.permissions import at_desk, desk
from events.press.presenters import rows_of
from events.press.queries import sheets_waiting
from events.spreadsheets.reader import FAULTS, LARGEST, NOT_TAKEN

CONTACTS_ON_A_PAGE = 50


@member_required
@require_safe
def media_list(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Contacts of the organisation and those shared with it; of others outlet and language."""
    access = at_desk(request, workspace)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    page = Paginator(in_order(open_contacts(access), wanted), CONTACTS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    query = urlencode({name: value for name, value in form.cleaned_data.items() if value})
    context = desk(
        access,
        "press",
        form=form,
        wanted=wanted,
        rows=rows_of(contacts_in(list(page.object_list)), access, get_viewer(request)),
        known=[
            (one.outlet, ", ".join(str(Language(code).label) for code in one.languages))
            for one in known_to_others(access, wanted)
        ],
        page=page,
        query=f"{query}&" if query else "",
    )
    return render(request, "events/press_desk/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add somebody."""
    access = at_desk(request, workspace)
    begins = {"language": get_person(request).language}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=begins)
    if request.method == "POST" and form.is_valid():
        try:
            contact = add_contact(access=access, person=form.person())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(name)s is in your media list.") % {"name": contact.name})
            return redirect("events:press", access.workspace.uuid)
    return form_page(request, "events/press_desk/contact.html", desk(access, "press", form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """One contact of one's own organisation."""
    access = at_desk(request, workspace)
    found = get_object_or_404(own_contacts(access), uuid=contact)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=ContactForm.told_by(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(access=access, contact=found, person=form.person())
        except Refused as refusal:
            form.add_error("address", refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press", access.workspace.uuid)
    context = desk(
        access,
        "press",
        form=form,
        contact=found,
        shared_here=bool(shares_of([found], access)),
        ended=has_stopped(found.address),
    )
    return form_page(request, "events/press_desk/contact.html", context)


@member_required
@require_POST
def remove(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Take somebody out of the list, with an undo."""
    access, found = _own(request, workspace, contact)
    put_out(access=access, contact=found)
    back = reverse("events:press_bring_back", args=[access.workspace.uuid, found.uuid])
    undo.offer_undo(
        request, text=_("The contact is removed, and deleted for good within the hour."), url=back
    )
    return redirect("events:press", access.workspace.uuid)


@member_required
@require_POST
def put_back(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    found = get_object_or_404(own_and_put_away(access), uuid=contact)
    with flash_result(request, _("The contact is there again.")):
        take_back_in(access=access, contact=found)
    return redirect("events:press", access.workspace.uuid)


@member_required
@require_POST
def share_it(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Say who else may use a contact: nobody, this workspace, the coalition."""
    access, found = _own(request, workspace, contact)
    which = request.POST.get("with", "")
    share(access=access, contact=found, coalition=which == "coalition", workspace=which == "workspace")
    words = {
        "coalition": _("Press officers, editors and coordinators of the whole coalition can use it now."),
        "workspace": _("Organisations of this workspace can use it now."),
    }
    messages.success(request, words.get(which, _("Only your organisation sees who it is.")))
    return redirect("events:press_contact", access.workspace.uuid, found.uuid)


def _own(request: HttpRequest, workspace: UUID, contact: UUID) -> tuple[Access, Contact]:
    access = at_desk(request, workspace)
    return access, get_object_or_404(own_contacts(access), uuid=contact)


# --- import contacts ---
# Contacts from a spreadsheet: brought, looked at row by row, taken in.


IMPORT_ROWS_ON_A_PAGE = 200
KINDS = [kind.value for kind in Kind]
NUMBER = re.compile("[0-9]{1,5}")  # of a row


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Bring a spreadsheet; those that wait for a choice."""
    access = at_desk(request, workspace)
    sent = request.method == "POST"
    form = SheetForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"language": get_person(request).language},
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


@member_required
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
    page = Paginator([one for one in rows if one.kind == kind], IMPORT_ROWS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
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


@member_required
@require_POST
def discard(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Delete what was read."""
    access = at_desk(request, workspace)
    found = get_object_or_404(sheets_waiting(access), uuid=sheet)
    with flash_result(request, _("What was read of the file is deleted.")):
        discard_sheet(access=access, sheet=found)
    return redirect("events:press_import", access.workspace.uuid)

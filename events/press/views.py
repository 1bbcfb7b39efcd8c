"""Media list views: search, add, change, share, remove with an undo."""

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
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.contacts.actions import ContactBook, add_contact, change_contact, share_contact
from documents.models import Contact
from events.press.actions import (
    ContactImportCounts,
    import_contacts,
    judge_contact_sheet,
    mark_contact_removed,
    read_contact_sheet,
    undo_contact_removal,
)
from events.press.forms import ContactFilterForm, ContactForm, ContactSheetForm, discard_sheet
from events.press.import_rows import ContactVerdictKind
from events.press.models import SheetTaken
from events.press.permissions import get_press_desk_access, press_desk_context
from events.press.presenters import press_contact_rows
from events.press.queries import (
    contacts_in,
    is_unsubscribed,
    open_contacts,
    outlets_known_to_others,
    own_and_removed_contacts,
    own_contacts,
    shares_of,
    sheets_waiting,
    sorted_contact_keys,
)
from events.spreadsheets.reader import MAX_FILE_BYTES, REJECTION_MESSAGES, ROW_FAULT_MESSAGES

CONTACTS_ON_A_PAGE = 50


@member_required
@require_safe
def media_list(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List contacts of the organisation and those shared with it; of others outlet and language."""
    access = get_press_desk_access(request, workspace)
    form = ContactFilterForm(request.GET)
    wanted = form.wanted()
    page = Paginator(sorted_contact_keys(open_contacts(access), wanted), CONTACTS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    query = urlencode({name: value for name, value in form.cleaned_data.items() if value})
    context = press_desk_context(
        access,
        "press",
        form=form,
        wanted=wanted,
        rows=press_contact_rows(contacts_in(list(page.object_list)), access, get_viewer(request)),
        known=[
            (one.outlet, ", ".join(str(Language(code).label) for code in one.languages))
            for one in outlets_known_to_others(access, wanted)
        ],
        page=page,
        query=f"{query}&" if query else "",
    )
    return render(request, "events/press_desk/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_media_contact(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add a contact."""
    access = get_press_desk_access(request, workspace)
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
    return form_page(
        request, "events/press_desk/contact.html", press_desk_context(access, "press", form=form)
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_media_contact(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Change a contact of one's own organisation."""
    access = get_press_desk_access(request, workspace)
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
    context = press_desk_context(
        access,
        "press",
        form=form,
        contact=found,
        shared_here=bool(shares_of([found], access)),
        ended=is_unsubscribed(found.address),
    )
    return form_page(request, "events/press_desk/contact.html", context)


@member_required
@require_POST
def remove_media_contact(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Remove a contact, with an undo."""
    access, found = _get_own_contact_or_404(request, workspace, contact)
    mark_contact_removed(access=access, contact=found)
    back = reverse("events:press_bring_back", args=[access.workspace.uuid, found.uuid])
    visits.offer_undo(
        request, text=_("The contact is removed, and deleted for good within the hour."), url=back
    )
    return redirect("events:press", access.workspace.uuid)


@member_required
@require_POST
def restore_media_contact(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Undo that."""
    access = get_press_desk_access(request, workspace)
    found = get_object_or_404(own_and_removed_contacts(access), uuid=contact)
    with flash_result(request, _("The contact is there again.")):
        undo_contact_removal(access=access, contact=found)
    return redirect("events:press", access.workspace.uuid)


@member_required
@require_POST
def share_media_contact(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Set who else may use a contact: nobody, this workspace, the coalition."""
    access, found = _get_own_contact_or_404(request, workspace, contact)
    which = request.POST.get("with", "")
    share_contact(
        access=access, contact=found, coalition=which == "coalition", workspace=which == "workspace"
    )
    words = {
        "coalition": _("Press officers, editors and coordinators of the whole coalition can use it now."),
        "workspace": _("Organisations of this workspace can use it now."),
    }
    messages.success(request, words.get(which, _("Only your organisation sees who it is.")))
    return redirect("events:press_contact", access.workspace.uuid, found.uuid)


def _get_own_contact_or_404(request: HttpRequest, workspace: UUID, contact: UUID) -> tuple[Access, Contact]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(own_contacts(access), uuid=contact)


# --- import contacts ---
# Import of contacts from a spreadsheet: upload, review row by row, import.


IMPORT_ROWS_ON_A_PAGE = 200
VERDICT_VALUES = [kind.value for kind in ContactVerdictKind]
ROW_NUMBER = re.compile("[0-9]{1,5}")  # of a row


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin_contact_import(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Bring a spreadsheet; those that wait for a choice."""
    access = get_press_desk_access(request, workspace)
    sent = request.method == "POST"
    form = ContactSheetForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"language": get_person(request).language},
    )
    if sent and form.is_valid():
        sheet = _read_contact_upload(access, form)
        if sheet is not None:
            return redirect("events:press_sheet", access.workspace.uuid, sheet.uuid)
    waiting = sheets_waiting(access).defer("content")
    context = press_desk_context(access, "press_import", form=form, waiting=waiting)
    return form_page(request, "events/press_desk/import.html", context)


def _read_contact_upload(access: Access, form: ContactSheetForm) -> SheetTaken | None:
    file, language = form.cleaned_data["file"], Language(form.cleaned_data["language"])
    try:
        if file.size > MAX_FILE_BYTES:
            raise Refused(REJECTION_MESSAGES["too_large"])
        return read_contact_sheet(access=access, name=file.name, content=file.read(), language=language)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return None


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_contact_import(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """What each row would become; a POST takes in what is chosen."""
    access = get_press_desk_access(request, workspace)
    found = get_object_or_404(sheets_waiting(access), uuid=sheet)
    if request.method == "POST":
        numbers = {int(one) for one in request.POST.getlist("row") if ROW_NUMBER.fullmatch(one)}
        try:
            taken = import_contacts(
                access=access, sheet=found, numbers=numbers, all_new="all_new" in request.POST
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _import_message(taken))
        return redirect(f"{request.path}?kind={requested_verdict(request)}")
    rows = judge_contact_sheet(found, ContactBook.of(access.organisation.uuid))
    kind = requested_verdict(request)
    page = Paginator([one for one in rows if one.kind == kind], IMPORT_ROWS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    labels = {
        ContactVerdictKind.NEW: _("New"),
        ContactVerdictKind.KNOWN: _("There already"),
        ContactVerdictKind.FAULTY: _("Faulty"),
    }
    counts = {kind: sum(one.kind == kind for one in rows) for kind in ContactVerdictKind}
    context = press_desk_context(
        access,
        "press_import",
        sheet=found,
        kind=kind,
        kinds=[
            {"label": label, "url": f"?kind={one}", "count": counts[one], "current": one == kind}
            for one, label in labels.items()
        ],
        count=counts[ContactVerdictKind.NEW],
        rows=[(one, str(ROW_FAULT_MESSAGES[one.fault]) if one.fault else "") for one in page.object_list],
        page=page,
        query=f"kind={kind}&",
    )
    return render(request, "events/press_desk/preview.html", context)


def requested_verdict(request: HttpRequest) -> str:
    """Return the selected kind of verdict."""
    asked = request.GET.get("kind", "")
    return asked if asked in VERDICT_VALUES else ContactVerdictKind.NEW.value


def _import_message(taken: ContactImportCounts) -> str:
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
def discard_contact_import(request: HttpRequest, workspace: UUID, sheet: UUID) -> HttpResponse:
    """Delete what was read."""
    access = get_press_desk_access(request, workspace)
    found = get_object_or_404(sheets_waiting(access), uuid=sheet)
    with flash_result(request, _("What was read of the file is deleted.")):
        discard_sheet(access=access, sheet=found)
    return redirect("events:press_import", access.workspace.uuid)

"""Enquiry views of the press desk: list, record, assign, answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.contacts.enums import Beat
from documents.models import Contact
from events.press.enquiries import actions
from events.press.enquiries.forms import (
    EnquiryFilterForm,
    EnquiryForm,
    RefusalForm,
    initial_enquiry,
    initial_of_contact,
)
from events.press.enquiries.models import Enquiry
from events.press.enquiries.presenters import enquiry_row, matching_speakers, moment_in
from events.press.enquiries.queries import (
    enquiries_for,
    enquiries_known_to_others,
    filter_enquiries,
    notes_of,
)
from events.press.enquiries.talking_points.presenters import build_guide_parts
from events.press.enquiries.talking_points.queries import briefing_of, suggested_lines
from events.press.permissions import (
    get_press_desk_access,
    may_answer_enquiry,
    may_manage_enquiry,
    press_desk_context,
)
from events.press.queries import open_contacts
from events.press.spokespersons.queries import spokespersons_in

TAB = "press_enquiries"


@member_required
@require_safe
def enquiries(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the enquiries to answer, overdue first."""
    access, viewer = get_press_desk_access(request, workspace), get_viewer(request)
    form = EnquiryFilterForm(request.GET)
    wanted = form.wanted()
    context = press_desk_context(
        access,
        TAB,
        form=form,
        wanted=wanted,
        rows=[enquiry_row(one, access, viewer) for one in filter_enquiries(access, wanted)],
        known=[] if wanted.is_narrow else [_state_outline(one) for one in enquiries_known_to_others(access)],
    )
    return render(request, "events/enquiries/list.html", context)


def _state_outline(one: Enquiry) -> tuple[str, str]:
    parts = [str(Language(one.language).label), str(Beat(one.topic).label) if one.topic else ""]
    return one.outlet, " · ".join(part for part in parts if part)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_enquiry(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Record an enquiry; `contact`: a contact of the media list."""
    access = get_press_desk_access(request, workspace)
    contact = _contact(request, access)
    begins: dict[str, Any] = {"zone": "Asia/Almaty", "language": Language.KK}
    if contact is not None:
        begins |= initial_of_contact(contact)
    form = EnquiryForm(request.POST or None, initial=begins, contact=contact.uuid if contact else None)
    if form.is_bound and form.is_valid():
        try:
            row = actions.add_enquiry(access=access, asked=form.asked, mine=form.cleaned_data["mine"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Written down."))
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    return form_page(request, "events/enquiries/edit.html", press_desk_context(access, TAB, form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_enquiry(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Change an enquiry."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    form = EnquiryForm(request.POST or None, initial=initial_enquiry(row), contact=row.contact, changes=True)
    if form.is_bound and form.is_valid():
        try:
            actions.change_enquiry(access=access, enquiry=row, asked=form.asked)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    return form_page(
        request, "events/enquiries/edit.html", press_desk_context(access, TAB, form=form, row=row)
    )


@member_required
@require_safe
def enquiry(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Display an enquiry, suggested spokespersons, and notes."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    return _enquiry_response(request, access, row, RefusalForm())


@member_required
@require_POST
def act_on_enquiry(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Assign, unassign, answer, reopen, share or unshare an enquiry."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    what = request.POST.get("act", "")
    done = {
        "take": _("You answer it."),
        "give_back": _("Others can take it now."),
        "answered": _("Noted as answered."),
        "open": _("It is to be answered again."),
        "share": _("Press desks of this workspace see all of it now."),
        "unshare": _("Others see only outlet, language and topic."),
    }
    if what in done:
        with flash_result(request, done[what]):
            _apply_enquiry_action(what, access, row)
    return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)


def _apply_enquiry_action(what: str, access: Access, row: Enquiry) -> None:
    if what in {"share", "unshare"}:
        actions.share_enquiry(access=access, enquiry=row, shared=what == "share")
        return
    acting = {
        "take": actions.claim_enquiry,
        "give_back": actions.release_enquiry,
        "answered": actions.close_enquiry,
        "open": actions.reopen_enquiry,
    }
    acting[what](access=access, enquiry=row)


@member_required
@require_POST
def refuse_enquiry(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Decline an enquiry with a reason; keep the input if it is invalid."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            actions.close_enquiry(access=access, enquiry=row, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    return _enquiry_response(request, access, row, form, status=422)


@member_required
@require_POST
def choose_enquiry_speaker(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Set the spokesperson; conflicts, displayed beside the button, are repeated in the message."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    chosen = None
    if asked := request.POST.get("spokesperson", ""):
        try:
            chosen = spokespersons_in(access).filter(uuid=asked).first()
        except ValidationError:
            chosen = None
        if chosen is None:
            messages.error(request, _("This spokesperson is not there any more."))
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    with flash_result(request):
        viewer = get_viewer(request)
        actions.choose_speaker(access=access, viewer=viewer, enquiry=row, spokesperson=chosen)
    return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)


@member_required
@require_POST
def add_enquiry_note(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Add a note."""
    access, row = _get_enquiry_or_404(request, workspace, enquiry)
    with flash_result(request):
        actions.add_enquiry_note(access=access, enquiry=row, words=request.POST.get("words", "")[:2000])
    page = redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    page["Location"] += "#notes"
    return page


def _enquiry_response(
    request: HttpRequest, access: Access, row: Enquiry, form: RefusalForm, status: int = 200
) -> HttpResponse:
    viewer = get_viewer(request)
    fitting, hidden = matching_speakers(row, access, viewer)
    context = press_desk_context(
        access,
        TAB,
        one=enquiry_row(row, access, viewer),
        row=row,
        came=moment_in(row.zone, row.came_at),
        form=form,
        fitting=fitting,
        chosen=next((one for one in fitting if one.chosen), None),
        hidden=hidden,
        notes=[
            (
                one,
                person_name(viewer, one.by, one.on_behalf_of) if one.by else "",
                moment_in(row.zone, one.at),
            )
            for one in notes_of(row)
        ],
        guide=build_guide_parts(suggested_lines(access, row), row.language, viewer, access),
        briefing=briefing_of(row),
        may_answer=may_answer_enquiry(access, row),
        may_tend=may_manage_enquiry(access, row),
    )
    return render(request, "events/enquiries/enquiry.html", context, status=status)


def _get_enquiry_or_404(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, Enquiry]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(enquiries_for(access), uuid=uuid)


def _contact(request: HttpRequest, access: Access) -> Contact | None:
    try:
        asked = UUID(request.GET.get("contact", ""))
    except ValueError:
        return None
    return open_contacts(access).filter(uuid=asked).first()

"""Enquiries at the press desk: looked through, written down, taken, answered."""

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
from events.press.contacts.queries import open_contacts
from events.press.enquiries import actions
from events.press.enquiries.forms import (
    EnquiryForm,
    RefusalForm,
    WantedForm,
    initial_asked,
    initial_of_contact,
)
from events.press.enquiries.models import Enquiry
from events.press.enquiries.presenters import enquiry_row, fitting_speakers, moment_in
from events.press.enquiries.queries import enquiries_for, known_to_others, narrowed, notes_of
from events.press.permissions import at_desk, desk, may_answer_enquiry, may_tend_enquiry
from events.press.spokespersons.queries import spokespersons_in
from events.press.talking_points.presenters import parts_of
from events.press.talking_points.queries import briefing_of, lines_beside

TAB = "press_enquiries"


@member_required
@require_safe
def enquiries(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What is to be answered, overdue first."""
    access, viewer = at_desk(request, workspace), get_viewer(request)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    context = desk(
        access,
        TAB,
        form=form,
        wanted=wanted,
        rows=[enquiry_row(one, access, viewer) for one in narrowed(access, wanted)],
        known=[] if wanted.is_narrow else [_outline(one) for one in known_to_others(access)],
    )
    return render(request, "events/enquiries/list.html", context)


def _outline(one: Enquiry) -> tuple[str, str]:
    parts = [str(Language(one.language).label), str(Beat(one.topic).label) if one.topic else ""]
    return one.outlet, " · ".join(part for part in parts if part)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Write down that somebody asks; `contact`: somebody of the media list."""
    access = at_desk(request, workspace)
    contact = _contact(request, access)
    begins: dict[str, Any] = {"zone": "Asia/Almaty", "language": Language.KK}
    if contact is not None:
        begins |= initial_of_contact(contact)
    form = EnquiryForm(request.POST or None, initial=begins, contact=contact.uuid if contact else None)
    if form.is_bound and form.is_valid():
        try:
            row = actions.take_in_enquiry(access=access, asked=form.asked, mine=form.cleaned_data["mine"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Written down."))
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    return form_page(request, "events/enquiries/edit.html", desk(access, TAB, form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Write anew what was asked."""
    access, row = _to(request, workspace, enquiry)
    form = EnquiryForm(request.POST or None, initial=initial_asked(row), contact=row.contact, changes=True)
    if form.is_bound and form.is_valid():
        try:
            actions.change_enquiry(access=access, enquiry=row, asked=form.asked)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    return form_page(request, "events/enquiries/edit.html", desk(access, TAB, form=form, row=row))


@member_required
@require_safe
def enquiry(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """One enquiry, who could answer it, and what was written down."""
    access, row = _to(request, workspace, enquiry)
    return _page(request, access, row, RefusalForm())


@member_required
@require_POST
def act(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Take it, give it back, answer it, open it again, share it or not."""
    access, row = _to(request, workspace, enquiry)
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
            _do(what, access, row)
    return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)


def _do(what: str, access: Access, row: Enquiry) -> None:
    if what in {"share", "unshare"}:
        actions.share_enquiry(access=access, enquiry=row, shared=what == "share")
        return
    acting = {
        "take": actions.take_enquiry,
        "give_back": actions.give_back_enquiry,
        "answered": actions.close_enquiry,
        "open": actions.open_again,
    }
    acting[what](access=access, enquiry=row)


@member_required
@require_POST
def refuse(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Refuse it, with the reason; what was typed comes back if it does not do."""
    access, row = _to(request, workspace, enquiry)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            actions.close_enquiry(access=access, enquiry=row, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    return _page(request, access, row, form, status=422)


@member_required
@require_POST
def speaker(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Say who speaks; what is in their way was told beside the button, and is told once more."""
    access, row = _to(request, workspace, enquiry)
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
def note(request: HttpRequest, workspace: UUID, enquiry: UUID) -> HttpResponse:
    """Write something down."""
    access, row = _to(request, workspace, enquiry)
    with flash_result(request):
        actions.write_note(access=access, enquiry=row, words=request.POST.get("words", "")[:2000])
    page = redirect("events:press_enquiry", access.workspace.uuid, row.uuid)
    page["Location"] += "#notes"
    return page


def _page(
    request: HttpRequest, access: Access, row: Enquiry, form: RefusalForm, status: int = 200
) -> HttpResponse:
    viewer = get_viewer(request)
    fitting, hidden = fitting_speakers(row, access, viewer)
    context = desk(
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
        guide=parts_of(lines_beside(access, row), row.language, viewer, access),
        briefing=briefing_of(row),
        may_answer=may_answer_enquiry(access, row),
        may_tend=may_tend_enquiry(access, row),
    )
    return render(request, "events/enquiries/enquiry.html", context, status=status)


def _to(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, Enquiry]:
    access = at_desk(request, workspace)
    return access, get_object_or_404(enquiries_for(access), uuid=uuid)


def _contact(request: HttpRequest, access: Access) -> Contact | None:
    try:
        asked = UUID(request.GET.get("contact", ""))
    except ValueError:
        return None
    return open_contacts(access).filter(uuid=asked).first()

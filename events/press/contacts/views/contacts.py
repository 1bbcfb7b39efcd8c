"""The media list: looked through, added to, changed, shared, put out of it with a way back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from documents.contacts.actions import add_contact, change_contact, share
from documents.models import Contact
from events.press.access import at_desk, desk
from events.press.contacts.actions.remove import put_out, take_back_in
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
from events.press.forms import ContactForm, WantedForm
from events.press.presenters import rows_of

ON_A_PAGE = 50


@door.members_only
@require_safe
def media_list(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Contacts of the organisation and those shared with it; of others outlet and language."""
    access = at_desk(request, workspace)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    page = Paginator(in_order(open_contacts(access), wanted), ON_A_PAGE).get_page(request.GET.get("page"))
    query = urlencode({name: value for name, value in form.cleaned_data.items() if value})
    context = desk(
        access,
        "press",
        form=form,
        wanted=wanted,
        rows=rows_of(contacts_in(list(page.object_list)), access, door.viewer(request)),
        known=[
            (one.outlet, ", ".join(str(Language(code).label) for code in one.languages))
            for one in known_to_others(access, wanted)
        ],
        page=page,
        query=f"{query}&" if query else "",
    )
    return render(request, "events/press_desk/list.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add somebody."""
    access = at_desk(request, workspace)
    begins = {"language": door.person(request).language}
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


@door.members_only
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


@door.members_only
@require_POST
def remove(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Take somebody out of the list, with an undo."""
    access, found = _own(request, workspace, contact)
    put_out(access=access, contact=found)
    back = reverse("events:press_bring_back", args=[access.workspace.uuid, found.uuid])
    undo.offer(request, text=_("The contact is removed, and deleted for good within the hour."), url=back)
    return redirect("events:press", access.workspace.uuid)


@door.members_only
@require_POST
def put_back(request: HttpRequest, workspace: UUID, contact: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    found = get_object_or_404(own_and_put_away(access), uuid=contact)
    with telling(request, _("The contact is there again.")):
        take_back_in(access=access, contact=found)
    return redirect("events:press", access.workspace.uuid)


@door.members_only
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

"""The guests of a draft, for those who edit it: who reads by a link and what they did; making and ending."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.mail.links import absolute
from coalition.workspaces import access as door
from coalition.workspaces.people import name_of
from coalition.workspaces.rules import Access
from documents.drafts.access import to_draft
from documents.drafts.enums import GuestAct, GuestEnd, GuestPurpose, Handling
from documents.drafts.models.draft import Draft
from documents.drafts.permissions import hears_guests, may_invite_guests, may_see_guests, require_that
from documents.guests.actions.end import revoke_guest_link
from documents.guests.actions.links import USUAL_DAYS, check_mark, make_guest_link, renew_guest_link
from documents.guests.forms import GuestForm
from documents.guests.models import GuestLink
from documents.guests.queries import GuestLinkUsed, acts_told, guest_links_of

PAGE = "documents/guests/list.html"
ON_A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One link as the page shows it. `shape` is the state's form and colour (`state.css`)."""

    link: GuestLink
    purpose: str
    what: str
    by: str
    state: str
    shape: str
    note: str
    uses: int
    last_use: datetime.datetime | None
    is_open: bool
    may_renew: bool


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Who reads by a link; a POST makes one, and shows its address this once."""
    access, found = _enter(request, draft)
    form = None
    if may_invite_guests(access, found):
        form = GuestForm(request.POST or None, draft=found, initial={"language": Language.KK})
    if request.method == "POST":
        require_that(form is not None, _("The handling mark of this draft lets nobody read it by a link."))
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made, token = make_guest_link(access=access, draft=found, **form.asked())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _with_address(request, access, found, made, token)
    return form_page(request, PAGE, _context(request, access, found, form))


@door.members_only
@require_safe
def uses(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """What was done with one link, newest first."""
    access, found = _enter(request, draft)
    row = _link(access, found, link)
    page = Paginator(row.uses.filter(act__in=_told(access)), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "handling": Handling(found.handling),
        "row": _row(door.viewer(request), row, may_renew=False),
        "page": page,
    }
    return render(request, "documents/guests/uses.html", context)


@door.members_only
@require_POST
def renew(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """Send the same person another link; its address is shown this once."""
    access, found = _enter(request, draft)
    row = _link(access, found, link)
    try:
        made, token = renew_guest_link(access=access, link=row, days=USUAL_DAYS)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:guests", found.uuid)
    return _with_address(request, access, found, made, token)


@door.members_only
@require_POST
def take_back(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """End a link at once. There is no undo: a link that was taken back may not come to life by a slip."""
    access, found = _enter(request, draft)
    revoke_guest_link(access=access, link=_link(access, found, link))
    messages.success(request, _("Taken back: the link opens nothing any more."))
    return redirect("documents:guests", found.uuid)


def _enter(request: HttpRequest, draft: UUID) -> tuple[Access, Draft]:
    access, found = to_draft(request, draft)
    require_that(
        may_see_guests(access, found), _("Editors and coordinators see who reads this draft by a link.")
    )
    return access, found


def _told(access: Access) -> list[GuestAct]:
    return acts_told(hears_comments=hears_guests(access))


def _link(access: Access, draft: Draft, uuid: UUID) -> GuestLinkUsed:
    row = get_object_or_404(guest_links_of(draft, acts=_told(access)), uuid=uuid)
    row.draft = draft
    return row


def _with_address(
    request: HttpRequest, access: Access, draft: Draft, made: GuestLink, token: str
) -> HttpResponse:
    """The page with the address: the only time that it is told here. The mail has it too."""
    form = GuestForm(draft=draft, initial={"language": Language.KK})
    context = _context(request, access, draft, form)
    address = absolute(reverse("guest", args=[token]))
    return render(request, PAGE, context | {"made": made, "address": address})


def _context(request: HttpRequest, access: Access, draft: Draft, form: GuestForm | None) -> dict[str, Any]:
    viewer = door.viewer(request)
    invites = may_invite_guests(access, draft)
    rows = [_row(viewer, link, may_renew=invites) for link in guest_links_of(draft, acts=_told(access))]
    return {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
        "open_rows": [row for row in rows if row.is_open],
        "closed_rows": [row for row in rows if not row.is_open],
        "form": form,
        "why_not": "" if form else _why_not(access, draft),
        "usual_days": USUAL_DAYS,
    }


def _why_not(access: Access, draft: Draft) -> str:
    """In words why no link can be made here now."""
    try:
        check_mark(access, draft, "a reason")
    except Refused as refusal:
        return refusal.message
    return _("This draft is in the archive: it can be read, not changed.")


def _row(viewer: Viewer, link: GuestLinkUsed, *, may_renew: bool) -> Row:
    state, shape, note = _state(link)
    return Row(
        link=link,
        purpose=str(GuestPurpose(link.purpose).label),
        what=_what(link),
        by=name_of(viewer, link.made_by, link.organisation) if link.made_by else _("Someone who has left"),
        state=state,
        shape=shape,
        note=note,
        uses=link.use_count,
        last_use=link.last_use,
        is_open=link.counts,
        may_renew=may_renew and link.ended_at is None,
    )


def _state(link: GuestLinkUsed) -> tuple[str, str, str]:
    """The state in words, its shape, and what stands below it."""
    if link.ended_at is not None:
        return _("Ended"), "objects", str(GuestEnd(link.ended_why).label)
    if link.expires_at <= now():
        return _("Expired"), "abstains", ""
    if not link.counts:
        return _("Opens nothing"), "reopened", _("who made it could not make it any more")
    if link.use_count:
        return _("Open"), "read", ""
    return _("Not used yet"), "unopened", ""


def _what(link: GuestLink) -> str:
    if link.version is not None:
        return _("%(language)s, version %(number)d") % {
            "language": Language(link.version.language).label,
            "number": link.version.number,
        }
    return Language(link.text.language).label if link.text is not None else _("All languages")

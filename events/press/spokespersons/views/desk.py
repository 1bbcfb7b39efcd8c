"""Spokespersons at the press desk: looked through, added, changed, asked, removed with a way back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from events.press.access import at_desk, desk
from events.press.spokespersons.actions import profiles
from events.press.spokespersons.availability import times_taken
from events.press.spokespersons.forms import SpokespersonForm, WantedForm, initial_speaking
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.presenters import speaker_rows
from events.press.spokespersons.queries import knows_who, own_spokespersons, spokespersons_for

TAB = "press_speakers"


@door.members_only
@require_safe
def speakers(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Everybody who speaks for an organisation of the workspace, as far as the reader may know them."""
    access, viewer = at_desk(request, workspace), door.viewer(request)
    form = WantedForm(request.GET)
    wanted = form.wanted()
    found = spokespersons_for(access, viewer, wanted)
    known = [row for row in found if knows_who(access, viewer, row)]
    moment = now()
    taken = times_taken(access.user, known, moment, moment)
    rows = speaker_rows(found, access, viewer, taken)
    context = desk(
        access,
        TAB,
        form=form,
        wanted=wanted,
        known=[row for row in rows if row.is_known],
        others=[row for row in rows if not row.is_known],
    )
    return render(request, "events/spokespersons/list.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add somebody who speaks for one's own organisation."""
    access = at_desk(request, workspace)
    begins = {"writes_in": door.person(request).language, "zone": "Asia/Almaty"}
    form = SpokespersonForm(request.POST or None, initial=begins, organisation=access.organisation)
    if form.is_bound and form.is_valid():
        try:
            profiles.add_spokesperson(access=access, said=form.said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Added. A mail asks the person whether they may be named."))
            return redirect("events:press_speakers", access.workspace.uuid)
    return form_page(request, "events/spokespersons/edit.html", desk(access, TAB, form=form))


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Change what is said of somebody."""
    access, row = _to_own(request, workspace, spokesperson)
    form = SpokespersonForm(
        request.POST or None, initial=initial_speaking(row), organisation=access.organisation, row=row
    )
    if form.is_bound and form.is_valid():
        try:
            profiles.change_spokesperson(access=access, spokesperson=row, said=form.said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_speakers", access.workspace.uuid)
    context: dict[str, Any] = desk(access, TAB, form=form, row=row)
    return form_page(request, "events/spokespersons/edit.html", context)


@door.members_only
@require_POST
def ask_again(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Mail the question whether they may be named once more."""
    access, row = _to_own(request, workspace, spokesperson)
    with telling(request, _("A mail asks the person whether they may be named.")):
        profiles.ask_again(access=access, spokesperson=row)
    return redirect("events:press_speaker", access.workspace.uuid, row.uuid)


@door.members_only
@require_POST
def remove(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Take somebody out, with an undo."""
    access, row = _to_own(request, workspace, spokesperson)
    with telling(request):
        profiles.remove_spokesperson(access=access, spokesperson=row)
        back = reverse("events:press_speaker_back", args=[access.workspace.uuid, row.uuid])
        undo.offer(request, text=_("Removed, and deleted for good within the hour."), url=back)
    return redirect("events:press_speakers", access.workspace.uuid)


@door.members_only
@require_POST
def put_back(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    row = get_object_or_404(own_spokespersons(access), uuid=spokesperson)
    with telling(request, _("The spokesperson is there again.")):
        profiles.bring_back_spokesperson(access=access, spokesperson=row)
    return redirect("events:press_speakers", access.workspace.uuid)


def _to_own(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, Spokesperson]:
    access = at_desk(request, workspace)
    return access, get_object_or_404(own_spokespersons(access).filter(removed_at=None), uuid=uuid)

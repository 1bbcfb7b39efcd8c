"""Whether one may be named as spokesperson: on a page of one's own, or by the link in the mail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import PUBLIC, display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.applicants.token_pages import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces import undo
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from events.press.permissions import at_desk, desk
from events.press.spokespersons import actions
from events.press.spokespersons.actions import agree_to_be_named, erase_speaker, take_name_back
from events.press.spokespersons.availability import times_taken
from events.press.spokespersons.forms import SpokespersonForm, WantedForm, initial_speaking
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.presenters import hours_in_words, speaker_rows
from events.press.spokespersons.queries import (
    knows_who,
    own_spokespersons,
    speaker_of_token,
    speaking_of,
    spokespersons_for,
)


@member_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """For whom the person is to speak, and whether they may be named there."""
    viewer = get_viewer(request)
    rows = [
        {"row": row, "mark": display_mark_for(viewer, row.organisation), "hours": hours_in_words(row)}
        for row in speaking_of(request.user)
    ]
    return render(request, "events/spokespersons/mine.html", {"nav_current": "profile", "rows": rows})


@member_required
@require_POST
def answer(request: HttpRequest, spokesperson: UUID) -> HttpResponse:
    """Agree, take it back, or do not speak at all."""
    row = get_object_or_404(speaking_of(request.user), uuid=spokesperson)
    with flash_result(request):
        done = _act(request, row)
        if done:
            messages.success(request, done)
    return redirect("events:speaking")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for somebody without an account: the GET shows, the POST acts. Raises Http404 for nobody's
    link."""
    row = speaker_of_token(token)
    if row is None:
        raise Http404
    language = row.writes_in
    with override(language):
        organisation, done = display_name_for(PUBLIC, row.organisation), ""
        if request.method == "POST":
            done = _act(request, row)
            row = speaker_of_token(token)
        context = {"row": row, "organisation": organisation, "done": done}
        response = render(request, "events/spokespersons/link.html", context)
    return private_response(response, language=language)


def _act(request: HttpRequest, row: Spokesperson) -> str:
    act = request.POST.get("act", "")
    if act == "agree":
        agree_to_be_named(spokesperson=row, with_phone="phone" in request.POST)
        return _("You may be named. You can take it back here at any time.")
    if act == "take_back":
        take_name_back(spokesperson=row)
        return _("You are not named any more.")
    if act == "erase":
        erase_speaker(spokesperson=row)
        return _("What was kept of you is deleted.")
    return ""


# --- desk ---
# Spokespersons at the press desk: looked through, added, changed, asked, removed with a way back.


TAB = "press_speakers"


@member_required
@require_safe
def speakers(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Everybody who speaks for an organisation of the workspace, as far as the reader may know them."""
    access, viewer = at_desk(request, workspace), get_viewer(request)
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


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add somebody who speaks for one's own organisation."""
    access = at_desk(request, workspace)
    begins = {"writes_in": get_person(request).language, "zone": "Asia/Almaty"}
    form = SpokespersonForm(request.POST or None, initial=begins, organisation=access.organisation)
    if form.is_bound and form.is_valid():
        try:
            actions.add_spokesperson(access=access, said=form.said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Added. A mail asks the person whether they may be named."))
            return redirect("events:press_speakers", access.workspace.uuid)
    return form_page(request, "events/spokespersons/edit.html", desk(access, TAB, form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Change what is said of somebody."""
    access, row = _to_own(request, workspace, spokesperson)
    form = SpokespersonForm(
        request.POST or None, initial=initial_speaking(row), organisation=access.organisation, row=row
    )
    if form.is_bound and form.is_valid():
        try:
            actions.change_spokesperson(access=access, spokesperson=row, said=form.said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_speakers", access.workspace.uuid)
    context: dict[str, Any] = desk(access, TAB, form=form, row=row)
    return form_page(request, "events/spokespersons/edit.html", context)


@member_required
@require_POST
def ask_again(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Mail the question whether they may be named once more."""
    access, row = _to_own(request, workspace, spokesperson)
    with flash_result(request, _("A mail asks the person whether they may be named.")):
        actions.ask_again(access=access, spokesperson=row)
    return redirect("events:press_speaker", access.workspace.uuid, row.uuid)


@member_required
@require_POST
def remove(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Take somebody out, with an undo."""
    access, row = _to_own(request, workspace, spokesperson)
    with flash_result(request):
        actions.remove_spokesperson(access=access, spokesperson=row)
        back = reverse("events:press_speaker_back", args=[access.workspace.uuid, row.uuid])
        undo.offer_undo(request, text=_("Removed, and deleted for good within the hour."), url=back)
    return redirect("events:press_speakers", access.workspace.uuid)


@member_required
@require_POST
def put_back(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Undo that."""
    access = at_desk(request, workspace)
    row = get_object_or_404(own_spokespersons(access), uuid=spokesperson)
    with flash_result(request, _("The spokesperson is there again.")):
        actions.bring_back_spokesperson(access=access, spokesperson=row)
    return redirect("events:press_speakers", access.workspace.uuid)


def _to_own(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, Spokesperson]:
    access = at_desk(request, workspace)
    return access, get_object_or_404(own_spokespersons(access).filter(removed_at=None), uuid=uuid)

"""Views for a spokesperson's consent: on a page of their account, or by the link in the mail."""

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
from coalition.applicants.views import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from events.press.permissions import get_press_desk_access, press_desk_context
from events.press.spokespersons import actions
from events.press.spokespersons.actions import agree_to_be_named, erase_spokesperson, withdraw_naming_consent
from events.press.spokespersons.availability import busy_times_by_spokesperson
from events.press.spokespersons.forms import SpokespersonFilterForm, SpokespersonForm, initial_spokesperson
from events.press.spokespersons.models import Spokesperson
from events.press.spokespersons.presenters import hours_in_words, spokesperson_rows
from events.press.spokespersons.queries import (
    may_see_identity,
    own_speaking_profiles,
    own_spokespersons,
    spokesperson_of_token,
    spokespersons_for,
)


@member_required
@require_safe
def own_speaking_page(request: HttpRequest) -> HttpResponse:
    """List the organisations for which the user is a spokesperson, with the consent to each."""
    viewer = get_viewer(request)
    rows = [
        {"row": row, "mark": display_mark_for(viewer, row.organisation), "hours": hours_in_words(row)}
        for row in own_speaking_profiles(request.user)
    ]
    return render(request, "events/spokespersons/mine.html", {"nav_current": "profile", "rows": rows})


@member_required
@require_POST
def answer_naming_request(request: HttpRequest, spokesperson: UUID) -> HttpResponse:
    """Give or withdraw consent, or decline to be a spokesperson."""
    row = get_object_or_404(own_speaking_profiles(request.user), uuid=spokesperson)
    with flash_result(request):
        done = _apply_naming_answer(request, row)
        if done:
            messages.success(request, done)
    return redirect("events:speaking")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def spokesperson_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Do the same for a person without an account: GET displays, POST acts. Raises Http404 for an
    unknown link."""
    row = spokesperson_of_token(token)
    if row is None:
        raise Http404
    language = row.writes_in
    with override(language):
        organisation, done = display_name_for(PUBLIC, row.organisation), ""
        if request.method == "POST":
            done = _apply_naming_answer(request, row)
            row = spokesperson_of_token(token)
        context = {"row": row, "organisation": organisation, "done": done}
        response = render(request, "events/spokespersons/link.html", context)
    return private_response(response, language=language)


def _apply_naming_answer(request: HttpRequest, row: Spokesperson) -> str:
    act = request.POST.get("act", "")
    if act == "agree":
        agree_to_be_named(spokesperson=row, with_phone="phone" in request.POST)
        return _("You may be named. You can take it back here at any time.")
    if act == "take_back":
        withdraw_naming_consent(spokesperson=row)
        return _("You are not named any more.")
    if act == "erase":
        erase_spokesperson(spokesperson=row)
        return _("What was kept of you is deleted.")
    return ""


# --- desk ---
# Spokesperson views of the press desk: search, add, change, ask for consent, remove with an undo.


TAB = "press_speakers"


@member_required
@require_safe
def speakers(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the spokespersons of the workspace's organisations, as far as the reader may know
    them."""
    access, viewer = get_press_desk_access(request, workspace), get_viewer(request)
    form = SpokespersonFilterForm(request.GET)
    wanted = form.wanted()
    found = spokespersons_for(access, viewer, wanted)
    known = [row for row in found if may_see_identity(access, viewer, row)]
    moment = now()
    taken = busy_times_by_spokesperson(access.user, known, moment, moment)
    rows = spokesperson_rows(found, access, viewer, taken)
    context = press_desk_context(
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
def add_spokesperson(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add a spokesperson of one's own organisation."""
    access = get_press_desk_access(request, workspace)
    begins = {"writes_in": get_person(request).language, "zone": "Asia/Almaty"}
    form = SpokespersonForm(request.POST or None, initial=begins, organisation=access.organisation)
    if form.is_bound and form.is_valid():
        try:
            actions.add_spokesperson(access=access, said=form.profile_input)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Added. A mail asks the person whether they may be named."))
            return redirect("events:press_speakers", access.workspace.uuid)
    return form_page(request, "events/spokespersons/edit.html", press_desk_context(access, TAB, form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_spokesperson(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Change a spokesperson."""
    access, row = _get_own_spokesperson_or_404(request, workspace, spokesperson)
    form = SpokespersonForm(
        request.POST or None, initial=initial_spokesperson(row), organisation=access.organisation, row=row
    )
    if form.is_bound and form.is_valid():
        try:
            actions.change_spokesperson(access=access, spokesperson=row, said=form.profile_input)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:press_speakers", access.workspace.uuid)
    context: dict[str, Any] = press_desk_context(access, TAB, form=form, row=row)
    return form_page(request, "events/spokespersons/edit.html", context)


@member_required
@require_POST
def ask_spokesperson_again(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Mail the request for consent again."""
    access, row = _get_own_spokesperson_or_404(request, workspace, spokesperson)
    with flash_result(request, _("A mail asks the person whether they may be named.")):
        actions.ask_spokesperson_again(access=access, spokesperson=row)
    return redirect("events:press_speaker", access.workspace.uuid, row.uuid)


@member_required
@require_POST
def remove_spokesperson(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Remove a spokesperson, with an undo."""
    access, row = _get_own_spokesperson_or_404(request, workspace, spokesperson)
    with flash_result(request):
        actions.remove_spokesperson(access=access, spokesperson=row)
        back = reverse("events:press_speaker_back", args=[access.workspace.uuid, row.uuid])
        visits.offer_undo(request, text=_("Removed, and deleted for good within the hour."), url=back)
    return redirect("events:press_speakers", access.workspace.uuid)


@member_required
@require_POST
def restore_spokesperson(request: HttpRequest, workspace: UUID, spokesperson: UUID) -> HttpResponse:
    """Restore a spokesperson."""
    access = get_press_desk_access(request, workspace)
    row = get_object_or_404(own_spokespersons(access), uuid=spokesperson)
    with flash_result(request, _("The spokesperson is there again.")):
        actions.restore_spokesperson(access=access, spokesperson=row)
    return redirect("events:press_speakers", access.workspace.uuid)


def _get_own_spokesperson_or_404(
    request: HttpRequest, workspace: UUID, uuid: UUID
) -> tuple[Access, Spokesperson]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(own_spokespersons(access).filter(removed_at=None), uuid=uuid)

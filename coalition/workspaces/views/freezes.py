"""Stopping an organisation at once, and letting it in again."""

from collections.abc import Callable
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coalition.accounts.models import Freeze
from coalition.accounts.naming import display_mark_for
from coalition.accounts.queries import organisations
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.actions import freezes as actions_freezes
from coalition.workspaces.forms import FreezeForm
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import NotAllowed, is_coordinator, is_secretariat
from coalition.workspaces.queries import freezable_by, freezes_for


@member_required
@reauthentication_required(allow_get=True)
def freezes(request: HttpRequest) -> HttpResponse:
    """Freezes asked for and in force that concern the person, and the form to ask for one."""
    user, viewer = get_person(request), get_viewer(request)
    secretariat = is_secretariat(user)
    if not secretariat and not is_coordinator(user):
        raise NotAllowed(_("Coordinators and the secretariat freeze organisations."))
    offered = organisations() if secretariat else freezable_by(user)
    form = FreezeForm(request.POST or None, viewer=viewer, organisations=offered)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions_freezes.request_freeze(
                by=user, organisation=form.cleaned_data["organisation"], reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error("organisation", str(refusal))
        else:
            return redirect("workspaces:freeze", asked.uuid)
    rows = [{"freeze": row, "mark": display_mark_for(viewer, row.organisation)} for row in freezes_for(user)]
    context = {"form": form, "rows": rows, "secretariat": secretariat, "nav_current": "freezes"}
    return form_page(request, "workspaces/freezes.html", context)


@member_required
def freeze(request: HttpRequest, freeze: UUID) -> HttpResponse:
    row = _get_freeze(request, freeze)
    viewer, user = get_viewer(request), get_person(request)
    context = {
        "freeze": row,
        "mark": display_mark_for(viewer, row.organisation),
        "asked_by": person_name(viewer, row.asked_by, row.asked_for) if row.asked_by else "",
        "mine": row.asked_by_id == user.pk,
        "thaw_mine": row.thaw_asked_by_id == user.pk,
        "nav_current": "freezes",
    }
    return render(request, "workspaces/freeze.html", context)


@member_required
@reauthentication_required(allow_get=True)
def freeze_confirm(request: HttpRequest, freeze: UUID) -> HttpResponse:
    done = _("The organisation is frozen. All its sessions have ended.")
    return _change_freeze(request, freeze, actions_freezes.confirm_freeze, done)


@member_required
@reauthentication_required(allow_get=True)
def freeze_withdraw(request: HttpRequest, freeze: UUID) -> HttpResponse:
    answer = _change_freeze(
        request, freeze, actions_freezes.withdraw_freeze_request, _("The freeze is no longer asked for.")
    )
    return redirect("workspaces:freezes") if request.method == "POST" else answer


@member_required
@reauthentication_required(allow_get=True)
def freeze_thaw(request: HttpRequest, freeze: UUID) -> HttpResponse:
    """The first person asks, the second ends the freeze."""
    row = _get_freeze(request, freeze)
    if row.thaw_asked_by_id is None:
        return _change_freeze(
            request, freeze, actions_freezes.request_thaw, _("A second person can end the freeze now.")
        )
    answer = _change_freeze(
        request, freeze, actions_freezes.confirm_thaw, _("The organisation is no longer frozen.")
    )
    return redirect("workspaces:freezes") if request.method == "POST" else answer


def _get_freeze(request: HttpRequest, uuid: UUID) -> Freeze:
    return get_object_or_404(freezes_for(get_person(request)), uuid=uuid)


def _change_freeze(request: HttpRequest, uuid: UUID, act: Callable[..., Freeze], done: str) -> HttpResponse:
    row = _get_freeze(request, uuid)
    if request.method == "POST":
        try:
            act(by=get_person(request), freeze=row)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
    return redirect("workspaces:freeze", uuid)

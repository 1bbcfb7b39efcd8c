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
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access
from coalition.workspaces.domain import freeze as freezing
from coalition.workspaces.forms import FreezeForm
from coalition.workspaces.people import name_of
from coalition.workspaces.queries import freezable_by, freezes_for
from coalition.workspaces.rules import NotAllowed, is_coordinator, is_secretariat


@access.members_only
@reauthentication_required(allow_get=True)
def freezes(request: HttpRequest) -> HttpResponse:
    """Freezes asked for and in force that concern the person, and the form to ask for one."""
    user, viewer = access.person(request), access.viewer(request)
    secretariat = is_secretariat(user)
    if not secretariat and not is_coordinator(user):
        raise NotAllowed(_("Coordinators and the secretariat freeze organisations."))
    offered = organisations() if secretariat else freezable_by(user)
    form = FreezeForm(request.POST or None, viewer=viewer, organisations=offered)
    if request.method == "POST" and form.is_valid():
        try:
            asked = freezing.ask(
                by=user, organisation=form.cleaned_data["organisation"], reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error("organisation", str(refusal))
        else:
            return redirect("workspaces:freeze", asked.uuid)
    rows = [{"freeze": row, "mark": display_mark_for(viewer, row.organisation)} for row in freezes_for(user)]
    context = {"form": form, "rows": rows, "secretariat": secretariat, "nav_current": "freezes"}
    return form_page(request, "workspaces/freezes.html", context)


@access.members_only
def freeze(request: HttpRequest, freeze: UUID) -> HttpResponse:
    row = _found(request, freeze)
    viewer, user = access.viewer(request), access.person(request)
    context = {
        "freeze": row,
        "mark": display_mark_for(viewer, row.organisation),
        "asked_by": name_of(viewer, row.asked_by, row.asked_for) if row.asked_by else "",
        "mine": row.asked_by_id == user.pk,
        "thaw_mine": row.thaw_asked_by_id == user.pk,
        "nav_current": "freezes",
    }
    return render(request, "workspaces/freeze.html", context)


@access.members_only
@reauthentication_required(allow_get=True)
def confirm(request: HttpRequest, freeze: UUID) -> HttpResponse:
    done = _("The organisation is frozen. All its sessions have ended.")
    return _act(request, freeze, freezing.confirm, done)


@access.members_only
@reauthentication_required(allow_get=True)
def withdraw(request: HttpRequest, freeze: UUID) -> HttpResponse:
    answer = _act(request, freeze, freezing.withdraw, _("The freeze is no longer asked for."))
    return redirect("workspaces:freezes") if request.method == "POST" else answer


@access.members_only
@reauthentication_required(allow_get=True)
def thaw(request: HttpRequest, freeze: UUID) -> HttpResponse:
    """The first person asks, the second ends the freeze."""
    row = _found(request, freeze)
    if row.thaw_asked_by_id is None:
        return _act(request, freeze, freezing.ask_thaw, _("A second person can end the freeze now."))
    answer = _act(request, freeze, freezing.thaw, _("The organisation is no longer frozen."))
    return redirect("workspaces:freezes") if request.method == "POST" else answer


def _found(request: HttpRequest, uuid: UUID) -> Freeze:
    return get_object_or_404(freezes_for(access.person(request)), uuid=uuid)


def _act(request: HttpRequest, uuid: UUID, act: Callable[..., Freeze], done: str) -> HttpResponse:
    row = _found(request, uuid)
    if request.method == "POST":
        try:
            act(by=access.person(request), freeze=row)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
    return redirect("workspaces:freeze", uuid)

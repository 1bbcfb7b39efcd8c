"""The secretariat sees names and membership of all workspaces, never their content."""

from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coalition.accounts.naming import display_mark_for
from coalition.accounts.queries import active_memberships
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.roles import SeatRole
from coalition.workspaces import access
from coalition.workspaces.domain import seats, take_part
from coalition.workspaces.domain.create_workspace import create_workspace
from coalition.workspaces.forms import CoordinatorForm, OpenWorkspaceForm, OrganisationForm
from coalition.workspaces.models import Workspace
from coalition.workspaces.people import circle_of
from coalition.workspaces.queries import (
    organisations_outside,
    participants,
    seats_in,
    workspaces_for_secretariat,
)
from coalition.workspaces.rules import is_secretariat

PAGE = 50


def secretariat_only(view: access.View) -> access.View:
    """For everyone else these addresses do not exist."""

    @access.members_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_secretariat(access.person(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@secretariat_only
def workspaces(request: HttpRequest) -> HttpResponse:
    page = Paginator(workspaces_for_secretariat().order_by("title"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "nav_current": "all_workspaces"}
    return render(request, "workspaces/secretariat/workspaces.html", context)


@secretariat_only
def create(request: HttpRequest) -> HttpResponse:
    """Open a workspace and name its first coordinator."""
    by = access.person(request)
    members = active_memberships().select_related("person", "organisation")
    form = OpenWorkspaceForm(request.POST or None, viewer=access.viewer(request), memberships=members)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["coordinator"]
        try:
            workspace = create_workspace(
                by=by,
                title=form.cleaned_data["title"],
                purpose=form.cleaned_data["purpose"],
                coordinator=member.person,
                organisation=member.organisation,
            )
        except Refused as refusal:
            form.add_error("coordinator", str(refusal))
        else:
            messages.success(request, _("The workspace is open. Bring in organisations and give seats."))
            return redirect("secretariat:workspace", workspace.uuid)
    context = {"form": form, "nav_current": "all_workspaces", "no_members": not members.exists()}
    return form_page(request, "workspaces/create.html", context)


@secretariat_only
def membership(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Which organisations take part in a workspace and who has a seat: nothing of what lies in it."""
    row = _workspace(workspace)
    viewer = access.viewer(request)
    people = [
        {"organisation": seat.organisation_id, "circle": circle_of(viewer, seat.person, seat.organisation)}
        | {"role": SeatRole(seat.role).label}
        for seat in seats_in(row)
    ]
    groups = [
        {
            "mark": display_mark_for(viewer, part),
            "frozen": part.frozen,  # type: ignore[attr-defined]  # annotated
            "people": [person for person in people if person["organisation"] == part.pk],
        }
        for part in participants(row)
    ]
    context = {"workspace": row, "groups": groups, "nav_current": "all_workspaces"}
    context["bring_in_form"] = _bring_in_form(request, row)
    if not row.has_coordinator:  # type: ignore[attr-defined]  # annotated
        context["coordinator_form"] = _coordinator_form(request, row)
    return render(request, "workspaces/secretariat/workspace.html", context)


@secretariat_only
def bring_in(request: HttpRequest, workspace: UUID) -> HttpResponse:
    row = _workspace(workspace)
    form = _bring_in_form(request, row, request.POST)
    if request.method == "POST" and form.is_valid():
        take_part.bring_in_as_secretariat(
            by=access.person(request), workspace=row, organisation=form.cleaned_data["organisation"]
        )
        messages.success(request, _("The organisation takes part now."))
    return redirect("secretariat:workspace", workspace)


@secretariat_only
@reauthentication_required(allow_get=True)
def appoint(request: HttpRequest, workspace: UUID) -> HttpResponse:
    row = _workspace(workspace)
    form = _coordinator_form(request, row, request.POST)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["member"]
        try:
            seats.appoint_coordinator(
                by=access.person(request),
                workspace=row,
                person=member.person,
                organisation=member.organisation,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The workspace has a coordinator again."))
    return redirect("secretariat:workspace", workspace)


def _workspace(uuid: UUID) -> Workspace:
    return get_object_or_404(workspaces_for_secretariat(), uuid=uuid)


def _bring_in_form(request: HttpRequest, workspace: Workspace, data: object = None) -> OrganisationForm:
    viewer = access.viewer(request)
    return OrganisationForm(data, viewer=viewer, organisations=organisations_outside(workspace))


def _coordinator_form(request: HttpRequest, workspace: Workspace, data: object = None) -> CoordinatorForm:
    members = active_memberships().filter(organisation__in=participants(workspace))
    rows = members.select_related("person", "organisation")
    return CoordinatorForm(data, viewer=access.viewer(request), memberships=rows)

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
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.roles import SeatRole
from coalition.workspaces.access import MemberView, member_required
from coalition.workspaces.actions import participation, seats
from coalition.workspaces.actions.workspaces import create_workspace
from coalition.workspaces.forms import CoordinatorForm, OpenWorkspaceForm, OrganisationForm
from coalition.workspaces.models import Workspace
from coalition.workspaces.naming import person_circle
from coalition.workspaces.permissions import is_secretariat
from coalition.workspaces.queries import (
    organisations_not_in,
    participants,
    seats_in,
    workspaces_for_secretariat,
)

WORKSPACES_ON_A_PAGE = 50


def workspace_secretariat_required(view: MemberView) -> MemberView:
    """For everyone else these addresses do not exist."""

    @member_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_secretariat(get_person(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@workspace_secretariat_required
def workspace_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(workspaces_for_secretariat().order_by("title"), WORKSPACES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "nav_current": "all_workspaces"}
    return render(request, "workspaces/secretariat/workspaces.html", context)


@workspace_secretariat_required
def workspace_create(request: HttpRequest) -> HttpResponse:
    """Open a workspace and name its first coordinator."""
    by = get_person(request)
    members = active_memberships().select_related("person", "organisation")
    form = OpenWorkspaceForm(request.POST or None, viewer=get_viewer(request), memberships=members)
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


@workspace_secretariat_required
def workspace_membership(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Which organisations take part in a workspace and who has a seat: nothing of what lies in it."""
    row = _get_workspace(workspace)
    viewer = get_viewer(request)
    people = [
        {
            "organisation": seat.organisation_id,
            "circle": person_circle(viewer, seat.person, seat.organisation),
        }
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
    context["bring_in_form"] = _secretariat_organisation_form(request, row)
    if not row.has_coordinator:  # type: ignore[attr-defined]  # annotated
        context["coordinator_form"] = _coordinator_form(request, row)
    return render(request, "workspaces/secretariat/workspace.html", context)


@workspace_secretariat_required
def secretariat_organisation_add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    row = _get_workspace(workspace)
    form = _secretariat_organisation_form(request, row, request.POST)
    if request.method == "POST" and form.is_valid():
        participation.add_organisation_as_secretariat(
            by=get_person(request), workspace=row, organisation=form.cleaned_data["organisation"]
        )
        messages.success(request, _("The organisation takes part now."))
    return redirect("secretariat:workspace", workspace)


@workspace_secretariat_required
@reauthentication_required(allow_get=True)
def coordinator_appoint(request: HttpRequest, workspace: UUID) -> HttpResponse:
    row = _get_workspace(workspace)
    form = _coordinator_form(request, row, request.POST)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["member"]
        try:
            seats.appoint_coordinator(
                by=get_person(request),
                workspace=row,
                person=member.person,
                organisation=member.organisation,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The workspace has a coordinator again."))
    return redirect("secretariat:workspace", workspace)


def _get_workspace(uuid: UUID) -> Workspace:
    return get_object_or_404(workspaces_for_secretariat(), uuid=uuid)


def _secretariat_organisation_form(
    request: HttpRequest, workspace: Workspace, data: object = None
) -> OrganisationForm:
    viewer = get_viewer(request)
    return OrganisationForm(data, viewer=viewer, organisations=organisations_not_in(workspace))


def _coordinator_form(request: HttpRequest, workspace: Workspace, data: object = None) -> CoordinatorForm:
    members = active_memberships().filter(organisation__in=participants(workspace))
    rows = members.select_related("person", "organisation")
    return CoordinatorForm(data, viewer=get_viewer(request), memberships=rows)

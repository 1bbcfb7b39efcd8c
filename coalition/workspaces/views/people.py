"""Participants and seats of a workspace, freezes, and the secretariat's pages."""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.models import Freeze, User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for, may_see_name
from coalition.accounts.permissions import is_secretariat
from coalition.accounts.queries import active_memberships, organisations
from coalition.accounts.views.access import get_person, get_viewer, secretariat_required
from coalition.core.errors import Refused
from coalition.http.generic_views import ActionFormView
from coalition.http.responses import flash_result
from coalition.roles import Right, SeatRole
from coalition.workspaces import queries
from coalition.workspaces.access import MemberView, get_access, member_required, post_action
from coalition.workspaces.actions import seats, workspaces as actions_freezes
from coalition.workspaces.actions.workspaces import (
    add_organisation,
    add_organisation_as_secretariat,
    create_workspace,
    end_participation,
)
from coalition.workspaces.forms import (
    CoordinatorForm,
    FreezeForm,
    OpenWorkspaceForm,
    OrganisationForm,
    RoleForm,
    SeatForm,
)
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.permissions import Access, NotAllowed, is_coordinator
from coalition.workspaces.sentence_params import person_circle, person_name

PEOPLE_URL_NAME = "workspaces:people"


@member_required
def workspace_people(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    context: dict[str, object] = {
        "access": access,
        "groups": people_by_organisation(get_viewer(request), access.workspace),
        "roles": SeatRole,
    }
    if access.may(Right.MANAGE) and access.workspace.archived_at is None:
        context["manages"] = True
        context["seat_form"] = _seat_form(request, access)
        context["bring_in_form"] = _organisation_form(request, access.workspace)
    return render(request, "workspaces/people.html", context)


@post_action(back=PEOPLE_URL_NAME, reauthenticate=True)
def seat_give(request: HttpRequest, access: Access) -> None:
    form = _seat_form(request, access, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a person and a role."))
        return
    member, role = form.cleaned_data["member"], SeatRole(form.cleaned_data["role"])
    seats.give_seat(access=access, person=member.person, organisation=member.organisation, role=role)
    messages.success(
        request,
        _("%(person)s has a seat now: %(role)s.") % {"person": member.person.name, "role": role.label},
    )


@post_action(back=PEOPLE_URL_NAME, reauthenticate=True)
def seat_change(request: HttpRequest, access: Access, seat: UUID) -> None:
    form = RoleForm(request.POST)
    row = _get_seat(access, seat)
    if form.is_valid():
        role = SeatRole(form.cleaned_data["role"])
        seats.change_seat_role(access=access, seat=row, role=role)
        messages.success(
            request, _("%(person)s: %(role)s.") % {"person": row.person.name, "role": role.label}
        )


@post_action(back=PEOPLE_URL_NAME, reauthenticate=True)
def seat_end(request: HttpRequest, access: Access, seat: UUID) -> None:
    row = seats.end_seat(access=access, seat=_get_seat(access, seat))
    name = person_name(get_viewer(request), row.person, row.organisation)
    messages.success(request, _("The seat is taken away: %(person)s.") % {"person": name})


@post_action(back=PEOPLE_URL_NAME)
def organisation_add(request: HttpRequest, access: Access) -> None:
    form = _organisation_form(request, access.workspace, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an organisation."))
        return
    organisation = form.cleaned_data["organisation"]
    add_organisation(access=access, organisation=organisation)
    name = display_name_for(get_viewer(request), organisation)
    messages.success(request, _("%(organisation)s takes part now.") % {"organisation": name})


@post_action(back=PEOPLE_URL_NAME, reauthenticate=True)
def organisation_leave(request: HttpRequest, access: Access, organisation: UUID) -> None:
    row = get_object_or_404(queries.participants(access.workspace), uuid=organisation)
    end_participation(access=access, organisation=row)
    name = display_name_for(get_viewer(request), row)
    messages.success(request, _("%(organisation)s no longer takes part.") % {"organisation": name})


def _get_seat(access: Access, uuid: UUID) -> Seat:
    return get_object_or_404(queries.open_seats(access.workspace), uuid=uuid)


def people_by_organisation(viewer: Viewer, workspace: Workspace) -> list[dict[str, object]]:
    """Return participating organisations, each with its people, as the viewer may see them."""
    seated = defaultdict(list)
    for seat in queries.seats_in(workspace):
        circle = person_circle(viewer, seat.person, seat.organisation)
        seated[seat.organisation_id].append({"seat": seat, "circle": circle})
    return [{"organisation": row, "people": seated[row.pk]} for row in queries.participants(workspace)]


def _seat_form(request: HttpRequest, access: Access, data: object = None) -> SeatForm:
    return SeatForm(
        data, viewer=get_viewer(request), memberships=queries.members_without_seat(access.workspace)
    )


def _organisation_form(
    request: HttpRequest, workspace: Workspace, data: object = None, *, unnamed: bool = False
) -> OrganisationForm:
    """Offer organisations to add; `unnamed`: also those whose names the person may not see."""
    viewer = get_viewer(request)
    offered = [row for row in queries.organisations_not_in(workspace) if unnamed or may_see_name(viewer, row)]
    return OrganisationForm(data, viewer=viewer, organisations=offered)


@method_decorator([member_required, reauthentication_required(allow_get=True)], name="dispatch")
class FreezesView(ActionFormView):
    """List freezes, requested or in force, that concern the person, with the form to request one."""

    form_class = FreezeForm
    template_name = "workspaces/freezes.html"
    refusal_field = "organisation"

    def load(self) -> None:
        user = get_person(self.request)
        self.is_secretariat = is_secretariat(user)
        if not self.is_secretariat and not is_coordinator(user):
            raise NotAllowed(_("Coordinators and the secretariat freeze organisations."))

    def get_form_kwargs(self) -> dict[str, Any]:
        offered = organisations() if self.is_secretariat else queries.freezable_by(get_person(self.request))
        return super().get_form_kwargs() | {"viewer": get_viewer(self.request), "organisations": offered}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "freezes": queries.freezes_for(get_person(self.request)),
            "secretariat": self.is_secretariat,
            "nav_current": "freezes",
        }

    def save(self, form: FreezeForm) -> HttpResponse:
        row = actions_freezes.request_freeze(by=get_person(self.request), **form.cleaned_data)
        return redirect("workspaces:freeze", row.uuid)


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


def freeze_action(act: Callable[[User, Freeze], str]) -> MemberView:
    """Make a view of one action on a freeze, by POST; a GET, after signing in again, only redirects.

    It flashes the message that `act` returns, or the reason of `Refused`, and redirects to the freeze, or to
    the list once it is over.
    """

    @member_required
    @reauthentication_required(allow_get=True)
    @wraps(act)
    def change_freeze(request: HttpRequest, freeze: UUID) -> HttpResponse:
        row = _get_freeze(request, freeze)
        if request.method == "POST":
            try:
                messages.success(request, act(get_person(request), row))
            except Refused as refusal:
                messages.error(request, refusal.message)
            row.refresh_from_db(fields=["thawed_at"])
        return redirect("workspaces:freezes") if row.thawed_at else redirect("workspaces:freeze", freeze)

    return change_freeze


@freeze_action
def freeze_confirm(by: User, freeze: Freeze) -> str:
    actions_freezes.confirm_freeze(by=by, freeze=freeze)
    return _("The organisation is frozen. All its sessions have ended.")


@freeze_action
def freeze_withdraw(by: User, freeze: Freeze) -> str:
    actions_freezes.withdraw_freeze_request(by=by, freeze=freeze)
    return _("The freeze is no longer asked for.")


@freeze_action
def freeze_thaw(by: User, freeze: Freeze) -> str:
    """Request a thaw as the first person; end the freeze as the second."""
    if freeze.thaw_asked_by_id is None:
        actions_freezes.request_thaw(by=by, freeze=freeze)
        return _("A second person can end the freeze now.")
    actions_freezes.confirm_thaw(by=by, freeze=freeze)
    return _("The organisation is no longer frozen.")


def _get_freeze(request: HttpRequest, uuid: UUID) -> Freeze:
    return get_object_or_404(queries.freezes_for(get_person(request)), uuid=uuid)


WORKSPACES_ON_A_PAGE = 50


def workspace_secretariat_required(view: MemberView) -> MemberView:
    """Restrict the view to the secretariat; everyone else gets 404."""
    return member_required(secretariat_required(view))


@workspace_secretariat_required
def workspace_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.workspaces_for_secretariat().order_by("title"), WORKSPACES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "nav_current": "all_workspaces"}
    return render(request, "workspaces/secretariat/workspaces.html", context)


@method_decorator(workspace_secretariat_required, name="dispatch")
class WorkspaceCreateView(ActionFormView):
    form_class = OpenWorkspaceForm
    template_name = "workspaces/create.html"
    success_message = gettext_lazy("The workspace is open. Bring in organisations and give seats.")
    refusal_field = "member"

    def load(self) -> None:
        self.members = active_memberships().select_related("person", "organisation")

    def get_form_kwargs(self) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        return super().get_form_kwargs() | {"viewer": viewer, "memberships": self.members}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"nav_current": "all_workspaces", "no_members": not self.members.exists()}
        return super().get_context_data(**kwargs) | context

    def save(self, form: OpenWorkspaceForm) -> HttpResponse:
        member = form.cleaned_data["member"]
        workspace = create_workspace(
            by=get_person(self.request),
            title=form.cleaned_data["title"],
            purpose=form.cleaned_data["purpose"],
            coordinator=member.person,
            organisation=member.organisation,
        )
        return redirect("secretariat:workspace", workspace.uuid)


@workspace_secretariat_required
def workspace_membership(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the participating organisations and seats of a workspace, without its content."""
    row = _get_workspace(workspace)
    viewer = get_viewer(request)
    groups = people_by_organisation(viewer, row)
    form = _organisation_form(request, row, unnamed=True)
    context = {"workspace": row, "groups": groups, "bring_in_form": form, "nav_current": "all_workspaces"}
    if not row.has_coordinator:  # type: ignore[attr-defined]  # annotated
        context["coordinator_form"] = _coordinator_form(request, row)
    return render(request, "workspaces/secretariat/workspace.html", context)


@workspace_secretariat_required
def secretariat_organisation_add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    row = _get_workspace(workspace)
    form = _organisation_form(request, row, request.POST, unnamed=True)
    if request.method == "POST" and form.is_valid():
        add_organisation_as_secretariat(
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
        with flash_result(request, _("The workspace has a coordinator again.")):
            seats.appoint_coordinator(
                by=get_person(request),
                workspace=row,
                person=member.person,
                organisation=member.organisation,
            )
    return redirect("secretariat:workspace", workspace)


def _get_workspace(uuid: UUID) -> Workspace:
    return get_object_or_404(queries.workspaces_for_secretariat(), uuid=uuid)


def _coordinator_form(request: HttpRequest, workspace: Workspace, data: object = None) -> CoordinatorForm:
    members = active_memberships().filter(organisation__in=queries.participants(workspace))
    rows = members.select_related("person", "organisation")
    return CoordinatorForm(data, viewer=get_viewer(request), memberships=rows)

"""Who takes part in a workspace, and the seats that coordinators give and take."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_mark_for, display_name_for, may_see_name
from coalition.accounts.views.access import get_viewer
from coalition.roles import Right, SeatRole
from coalition.workspaces.access import get_access, member_required, post_action
from coalition.workspaces.actions import participation, seats
from coalition.workspaces.forms import OrganisationForm, RoleForm, SeatForm
from coalition.workspaces.models import Seat
from coalition.workspaces.naming import person_circle, person_name
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import (
    members_without_seat,
    open_seats,
    organisations_not_in,
    participants,
    seats_in,
)

PEOPLE_URL_NAME = "workspaces:people"


@member_required
def workspace_people(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    context: dict[str, object] = {
        "access": access,
        "groups": _people_by_organisation(request, access),
        "roles": SeatRole,
    }
    context["manages"] = access.may(Right.MANAGE) and access.workspace.archived_at is None
    if context["manages"]:
        context |= {
            "seat_form": _seat_form(request, access),
            "bring_in_form": _organisation_form(request, access),
        }
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
    form = _organisation_form(request, access, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an organisation."))
        return
    organisation = form.cleaned_data["organisation"]
    participation.add_organisation(access=access, organisation=organisation)
    name = display_name_for(get_viewer(request), organisation)
    messages.success(request, _("%(organisation)s takes part now.") % {"organisation": name})


@post_action(back=PEOPLE_URL_NAME, reauthenticate=True)
def organisation_leave(request: HttpRequest, access: Access, organisation: UUID) -> None:
    row = get_object_or_404(participants(access.workspace), uuid=organisation)
    participation.end_participation(access=access, organisation=row)
    name = display_name_for(get_viewer(request), row)
    messages.success(request, _("%(organisation)s no longer takes part.") % {"organisation": name})


def _get_seat(access: Access, uuid: UUID) -> Seat:
    return get_object_or_404(open_seats(access.workspace), uuid=uuid)


def _people_by_organisation(request: HttpRequest, access: Access) -> list[dict[str, object]]:
    """Organisations that take part, each with its people."""
    viewer = get_viewer(request)
    seated = defaultdict(list)
    for seat in seats_in(access.workspace):
        seated[seat.organisation_id].append(
            {
                "seat": seat,
                "circle": person_circle(viewer, seat.person, seat.organisation),
                "role": SeatRole(seat.role).label,
                "me": seat.person_id == access.user.pk,
            }
        )
    return [
        {
            "organisation": row,
            "mark": display_mark_for(viewer, row),
            "frozen": row.frozen,  # type: ignore[attr-defined]  # annotated
            "people": seated[row.pk],
        }
        for row in participants(access.workspace)
    ]


def _seat_form(request: HttpRequest, access: Access, data: object = None) -> SeatForm:
    return SeatForm(data, viewer=get_viewer(request), memberships=members_without_seat(access.workspace))


def _organisation_form(request: HttpRequest, access: Access, data: object = None) -> OrganisationForm:
    viewer = get_viewer(request)
    offered: list[Organisation] = [
        row for row in organisations_not_in(access.workspace) if may_see_name(viewer, row)
    ]
    return OrganisationForm(data, viewer=viewer, organisations=offered)

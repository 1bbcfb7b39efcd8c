"""Who takes part in a workspace, and the seats that coordinators give and take."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_mark_for, display_name_for, may_be_told
from coalition.roles import Right, SeatRole
from coalition.workspaces import access as door
from coalition.workspaces.domain import seats, take_part
from coalition.workspaces.forms import OrganisationForm, RoleForm, SeatForm
from coalition.workspaces.models import Seat
from coalition.workspaces.people import circle_of, name_of
from coalition.workspaces.queries import (
    may_be_seated,
    open_seats,
    organisations_outside,
    participants,
    seats_in,
)
from coalition.workspaces.rules import Access

PEOPLE = "workspaces:people"


@door.members_only
def people(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = door.enter(request, workspace)
    context: dict[str, object] = {"access": access, "groups": _groups(request, access), "roles": SeatRole}
    context["manages"] = access.may(Right.MANAGE) and access.workspace.archived_at is None
    if context["manages"]:
        context |= {
            "seat_form": _seat_form(request, access),
            "bring_in_form": _bring_in_form(request, access),
        }
    return render(request, "workspaces/people.html", context)


@door.acts(back=PEOPLE, reauthenticate=True)
def give(request: HttpRequest, access: Access) -> None:
    form = _seat_form(request, access, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a person and a role."))
        return
    member, role = form.cleaned_data["member"], SeatRole(form.cleaned_data["role"])
    seats.give(access=access, person=member.person, organisation=member.organisation, role=role)
    messages.success(
        request,
        _("%(person)s has a seat now: %(role)s.") % {"person": member.person.name, "role": role.label},
    )


@door.acts(back=PEOPLE, reauthenticate=True)
def change(request: HttpRequest, access: Access, seat: UUID) -> None:
    form = RoleForm(request.POST)
    row = _seat(access, seat)
    if form.is_valid():
        role = SeatRole(form.cleaned_data["role"])
        seats.change(access=access, seat=row, role=role)
        messages.success(
            request, _("%(person)s: %(role)s.") % {"person": row.person.name, "role": role.label}
        )


@door.acts(back=PEOPLE, reauthenticate=True)
def take(request: HttpRequest, access: Access, seat: UUID) -> None:
    row = seats.take(access=access, seat=_seat(access, seat))
    name = name_of(door.viewer(request), row.person, row.organisation)
    messages.success(request, _("The seat is taken away: %(person)s.") % {"person": name})


@door.acts(back=PEOPLE)
def bring_in(request: HttpRequest, access: Access) -> None:
    form = _bring_in_form(request, access, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an organisation."))
        return
    organisation = form.cleaned_data["organisation"]
    take_part.bring_in(access=access, organisation=organisation)
    name = display_name_for(door.viewer(request), organisation)
    messages.success(request, _("%(organisation)s takes part now.") % {"organisation": name})


@door.acts(back=PEOPLE, reauthenticate=True)
def leave(request: HttpRequest, access: Access, organisation: UUID) -> None:
    row = get_object_or_404(participants(access.workspace), uuid=organisation)
    take_part.leave(access=access, organisation=row)
    name = display_name_for(door.viewer(request), row)
    messages.success(request, _("%(organisation)s no longer takes part.") % {"organisation": name})


def _seat(access: Access, uuid: UUID) -> Seat:
    return get_object_or_404(open_seats(access.workspace), uuid=uuid)


def _groups(request: HttpRequest, access: Access) -> list[dict[str, object]]:
    """Organisations that take part, each with its people."""
    viewer = door.viewer(request)
    seated = defaultdict(list)
    for seat in seats_in(access.workspace):
        seated[seat.organisation_id].append(
            {
                "seat": seat,
                "circle": circle_of(viewer, seat.person, seat.organisation),
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
    return SeatForm(data, viewer=door.viewer(request), memberships=may_be_seated(access.workspace))


def _bring_in_form(request: HttpRequest, access: Access, data: object = None) -> OrganisationForm:
    viewer = door.viewer(request)
    offered: list[Organisation] = [
        row for row in organisations_outside(access.workspace) if may_be_told(viewer, row)
    ]
    return OrganisationForm(data, viewer=viewer, organisations=offered)

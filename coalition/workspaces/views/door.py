"""Choosing in whose name a person acts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coalition.accounts.naming import display_mark_for
from coalition.workspaces import access as door


@door.members_only
def act_for(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """A person with seats of several organisations chooses one for this workspace."""
    access = door.enter(request, workspace)
    if request.method == "POST":
        door.choose(request, access, _uuid(request.POST.get("organisation", "")))
        return redirect(access.workspace)
    viewer = door.viewer(request)
    choices = [
        {
            "mark": display_mark_for(viewer, seat.organisation),
            "uuid": seat.organisation.uuid,
            "role": seat.get_role_display(),
            "current": seat == access.seat,
        }
        for seat in access.seats
    ]
    return render(request, "workspaces/act_for.html", {"access": access, "choices": choices})


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)

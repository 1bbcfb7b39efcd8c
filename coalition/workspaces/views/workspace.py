"""Reading a workspace: its front page, what happened in it, its audit log."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.queries import organisations_with
from coalition.audit.words import words_of
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces.activity_words import tell
from coalition.workspaces.context_processors import missing_of
from coalition.workspaces.notifications.reading import opened
from coalition.workspaces.people import Circle, circle_of, name_of
from coalition.workspaces.queries import (
    activity_for,
    audit_for,
    here_now,
    participants,
    seats_in,
    workspaces_for,
)
from coalition.workspaces.rules import Access, NotAllowed, may_create_workspaces

PAGE = 50


@door.members_only
def all_workspaces(request: HttpRequest) -> HttpResponse:
    """Every workspace in which the person has a seat, archived ones last."""
    user = door.person(request)
    rows = sorted(workspaces_for(user), key=lambda row: (row.archived_at is not None, row.title.lower()))
    missing = missing_of(request)
    context = {
        "nav_current": "workspaces",
        "workspaces": rows,
        "may_create": may_create_workspaces(user),
        "missing": missing,
        "shut_out": any(one.shuts_out for one in missing),
    }
    return render(request, "workspaces/all.html", context)


@door.members_only
def overview(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = door.enter(request, workspace)
    opened(request, access.workspace.uuid)
    viewer = door.viewer(request)
    organisations = list(participants(access.workspace))
    context = {
        "access": access,
        "marks": [display_mark_for(viewer, row) for row in organisations],
        "frozen_count": sum(row.frozen for row in organisations),  # type: ignore[attr-defined]  # annotated
        "seat_count": seats_in(access.workspace).count(),
        "news": tell(viewer, activity_for(access.user, access.workspace)[:10]),
        "acting_for": display_name_for(viewer, access.organisation),
        "here": _here(request, access),
    }
    return render(request, "workspaces/overview.html", context)


@door.members_only
@require_safe
def here(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Who has the workspace open now, as a part of its front page."""
    access = door.enter(request, workspace)
    return render(request, "workspaces/_here.html", {"access": access, "here": _here(request, access)})


def _here(request: HttpRequest, access: Access) -> list[Circle]:
    """The others, named as the person may be told."""
    viewer = door.viewer(request)
    rows = here_now(access.workspace).exclude(person=access.user)
    return [circle_of(viewer, seat.person, seat.organisation) for seat in rows]


@door.members_only
def activity(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = door.enter(request, workspace)
    rows = activity_for(access.user, access.workspace)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"access": access, "page": page, "told": tell(door.viewer(request), page)}
    return render(request, "workspaces/activity.html", context)


@door.members_only
def log(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The audit log, for coordinators. Entries older than the rule allows name no person."""
    access = door.enter(request, workspace)
    if not access.may(Right.MANAGE):
        raise NotAllowed
    page = Paginator(audit_for(access.user, access.workspace), PAGE).get_page(request.GET.get("page"))
    viewer = door.viewer(request)
    mentioned = {entry.organisation for entry in page if entry.organisation}
    organisations = organisations_with(mentioned)
    lines = []
    for entry in page:
        organisation = organisations.get(entry.organisation) if entry.organisation else None
        lines.append(
            {
                "at": entry.at,
                "what": words_of(entry.action),
                "who": name_of(viewer, entry.actor, organisation) if entry.actor else "",
                "organisation": display_name_for(viewer, organisation) if organisation else "",
            }
        )
    return render(request, "workspaces/log.html", {"access": access, "page": page, "lines": lines})

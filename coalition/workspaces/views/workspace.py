"""Pages of a workspace: front page, activity, audit log."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.queries import organisations_with
from coalition.accounts.views.access import get_person, get_viewer
from coalition.audit.labels import action_label
from coalition.http.responses import form_page
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import choose_acting_organisation, get_access, member_required, post_action
from coalition.workspaces.actions import workspaces
from coalition.workspaces.actions.workspaces import describe_workspace
from coalition.workspaces.activity_sentences import describe_activities
from coalition.workspaces.context_processors import get_missing_requirements
from coalition.workspaces.forms import WorkspaceForm
from coalition.workspaces.naming import PersonCircle, person_circle, person_name
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access, NotAllowed, may_create_workspaces
from coalition.workspaces.queries import (
    activity_for,
    audit_for,
    participants,
    present_seats,
    seats_in,
    workspaces_for,
)

ENTRIES_ON_A_PAGE = 50


@member_required
def all_workspaces(request: HttpRequest) -> HttpResponse:
    """List every workspace in which the person has a seat, archived ones last."""
    user = get_person(request)
    rows = sorted(workspaces_for(user), key=lambda row: (row.archived_at is not None, row.title.lower()))
    missing = get_missing_requirements(request)
    context = {
        "nav_current": "workspaces",
        "workspaces": rows,
        "may_create": may_create_workspaces(user),
        "missing": missing,
        "shut_out": any(one.shuts_out for one in missing),
    }
    return render(request, "workspaces/all.html", context)


@member_required
def overview(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    mark_subjects_read(request, access.workspace.uuid)
    viewer = get_viewer(request)
    organisations = list(participants(access.workspace))
    context = {
        "access": access,
        "marks": [display_mark_for(viewer, row) for row in organisations],
        "frozen_count": sum(row.frozen for row in organisations),  # type: ignore[attr-defined]  # annotated
        "seat_count": seats_in(access.workspace).count(),
        "news": describe_activities(viewer, activity_for(access.user, access.workspace)[:10]),
        "acting_for": display_name_for(viewer, access.organisation),
        "here": _present_circles(request, access),
    }
    return render(request, "workspaces/overview.html", context)


@member_required
@require_safe
def present_people(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Render who has the workspace open now, as a part of its front page."""
    access = get_access(request, workspace)
    return render(
        request, "workspaces/_here.html", {"access": access, "here": _present_circles(request, access)}
    )


def _present_circles(request: HttpRequest, access: Access) -> list[PersonCircle]:
    """Return the other people present, named as the viewer may see them."""
    viewer = get_viewer(request)
    rows = present_seats(access.workspace).exclude(person=access.user)
    return [person_circle(viewer, seat.person, seat.organisation) for seat in rows]


@member_required
def workspace_activity(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    rows = activity_for(access.user, access.workspace)
    page = Paginator(rows, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"access": access, "page": page, "told": describe_activities(get_viewer(request), page)}
    return render(request, "workspaces/activity.html", context)


@member_required
def workspace_audit_log(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Display the audit log to coordinators. Entries past their retention name no person."""
    access = get_access(request, workspace)
    if not access.may(Right.MANAGE):
        raise NotAllowed
    page = Paginator(audit_for(access.user, access.workspace), ENTRIES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    viewer = get_viewer(request)
    mentioned = {entry.organisation for entry in page if entry.organisation}
    organisations = organisations_with(mentioned)
    lines = []
    for entry in page:
        organisation = organisations.get(entry.organisation) if entry.organisation else None
        lines.append(
            {
                "at": entry.at,
                "what": action_label(entry.action),
                "who": person_name(viewer, entry.actor, organisation) if entry.actor else "",
                "organisation": display_name_for(viewer, organisation) if organisation else "",
            }
        )
    return render(request, "workspaces/log.html", {"access": access, "page": page, "lines": lines})


# --- settings ---
# Workspace settings for coordinators.


SETTINGS_URL_NAME = "workspaces:settings"


@member_required
def workspace_settings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    if not access.may(Right.MANAGE):
        raise NotAllowed
    form = WorkspaceForm(request.POST or None, instance=access.workspace)
    if request.method == "POST" and form.is_valid():
        describe_workspace(
            access=access, title=form.cleaned_data["title"], purpose=form.cleaned_data["purpose"]
        )
        messages.success(request, _("Saved."))
        return redirect(SETTINGS_URL_NAME, workspace)
    return form_page(request, "workspaces/settings.html", {"access": access, "form": form})


@post_action(back=SETTINGS_URL_NAME)
def workspace_archive(request: HttpRequest, access: Access) -> None:
    workspaces.archive_workspace(access=access)
    visits.offer_undo(
        request,
        text=_("The workspace is archived. It can only be read now."),
        url=reverse("workspaces:take_back", args=[access.workspace.uuid]),
    )


@post_action(back=SETTINGS_URL_NAME)
def workspace_restore(request: HttpRequest, access: Access) -> None:
    workspaces.restore_workspace(access=access)
    messages.success(request, _("The workspace is back from the archive."))


# --- door ---
# Choice of the organisation that a person acts for.


@member_required
def acting_for(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Choose one of several organisations for this workspace, for a person with seats of each."""
    access = get_access(request, workspace)
    if request.method == "POST":
        choose_acting_organisation(request, access, _parse_uuid(request.POST.get("organisation", "")))
        return redirect(access.workspace)
    viewer = get_viewer(request)
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


def _parse_uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)

"""Opening a workspace, and what its coordinators settle about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.partners.queries import active_memberships
from coalition.partners.rules import Refused
from coalition.roles import Right
from coalition.workspaces import door, undo
from coalition.workspaces.domain import archive as archiving
from coalition.workspaces.domain.create_workspace import create_workspace
from coalition.workspaces.domain.describe import describe
from coalition.workspaces.forms import OpenWorkspaceForm, WorkspaceForm
from coalition.workspaces.rules import Access, NotAllowed, is_secretariat, may_create_workspaces

SETTINGS = "workspaces:settings"


@door.members_only
def create(request: HttpRequest) -> HttpResponse:
    """The secretariat opens a workspace for others, a coordinator for themselves."""
    user = door.person(request)
    if not may_create_workspaces(user):
        raise NotAllowed
    secretariat = is_secretariat(user)
    members = active_memberships(None if secretariat else user).select_related("person", "organisation")
    form = OpenWorkspaceForm(request.POST or None, viewer=door.viewer(request), memberships=members)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["coordinator"]
        try:
            workspace = create_workspace(
                by=user,
                title=form.cleaned_data["title"],
                purpose=form.cleaned_data["purpose"],
                coordinator=member.person,
                organisation=member.organisation,
            )
        except Refused as refusal:
            form.add_error("coordinator", str(refusal))
        else:
            messages.success(request, _("The workspace is open. Bring in organisations and give seats."))
            if member.person == user:
                return redirect("workspaces:people", workspace.uuid)
            return redirect("secretariat:workspace", workspace.uuid)
    return render(request, "workspaces/create.html", {"form": form, "nav_current": "workspaces"})


@door.members_only
def settings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = door.enter(request, workspace)
    if not access.may(Right.MANAGE):
        raise NotAllowed
    form = WorkspaceForm(request.POST or None, instance=access.workspace)
    if request.method == "POST" and form.is_valid():
        describe(access=access, title=form.cleaned_data["title"], purpose=form.cleaned_data["purpose"])
        messages.success(request, _("Saved."))
        return redirect(SETTINGS, workspace)
    return render(request, "workspaces/settings.html", {"access": access, "form": form})


@door.acts(back=SETTINGS)
def archive(request: HttpRequest, access: Access) -> None:
    archiving.archive(access=access)
    undo.offer(
        request,
        text=_("The workspace is archived. It can only be read now."),
        url=reverse("workspaces:take_back", args=[access.workspace.uuid]),
    )


@door.acts(back=SETTINGS)
def take_back(request: HttpRequest, access: Access) -> None:
    archiving.take_back(access=access)
    messages.success(request, _("The workspace is back from the archive."))

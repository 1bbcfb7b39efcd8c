"""What the coordinators of a workspace settle about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.http.responses import form_page
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.domain import archive as archiving
from coalition.workspaces.domain.describe import describe
from coalition.workspaces.forms import WorkspaceForm
from coalition.workspaces.rules import Access, NotAllowed

SETTINGS = "workspaces:settings"


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
    return form_page(request, "workspaces/settings.html", {"access": access, "form": form})


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

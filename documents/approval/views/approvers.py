"""The secretariat's table of whom to ask, its groups; and an organisation's word on its silence."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import display_name_for
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access
from coalition.workspaces.views.secretariat import secretariat_only
from documents.approval.actions.approvers import decline_silence, keep_group, remove_group, say_whom_to_ask
from documents.approval.forms.approvers import AskingGroupForm, AskingTableForm
from documents.approval.queries.approvers import allows_no_objection, asking_groups, asking_table
from documents.approval.views.decide import to_asked


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """Kind of text, group, hours, rule; and the groups."""
    form = AskingTableForm(
        request.POST or None,
        rows=asking_table(),
        initial={"allows_no_objection": allows_no_objection()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            say_whom_to_ask(
                by=access.person(request),
                rows=form.said,
                allows_no_objection=form.cleaned_data["allows_no_objection"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Forms are filled from it, and can be changed for one text."))
            return redirect("secretariat:asking")
    viewer = access.viewer(request)
    groups = [
        {"group": one, "names": sorted(display_name_for(viewer, row) for row in one.organisations.all())}
        for one in asking_groups()
    ]
    context = {"form": form, "groups": groups, "nav_current": "asking"}
    return form_page(request, "documents/approvals/asking.html", context)


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, group: UUID | None = None) -> HttpResponse:
    """Make a group, or change it."""
    found = get_object_or_404(asking_groups(), uuid=group) if group else None
    initial = {"name": found.name, "organisations": found.organisations.all()} if found else {}
    form = AskingGroupForm(request.POST or None, viewer=access.viewer(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keep_group(
                by=access.person(request),
                name=form.cleaned_data["name"],
                organisations=list(form.cleaned_data["organisations"]),
                group=found,
            )
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("secretariat:asking")
    context = {"form": form, "group": found, "nav_current": "asking"}
    return form_page(request, "documents/approvals/asking_group.html", context)


@secretariat_only
@require_POST
def remove(request: HttpRequest, group: UUID) -> HttpResponse:
    """Take a group away."""
    remove_group(by=access.person(request), group=get_object_or_404(asking_groups(), uuid=group))
    messages.success(request, _("The group is gone. Its kinds of text ask every organisation again."))
    return redirect("secretariat:asking")


@access.members_only
@require_POST
def decline(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """The organisation's silence says nothing, here and later."""
    asked, _others = to_asked(request, round_uuid, organisation)
    decline_silence(organisation=asked.organisation, person=access.person(request))
    messages.success(request, _("Recorded: the silence of your organisation is never counted."))
    return redirect("documents:decide_for", round_uuid, organisation)

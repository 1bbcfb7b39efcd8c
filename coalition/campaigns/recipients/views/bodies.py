"""Bodies and their people at the desk."""

from copy import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.campaigns.recipients import queries
from coalition.campaigns.recipients.actions import bodies as actions
from coalition.campaigns.recipients.forms import BodyForm, PeopleFilterForm
from coalition.campaigns.recipients.models import Body
from coalition.campaigns.recipients.permissions import may_change_recipients, may_see_recipients
from coalition.campaigns.recipients.presenters import body_row, target_facts, target_row
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

PEOPLE_ON_A_PAGE = 50


def enter(request: HttpRequest, workspace: UUID) -> Access:
    """Return the access. Raises Http404 without a seat, NotAllowed for observers."""
    access = get_access(request, workspace)
    require_that(may_see_recipients(access), _("Recipients are for those who see drafts here."))
    return access


def enter_to_change(request: HttpRequest, workspace: UUID) -> Access:
    """The same for those who change recipients. Raises NotAllowed for everybody else."""
    access = enter(request, workspace)
    require_that(may_change_recipients(access), _("Those who plan events change recipients."))
    return access


def body_or_404(access: Access, body: UUID) -> Body:
    return get_object_or_404(Body, workspace=access.workspace, uuid=body)


def desk_context(access: Access, **more: Any) -> dict[str, Any]:
    """Return what every page of recipients needs, with `more`."""
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "may_change": may_change_recipients(access),
        **more,
    }


def body_context(access: Access, body: Body, *, part: str, **more: Any) -> dict[str, Any]:
    """Return what every page of one body needs, with `more`. `part`: which of its tabs is open."""
    parts = (
        ("people", reverse("campaigns:recipient_body", args=[access.workspace.uuid, body.uuid])),
        ("gone", f"{reverse('campaigns:recipient_body', args=[access.workspace.uuid, body.uuid])}?gone=1"),
        ("imports", reverse("campaigns:recipient_imports", args=[access.workspace.uuid, body.uuid])),
    )
    counts: dict[str, int | None] = {
        "people": queries.targets_of(body).count(),
        "gone": queries.targets_of(body, gone=True).count(),
        "imports": None,
    }
    labels = {"people": _("In office"), "gone": _("Not in office any more"), "imports": _("Imports")}
    return desk_context(
        access,
        body=body,
        is_old=queries.is_old(body),
        in_office=counts["people"],
        parts=[
            {"label": labels[key], "url": url, "count": counts[key], "current": key == part}
            for key, url in parts
        ],
        **more,
    )


@member_required
@require_safe
def recipients(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The bodies of a workspace, or its archived ones with `?archived=1`."""
    access = enter(request, workspace)
    archived = "archived" in request.GET
    rows = [body_row(body) for body in queries.bodies_of(access.workspace, archived=archived)]
    context = desk_context(access, rows=rows, archived=archived)
    return render(request, "campaigns/recipients/list.html", context)


@member_required
@require_safe
def body_page(request: HttpRequest, workspace: UUID, body: UUID) -> HttpResponse:
    """The people of a body who are in office, or with `?gone=1` those who are not any more."""
    access = enter(request, workspace)
    found = body_or_404(access, body)
    gone = "gone" in request.GET
    people = sorted(queries.targets_of(found, gone=gone), key=lambda one: str(one.name).casefold())
    groups = {
        "committee": queries.groups_among(people, "committee"),
        "electoral_list": queries.groups_among(people, "electoral_list"),
        "region": queries.code_groups(one.region for one in people),
        "language": queries.code_groups(code for one in people for code in one.languages),
    }
    form = PeopleFilterForm(request.GET, groups=groups)
    page = Paginator(queries.in_group(people, **form.wanted), PEOPLE_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    wanted = {**({"gone": "1"} if gone else {}), **form.wanted}
    context = body_context(
        access,
        found,
        part="gone" if gone else "people",
        gone=gone,
        filter=form,
        is_filtered=bool(form.wanted),
        has_people=bool(people),
        rows=[target_row(one) for one in page.object_list],
        page=page,
        query=f"{urlencode(wanted)}&" if wanted else "",
    )
    return render(request, "campaigns/recipients/body.html", context)


@member_required
@require_safe
def person(request: HttpRequest, workspace: UUID, body: UUID, target: UUID) -> HttpResponse:
    """What is known about one person, from which source and of which day."""
    access = enter(request, workspace)
    found = body_or_404(access, body)
    row = get_object_or_404(found.targets.all(), uuid=target)
    context = desk_context(
        access, body=found, target=row, facts=target_facts(row), is_old=queries.is_old(found)
    )
    return render(request, "campaigns/recipients/person.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Add a body."""
    access = enter_to_change(request, workspace)
    form = BodyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.add_body(access=access, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The body is added. Now import the list of its people."))
            return redirect("campaigns:recipient_body", workspace, made.uuid)
    return form_page(request, "campaigns/recipients/edit.html", desk_context(access, form=form))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, workspace: UUID, body: UUID) -> HttpResponse:
    """Change a body."""
    access = enter_to_change(request, workspace)
    found = body_or_404(access, body)
    form = BodyForm(request.POST if request.method == "POST" else None, instance=copy(found))
    if form.is_bound and form.is_valid():
        try:
            actions.change_body(access=access, body=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:recipient_body", workspace, found.uuid)
    return form_page(request, "campaigns/recipients/edit.html", desk_context(access, form=form, body=found))


@member_required
@require_POST
def archive(request: HttpRequest, workspace: UUID, body: UUID) -> HttpResponse:
    """Offer the body nowhere any more."""
    access = enter_to_change(request, workspace)
    found = body_or_404(access, body)
    with flash_result(request, _("The body is archived: nobody writes to it any more.")):
        actions.archive_body(access=access, body=found)
    return redirect("campaigns:recipient_body", workspace, body)


@member_required
@require_POST
def restore(request: HttpRequest, workspace: UUID, body: UUID) -> HttpResponse:
    """Offer it again."""
    access = enter_to_change(request, workspace)
    found = body_or_404(access, body)
    with flash_result(request, _("The body is back.")):
        actions.restore_body(access=access, body=found)
    return redirect("campaigns:recipient_body", workspace, body)

"""Bodies and their people at the desk."""

from copy import copy
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition.campaigns.recipients import queries
from coalition.campaigns.recipients.actions import bodies as actions
from coalition.campaigns.recipients.forms import BodyForm, PeopleFilterForm
from coalition.campaigns.recipients.models import Body
from coalition.campaigns.recipients.permissions import may_change_recipients, may_see_recipients
from coalition.campaigns.recipients.presenters import body_row, target_facts, target_row
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import WorkspaceFormView, document_action
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


class _BodyFormView(WorkspaceFormView):
    """A form of those who change recipients; it then shows the body."""

    form_class = BodyForm
    template_name = "campaigns/recipients/edit.html"

    def load(self) -> None:
        self.access = enter_to_change(self.request, self.kwargs["workspace"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | desk_context(self.access)


class AddBody(_BodyFormView):
    success_message = gettext_lazy("The body is added. Now import the list of its people.")

    def save(self, form: BodyForm) -> HttpResponse:
        made = actions.add_body(access=self.access, **form.cleaned_data)
        return redirect("campaigns:recipient_body", self.kwargs["workspace"], made.uuid)


class EditBody(_BodyFormView):
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        super().load()
        self.body = body_or_404(self.access, self.kwargs["body"])

    def get_instance(self) -> Body:
        return copy(self.body)  # the page shows the body as it is

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(body=self.body, **kwargs)

    def save(self, form: BodyForm) -> None:
        actions.change_body(access=self.access, body=self.body, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("campaigns:recipient_body", args=[self.kwargs["workspace"], self.body.uuid])


def _to_change(request: HttpRequest, workspace: UUID, body: UUID) -> tuple[Access, Body]:
    access = enter_to_change(request, workspace)
    return access, body_or_404(access, body)


@document_action(
    _to_change,
    back="campaigns:recipient_body",
    success=gettext_lazy("The body is archived: nobody writes to it any more."),
)
def archive(_request: HttpRequest, access: Access, found: Body) -> None:
    """Offer the body nowhere any more."""
    actions.archive_body(access=access, body=found)


@document_action(_to_change, back="campaigns:recipient_body", success=gettext_lazy("The body is back."))
def restore(_request: HttpRequest, access: Access, found: Body) -> None:
    """Offer it again."""
    actions.restore_body(access=access, body=found)

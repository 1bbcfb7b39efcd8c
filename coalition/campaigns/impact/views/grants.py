"""Grants at the desk: what they pay, and the links of their donors."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.impact.actions import grants as actions
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.impact.forms import GrantForm, LinkForm
from coalition.campaigns.impact.grant_presenters import grant_items, items_to_choose, link_rows
from coalition.campaigns.impact.hidden_names import hidden_names
from coalition.campaigns.impact.models import Grant
from coalition.campaigns.impact.queries import grants_for, links_of, reports_of_grant
from coalition.campaigns.impact.views.access import ImpactFormView, context_of, enter, enter_to_lead
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import document_action


def _grant(access: Access, grant: UUID) -> Grant:
    return get_object_or_404(grants_for(access), uuid=grant)


@member_required
@require_safe
def grants(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The grants that the person may see."""
    access = enter(request, workspace)
    viewer = get_viewer(request)
    hidden = hidden_names(access.workspace, viewer)
    rows = [
        (
            one,
            hidden.without_in(one.title),
            hidden.without(one.donor),
            display_name_for(viewer, one.organisation),
        )
        for one in grants_for(access)
    ]
    return render(request, "campaigns/impact/grants.html", context_of(access, rows=rows))


class AddGrant(ImpactFormView):
    """Record a grant."""

    form_class = GrantForm
    title = _("Add a grant")
    back = "campaigns:impact_grants"
    success_message = _("The grant is recorded.")
    enter_page = staticmethod(enter_to_lead)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def save(self, form: GrantForm) -> HttpResponse:
        grant = actions.add_grant(access=self.access, **form.cleaned_data)
        return redirect("campaigns:impact_grant", self.access.workspace.uuid, grant.uuid)


class EditGrant(AddGrant):
    """Change a grant."""

    title = _("Change the grant")
    success_message = _("The grant is changed.")
    grant: Grant

    def load(self) -> None:
        super().load()
        self.grant = _grant(self.access, self.kwargs["grant"])

    def get_form_kwargs(self) -> dict[str, Any]:
        names = ("donor", "title", "number", "starts_on", "ends_on")
        hidden = self.hidden_names()
        initial = {name: hidden.editable(getattr(self.grant, name)) for name in names}
        initial["organisation"] = str(self.grant.organisation.uuid)
        return super().get_form_kwargs() | {"initial": initial}

    def save(self, form: GrantForm) -> HttpResponse:
        actions.change_grant(access=self.access, grant=self.grant, **form.cleaned_data)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("campaigns:impact_grant", args=[self.kwargs["workspace"], self.kwargs["grant"]])


class GrantPage(ImpactFormView):
    """A grant: what it pays, its reports, the links of its donor. A POST gives a link."""

    template_name = "campaigns/impact/grant.html"
    form_class = LinkForm
    success_message = _("The link is given. Copy it, and send it to the donor.")
    grant: Grant

    def load(self) -> None:
        super().load()
        if self.request.method == "POST":
            self.access = enter_to_lead(self.request, self.kwargs["workspace"])
        self.grant = _grant(self.access, self.kwargs["grant"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        hidden = self.hidden_names()
        links = link_rows(links_of(self.grant)) if context["may_end_links"] else []
        return context | {
            "grant": self.grant,
            "grant_title": hidden.without_in(self.grant.title),
            "donor": hidden.without(self.grant.donor),
            "organisation": display_name_for(get_viewer(self.request), self.grant.organisation),
            "groups": grant_items(self.grant, hidden),
            "links": links,
            "reports": list(reports_of_grant(self.grant)),
        }

    def save(self, form: LinkForm) -> None:
        actions.give_link(access=self.access, grant=self.grant, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("campaigns:impact_grant", args=[self.kwargs["workspace"], self.kwargs["grant"]])


@member_required
@require_safe
def grant_items_page(request: HttpRequest, workspace: UUID, grant: UUID) -> HttpResponse:
    """Choose what the grant pays: things of one kind (`?kind=`)."""
    access = enter_to_lead(request, workspace)
    found = _grant(access, grant)
    known = {one.value: one for one in CountedItem}
    kind = known.get(request.GET.get("kind", ""), CountedItem.PUBLICATION)
    hidden = hidden_names(access.workspace, get_viewer(request))
    context = context_of(
        access,
        grant=found,
        grant_title=hidden.without_in(found.title),
        kind=kind,
        kinds=list(CountedItem),
        rows=items_to_choose(found, kind, hidden),
    )
    return render(request, "campaigns/impact/items.html", context)


def _to_end_links(request: HttpRequest, workspace: UUID, grant: UUID) -> tuple[Access, Grant]:
    access = enter(request, workspace)
    return access, _grant(access, grant)


def _to_change(request: HttpRequest, workspace: UUID, grant: UUID) -> tuple[Access, Grant]:
    access = enter_to_lead(request, workspace)
    return access, _grant(access, grant)


@document_action(_to_change, back="campaigns:impact_grant", success=_("Saved."))
def assign_items(request: HttpRequest, access: Access, grant: Grant) -> None:
    """Say that the ticked things (`item`) of a `kind` are paid from the grant."""
    known = {one.value: one for one in CountedItem}
    kind = known.get(request.POST.get("kind", ""), CountedItem.PUBLICATION)
    actions.assign_items(access=access, grant=grant, kind=kind, items=_uuids(request.POST.getlist("item")))


@document_action(_to_change, back="campaigns:impact_grant", success=_("It is paid from this grant no more."))
def remove_item(_request: HttpRequest, access: Access, grant: Grant, item: UUID) -> None:
    """Take one thing out of the grant."""
    actions.remove_item(access=access, grant=grant, item=item)


@document_action(_to_end_links, back="campaigns:impact_grant", success=_("The link is ended."))
def end_link(_request: HttpRequest, access: Access, grant: Grant, link: UUID) -> None:
    """End a donor's link."""
    actions.end_link(access=access, link=get_object_or_404(links_of(grant), uuid=link))


def _uuids(codes: list[str]) -> list[UUID]:
    """Return the UUIDs among the codes; what is none was not chosen on our page."""
    found = []
    for code in codes:
        try:
            found.append(UUID(code))
        except ValueError:
            continue
    return found

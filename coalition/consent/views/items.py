"""An item for the people who made it, and for the lawyer who reads it; roles of an organisation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_name_for
from coalition.accounts.permissions import represents
from coalition.accounts.views.access import (
    OrganisationFormView,
    get_memberships,
    get_person,
    get_viewer,
    organisation_or_404,
)
from coalition.consent import presenters, queries
from coalition.consent.actions.roles import end_consent_role, give_consent_role
from coalition.consent.actions.uses import record_legal_reading, request_uses
from coalition.consent.enums import ConsentRoleKind, DetailKind, Form, Place
from coalition.consent.forms import ItemForm, ReadingForm, RoleForm
from coalition.consent.gate import day_of
from coalition.consent.items import (
    ItemDescription,
    describe_items,
    details_in,
    item_kind,
    may_point_to_somebody,
)
from coalition.core.clock import now
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView


class ItemView(MemberFormView):
    """Say whom an item shows, and ask for uses. Its uses so far stand above the form, by code."""

    form_class = ItemForm
    template_name = "consent/item.html"
    refusal_field = "code"
    success_message = gettext_lazy(
        "Noted. The caseworker asks her; until she has agreed, and 48 hours more, it is shown nowhere."
    )
    described: ItemDescription

    def load(self) -> None:
        self.kind, self.key = self.kwargs["kind"], self.kwargs["item"]
        self.described = _described_or_404(self.kind, self.key)
        if not item_kind(self.kind).may_attach(get_person(self.request), self.key):
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        item = self.described.item
        return {"details": sorted(details_in(item)), "needs_lawyer": may_point_to_somebody(item)}

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"kind": item_kind(self.kind), **_acting(self.request)}
        return super().get_form_kwargs() | more

    def save(self, form: ItemForm) -> None:
        data = form.cleaned_data
        request_uses(
            by=get_person(self.request),
            organisation=form.organisation(),
            code=data["code"],
            kind=self.kind,
            key=self.key,
            forms=[Form(one) for one in data["forms_of_her"]],
            places=[Place(one) for one in data["places"]],
            languages=data["languages"],
            details=[DetailKind(one) for one in data["details"]],
            needs_lawyer=data["needs_lawyer"],
        )

    def get_success_url(self) -> str:
        return reverse("consent:item", args=[self.kind, self.key])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = queries.items_asked_for_by(get_person(self.request), self.kind, self.key, day_of(now()))
        return super().get_context_data(**kwargs) | {
            "described": self.described,
            "rows": presenters.describe_rows(own),
            "nav_current": "consent",
        }


class ReadingView(MemberFormView):
    """A lawyer reads an item with every word that goes out with it, and gives a verdict."""

    form_class = ReadingForm
    template_name = "consent/reading.html"
    success_message = gettext_lazy("Your reading is recorded.")
    described: ItemDescription

    def load(self) -> None:
        self.kind, self.key = self.kwargs["kind"], self.kwargs["item"]
        own = queries.lawyer_organisations(get_person(self.request))
        sent = presenters.is_reading_link(self.kind, self.key, self.request.GET.get("link", ""))
        if not own or not sent or not queries.items_to_read(self.kind, self.key, day_of(now())):
            raise Http404
        self.organisations = own
        self.described = _described_or_404(self.kind, self.key)

    def get_initial(self) -> dict[str, Any]:
        return {"digest": self.described.item.digest}

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"organisations": self.organisations, "viewer": get_viewer(self.request)}
        return super().get_form_kwargs() | more

    def save(self, form: ReadingForm) -> None:
        data = form.cleaned_data
        organisation = form.organisation()
        if organisation is None:  # never: `load` has found one
            raise Http404
        record_legal_reading(
            by=get_person(self.request),
            organisation=organisation,
            kind=self.kind,
            key=self.key,
            digest=data["digest"],
            cleared=data["cleared"],
            note=data["note"],
        )

    def get_success_url(self) -> str:
        return reverse("consent:records")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        readings = queries.readings_of(self.kind, self.key)
        return super().get_context_data(**kwargs) | {
            "described": self.described,
            "readings": [
                {"row": one, "organisation": display_name_for(viewer, one.organisation)} for one in readings
            ],
            "nav_current": "consent",
        }


class RolesView(OrganisationFormView):
    """A representative appoints caseworkers and lawyers, and sees whose records wait for a caseworker."""

    form_class = RoleForm
    template_name = "consent/roles.html"
    refusal_field = "person"
    success_message = gettext_lazy("The role is given.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organisation": self.organisation}

    def save(self, form: RoleForm) -> None:
        data = form.cleaned_data
        give_consent_role(
            by=get_person(self.request),
            organisation=self.organisation,
            person=data["person"],
            kind=ConsentRoleKind(data["kind"]),
        )

    def get_success_url(self) -> str:
        return reverse("consent:roles", args=[self.organisation.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.records_to_hand_over(self.organisation)
        return super().get_context_data(**kwargs) | {
            "roles": queries.roles_of(self.organisation),
            "records": [presenters.record_row(one) for one in rows],
            "nav_current": "consent",
        }


@member_required
@never_cache
def role_end(request: HttpRequest, organisation: UUID, role: UUID) -> HttpResponse:
    """Ask back, then end a role."""
    centre: Organisation = organisation_or_404(organisation)
    if not represents(get_person(request), centre):
        raise Http404
    found = get_object_or_404(queries.roles_of(centre), uuid=role)
    if request.method != "POST":
        context = {
            "organisation": centre,
            "role": found,
            "records": queries.records_of_role(found).count(),
            "nav_current": "consent",
        }
        return render(request, "consent/role_end.html", context)
    end_consent_role(by=get_person(request), role=found)
    messages.success(request, _("The role has ended."))
    return redirect("consent:roles", centre.uuid)


def _described_or_404(kind: str, key: str) -> ItemDescription:
    """Raises Http404 for an unknown kind and an item that is gone."""
    found = describe_items([(kind, key)]).get((kind, key))
    if found is None:
        raise Http404
    return found


def _acting(request: HttpRequest) -> dict[str, Any]:
    own = [membership.organisation for membership in get_memberships(request)]
    return {"organisations": own, "viewer": get_viewer(request)}

"""My organisation, and the secretariat's list of all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition.accounts import queries
from coalition.accounts.actions import memberships
from coalition.accounts.actions.organisations import change_listing, change_profile, create_organisation
from coalition.accounts.forms import (
    ListingForm,
    MandateForm,
    NewOrganisationForm,
    OfficeForm,
    OrganisationForm,
    RoleForm,
)
from coalition.accounts.models import Mandate, Membership, MembershipRole, Office, OfficeKind, Organisation
from coalition.accounts.naming import display_mark_for, may_see_name
from coalition.accounts.permissions import NotAllowed, represents
from coalition.accounts.registry import subject_choices
from coalition.accounts.views.access import (
    OrganisationFormView,
    SecretariatFormView,
    get_person,
    get_viewer,
    organisation_member_required,
    organisation_or_404,
    posted_action,
    secretariat_required,
)
from coalition.accounts.views.admission import InvitationFormMixin
from coalition.core.errors import Refused
from coalition.http.generic_views import ActionFormView

ORGANISATION_URL_NAME = "partners:organisation"


@organisation_member_required
@require_safe
def organisation_page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Display the people to every member; representatives can make changes."""
    by = get_person(request)
    manages = represents(by, organisation)
    subjects = dict(subject_choices())
    mandates: dict[int, list[dict[str, object]]] = {}
    for held in queries.current_mandates().filter(membership__organisation=organisation):
        words = subjects.get(held.subject, held.subject) or _("Every kind of text")
        mandates.setdefault(held.membership_id, []).append({"row": held, "subject": words})
    order = list(MembershipRole)
    members = [
        {
            "row": member,
            "mandates": mandates.get(member.pk, []),
            "role_form": RoleForm(initial={"role": member.role}, auto_id=f"role-{member.pk}-%s"),
        }
        for member in sorted(
            queries.people_of(organisation), key=lambda member: order.index(MembershipRole(member.role))
        )
    ]
    context = {
        "organisation": organisation,
        "mark": display_mark_for(get_viewer(request), organisation),
        "members": members,
        "press_officers": set(queries.press_officers_of(organisation).values_list("person", flat=True)),
        "manages": manages,
        "nav_current": "profile",
    }
    if manages:
        context["invitations"] = queries.pending_invitations(organisation)
        context["listing_form"] = ListingForm(initial={"listing": organisation.listing})
    return render(request, "accounts/organisation.html", context)


@organisation_member_required
@posted_action(ORGANISATION_URL_NAME)
def member_role(request: HttpRequest, organisation: Organisation, membership: UUID) -> str | None:
    member, form = _get_member(organisation, membership), RoleForm(request.POST)
    if not form.is_valid():
        return None
    memberships.change_role(by=get_person(request), membership=member, **form.cleaned_data)
    return _("Saved.")


@organisation_member_required
@posted_action(ORGANISATION_URL_NAME)
def member_end(request: HttpRequest, organisation: Organisation, membership: UUID) -> str | HttpResponse:
    """Leave, or end someone's membership. A person without access afterwards gets the sign-in page."""
    member, by = _get_member(organisation, membership), get_person(request)
    memberships.end_membership(by=by, membership=member)
    ended = _("The membership has ended.")
    if member.person_id != by.pk:
        return ended
    messages.success(request, ended)
    if queries.has_access(by):
        return redirect("partners:profile")
    logout(request)  # the database row of the session is deleted already
    return redirect("account_login")


class MandateGiveView(OrganisationFormView):
    form_class = MandateForm
    template_name = "accounts/mandate.html"
    success_message = gettext_lazy("The mandate is given.")
    refusal_field = "last_day"
    member: Membership

    def load(self) -> None:
        super().load()
        self.member = _get_member(self.organisation, self.kwargs["membership"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"time_zone": get_person(self.request).time_zone}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"member": self.member.person}

    def save(self, form: MandateForm) -> None:
        start, end = form.period()
        memberships.give_mandate(
            by=get_person(self.request),
            membership=self.member,
            subject=form.cleaned_data["subject"],
            valid_from=start,
            valid_until=end,
        )


@organisation_member_required
@posted_action(ORGANISATION_URL_NAME)
def press_officer(request: HttpRequest, organisation: Organisation, membership: UUID) -> str:
    """Make a member press officer, or end that office."""
    by, member = get_person(request), _get_member(organisation, membership)
    if not represents(by, organisation):
        raise NotAllowed
    held = queries.press_officers_of(organisation).filter(person=member.person).first()
    if held is not None:
        memberships.end_office(by=by, office=held)
        return _("The office is taken away.")
    memberships.give_office(
        by=by, person=member.person, kind=OfficeKind.PRESS_OFFICER, organisation=organisation
    )
    return _("The office is given.")


@organisation_member_required
@posted_action(ORGANISATION_URL_NAME)
def mandate_revoke(request: HttpRequest, organisation: Organisation, mandate: UUID) -> str:
    held = get_object_or_404(Mandate, uuid=mandate, membership__organisation=organisation)
    memberships.revoke_mandate(by=get_person(request), mandate=held)
    return _("The mandate is taken back.")


class ProfileFormMixin(ActionFormView):
    """The form that edits the profile of `organisation`."""

    form_class = OrganisationForm
    success_message = gettext_lazy("The profile is saved.")
    organisation: Organisation

    def get_instance(self) -> Organisation:
        return Organisation.objects.get(pk=self.organisation.pk)

    def save(self, form: OrganisationForm) -> None:
        change_profile(by=get_person(self.request), organisation=self.organisation, **form.cleaned_data)


class OrganisationEditView(ProfileFormMixin, OrganisationFormView):
    template_name = "accounts/organisation_form.html"


@organisation_member_required
@posted_action(ORGANISATION_URL_NAME)
def organisation_listing(request: HttpRequest, organisation: Organisation) -> str | None:
    if not represents(get_person(request), organisation):
        raise NotAllowed
    return _save_listing(request, organisation)


def _save_listing(request: HttpRequest, organisation: Organisation) -> str | None:
    form = ListingForm(request.POST)
    if not form.is_valid():
        return None
    change_listing(by=get_person(request), organisation=organisation, **form.cleaned_data)
    return _("Saved. Every page, feed and mail names it so from now on.")


def _get_member(organisation: Organisation, membership: UUID) -> Membership:
    return get_object_or_404(queries.people_of(organisation), uuid=membership)


@secretariat_required
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    context = {
        "organisations": queries.organisations(),
        "frozen": queries.frozen_pks(),
        "nav_current": "organisations",
    }
    return render(request, "secretariat/organisations.html", context)


class OrganisationCreateView(SecretariatFormView):
    form_class = NewOrganisationForm
    template_name = "secretariat/organisation_create.html"
    success_message = gettext_lazy("The organisation is there. Invite its first representative.")
    extra_context = {"nav_current": "organisations"}

    def save(self, form: NewOrganisationForm) -> HttpResponse:
        row = create_organisation(by=get_person(self.request), **form.cleaned_data)
        return redirect("secretariat:invite", row.uuid)


class SecretariatOrganisationEditView(ProfileFormMixin, SecretariatFormView):
    """Edit an organisation; a withheld name and its texts are neither displayed nor editable."""

    template_name = "secretariat/organisation.html"

    def load(self) -> None:
        self.organisation = organisation_or_404(self.kwargs["organisation"])

    def get_form_kwargs(self) -> dict[str, Any]:
        named = may_see_name(get_viewer(self.request), self.organisation)
        return super().get_form_kwargs() | {"named": named}

    def get_success_url(self) -> str:
        return reverse("secretariat:organisation", args=[self.organisation.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "organisation": self.organisation,
            "mark": display_mark_for(get_viewer(self.request), self.organisation),
            "listing_form": ListingForm(initial={"listing": self.organisation.listing}),
            "frozen": queries.is_frozen(self.organisation),
            "nav_current": "organisations",
        }


@secretariat_required
@posted_action("secretariat:organisation")
def secretariat_organisation_listing(request: HttpRequest, organisation: UUID) -> str | None:
    return _save_listing(request, organisation_or_404(organisation))


class RepresentativeInviteView(InvitationFormMixin, SecretariatFormView):
    """Invite a representative into any organisation."""

    roles = [MembershipRole.REPRESENTATIVE]

    def load(self) -> None:
        self.organisation = organisation_or_404(self.kwargs["organisation"])

    def get_success_url(self) -> str:
        return reverse("secretariat:invitations")


@secretariat_required
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    context = {"invitations": queries.secretariat_invitations()[:200], "nav_current": "invitations"}
    return render(request, "secretariat/invitations.html", context)


class OfficesView(SecretariatFormView):
    """List the offices, with the form that gives one."""

    form_class = OfficeForm
    template_name = "secretariat/offices.html"
    success_message = gettext_lazy("The office is given.")
    refusal_field = "email"
    success_url = reverse_lazy("secretariat:offices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"offices": queries.coalition_offices(), "nav_current": "offices"}
        return super().get_context_data(**kwargs) | context

    def save(self, form: OfficeForm) -> None:
        person = queries.account_for_address(form.cleaned_data["email"])
        if person is None or not queries.has_access(person):
            raise Refused(_("Nobody with this address has access. Invite the person first."))
        memberships.give_office(by=get_person(self.request), person=person, kind=form.cleaned_data["kind"])


@secretariat_required
@posted_action("secretariat:offices")
def office_end(request: HttpRequest, person: UUID, kind: str) -> str:
    row = get_object_or_404(Office, person__uuid=person, kind=kind, ended_at=None)
    memberships.end_office(by=get_person(request), office=row)
    return _("The office is taken away.")

"""The secretariat: organisations, first invitations, offices. Names only as the person may read them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.actions.memberships import end_office, give_office
from coalition.accounts.actions.organisations import change_listing, change_profile, create_organisation
from coalition.accounts.enums import InvitationState, Listing, MembershipRole, OfficeKind, OrganisationKind
from coalition.accounts.forms import ListingForm, NewOrganisationForm, OfficeForm, OrganisationForm
from coalition.accounts.models import Office, Organisation
from coalition.accounts.naming import display_mark_for, may_see_name
from coalition.accounts.queries import (
    account_for_address,
    coalition_offices,
    frozen_pks,
    has_access,
    is_frozen,
    organisations,
    secretariat_invitations,
)
from coalition.accounts.views.access import get_person, get_viewer, organisation_or_404, secretariat_required
from coalition.accounts.views.invitations import invite_into
from coalition.core.errors import Refused
from coalition.http.responses import form_page


@secretariat_required
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    viewer, frozen = get_viewer(request), frozen_pks()
    rows = [
        {
            "row": row,
            "mark": display_mark_for(viewer, row),
            "kind": OrganisationKind(row.kind).label,
            "listing": Listing(row.listing).label,
            "frozen": row.pk in frozen,
        }
        for row in organisations()
    ]
    return render(request, "secretariat/organisations.html", {"rows": rows, "nav_current": "organisations"})


@secretariat_required
def organisation_create(request: HttpRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = create_organisation(by=get_person(request), **form.cleaned_data)
        messages.success(request, _("The organisation is there. Invite its first representative."))
        return redirect("secretariat:invite", row.uuid)
    context = {"form": form, "nav_current": "organisations"}
    return form_page(request, "secretariat/organisation_create.html", context)


@secretariat_required
def organisation_edit(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Of a name that may not be told here, neither it nor the words around it are shown or changed."""
    row, viewer = organisation_or_404(organisation), get_viewer(request)
    instance = Organisation.objects.get(pk=row.pk)
    form = OrganisationForm(request.POST or None, instance=instance, named=may_see_name(viewer, row))
    if request.method == "POST" and form.is_valid():
        change_profile(by=get_person(request), organisation=row, **form.cleaned_data)
        messages.success(request, _("The profile is saved."))
        return redirect("secretariat:organisation", row.uuid)
    context = {
        "form": form,
        "organisation": row,
        "mark": display_mark_for(viewer, row),
        "listing_form": ListingForm(initial={"listing": row.listing}),
        "frozen": is_frozen(row),
        "nav_current": "organisations",
    }
    return form_page(request, "secretariat/organisation.html", context)


@secretariat_required
@require_POST
def organisation_listing(request: HttpRequest, organisation: UUID) -> HttpResponse:
    row, form = organisation_or_404(organisation), ListingForm(request.POST)
    if form.is_valid():
        try:
            change_listing(by=get_person(request), organisation=row, **form.cleaned_data)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Saved. Every page, feed and mail names it so from now on."))
    return redirect("secretariat:organisation", row.uuid)


@secretariat_required
def invite_representative(request: HttpRequest, organisation: UUID) -> HttpResponse:
    row = organisation_or_404(organisation)
    representative = MembershipRole.REPRESENTATIVE
    roles = [(representative.value, str(representative.label))]
    return invite_into(request, row, back=reverse("secretariat:invitations"), roles=roles)


@secretariat_required
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    viewer = get_viewer(request)
    rows = [
        {
            "row": row,
            "mark": display_mark_for(viewer, row.organisation),
            "role": MembershipRole(row.role).label,
            "state": row.state.label,
            "open": row.state in {InvitationState.OPEN, InvitationState.EXPIRED},
            # Whom an address belongs to may tell the name of the organisation.
            "told": row.invited_by == request.user or may_see_name(viewer, row.organisation),
        }
        for row in secretariat_invitations()[:200]
    ]
    return render(request, "secretariat/invitations.html", {"rows": rows, "nav_current": "invitations"})


@secretariat_required
def offices(request: HttpRequest) -> HttpResponse:
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = account_for_address(form.cleaned_data["email"])
        if person is None or not has_access(person):
            form.add_error("email", _("Nobody with this address has access. Invite the person first."))
        else:
            give_office(by=get_person(request), person=person, kind=form.cleaned_data["kind"])
            messages.success(request, _("The office is given."))
            return redirect("secretariat:offices")
    rows = [{"row": row, "kind": OfficeKind(row.kind).label} for row in coalition_offices()]
    return form_page(
        request, "secretariat/offices.html", {"rows": rows, "form": form, "nav_current": "offices"}
    )


@secretariat_required
@require_POST
def office_end(request: HttpRequest, person: UUID, kind: str) -> HttpResponse:
    row = get_object_or_404(Office, person__uuid=person, kind=kind, ended_at=None)
    try:
        end_office(by=get_person(request), office=row)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The office is taken away."))
    return redirect("secretariat:offices")

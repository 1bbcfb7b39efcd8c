"""My organisation: its people, their mandates, its profile and how it may be named."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.actions.memberships import (
    change_role,
    end_membership,
    end_office,
    give_mandate,
    give_office,
    revoke_mandate,
)
from coalition.accounts.actions.organisations import change_listing, change_profile
from coalition.accounts.enums import InvitationState, Listing, MembershipRole, OfficeKind
from coalition.accounts.forms import ListingForm, MandateForm, OrganisationForm, RoleForm
from coalition.accounts.models import Mandate, Membership, Organisation
from coalition.accounts.naming import display_mark_for
from coalition.accounts.permissions import NotAllowed, represents
from coalition.accounts.queries import (
    current_mandates,
    has_access,
    pending_invitations,
    people_of,
    press_officers_of,
)
from coalition.accounts.registry import subject_choices
from coalition.accounts.views.access import get_person, get_viewer, organisation_member_required
from coalition.core.errors import Refused
from coalition.http.responses import form_page


@organisation_member_required
@require_safe
def organisation(request: HttpRequest, row: Organisation) -> HttpResponse:
    """Everyone of the organisation sees its people; representatives can change things."""
    return _organisation_page(request, row)


@organisation_member_required
@require_POST
def member_role(request: HttpRequest, row: Organisation, membership: UUID) -> HttpResponse:
    member = _get_member(row, membership)
    form = RoleForm(request.POST)
    if form.is_valid():
        by = get_person(request)
        _flash_done(request, lambda: change_role(by=by, membership=member, **form.cleaned_data), _("Saved."))
    return redirect("partners:organisation", row.uuid)


@organisation_member_required
@require_POST
def member_end(request: HttpRequest, row: Organisation, membership: UUID) -> HttpResponse:
    """Leave, or end someone's membership. Who has left lands on the sign-in page if nothing else is left."""
    member, by = _get_member(row, membership), get_person(request)
    done = _flash_done(
        request, lambda: end_membership(by=by, membership=member), _("The membership has ended.")
    )
    if done and member.person_id == by.pk:
        if has_access(by):
            return redirect("partners:profile")
        logout(request)  # the session is gone from the database already
        return redirect("account_login")
    return redirect("partners:organisation", row.uuid)


@organisation_member_required
def mandate_give(request: HttpRequest, row: Organisation, membership: UUID) -> HttpResponse:
    by, member = get_person(request), _get_member(row, membership)
    if not represents(by, row):
        raise NotAllowed
    form = MandateForm(request.POST or None, time_zone=by.time_zone)
    if request.method == "POST" and form.is_valid():
        start, end = form.period()
        try:
            give_mandate(
                by=by,
                membership=member,
                subject=form.cleaned_data["subject"],
                valid_from=start,
                valid_until=end,
            )
        except Refused as refused:
            form.add_error("last_day", str(refused))
        else:
            messages.success(request, _("The mandate is given."))
            return redirect("partners:organisation", row.uuid)
    context = {
        "form": form,
        "member": member.person,
        "organisation": row,
        "mark": _organisation_mark(request, row),
    }
    return form_page(request, "partners/mandate.html", context)


@organisation_member_required
@require_POST
def press_officer(request: HttpRequest, row: Organisation, membership: UUID) -> HttpResponse:
    """Make a member press officer, or take the office away from one who is."""
    by, member = get_person(request), _get_member(row, membership)
    if not represents(by, row):
        raise NotAllowed
    held = press_officers_of(row).filter(person=member.person).first()
    if held is not None:
        _flash_done(request, lambda: end_office(by=by, office=held), _("The office is taken away."))
    else:
        kind = OfficeKind.PRESS_OFFICER
        give = partial(give_office, by=by, person=member.person, kind=kind, organisation=row)
        _flash_done(request, give, _("The office is given."))
    return redirect("partners:organisation", row.uuid)


@organisation_member_required
@require_POST
def mandate_revoke(request: HttpRequest, row: Organisation, mandate: UUID) -> HttpResponse:
    held = get_object_or_404(Mandate, uuid=mandate, membership__organisation=row)
    by = get_person(request)
    _flash_done(request, lambda: revoke_mandate(by=by, mandate=held), _("The mandate is taken back."))
    return redirect("partners:organisation", row.uuid)


@organisation_member_required
def organisation_edit(request: HttpRequest, row: Organisation) -> HttpResponse:
    by = get_person(request)
    if not represents(by, row):
        raise NotAllowed
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=row.pk))
    if request.method == "POST" and form.is_valid():
        change_profile(by=by, organisation=row, **form.cleaned_data)
        messages.success(request, _("The profile is saved."))
        return redirect("partners:organisation", row.uuid)
    context = {"form": form, "organisation": row, "mark": _organisation_mark(request, row)}
    return form_page(request, "partners/organisation_form.html", context)


@organisation_member_required
@require_POST
def organisation_listing(request: HttpRequest, row: Organisation) -> HttpResponse:
    by = get_person(request)
    if not represents(by, row):
        raise NotAllowed
    form = ListingForm(request.POST)
    if form.is_valid():
        words = _("Saved. Every page, feed and mail names it so from now on.")
        _flash_done(request, lambda: change_listing(by=by, organisation=row, **form.cleaned_data), words)
    return redirect("partners:organisation", row.uuid)


def _organisation_page(request: HttpRequest, row: Organisation) -> HttpResponse:
    by = get_person(request)
    manages = represents(by, row)
    subjects = dict(subject_choices())
    mandates: dict[int, list[dict[str, object]]] = {}
    for held in current_mandates().filter(membership__organisation=row):
        words = subjects.get(held.subject, held.subject) or _("Every kind of text")
        mandates.setdefault(held.membership_id, []).append({"row": held, "subject": words})
    order = list(MembershipRole)
    press = set(press_officers_of(row).values_list("person", flat=True))
    members = [
        {
            "row": member,
            "person": member.person,
            "role": MembershipRole(member.role).label,
            "mandates": mandates.get(member.pk, []),
            "is_self": member.person_id == by.pk,
            "is_press_officer": member.person_id in press,
            "role_form": RoleForm(initial={"role": member.role}, auto_id=f"role-{member.pk}-%s"),
        }
        for member in sorted(people_of(row), key=lambda member: order.index(MembershipRole(member.role)))
    ]
    context = {
        "organisation": row,
        "mark": _organisation_mark(request, row),
        "listing": Listing(row.listing).label,
        "members": members,
        "manages": manages,
        "nav_current": "profile",
    }
    if manages:
        context["invitations"] = [
            {"row": one, "expired": one.state == InvitationState.EXPIRED} for one in pending_invitations(row)
        ]
        context["listing_form"] = ListingForm(initial={"listing": row.listing})
    return render(request, "partners/organisation.html", context)


def _organisation_mark(request: HttpRequest, row: Organisation) -> object:
    return display_mark_for(get_viewer(request), row)


def _get_member(row: Organisation, membership: UUID) -> Membership:
    member = people_of(row).filter(uuid=membership).first()
    if member is None:
        raise Http404
    return member


def _flash_done(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True

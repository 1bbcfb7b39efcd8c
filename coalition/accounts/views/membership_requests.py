"""Requests for membership: representatives vouch, the secretariat decides."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.actions.membership_requests import (
    accept_request,
    decline_request,
    vouch,
    withdraw_vouch,
)
from coalition.accounts.forms import AcceptForm, DeclineForm
from coalition.accounts.models import MembershipRequest, Organisation, User
from coalition.accounts.naming import display_name_for
from coalition.accounts.queries import (
    VOUCHES_NEEDED,
    RequestWithVouches,
    open_requests,
    requests_with_vouches,
    vouching_memberships,
)
from coalition.accounts.regions import region_names
from coalition.accounts.views.access import get_person, get_viewer, secretariat_required
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page


@login_required
@require_safe
def vouching_list(request: HttpRequest) -> HttpResponse:
    """Groups that ask to join, for representatives: name, region and words, no address."""
    speaks = _vouching_organisations(request)
    rows = [
        {**_request_summary(request, row), **_vouching_choices(row, speaks, get_person(request))}
        for row in open_requests().prefetch_related("vouches__organisation")
    ]
    context = {"rows": rows, "needed": VOUCHES_NEEDED, "nav_current": "requests"}
    return render(request, "partners/requests.html", context)


@login_required
@require_POST
@reauthentication_required
def vouch_for(request: HttpRequest, membership_request: UUID, organisation: UUID) -> HttpResponse:
    """Vouch for a group in the name of one's organisation."""
    row, own = _get_request_and_voucher(request, membership_request, organisation)
    with flash_result(request, _("Recorded: your organisation vouches for this group.")):
        vouch(by=get_person(request), request=row, organisation=own)
    return redirect("partners:requests")


@login_required
@require_POST
def stop_vouching(request: HttpRequest, membership_request: UUID, organisation: UUID) -> HttpResponse:
    """Take back that one's organisation vouches for a group."""
    row, own = _get_request_and_voucher(request, membership_request, organisation)
    with flash_result(request, _("Taken back: your organisation does not vouch for this group any more.")):
        withdraw_vouch(by=get_person(request), request=row, organisation=own)
    return redirect("partners:requests")


@secretariat_required
@require_safe
def list_membership_requests(request: HttpRequest) -> HttpResponse:
    """Every confirmed request, for the secretariat."""
    rows = [
        _request_summary(request, row)
        for row in requests_with_vouches().prefetch_related("vouches__organisation")
    ]
    context = {"rows": rows, "needed": VOUCHES_NEEDED, "nav_current": "requests"}
    return render(request, "secretariat/requests.html", context)


@secretariat_required
def decide_membership_request(request: HttpRequest, membership_request: UUID) -> HttpResponse:
    """One request with its contact; take the group in as a member."""
    row = _get_request(membership_request)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = accept_request(by=get_person(request), request=row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Taken in. Its first representative is invited by mail."))
            return redirect("secretariat:organisation", made.uuid)
    return form_page(request, "secretariat/request.html", {**_request_context(request, row), "form": form})


@secretariat_required
@require_POST
def decline_membership_request(request: HttpRequest, membership_request: UUID) -> HttpResponse:
    """Decline with words."""
    row = _get_request(membership_request)
    form = DeclineForm(request.POST)
    if form.is_valid():
        with flash_result(request, _("Declined. The contact person is told by mail.")):
            decline_request(by=get_person(request), request=row, **form.cleaned_data)
        return redirect("secretariat:requests")
    context = {**_request_context(request, row), "form": AcceptForm(), "decline_form": form}
    return render(request, "secretariat/request.html", context, status=422)


def _get_request(uuid: UUID) -> RequestWithVouches:
    return get_object_or_404(requests_with_vouches().prefetch_related("vouches__organisation"), uuid=uuid)


def _get_request_and_voucher(
    request: HttpRequest, asked: UUID, organisation: UUID
) -> tuple[RequestWithVouches, Organisation]:
    """A request that is not decided, and the organisation of the person that is to vouch."""
    own = next((one for one in _vouching_organisations(request) if one.uuid == organisation), None)
    if own is None:
        raise Http404
    return get_object_or_404(open_requests(), uuid=asked), own


def _vouching_organisations(request: HttpRequest) -> list[Organisation]:
    """Organisations for which the person may vouch; for who has none there is no such page."""
    found = [row.organisation for row in vouching_memberships(get_person(request))]
    if not found:
        raise Http404
    return found


def _request_summary(request: HttpRequest, row: RequestWithVouches) -> dict[str, Any]:
    viewer = get_viewer(request)
    return {
        "request": row,
        "region": ", ".join(region_names([row.region])),
        "vouching": [display_name_for(viewer, one.organisation) for one in row.vouches.all()],
        "ready": row.vouch_count >= VOUCHES_NEEDED,
    }


def _vouching_choices(row: MembershipRequest, speaks: list[Organisation], person: User) -> dict[str, Any]:
    """For which organisations the person can vouch, once whatever their number, and take that back."""
    once = any(one.person_id == person.pk for one in row.vouches.all())
    done = {one.organisation_id for one in row.vouches.all()}
    names = [(one.pk in done, {"uuid": one.uuid, "name": one.name_in()}) for one in speaks]
    return {
        "offers": [told for vouches, told in names if not vouches and not once],
        "given": [told for vouches, told in names if vouches],
    }


def _request_context(request: HttpRequest, row: RequestWithVouches) -> dict[str, Any]:
    told = _request_summary(request, row)
    return {
        "asked": told,
        "row": row,
        "needed": VOUCHES_NEEDED,
        "decline_form": DeclineForm(),
        "nav_current": "requests",
    }

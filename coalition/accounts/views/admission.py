"""Invitations and membership requests: sent, vouched for, decided."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy, override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts import queries
from coalition.accounts.actions import admission
from coalition.accounts.forms import AcceptForm, DeclineForm, InvitationForm, NewAccountForm
from coalition.accounts.models import Invitation, MembershipRole, Organisation, User
from coalition.accounts.naming import PUBLIC, display_mark_for
from coalition.accounts.permissions import is_secretariat, may_invite, represents
from coalition.accounts.sign_in import remember_device
from coalition.accounts.views.access import (
    OrganisationFormView,
    SecretariatFormView,
    get_person,
    get_viewer,
    secretariat_required,
)
from coalition.applicants.views import REFERRER_POLICY
from coalition.core.errors import Refused
from coalition.core.localized_text import typed_field
from coalition.core.throttling import hash_token
from coalition.http.generic_views import ActionFormView
from coalition.http.responses import flash_result, form_page


class InvitationFormMixin(ActionFormView):
    """The form that invites into `organisation`, in one of `roles`."""

    form_class = InvitationForm
    template_name = "accounts/invite.html"
    success_message = gettext_lazy("The invitation is on its way.")
    refusal_field = "email"
    roles = list(MembershipRole)
    organisation: Organisation

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_person(self.request).language}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        choices = [(role.value, role.label) for role in self.roles]
        typed_field(form.fields, "role", forms.ChoiceField).choices = choices
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mark = display_mark_for(get_viewer(self.request), self.organisation)
        return super().get_context_data(**kwargs) | {"mark": mark, "back": self.get_success_url()}

    def save(self, form: InvitationForm) -> None:
        admission.invite_person(
            by=get_person(self.request), organisation=self.organisation, **form.cleaned_data
        )


class InviteMemberView(InvitationFormMixin, OrganisationFormView):
    """Invite into the representative's own organisation."""


@login_required
@require_POST
def invitation_resend(request: HttpRequest, invitation: UUID) -> HttpResponse:
    words = _("The invitation is on its way again. The old link has ended.")
    return _change_invitation(request, invitation, admission.resend_invitation, words)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, invitation: UUID) -> HttpResponse:
    return _change_invitation(
        request, invitation, admission.revoke_invitation, _("The invitation is taken back.")
    )


def _change_invitation(request: HttpRequest, uuid: UUID, act: Callable[..., Any], done: str) -> HttpResponse:
    by = get_person(request)
    found = get_object_or_404(Invitation.objects.select_related("organisation"), uuid=uuid)
    if not may_invite(by, found.organisation, found.role):
        raise Http404
    with flash_result(request, done):
        act(by=by, invitation=found)
    if represents(by, found.organisation):
        return redirect("partners:organisation", found.organisation.uuid)
    return redirect("secretariat:invitations" if is_secretariat(by) else "partners:profile")


BACKEND = "coalition.accounts.auth.PersonBackend"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Display one page for every holder of the link, by the visitor and the invitation's state."""
    found = queries.invitation_by_token(hash_token(token))
    if found is None:
        return _refusal_page(
            request, _("There is no such invitation. Check that the link is complete."), status=404
        )
    if request.user.is_authenticated and found.accepted_by == request.user:
        return redirect("workspaces:dashboard")  # the invited person's second click
    has_chosen_language = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with nullcontext() if has_chosen_language else override(found.language):
        if refusal := admission.invitation_refusal(found):
            return _refusal_page(request, refusal, status=410)
        owner = queries.account_for_address(found.email)
        try:
            if isinstance(request.user, User):
                return _accept_signed_in(request, found, token, owner)
            if owner:
                return _accept_existing_account(request, found, token, owner)
            return _accept_newcomer(request, found, token)
        except Refused as refused:
            return _refusal_page(request, str(refused), status=409)


def _accept_signed_in(
    request: HttpRequest, found: Invitation, token: str, owner: User | None
) -> HttpResponse:
    if owner is None or owner != request.user:
        words = _(
            "This invitation was sent to another address than the one you are signed in with. If both are "
            "yours, sign out and open the link again."
        )
        return _refusal_page(request, words, status=403)
    if request.method != "POST":
        return _invitation_page(request, found, {"step": "accept"})
    admission.accept_as(token=token, person=owner)
    messages.success(request, _("Welcome. You belong to the organisation now."))
    return redirect("workspaces:dashboard")


def _accept_existing_account(
    request: HttpRequest, found: Invitation, token: str, owner: User
) -> HttpResponse:
    sign_in = reverse("account_login") + "?" + urlencode({"next": request.path})
    if queries.has_access(owner):
        return _invitation_page(request, found, {"step": "sign_in", "sign_in_url": sign_in})
    if request.method != "POST":
        return _invitation_page(request, found, {"step": "return"})
    admission.accept_as_returning(token=token)
    messages.success(request, _("Welcome back. Sign in with the password you had; you can set a new one."))
    return redirect("account_login")


def _accept_newcomer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    started = {"name": found.name, "language": found.language}
    form = NewAccountForm(request.POST or None, initial=started, email=found.email)
    if request.method != "POST" or not form.is_valid():
        return _invitation_page(request, found, {"step": "new", "form": form})
    person = admission.accept_as_new(token=token, **form.cleaned_data)
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="password", reauthenticated=True)
    response = HttpResponseRedirect(reverse("workspaces:dashboard"))
    remember_device(response, person)
    return response


def _invitation_page(request: HttpRequest, found: Invitation, context: dict[str, object]) -> HttpResponse:
    mark = display_mark_for(PUBLIC, found.organisation)
    context = {"organisation": "" if mark.withheld else mark.name, **context}
    response = form_page(request, "accounts/invitation.html", context)
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


def _refusal_page(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """Render the reason for refusal; it never reveals the address the invitation is for."""
    response = render(request, "accounts/invitation.html", {"step": "no", "words": words}, status=status)
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


@login_required
@require_safe
def vouching_list(request: HttpRequest) -> HttpResponse:
    """List groups that ask to join, for representatives: name, region and text, no address."""
    represented, person = _vouching_organisations(request), get_person(request)
    rows = []
    for row in queries.open_requests().prefetch_related("vouches__organisation"):
        vouches = row.vouches.all()
        vouching = {one.organisation_id for one in vouches}
        may_vouch = all(one.person_id != person.pk for one in vouches)  # a person vouches once in total
        rows.append(
            {
                "request": row,
                "offers": [one for one in represented if may_vouch and one.pk not in vouching],
                "given": [one for one in represented if one.pk in vouching],
            }
        )
    context = {"rows": rows, "needed": queries.VOUCHES_NEEDED, "nav_current": "requests"}
    return render(request, "accounts/requests.html", context)


@login_required
@require_POST
@reauthentication_required
def vouch_for(request: HttpRequest, membership_request: UUID, organisation: UUID) -> HttpResponse:
    """Vouch for a group in the name of the person's organisation."""
    done = _("Recorded: your organisation vouches for this group.")
    return _change_vouch(request, membership_request, organisation, admission.vouch, done)


@login_required
@require_POST
def stop_vouching(request: HttpRequest, membership_request: UUID, organisation: UUID) -> HttpResponse:
    """Withdraw the voucher of the person's organisation."""
    done = _("Taken back: your organisation does not vouch for this group any more.")
    return _change_vouch(request, membership_request, organisation, admission.withdraw_vouch, done)


def _change_vouch(
    request: HttpRequest, membership_request: UUID, organisation: UUID, act: Callable[..., object], done: str
) -> HttpResponse:
    own = next((one for one in _vouching_organisations(request) if one.uuid == organisation), None)
    if own is None:
        raise Http404
    row = get_object_or_404(queries.open_requests(), uuid=membership_request)
    with flash_result(request, done):
        act(by=get_person(request), request=row, organisation=own)
    return redirect("partners:requests")


def _vouching_organisations(request: HttpRequest) -> list[Organisation]:
    """Return organisations for which the person may vouch. Raises Http404 if there are none."""
    found = [row.organisation for row in queries.vouching_memberships(get_person(request))]
    if not found:
        raise Http404
    return found


@secretariat_required
@require_safe
def list_membership_requests(request: HttpRequest) -> HttpResponse:
    """List every confirmed request, for the secretariat."""
    context = {
        "requests": queries.requests_with_vouches(),
        "needed": queries.VOUCHES_NEEDED,
        "nav_current": "requests",
    }
    return render(request, "secretariat/requests.html", context)


class RequestDecisionView(SecretariatFormView):
    """Display one request with its contact; accept the group as a member."""

    form_class = AcceptForm
    template_name = "secretariat/request.html"
    success_message = gettext_lazy("Taken in. Its first representative is invited by mail.")
    membership_request: queries.RequestWithVouches

    def load(self) -> None:
        self.membership_request = _get_request(self.kwargs["membership_request"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _request_context(self.membership_request)

    def save(self, form: AcceptForm) -> HttpResponse:
        by = get_person(self.request)
        made = admission.accept_request(by=by, request=self.membership_request, **form.cleaned_data)
        return redirect("secretariat:organisation", made.uuid)


@secretariat_required
@require_POST
def decline_membership_request(request: HttpRequest, membership_request: UUID) -> HttpResponse:
    """Decline with a message."""
    row = _get_request(membership_request)
    form = DeclineForm(request.POST)
    if form.is_valid():
        with flash_result(request, _("Declined. The contact person is told by mail.")):
            admission.decline_request(by=get_person(request), request=row, **form.cleaned_data)
        return redirect("secretariat:requests")
    context = {**_request_context(row), "form": AcceptForm(), "decline_form": form}
    return render(request, "secretariat/request.html", context, status=422)


def _get_request(uuid: UUID) -> queries.RequestWithVouches:
    return get_object_or_404(
        queries.requests_with_vouches().prefetch_related("vouches__organisation"), uuid=uuid
    )


def _request_context(row: queries.RequestWithVouches) -> dict[str, Any]:
    return {
        "row": row,
        "needed": queries.VOUCHES_NEEDED,
        "decline_form": DeclineForm(),
        "nav_current": "requests",
    }

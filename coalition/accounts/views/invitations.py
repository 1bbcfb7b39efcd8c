"""Sending invitations, sending them again and taking them back: representatives and the secretariat."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.actions.invitations import (
    accept_as,
    accept_as_new,
    accept_as_returning,
    invitation_refusal,
    invite_person,
    resend_invitation,
    revoke_invitation,
)
from coalition.accounts.forms import InvitationForm, NewAccountForm
from coalition.accounts.known_devices import remember_device
from coalition.accounts.models import Invitation, Organisation, User
from coalition.accounts.naming import PUBLIC, display_mark_for, display_name_for, may_see_name
from coalition.accounts.permissions import NotAllowed, is_secretariat, may_invite, represents
from coalition.accounts.queries import (
    account_for_address,
    has_access,
    invitation_by_token,
    invitation_by_uuid,
)
from coalition.accounts.views.access import get_person, get_viewer, organisation_member_required
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.core.typed_field import typed_field
from coalition.http.responses import form_page


@organisation_member_required
def invite_member(request: HttpRequest, row: Organisation) -> HttpResponse:
    """A representative invites into the own organisation."""
    if not represents(get_person(request), row):
        raise NotAllowed
    return invite_into(request, row, back=reverse("partners:organisation", args=[row.uuid]))


def invite_into(
    request: HttpRequest, row: Organisation, *, back: str, roles: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """The form, and what was typed kept if it is refused."""
    by = get_person(request)
    form = InvitationForm(request.POST or None, initial={"language": by.language})
    if roles:
        typed_field(form.fields, "role", forms.ChoiceField).choices = roles
    if request.method == "POST" and form.is_valid():
        try:
            invite_person(by=by, organisation=row, **form.cleaned_data)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _("The invitation is on its way."))
            return HttpResponseRedirect(back)
    mark = display_mark_for(get_viewer(request), row)
    return form_page(request, "partners/invite.html", {"form": form, "mark": mark, "back": back})


@login_required
@require_POST
def invitation_resend(request: HttpRequest, invitation: UUID) -> HttpResponse:
    return _change_invitation(
        request,
        invitation,
        resend_invitation,
        _("The invitation is on its way again. The old link has ended."),
    )


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, invitation: UUID) -> HttpResponse:
    return _change_invitation(request, invitation, revoke_invitation, _("The invitation is taken back."))


def _change_invitation(request: HttpRequest, uuid: UUID, act: Callable[..., Any], done: str) -> HttpResponse:
    by = get_person(request)
    found: Invitation | None = invitation_by_uuid(uuid)
    if found is None or not may_invite(by, found.organisation, found.role):
        raise Http404
    try:
        act(by=by, invitation=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    if represents(by, found.organisation):
        return redirect("partners:organisation", found.organisation.uuid)
    return redirect("secretariat:invitations" if is_secretariat(by) else "partners:profile")


# --- invitation ---
# Following the link of an invitation. The GET shows a button, the POST acts: mail scanners open links.


BACKEND = "coalition.accounts.auth.PersonBackend"
# The address is the key, so no other page learns it. "no-referrer" would hide it too, but then browsers send
# the form with `Origin: null`, which the check against forged requests refuses.
REFERRER_POLICY = "strict-origin"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """One page for everyone who holds the link: what it says depends on whose it is and what became of it."""
    found = invitation_by_token(hash_token(token))
    if found is None:
        return _refusal_page(
            request, _("There is no such invitation. Check that the link is complete."), status=404
        )
    if request.user.is_authenticated and found.accepted_by == request.user:
        return redirect("workspaces:dashboard")  # the second click of the one it was for
    with _invitation_language(request, found):
        return _invitation_response(request, found, token)


def _invitation_response(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    refusal = invitation_refusal(found)
    if refusal:
        return _refusal_page(request, refusal, status=410)
    owner = account_for_address(found.email)
    try:
        if isinstance(request.user, User):
            return _accept_signed_in(request, found, token, owner)
        return (
            _accept_existing_account(request, found, token, owner)
            if owner
            else _accept_newcomer(request, found, token)
        )
    except Refused as refused:
        return _refusal_page(request, str(refused), status=409)


def _invitation_language(request: HttpRequest, found: Invitation) -> AbstractContextManager[None]:
    """The language the mail was written in, for visitors who have not chosen another."""
    chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return nullcontext() if chosen else override(found.language)


def _accept_signed_in(
    request: HttpRequest, found: Invitation, token: str, owner: User | None
) -> HttpResponse:
    if owner != request.user:
        words = _(
            "This invitation was sent to another address than the one you are signed in with. If both are "
            "yours, sign out and open the link again."
        )
        return _refusal_page(request, words, status=403)
    if request.method != "POST":
        return _invitation_page(request, found, {"step": "accept"})
    assert isinstance(request.user, User)  # noqa: S101  the caller has looked
    accept_as(token=token, person=request.user)
    messages.success(request, _("Welcome. You belong to the organisation now."))
    return redirect("workspaces:dashboard")


def _accept_existing_account(
    request: HttpRequest, found: Invitation, token: str, owner: User
) -> HttpResponse:
    sign_in = reverse("account_login") + "?" + urlencode({"next": request.path})
    if has_access(owner):
        return _invitation_page(request, found, {"step": "sign_in", "sign_in_url": sign_in})
    if request.method != "POST":
        return _invitation_page(request, found, {"step": "return"})
    accept_as_returning(token=token)
    messages.success(request, _("Welcome back. Sign in with the password you had; you can set a new one."))
    return redirect("account_login")


def _accept_newcomer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    started = {"name": found.name, "language": found.language}
    form = NewAccountForm(request.POST or None, initial=started, email=found.email)
    if request.method != "POST" or not form.is_valid():
        return _invitation_page(request, found, {"step": "new", "form": form})
    person = accept_as_new(token=token, **form.cleaned_data)
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="password", reauthenticated=True)
    response = HttpResponseRedirect(reverse("workspaces:dashboard"))
    remember_device(response, person)
    return response


def _invitation_page(request: HttpRequest, found: Invitation, context: dict[str, object]) -> HttpResponse:
    told = may_see_name(PUBLIC, found.organisation)
    name = display_name_for(PUBLIC, found.organisation) if told else ""
    response = form_page(request, "partners/invitation.html", {"organisation": name, **context})
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


def _refusal_page(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """Why not, in words that never tell the address the invitation is for."""
    response = render(request, "partners/invitation.html", {"step": "no", "words": words}, status=status)
    response["Referrer-Policy"] = REFERRER_POLICY
    return response

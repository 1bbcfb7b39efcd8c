"""Following the link of an invitation. The GET shows a button, the POST acts: mail scanners open links."""

from contextlib import AbstractContextManager, nullcontext

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coalition.accounts.domain.accept_invitation import accept_as, accept_as_new, accept_as_returning, why_not
from coalition.accounts.forms import NewAccountForm
from coalition.accounts.known_devices import remember_device
from coalition.accounts.models import Invitation, User
from coalition.accounts.naming import PUBLIC, display_name_for, may_be_told
from coalition.accounts.queries import account_of, invitation_of_token, may_enter
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.http.responses import form_page

BACKEND = "coalition.accounts.auth.PersonBackend"
# The address is the key, so no other page learns it. "no-referrer" would hide it too, but then browsers send
# the form with `Origin: null`, which the check against forged requests refuses.
REFERRER_POLICY = "strict-origin"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """One page for everyone who holds the link: what it says depends on whose it is and what became of it."""
    found = invitation_of_token(hash_token(token))
    if found is None:
        return _said(request, _("There is no such invitation. Check that the link is complete."), status=404)
    if request.user.is_authenticated and found.accepted_by == request.user:
        return redirect("workspaces:dashboard")  # the second click of the one it was for
    with _language_of(request, found):
        return _answer(request, found, token)


def _answer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    refusal = why_not(found)
    if refusal:
        return _said(request, refusal, status=410)
    owner = account_of(found.email)
    try:
        if isinstance(request.user, User):
            return _signed_in(request, found, token, owner)
        return _account_exists(request, found, token, owner) if owner else _newcomer(request, found, token)
    except Refused as refused:
        return _said(request, str(refused), status=409)


def _language_of(request: HttpRequest, found: Invitation) -> AbstractContextManager[None]:
    """The language the mail was written in, for visitors who have not chosen another."""
    chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return nullcontext() if chosen else override(found.language)


def _signed_in(request: HttpRequest, found: Invitation, token: str, owner: User | None) -> HttpResponse:
    if owner != request.user:
        words = _(
            "This invitation was sent to another address than the one you are signed in with. If both are "
            "yours, sign out and open the link again."
        )
        return _said(request, words, status=403)
    if request.method != "POST":
        return _page(request, found, {"step": "accept"})
    assert isinstance(request.user, User)  # noqa: S101  the caller has looked
    accept_as(token=token, person=request.user)
    messages.success(request, _("Welcome. You belong to the organisation now."))
    return redirect("workspaces:dashboard")


def _account_exists(request: HttpRequest, found: Invitation, token: str, owner: User) -> HttpResponse:
    sign_in = reverse("account_login") + "?" + urlencode({"next": request.path})
    if may_enter(owner):
        return _page(request, found, {"step": "sign_in", "sign_in_url": sign_in})
    if request.method != "POST":
        return _page(request, found, {"step": "return"})
    accept_as_returning(token=token)
    messages.success(request, _("Welcome back. Sign in with the password you had; you can set a new one."))
    return redirect("account_login")


def _newcomer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    started = {"name": found.name, "language": found.language}
    form = NewAccountForm(request.POST or None, initial=started, email=found.email)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, {"step": "new", "form": form})
    person = accept_as_new(token=token, **form.cleaned_data)
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="password", reauthenticated=True)
    response = HttpResponseRedirect(reverse("workspaces:dashboard"))
    remember_device(response, person)
    return response


def _page(request: HttpRequest, found: Invitation, context: dict[str, object]) -> HttpResponse:
    told = may_be_told(PUBLIC, found.organisation)
    name = display_name_for(PUBLIC, found.organisation) if told else ""
    response = form_page(request, "partners/invitation.html", {"organisation": name, **context})
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


def _said(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """Why not, in words that never tell the address the invitation is for."""
    response = render(request, "partners/invitation.html", {"step": "no", "words": words}, status=status)
    response["Referrer-Policy"] = REFERRER_POLICY
    return response

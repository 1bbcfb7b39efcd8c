"""What every request of a signed-in person passes through."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin

from coalition.accounts.models import User
from coalition.accounts.second_factor import has_second_factor, is_session_expired, needs_second_factor

# All that a person who still lacks the second factor may reach: giving it, leaving, the language.
SECOND_FACTOR_URL_NAMES = frozenset(
    {
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_logout",
        "leave_everywhere",
        "partners:language",
    }
)

# And getting one, for who has none: else whoever learned the password alone would bring one of their own.
SETUP_URL_NAMES = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})

CLEAR_SITE_DATA = '"cache", "storage"'  # phones are taken at the door
LAST_SEEN_KEY = "seen_at"  # session: when the list of sessions noted its use, in seconds since 1970
LAST_SEEN_STEP_SECONDS = 300


class SessionListMiddleware(UserSessionsMiddleware):
    """Keeps allauth's list of sessions: at most one write in five minutes, not one at every page."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase
        if (
            SESSION_KEY not in request.session
            or time.time() - request.session.get(LAST_SEEN_KEY, 0) < LAST_SEEN_STEP_SECONDS
        ):
            answer = self.get_response(request)
        else:
            request.session[LAST_SEEN_KEY] = time.time()
            answer = super().__call__(request)
        return answer


class PersonLanguageMiddleware(MiddlewareMixin):
    """The members' area and the accounts follow the person's own language; `/<lang>/` follows its address."""

    def process_request(self, request: HttpRequest) -> None:
        if translation.get_language_from_path(request.path_info):
            return
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language


class AccessMiddleware(MiddlewareMixin):
    """Ends sessions of people without business here, and holds back those without a second factor."""

    def process_request(self, request: HttpRequest) -> None:
        # The backend knows nobody for a session of somebody who has left: it ends now, not someday.
        if SESSION_KEY not in request.session:
            return
        if is_session_expired(request.session):
            logout(request)
        elif not request.user.is_authenticated:
            request.session.flush()

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        person = request.user
        if not isinstance(person, User) or has_second_factor(request.session):
            return None
        if not needs_second_factor(person):
            return None
        match = request.resolver_match
        if match is not None and (
            match.view_name in SECOND_FACTOR_URL_NAMES
            or (match.view_name in SETUP_URL_NAMES and not is_mfa_enabled(person))
        ):
            return None
        if _is_public(request):
            request.user = (
                AnonymousUser()
            )  # the public site tells a half signed-in person no more than anyone
            return None
        return _redirect_to_second_factor(request, person)


def _is_public(request: HttpRequest) -> bool:
    open_paths = (settings.STATIC_URL, settings.MEDIA_URL)
    in_a_language = translation.get_language_from_path(request.path_info)
    return bool(in_a_language) or request.path_info.startswith(open_paths)


def _redirect_to_second_factor(request: HttpRequest, person: User) -> HttpResponseRedirect:
    """To the code if the person has an app, to the passkey if that is all, else to setting one up."""
    if is_mfa_enabled(person, [Authenticator.Type.TOTP]):
        target = reverse("mfa_reauthenticate")
    elif is_mfa_enabled(person, [Authenticator.Type.WEBAUTHN]):
        target = reverse("mfa_reauthenticate_webauthn")
    else:
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    if request.method == "GET":
        target += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(target)


def is_token_url(request: HttpRequest) -> bool:
    """Whether the address is a key: it opens something for whoever has it."""
    match = getattr(request, "resolver_match", None)
    return match is not None and "token" in match.kwargs


class PrivatePagesMiddleware(MiddlewareMixin):
    """Pages of signed-in people, and pages whose address is a key, are never kept by a cache on the way, nor
    by a browser that signs out."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        user = getattr(request, "user", None)
        private = is_token_url(request) or not translation.get_language_from_path(request.path_info)
        if (
            not request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL))
            and (private or (user is not None and user.is_authenticated))
            and not response.has_header("Cache-Control")
        ):
            patch_cache_control(response, no_store=True, private=True)
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.view_name == "account_logout":
            response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
        return response

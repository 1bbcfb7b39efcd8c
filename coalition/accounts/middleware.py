"""Middleware for requests of signed-in people; a visitor's language; message storage."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import get_language_from_request

from coalition.accounts.models import User
from coalition.accounts.sign_in import has_second_factor, is_session_expired, needs_second_factor

# All that a person without a verified factor may reach: verifying it, signing out, the language.
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

# And enrolment, for a person without any: else whoever knows the password could enrol their own.
SETUP_URL_NAMES = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})

CLEAR_SITE_DATA = '"cache", "storage"'  # phones are seized
LAST_SEEN_KEY = "seen_at"  # session: last use recorded in the session list, in seconds since 1970
LAST_SEEN_STEP_SECONDS = 300


class SessionListMiddleware(UserSessionsMiddleware):
    """Maintains allauth's session list with at most one write in five minutes, not one per page."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        since = time.time() - request.session.get(LAST_SEEN_KEY, 0)
        if SESSION_KEY not in request.session or since < LAST_SEEN_STEP_SECONDS:
            answer: HttpResponseBase = self.get_response(request)
            return answer
        request.session[LAST_SEEN_KEY] = time.time()
        return super().__call__(request)


class PersonLanguageMiddleware(MiddlewareMixin):
    """Activates the person's language in the member and account pages; `/<lang>/` uses the URL's."""

    def process_request(self, request: HttpRequest) -> None:
        if translation.get_language_from_path(request.path_info):
            return
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language


class AccessMiddleware(MiddlewareMixin):
    """Ends sessions of people without access, and blocks those without a verified second factor."""

    def process_request(self, request: HttpRequest) -> None:
        # The backend returns no user for a session of somebody who lost access: end it now.
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
            request.user = AnonymousUser()  # the public site treats a half signed-in person as anonymous
            return None
        return _redirect_to_second_factor(request, person)


def _is_public(request: HttpRequest) -> bool:
    open_paths = (settings.STATIC_URL, settings.MEDIA_URL)
    in_a_language = translation.get_language_from_path(request.path_info)
    return bool(in_a_language) or request.path_info.startswith(open_paths)


def _redirect_to_second_factor(request: HttpRequest, person: User) -> HttpResponseRedirect:
    """Redirect to the code if the person has an app, else to the passkey if any, else to enrolment."""
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
    """Whether the URL contains a token that grants access to its holder."""
    match = getattr(request, "resolver_match", None)
    return match is not None and "token" in match.kwargs


class PrivatePagesMiddleware(MiddlewareMixin):
    """Prevents caching, by proxies and by signed-out browsers, of pages of signed-in people and pages
    with a token in the URL."""

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


# For the Vary header of the response.
VARIES_BY = ("Accept-Language", "Cookie")


def reading_language(request: HttpRequest) -> str:
    """Return the person's language, else the browser's, else Kazakh."""
    user = request.user
    return user.language if user.is_authenticated else get_language_from_request(request)


class HostCookie(CookieStorage):
    """Production's cookie: browsers accept the name over https only. deploy/nginx.conf uses it too."""

    cookie_name = "__Host-messages"


class WaitingMessages(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)

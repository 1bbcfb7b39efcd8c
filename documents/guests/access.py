"""The door of a guest link: whether it counts, whether the button was pressed in this browser, what it says
to everyone else. What does not count is like what never was, whatever the reason."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, override

from coalition.core.clock import now
from documents.canonical.serialise import CanonicalError
from documents.drafts.token_links import NoSuchLink, TooOften
from documents.drafts.token_pages import REFERRER_POLICY, STAYS_OPEN
from documents.guests.models import GuestLink
from documents.guests.presenters import Shown, shown_in
from documents.guests.queries import link_of_token

type View = Callable[..., HttpResponseBase]

OPENED = "guest_links"  # session: UUID of a link → when its button was pressed in this browser


def guest_page(view: View) -> View:
    """A page for who holds a link: in the guest's language, kept by no cache, told to no other site."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            found = counting(token)
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
            language = get_language() if chosen else found.language
            with override(language):
                response = view(request, token, **kwargs)
        except (NoSuchLink, Http404):
            language = get_language()
            response = render(request, "documents/guests/nothing.html", status=404)
        except TooOften:
            language = get_language()
            response = render(request, "documents/guests/too_often.html", status=429)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = REFERRER_POLICY
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Content-Language"] = language or ""
        return response

    return guarded


def opened(view: View) -> View:
    """A page behind the button, called with the link, its token and the language; others lead to the button.

    Use inside of `guest_page`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, language: str, **kwargs: Any) -> HttpResponseBase:
        link = counting(token)
        if not is_open(request, link):
            return redirect("guest", token)
        return view(request, link, token, language, **kwargs)

    return guarded


def counting(token: str) -> GuestLink:
    """The link of a token. Raises NoSuchLink."""
    found = link_of_token(token)
    if found is None:
        raise NoSuchLink
    return found


def words_shown(link: GuestLink, language: str) -> Shown:
    """The words of a language that the link opens. Raises Http404."""
    try:
        return shown_in(link, language)
    except CanonicalError as error:
        raise Http404 from error


def remember(request: HttpRequest, link: GuestLink) -> None:
    """The button was pressed in this browser."""
    pressed = dict(request.session.get(OPENED, {}))
    pressed[str(link.uuid)] = now().isoformat()
    request.session[OPENED] = pressed
    if not request.user.is_authenticated:
        request.session.set_expiry(int(STAYS_OPEN.total_seconds()))


def is_open(request: HttpRequest, link: GuestLink) -> bool:
    """Whether the button was pressed in this browser, not too long ago and after the link was made."""
    at = parse_datetime(request.session.get(OPENED, {}).get(str(link.uuid), ""))
    return at is not None and max(link.made_at, now() - STAYS_OPEN) <= at

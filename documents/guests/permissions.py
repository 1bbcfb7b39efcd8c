"""Who may invite guests and learn what they wrote."""

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
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.canonical.serialise import CanonicalError
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS, has_active_right, may_see_guests
from documents.drafts.token_links import OPENED_LINK_LIFETIME, REFERRER_POLICY, GuestLinkOverused, NoSuchLink
from documents.guests.models import GuestLink
from documents.guests.presenters import GuestText, guest_text_in
from documents.guests.queries import link_of_token


def may_see_guest_comments(access: Access) -> bool:
    """Whether the person may learn that a guest commented, and when: readers of the thread. For all
    others a narrower thread does not exist, whatever else they see of the guest."""
    return access.may(Right.MANAGE)


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Make a guest link under the mark that the draft has (`GUESTS`)."""
    asked = GUEST_LINK_REQUIREMENTS[Handling(draft.handling)]
    may = asked is not None and draft.archived_at is None and has_active_right(access, asked.right)
    return may and may_see_guests(access, draft)


# --- access ---
# Access check of a guest link: validity, confirmation in this browser, response for everyone else.
# An invalid link and an unknown one get the same response.


type GuestView = Callable[..., HttpResponseBase]

OPENED_LINKS_SESSION_KEY = "guest_links"  # session: UUID of a link → time of its confirmation in this browser


def guest_page(view: GuestView) -> GuestView:
    """Decorate a page for a link's holder: guest's language, not cached, URL not sent elsewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            found = require_guest_link(token)
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
            language = get_language() if chosen else found.language
            with override(language):
                response = view(request, token, **kwargs)
        except (NoSuchLink, Http404):
            language = get_language()
            response = render(request, "documents/guests/nothing.html", status=404)
        except GuestLinkOverused:
            language = get_language()
            response = render(request, "documents/guests/too_often.html", status=429)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = REFERRER_POLICY
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Content-Language"] = language or ""
        return response

    return guarded


def opened_link_required(view: GuestView) -> GuestView:
    """Decorate a page that requires confirmation; it gets link, token and language. Others are
    redirected to the button.

    Use inside of `guest_page`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, language: str, **kwargs: Any) -> HttpResponseBase:
        link = require_guest_link(token)
        if not is_link_opened(request, link):
            return redirect("guest", token)
        return view(request, link, token, language, **kwargs)

    return guarded


def require_guest_link(token: str) -> GuestLink:
    """Return the valid link of a token. Raises NoSuchLink."""
    found = link_of_token(token)
    if found is None:
        raise NoSuchLink
    return found


def guest_text_or_404(link: GuestLink, language: str) -> GuestText:
    """Return the words of a language that the link opens. Raises Http404."""
    try:
        return guest_text_in(link, language)
    except CanonicalError as error:
        raise Http404 from error


def remember_opened_link(request: HttpRequest, link: GuestLink) -> None:
    """Record the confirmation in this browser's session."""
    pressed = dict(request.session.get(OPENED_LINKS_SESSION_KEY, {}))
    pressed[str(link.uuid)] = now().isoformat()
    request.session[OPENED_LINKS_SESSION_KEY] = pressed
    if not request.user.is_authenticated:
        request.session.set_expiry(int(OPENED_LINK_LIFETIME.total_seconds()))


def is_link_opened(request: HttpRequest, link: GuestLink) -> bool:
    """Whether the link was confirmed in this browser, not too long ago and after its creation."""
    at = parse_datetime(request.session.get(OPENED_LINKS_SESSION_KEY, {}).get(str(link.uuid), ""))
    return at is not None and max(link.made_at, now() - OPENED_LINK_LIFETIME) <= at

"""Rights about guest links, and access to the pages behind them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.canonical.form import CanonicalError
from documents.drafts.access import NoSuchLink, is_opened, token_page
from documents.drafts.models import Draft, GuestAct, Handling
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS, has_active_right, may_see_guests
from documents.guests.models import GuestLink
from documents.guests.presenters import GuestText, guest_text_in
from documents.guests.queries import link_of_token


def visible_guest_acts(access: Access) -> list[GuestAct]:
    """Return the acts listed to a person who sees the guests of a draft. That a guest commented, and when, is
    for readers of the thread: for all others it does not exist."""
    return [act for act in GuestAct if act != GuestAct.COMMENTED or access.may(Right.MANAGE)]


def may_invite_guests(access: Access, draft: Draft) -> bool:
    """Whether the person may make a guest link under the draft's mark (`GUEST_LINK_REQUIREMENTS`)."""
    required = GUEST_LINK_REQUIREMENTS[Handling(draft.handling)]
    may = required is not None and draft.archived_at is None and has_active_right(access, required.right)
    return may and may_see_guests(access, draft)


# An invalid link and an unknown one get the same response.
type GuestView = Callable[..., HttpResponseBase]

OPENED_LINKS_SESSION_KEY = "guest_links"  # session: UUID of a link → time of its confirmation in this browser


def _language_of(token: str) -> str | None:
    link = link_of_token(token)
    return link.language if link else None


guest_page = token_page(_language_of, nothing="documents/guests/nothing.html")


def opened_link_required(view: GuestView) -> GuestView:
    """Make a guest page that requires confirmation, called with link, token and language. It redirects others
    to the button."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, language: str, **kwargs: Any) -> HttpResponseBase:
        link = require_guest_link(token)
        if not is_link_opened(request, link):
            return redirect("guest", token)
        return view(request, link, token, language, **kwargs)

    return guest_page(guarded)


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


def is_link_opened(request: HttpRequest, link: GuestLink) -> bool:
    """Whether the link was confirmed in this browser, not too long ago and after its creation."""
    return is_opened(request, OPENED_LINKS_SESSION_KEY, link.uuid, since=link.made_at)

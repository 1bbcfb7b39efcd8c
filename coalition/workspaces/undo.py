"""Undo instead of "are you sure": the page after an action offers to undo it once."""

from django.http import HttpRequest

UNDO_KEY = "undo"


def offer_undo(request: HttpRequest, *, text: str, url: str) -> None:
    """Display on the next page what was done, and the URL to which a POST undoes it."""
    request.session[UNDO_KEY] = {"text": text, "url": url}


def pop_undo(request: HttpRequest) -> dict[str, str] | None:
    """Return the previous page's offer; only once."""
    if not request.user.is_authenticated:
        return None
    offer: dict[str, str] | None = request.session.pop(UNDO_KEY, None)
    return offer

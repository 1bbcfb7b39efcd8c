"""Undo instead of "are you sure": the page after an action offers the way back once."""

from django.http import HttpRequest

UNDO_KEY = "undo"


def offer_undo(request: HttpRequest, *, text: str, url: str) -> None:
    """Say what was done, and the address that a POST undoes it at, on the next page."""
    request.session[UNDO_KEY] = {"text": text, "url": url}


def pop_undo(request: HttpRequest) -> dict[str, str] | None:
    """What the page before offered; only once."""
    if not request.user.is_authenticated:
        return None
    offer: dict[str, str] | None = request.session.pop(UNDO_KEY, None)
    return offer

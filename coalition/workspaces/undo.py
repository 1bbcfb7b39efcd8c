"""Undo instead of "are you sure": the page after an action offers the way back once."""

from django.http import HttpRequest

KEY = "undo"


def offer(request: HttpRequest, *, text: str, url: str) -> None:
    """Say what was done, and the address that a POST undoes it at, on the next page."""
    request.session[KEY] = {"text": text, "url": url}


def offered(request: HttpRequest) -> dict[str, str] | None:
    """What the page before offered; only once."""
    if not request.user.is_authenticated:
        return None
    offer: dict[str, str] | None = request.session.pop(KEY, None)
    return offer
